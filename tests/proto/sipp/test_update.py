# SPDX-License-Identifier: BSD-3-Clause
"""UPDATE to phones of every kind (sip-behaviour.md 4), sent by SIPp: in dialogs that ring, call and
are up, with glare, with a new identity and a new target."""
import json
import os
import sys

from peers import Farm, check, main, scratch, wait_for

sys.path.insert(0, os.path.dirname(__file__))
from dialogs import Callee, Caller, sdp  # noqa: E402

UNREGISTERED = ("--set", "Register_1_=No", "--set", "Ans_Call_Without_Reg_1_=Yes",
                "--set", "Make_Call_Without_Reg_1_=Yes", "--set", "Dial_Plan_1_=(xxx.)")
RETRY_AFTER = ("Retry-After:", "^ *([0-9]|10)$")
NO_BODY = ("Content-Length:", "^ *0$")

# 4.1: does it know UPDATE, and SDP in it?
WITH_SDP, WITHOUT_SDP, NOT_AT_ALL = "with SDP", "without SDP", "not at all"
PHONES = [
    ("SPA525G2", None, WITH_SDP),
    ("6841", None, WITH_SDP),
    ("SPA504G", None, WITH_SDP),
    ("SPA504G", "7.4.7", WITH_SDP),
    ("SPA504G", "7.4.6", NOT_AT_ALL),
    ("SPA303", None, WITH_SDP),
    ("7960", None, WITHOUT_SDP),
    ("WIP310", None, NOT_AT_ALL),
]


class Phone:
    """One phone at 127.47.BLOCK.1; its proxy is SIPp at 127.47.255.BLOCK."""

    def __init__(self, block, model, firmware=None, *options):
        self.addr, self.proxy = f"127.47.{block}.1", f"127.47.255.{block}"
        self.log = os.path.join(scratch(), "events")
        version = ("--firmware", firmware) if firmware else ()
        self.farm = Farm("--count", "1", "--model", model, "--addr", f"127.47.{block}.0/24",
                         "--registrar", self.proxy, "--events", self.log, *version, *UNREGISTERED,
                         *options)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.farm.__exit__(*exc)

    def wait(self, cond):
        self.farm.call("wait", phones="1", cond=cond, timeout=10)

    def call(self):
        calls = self.farm.line()["calls"]
        return calls[0] if calls else {}

    def shows(self, name, number):
        def shown():
            call, screen = self.call(), self.farm.state()["screen"]
            rows = screen["rows"]
            return call.get("name") == name and call.get("peer") == number and (
                not rows or any(name in row for row in rows))
        wait_for(f"the screen shows {name}, {number}", shown, 10)

    def peers(self):
        """Numbers that the events of calls named, in order. The phone is gone afterwards."""
        self.farm.report()
        seen = []
        with open(self.log) as f:
            for line in f:
                event = json.loads(line)
                if event["ev"] == "call" and (not seen or seen[-1] != event["peer"]):
                    seen.append(event["peer"])
        return seen


def identity(name, number, header="P-Asserted-Identity"):
    return f'{header}: "{name}" <sip:{number}@example.com>\n'


def updates_of_the_caller(call, rule):
    """While it rings; every answer is that of 4.2. The identity comes last: it is waited for."""
    call.request("INVITE", body=sdp())
    call.response(100)
    call.response(180)
    if rule == NOT_AT_ALL:
        call.request("UPDATE", identity("Early", "2001"))
        call.response(405, ("Allow:", "REFER"))
    else:
        call.request("UPDATE", body=sdp())
        if rule == WITH_SDP:
            call.response(500, RETRY_AFTER)  # it owes the answer to the INVITE
        else:
            call.response(488)
        call.request("UPDATE", identity("Early", "2001"))
        call.response(200, NO_BODY, ("Contact:", "sip:1001@"))
    call.response(200, ("Allow:", "INVITE"))
    call.request("ACK", cseq=1)


