# SPDX-License-Identifier: BSD-3-Clause
"""Phones of one farm call each other through Kamailio, which challenges the INVITE: sound, digits,
hold, transfer of both kinds, failover of calls, TLS with SRTP, many calls at once."""
import os
import shutil
import signal
import subprocess

from peers import Dnsmasq, Farm, Kamailio, Sipp, check, main, scratch, wait_for

PLAN = ("--set", "Dial_Plan_1_=(xxx.)")
SOUND = ("--media", "on", "--set", "Sim_Media_Source=tone 1000 -10", "--set", "RTCP_Tx_Interval=1")


def farm_of(count, block, proxy, *options):
    farm = Farm("--count", str(count), "--addr", f"127.{block}.0.0/16", "--registrar", proxy, *PLAN,
                *options)
    farm.call("wait", phones="all", cond="registered", timeout=60)
    return farm


def wait(farm, phones, cond, seconds=10):
    farm.call("wait", phones=str(phones), cond=cond, timeout=seconds)


def connect(farm, caller, callee):
    """callee may be a phone number of the farm."""
    farm.call("dial", phones=str(caller), number=str(1000 + callee))
    wait(farm, callee, "ringing")
    farm.call("answer", phones=str(callee))
    wait(farm, caller, "connected")
    wait(farm, callee, "connected")


def call_of(farm, n, i=0):
    return farm.line(n)["calls"][i]


def hears_tone(farm, n):
    def heard():
        for call in farm.line(n)["calls"]:
            media = call.get("media", {"frequency_hz": 0, "level_dbm0": -99})
            if abs(media["frequency_hz"] - 1000) < 5 and abs(media["level_dbm0"] + 10) < 0.5:
                return media
        return None
    return wait_for(f"phone {n} hears the tone", heard)


def digits_of(farm, n):
    return "".join(e["digit"] for e in farm.call("events", phones=str(n)) if e["ev"] == "dtmf")


def sound_digits_and_hold():
    with Kamailio("127.71.255.1") as server, farm_of(3, 71, server.addr, *SOUND) as farm:
        connect(farm, 1, 2)
        media = hears_tone(farm, 2)
        hears_tone(farm, 1)
        check("no packet was lost", media["rx_lost"] == 0, media)
        check("jitter is measured", 0 <= media["jitter_ms"] < 20, media)
        wait_for("RTCP tells what arrived", lambda: call_of(farm, 1)["media"]["remote_reports"])
        farm.call("press", phones="1", keys=["5", "#"])
        wait_for("the digits arrive", lambda: digits_of(farm, 2) == "5#")
        farm.call("hold", phones="1")
        wait(farm, 2, "held")
        wait(farm, 1, "held")
        check("it says so", call_of(farm, 2)["state"] == "held" and
              call_of(farm, 1)["state"] == "holding", farm.line(2))
        wait_for("nothing arrives any more",
                 lambda: call_of(farm, 2)["media"]["level_dbm0"] < -90)
        farm.call("resume", phones="1")
        hears_tone(farm, 2)
        check("lamps", [farm.state(n)["lamps"]["line1"]["color"] for n in (1, 2, 3)] ==
              ["red", "red", "green"])
        farm.call("hangup", phones="2")
        wait(farm, "all", "idle")
        report = farm.report()["calls"]
        check("report", (report["placed"], report["answered"], report["failed"]) == (1, 1, 0), report)
        check("how long it took", 0 < report["ms"]["p50"] < 5000, report["ms"])
        media = report["media"]
        check("what the streams were like", media["streams"] == 2 and media["rx_packets"] > 50 and
              media["rx_lost"] == 0 and media["jitter_ms"]["max"] < 50, media)


def transfers():
    with Kamailio("127.72.255.1") as server, \
            farm_of(4, 72, server.addr, *SOUND, "--set", "Referor_Bye_Delay_1_=1") as farm:
        for attended in (False, True):
            connect(farm, 1, 2)
            farm.call("transfer", phones="1", number="1003", attended=attended)
            wait(farm, 3, "ringing")
            farm.call("answer", phones="3")
            wait(farm, 1, "idle", 20)
            hears_tone(farm, 2)
            hears_tone(farm, 3)
            check("they talk to each other", call_of(farm, 3)["peer"] == "1002", farm.line(3))
            farm.call("hangup", phones="3")
            wait(farm, "all", "idle")
        connect(farm, 1, 2)
        farm.call("transfer", phones="1", number="7777")  # nobody has that number
        wait(farm, 1, "screen~Transfer Failed")
        farm.call("resume", phones="1")
        hears_tone(farm, 2)


def failures_are_shown():
    with Kamailio("127.73.255.1") as server, \
            farm_of(3, 73, server.addr, "--set", "Sim_Release_Seconds=60") as farm:
        farm.call("dial", phones="1", number="7777")
        wait(farm, 1, "screen~Not Found")
        check("reorder tone", call_of(farm, 1)["tone"] == "reorder", farm.line(1))
        farm.call("hangup", phones="1")
        farm.call("dial", phones="1", number="1002")
        wait(farm, 2, "ringing")
        farm.call("hangup", phones="2")
        wait(farm, 1, "screen~Busy Here")
        check("busy tone", call_of(farm, 1)["tone"] == "busy", farm.line(1))
        farm.call("hangup", phones="1")
        farm.call("set", phones="2", values=["DND_Setting=Yes"])
        farm.call("dial", phones="1", number="1002")
        wait(farm, 1, "screen~Busy Here")
        farm.call("hangup", phones="1")
        farm.call("set", phones="2", values=["Cfwd_All_Dest=1003"])
        farm.call("dial", phones="1", number="1002")
        wait(farm, 3, "ringing")  # 302, and the caller calls there
        farm.call("hangup", phones="1")
        wait(farm, 3, "idle")


