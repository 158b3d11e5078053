# SPDX-License-Identifier: BSD-3-Clause
"""NOTIFY to a phone (sip-behaviour.md 3), sent by SIPp; pages come from nginx."""
import os
import sys

from peers import Farm, Nginx, check, main, scratch, wait_for

sys.path.insert(0, os.path.dirname(__file__))
from notify import CHALLENGE, STALE, play, recv, send  # noqa: E402

PAGE = "<CiscoIPPhoneText><Title>News</Title><Text>Hello</Text></CiscoIPPhoneText>"
USER, PASSWORD = "1001", "pw-1001"


def web(block):
    folder = scratch()
    with open(os.path.join(folder, "page.xml"), "w") as f:
        f.write(PAGE)
    return Nginx(f"127.54.255.{block}", folder)


def phone(block, *options):
    farm = Farm("--count", "1", "--addr", f"127.54.{block}.0/24", "--no-provision", *options)
    farm.call("wait", phones="1", cond="registered", timeout=20)
    return farm


def fetched(server, path):
    return [r for r in server.requests() if path in r]


def the_page_is_fetched_after_a_right_password():
    url = "http://127.54.255.1:8080/page.xml"
    with web(1) as server, phone(1) as farm:
        play("127.54.1.1", USER, "127.54.254.1",
             send("XML-Service", url), recv(401, *CHALLENGE, keep=True),
             send("XML-Service", url, USER, PASSWORD), recv(200))
        wait_for("a GET at the URL", lambda: fetched(server, "/page.xml"), 1)
        check("it names the phone", "Cisco/SPA504G-" in fetched(server, "/page.xml")[0],
              server.requests())
        report = farm.report()
        check("the report counts both",
              report["notify"] == {"received": 2, "challenged": 1, "accepted": 1, "refused": 0},
              report["notify"])


def a_wrong_password_fetches_nothing():
    url = "http://127.54.255.2:8080/page.xml"
    with web(2) as server, phone(2):
        play("127.54.2.1", USER, "127.54.254.2",
             send("XML-Service", url), recv(401, *CHALLENGE, keep=True),
             send("XML-Service", url, USER, "guess"), recv(401, *CHALLENGE),
             send("XML-Service", url, "1002", PASSWORD), recv(401, *CHALLENGE))
        check("nothing was fetched", not server.requests(), server.requests())


def a_replay_is_stale():
    url = "http://127.54.255.3:8080/page.xml"
    with web(3) as server, phone(3):
        proof = play("127.54.3.1", USER, "127.54.254.3",
                     send("XML-Service", url), recv(401, *CHALLENGE, keep=True),
                     send("XML-Service", url, USER, PASSWORD), recv(200))[-1]
        wait_for("one GET", lambda: fetched(server, "/page.xml"), 1)
        play("127.54.3.1", USER, "127.54.254.3",
             send("XML-Service", url, credentials=proof), recv(401, *STALE, keep=True),
             send("XML-Service", url + "?2", USER, PASSWORD), recv(200),
             send("XML-Service", url + "?3", USER, PASSWORD), recv(200))
        wait_for("SIPp counts nc up: the third page came", lambda: fetched(server, "?3"), 1)
        check("and no page by the replay", len(fetched(server, "/page.xml ")) == 1,
              server.requests())


def an_old_nonce_is_stale():
    url = "http://127.54.255.4:8080/page.xml"
    others = [step for _ in range(8) for step in (send("resync"), recv(401, *CHALLENGE))]
    with web(4) as server, phone(4):
        play("127.54.4.1", USER, "127.54.254.4",
             send("XML-Service", url), recv(401, *CHALLENGE, keep=True), *others,
             send("XML-Service", url, USER, PASSWORD), recv(401, *STALE, keep=True),
             send("XML-Service", url, USER, PASSWORD), recv(200))
        wait_for("the page came", lambda: fetched(server, "/page.xml"), 1)


