# SPDX-License-Identifier: BSD-3-Clause
"""Do-not-disturb and forwarding that phone and server keep in step, messages waiting, and
subscriptions that move to the alternate server (sip-behaviour.md 10, 3.5, 2.8)."""
import re

from peers import Farm, check, main, wait_for
from pbx import Pbx

EVENT = "application/x-as-feature-event+xml"
SUMMARY = "application/simple-message-summary"
NS = 'xmlns="http://www.ecma-international.org/standards/ecma-323/csta/ed3"'


def dnd_event(on):
    return (f'<?xml version="1.0"?><DoNotDisturbEvent {NS}><device>1001</device>'
            f'<doNotDisturbOn>{on}</doNotDisturbOn></DoNotDisturbEvent>')


def forward_event(kind, on, to=""):
    return (f'<?xml version="1.0"?><ForwardingEvent {NS}><device>1001</device>'
            f'<forwardingType>{kind}</forwardingType><forwardStatus>{on}</forwardStatus>'
            f'<forwardTo>{to}</forwardTo></ForwardingEvent>')


def phone(block, *sets, registrar=None):
    options = []
    for each in sets:
        options += ["--set", each]
    return Farm("--count", "1", "--addr", f"127.59.{block}.0/24", "--registrar",
                registrar or f"127.59.255.{block}", *options)


def value(farm, name):
    return farm.call("get", phones="1", names=[name])


def is_set(farm, name, wanted):
    text = str(value(farm, name))
    return f"'{name}': '{wanted}'" in text or f"'{wanted}'" in text


def what_changes_at_the_phone_is_told_to_the_server():
    with Pbx("127.59.255.1") as pbx, phone(1, "Feature_Key_Sync_1_=Yes") as farm:
        sub = pbx.await_sub("as-feature-event", user="1001")
        check("it asks for its own address", sub.uri.startswith("sip:1001@"), sub.uri)
        check("without a word of its own", not sub.last.body and sub.last.get("Expires") == "3600")
        wait_for("it is up", lambda: farm.state()["subscriptions"] and
                 farm.state()["subscriptions"][0]["state"] == "active")

        def told(n, *texts):
            wait_for(f"the server is told {texts}", lambda: len(sub.requests) > n and all(
                t in sub.last.body for t in texts))
            check("in its type", sub.last.get("Content-Type") == EVENT, sub.last.headers)
        farm.call("press", phones="1", keys=["soft4"])
        told(1, "<SetDoNotDisturb", "<doNotDisturbOn>true<")
        farm.call("press", phones="1", keys=["soft4"])
        told(2, "<doNotDisturbOn>false<")
        farm.call("press", phones="1", keys=["soft3"])
        check("a number is asked for", "Enter CFWD All Number:" in farm.state()["screen"]["rows"],
              farm.state()["screen"])
        farm.call("type", phones="1", text="1002")
        farm.call("press", phones="1", keys=["soft1"])
        told(3, "<SetForwarding", "<forwardDN>1002<", "forwardImmediate", "<activateForward>true<")
        check("it forwards", "Calls Forwarded" in farm.state()["screen"]["rows"])
        check("the key undoes it", farm.state()["screen"]["softkeys"][2] == "-cfwd")
        farm.call("press", phones="1", keys=["soft3"])
        told(4, "forwardImmediate", "<activateForward>false<")
        farm.call("set", phones="1", values=["Cfwd_Busy_Dest=1003"])
        told(5, "forwardBusy", "<forwardDN>1003<")
        check("no INVITE was sent for that", not pbx.calls)


