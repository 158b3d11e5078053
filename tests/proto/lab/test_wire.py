# SPDX-License-Identifier: BSD-3-Clause
"""What parameters do to the messages of a phone (sip-behaviour.md 1), read on the wire."""
import re
import time

from peers import check, main, wait_for
from wire import Wire

BLOCK = 99


def packages_that_are_on_are_told():
    for model, values, wanted in (
            ("SPA504G", {}, ""),
            ("SPA504G", {"Hold_Package": "Yes", "Talk_Package": "Yes"}, "talk, hold"),
            ("SPA504G", {"CTI_Enable": "Yes"}, "x-spa-cti"),
            ("6841", {"Hold_Package": "Yes", "Talk_Package": "Yes"}, "hold,talk")):
        with Wire(BLOCK) as wire, wire.farm(model=model, **values) as farm:
            said = [wire.registers[-1]]
            wire.request("INVITE", body=wire.sdp())
            said.append(wire.expect(180))
            farm.call("answer", phones="1")
            said.append(wire.expect(200))
            wire.request("ACK", cseq=1, dialog=said[-1])
            farm.call("hangup", phones="1")
            wire.answer(wire.expect("BYE"), "200 OK")
            said.append(wire.call_out(farm))
            for message in said:
                check(f"{model} {values}: Allow-Events of {message.start}",
                      message.get("Allow-Events") == wanted, message.text)
            names = said[0].names()
            check("it stands ahead of Content-Length", not wanted or
                  names.index("Allow-Events") + 1 == names.index("Content-Length"), names)


def texts_of_the_administrator_are_in_requests():
    with Wire(BLOCK) as wire, wire.farm("--set", "SIP_Proxy-Require_1_=com.nat",
                                        SIP_Accept_Language="de, en") as farm:
        register = wire.registers[-1]
        invite = wire.call_out(farm)
        ack = wire.ack
        farm.call("hangup", phones="1")
        bye = wire.expect("BYE")
        for message in (register, invite, bye):
            check("Proxy-Require", message.get("Proxy-Require") == "com.nat", message.text)
            check("Accept-Language", message.get("Accept-Language") == "de, en", message.text)
        check("ACK has neither", "Proxy-Require" not in ack.text and
              "Accept-Language" not in ack.text, ack.text)



def consulted(wire, farm, conference=False):
    """300 is held and 400 answers, to which 300 is to be transferred: the INVITE of either."""
    first, second = wire.call_out(farm), None
    if conference:
        farm.call("press", phones="1", keys=["soft3", "4", "0", "0", "soft1"])
    else:
        farm.call("transfer", phones="1", number="400", attended=True)
    for _ in range(2):  # the hold and the call, in either order
        invite = wire.expect("INVITE")
        wire.take(invite, tag="target" if ":400@" in invite.start else "peer")
        second = invite if ":400@" in invite.start else second
    return first, second


def the_target_is_held_before_the_refer():
    with Wire(BLOCK) as wire, wire.farm(Hold_Target_Before_REFER="Yes") as farm:
        _, second = consulted(wire, farm)
        hold = wire.expect(["INVITE", "REFER"])
        check("the consultation is held first", hold.method == "INVITE" and
              hold.get("Call-ID") == second.get("Call-ID") and "a=sendonly" in hold.body, hold.text)
        check("no REFER ahead of its answer", not wire.maybe("REFER", 0.3))
        wire.take(hold, tag="target")
        refer = wire.expect("REFER")
        check("then it is referred to", "?Replaces=" in refer.get("Refer-To"), refer.text)


def an_attended_transfer_may_be_made_a_blind_one():
    with Wire(BLOCK) as wire, wire.farm("--set", "Blind_Attn-Xfer_Enable_1_=Yes") as farm:
        first, second = consulted(wire, farm)
        bye = wire.expect(["BYE", "REFER"])
        check("the consultation is dropped", bye.method == "BYE" and
              bye.get("Call-ID") == second.get("Call-ID"), bye.text)
        wire.answer(bye, "200 OK")
        refer = wire.expect("REFER")
        check("it is the other one's", refer.get("Call-ID") == first.get("Call-ID"), refer.text)
        check("nothing is replaced", refer.get("Refer-To") == f"<sip:400@{wire.addr}>", refer.text)


