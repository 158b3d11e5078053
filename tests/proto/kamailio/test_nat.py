# SPDX-License-Identifier: BSD-3-Clause
"""Addresses behind a NAT as Kamailio sees and tells them (sip-behaviour.md 8). Nothing translates
here: a phone that claims another address in its Via is a phone behind a NAT to the server."""
from peers import Farm, Kamailio, check, main, wait_for

CLAIM = ("NAT_Mapping_Enable_1_=Yes", "EXT_IP=192.0.2.1")


def phone(block, *sets):
    args = [arg for text in sets for arg in ("--set", text)]
    return Farm("--count", "1", "--addr", f"127.142.{block}.0/24", "--registrar",
                f"127.142.255.{block}", *args)


def registered(farm):
    return farm.await_line("it is registered", lambda l: l["registered"])


def the_external_address_is_registered():
    with Kamailio("127.142.255.1") as registrar, \
            phone(1, *CLAIM, "EXT_SIP_Port_1_=6060") as farm:
        registered(farm)
        check("the registrar knows it", registrar.contacts() == ["sip:1001@192.0.2.1:6060"],
              registrar.contacts())


def received_is_learned_from_the_challenge():
    with Kamailio("127.142.255.2") as registrar, \
            phone(2, *CLAIM, "Substitute_VIA_Addr=Yes", "Handle_VIA_received=Yes") as farm:
        registered(farm)
        own = f"sip:1001@{farm.state()['ip']}:5060"
        check("the registrar knows what it saw", registrar.contacts() == [own],
              registrar.contacts())


def without_handling_it_the_claim_stays():
    with Kamailio("127.142.255.3") as registrar, \
            phone(3, *CLAIM, "Substitute_VIA_Addr=Yes") as farm:
        registered(farm)
        check("the registrar knows the claim",
              registrar.contacts() == ["sip:1001@192.0.2.1:5060"], registrar.contacts())


def rport_is_learned_where_it_is_asked_for():
    """The port claimed by EXT_SIP_Port gives way to the one Kamailio saw."""
    with Kamailio("127.142.255.4") as registrar, \
            phone(4, *CLAIM, "EXT_SIP_Port_1_=6060", "Handle_VIA_rport=Yes") as farm:
        registered(farm)
        # Kamailio tells the address with it, which only Handle_VIA_received heeds
        check("the registrar knows the port", registrar.contacts() == ["sip:1001@192.0.2.1:5060"],
              registrar.contacts())
        check("and state tells it", farm.line()["nat"]["contact"] == "192.0.2.1:5060",
              farm.line())


def keep_alives_do_not_disturb_the_registration():
    with Kamailio("127.142.255.5") as registrar, \
            Farm("--count", "20", "--addr", "127.142.5.0/24", "--registrar", "127.142.255.5",
                 "--time-scale", "15", "--set", "NAT_Keep_Alive_Enable_1_=Yes") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=20)

        def notifies():
            stats = registrar.rpc("stats.get_statistics", "rcv_requests_notify")["result"]
            return int(stats[0].split("=")[1])
        wait_for("each phone has sent three", lambda: notifies() >= 60)
        totals = farm.call("stats")
        check("all are registered", totals["registered"] == 20, totals)
        check("after one REGISTER each", totals["register"]["ok"] == 20, totals["register"])


main([the_external_address_is_registered, received_is_learned_from_the_challenge,
      without_handling_it_the_claim_stays, rport_is_learned_where_it_is_asked_for,
      keep_alives_do_not_disturb_the_registration])
