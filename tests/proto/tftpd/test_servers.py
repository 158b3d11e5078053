# SPDX-License-Identifier: BSD-3-Clause
"""tftpd-hpa and dnsmasq: more than 65535 blocks, missing files, and a death in mid-transfer."""
import os
import signal

from peers import DnsmasqTftp, Farm, Tftpd, check, main, scratch, wait_for

SERVERS = (Tftpd, DnsmasqTftp)
LOAD_BYTES = 36_000_000  # 70,313 blocks of 512 bytes: their number wraps at 65536
SCALE = 10


def put(folder, name, data):
    with open(os.path.join(folder, name + ".new"), "wb") as f:
        f.write(data)
    os.chmod(f.name, 0o644)
    os.rename(f.name, os.path.join(folder, name))


def profile(name, padding=0):
    return (f"<flat-profile><Station_Name>{name}</Station_Name><!-- {'x' * padding} -->"
            "</flat-profile>").encode()


def station_names(farm):
    return [row["Station_Name"] for row in
            (farm.call("get", phones=str(s["n"]), names=["Station_Name"]) for s in farm.call("list"))]


def a_load_of_more_blocks_than_there_are_numbers():
    for n, server in enumerate(SERVERS, 1):
        addr, files = f"127.86.255.{n}", scratch()
        put(files, "spa50x-30x-7-5-5.bin", b"\x91\x00" * (LOAD_BYTES // 2))
        with server(addr, files), \
                Farm("--count", "2", "--addr", f"127.86.{n}.0/24", "--firmware", "7.5.2b",
                     "--profile-rule", "", "--set", "Sim_Upgrade_Seconds=0.1", "--set",
                     f"Upgrade_Rule=tftp://{addr}/spa50x-30x-7-5-5.bin", "--set",
                     "Line_Enable_1_=No") as farm:
            for phone in (1, 2):
                wait_for(f"{server.__name__}: it runs the load",
                         lambda: farm.state(phone)["firmware"] == "7.5.5", 100)
            row = next(c for c in farm.report()["fetch"]["classes"] if ".bin" in c["class"])
        check(f"{server.__name__}: every byte came", row["bytes"] == 2 * LOAD_BYTES, row)
        check(f"{server.__name__}: a class by TFTP", row["scheme"] == "tftp" and row["ok"] == 2, row)


def missing_files_are_told_by_both():
    for n, server in enumerate(SERVERS, 3):
        addr, files = f"127.86.255.{n}", scratch()
        put(files, "b.cfg", profile("B"))
        with server(addr, files), \
                Farm("--count", "10", "--addr", f"127.86.{n}.0/24", "--profile-rule",
                     f"tftp://{addr}/none/$MA.cfg", "--set", "Line_Enable_1_=No", "--set",
                     f"Profile_Rule_B=tftp://{addr}/b.cfg") as farm:
            farm.call("wait", phones="all", cond="idle", timeout=30)
            p = farm.state()["provisioning"]
            check(f"{server.__name__}: not found", p["last_class"] == "B" and
                  p["last_error"] == "TFTP 1 File not found", p)
            check(f"{server.__name__}: the pass ends there", "B" not in station_names(farm))
            check(f"{server.__name__}: a retry is planned", 3000 < p["next_resync_s"] <= 3600, p)
            farm.call("set", phones="1", values=["Resync_Fails_On_FNF=No"])
            farm.call("resync", phones="1")
            wait_for(f"{server.__name__}: where that is no failure, rule B is next",
                     lambda: station_names(farm)[0] == "B")
            rows = {c["class"]: c for c in farm.report()["fetch"]["classes"]}
        row = rows["/none/{mac}.cfg"]
        check(f"{server.__name__}: counted by its code", row["statuses"] == {"1": 11}, row)
        check(f"{server.__name__}: with a cause", row["errors"] == {"TFTP 1 File not found": 11}, row)


def a_server_that_dies_in_mid_transfer(sig, said, n, server):
    """Twenty phones are reading a file of 7 MB, one reads another server's."""
    addr, other, files, count = f"127.86.255.{n}", f"127.86.255.{n + 100}", scratch(), 20
    put(files, "big.cfg", profile("New", 7_000_000))
    put(files, "old.cfg", profile("Old"))
    retry = "Resync_Error_Retry_Delay=60"
    with server(addr, files) as victim, Tftpd(other, files), \
            Farm("--count", str(count + 1), "--addr", f"127.86.{n}.0/24", "--time-scale", str(SCALE),
                 "--profile-rule", f"tftp://{other}/old.cfg", "--set", "Line_Enable_1_=No", "--set",
                 retry) as farm:
        farm.call("wait", phones="all", cond="provisioned", timeout=60)
        farm.call("resync", phones=f"1-{count}", url=f"tftp://{addr}/big.cfg")
        in_flight = lambda: farm.call("stats")["series"]["columns"]["in_flight"][-1]
        wait_for("they are reading", lambda: in_flight() == count)
        os.killpg(victim.child.pid, sig)
        farm.call("resync", phones=str(count + 1), url=f"tftp://{other}/old.cfg")
        failed = lambda: [p for p in (farm.state(i)["provisioning"] for i in range(1, count + 1))
                          if p["last_error"]]
        wait_for("each notices", lambda: len(failed()) == count)
        for p in failed():
            check(f"{server.__name__}, {sig.name}: {said}", p["last_error"] == said and
                  p["last_class"] == "C" and p["next_resync_s"] <= 60, p)
        check("what was there stays", station_names(farm) == ["Old"] * (count + 1))
        check("the other phone does not notice", not farm.state(count + 1)["provisioning"]["last_error"])
        put(files, "old.cfg", profile("Back"))
        wait_for("their timers bring them back, by their rules",
                 lambda: station_names(farm)[:count] == ["Back"] * count)
        row = next(c for c in farm.report()["fetch"]["classes"] if c["class"] == "/big.cfg")
        victim.stop(signal.SIGKILL)  # a stopped one hears nothing else
    check("each counts once", row["errors"] == {said: count} and row["ok"] == 0, row)


def a_server_that_is_killed_is_noticed_at_once():
    for n, server in enumerate(SERVERS, 5):
        a_server_that_dies_in_mid_transfer(signal.SIGKILL, "connection refused", n, server)


def a_server_that_falls_silent_is_given_up():
    for n, server in enumerate(SERVERS, 7):
        a_server_that_dies_in_mid_transfer(signal.SIGSTOP, "timeout", n, server)


main([a_load_of_more_blocks_than_there_are_numbers, missing_files_are_told_by_both,
      a_server_that_is_killed_is_noticed_at_once, a_server_that_falls_silent_is_given_up])
