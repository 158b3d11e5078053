# SPDX-License-Identifier: BSD-3-Clause
"""Real peers for the proto tests: started on own loopback addresses, waited for, stopped by pid.

Every test picks a 127.x block of its own, so that tests run side by side. Nothing here sleeps for
a fixed time: wait_for() polls a condition until its deadline and then says what was missing.
"""
import json
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

SPAFARM = os.environ.get("SPAFARM", "build/asan/spafarm")
CORPUS = os.environ.get("SPAFARM_CORPUS", "")
os.environ["PATH"] += ":/usr/sbin:/sbin"
SKIP = 77


class Failure(Exception):
    """A check of a test that did not hold."""


def wait_for(what, condition, seconds=30):
    """Poll until condition() is true; its value is returned."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failure(f"after {seconds} s still not true: {what}")
        select.select([], [], [], 0.02)


def check(what, holds, detail=""):
    if not holds:
        raise Failure(f"{what}{': ' + str(detail) if detail != '' else ''}")


def corpus(folder):
    """A folder of the outside corpus; the test is skipped where it is not at hand."""
    path = os.path.join(CORPUS, folder) if CORPUS else ""
    if not path or not os.path.isdir(path):
        print("skipped: no outside corpus (SPAFARM_CORPUS)")
        sys.exit(SKIP)
    return path


def scratch():
    """A folder that is gone when the test ends; readable by servers that drop root."""
    path = tempfile.mkdtemp(prefix="spafarm-")
    os.chmod(path, 0o755)
    return path


class Process:
    """A child with its output in a file; stopped by pid at the end of the with block."""

    started = []  # of the test that runs: one that fails before its with block is stopped, too

    def __init__(self, argv, cwd=None, env=None, stdin=subprocess.DEVNULL):
        Process.started.append(self)
        self.log = tempfile.NamedTemporaryFile("w+b", prefix="peer-", suffix=".log")
        self.argv = argv
        self.child = subprocess.Popen(argv, stdin=stdin, stdout=self.log,
                                      stderr=subprocess.STDOUT, cwd=cwd, start_new_session=True,
                                      env=dict(os.environ, **(env or {})))

    def output(self):
        with open(self.log.name, errors="replace") as f:
            return f.read()

    def alive(self):
        return self.child.poll() is None

    def stop(self, sig=signal.SIGTERM, seconds=20):
        if self.alive():
            os.killpg(self.child.pid, sig)
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(self.child.pid, signal.SIGKILL)
                self.child.wait()
        return self.child.returncode

    def wait(self, seconds):
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f"{self.argv[0]} still runs after {seconds} s:\n{self.output()[-2000:]}")

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.stop()
        if exc[0]:
            print(f"--- {self.argv[0]} said:\n{self.output()[-4000:]}", file=sys.stderr)
        self.log.close()


def tcp_open(addr, port):
    try:
        socket.create_connection((addr, port), 0.2).close()
        return True
    except OSError:
        return False


def udp_taken(addr, port):
    """Does somebody listen there? Read, not tried: a bind of ours could be in their way."""
    wanted = {f"{struct.unpack('=I', socket.inet_aton(a))[0]:08X}:{port:04X}"
              for a in (addr, "0.0.0.0")}
    with open("/proc/net/udp") as f:
        return any(line.split()[1] in wanted for line in f.readlines()[1:])


def http_get(url, data=None):
    request = urllib.request.Request(url, data=data)
    with urllib.request.urlopen(request, timeout=20) as reply:
        return reply.read()


def make_ca(folder, host, name="ca", days=2, subject=None, alt=None):
    """A throw-away CA and a server certificate for host, by the openssl command line."""
    def openssl(*args):
        subprocess.run(["openssl", *args], cwd=folder, check=True, capture_output=True)
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            f"/CN=spafarm test {name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", subject or f"/CN={host}", "-keyout",
            f"{name}-server.key", "-out", f"{name}-server.csr")
    kind = "IP" if host.replace(".", "").isdigit() else "DNS"
    with open(os.path.join(folder, f"{name}.ext"), "w") as f:
        f.write(f"subjectAltName={alt or f'{kind}:{host}'}\n")
    openssl("x509", "-req", "-days", str(days), "-in", f"{name}-server.csr", "-CA", f"{name}.pem",
            "-CAkey", f"{name}.key", "-CAcreateserial", "-extfile", f"{name}.ext", "-out",
            f"{name}-server.pem")
    return (os.path.join(folder, f"{name}.pem"), os.path.join(folder, f"{name}-server.pem"),
            os.path.join(folder, f"{name}-server.key"))


class Kamailio(Process):
    """Digest registrar (pv_auth_check, nonce count on); password of user U is pw-U."""

    def __init__(self, addr, tls=None, folder=None):
        self.addr = addr
        self.folder = folder or scratch()
        here = os.path.join(os.path.dirname(__file__), "kamailio", "registrar.cfg")
        with open(here) as f:
            config = f.read().replace("@ADDR@", addr)
        if tls:
            cert, key = tls
            config = "#!define WITH_TLS\n" + config.replace("@CERT@", cert).replace("@KEY@", key)
        self.config = os.path.join(self.folder, "kamailio.cfg")
        with open(self.config, "w") as f:
            f.write(config)
        super().__init__(["kamailio", "-DD", "-E", "-f", self.config, "-Y", self.folder, "-m",
                          "256", "-M", "32"])
        wait_for("Kamailio answers", lambda: self.ready() or not self.alive())
        check("Kamailio runs", self.alive(), self.output()[-2000:])

    def ready(self):
        """Its ports are open before its workers are there; an answer says that they are."""
        try:
            return "result" in self.rpc("core.version")
        except (OSError, ValueError):
            return False

    def rpc(self, method, *params):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)})
        try:
            return json.loads(http_get(f"http://{self.addr}:8080/", body.encode()))
        except ConnectionResetError:  # a worker of its was just being made: once more
            return json.loads(http_get(f"http://{self.addr}:8080/", body.encode()))

    def contacts(self):
        """All contact addresses of the location table."""
        found = []
        domains = self.rpc("ul.dump")["result"]["Domains"]
        for domain in domains:
            for aor in domain["Domain"]["AoRs"]:
                for contact in aor["Info"]["Contacts"]:
                    found.append(contact["Contact"]["Address"])
        return found


class Dnsmasq(Process):
    """Name server on addr:53. hosts: name to address, or to several; srv: name to [(target, port, prio, weight)]."""

    def __init__(self, addr, hosts=None, srv=None):
        argv = ["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv",
                "--no-hosts", "--bind-interfaces", f"--listen-address={addr}", "--port=53",
                "--user=root", "--local-ttl=3600", "--pid-file="]
        for name, addresses in (hosts or {}).items():
            for address in [addresses] if isinstance(addresses, str) else addresses:
                argv.append(f"--host-record={name},{address}")
        for name, rows in (srv or {}).items():
            for target, port, priority, weight in rows:
                argv.append(f"--srv-host={name},{target},{port},{priority},{weight}")
        super().__init__(argv)
        wait_for("dnsmasq listens", lambda: udp_taken(addr, 53) or not self.alive())
        check("dnsmasq runs", self.alive(), self.output())


class Nginx(Process):
    """Serves files of a folder over HTTP; extra is put into the server block."""

    def __init__(self, addr, files, port=8080, extra="", listen="", log=""):
        self.folder = scratch()
        self.access = os.path.join(self.folder, "access.log")
        config = os.path.join(self.folder, "nginx.conf")
        with open(config, "w") as f:
            f.write(f"""daemon off; master_process off; worker_processes 1;