def updates_within_the_call(call, rule):
    call.request("UPDATE", identity("Late", "2002", "Remote-Party-ID"))
    if rule == NOT_AT_ALL:
        call.response(405)
        call.request("UPDATE", body=sdp())
        call.response(405)
        return
    call.response(200, NO_BODY)
    gsm = sdp(payload=3)
    for body, answer in ((sdp("a=sendonly"), ("msg", "a=recvonly")), (sdp(), ("msg", "a=sendrecv"))):
        call.request("UPDATE", body=body)
        call.response(*((200, answer) if rule == WITH_SDP else (488,)))
    call.request("UPDATE", body=gsm)
    call.response(488)
    call.request("UPDATE", cseq=1)
    call.response(500, RETRY_AFTER)
    again = call.request("INVITE", identity("Again", "2003"), sdp())
    call.response(100, optional=True)
    call.response(200)
    call.request("ACK", cseq=again)
    # our offer is open: it stands in the 200 to an INVITE without one
    late = call.request("INVITE")
    call.response(100, optional=True)
    call.response(200, ("msg", "m=audio"))
    call.request("UPDATE", body=sdp())
    call.response(491 if rule == WITH_SDP else 488)
    call.request("ACK", cseq=late, body=sdp())


def the_caller_updates(block, model, firmware, rule):
    call = Caller()
    updates_of_the_caller(call, rule)
    updates_within_the_call(call, rule)
    # target refresh: the next request goes there
    call.request("UPDATE", identity("Last", "2004"), contact="<sip:moved@[local_ip]:[local_port]>")
    call.response(200)
    call.expect_request("BYE", ("msg", "^BYE sip:moved@"))
    call.reply_last("200 OK")
    with Phone(block, model, firmware) as phone, call.start(phone.addr, phone.proxy) as sipp:
        phone.wait("ringing")
        phone.shows("Early", "2001")
        phone.farm.call("answer", phones="1")
        phone.shows("Last", "2004")
        phone.farm.call("hangup", phones="1")
        sipp.verdict(30)
        numbers = phone.peers()
        check("every identity was told", numbers == ["2000", "2001", "2002", "2003", "2004"],
              numbers)


def nobody_updates_this_one(block, model, firmware):
    call = Caller()
    updates_of_the_caller(call, NOT_AT_ALL)
    updates_within_the_call(call, NOT_AT_ALL)
    call.request("BYE")
    call.response(200)
    with Phone(block, model, firmware, "--set", "Sim_Answer_After=1") as phone, \
            call.start(phone.addr, phone.proxy) as sipp:
        phone.wait("ringing")
        phone.shows("Caller", "2000")
        sipp.verdict(30)
        numbers = phone.peers()
        check("nobody else was told", numbers == ["2000"], numbers)


def the_callee_updates(block, model, firmware, rule):
    call = Callee()
    call.invited()
    call.answer("180 Ringing", extra=identity("Boss", "3001"))
    call.request("UPDATE", identity("Deputy", "3002"))
    if rule == NOT_AT_ALL:
        call.response(405)
    else:
        call.response(200, NO_BODY)
        call.request("UPDATE", body=sdp())
        call.response(491 if rule == WITH_SDP else 488)  # the offer of its INVITE is open
    call.pause(400)
    call.answer("200 OK", extra=identity("Helper", "3003"), body=sdp(), retrans=True)
    call.expect_request("ACK")
    hold = call.kept("INVITE")
    call.request("UPDATE", body=sdp())
    call.response({WITH_SDP: 491, WITHOUT_SDP: 488, NOT_AT_ALL: 405}[rule])
    call.answer("200 OK", hold, body=sdp("a=recvonly"), retrans=True)
    call.expect_request("ACK")
    call.request("BYE")
    call.response(200)
    with call.start(f"127.47.255.{block}") as sipp, Phone(block, model, firmware) as phone:
        phone.wait("idle")
        phone.farm.call("dial", phones="1", number="300")
        phone.wait("connected")
        phone.shows("Helper", "3003")
        phone.farm.call("hold", phones="1")
        sipp.verdict(30)
        phone.wait("idle")
        numbers = ["300", "3001", "3002", "3003"]
        if rule == NOT_AT_ALL:
            numbers.remove("3002")
        told = phone.peers()
        check("every identity was told", told == numbers, told)


