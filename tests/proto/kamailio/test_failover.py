# SPDX-License-Identifier: BSD-3-Clause
"""Several Kamailios behind an SRV name of dnsmasq (sip-behaviour.md 2.5 to 2.7)."""
import csv
import json
import os
import socket

from peers import Dnsmasq, Farm, Kamailio, Sipp, check, main, scratch, wait_for

HERE = os.path.dirname(os.path.abspath(__file__))


class Site:
    """A block of addresses with a name server and up to three registrars."""

    def __init__(self, block):
        self.block = block
        self.addrs = [f"127.{block}.255.{n}" for n in (1, 2, 3)]
        self.dns = f"127.{block}.255.53"

    def names(self, rows=((10, 10), (20, 10), (30, 10))):
        """SRV for pbx.example.test with (priority, weight) of the three."""
        hosts = {f"k{i + 1}.example.test": addr for i, addr in enumerate(self.addrs)}
        srv = [(f"k{i + 1}.example.test", 5060, *row) for i, row in enumerate(rows)]
        return Dnsmasq(self.dns, hosts, {"_sip._udp.pbx.example.test": srv})

    def farm(self, count, *options, registrar="pbx.example.test"):
        return Farm("--count", str(count), "--addr", f"127.{self.block}.0.0/18", "--dns", self.dns,
                    "--registrar", registrar, "--set", "Use_DNS_SRV_1_=Yes", "--set",
                    "DNS_SRV_Auto_Prefix_1_=Yes", *options)


def servers(farm):
    found = {}
    for state in farm.call("state", phones="all"):
        line = state["lines"][0]
        key = (line["server"], line["registered"])
        found[key] = found.get(key, 0) + 1
    return found


def all_at(farm, addr, count):
    return servers(farm) == {(f"{addr}:5060", True): count}


