# SPDX-License-Identifier: BSD-3-Clause
"""Firmware upgrades by HTTP and TFTP, and the lines a syslog server gets of them and of resyncs."""
import os
import socket

from peers import Dnsmasq, Farm, Nginx, Tftpd, check, http_get, main, scratch, wait_for


def put(folder, name, data):
    with open(os.path.join(folder, name), "wb") as f:
        f.write(data)


def load(size=3000000):
    return b"\x91\x00" * (size // 2)


class Syslog:
    """A syslog server: datagrams with who sent them."""

    def __init__(self, addr, port=514):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((addr, port))
        self.socket.settimeout(0.01)
        self.lines = []

    def read(self):
        try:
            while True:
                data, (sender, _) = self.socket.recvfrom(2000)
                self.lines.append((sender, data.decode()))
        except OSError:
            return self.lines


def a_load_comes_and_the_phone_is_that_version():
    files = scratch()
    put(files, "spa50x-30x-7-5-5.bin", load())
    put(files, "p.xml", b"<flat-profile><Upgrade_Rule>http://127.83.255.1:8080/spa50x-30x-7-5-5.bin"
        b"</Upgrade_Rule></flat-profile>")
    with Nginx("127.83.255.1", files) as nginx, \
            Farm("--count", "3", "--addr", "127.83.0.0/24", "--firmware", "7.5.2b", "--set",
                 "Sim_Upgrade_Seconds=0.3", "--profile-rule", "http://127.83.255.1:8080/p.xml",
                 "--registrar", "127.83.255.9", "--set", "Register_1_=No") as farm:
        for n in (1, 2, 3):
            wait_for("it runs 7.5.5", lambda: farm.state(n)["firmware"] == "7.5.5")
        wait_for("and resyncs", lambda: sum("p.xml" in r for r in nginx.requests()) == 6)
        asked = nginx.requests()
        check("one load each", sum(".bin" in r for r in asked) == 3, asked)
        check("as the old version first", all("-7.5.2b " in r for r in asked if ".bin" in r), asked)
        check("then as the new one", sum("p.xml" in r and "SPA504G-7.5.5 " in r for r in asked) == 3,
              asked)
        events = farm.call("events", phones="1")
        check("it says why it restarts", any(e["ev"] == "reboot" and e["why"] == "Upgrade"
                                             for e in events), events)


def the_new_version_behaves_as_itself():
    """From 7.4.4 on an XML-Service body is a URL only; UPDATE comes with 7.5.2: Allow says so."""
    files = scratch()
    put(files, "spa50x-30x-7-5-2b.bin", load())
    with Nginx("127.83.255.2", files), \
            Farm("--count", "1", "--addr", "127.83.2.0/24", "--firmware", "7.4.3", "--set",
                 "Sim_Upgrade_Seconds=0.1") as farm:
        farm.call("wait", phones="1", cond="registered", timeout=30)
        before = str(farm.call("trace", phones="1", whole=True))
        check("the old one says who it is", "Cisco/SPA504G-7.4.3" in before)
        farm.call("set", phones="1", values=[
            "Upgrade_Rule=http://127.83.255.2:8080/spa50x-30x-7-5-2b.bin"])
        wait_for("the new one registers", lambda: "Cisco/SPA504G-7.5.2b" in
                 str(farm.call("trace", phones="1", whole=True)))


def what_is_no_load_is_refused_and_told():
    files = scratch()
    put(files, "spa50x-30x-7-5-5.bin", b"<html>not here</html>" * 1000)
    put(files, "spa50x-30x-7-4-3.bin", load())
    rows = os.path.join(scratch(), "rows.csv")
    names = ["spa50x-30x-7-5-5.bin", "spa50x-30x-7-4-3.bin", "missing-7-5-5.bin"]
    with open(rows, "w") as f:
        f.write("user,fw\n" + "".join(f"u{i},{name}\n" for i, name in enumerate(names)))
    with Nginx("127.83.255.3", files), \
            Farm("--accounts", rows, "--addr", "127.83.3.0/24", "--firmware", "7.5.2b", "--registrar",
                 "127.83.255.9", "--set", "Register_1_=No", "--set", "Downgrade_Rev_Limit=7.4.8",
                 "--set", "Upgrade_Rule=http://127.83.255.3:8080/{fw}") as farm:
        for n, said in ((1, "corrupt file: it is text"), (2, "older than Downgrade_Rev_Limit"),
                        (3, "HTTP 404")):
            wait_for(said, lambda: said in farm.state(n)["upgrade"]["error"])
            state = farm.state(n)
            check("the version stays", state["firmware"] == "7.5.2b", state)
            check("it tries again in an hour", 3500 < state["upgrade"]["retry_s"] <= 3600, state)


def loads_come_by_tftp_too():
    files = scratch()
    put(files, "spa51x-7-6-2.bin", load(400000))
    os.chmod(os.path.join(files, "spa51x-7-6-2.bin"), 0o644)
    with Tftpd("127.83.255.4", files), \
            Farm("--count", "1", "--model", "SPA514G", "--firmware", "7.5.5", "--addr",
                 "127.83.4.0/24", "--registrar", "127.83.255.9", "--set", "Register_1_=No", "--set",
                 "Sim_Upgrade_Seconds=0.1", "--set",
                 "Upgrade_Rule=tftp://127.83.255.4/spa51x-7-6-2.bin") as farm:
        wait_for("7.6.2", lambda: farm.state()["firmware"] == "7.6.2")


def resyncs_and_upgrades_are_logged_with_their_macros():
    files = scratch()
    put(files, "p.xml", b"<flat-profile/>")
    put(files, "spa50x-30x-7-5-5.bin", load())
    syslog, debug = Syslog("127.83.255.55"), Syslog("127.83.255.56", 5514)
    mac = "00:0e:08:00:00:01"
    with Dnsmasq("127.83.255.53", hosts={"log.test": "127.83.255.55"}), \
            Nginx("127.83.255.5", files), \
            Farm("--count", "1", "--addr", "127.83.5.0/24", "--firmware", "7.5.2b", "--dns",
                 "127.83.255.53", "--mac", "000E08000001", "--profile-rule",
                 "http://127.83.255.5:8080/p.xml", "--set",
                 "Syslog_Server=log.test", "--set", "Debug_Server=127.83.255.56:5514", "--set",
                 "Sim_Upgrade_Seconds=0.1", "--set", "Resync_After_Upgrade_Attempt=No", "--set",
                 "Upgrade_Rule=http://127.83.255.5:8080/spa50x-30x-7-5-5.bin") as farm:
        at = "http://127.83.255.5:8080"
        wanted = [f"<134>SPA504G {mac} -- Requesting resync {at}/p.xml",
                  f"<134>SPA504G {mac} -- Successful resync {at}/p.xml",
                  f"<134>SPA504G {mac} -- Requesting upgrade {at}/spa50x-30x-7-5-5.bin",
                  f"<134>SPA504G {mac} -- Successful upgrade {at}/spa50x-30x-7-5-5.bin -- 7.5.5"]
        wait_for("four lines", lambda: len(syslog.read()) >= 4 and len(debug.read()) >= 4)
        check("in their words", sorted(line for _, line in syslog.lines) == sorted(wanted),
              syslog.lines)
        check("from the phone's address", {sender for sender, _ in syslog.lines} ==
              {farm.state()["ip"]}, syslog.lines)
        check("the debug server gets them, too", sorted(debug.lines) == sorted(syslog.lines),
              debug.lines)
        farm.call("wait", phones="1", cond="idle", timeout=30)
        syslog.lines.clear()
        farm.call("set", phones="1", values=["Log_Resync_Request_Msg=", "Log_Resync_Failure_Msg="
                                             "$PN of $A failed: $ERR", "GPP_A=us"])
        farm.call("resync", phones="1", url="http://127.83.255.5:8080/missing.xml")
        wait_for("a failure, and no request", lambda: syslog.read())
        check("an error", [line for _, line in syslog.lines] ==
              ["<131>SPA504G of us failed: file not found"], syslog.lines)
        syslog.lines.clear()
        farm.call("set", phones="1", values=["Resync_Fails_On_FNF=No", "Log_Resync_Success_Msg="
                                             "$PN of $A: $ERR"])
        farm.call("resync", phones="1", url="http://127.83.255.5:8080/missing.xml")
        wait_for("a success", lambda: syslog.read())
        check("a file that may be missing is none", [line for _, line in syslog.lines] ==
              ["<134>SPA504G of us: file not found"], syslog.lines)


def an_upgrade_that_is_asked_for_waits_for_the_resync_under_way():
    """14: commands wait until the phone is idle; at boot or later, by a rule or by the web."""
    files = scratch()
    put(files, "p.xml", b"<flat-profile><Station_Name>x</Station_Name></flat-profile>")
    put(files, "slow.xml", b"<flat-profile>" + b" " * 60000 + b"</flat-profile>")
    put(files, "spa50x-30x-7-5-5.bin", load())
    base, web = "http://127.83.255.8:8080", "http://127.83.8.1:8081"
    slow = "location = /slow.xml { limit_rate 30k; }"  # 2 s
    for what, rule in (("later", f"{base}/p.xml"), ("at boot", f"{base}/slow.xml")):
        with Nginx("127.83.255.8", files, extra=slow), \
                Farm("--count", "1", "--addr", "127.83.8.0/24", "--firmware", "7.5.2b", "--set",
                     "Sim_Upgrade_Seconds=0.1", "--web", "8081", "--profile-rule", rule, "--set",
                     "Register_1_=No") as farm:
            state = lambda: farm.state()["provisioning"]["state"]
            if what == "later":
                farm.call("wait", phones="1", cond="provisioned", timeout=30)
                http_get(f"{web}/admin/resync?{base}/slow.xml")
            wait_for("a resync is under way", lambda: state() == "running")
            http_get(f"{web}/admin/upgrade?{base}/spa50x-30x-7-5-5.bin")
            wait_for(f"{what}: it runs 7.5.5", lambda: farm.state()["firmware"] == "7.5.5", 15)


def the_debug_server_hears_what_its_level_says():
    files = scratch()
    put(files, "p.xml", b"<flat-profile><GPP_B>b</GPP_B></flat-profile>")
    debug = Syslog("127.83.255.57")
    at, head = "http://127.83.255.6:8080", "<135>SPA504G 00:0e:08:00:00:01 -- "
    failed = f"{at}/missing.xml: class B: HTTP 404"
    steps = ["resync begins: $PRVST 0", f"{at}/p.xml: status 200, 45 bytes",
             "resync ended: 2 files, 1 parameters changed, next in 3600 s"]
    rules = ["rule: 1 = 1: yes", "rule: condition of alternative 1: yes", f"rule: {at}/p.xml"]
    with Nginx("127.83.255.6", files):
        for level, wanted in enumerate(([], [failed], [failed] + steps, [failed] + steps + rules)):
            debug.lines.clear()
            with Farm("--count", "1", "--addr", "127.83.6.0/24", "--mac", "000E08000001",
                      "--profile-rule", f"(1 eq 1)? {at}/p.xml", "--set", f"Profile_Rule_B={at}/p.xml",
                      "--set", "Debug_Server=127.83.255.57", "--set", f"Debug_Level={level}") as farm:
                farm.call("wait", phones="1", cond="provisioned", timeout=30)
                farm.call("resync", phones="1", url=f"{at}/missing.xml")
                wait_for("it failed", lambda: farm.state()["provisioning"]["last_status"] == 404)
                wait_for("the lines come", lambda: debug.read() is not None and
                         all(head + line in [text for _, text in debug.lines] for line in wanted))
                said = {line for _, line in debug.lines}
            others = {head + line for line in [failed] + steps + rules} - {head + w for w in wanted}
            check(f"level {level}: no more", not said & others and (wanted or not said), said)


main([a_load_comes_and_the_phone_is_that_version, the_new_version_behaves_as_itself,
      what_is_no_load_is_refused_and_told, loads_come_by_tftp_too,
      resyncs_and_upgrades_are_logged_with_their_macros,
      an_upgrade_that_is_asked_for_waits_for_the_resync_under_way,
      the_debug_server_hears_what_its_level_says])