def without_qop_a_nonce_is_good_once():
    url = "http://127.54.255.5:8080/page.xml"
    plain = ("WWW-Authenticate:", 'Digest realm=.127.54.5.1., nonce=.[0-9a-f]{8}., algorithm=md5$')
    stale = ("WWW-Authenticate:", 'algorithm=md5, stale=true')
    with web(5) as server, phone(5, "--set", "Sim_Notify_Qop=No", "--set", "Sim_Notify_Realm=ip",
                                 "--set", "Sim_Notify_Nonce_Digits=8"):
        proof = play("127.54.5.1", USER, "127.54.254.5",
                     send("XML-Service", url), recv(401, *plain, keep=True),
                     send("XML-Service", url, USER, PASSWORD), recv(200))[-1]
        check("the RFC 2069 form has no count", "nc=" not in proof, proof)
        play("127.54.5.1", USER, "127.54.254.5",
             send("XML-Service", url, credentials=proof), recv(401, *stale))
        wait_for("one GET", lambda: fetched(server, "/page.xml"), 1)


def a_url_with_a_line_end_is_accepted_and_not_fetched():
    url = "http://127.54.255.6:8080/page.xml"
    with web(6) as server, phone(6, "--set", "Auth_Resync-Reboot_1_=No") as farm:
        play("127.54.6.1", USER, "127.54.254.6",
             send("XML-Service", url + "\r\n"), recv(200),
             send("XML-Service", url + "\n"), recv(200),
             send("XML-Service"), recv(400))
        check("nothing was fetched", not server.requests(), server.requests())
        said = [e["text"] for e in farm.call("events") if e["ev"] == "error"]
        check("events say why",
              said == ["NOTIFY XML-Service: a line end behind the URL: nothing is shown"] * 2, said)
        play("127.54.6.1", USER, "127.54.254.6", send("xml-service", url), recv(200))
        wait_for("the bare one is", lambda: fetched(server, "/page.xml"), 1)
        farm.call("set", phones="1", values=["Sim_XML_Service_Trim=Yes"])
        play("127.54.6.1", USER, "127.54.254.6", send("XML-Service", url + "?3\r\n"), recv(200))
        wait_for("a lenient phone takes it", lambda: fetched(server, "/page.xml?3"), 1)


def an_xml_body_is_for_old_firmware():
    url = "http://127.54.255.7:8080/{}.xml"
    body = ('<CiscoIPPhoneExecute><ExecuteItem Priority="0" URL="' + url +
            '"/></CiscoIPPhoneExecute>')
    cases = (("old", "7.4.3", ()), ("new", "7.5.5", ()),
             ("forced", "7.5.5", ("--set", "Sim_XML_Service_Body=both")))
    with web(7) as server:
        for i, (name, firmware, options) in enumerate(cases):
            with phone(70 + i, "--firmware", firmware, "--set", "Auth_Resync-Reboot_1_=No",
                       *options):
                play(f"127.54.{70 + i}.1", USER, "127.54.254.7",
                     send("XML-Service", body.format(name), content_type="text/xml"), recv(200))
                if name != "new":
                    wait_for(f"{name} runs the object", lambda: fetched(server, f"/{name}.xml"), 2)
        check("7.5.5 ignores it", not fetched(server, "/new.xml"), server.requests())


def an_xml_body_with_errors_is_an_error_on_the_display():
    with phone(14, "--firmware", "7.4.3", "--set", "Auth_Resync-Reboot_1_=No") as farm:
        play("127.54.14.1", USER, "127.54.254.14", send("XML-Service", "<words"), recv(200))
        wait_for("it reads so", lambda: "Parse" in str(farm.call("screen", phones="1")), 2)


def resync_and_restart_follow_the_answer():
    with Farm("--count", "1", "--addr", "127.54.8.0/24") as farm:
        farm.call("wait", phones="1", cond="registered", timeout=20)
        resyncs = farm.state()["counters"]["resyncs"]
        play("127.54.8.1", USER, "127.54.254.8", send("resync"), recv(401, *CHALLENGE, keep=True),
             send("resync", "", USER, PASSWORD, "application/simple-message-summary"), recv(200))
        wait_for("it resyncs", lambda: farm.state()["counters"]["resyncs"] == resyncs + 1)
        for event in ("check-sync;reboot=true", "reboot", "restart_now", "reboot=true"):
            before = farm.call("stats")["register"]["ok"]
            play("127.54.8.1", USER, "127.54.254.8", send(event),
                 recv(401, *CHALLENGE, keep=True), send(event, "", USER, PASSWORD), recv(200))
            wait_for(f"it comes back after {event}",
                     lambda: farm.call("stats")["register"]["ok"] > before and
                     farm.line()["registered"])


