# SPDX-License-Identifier: BSD-3-Clause
"""Scenarios of others in which SIPp calls a phone or is called by one: both sides must end as they
expect. Where a SPA does otherwise (THEIRS_NOT_OURS), the answer it does give is checked, with the
section of sip-behaviour.md that says so.
"""
import os
import socket

from peers import Farm, Sipp, check, corpus, main, wait_for

SCENARIOS = corpus("sipp-scenarios")
UNREGISTERED = ("--set", "Register_1_=No", "--set", "Ans_Call_Without_Reg_1_=Yes",
                "--set", "Make_Call_Without_Reg_1_=Yes", "--set", "Dial_Plan_1_=(xxx.)")


def farm_for(block, *options, user="bob", model="SPA504G"):
    """One phone at 127.46.BLOCK.1 that calls and takes calls without a registrar; its proxy is
    127.46.255.BLOCK."""
    return Farm("--count", "1", "--model", model, "--addr", f"127.46.{block}.0/24", "--registrar",
                f"127.46.255.{block}", "--user", user, "--password", "secret", *UNREGISTERED,
                *options)


def calls(farm):
    return farm.line()["calls"]


def wait(farm, cond, seconds=10):
    farm.call("wait", phones="1", cond=cond, timeout=seconds)


def expect_end(sipp, farm, seconds=30):
    sipp.verdict(seconds)
    wait(farm, "idle")


def call_phone(block, name, *options, sipp=(), answer=True, user="bob", during=None, target=None):
    """SIPp is the caller. during(farm) runs once the phone has answered."""
    with farm_for(block, *options, user=user) as farm, \
            Sipp(os.path.join(SCENARIOS, name), f"127.46.{block}.1:5060", *sipp,
                 addr=f"127.46.255.{block}") as caller:
        if answer:
            wait(farm, "ringing")
            farm.call("answer", phones="1")
        if during:
            during(farm)
        expect_end(caller, farm)
        return farm.report()


def phone_calls(block, name, *options, sipp=(), during=None, number="200"):
    """SIPp is the proxy the phone calls."""
    with Sipp(os.path.join(SCENARIOS, name), *sipp, addr=f"127.46.255.{block}") as callee, \
            farm_for(block, *options) as farm:
        wait(farm, "idle")
        farm.call("dial", phones="1", number=number)
        if during:
            during(farm)
        expect_end(callee, farm)
        return farm.report()


# ---- SIPp calls

def a_call_is_cancelled():
    with farm_for(1) as farm, Sipp(os.path.join(SCENARIOS, "siphon-cancel.xml"),
                                   "127.46.1.1:5060", addr="127.46.255.1") as caller:
        wait(farm, "ringing")
        check("the lamp rings", farm.state()["lamps"]["line1"] ==
              {"color": "red", "pattern": "fast"}, farm.state()["lamps"])
        expect_end(caller, farm)


def update_within_a_call():
    call_phone(2, "siphon-update.xml")


def the_caller_transfers():
    sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sink.bind(("127.46.255.103", 5060))  # the new party does not answer
    with sink:
        call_phone(3, "siphon-refer.xml", "--set", "Proxy_1_=127.46.255.103", "--set",
                   "SIP_Timer_B=3")
        check("the phone called the new party", b"INVITE " in sink.recv(65536))


def the_caller_transfers_blindly():
    # the new party answers nothing either, the final NOTIFY is that of the caller who gave up
    call_phone(4, "asterisk-blind-transfer.xml", "--set", "Proxy_1_=127.46.255.104",
               "--set", "SIP_Timer_B=2",
               sipp=("-s", "bob", "-key", "transfer_target", "sip:300@127.46.255.104"))


def message_summary_by_notify():
    with farm_for(5) as farm, Sipp(os.path.join(SCENARIOS, "siphon-notify.xml"),
                                   "127.46.5.1:5060", "-s", "bob", addr="127.46.255.5") as server:
        server.verdict(20)
        state = farm.state()
        check("the message lamp is lit", state["lamps"]["message"]["color"] == "red", state["lamps"])
        check("messages wait", state["message_waiting"], state)


def options_for_anybody():
    # no user in its Request-URI: 404 by 6.1 [DEF]; U-8 makes it the line's
    with farm_for(6, "--set", "Sim_Any_User=Yes"), \
            Sipp(os.path.join(SCENARIOS, "siphon-options.xml"), "127.46.6.1:5060",
                 addr="127.46.255.6") as server:
        server.verdict(20)


def both_hang_up():
    call_phone(7, "siphon-bye-glare.xml",
               during=lambda farm: (wait(farm, "connected"), farm.call("hangup", phones="1")))


def a_late_offer():
    call_phone(8, "pjsip-inv-nosdp.xml", sipp=("-s", "bob"),
               during=lambda farm: (wait(farm, "connected"),
                                    wait_for("the answer came with the ACK",
                                             lambda: calls(farm)[0]["codec"]),
                                    farm.call("hangup", phones="1")))


def a_late_ack_and_a_hold_that_waits_for_it():
    call_phone(9, "drachtio-delayed-ack.xml", sipp=("-s", "bob"),
               during=lambda farm: farm.call("hold", phones="1"))