pid {self.folder}/pid; error_log stderr; worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{
  log_format full '$request_method $request_uri $status "$http_user_agent" $remote_addr '
                  '$connection $connection_requests $body_bytes_sent{log}';
  access_log {self.access} full;
  client_body_temp_path {self.folder}/b; proxy_temp_path {self.folder}/p;
  fastcgi_temp_path {self.folder}/f; uwsgi_temp_path {self.folder}/u;
  scgi_temp_path {self.folder}/s;
  server {{ listen {listen or f'{addr}:{port} backlog=4096'}; root {files}; {extra} }}
}}
""")
        super().__init__(["nginx", "-c", config, "-p", self.folder])
        wait_for("nginx listens", lambda: tcp_open(addr, port) or not self.alive())
        check("nginx runs", self.alive(), self.output())

    def requests(self):
        with open(self.access) as f:
            return f.read().splitlines()


class Tftpd(Process):
    """tftpd-hpa on addr:69, serving a folder. It gets its socket as inetd would give it: where a
    machine has only loopback addresses, it finds none of its own accord."""

    def __init__(self, addr, files):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
            listener.bind((addr, 69))
            super().__init__(["in.tftpd", "-s", files, "-vvv"], stdin=listener)
        await_tftp(self, addr)


class DnsmasqTftp(Process):
    """The TFTP server of dnsmasq on addr:69, serving a folder."""

    def __init__(self, addr, files):
        super().__init__(["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0",
                          "--bind-interfaces", f"--listen-address={addr}", "--user=root",
                          "--pid-file=", "--enable-tftp", f"--tftp-root={files}", "--tftp-max=200",
                          "--log-facility=-"])
        await_tftp(self, addr)


def await_tftp(server, addr):
    """It answers, if only that there is no such file."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(0.1)

        def answers():
            probe.sendto(b"\0\1no-such-file\0octet\0", (addr, 69))
            try:
                return probe.recv(600)
            except OSError:
                return not server.alive()
        wait_for("the TFTP server answers", answers)
    check("the TFTP server runs", server.alive(), server.output())


def sipp_answer(status, tag="", headers=""):
    """Step of a SIPp scenario: this answer to the request that came last. The tag, if any, goes to
    its To; headers are whole lines."""
    to = f";tag={tag}[call_number]" if tag else ""
    return f"""  <send><![CDATA[
SIP/2.0 {status}
[last_Via:]
[last_From:]
[last_To:]{to}
[last_Call-ID:]
[last_CSeq:]
{headers}Content-Length: 0

]]></send>
"""