def silent(addr):
    """Takes every datagram and says nothing."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((addr, 5060))
    return s


def the_best_priority_is_used_then_the_highest_weight():
    site = Site(57)
    first, second, third = site.addrs
    with site.names(((20, 50), (10, 10), (10, 40))), Kamailio(second), Kamailio(third) as best, \
            site.farm(5) as farm:
        farm.call("wait", phones="all", cond="registered", timeout=20)
        check("all are at the third", all_at(farm, third, 5), servers(farm))
        check("which knows them", len(best.contacts()) == 5, best.contacts())


def a_thousand_phones_fail_over_together():
    site = Site(58)
    first, second, _ = site.addrs
    count = 1000
    with site.names(), Kamailio(second) as backup:
        with Kamailio(first) as primary:
            farm = site.farm(count, "--time-scale", "60", "--set", "Register_Expires_1_=1200")
            farm.call("wait", phones="all", cond="registered", timeout=60)
            check("all are at the first", all_at(farm, first, count), servers(farm))
            check("which knows them", len(primary.contacts()) == count)
        with farm:  # the first is gone: its port answers with ICMP
            wait_for("all are at the second", lambda: all_at(farm, second, count), 60)
            wait_for("which knows them", lambda: len(backup.contacts()) == count)
            line = farm.line(17)
            check("the phone says why", line["server_why"] == "connection refused", line)
            check("none is lost", farm.call("stats")["registered"] == count)


def silence_is_a_reason_after_timer_f():
    site = Site(59)
    first, second, _ = site.addrs
    deaf = silent(first)
    with site.names(), Kamailio(second), site.farm(3, "--set", "SIP_Timer_F=2") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=30)
        check("all are at the second", all_at(farm, second, 3), servers(farm))
        check("because of silence", farm.line()["server_why"] == "timeout", farm.line())
    deaf.close()


def a_code_of_try_backup_rsc_is_a_reason():
    site = Site(60)
    first, second, _ = site.addrs
    busy = os.path.join(HERE, "always_503.xml")
    with site.names(), Kamailio(second):
        with Sipp(busy, addr=first), site.farm(1, "--set", "Try_Backup_RSC=404,5??") as farm:
            farm.call("wait", phones="all", cond="registered", timeout=20)
            line = farm.line()
            check("it is at the second", line["server"] == f"{second}:5060", line)
            check("because of the code", line["server_why"].startswith("503"), line)
        # blank: the code is a failure like others (2.3 rule 8)
        with Sipp(busy, addr=first), site.farm(1) as farm:
            line = farm.await_line("the answer is in", lambda l: l["status"] == "failed")
            check("it stays at the first", line["server"] == f"{first}:5060", line)
            check("and waits the long interval", 1100 < line["next_s"] <= 1200, line)


def when_all_are_down_the_search_begins_again():
    site = Site(61)
    with site.names(), site.farm(1, "--set", "Reg_Retry_Intvl=60", "--time-scale", "60") as farm:
        farm.await_line("all have failed", lambda l: l["status"] == "failed")
        with Kamailio(site.addrs[2]):
            line = farm.await_line("the third is found", lambda l: l["registered"])
            check("it is the third", line["server"] == f"{site.addrs[2]}:5060", line)


SCALE = 120

# (Register Expires, Proxy Fallback Intvl, Auto Register When Failover): phone seconds to fallback
DOCUMENTED = {(3600, 600, "No"): 600, (800, 1000, "No"): 800,
              (3600, 600, "Yes"): 3600, (600, 1000, "Yes"): 1200}


def fallback_happens_when_the_manual_says():
    site = Site(62)
    first, second, _ = site.addrs
    folder = scratch()
    accounts, events = os.path.join(folder, "a.csv"), os.path.join(folder, "events.json")
    with open(accounts, "w", newline="") as f:
        rows = csv.writer(f)
        rows.writerow(["user", "expires", "interval", "auto"])
        for n, case in enumerate(DOCUMENTED):
            rows.writerow([1001 + n, *case])
    with site.names(), Kamailio(second):
        farm = site.farm(4, "--accounts", accounts, "--events", events, "--time-scale", str(SCALE),
                         "--set", "Register_Expires_1_={expires}",
                         "--set", "Proxy_Fallback_Intvl_1_={interval}",
                         "--set", "Auto_Register_When_Failover_1_={auto}",
                         "--set", "Sim_Renewal_Factor=1", "--set", "Sim_Renewal_Minus_Timer_F=No")
        with farm:
            farm.call("wait", phones="all", cond="registered", timeout=20)
            check("all are at the second", all_at(farm, second, 4), servers(farm))
            with Kamailio(first):
                wait_for("all are back at the first", lambda: all_at(farm, first, 4),
                         4000 / SCALE + 10)
    with open(events) as f:
        happened = [json.loads(line) for line in f]
    for n, (case, wanted) in enumerate(DOCUMENTED.items()):
        def time_of(name):
            return next(e["t"] for e in happened if e["ev"] == name and e["n"] == n + 1)
        took = (time_of("fallback") - time_of("failover")) * SCALE
        check(f"{case} gives {wanted}", wanted - 5 <= took <= wanted + 0.5 * SCALE, took)


def a_primary_that_fails_again_is_left_again():
    site = Site(63)
    first, second, _ = site.addrs
    with site.names(), Kamailio(second), \
            site.farm(1, "--time-scale", "60", "--set", "Proxy_Fallback_Intvl_1_=120") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=20)
        failovers = lambda: sum(e["ev"] == "failover" for e in farm.call("events"))
        wait_for("it looks for the first and comes back", lambda: failovers() >= 3)
        line = farm.line()
        check("registered at the second all the time", line["registered"] and
              line["server"] == f"{second}:5060", line)


main([the_best_priority_is_used_then_the_highest_weight, a_thousand_phones_fail_over_together,
      silence_is_a_reason_after_timer_f, a_code_of_try_backup_rsc_is_a_reason,
      when_all_are_down_the_search_begins_again, fallback_happens_when_the_manual_says,
      a_primary_that_fails_again_is_left_again])