def two_servers(block):
    """A name server that gives both by priority, and the second of them."""
    addrs = [f"127.{block}.255.1", f"127.{block}.255.2"]
    srv = {"_sip._udp.farm.test": [("one.farm.test", 5060, 1, 10), ("two.farm.test", 5060, 2, 10)]}
    names = Dnsmasq(f"127.{block}.255.9", srv=srv,
                    hosts={"one.farm.test": addrs[0], "two.farm.test": addrs[1]})
    return names, addrs, Kamailio(addrs[1])


def redundant_farm(block, *options):
    return farm_of(1, block, "farm.test", "--dns", f"127.{block}.255.9", "--set",
                   "Use_DNS_SRV_1_=Yes", "--set", "DNS_SRV_Auto_Prefix_1_=Yes", "--set",
                   "SIP_Timer_B=2", *options)


def callee_at(server, block):
    """A phone with number 2001 that only the second server knows, and that answers."""
    return Farm("--count", "1", "--addr", f"127.{block}.1.0/24", "--registrar", server.addr, "--user",
                "2001", "--set", "Sim_Answer_After=0")


def moved(farm, first, second, registration):
    """The call was answered by way of the second; where the registration is is told."""
    wait(farm, 1, "connected", 20)
    ladder = farm.call("trace", phones="1", last=100)
    sent = [line for line in ladder.splitlines() if "INVITE sip:2001" in line and "-->" in line]
    check("first to the first, then to the second", first in sent[0] and second in sent[-1], ladder)
    farm.await_line("the registration is where it belongs",
                    lambda l: l["registered"] and l["server"].startswith(registration))
    events = farm.call("events", phones="1")
    check("an event says so", any(e["ev"] == "failover" and e["from"].startswith(first) and
                                  e["to"].startswith(second) for e in events), events)
    farm.call("hangup", phones="1")


def calls_move_from_a_dead_server():
    """ICMP, and Auto Register When Failover = Yes: the registration goes along."""
    names, (first, second), other = two_servers(74)
    with names, other, Kamailio(first) as dead, \
            redundant_farm(74, "--set", "Auto_Register_When_Failover_1_=Yes") as farm, \
            callee_at(other, 74) as callee:
        wait(callee, "all", "registered")
        dead.stop()
        farm.call("dial", phones="1", number="2001")
        moved(farm, first, second, second)


def calls_move_from_a_silent_server():
    """Timer B, and Auto Register When Failover = No: registered with the primary as before."""
    names, (first, second), other = two_servers(78)
    with names, other, Kamailio(first) as silent, \
            redundant_farm(78, "--set", "Auto_Register_When_Failover_1_=No") as farm, \
            callee_at(other, 78) as callee:
        wait(callee, "all", "registered")
        os.killpg(silent.child.pid, signal.SIGSTOP)
        try:
            farm.call("dial", phones="1", number="2001")
            moved(farm, first, second, first)
        finally:
            os.killpg(silent.child.pid, signal.SIGCONT)


def calls_move_by_try_backup_rsc():
    """Register = No, so that the server which refuses calls is all the phone sees."""
    names, (first, second), other = two_servers(79)
    scenario = os.path.join(os.path.dirname(__file__), "invite_503.xml")
    with names, other, Sipp(scenario, addr=first, calls=2) as busy, \
            Farm("--count", "1", "--addr", "127.79.0.0/16", "--registrar", "farm.test", "--dns",
                 "127.79.255.9", "--set", "Use_DNS_SRV_1_=Yes", "--set",
                 "DNS_SRV_Auto_Prefix_1_=Yes", "--set", "Register_1_=No", "--set",
                 "Make_Call_Without_Reg_1_=Yes", *PLAN) as farm, callee_at(other, 79) as callee:
        wait(callee, "all", "registered")
        wait(farm, "all", "idle")
        farm.call("dial", phones="1", number="2001")
        wait(farm, 1, "screen~Service Unavailable")  # 503 alone moves nothing (2.6)
        farm.call("hangup", phones="1")
        farm.call("set", phones="1", values=["Try_Backup_RSC=50?"])
        farm.call("dial", phones="1", number="2001")
        wait(farm, 1, "connected", 20)
        farm.call("hangup", phones="1")
        busy.verdict(20)


def certificate(folder):
    cert, key = os.path.join(folder, "c.pem"), os.path.join(folder, "k.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key,
                    "-out", cert, "-days", "2", "-subj", "/CN=127.75.255.1", "-addext",
                    "subjectAltName=IP:127.75.255.1"], check=True, capture_output=True)
    return cert, key


def encrypted_all_the_way():
    folder = scratch()
    tls = certificate(folder)
    with Kamailio("127.75.255.1", tls=tls) as server, \
            farm_of(2, 75, server.addr, *SOUND, "--transport", "TLS", "--ca", tls[0], "--set",
                    "Secure_Call_Setting=Yes", "--set", "SRTP_Method=s-descriptor") as farm:
        connect(farm, 1, 2)
        media = hears_tone(farm, 2)
        check("by SRTP", media["secure"], media)
        farm.call("hangup", phones="1")
        wait(farm, "all", "idle")
    shutil.rmtree(folder, ignore_errors=True)


main([sound_digits_and_hold, transfers, failures_are_shown, calls_move_from_a_dead_server,
      calls_move_from_a_silent_server, calls_move_by_try_backup_rsc,
      encrypted_all_the_way])