def every_phone_answers_the_caller_s_updates():
    for n, (model, firmware, rule) in enumerate(PHONES):
        if rule == NOT_AT_ALL:
            nobody_updates_this_one(1 + n, model, firmware)
        else:
            the_caller_updates(1 + n, model, firmware, rule)


def every_phone_answers_the_callee_s_updates():
    for n, (model, firmware, rule) in enumerate(PHONES):
        the_callee_updates(21 + n, model, firmware, rule)


def without_a_dialog_it_is_481():
    for n, (model, firmware, rule) in enumerate(PHONES):
        call = Caller()
        for to, body in ((";tag=nobody", ""), (";tag=nobody", sdp()), ("", "")):
            call.request("UPDATE", body=body, to=to)
            call.response(405 if rule == NOT_AT_ALL else 481)
        with Phone(41 + n, model, firmware) as phone, call.start(phone.addr, phone.proxy) as sipp:
            sipp.verdict(20)


def caller_id_header_names_the_order():
    both = identity("Paid", "2001") + identity("Rpid", "2002", "Remote-Party-ID")
    for n, (order, numbers) in enumerate((("PAID-RPID-FROM", ["2000", "2001"]),
                                          ("RPID-PAID-FROM", ["2000", "2002"]),
                                          ("FROM", ["2000"]))):
        call = Caller()
        call.request("INVITE", "Call-Info: <sip:x>;answer-after=0\n", sdp())
        call.response(100)
        call.response(200)
        call.request("ACK", cseq=1)
        call.request("UPDATE", both)
        call.response(200)
        call.request("BYE")
        call.response(200)
        with Phone(61 + n, "SPA504G", None, "--set", f"Caller_ID_Header={order}") as phone, \
                call.start(phone.addr, phone.proxy) as sipp:
            sipp.verdict(20)
            told = phone.peers()
            check(f"{order} names them", told == numbers, told)


def a_spa_has_no_session_timer():
    call = Caller()
    call.request("INVITE", "Require: timer\nSession-Expires: 1800\n", sdp())
    call.response(420, ("Unsupported:", "timer"))
    call.request("ACK", cseq=1)
    for extra in ("Supported: timer\nSession-Expires: 90;refresher=uas\n",
                  "Session-Expires: 90\nMin-SE: 90\n"):
        call.request("UPDATE", extra, to=";tag=nobody")
        call.response(481)
    with Phone(71, "SPA504G") as phone, call.start(phone.addr, phone.proxy) as sipp:
        sipp.verdict(20)


def a_session_timer_is_refreshed_by_update():
    call = Callee()
    call.invited()
    call.answer("422 Session Interval Too Small", extra="Min-SE: 91\n", retrans=True)
    call.expect_request("ACK")
    call.invited()
    call.answer("200 OK", extra="Require: timer\nSession-Expires: 91;refresher=uas\n", body=sdp(),
                retrans=True)
    call.expect_request("ACK")
    call.request("UPDATE", "Supported: timer\nSession-Expires: 20\n")
    call.response(422, ("Min-SE:", "^ *90$"))
    call.request("UPDATE", "Supported: timer\nSession-Expires: 100;refresher=uac\n")
    call.response(200, ("Session-Expires:", "100;refresher=uac"), ("Require:", "timer"))
    call.request("BYE")
    call.response(200)
    with call.start("127.47.255.72") as sipp, \
            Phone(72, "6841", None, "--set", "Sim_Session_Timer=90") as phone:
        phone.wait("idle")
        phone.farm.call("dial", phones="1", number="300")
        sipp.verdict(20)
        phone.wait("idle")


if __name__ == "__main__":
    main([every_phone_answers_the_caller_s_updates, every_phone_answers_the_callee_s_updates,
          without_a_dialog_it_is_481, caller_id_header_names_the_order, a_spa_has_no_session_timer,
          a_session_timer_is_refreshed_by_update])
