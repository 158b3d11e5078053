# SPDX-License-Identifier: BSD-3-Clause
"""A controller orders the phone's calls about, and hears of them (sip-behaviour.md 3.6)."""
import re

from peers import Farm, check, main, wait_for
from pbx import Pbx

CONTROL = "application/x-spa-control"


def phone(block, *sets):
    options = []
    for each in sets:
        options += ["--set", each]
    return Farm("--count", "1", "--addr", f"127.60.{block}.0/24", "--registrar",
                f"127.60.255.{block}", "--password", "secret", *options)


def order(pbx, command, password="secret", kind=CONTROL):
    return pbx.order("1001", "x-spa-cti", kind, f"<spa-control>{command}</spa-control>", password)


def told(pbx):
    return [re.search(r'<call id="(\d+)" ref="\d+" ext="(\d+)" state="(\w+)"/>', m.body).groups()
            for m in pbx.messages if m.start.startswith("NOTIFY") and
            m.get("Event") == "x-spa-cti"]


def calls_are_made_held_and_ended():
    with Pbx("127.60.255.1") as pbx, phone(1, "CTI_Enable=Yes") as farm:
        farm.await_line("registered", lambda l: l["registered"])
        check("taken", order(pbx, '<newcall number="5551212"/>') == 200)
        states = lambda: [c["state"] for c in farm.line()["calls"]]
        wait_for("it calls", lambda: states() == ["connected"])
        check("taken", order(pbx, "<hold/>") == 200)
        wait_for("it holds", lambda: states() == ["holding"])
        check("taken", order(pbx, '<resume call="1"/>') == 200)
        wait_for("it goes on", lambda: states() == ["connected"])
        check("taken", order(pbx, '<endcall call="1"/>') == 200)
        wait_for("it is over", lambda: not states())
        words = [w for _, _, w in told(pbx)]
        check("the controller heard of it", [words[0], words[-1]] == ["calling", "idle"] and
              "holding" in words and set(i for i, _, _ in told(pbx)) == {"1"}, told(pbx))
        notice = [m for m in pbx.messages if m.start.startswith("NOTIFY")][0]
        names = [k for k, _ in notice.headers]
        check("as the trace has it", "Contact" not in names and
              notice.get("Content-Type") == "application/x-spa-status" and
              names.index("Content-Length") < names.index("Content-Type"), notice.headers)


def a_call_is_answered():
    with Pbx("127.60.255.2") as pbx, phone(2, "CTI_Enable=Yes") as farm:
        farm.await_line("registered", lambda l: l["registered"])
        call = pbx.call("1001")
        wait_for("it rings", lambda: ("1", "1", "ringing") in told(pbx))
        check("taken", order(pbx, "<answer/>") == 200)
        wait_for("it is up", lambda: call.state == "up")
        wait_for("the controller hears", lambda: [w for _, _, w in told(pbx)] ==
                 ["ringing", "answering", "connected"])


def strangers_and_nonsense_are_refused():
    with Pbx("127.60.255.3") as pbx, phone(3, "CTI_Enable=Yes") as farm:
        farm.await_line("registered", lambda l: l["registered"])
        check("a password is asked for", order(pbx, "<hold/>", None) == 401)
        check("the right one", order(pbx, "<hold/>", "wrong") == 401)
        check("another type", order(pbx, "<hold/>", kind="text/xml") == 415)
        check("no command", order(pbx, "<dance/>") == 400)
    with Pbx("127.60.255.4") as pbx, phone(4) as farm:
        farm.await_line("registered", lambda l: l["registered"])
        check("it is off", order(pbx, "<hold/>") == 489)
        farm.call("dial", phones="1", number="5551212")
        wait_for("it calls", lambda: pbx.calls[-1].state == "up")
        check("and says nothing", not told(pbx))


main([calls_are_made_held_and_ended, a_call_is_answered, strangers_and_nonsense_are_refused])
