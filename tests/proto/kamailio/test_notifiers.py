# SPDX-License-Identifier: BSD-3-Clause
"""Notifiers that others wrote, behind Kamailio: the corpus's UAS scenarios that take a SUBSCRIBE."""
import os

from peers import Farm, Kamailio, Sipp, check, corpus, main, wait_for

SCENARIOS = corpus("sipp-scenarios")


def farm_of(server, mailbox, user):
    return Farm("--count", "1", "--addr", "127.141.1.0/24", "--registrar", server, "--user", user,
                "--password", f"pw-{user}", "--set", f"Voice_Mail_Server_1_=vm@{mailbox}")


def a_mailbox_notifies_and_ends_it():
    with Kamailio("127.141.255.1") as server, \
            Sipp(os.path.join(SCENARIOS, "pjsip-mwi.xml"), addr="127.141.255.2") as sipp, \
            farm_of(server.addr, "127.141.255.2", "1001") as farm:
        lamp = lambda: farm.state()["lamps"]["message"]["color"]
        wait_for("the lamp is red", lambda: lamp() == "red")
        sipp.verdict(30)
        check("what was said last holds", lamp() == "red")


def presence_is_a_bad_event():
    """10: no presence; the subscription that the scenario takes was for messages."""
    with Kamailio("127.141.255.1") as server, \
            Sipp(os.path.join(SCENARIOS, "siphon-subscribe.xml"), "127.141.1.1:5060",
                 addr="127.141.255.2") as sipp, \
            farm_of(server.addr, "127.141.255.2", "watcher"):
        sipp.wait(30)
        check("the NOTIFY is refused", "SIP/2.0 489 Bad Event" in sipp.errors(), sipp.errors())


main([a_mailbox_notifies_and_ends_it, presence_is_a_bad_event])
