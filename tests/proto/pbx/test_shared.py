# SPDX-License-Identifier: BSD-3-Clause
"""Two phones that share a line, and a server that says who has which appearance of it
(sip-behaviour.md 10, devices.md 3.2, 3.4, 4)."""
import re

from peers import Farm, check, main, wait_for
from pbx import Pbx


class Shared(Pbx):
    """Appearances of 3000: idle, seized, active, held; told to every phone that asked."""

    def __init__(self, addr):
        self.states, self.hand_out, self.claims = {}, True, []
        super().__init__(addr)
        self.on_subscribe, self.on_invite, self.on_request = self.asked, self.invited, self.changed

    def told(self):
        values = [f'<sip:{self.addr}>;appearance-index={i};appearance-state={s}'
                  + (';appearance-uri="\\"Bob\\" <sip:2000@h>"' if s in ("active", "held") else "")
                  for i, s in self.states.items()]
        return f"Call-Info: {', '.join(values + [f'<sip:{self.addr}>;appearance-index=*;appearance-state=idle'])}"

    def tell(self):
        for sub in self.subs:
            if sub.event == "call-info" and sub.active:
                sub.notify(headers=[self.told()], wait=False)

    def set(self, index, state):
        with self.lock:
            self.states[index] = state
            self.tell()

    @staticmethod
    def index_of(m):
        found = re.search(r"appearance-index=(\d+)", m.get("Call-Info"))
        return int(found.group(1)) if found else 0

    def grant(self, sub):
        with self.lock:
            index = self.index_of(sub.last)
            self.states[index] = "seized"
            sub.notify(headers=[f"Call-Info: <sip:{self.addr}>;appearance-index={index}"],
                       state="active;expires=15", wait=False)
            self.tell()

    def asked(self, sub, m):
        if sub.event == "call-info":
            sub.notify(headers=[self.told()])
        elif sub.event == "line-seize":
            self.claims.append(sub)
            if self.hand_out:
                self.grant(sub)

    def invited(self, call, m):
        index = call.index = self.index_of(m)
        for claim in self.claims:
            if claim.active and claim.user == call_user(m):
                claim.notify(state="terminated;reason=noresource")
        for other in self.calls:
            if other is not call and other.state == "held" and getattr(other, "index", 0) == index:
                other.hang_up()
        self.set(index, "active")

    def changed(self, call, m):
        index = getattr(call, "index", 0)
        if m.method == "INVITE" and index:
            self.set(index, "held" if call.state == "held" else "active")
        elif m.method == "BYE" and index:
            self.set(index, "idle")


def call_user(m):
    return re.search(r"sip:(\d+)@", m.get("From")).group(1)


def phones(block, *sets):
    options = ["--set", "Share_Ext_1_=shared", "--set", "Shared_User_ID_1_=3000"]
    for key in range(1, 5):
        options += ["--set", f"Share_Call_Appearance_{key}_=shared"]
    for each in sets:
        options += ["--set", each]
    return Farm("--count", "2", "--addr", f"127.58.{block}.0/24", "--registrar",
                f"127.58.255.{block}", *options)


def lamp(farm, n, key):
    return tuple(farm.state(n)["lamps"][f"line{key}"].values())


def awaits(farm, n, key, *look):
    try:
        wait_for(f"key {key} of phone {n} is {look}", lambda: lamp(farm, n, key) == look, 10)
    except Exception as failure:
        raise type(failure)(f"{failure}: {farm.state(n)['lamps']} {farm.line(n)}")


def both_know(pbx, farm):
    for n in (1, 2):
        sub = pbx.await_sub("call-info", user=f"100{n}")
        check("it asks for the shared address", sub.uri.startswith("sip:3000@"), sub.uri)
        wait_for("it knows its appearances", lambda: all(
            a["state"] == "idle" for a in farm.line(n)["shared"]["appearances"]))


def screen(farm, n):
    s = farm.state(n)["screen"]
    return [s["title"]] + s["rows"]