def what_the_server_says_is_so():
    with Pbx("127.59.255.2") as pbx, phone(2, "Feature_Key_Sync_1_=Yes") as farm:
        sub = pbx.await_sub("as-feature-event")
        check("accepted", sub.notify(dnd_event("true"), EVENT) == 200)
        check("DND is on", is_set(farm, "DND_Setting", "Yes"), value(farm, "DND_Setting"))
        check("and is shown", "Do Not Disturb" in farm.state()["screen"]["rows"])
        parts = "".join(f"--b\r\nContent-Type: {EVENT}\r\n\r\n{t}\r\n" for t in (
            dnd_event("false"), forward_event("forwardImmediate", "true", "1009"),
            forward_event("forwardNoAns", "true", "1010"))) + "--b--\r\n"
        check("several at once", sub.notify(parts, "multipart/mixed;boundary=b") == 200)
        check("DND is off", is_set(farm, "DND_Setting", "No"), value(farm, "DND_Setting"))
        check("all is forwarded", is_set(farm, "Cfwd_All_Dest", "1009"),
              value(farm, "Cfwd_All_Dest"))
        check("and no answer", is_set(farm, "Cfwd_No_Ans_Dest", "1010"))
        sub.notify(forward_event("forwardImmediate", "false"), EVENT)
        check("no more", is_set(farm, "Cfwd_All_Dest", ""), value(farm, "Cfwd_All_Dest"))
        check("what came is not sent back", len(sub.requests) == 1,
              [r.body for r in sub.requests])
        check("415 for another body", sub.notify("x", "text/plain") == 415)
        check("nonsense changes nothing", sub.notify("<x", EVENT) == 200 and
              is_set(farm, "Cfwd_No_Ans_Dest", "1010"))


def without_the_switch_nothing_is_asked():
    with Pbx("127.59.255.3") as pbx, phone(3) as farm:
        farm.await_line("registered", lambda l: l["registered"])
        farm.call("press", phones="1", keys=["soft4"])
        check("no subscription", not pbx.subs and not farm.state()["subscriptions"])


def messages_light_lamp_and_icon():
    with Pbx("127.59.255.4") as pbx, phone(4, "Voice_Mail_Server_1_=$USER@$PROXY") as farm:
        sub = pbx.await_sub("message-summary")
        check("its macros are expanded", sub.uri == "sip:1001@127.59.255.4", sub.uri)
        sub.notify("Messages-Waiting: yes\r\nVoice-Message: 2/1\r\n", SUMMARY)
        state = farm.state()
        check("lamp", state["lamps"]["message"] == {"color": "red", "pattern": "steady"})
        check("icon", "message" in state["screen"]["icons"], state["screen"])
        check("stutter dial tone", farm.line()["dial_tone"] == "stutter")
        sub.notify("Messages-Waiting: no\r\n", SUMMARY)
        state = farm.state()
        check("all out", state["lamps"]["message"]["color"] == "off" and
              "message" not in state["screen"]["icons"] and
              farm.line()["dial_tone"] == "normal", state)


def subscriptions_move_with_an_invite():
    with Pbx("127.59.255.5") as first, Pbx("127.59.254.5") as second, phone(
            5, "Dual_Registration_1_=Yes", "Alternate_Proxy_1_=127.59.254.5", "SIP_Timer_B=1",
            "Voice_Mail_Server_1_=vm@$PROXY", "Extension_2_=Disabled",
            "Extended_Function_2_=fnc=blf;sub=1010@$PROXY") as farm:
        first.await_sub("message-summary").notify("Messages-Waiting: no\r\n", SUMMARY)
        first.await_sub("dialog")
        wait_for("both have it", lambda: "1001" in second.contacts)
        check("the second has no subscription", not second.subs)
        first.deaf = {"INVITE"}
        farm.call("dial", phones="1", number="5551212")
        wait_for("the call goes to the second", lambda: second.calls, 20)
        sub = second.await_sub("message-summary")
        second.await_sub("dialog")
        check("its NOTIFY is taken", sub.notify("Messages-Waiting: yes\r\n", SUMMARY) == 200)
        check("and has its effect", farm.state()["lamps"]["message"]["color"] == "red")
        listed = farm.state()["subscriptions"]
        check("state tells where they are", len(listed) == 2 and all(
            s.get("alternate") for s in listed), listed)


main([what_changes_at_the_phone_is_told_to_the_server, what_the_server_says_is_so,
      without_the_switch_nothing_is_asked, messages_light_lamp_and_icon,
      subscriptions_move_with_an_invite])
