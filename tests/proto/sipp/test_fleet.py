# SPDX-License-Identifier: BSD-3-Clause
"""Ways to have a phone resync lead to the same state; configuration reports asked for by NOTIFY."""
import http.server
import os
import subprocess
import sys
import threading
import xml.etree.ElementTree as ET

from peers import Farm, Nginx, Tftpd, check, http_get, main, scratch, wait_for

sys.path.insert(0, os.path.dirname(__file__))
from notify import CHALLENGE, play, recv, send  # noqa: E402

MODELS = ("SPA303", "SPA504G", "SPA525G2", "6841")
PROFILES = {m: ("CP-6841-3PCC" if m == "6841" else m) + ".xml" for m in MODELS}  # $PN
OWN = {"User_ID_1_", "Display_Name_1_", "Station_Name", "Resync_Periodic"}


def put(folder, name, values):
    with open(os.path.join(folder, name), "w") as f:
        inside = "".join(f"<{k}>{v}</{k}>" for k, v in values.items())
        f.write(f"<flat-profile>{inside}</flat-profile>")


def ask(farm, n, event, source):
    """A NOTIFY to phone n, with its password when it is asked for."""
    user = str(1000 + n)
    play(farm.state(n)["ip"], user, source, send(event), recv(401, *CHALLENGE, keep=True),
         send(event, "", user, f"pw-{user}"), recv(200))


def configuration(ip):
    """What the phone is configured as: its dump without Info, and without what is its own."""
    root = ET.fromstring(http_get(f"http://{ip}:8080/admin/spacfg.xml"))
    return {e.tag: e.text or "" for e in root
            if not e.get("group").startswith("Info") and e.tag not in OWN}


def every_way_ends_in_the_same_state():
    files = scratch()
    rows = os.path.join(scratch(), "rows.csv")
    with open(rows, "w") as f:
        f.write("model,period\n")
        for way in ("resync", "check-sync", "web", "schedule"):
            for model in MODELS:
                f.write(f"{model},{3 if way == 'schedule' else 0}\n")
    for model in MODELS:
        put(files, PROFILES[model], {"GPP_A": "before"})
    with Nginx("127.85.255.1", files) as nginx, \
            Farm("--accounts", rows, "--addr", "127.85.0.0/24", "--web", "8080", "--set",
                 "Profile_Rule_C=http://127.85.255.1:8080/$PN.xml", "--set",
                 "Resync_Periodic={period}") as farm:
        names = {m: farm.call("get", phones=str(i + 1), names=["Profile_Rule_C"])
                 for i, m in enumerate(MODELS)}
        check("all have the rule", names)
        farm.call("wait", phones="all", cond="registered", timeout=60)
        states = {n: farm.state(n) for n in range(1, 17)}
        check("four models, four times", [states[n]["model"] for n in range(1, 17)] ==
              list(MODELS) * 4)
        before = configuration(states[2]["ip"])
        for model in MODELS:
            put(files, PROFILES[model], {"GPP_A": "after", "Line_Enable_2_": "No", "Primary_DNS":
                                        "192.0.2.53", "Register_Expires_1_": "600",
                                        "Text_Logo": model})
        for n in (1, 2, 3, 4):
            ask(farm, n, "resync", "127.85.254.1")
        for n in (5, 6, 7, 8):
            ask(farm, n, "check-sync", "127.85.254.1")
        for n in (9, 10, 11, 12):
            model = states[n]["model"]
            http_get(f"http://{states[n]['ip']}:8080/admin/resync?"
                     f"http://127.85.255.1:8080/{PROFILES[model]}")
        for n in range(1, 17):
            wait_for(f"phone {n} ({states[n]['model']}) has changed", lambda: "after" in
                     str(farm.call("get", phones=str(n), names=["GPP_A"])))
        farm.call("wait", phones="all", cond="registered", timeout=60)
        dumps = {n: wait_for("a dump", lambda: configuration(states[n]["ip"])) for n in states}
        check("it changed something", dumps[2] != before)
        check("what was changed", dumps[2]["Primary_DNS"] == "192.0.2.53" and
              dumps[2]["Text_Logo"] == "SPA504G", dumps[2])
        for i, model in enumerate(MODELS):
            for way in (1, 2, 3):
                other = dumps[4 * way + i + 1]
                unequal = {k for k in dumps[i + 1] if dumps[i + 1][k] != other.get(k)}
                check(f"{model}: the same by way {way}", not unequal and len(other) == len(dumps[i + 1]),
                      unequal)
            lines = [farm.line(4 * way + i + 1) for way in range(4)]
            check(f"{model}: registered again with the new expiry",
                  {l["expires_s"] for l in lines} == {600}, lines)
        check("nobody asked without need", nginx.requests())