def a_line_is_seized_called_held_and_taken_over():
    with Shared("127.58.255.1") as pbx, phones(1) as farm:
        both_know(pbx, farm)
        farm.call("press", phones="1", keys=["line1"])
        awaits(farm, 2, 1, "red", "steady")
        check("the second key is free", lamp(farm, 2, 2) == ("green", "steady"))
        claim = pbx.await_sub("line-seize", user="1001")
        check("for fifteen seconds", claim.last.get("Expires") == "15", claim.last.headers)
        check("it names the appearance", pbx.index_of(claim.last) == 1, claim.last.headers)
        wait_for("there is dial tone", lambda: "Enter Number:" in screen(farm, 1))
        farm.call("type", phones="1", text="5551212")
        farm.call("press", phones="1", keys=["soft1"])
        first = wait_for("it calls", lambda: pbx.calls and pbx.calls[0])
        check("with the appearance", re.search(r"<sip:[\d.]+>;appearance-index=1$",
                                               first.invite.get("Call-Info")),
              first.invite.get("Call-Info"))
        awaits(farm, 2, 1, "red", "double")
        awaits(farm, 1, 1, "red", "steady")
        farm.call("press", phones="2", keys=["line1"])
        check("it cannot be had", screen(farm, 2) == ["Shared", "By: Bob", "in-use"],
              screen(farm, 2))
        check("its soft keys", farm.state(2)["screen"]["softkeys"][:2] == ["newCall", "barge"],
              farm.state(2)["screen"]["softkeys"])
        check("nothing was seized", pbx.states == {1: "active"}, pbx.states)
        farm.call("press", phones="2", keys=["speaker"])
        check("any key leaves it", farm.state(2)["screen"]["app"] == "idle")
        farm.call("hold", phones="1")
        awaits(farm, 2, 1, "green", "slow")
        awaits(farm, 1, 1, "red", "slow")
        farm.call("press", phones="2", keys=["line1"])
        second = wait_for("it is taken", lambda: len(pbx.calls) > 1 and pbx.calls[1])
        check("by a call to the shared address", second.invite.uri.startswith("sip:3000@") and
              pbx.index_of(second.invite) == 1, second.invite.uri)
        wait_for("the other phone has lost it", lambda: not farm.line(1)["calls"])
        awaits(farm, 1, 1, "red", "double")
        awaits(farm, 2, 1, "red", "steady")
        farm.call("hangup", phones="2")
        awaits(farm, 1, 1, "green", "steady")
        awaits(farm, 2, 1, "green", "steady")


def going_on_hook_gives_the_line_back():
    with Shared("127.58.255.2") as pbx, phones(2) as farm:
        both_know(pbx, farm)
        farm.call("press", phones="1", keys=["line2"])
        claim = pbx.await_sub("line-seize", user="1001")
        check("the key that was pressed", pbx.index_of(claim.last) == 2, claim.last.headers)
        awaits(farm, 2, 2, "red", "steady")
        farm.call("press", phones="1", keys=["speaker"])
        wait_for("it says so", lambda: claim.last.get("Expires") == "0")
        pbx.set(2, "idle")
        awaits(farm, 2, 2, "green", "steady")
        listed = farm.state(1)["subscriptions"]
        check("the claim is over", [s["event"] for s in listed] == ["call-info"], listed)


def a_call_waits_for_its_appearance():
    with Shared("127.58.255.3") as pbx, phones(3) as farm:
        both_know(pbx, farm)
        pbx.hand_out = False
        farm.call("dial", phones="1", number="5551212")
        claim = pbx.await_sub("line-seize", user="1001")
        check("the screen says why", screen(farm, 1)[0] == "Trying Line Seizure", screen(farm, 1))
        check("no INVITE yet", not pbx.calls)
        pbx.grant(claim)
        wait_for("then it calls", lambda: farm.line(1)["calls"][0]["state"] == "connected")
        farm.call("dial", phones="1", number="5551213")  # another appearance
        claim = wait_for("the second one", lambda: len(pbx.claims) > 1 and pbx.claims[1])
        check("is the next", pbx.index_of(claim.last) == 2, claim.last.headers)
        farm.call("hangup", phones="1")
        wait_for("given up before it was granted", lambda: claim.last.get("Expires") == "0")
        check("no INVITE came of it", len(pbx.calls) == 1)


def without_a_grant_there_is_no_call():
    with Shared("127.58.255.4") as pbx, phones(4) as farm:
        both_know(pbx, farm)
        pbx.refuse["line-seize"] = 480
        farm.call("press", phones="1", keys=["line1"])
        wait_for("no dial tone", lambda: farm.state(1)["screen"]["app"] == "idle")
        farm.call("dial", phones="1", number="5551212")
        wait_for("it fails", lambda: farm.line(1)["calls"] and
                 farm.line(1)["calls"][0]["state"] == "ended")
        check("with the server's answer", farm.line(1)["calls"][0]["code"] == 480)
        check("no INVITE came of it", not pbx.calls)


