# SPDX-License-Identifier: BSD-3-Clause
"""Provisioning servers that misbehave: each failure has its own clear line, no other phone minds."""
import os
import socket
import threading

from peers import Farm, Nginx, check, main, scratch

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
        check("the error is a timeout", "timeout" in provisioning["last_error"], provisioning)


main([each_failure_has_its_own_line, a_server_that_stalls_is_given_up])
