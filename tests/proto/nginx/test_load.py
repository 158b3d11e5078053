# SPDX-License-Identifier: BSD-3-Clause
"""What the report counts is what nginx logged: requests, statuses, bytes, connections."""
import collections
import csv
import json
import os
import re
import signal
import socket
import subprocess

from peers import (SPAFARM, Failure, Farm, Nginx, Process, check, http_get, main, make_ca,
                   ran, run_to_end, scratch, wait_for)

PROFILE = "<flat-profile><Station_Name>{}</Station_Name></flat-profile>"
LINE = re.compile(r'^(\S+) (\S+) (\d+) "[^"]*" (\S+) (\d+) (\d+) (\d+)$')
Entry = collections.namedtuple("Entry", "method uri status addr connection nth bytes")


def logged(server):
    """The access log as entries; what never became a request is left out."""
    entries = [LINE.match(line) for line in server.requests() if line.startswith(("GET ", "POST "))]
    check("every line of the log is understood", all(entries), server.requests()[:3])
    return [Entry(m[1], m[2], int(m[3]), m[4], int(m[5]), int(m[6]), int(m[7])) for m in entries]


def total(report, field):
    return sum(c[field] for c in report["fetch"]["classes"])


def statuses(report):
    sums = collections.Counter()
    for c in report["fetch"]["classes"]:
        sums.update({int(k): n for k, n in c["statuses"].items()})
    return dict(sums)


def equals_the_log(report, server):
    """All that both sides know. nginx logs a request a moment after its answer is out."""
    fetch = report["fetch"]
    try:
        wait_for("all is logged", lambda: len(logged(server)) >= fetch["requests"], 5)
    except Failure:
        pass  # the check below tells more
    log = logged(server)
    check("requests", fetch["requests"] == len(log), (fetch["requests"], len(log)))
    check("all of them left", total(report, "sent") == len(log), fetch["classes"])
    check("statuses", statuses(report) == dict(collections.Counter(e.status for e in log)),
          statuses(report))
    check("connections", fetch["connections"]["opened"] == len({e.connection for e in log}),
          fetch["connections"])
    check("none used twice", fetch["connections"]["reused"] == sum(e.nth > 1 for e in log),
          fetch["connections"])
    # the body of a challenge that is answered is thrown away unread
    served = {(e.addr, e.uri) for e in log if e.status != 401}
    bodies = sum(e.bytes for e in log if e.status != 401 or (e.addr, e.uri) not in served)
    check("bytes", total(report, "bytes") == bodies, (total(report, "bytes"), bodies))
    series = report["series"]["columns"]
    check("the series has them all", sum(series["requests"]) == len(log), series["requests"])
    check("and their bytes", sum(series["bytes"]) == bodies, series["bytes"])


def files(count, big=0):
    folder = scratch()
    with open(os.path.join(folder, "spa504G.cfg"), "w") as f:
        f.write(PROFILE.format("model"))
    os.mkdir(os.path.join(folder, "p"))
    for n in range(1, count + 1):
        with open(os.path.join(folder, "p", f"{0x000e08000000 + n:012x}.xml"), "w") as f:
            f.write(PROFILE.format("x" * n) + "\n" * big)
    return folder


def accounts(rows):
    path = os.path.join(scratch(), "accounts.csv")
    with open(path, "w") as f:
        f.write("mac,user,profile_rule\n")
        for n, rule in enumerate(rows, 1):
            f.write(f"{0x000e08000000 + n:012X},{2000 + n},{rule}\n")
    return path


def every_kind_of_answer_is_counted_as_logged():
    base = "http://127.61.255.1:8080"
    kinds = [f"{base}/p/$MA.xml", f"{base}/moved/$MA.xml", f"{base}/none/$MAU.xml",
             f"{base}/fail?id=$SN", f"[--uid joe --pwd secret]{base}/locked/$MA.xml",
             f"{base}/locked/$MA.xml"]
    folder = files(120)
    with open(os.path.join(folder, "users"), "w") as f:
        f.write("joe:{PLAIN}secret\n")
    extra = (f"location /moved/ {{ rewrite ^/moved/(.*)$ /p/$1 redirect; }}"
             f"location /fail {{ return 503 'later'; }}"
             f"location /locked/ {{ auth_basic x; auth_basic_user_file {folder}/users;"
             f" alias {folder}/p/; }}")
    with Nginx("127.61.255.1", folder, extra=extra) as server:
        path = accounts([kinds[n % len(kinds)] for n in range(120)])
        code, output, report = run_to_end(
            "--accounts", path, "--addr", "127.61.0.0/24", "--profile-rule", "/unused", "--until",
            "idle", "--seed", "3")
        check("the run ends well", code == 0, output[-2000:])
        equals_the_log(report, server)
        log = logged(server)
    classes = {c["class"]: c for c in report["fetch"]["classes"]}
    check("each class of URLs is one", set(classes) == {
        "/p/{mac}.xml", "/moved/{mac}.xml", "/none/{mac}.xml", "/fail?id={serial}",
        "/locked/{mac}.xml"}, sorted(classes))
    by_class = collections.Counter(e.uri.split("/")[1].split("?")[0] for e in log)
    for name, c in classes.items():
        check(f"{name} as logged", c["requests"] == by_class[name.split("/")[1].split("?")[0]], c)
        check(f"{name}: each ends in one way", c["requests"] == c["ok"] + c["error"] +
              c["redirected"] + c["challenged"] + c["cancelled"], c)
    check("redirects", classes["/moved/{mac}.xml"]["redirected"] == 20, classes)
    check("and what they led to", classes["/p/{mac}.xml"]["ok"] == 40, classes)
    locked = classes["/locked/{mac}.xml"]
    check("challenges", [locked[k] for k in ("challenged", "ok", "error")] == [20] * 3, locked)
    check("with a cause and a phone", locked["errors"] == {"HTTP 401": 20} and
          locked["examples"]["HTTP 401"] % 6 == 0, locked)
    check("a server's fault is an error", classes["/fail?id={serial}"]["errors"] ==
          {"HTTP 503": 20}, classes)
    check("files are counted as before", report["fetch"]["ok"] == 60 and
          report["fetch"]["error"] == 60, report["fetch"])