def a_call_rings_on_both_and_is_answered_once():
    with Shared("127.58.255.5") as pbx, phones(5) as farm:
        both_know(pbx, farm)
        info = [f"Call-Info: <sip:{pbx.addr}>;appearance-index=2"]
        pbx.set(2, "alerting")
        calls = {n: pbx.call(f"100{n}", info) for n in (1, 2)}
        for n in (1, 2):
            awaits(farm, n, 2, "red", "fast")
        farm.call("press", phones="1", keys=["line2"])
        wait_for("it is answered", lambda: calls[1].state == "up")
        calls[2].cancel()
        pbx.set(2, "active")
        awaits(farm, 1, 2, "red", "steady")
        awaits(farm, 2, 2, "red", "double")
        calls[1].hang_up()
        pbx.set(2, "idle")
        for n in (1, 2):
            awaits(farm, n, 2, "green", "steady")


def horizontal_mapping_fills_a_key_first():
    with Shared("127.58.255.6") as pbx, phones(6, "SCA_Line_ID_Mapping=Horizontal First") as farm:
        both_know(pbx, farm)
        pbx.set(2, "active")
        pbx.set(3, "held")
        awaits(farm, 1, 1, "red", "double")
        awaits(farm, 1, 2, "green", "slow")
        keys = [a["key"] for a in farm.line(1)["shared"]["appearances"]]
        check("two for each key", keys == [1, 1, 2, 2, 3, 3, 4, 4], keys)


def older_firmware_has_other_lamps():
    with Shared("127.58.255.7") as pbx, phones(7, "Remote_Active_LED=c=a;p=f") as farm:
        both_know(pbx, farm)
        pbx.set(1, "active")
        awaits(farm, 1, 1, "amber", "fast")  # what the profile says goes first
    with Shared("127.58.255.8") as pbx, Farm(
            "--count", "2", "--firmware", "7.4.8a", "--addr", "127.58.8.0/24", "--registrar",
            "127.58.255.8", "--set", "Share_Ext_1_=shared", "--set",
            "Shared_User_ID_1_=3000") as farm:
        both_know(pbx, farm)
        pbx.set(1, "held")
        awaits(farm, 1, 1, "red", "slow")
        pbx.set(1, "active")
        awaits(farm, 1, 1, "red", "double")


def barging_in_needs_its_switch():
    with Shared("127.58.255.9") as pbx, phones(9) as farm:
        both_know(pbx, farm)
        pbx.set(1, "active")
        awaits(farm, 1, 1, "red", "double")
        farm.call("press", phones="1-2", keys=["line1", "soft2"])
        check("nothing without it", not pbx.claims and screen(farm, 1)[0] == "Shared")
        farm.call("set", phones="1", values=["SCA_Barge-In_Enable=Yes"])
        farm.call("press", phones="1", keys=["soft2"])
        call = wait_for("it calls into the call", lambda: pbx.calls and pbx.calls[0])
        check("by its appearance", pbx.index_of(call.invite) == 1, call.invite.headers)


def a_private_hold_is_not_taken():
    with Shared("127.58.255.10") as pbx, phones(10) as farm:
        both_know(pbx, farm)
        pbx.set(1, "held-private")
        awaits(farm, 1, 1, "green", "slow")
        farm.call("press", phones="1", keys=["line1"])
        check("the screen says that it is held", screen(farm, 1) == ["Shared", "held"],
              screen(farm, 1))
        farm.call("press", phones="1", keys=["soft1"])
        check("resume does nothing", not pbx.claims and not pbx.calls)
        pbx.set(1, "idle")
        wait_for("the screen ends with it", lambda: farm.state(1)["screen"]["app"] == "idle")


main([a_line_is_seized_called_held_and_taken_over, going_on_hook_gives_the_line_back,
      a_call_waits_for_its_appearance, without_a_grant_there_is_no_call,
      a_call_rings_on_both_and_is_answered_once, horizontal_mapping_fills_a_key_first,
      older_firmware_has_other_lamps, barging_in_needs_its_switch, a_private_hold_is_not_taken])