def transferred(wire, farm):
    """The peer transfers the phone to 400, which answers. Seconds until the BYE."""
    dialog = wire.call_in(farm)
    wire.request("REFER", f"Refer-To: <sip:400@{wire.addr}>\r\n", dialog=dialog, cseq=90)
    wire.expect(202)
    wire.take(wire.expect("INVITE"), tag="target")
    began = time.monotonic()
    bye = wire.expect("BYE")
    check("the call of before ends", bye.get("Call-ID") == dialog.get("Call-ID"), bye.text)
    return time.monotonic() - began


def who_is_transferred_waits_with_its_bye():
    with Wire(BLOCK) as wire, wire.farm() as farm:
        check("not at all by default", transferred(wire, farm) < 1)
    with Wire(BLOCK) as wire, wire.farm(Referee_Bye_Delay_1_="2") as farm:
        took = transferred(wire, farm)
        check("Referee Bye Delay", 1.8 < took < 6, took)


def a_conference_is_told_and_can_be_asked_for():
    with Wire(BLOCK) as wire, wire.farm(Notify_Conference="Yes", Conference_Package="Yes") as farm:
        _, second = consulted(wire, farm, conference=True)
        farm.call("wait", phones="1", cond="connected", timeout=5)
        dialog = wire.dialog_of(second, "target")
        wire.request("NOTIFY", "Event: conference\r\n", dialog=dialog, cseq=90)
        seen = {}
        while len(seen) < 3:
            message = wire.expect([200, "NOTIFY", "INVITE"])
            seen[message.code or message.method] = message
            if message.method == "INVITE":
                wire.take(message)
            elif message.method:
                wire.answer(message, "200 OK")
        check("the held one is taken back", "a=sendrecv" in seen["INVITE"].body)
        check("the new party is told", seen["NOTIFY"].get("Event") == "conference" and
              seen["NOTIFY"].get("Call-ID") == second.get("Call-ID"), seen["NOTIFY"].text)
        wait_for("both are up", lambda: [c["state"] for c in farm.line()["calls"]] ==
                 ["connected"] * 2)



def a_display_name_is_quoted_and_escaped_wherever_it_stands():
    quoted = r'"Jo \"X\" \\ Doe" <sip:1001@'
    with Wire(BLOCK) as wire, wire.farm(Display_Name_1_=r'Jo "X" \ Doe') as farm:
        invite = wire.call_out(farm)
        farm.call("hangup", phones="1")
        wire.answer(wire.expect("BYE"), "200 OK")
        for header in ("From", "Contact", "Remote-Party-ID"):
            check(header, invite.get(header).startswith(quoted), invite.text)
        farm.call("set", phones="1", values=["Cfwd_All_Dest=555"])
        wire.request("INVITE", body=wire.sdp())
        moved = wire.expect(302)
        check("Diversion", moved.get("Diversion").startswith(quoted), moved.text)



def who_asks_for_privacy_is_not_shown():
    paid = 'P-Asserted-Identity: "Boss" <sip:2001@example.com>\r\n'
    for value, extra, number in (
            ("No", paid, "2001"), ("No", paid + "Privacy: none\r\n", "2001"),
            ("No", paid + "Privacy: id\r\n", "anonymous"),
            ("No", 'Remote-Party-ID: "Boss" <sip:2001@h>;party=calling;privacy=full\r\n',
             "anonymous"),
            ("Yes", paid + "Privacy: id\r\n", "2001")):
        with Wire(BLOCK) as wire, wire.farm(Display_Anonymous_From_Header=value) as farm:
            wire.call_in(farm, extra)
            state = farm.state()
            check(f"{value} {extra}", state["lines"][0]["calls"][0]["peer"] == number, state)
            rows = " ".join(state["screen"]["rows"])
            check("the screen says so", ("Boss" in rows) == (number == "2001") and
                  ("Anonymous" in rows) == (number != "2001"), rows)



def a_call_that_ends_tells_its_statistics():
    stat = r"PS=\d+,OS=\d+,PR=\d+,OR=\d+,PL=\d+,JI=\d+,LA=\d+,DU=\d+,EN=G711u,DE=G711u$"
    for value, wanted in (("No", "$"), ("Yes", stat)):
        with Wire(BLOCK) as wire, wire.farm(Stats_In_BYE=value) as farm:
            wire.call_in(farm)
            farm.call("hangup", phones="1")
            bye = wire.expect("BYE")
            wire.answer(bye, "200 OK")
            dialog = wire.call_in(farm)
            wire.request("BYE", dialog=dialog, cseq=90)
            for message in (bye, wire.expect(200)):
                check(f"{value}: P-RTP-Stat of {message.start}",
                      re.match(wanted, message.get("P-RTP-Stat")), message.text)