def sipp_register(variables):
    """The last steps of a scenario in which a REGISTER, too, may come first: it then goes to label 1
    and is granted. All variables of the scenario are named, as SIPp wants it."""
    return ('  <nop next="2"/>\n  <label id="1"/>\n' +
            sipp_answer("200 OK", "r", "Expires: 3600\n") +
            f'  <label id="2"/>\n  <Reference variables="{variables}"/>\n')


class Sipp(Process):
    """SIPp with a scenario: a file, or its steps as text, or None and "-sn NAME" among args for one
    it brings."""

    def __init__(self, scenario, *args, addr, port=5060, calls=1):
        self.folder = scratch()
        if scenario and scenario.lstrip().startswith("<"):
            scenario = self.write(scenario)
        file = ["-sf", os.path.abspath(scenario)] if scenario else []
        super().__init__(["sipp", *file, "-i", addr, "-p", str(port),
                          "-m", str(calls), "-nostdin", "-trace_err", *args], cwd=self.folder,
                         env={"TERM": "dumb"})
        wait_for("SIPp has its port", lambda: udp_taken(addr, port) or not self.alive())

    def write(self, steps):
        path = os.path.join(self.folder, "scenario.xml")
        with open(path, "w") as f:
            f.write(f"""<?xml version="1.0" encoding="UTF-8"?>
<scenario name="scenario">
{steps}</scenario>
""")
        return path

    def errors(self):
        text = ""
        for name in os.listdir(self.folder):
            if name.endswith("errors.log"):
                with open(os.path.join(self.folder, name), errors="replace") as f:
                    text += f.read()
        return text

    def verdict(self, seconds=60):
        code = self.wait(seconds)
        check(f"SIPp ends its scenario {self.argv[2]} well", code == 0,
              f"exit {code}\n{self.errors()[-3000:]}\n{self.output()[-1500:]}")


class Farm(Process):
    """A running `spafarm run` with its control socket."""

    def __init__(self, *args):
        self.folder = scratch()
        self.socket_path = os.path.join(self.folder, "c.sock")
        self.report_path = os.path.join(self.folder, "report.json")
        self.conn = None
        super().__init__([SPAFARM, "run", "--control", self.socket_path, "--report",
                          self.report_path, "--seed", "1", *args])
        wait_for("the control socket is there", lambda: self.reachable() or not self.alive())
        check("spafarm runs", self.alive(), self.output())

    def reachable(self):
        """The file is there a moment before anybody listens behind it."""
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(self.socket_path) == 0

    def call(self, method, **params):
        """JSON-RPC result; a Failure with the error's text otherwise."""
        if not self.conn:
            self.conn = socket.socket(socket.AF_UNIX)
            self.conn.settimeout(120)
            self.conn.connect(self.socket_path)
            self.lines = self.conn.makefile("rb")
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        self.conn.sendall(json.dumps(request).encode() + b"\n")
        reply = json.loads(self.lines.readline())
        if "error" in reply:
            raise Failure(f"{method} {params}: {reply['error']['message']}")
        return reply["result"]

    def state(self, n=1):
        answer = self.call("state", phones=str(n))
        return answer[0] if isinstance(answer, list) else answer

    def line(self, n=1):
        return self.state(n)["lines"][0]

    def await_line(self, what, condition, n=1, seconds=30):
        """Wait until condition(line 1 of phone n) holds."""
        try:
            return wait_for(what, lambda: (lambda l: l if condition(l) else None)(self.line(n)),
                            seconds)
        except Failure as failure:
            raise Failure(f"{failure}; line 1 says {self.line(n)}")

    def report(self):
        """Stop by SIGINT and read the report."""
        self.stop(signal.SIGINT)
        with open(self.report_path) as f:
            return json.load(f)


def ran(code):
    """The run got where it was to; a busy machine may have been too slow for its pace (exit 4)."""
    return code in (0, 4)


def run_to_end(*args, seconds=240):
    """`spafarm run …` until it ends by itself: (exit code, output, report)."""
    folder = scratch()
    report = os.path.join(folder, "report.json")
    with Process([SPAFARM, "run", "--control", os.path.join(folder, "c"), "--report", report,
                  *args]) as process:
        code = process.wait(seconds)
        output = process.output()
    data = None
    if os.path.exists(report):
        with open(report) as f:
            data = json.load(f)
    shutil.rmtree(folder, ignore_errors=True)
    return code, output, data


def main(tests):
    """Run test functions in order; exit 1 at the first that fails, with its reason."""
    for test in tests:
        started = time.monotonic()
        try:
            test()
        except (Failure, OSError, urllib.error.URLError, KeyError) as failure:
            print(f"FAILED {test.__name__}: {type(failure).__name__}: {failure}")
            sys.exit(1)
        finally:
            while Process.started:
                Process.started.pop().stop()
        print(f"ok {test.__name__} ({time.monotonic() - started:.1f} s)")