def handshakes_are_counted():
    folder = scratch()
    ca, cert, key = make_ca(folder, "127.61.255.2")
    extra = f"ssl_certificate {cert}; ssl_certificate_key {key};"
    rule = "https://127.61.255.2:8443/p/$MA.xml"
    with Nginx("127.61.255.2", files(50), port=8443, listen="127.61.255.2:8443 ssl",
               extra=extra) as server:
        code, output, report = run_to_end("--count", "50", "--addr", "127.61.1.0/24", "--mac",
                                          "000E08000001", "--profile-rule", rule, "--ca", ca,
                                          "--until", "provisioned")
        check("the run ends well", code == 0, output[-2000:])
        equals_the_log(report, server)
        connections = report["fetch"]["connections"]
        check("a handshake each", connections["tls_handshakes"] == 50 and
              connections["tls_failed"] == 0, connections)
        check("the class names the scheme", report["fetch"]["classes"][0]["scheme"] == "https")
        before = len(logged(server))
        other, _, _ = make_ca(scratch(), "127.61.255.9", "other")
        code, output, report = run_to_end("--count", "20", "--addr", "127.61.2.0/24",
                                          "--profile-rule", rule, "--ca", other, "--until", "idle")
        connections = report["fetch"]["connections"]
        check("a server nobody trusts gets no request", len(logged(server)) == before)
        check("but a connection each", connections["opened"] == 20 and
              connections["tls_failed"] == 20 and connections["tls_handshakes"] == 0, connections)
        check("nothing was sent", total(report, "sent") == 0 and total(report, "error") == 20,
              report["fetch"]["classes"])


def a_cut_cancels_what_is_under_way():
    extra = ("limit_rate 200; location = /status { stub_status; limit_rate 0; access_log off; }")
    with Nginx("127.61.255.3", files(60, big=4000), extra=extra) as server, \
            Farm("--count", "60", "--addr", "127.61.3.0/24", "--mac", "000E08000001",
                 "--profile-rule", "http://127.61.255.3:8080/p/$MA.xml") as farm:
        in_flight = lambda: farm.call("stats")["series"]["columns"]["in_flight"][-1]
        status = lambda: http_get("http://127.61.255.3:8080/status").decode()
        writing = lambda: int(re.search(r"Writing: (\d+)", status())[1])
        wait_for("nginx answers every phone, and us", lambda: writing() == 61)
        check("every phone is fetching", in_flight() == 60)
        farm.call("power-cycle", phones="all", off=1000)
        check("nothing is under way without power", in_flight() == 0)
        check("no phone is on", not any(s["power"] for s in farm.call("list")))
        wait_for("nginx notices", lambda: len(logged(server)) == 60)
        report = farm.report()
    c = report["fetch"]["classes"][0]
    check("they were cancelled", c["cancelled"] == 60 and c["requests"] == 60, c)
    check("having been sent", c["sent"] == 60, c)
    check("which is no error of the server", c["error"] == 0 and c["ok"] == 0, c)


