# SPDX-License-Identifier: BSD-3-Clause
"""Resident bytes per idle registered phone: bare, and with a profile on every phone.

usage: memory.py BUILD_DIR [COUNT]. The cost of the program itself is taken off by the difference
between two farm sizes. Fails when a bare phone is over 12 KiB.
"""
import json
import os
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SPAFARM = os.path.join(sys.argv[1], "spafarm")
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 4000
LIMIT = 12 * 1024


def resident(count, *options):
    folder = tempfile.mkdtemp()
    report = os.path.join(folder, "r.json")
    subprocess.run([SPAFARM, "run", "--count", str(count), "--until", "registered", "--timeout",
                    "200s", "--addr", "127.61.0.0/16", "--report", report, "--control",
                    os.path.join(folder, "c"), *options], check=True, capture_output=True)
    with open(report) as f:
        return json.load(f)["rss_bytes"]


def per_phone(*options):
    return (resident(COUNT, *options) - resident(COUNT // 4, *options)) / (COUNT - COUNT // 4)


class Server(ThreadingHTTPServer):
    request_queue_size = 1024


class Files(BaseHTTPRequestHandler):
    body = b""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *args):
        pass


def main():
    bare = per_phone("--no-provision")
    print(f"bytes per idle registered phone, no profile: {bare:.0f}")
    corpus = os.environ.get("SPAFARM_CORPUS", "../shared/corpus")
    path = os.path.join(corpus, "profiles", "fusionpbx-spa504g.xml")
    if os.path.exists(path):
        with open(path, "rb") as f:
            Files.body = f.read()
        server = Server(("127.61.255.1", 8080), Files)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        lab = subprocess.Popen([SPAFARM, "lab", "--json"], stdout=subprocess.PIPE, text=True)
        registrar = json.loads(lab.stdout.readline())["sip"]
        # its extensions 2 to 4 and its outbound proxy belong to a server that is not there
        full = per_phone("--profile-rule", "http://127.61.255.1:8080/p.xml", "--registrar",
                         registrar, "--set", "Use_Outbound_Proxy_1_=No", *(
                             word for n in (2, 3, 4) for word in
                             ("--set", f"Line_Enable_{n}_=No")))
        lab.terminate()
        print(f"with fusionpbx-spa504g.xml on every phone: {full:.0f}")
    if bare > LIMIT:
        sys.exit(f"a bare phone is over {LIMIT} bytes")


main()
