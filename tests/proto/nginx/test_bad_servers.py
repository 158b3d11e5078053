# SPDX-License-Identifier: BSD-3-Clause
"""Provisioning servers that misbehave: each failure has its own clear line, no other phone minds."""
import asyncio
import collections
import os
import random
import socket
import struct
import threading
import time

from peers import Farm, Nginx, check, main, scratch, wait_for

# what a sanitizer keeps of freed memory is not the farm's
os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=2"
PROFILE = b"<flat-profile><Station_Name>Good</Station_Name></flat-profile>"


class RawServer(threading.Thread):
    """Answers each connection with fixed bytes, then closes; or never answers (None)."""

    def __init__(self, addr, port, answer):
        super().__init__(daemon=True)
        self.answer = answer
        self.held = []
        self.listener = socket.create_server((addr, port))
        self.start()

    def run(self):
        while True:
            try:
                conn, _ = self.listener.accept()
            except OSError:
                return
            if self.answer is None:
                self.held.append(conn)
                continue
            conn.recv(4096)
            conn.sendall(self.answer)
            conn.close()


CASES = [  # rule, word the error must hold
    ("http://127.51.255.1:8080/good.xml", None),
    ("http://127.51.255.2:8080/refused.xml", "refused"),
    ("http://127.51.255.3:8080/truncated.xml", "truncated"),
    ("http://127.51.255.1:8080/page.html", "flat-profile"),
    ("http://127.51.255.1:8080/broken.xml", "line 2"),
    ("http://127.51.255.1:8080/missing.xml", "HTTP 404"),
    ("http://127.51.255.1:8080/huge.xml", "too large"),
    ("http://127.51.255.1:8080/loop", "redirect"),
    ("http://no-such-host.invalid/x.xml", "dns"),
    ("http://127.51.255.1:8080/fail", "HTTP 500"),
    ("http://127.51.255.1:8080/moved", None),
]


def put(folder, name, data):
    with open(os.path.join(folder, name), "wb") as f:
        f.write(data)