class Collector(http.server.ThreadingHTTPServer):
    """Takes what is posted or put."""

    def __init__(self, addr, port, status=200):
        self.got = []
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def take(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                server.got.append((self.command, self.path, dict(self.headers), body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_POST = do_PUT = take

            def log_message(self, *args):
                pass

        super().__init__((addr, port), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


def report_by(farm, rule, more=()):
    farm.call("set", phones="1", values=[f"Report_Rule={rule}", *more])
    farm.call("wait", phones="1", cond="registered", timeout=30)
    ask(farm, 1, "report", "127.85.254.2")


def reports_go_where_the_rule_says():
    folder = scratch()
    os.chmod(folder, 0o777)
    open(os.path.join(folder, "report.xml"), "w").close()
    os.chmod(os.path.join(folder, "report.xml"), 0o666)
    sink = Collector("127.85.255.2", 8080)
    with Tftpd("127.85.255.12", folder), \
            Farm("--count", "1", "--addr", "127.85.2.0/24", "--set", "GPP_SA=hidden") as farm:
        farm.call("wait", phones="1", cond="registered", timeout=30)
        report_by(farm, "http://127.85.255.2:8080/$MA/report", ["GPP_A=first"])
        wait_for("a POST", lambda: len(sink.got) == 1)
        method, path, headers, body = sink.got[0]
        check("POST is the default", method == "POST" and
              path == f"/{farm.state()['mac'].lower()}/report", (method, path))
        check("it says who it is", headers["User-Agent"].startswith("Cisco/SPA504G-"), headers)
        values = {e.tag: e.text or "" for e in ET.fromstring(body)}
        check("every parameter", len(values) > 400 and values["GPP_A"] == "first", len(values))
        check("no secrets", "GPP_SA" not in values and values["Password_1_"] == "")

        report_by(farm, "[--put] http://127.85.255.2:8080/put")
        wait_for("a PUT", lambda: len(sink.got) == 2)
        check("by the rule", sink.got[1][0] == "PUT", sink.got[1][:2])
        report_by(farm, "http://127.85.255.2:8080/put2", ["HTTP_Report_Method=PUT"])
        wait_for("another PUT", lambda: len(sink.got) == 3)
        check("by the parameter", sink.got[2][0] == "PUT", sink.got[2][:2])

        report_by(farm, "[--key secret] http://127.85.255.2:8080/box")
        wait_for("an encrypted one", lambda: len(sink.got) == 4)
        plain = subprocess.run(["openssl", "enc", "-d", "-aes-256-cbc", "-md", "md5", "-k", "secret"],
                               input=sink.got[3][3], capture_output=True, check=True).stdout
        check("openssl opens it", ET.fromstring(plain).find("GPP_A").text == "first")

        report_by(farm, "[--delta] http://127.85.255.2:8080/delta")
        wait_for("one of changes", lambda: len(sink.got) == 5)
        done = farm.state()["counters"]["resyncs_ok"]
        farm.call("resync", phones="1")
        wait_for("a pass ends", lambda: farm.state()["counters"]["resyncs_ok"] > done)
        report_by(farm, "[--delta] http://127.85.255.2:8080/delta", ["GPP_B=new"])
        wait_for("after a resync", lambda: len(sink.got) == 6)
        changed = {e.tag for e in ET.fromstring(sink.got[5][3])}
        check("only what has changed since", "GPP_B" in changed and "GPP_A" not in changed and
              len(changed) < 5, changed)

        report_by(farm, "tftp://127.85.255.12/report.xml")

        def written():
            with open(os.path.join(folder, "report.xml")) as f:
                return f.read().endswith("</flat-profile>\n")
        wait_for("a TFTP write request", written)
        report_by(farm, "")
    sink.shutdown()


def a_report_is_tried_once():
    sink = Collector("127.85.255.3", 8080, status=500)
    with Farm("--count", "1", "--addr", "127.85.3.0/24", "--time-scale", "1000") as farm:
        farm.call("wait", phones="1", cond="registered", timeout=30)
        farm.call("set", phones="1", values=["Resync_Periodic=0"])
        report_by(farm, "http://127.85.255.3:8080/r")
        wait_for("it fails", lambda: any(e["ev"] == "fetch" and e["error"] == "HTTP 500"
                                         for e in farm.call("events", phones="1")))
        done = farm.state()["counters"]["resyncs_ok"]
        farm.call("resync", phones="1")
        wait_for("the phone goes on", lambda: farm.state()["counters"]["resyncs_ok"] > done)
        check("once", len(sink.got) == 1, sink.got)
    sink.shutdown()


main([every_way_ends_in_the_same_state, reports_go_where_the_rule_says, a_report_is_tried_once])