def callers_prove_the_password():
    own = os.path.join(os.path.dirname(__file__), "invite_auth.xml")
    for password, right in (("secret", True), ("guess", False)):
        with farm_for(10, "--set", "Auth_INVITE_1_=Yes") as farm, \
                Sipp(own, "127.46.10.1:5060", "-s", "bob", "-au", "bob", "-ap", password,
                     addr="127.46.255.10") as caller:
            if not right:
                wait_for("it is refused again", lambda: farm.call(
                    "trace", phones="1", last=50).count("SIP/2.0 401 Unauthorized") >= 2)
                check("and nothing rang", calls(farm) == [], calls(farm))
                continue
            wait(farm, "ringing")
            farm.call("answer", phones="1")
            wait_for("G.711a, as offered", lambda: calls(farm)[0]["codec"] == "PCMA")
            farm.call("hangup", phones="1")
            expect_end(caller, farm)


# ---- the phone calls

def a_redirect_to_nowhere_ends_the_call():
    with Sipp(os.path.join(SCENARIOS, "drachtio-302.xml"), addr="127.46.255.20") as callee, \
            farm_for(20) as farm:
        wait(farm, "idle")
        farm.call("dial", phones="1", number="200")
        callee.verdict(20)  # it has its ACK; nothing leads from loopback to the Contact it gave
        wait(farm, "screen~Moved Temporarily")


def contacts_of_a_redirect_are_tried_in_order():
    addr = "127.46.255.24"
    with Sipp(os.path.join(os.path.dirname(__file__), "redirect.xml"), addr=addr) as first, \
            Sipp(None, "-sn", "uas", addr=addr, port=5070) as second, farm_for(24) as farm:
        wait(farm, "idle")
        farm.call("dial", phones="1", number="200")
        wait(farm, "connected")
        first.verdict(10)
        ladder = farm.call("trace", phones="1", last=50)
        check("first the first", ladder.index(f"INVITE sip:200@{addr}:5069 SIP/2.0") <
              ladder.index(f"INVITE sip:200@{addr}:5070 SIP/2.0"), ladder)
        farm.call("hangup", phones="1")
        second.verdict(10)


def a_reliable_183_gets_its_prack():
    phone_calls(21, "siphon-prack.xml",
                during=lambda farm: (wait(farm, "connected"), farm.call("hangup", phones="1")))


def the_callee_reinvites():
    phone_calls(23, "siphon-reinvite-bleg.xml",
                during=lambda farm: (wait(farm, "connected"), wait_for(
                    "the re-INVITE was answered, and SIPp is done with its pause", lambda: farm.call(
                        "trace", phones="1", last=50).count("SIP/2.0 200 OK") >= 2 and
                    calls(farm)[0]["seconds"] >= 2), farm.call("hangup", phones="1")))


# ---- where a SPA does otherwise: what it says instead, and why

THEIRS_NOT_OURS = [
    # scenario, who calls, options of the phone, what SIPp did not expect of it
    ("siphon-invite-auth.xml", "sipp", ("--set", "Auth_INVITE_1_=Yes"),
     "SIP/2.0 401 Unauthorized"),  # 5.4: a user agent challenges with 401
    ("asterisk-no-contact.xml", "sipp", (),
     "SIP/2.0 481 Call/Transaction Does Not Exist"),  # 4.2: UPDATE without a dialog, Contact or not
    ("sipp-indialog-mix.xml", "answer", (),
     "SIP/2.0 400 Bad Request"),  # 3.1: NOTIFY without Event
    ("asterisk-mwi-subscribe-spa.xml", "sipp", ("--set", "Sim_Any_User=Yes"),
     "SIP/2.0 405 Method Not Allowed"),  # 6.1: a phone takes no SUBSCRIBE
    ("siphon-refer-uas.xml", "transfer", (),
     "a=sendonly"),  # 5.5: hold, then REFER
    ("pjsip-422.xml", "phone", (),
     None),  # 4.4: no session timer to raise; the call fails, no second INVITE comes
    ("pjsip-no-totag.xml", "hangup", (),
     "unexpected BYE"),  # 4.3: never an UPDATE of its own accord
    ("pjsip-reinv-glare.xml", "hangup", (),
     "unexpected BYE"),  # the same
]


def a_spa_differs():
    for i, (name, who, options, instead) in enumerate(THEIRS_NOT_OURS):
        block = 30 + i
        phone, addr = f"127.46.{block}.1:5060", f"127.46.255.{block}"
        user = "alice" if name == "asterisk-no-contact.xml" else "bob"
        args = (phone, "-s", user, "-au", user, "-ap", "secret") if who in ("sipp", "answer") else ()
        scenario = os.path.join(SCENARIOS, name)
        with farm_for(block, *options, user=user) as farm, \
                Sipp(scenario, *args, addr=addr) as sipp:
            wait(farm, "idle")
            if who == "answer":
                wait(farm, "ringing")
                farm.call("answer", phones="1")
            elif who != "sipp":
                farm.call("dial", phones="1", number="200")
            if who in ("transfer", "hangup"):
                wait(farm, "connected")
            if who == "transfer":
                farm.call("transfer", phones="1", number="300")
            if who == "hangup":
                farm.call("hangup", phones="1")
            if instead is None:
                wait_for("the call fails", lambda: [c["code"] for c in calls(farm)] == [422])
                check("once", farm.call("trace", phones="1", last=50).count("INVITE sip:") == 1)
                continue
            sipp.wait(30)
            check(f"{name}: the phone says {instead}", instead in sipp.errors(), sipp.errors())


main([a_call_is_cancelled, update_within_a_call, the_caller_transfers, message_summary_by_notify,
      options_for_anybody, both_hang_up, a_late_offer, a_late_ack_and_a_hold_that_waits_for_it,
      callers_prove_the_password,
      the_caller_transfers_blindly, a_redirect_to_nowhere_ends_the_call,
      contacts_of_a_redirect_are_tried_in_order, a_reliable_183_gets_its_prack,
      the_callee_reinvites, a_spa_differs])