def each_failure_has_its_own_line():
    files = scratch()
    put(files, "good.xml", PROFILE)
    put(files, "page.html", b"<html><head><title>x</title></head><body>Hello</body></html>")
    put(files, "broken.xml", b"<flat-profile>\n<Station_Name>x</Station></flat-profile>")
    with open(os.path.join(files, "huge.xml"), "wb") as f:
        f.truncate(100 << 20)
    extra = ("location /loop { return 302 /loop; } location /fail { return 500; }"
             "location /moved { return 301 /good.xml; }")
    RawServer("127.51.255.3", 8080, b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<flat-profile>")
    accounts = os.path.join(scratch(), "accounts.csv")
    with open(accounts, "w") as f:
        f.write("user,profile_rule\n")
        for i, (rule, _) in enumerate(CASES):
            f.write(f"u{i},{rule}\n")
    with Nginx("127.51.255.1", files, extra=extra), \
            Farm("--count", str(len(CASES)), "--accounts", accounts, "--addr", "127.51.0.0/24",
                 "--profile-rule", "/unused") as farm:
        farm.call("wait", phones="all", cond="idle", timeout=60)
        for i, (rule, word) in enumerate(CASES):
            provisioning = farm.state(i + 1)["provisioning"]
            if word is None:
                check(f"{rule} is taken", not provisioning["last_error"], provisioning)
                check("its value is in force",
                      farm.call("get", phones=str(i + 1), names=["Station_Name"]) and
                      "Good" in str(farm.call("get", phones=str(i + 1), names=["Station_Name"])))
            else:
                check(f"{rule} says {word}", word in provisioning["last_error"], provisioning)
        errors = farm.report()["fetch"]["errors"]
        check("the report keeps them apart", len(errors) >= 8, errors)


def a_server_that_stalls_is_given_up():
    RawServer("127.51.255.4", 8080, None)
    with Farm("--count", "1", "--addr", "127.51.1.0/24", "--profile-rule",
              "http://127.51.255.4:8080/x.xml") as farm:
        farm.call("wait", phones="1", cond="idle", timeout=60)
        provisioning = farm.state()["provisioning"]
        check("the error is a timeout", provisioning["last_error"] == "timeout: no answer", provisioning)


def how_long_a_phone_waits_is_a_choice():
    """Neither time limits nor TFTP's timers were established (provisioning.md 19)."""
    RawServer("127.51.255.10", 8080, None)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.51.255.10", 69))
        for rule, option in (("http://127.51.255.10:8080/x.xml", ["Sim_Fetch_Timeout=0.5"]),
                             ("tftp://127.51.255.10/x.xml", ["Sim_TFTP_Retry=0.2",
                                                             "Sim_TFTP_Tries=3"])):
            started = time.monotonic()
            args = [word for o in option for word in ("--set", o)]
            with Farm("--count", "1", "--addr", "127.51.2.0/24", "--profile-rule", rule, *args) as farm:
                wait_for(f"{rule} is given up", lambda: farm.state()["provisioning"]["last_error"], 15)
                check(f"{rule}: a timeout", farm.state()["provisioning"]["last_error"] ==
                      ("timeout" if rule.startswith("tftp") else "timeout: no answer"))
            check(f"{rule}: soon", time.monotonic() - started < 15)
        silent.setblocking(False)
        asked = 0
        try:
            while silent.recv(600):
                asked += 1
        except BlockingIOError:
            pass
        check("TFTP asked three times", asked == 3, asked)


def no_room(addr, port):
    """A listener whose queue is full: nobody gets a connection."""
    listener = socket.socket()
    listener.bind((addr, port))
    listener.listen(0)
    waiting = [socket.socket() for _ in range(3)]
    for conn in waiting:
        conn.setblocking(False)
        conn.connect_ex((addr, port))
    return listener, waiting


class Hangup(RawServer):
    """Resets a connection as soon as somebody said something, or closes it."""

    def __init__(self, addr, port, reset):
        self.reset = reset
        super().__init__(addr, port, b"")

    def run(self):
        while True:
            conn, _ = self.listener.accept()
            conn.recv(4096)
            if self.reset:
                conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            conn.close()


def a_cause_says_how_far_it_came():
    """One that tests a server wants to know: no connection, no handshake, or no answer?"""
    addr = "127.51.255.11"
    held = no_room(addr, 8001)
    for port, answer in ((8002, None), (8003, None), (8007, b"HTTP/1.1 400 Bad\r\n\r\n"),
                         (8008, b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n")):
        RawServer(addr, port, answer)
    for port in (8004, 8005):
        Hangup(addr, port, port == 8005)
    cases = [("http", 8001, "timeout: no connection"), ("http", 8002, "timeout: no answer"),
             ("https", 8003, "timeout: TLS handshake"),
             ("https", 8004, "TLS handshake: connection closed"),
             ("https", 8005, "TLS handshake: connection reset"),
             ("https", 8006, "connection refused"),
             ("https", 8007, "TLS handshake: the server does not speak TLS"),
             ("http", 8008, "truncated"), ("http", 8005, "connection reset")]
    accounts = os.path.join(scratch(), "accounts.csv")
    with open(accounts, "w") as f:
        f.write("user,profile_rule\n")
        f.writelines(f"u{n},{scheme}://{addr}:{port}/{n}\n" for n, (scheme, port, _) in enumerate(cases))
    with Farm("--accounts", accounts, "--addr", "127.51.3.0/24", "--profile-rule", "/unused", "--set",
              "Sim_Fetch_Timeout=2", "--set", "Register_1_=No") as farm:
        farm.call("wait", phones="all", cond="idle", timeout=60)
        for n, (scheme, port, said) in enumerate(cases, 1):
            provisioning = farm.state(n)["provisioning"]
            check(f"{scheme} {port}", provisioning["last_error"] == said, provisioning)
        fetch = farm.report()["fetch"]
    check("the report has each", set(fetch["errors"]) == {said for *_, said in cases}, fetch)
    del held


class OddServer(threading.Thread):
    """Many connections at a time, each served by a coroutine of its own."""

    def __init__(self, addr, port, serve):
        super().__init__(daemon=True)
        self.loop, self.serve, self.ready = asyncio.new_event_loop(), serve, threading.Event()
        self.where = (addr, port)
        self.random = random.Random(1)
        self.asked = collections.defaultdict(list)  # by address: when
        self.start()
        self.ready.wait(10)

    async def handle(self, reader, writer):
        try:
            await reader.readuntil(b"\r\n\r\n")
            self.asked[writer.get_extra_info("peername")[0]].append(time.monotonic())
            await self.serve(self, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        writer.close()

    async def listen(self):
        server = await asyncio.start_server(self.handle, *self.where, backlog=1000)
        self.ready.set()
        await server.serve_forever()

    def run(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self.listen())


ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(PROFILE)


async def stall(server, writer):
    await asyncio.sleep(3600)


async def trickle(server, writer):
    for byte in ANSWER + PROFILE:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(1)


async def close_at_random(server, writer):
    whole = ANSWER + PROFILE
    writer.write(whole[:server.random.randrange(len(whole) * 2)])
    await writer.drain()


async def fail_now_and_then(server, writer):
    bad = server.random.random() < 0.2
    writer.write(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n" if bad else ANSWER + PROFILE)
    await writer.drain()


ODD = [  # address, what it does, what phones say of it, do they get through in the end
    ("127.51.255.5", stall, {"timeout: no answer"}, False),
    ("127.51.255.6", trickle, {"timeout: unfinished answer"}, False),
    ("127.51.255.7", close_at_random, {"truncated", "connection closed without an answer",
                                       "not an HTTP answer"}, True),
    ("127.51.255.8", fail_now_and_then, {"HTTP 503"}, True)]
EACH, SCALE, RETRY_S = 40, 10, 60


def rss_kib(pid):
    with open(f"/proc/{pid}/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))


def bad_servers_keep_phones_at_their_timers_and_nobody_else():
    """Forty phones on each bad server, forty on a good one, five minutes of theirs; then the limits."""
    files = scratch()
    put(files, "good.xml", PROFILE)
    servers = [OddServer(addr, 8080, serve) for addr, serve, _, _ in ODD]
    rules = [f"http://{addr}:8080/x.xml" for addr, *_ in ODD] + ["http://127.51.255.9:8080/good.xml"]
    accounts = os.path.join(scratch(), "accounts.csv")
    with open(accounts, "w") as f:
        f.write("user,profile_rule\n")
        for n in range(EACH * len(rules)):
            f.write(f"u{n},{rules[n % len(rules)]}\n")
    good = range(len(rules), EACH * len(rules) + 1, len(rules))
    with Nginx("127.51.255.9", files) as nginx, \
            Farm("--accounts", accounts, "--addr", "127.51.8.0/22", "--time-scale", str(SCALE),
                 "--set", f"Resync_Error_Retry_Delay={RETRY_S}", "--set", "Resync_Periodic=30", "--set",
                 "Line_Enable_1_=No", "--profile-rule", "/unused") as farm:
        pid = farm.child.pid
        descriptors, memory = [], []

        def look():
            descriptors.append(len(os.listdir(f"/proc/{pid}/fd")))
            memory.append(rss_kib(pid))
            return len(memory) >= 2 and time.monotonic() > until
        until = time.monotonic() + 10
        wait_for("the first round", look, 60)
        first = memory[-1]
        until = time.monotonic() + 20
        wait_for("five minutes of the phones' time", look, 60)
        states = farm.call("state", phones="all")
        rows = {(c["class"], c["scheme"]): c for c in farm.report()["fetch"]["classes"]}
        served = len(nginx.requests())
    check("a connection each at most, and what a farm has anyway",
          max(descriptors) <= EACH * len(rules) + 80, max(descriptors))
    check("memory stays where it was", memory[-1] - first < 30 << 10, (first, memory[-1]))
    by_rule = collections.defaultdict(list)
    for n, state in enumerate(states):
        by_rule[n % len(rules)].append(state["provisioning"])
    for n, (addr, serve, said, through) in enumerate(ODD):
        failed = [p for p in by_rule[n] if p["last_error"]]
        check(f"{serve.__name__}: known causes", {p["last_error"] for p in failed} <= said,
              {p["last_error"] for p in failed})
        check(f"{serve.__name__}: class C, and its retry", all(
            p["last_class"] == "C" and p["next_resync_s"] <= RETRY_S for p in failed), failed[:2])
        check(f"{serve.__name__}: who gets through", (len(failed) < EACH) == through, len(failed))
        for phone, times in servers[n].asked.items():
            gaps = [(b - a) * SCALE for a, b in zip(times, times[1:])]
            check(f"{serve.__name__}: {phone} waits for its timers", all(g > 28 for g in gaps), gaps)
    check("the others never notice", not any(p["last_error"] for p in by_rule[len(ODD)]))
    check("they asked at their own pace", 7 * EACH <= served <= 12 * EACH, served)
    print(f"descriptors {max(descriptors)}, memory {first} then {memory[-1]} KiB, {len(rows)} classes, "
          f"{served} requests of the {len(good)} others")


main([each_failure_has_its_own_line, a_server_that_stalls_is_given_up,
      how_long_a_phone_waits_is_a_choice, a_cause_says_how_far_it_came,
      bad_servers_keep_phones_at_their_timers_and_nobody_else])
