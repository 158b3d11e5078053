# SPDX-License-Identifier: BSD-3-Clause
"""Scenarios of others in which SIPp plays the registrar: both sides must end as they expect."""
import os

from peers import Farm, Sipp, check, corpus, main, wait_for

SCENARIOS = corpus("sipp-scenarios")


def play(block, name, *options, model="SPA504G", sipp=()):
    """Run one scenario against one phone; returns the farm's report and line 1's last state."""
    addr = f"127.45.255.{block}"
    with Sipp(os.path.join(SCENARIOS, name), *sipp, addr=addr) as server, \
            Farm("--count", "1", "--model", model, "--addr", f"127.45.{block}.0/24", "--registrar",
                 addr, "--user", "bob", "--password", "secret", *options) as farm:
        first = farm.await_line("the first answer is in", lambda l: l["status"] != "registering")
        server.verdict(90)
        return first, farm.report()


def register_423_before_the_challenge():
    # These scenarios look for an Expires header, which the 79xx sends and an SPA does not.
    line, report = play(1, "asterisk-reg-423-first.xml", "--set", "Register_Expires_1_=10",
                        "--time-scale", "4", model="7960")
    check("registered", line["registered"], line)
    check("for the time the server wants at least", line["expires_s"] == 20, line)


def register_423_after_the_challenge():
    line, report = play(2, "asterisk-reg-401-423.xml", "--set", "Register_Expires_1_=10",
                        "--time-scale", "4", model="7960")
    check("registered", line["registered"] and line["expires_s"] == 20, line)


def a_registrar_that_always_challenges():
    line, report = play(3, "asterisk-reg-401-loop.xml", "--set", "Max_Auth=1")
    check("the phone gives up", line["status"] == "failed" and line["code"] == 401, line)
    check("and waits the long interval", 1100 < line["next_s"] <= 1200, line)


def a_registrar_without_authentication():
    line, report = play(4, "sipp-mcd-register.xml", sipp=("-s", "bob"))
    # the reflected Contact carries the phone's own expires, which wins over the Expires header (2.1)
    check("registered for the time granted", line["registered"] and line["expires_s"] == 3600, line)
    check("never challenged", report["register"]["challenged"] == 0, report["register"])


def max_auth_bounds_the_challenges_of_one_request():
    scenario = os.path.join(os.path.dirname(__file__), "always_401.xml")
    with Sipp(scenario, addr="127.45.255.9") as server, \
            Farm("--count", "1", "--addr", "127.45.9.0/24", "--registrar", "127.45.255.9",
                 "--set", "Max_Auth=2") as farm:
        wait_for("the phone gave up", lambda: farm.line()["status"] == "failed")
        server.verdict(30)


main([register_423_before_the_challenge, register_423_after_the_challenge,
      a_registrar_that_always_challenges, a_registrar_without_authentication,
      max_auth_bounds_the_challenges_of_one_request])
