# SPDX-License-Identifier: BSD-3-Clause
"""What phones said, as a capture file that tshark reads and as a ladder in the terminal."""
import os
import subprocess

from peers import SPAFARM, Farm, check, main, run_to_end, scratch

FIELDS = ("ip.src", "ip.dst", "sip.Method", "sip.Status-Code", "frame.comment", "ip.checksum.status",
          "_ws.malformed", "tcp.analysis.flags")


def read(path):
    argv = ["tshark", "-r", path, "-o", "ip.check_checksum:TRUE", "-T", "fields"]
    for field in FIELDS:
        argv += ["-e", field]
    result = subprocess.run(argv, capture_output=True, text=True, timeout=60)
    check("tshark reads it", result.returncode == 0, result.stderr)
    return [dict(zip(FIELDS, line.split("\t"))) for line in result.stdout.splitlines()]


def messages_of(transport, block):
    path = os.path.join(scratch(), "t.pcapng")
    code, output, _ = run_to_end("--count", "5", "--addr", f"127.55.{block}.0/24", "--no-provision",
                                 "--transport", transport, "--until", "registered", "--trace", path)
    check("the run ends well", code == 0, output)
    rows = read(path)
    check("four messages a phone", len(rows) == 20, rows)
    for n in range(1, 6):
        mine = [r for r in rows if r["frame.comment"] == f"phone {n}"]
        said = [r["sip.Method"] or r["sip.Status-Code"] for r in mine]
        check(f"phone {n} registers", said == ["REGISTER", "401", "REGISTER", "200"], mine)
        check("from its own address", [r["ip.src"] == f"127.55.{block}.{n}" for r in mine] ==
              [True, False, True, False], mine)
    check("nothing is wrong with a packet",
          all(r["ip.checksum.status"] == "1" and not r["_ws.malformed"] and
              not r["tcp.analysis.flags"] for r in rows), rows)


def udp_messages_are_packets():
    messages_of("UDP", 1)


def streams_are_whole():
    messages_of("TCP", 2)


def a_file_that_cannot_be_written_is_told():
    result = subprocess.run([SPAFARM, "run", "--count", "1", "--trace", "/no/such/folder/t.pcapng"],
                            capture_output=True, text=True, timeout=30)
    check("exit code 2", result.returncode == 2, result)
    check("it is named", "/no/such/folder/t.pcapng" in result.stderr, result.stderr)


def the_ladder_tells_the_last_messages():
    with Farm("--count", "2", "--addr", "127.55.3.0/24", "--no-provision") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=20)
        ladder = farm.call("trace", phones="2").splitlines()
        check("four lines", len(ladder) == 4, ladder)
        check("sent first", "127.55.3.2:5060" in ladder[0] and " --> " in ladder[0] and
              "REGISTER sip:" in ladder[0], ladder)
        check("then asked for a password", " <-- " in ladder[1] and "401" in ladder[1], ladder)
        check("only the last", farm.call("trace", phones="2", last=1).splitlines() == ladder[-1:])
        whole = farm.call("trace", phones="2", last=2, whole=True)
        check("whole messages on demand", "| Authorization: Digest username=" in whole, whole)


main([udp_messages_are_packets, streams_are_whole, a_file_that_cannot_be_written_is_told,
      the_ladder_tells_the_last_messages])