def what_is_not_served_is_refused():
    with phone(9) as farm:
        play("127.54.9.1", USER, "127.54.254.9", send("keep-alive"), recv(200))
        for event in ("talk", "hold", "conference", "x-spa-cti", "service-control", "nonsense"):
            play("127.54.9.1", USER, "127.54.254.9",
                 send(event), recv(489, "Allow-Events:", "message-summary"))
        for event in ("dialog", "call-info", "line-seize", "as-feature-event"):
            play("127.54.9.1", USER, "127.54.254.9", send(event), recv(481))
        play("127.54.9.1", USER, "127.54.254.9", send(None), recv(400))
        farm.call("set", phones="1", values=["Resync_From_SIP=No"])
        play("127.54.9.1", USER, "127.54.254.9", send("resync"), recv(489))
        farm.call("set", phones="1", values=["Talk_Package=Yes"])
        play("127.54.9.1", USER, "127.54.254.9", send("talk"), recv(481))
        play("127.54.9.1", USER, "127.54.254.9",
             send("nonsense"), recv(489, "Allow-Events:", "talk, message-summary"))


def messages_light_the_lamp():
    summary = "Messages-Waiting: {}\r\nVoice-Message: {}/8 (0/2)\r\n"
    kind = "application/simple-message-summary"
    with phone(13) as farm:
        lamp = lambda: farm.state()["lamps"]["message"]["color"]
        check("it is dark at first", lamp() == "off")
        play("127.54.13.1", USER, "127.54.254.13",
             send("message-summary", summary.format("yes", 2), content_type=kind), recv(200))
        wait_for("it is red", lambda: lamp() == "red", 2)
        check("the state says so", farm.state()["message_waiting"] is True)
        told = [e for e in farm.call("events") if e["ev"] == "mwi"]
        check("so does an event", [(e["line"], e["waiting"], e["new"]) for e in told] ==
              [(1, True, 2)], told)
        play("127.54.13.1", USER, "127.54.254.13",
             send("message-summary", "nothing of use", content_type=kind), recv(400),
             send("message-summary", "x", content_type="text/html"), recv(415))
        check("nonsense leaves it alone", lamp() == "red")
        play("127.54.13.1", USER, "127.54.254.13",
             send("message-summary", summary.format("no", 0), content_type=kind), recv(200))
        wait_for("it is dark again", lambda: lamp() == "off", 2)


def chosen_defaults_can_be_chosen_otherwise():
    with phone(10, "--set", "Sim_Notify_Wrong_Password_Code=403"):
        play("127.54.10.1", USER, "127.54.254.10",
             send("resync"), recv(401, *CHALLENGE, keep=True),
             send("resync", "", USER, "guess"), recv(403))
    with phone(11, "--set", "Auth_Resync-Reboot_1_=No", "--set",
               "Sim_XML_Service_Always_Challenge=Yes", "--set",
               "Sim_XML_Service_Bad_Body_Code=400", "--set", "Sim_Notify_Realm=example.org"):
        play("127.54.11.1", USER, "127.54.254.11",
             send("XML-Service", "no URL"), recv(401, "WWW-Authenticate:", "realm=.example.org.",
                                                 keep=True),
             send("XML-Service", "no URL", USER, PASSWORD), recv(400),
             send("resync"), recv(200))  # its profile may begin the line anew
    with phone(12, "--password", ""):
        play("127.54.12.1", USER, "127.54.254.12", send("resync"), recv(200))


main([the_page_is_fetched_after_a_right_password, a_wrong_password_fetches_nothing,
      a_replay_is_stale, an_old_nonce_is_stale, without_qop_a_nonce_is_good_once,
      a_url_with_a_line_end_is_accepted_and_not_fetched, an_xml_body_is_for_old_firmware,
      an_xml_body_with_errors_is_an_error_on_the_display,
      resync_and_restart_follow_the_answer, messages_light_the_lamp, what_is_not_served_is_refused,
      chosen_defaults_can_be_chosen_otherwise])
