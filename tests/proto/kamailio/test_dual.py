# SPDX-License-Identifier: BSD-3-Clause
"""Dual registration (sip-behaviour.md 2.8) with two Kamailios."""
from peers import Farm, Kamailio, check, main, wait_for

COUNT = 20


def phones(block, *options):
    return Farm("--count", str(COUNT), "--addr", f"127.143.{block}.0/24", "--registrar",
                f"127.143.255.{block}", "--set", "Dual_Registration_1_=Yes", "--set",
                f"Alternate_Proxy_1_=127.143.254.{block}", *options)


def both(farm):
    """How many phones say they are registered with the primary, and with the alternate, of which
    they say nothing before they have begun with it."""
    lines = [state["lines"][0] for state in farm.call("state", phones="all")]
    return (sum(line["registered"] for line in lines),
            sum(line.get("alternate", {}).get("registered", False) for line in lines))


def both_know_every_phone():
    for block, transport in ((1, "UDP"), (2, "TCP")):
        with Kamailio(f"127.143.255.{block}") as primary, \
                Kamailio(f"127.143.254.{block}") as second, \
                phones(block, "--transport", transport) as farm:
            wait_for("each phone is registered twice", lambda: both(farm) == (COUNT, COUNT))
            check("the primary knows all", len(primary.contacts()) == COUNT)
            check("the alternate knows all", len(second.contacts()) == COUNT)
            line = farm.line()
            check("state names the alternate",
                  line["alternate"]["server"] == f"127.143.254.{block}:5060", line)


def the_alternate_stays_when_the_primary_dies():
    with Kamailio("127.143.254.3") as second:
        with Kamailio("127.143.255.3"):
            farm = phones(3, "--time-scale", "60", "--set", "Register_Expires_1_=120")
            wait_for("each phone is registered twice", lambda: both(farm) == (COUNT, COUNT))
        with farm:
            wait_for("the primary is given up", lambda: both(farm)[0] == 0)
            check("the alternate is not", both(farm)[1] == COUNT, both(farm))
            check("and keeps the bindings", len(second.contacts()) == COUNT)
            check("the phones count as registered", farm.call("stats")["registered"] == COUNT)


def both_bindings_are_removed_at_the_end():
    with Kamailio("127.143.255.4") as primary, Kamailio("127.143.254.4") as second:
        with phones(4, "--unregister") as farm:
            wait_for("each phone is registered twice", lambda: both(farm) == (COUNT, COUNT))
            farm.report()
        check("the primary knows none", primary.contacts() == [], primary.contacts())
        check("the alternate knows none", second.contacts() == [], second.contacts())


main([both_know_every_phone, the_alternate_stays_when_the_primary_dies,
      both_bindings_are_removed_at_the_end])