def shards_and_their_series_add_up():
    folder = scratch()
    with Nginx("127.61.255.4", files(80)) as server:
        def part(i):
            return Process([SPAFARM, "run", "--control", f"{folder}/c{i}", "--report",
                            f"{folder}/{i}.json", "--series", f"{folder}/{i}.csv", "--shard",
                            f"{i}/2", "--count", "80", "--addr", "127.61.4.0/24", "--mac",
                            "000E08000001", "--seed", "5", "--rate", "20", "--profile-rule",
                            "http://127.61.255.4:8080/p/$MA.xml", "--until", "provisioned"])
        with part(1) as one, part(2) as two:
            check("both end well", ran(one.wait(60)) and ran(two.wait(60)),
                  one.output() + two.output())
        merged = subprocess.run([SPAFARM, "report", "--json", f"{folder}/1.json",
                                 f"{folder}/2.json"], capture_output=True, text=True, check=True)
        report = json.loads(merged.stdout)
        equals_the_log(report, server)
    for i in (1, 2):
        with open(f"{folder}/{i}.json") as f:
            own = json.load(f)["series"]["columns"]
        with open(f"{folder}/{i}.csv", newline="") as f:
            rows = list(csv.DictReader(f))
        check("the CSV has every second", [int(r["t"]) for r in rows] == list(range(len(rows))))
        for column in ("boots", "requests", "bytes", "errors", "registrations"):
            check(f"{column} of the CSV", sum(int(r[column]) for r in rows) == sum(own[column]),
                  (i, column))
        check("40 boots", sum(own["boots"]) == 40, own)
    check("80 together", sum(report["series"]["columns"]["boots"]) == 80)
    check("all provisioned at the end", report["series"]["columns"]["provisioned"][-1] == 80)
    page = f"{folder}/page.html"
    subprocess.run([SPAFARM, "report", f"{folder}/1.json", f"{folder}/2.json", "--html", page],
                   check=True, capture_output=True)
    lint = subprocess.run(["xmllint", "--noout", page], capture_output=True, text=True)
    check("the page is well-formed", lint.returncode == 0 and not lint.stderr, lint.stderr[:500])


def a_real_boot_spreads_the_first_requests():
    with Nginx("127.61.255.5", files(100)) as server, \
            Farm("--count", "100", "--addr", "127.61.5.0/24", "--mac", "000E08000001", "--boot",
                 "real", "--time-scale", "10", "--profile-rule",
                 "http://127.61.255.5:8080/p/$MA.xml") as farm:
        wait_for("all are provisioned", lambda: farm.call("stats")["provisioned"] == 100, 60)
        requests = farm.call("stats")["series"]["columns"]["requests"]
        check("over some 4 s, not at once", sum(n > 5 for n in requests) >= 4, requests)
        farm.call("power-cycle", phones="all", off=1, rate=50, ramp=1)
        wait_for("and again after a cut",
                 lambda: farm.call("stats")["fetch"]["requests"] == 200, 60)
        farm.stop(signal.SIGINT)
        with open(farm.report_path) as f:
            equals_the_log(json.load(f), server)


def phones_that_do_not_register_hold_nobody_up():
    """Boots make room for others when they end, registered or not."""
    with Nginx("127.61.255.6", files(700)) as server:
        code, output, report = run_to_end(
            "--count", "700", "--addr", "127.61.8.0/22", "--mac", "000E08000001", "--set",
            "Register_1_=No", "--profile-rule", "http://127.61.255.6:8080/p/$MA.xml", "--until",
            "provisioned")
        check("the run ends well", code == 0, output[-2000:])
        check("long before the first would be passed over", report["wall_s"] < 9, report["wall_s"])
        equals_the_log(report, server)


def what_is_under_way_at_the_end_is_told():
    """nginx logs it as 499, the report in no count; what was not answered took no 0 ms."""
    extra = "location /slow { proxy_pass http://127.61.255.7:9; proxy_connect_timeout 60; }"
    held = socket.socket()
    held.bind(("127.61.255.7", 9))
    held.listen(0)
    waiting = [socket.socket() for _ in range(3)]
    for conn in waiting:  # its queue is full
        conn.setblocking(False)
        conn.connect_ex(("127.61.255.7", 9))
    base = "http://127.61.255.6:8080"
    rows = [f"{base}/slow", "http://127.61.255.6:8099/refused", f"{base}/spa504G.cfg"]
    with Nginx("127.61.255.6", files(0), extra=extra) as server:
        code, output, report = run_to_end(
            "--accounts", accounts(rows * 5), "--addr", "127.61.6.0/24", "--profile-rule", "/unused",
            "--set", "Register_1_=No", "--for", "2", "--seed", "3")
        check("the run ends well", ran(code), output[-2000:])
        wait_for("all is logged", lambda: len(logged(server)) == 10, 5)
        check("nginx", collections.Counter(e.status for e in logged(server)) == {499: 5, 200: 5},
              server.requests())
    fetch = report["fetch"]
    check("five are under way", fetch["unfinished"] == 5, fetch)
    check("in no class", {c["class"]: (c["requests"], c["sent"]) for c in fetch["classes"]} ==
          {"/refused": (5, 0), "/spa504G.cfg": (5, 5)}, fetch["classes"])
    check("the table says so", "under way at the end, in no count above: 5" in output, output[-2000:])
    row = next(line for line in output.splitlines() if line.endswith("/refused"))
    check("and shows no time of what was not answered",
          row.split() == ["5", "0", "5", "0", "-", "-", "-", "-", "/refused"], row)
    part = os.path.join(scratch(), "part.json")
    with open(part, "w") as f:
        json.dump(report, f)
    both = subprocess.run([SPAFARM, "report", part, part], capture_output=True, text=True)
    check("parts add up", "in no count above: 10" in both.stdout, both.stdout + both.stderr)


main([every_kind_of_answer_is_counted_as_logged, handshakes_are_counted,
      a_cut_cancels_what_is_under_way, shards_and_their_series_add_up,
      a_real_boot_spreads_the_first_requests, phones_that_do_not_register_hold_nobody_up,
      what_is_under_way_at_the_end_is_told])