def a_body_that_is_packed_is_refused():
    with Wire(BLOCK) as wire, wire.farm():
        wire.request("INVITE", "Content-Encoding: gzip\r\n", "xxxx")
        refusal = wire.expect([180, 415, 488])
        check("it says what would do", refusal.code == 415 and
              refusal.get("Accept-Encoding") == "identity", refusal.text)
        wire.request("NOTIFY", "Event: keep-alive\r\nContent-Encoding: gzip\r\n", "xxxx")
        check("an event that needs no body does not mind", wire.expect([200, 415]).code == 200)


def only_a_6800_gives_session_id_back():
    for model, wanted in (("6841", "abcd;remote=00"), ("SPA504G", "")):
        with Wire(BLOCK) as wire, wire.farm(model=model):
            wire.request("OPTIONS", "Session-ID: abcd;remote=00\r\n")
            check(f"Session-ID of a {model}", wire.expect(200).get("Session-ID") == wanted)


def a_7960_rings_three_minutes():
    with Wire(BLOCK) as wire, wire.farm(model="7960") as farm:
        invite = wire.call_out(farm)
        check("timer_invite_expires", invite.get("Expires") == "180", invite.text)



def a_text_message_is_shown_where_it_is_wanted():
    for model, values, code in (("SPA504G", {}, 200), ("SPA504G", {"Text_Message": "No"}, 405),
                                ("6841", {}, 405)):
        with Wire(BLOCK) as wire, wire.farm(model=model, **values) as farm:
            wire.request("MESSAGE", body="Lunch & <tea>?", type="text/plain")
            answer = wire.expect([200, 405])
            check(f"{model} {values}", answer.code == code, answer.text)
            if code == 200:
                wait_for("it is on the screen", lambda: "Lunch & <tea>?" in
                         " ".join(farm.state()["screen"]["rows"]))
                wire.request("MESSAGE", body="<b/>", type="text/html")
                check("plain text only", wire.expect([200, 415]).get("Accept") == "text/plain")



def a_6800_has_headers_of_its_own():
    more = ("--set", "P-Early-Media_Support_1_=Yes", "--set", "Privacy_Header_1_=id", "--set",
            "Precondition_Support_1_=Enabled", "--set", "SIP_100REL_Enable_1_=Yes")
    for options, wanted in (((), ("", "", "replaces")),
                            (more, ("id", "supported", "100rel, precondition, replaces"))):
        with Wire(BLOCK) as wire, wire.farm(*options, model="6841") as farm:
            invite = wire.call_out(farm)
            got = tuple(invite.get(n) for n in ("Privacy", "P-Early-Media", "Supported"))
            check(f"its INVITE with {options}", got == wanted, invite.text)



def a_7960_acknowledges_in_its_own_order():
    with Wire(BLOCK) as wire, wire.farm(model="7960") as farm:
        wire.call_out(farm)
        order = ["Via", "From", "To", "Call-ID", "Max-Forwards", "CSeq", "User-Agent"]
        check("a 200", wire.ack.names() == order + ["Remote-Party-ID", "Content-Length"],
              wire.ack.text)
        farm.call("hangup", phones="1")
        wire.answer(wire.expect("BYE"), "200 OK")
        farm.call("dial", phones="1", number="300")
        wire.answer(wire.expect("INVITE"), "486 Busy Here")
        ack = wire.expect("ACK")
        check("a refusal", ack.names() == order + ["Content-Length"], ack.text)


main([packages_that_are_on_are_told, texts_of_the_administrator_are_in_requests,
      the_target_is_held_before_the_refer, an_attended_transfer_may_be_made_a_blind_one,
      who_is_transferred_waits_with_its_bye, a_conference_is_told_and_can_be_asked_for,
      a_display_name_is_quoted_and_escaped_wherever_it_stands,
      who_asks_for_privacy_is_not_shown, a_call_that_ends_tells_its_statistics,
      a_body_that_is_packed_is_refused, only_a_6800_gives_session_id_back,
      a_7960_rings_three_minutes, a_text_message_is_shown_where_it_is_wanted,
      a_6800_has_headers_of_its_own, a_7960_acknowledges_in_its_own_order])
