# SPDX-License-Identifier: BSD-3-Clause
"""A running farm over its control socket: every method, every refusal, clients that misbehave."""
import json
import os
import re
import signal
import socket
import subprocess

from peers import SPAFARM, Failure, Farm, check, main, run_to_end, scratch, wait_for

# freed memory that the sanitizer keeps would hide what the farm itself takes
os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=8"
BLOCK = iter(f"127.163.{i}.0/24" for i in range(200))
PARSE, REQUEST, METHOD, PARAMS, FAILED, TIMEOUT = -32700, -32600, -32601, -32602, -32000, -32001


class Client:
    """One connection, a line at a time."""

    def __init__(self, farm):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(farm.socket_path)
        self.sock.settimeout(30)
        self.lines = self.sock.makefile("rb")

    def send(self, data):
        self.sock.sendall(data if isinstance(data, bytes) else data.encode())

    def read(self):
        line = self.lines.readline()
        return json.loads(line) if line else None

    def ask(self, obj):
        self.send(json.dumps(obj) + "\n")
        return self.read()

    def call(self, method, **params):
        return self.ask({"jsonrpc": "2.0", "id": 7, "method": method, "params": params})

    def close(self):
        self.lines.close()
        self.sock.close()


def farm(count, *args):
    running = Farm("--count", str(count), "--addr", next(BLOCK), *args)
    try:
        running.call("wait", phones="all", cond="registered", timeout=30)
    except Failure:
        running.stop()
        raise
    return running


def ctl(running, *args, **kwargs):
    return subprocess.run([SPAFARM, "ctl", "--socket", running.socket_path, *args],
                          capture_output=True, text=True, timeout=60, **kwargs)


def fails(client, code, words, method, **params):
    reply = client.call(method, **params)
    check(f"{method} {params} is refused", "error" in reply, reply)
    check(f"{method} {params}: code", reply["error"]["code"] == code, reply)
    check(f"{method} {params}: sentence", words in reply["error"]["message"], reply)
    check("no result beside the error", set(reply) == {"jsonrpc", "id", "error"}, reply)


def state_has_every_field_of_the_contract():
    with farm(2) as running:
        state = running.call("state", phones="2")
        for name, kind in (("n", int), ("model", str), ("firmware", str), ("mac", str),
                           ("serial", str), ("ip", str), ("power", bool), ("uptime_s", int),
                           ("provisioning", dict), ("lines", list), ("screen", dict),
                           ("lamps", dict), ("message_waiting", bool), ("counters", dict)):
            check(f"{name} is a {kind.__name__}", type(state.get(name)) is kind, state.get(name))
        check("number", state["n"] == 2)
        check("model", state["model"] == "SPA504G")
        check("MAC", re.fullmatch("[0-9A-F]{12}", state["mac"]), state["mac"])
        check("serial", re.fullmatch("[A-Z0-9]{11}", state["serial"]), state["serial"])
        prov = state["provisioning"]
        check("provisioning", {"rule", "state", "last_url", "last_status", "last_error",
                               "next_resync_s"} <= set(prov), prov)
        check("it is done", prov["state"] == "done" and prov["last_status"] == 200, prov)
        check("no error", prov["last_error"] == "" and prov["last_url"].startswith("http://"), prov)
        line = state["lines"][0]
        check("line", {"n", "user", "registered", "server", "status", "expires_s", "calls"}
              <= set(line), line)
        check("line is registered", line["n"] == 1 and line["user"] == "1002" and
              line["registered"] is True and line["status"] == "registered" and
              line["expires_s"] > 0 and line["calls"] == [], line)
        check("screen", {"app", "title", "rows", "softkeys"} <= set(state["screen"]), state)
        check("idle", state["screen"]["app"] == "idle", state["screen"])
        check("lamps", state["lamps"]["line1"] == {"color": "green", "pattern": "steady"}, state)
        both = running.call("state", phones="all")
        check("several are an array", [p["n"] for p in both] == [1, 2], both)


def list_is_short_and_selects():
    with farm(3) as running:
        rows = running.call("list")
        check("all without PHONES", [r["n"] for r in rows] == [1, 2, 3], rows)
        check("fields", {"n", "model", "mac", "ip", "user", "power", "registered"} <= set(rows[0]),
              rows[0])
        for phones, wanted in (("2-3", [2, 3]), ("3,1", [1, 3]), (f"mac:{rows[1]['mac']}", [2]),
                               (f"ip:{rows[2]['ip']}", [3]), ("user:1001", [1]), ("all", [1, 2, 3])):
            got = [r["n"] for r in running.call("list", phones=phones)]
            check(phones, got == wanted, got)


def parameters_are_set_and_got():
    with farm(2) as running:
        check("an answer without content is null",
              running.call("set", phones="all", values=["Station_Name=Räum=1"]) is None)
        both = running.call("get", phones="all", names=["Station_Name", "Register_Expires_1_"])
        check("an object each", [v["Station_Name"] for v in both] == ["Räum=1"] * 2, both)
        one = running.call("get", phones="1", names=["Station_Name"])
        check("one is an object", one == {"Station_Name": "Räum=1"}, one)
        running.call("wait", phones="all", cond="screen~Räum", timeout=5)
        shown = running.call("screen", phones="1")
        check("rows, soft keys and lamps", {"rows", "softkeys", "lamps"} <= set(shown), shown)
        text = running.call("screen", phones="1", text=True)
        check("text is text", "Räum=1" in text and "[redial]" in text, text)


def keys_and_text_reach_the_phone():
    with farm(2) as running:
        running.call("press", phones="1-2", keys=["1", "0"], hold_ms=100)
        running.call("type", phones="1", text="*7")
        running.call("wait", phones="1", cond="screen~10*7", timeout=5)
        check("only where asked", "10*7" not in str(running.state(2)["screen"]["rows"]))
        events = running.call("events", phones="1")
        keys = [e["key"] for e in events if e["ev"] == "key"]
        check("events tell the keys", keys == ["1", "0", "*", "7"], keys)


def followed(running, method, *conditions, phones="1", **params):
    """Call, then wait for each condition in turn."""
    check(f"{method} answers null", running.call(method, phones=phones, **params) is None)
    for cond in conditions:
        running.call("wait", phones=phones, cond=cond, timeout=30)


def boots_again(running, method):
    """Call, then wait until it has booted: it may be registered again before anybody looks."""
    boots = lambda: sum(e["ev"] == "boot" for e in running.call("events", phones="1"))
    before = boots()
    followed(running, method)
    wait_for(f"a boot after {method}", lambda: boots() > before)
    running.call("wait", phones="1", cond="registered", timeout=30)


def restarts_end_registered_again():
    with farm(3) as running:
        passes = running.state(1)["counters"]["resyncs"]
        boots_again(running, "reboot")
        running.call("wait", phones="1", cond="provisioned", timeout=30)
        wait_for("a reboot resyncs", lambda: running.state(1)["counters"]["resyncs"] > passes)
        running.call("set", phones="1", values=["Station_Name=Changed"])
        boots_again(running, "factory-reset")
        check("a factory reset forgets", running.state(1)["screen"]["rows"][1] != "Changed")
        followed(running, "power", "unregistered", "lamp:line1=off", on="off")
        followed(running, "power", "registered", on="on")
        followed(running, "power-cycle", "registered", phones="all", rate=100)
        why = [e["why"] for e in running.call("events") if e["ev"] == "reboot"]
        check("reboots have a reason", len(why) == 2 and "Factory Reset" in why, why)


def resync_fetches_again_and_tells_where_from():
    with farm(1) as running:
        before = running.state()["counters"]["resyncs_ok"]
        followed(running, "resync")
        wait_for("one pass more", lambda: running.state()["counters"]["resyncs_ok"] == before + 1)
        running.call("resync", phones="1", url="/no/such/file.xml")
        wait_for("the pass failed", lambda: running.state()["counters"]["resyncs_failed"] == 1)
        prov = running.state()["provisioning"]
        check("it says which file", prov["last_url"].endswith("/no/such/file.xml"), prov)
        check("and why", prov["last_status"] == 404 and prov["last_error"], prov)
        check("state", prov["state"] == "failed", prov)
        fetches = [e for e in running.call("events") if e["ev"] == "fetch"]
        check("so does the event", fetches[-1]["status"] == 404 and fetches[-1]["error"], fetches)


def wait_holds_fails_or_times_out():
    with farm(2) as running:
        client = Client(running)
        fails(client, TIMEOUT, "2 of 2 phones are not unregistered", "wait", phones="all",
              cond="unregistered", timeout=0.2)
        fails(client, PARAMS, "no condition", "wait", phones="1", cond="glad")
        fails(client, PARAMS, "no lamp", "wait", phones="1", cond="lamp:nose=red")
        fails(client, PARAMS, "seconds", "wait", phones="1", cond="idle", timeout=-1)
        check("it holds", client.call("wait", phones="all", cond="idle", timeout=0)["result"] is None)
        client.close()


def stats_are_the_report_so_far():
    with farm(3) as running:
        stats = running.call("stats")
        for key in ("version", "seed", "verdict", "reasons", "phones", "provisioned", "registered",
                    "failed", "wall_s", "cpu_s", "rss_bytes", "bytes_per_phone", "started",
                    "command", "fetch", "register", "notify", "calls"):
            check(f"{key} is there", key in stats, sorted(stats))
        check("counts", (stats["phones"], stats["registered"], stats["failed"]) == (3, 3, 0), stats)
        check("operations", stats["register"]["ok"] == 3 and stats["register"]["errors"] == {}, stats)
        check("latencies", {"p50", "p90", "p99", "max", "histogram"} <= set(stats["fetch"]["ms"]))
        check("notify", set(stats["notify"]) == {"received", "challenged", "accepted", "refused"})
        check("calls", {"placed", "answered", "failed"} <= set(stats["calls"]), stats["calls"])


def events_have_the_fields_of_the_contract():
    wanted = {"power": {"on"}, "boot": set(), "provisioned": set(), "screen": {"title"},
              "fetch": {"url", "status", "ms", "error"}, "lamp": set(),
              "register": {"line", "server", "status", "reason", "expires_s"}}
    with farm(1) as running:
        events = running.call("events")
        for event in events:
            check("t, n, ev", {"t", "n", "ev"} <= set(event), event)
            check("known", event["ev"] in wanted, event)
            check("its fields", wanted[event["ev"]] <= set(event), event)
        check("every kind came", {e["ev"] for e in events} == set(wanted), events)
        times = [e["t"] for e in events]
        check("in order", times == sorted(times) and times[0] >= 0, times)


def a_follower_hears_the_phones_it_asked_for():
    with farm(3) as running:
        client = Client(running)
        first = client.call("events", phones="2", follow=True)
        check("first come the past ones", {e["n"] for e in first["result"]} == {2}, first)
        running.call("press", phones="1", keys=["1"])
        running.call("press", phones="2", keys=["2"])
        note = client.read()
        check("a notification", set(note) == {"jsonrpc", "method", "params"} and
              note["method"] == "event", note)
        check("of phone 2", note["params"]["n"] == 2 and note["params"]["key"] == "2", note)
        check("it may go on asking", client.read()["params"]["ev"] == "screen")
        check("answers come between", client.call("list", phones="1")["result"][0]["n"] == 1)
        check("and end it", client.call("events", phones="2")["id"] == 7)
        running.call("press", phones="2", keys=["3"])
        check("no event any more", client.call("list", phones="3")["result"][0]["n"] == 3)
        client.close()


def quit_ends_the_run_with_its_report():
    with farm(2) as running:
        check("it answers", running.call("quit") is None)
        check("exit 0", running.wait(20) == 0, running.output())
        check("socket is gone", not os.path.exists(running.socket_path))
        with open(running.report_path) as f:
            check("report", json.load(f)["registered"] == 2)


def refusals_have_code_and_sentence():
    with farm(1) as running:
        client = Client(running)
        fails(client, METHOD, "there is no method \"dance\"", "dance")
        fails(client, PARAMS, "it takes phones, keys, hold_ms (optional)", "press", phone="1")
        fails(client, PARAMS, "wants \"keys\"", "press", phones="1")
        fails(client, PARAMS, "a list of texts", "press", phones="1", keys=True)
        fails(client, PARAMS, "a whole number", "press", phones="1", keys=["5"], hold_ms="long")
        fails(client, PARAMS, "no phone is \"2\"", "state", phones="2")
        fails(client, PARAMS, "expected a number", "state", phones="")
        fails(client, PARAMS, "true or false", "events", follow="yes")
        fails(client, PARAMS, "it takes nothing", "stats", phones="1")
        fails(client, PARAMS, "has no key \"6th\"", "press", phones="1", keys=["6th"])
        fails(client, PARAMS, "has no parameter", "get", phones="1", names=["X"])
        fails(client, PARAMS, "no phone is", "state", phones="user:" + "x" * 190 + "ü" * 200)
        client.close()


def json_rpc_is_spoken_as_written():
    with farm(1) as running:
        client = Client(running)
        for line, code in (("{", PARSE), ("hello", PARSE), ("{\"id\":1,\"id\":2}", PARSE),
                           ("[]", REQUEST), ("[{\"id\":1,\"method\":\"stats\"}]", REQUEST),
                           ("1", REQUEST), ("{}", REQUEST), ("{\"id\":{},\"method\":\"stats\"}", REQUEST)):
            client.send(line + "\n")
            reply = client.read()
            check(f"{line}: code {code}", reply["error"]["code"] == code, reply)
            check(f"{line}: version and null id", reply["jsonrpc"] == "2.0" and reply["id"] is None)
        client.send(b"{\"id\":1,\"method\":\"list\",\"params\":{\"phones\":\"\xff\"}}\n")
        check("not UTF-8 is no JSON", client.read()["error"]["code"] == PARSE)
        for given in (1, -5, 1.5, "a", "ü\n", None, ""):
            reply = client.ask({"jsonrpc": "2.0", "id": given, "method": "list"})
            check(f"id {given!r} comes back", reply["id"] == given and "result" in reply, reply)
        reply = client.ask({"jsonrpc": "2.0", "id": 3, "params": {}})
        check("a request without method keeps its id", reply["id"] == 3 and "error" in reply, reply)
        reply = client.ask({"id": 4, "method": "list", "params": ["1"]})
        check("parameters by place", reply["error"]["code"] == PARAMS, reply)
        client.send("{\"jsonrpc\":\"2.0\",\"method\":\"press\",\"params\":{\"phones\":\"1\",\"keys\":[\"9\"]}}\n")
        client.send("{\"jsonrpc\":\"2.0\",\"method\":\"dance\"}\n\n\r\n")
        reply = client.read()
        check("the blank line with a return is no JSON", reply["error"]["code"] == PARSE, reply)
        reply = client.call("screen", phones="1", text=True)
        check("notifications are done, not answered", "9\n" in reply["result"].replace(" ", "")
              or "9" in reply["result"].split("\n")[2], reply)
        client.close()


def pipelined_requests_are_answered_in_order():
    with farm(2) as running:
        client = Client(running)
        lines = [json.dumps({"id": i, "method": "list", "params": {"phones": "1"}}) for i in range(3000)]
        client.send(json.dumps({"id": "w", "method": "wait", "params": {
            "phones": "1", "cond": "unregistered", "timeout": 0.3}}) + "\n" + "\n".join(lines) + "\n")
        first = client.read()
        check("the wait comes first", first["id"] == "w" and "error" in first, first)
        for i in range(3000):
            reply = client.read()
            check("the others follow", reply["id"] == i, reply)
        client.close()


def two_clients_do_not_wait_for_each_other():
    with farm(1) as running:
        waiting, other = Client(running), Client(running)
        waiting.send(json.dumps({"id": 1, "method": "wait", "params": {
            "phones": "1", "cond": "screen~Do Not Disturb", "timeout": 30}}) + "\n")
        check("another is served", other.call("list")["result"][0]["n"] == 1)
        other.call("press", phones="1", keys=["soft4"])
        check("what it does ends the wait", waiting.read() == {"jsonrpc": "2.0", "id": 1,
                                                               "result": None})
        waiting.close()
        other.close()


def still_serves(running):
    client = Client(running)
    check("the farm still answers", client.call("list", phones="1")["result"][0]["n"] == 1)
    client.close()


def clients_that_vanish_do_no_harm():
    with farm(1) as running:
        half = Client(running)
        half.send("{\"id\":1,\"method\":\"li")
        half.close()
        waiting = Client(running)
        waiting.send(json.dumps({"id": 1, "method": "wait", "params": {
            "phones": "1", "cond": "unregistered", "timeout": 60}}) + "\n")
        waiting.close()
        for _ in range(50):
            gone = Client(running)
            gone.send(json.dumps({"id": 1, "method": "stats"}) + "\n")
            gone.close()
        still_serves(running)
        running.call("reboot", phones="1")
        running.call("wait", phones="1", cond="registered", timeout=20)
        check("it runs", running.alive(), running.output())


def a_client_that_vanishes_ends_no_farm_without_a_lab():
    # and without a lab, whose HTTP library ignores SIGPIPE
    with Farm("--count", "2", "--addr", next(BLOCK), "--registrar", "127.163.255.1") as running:
        for _ in range(200):
            gone = Client(running)
            gone.send((json.dumps({"id": 1, "method": "state", "params": {"phones": "all"}}) + "\n")
                      * 30)
            gone.close()
        still_serves(running)


def a_line_has_a_mebibyte():
    with farm(1) as running:
        client = Client(running)
        pad = "x" * (1000 * 1000)
        reply = client.call("type", phones="1", text=pad)
        check("a long line is read", reply["error"]["code"] == FAILED, str(reply)[:300])
        try:
            client.send("{\"id\":1,\"method\":\"" + "y" * (3 << 20))
        except (BrokenPipeError, ConnectionResetError):
            pass
        reply = client.read()
        check("a longer one is refused", reply["error"]["code"] == REQUEST, reply)
        check("with a sentence", "mebibyte" in reply["error"]["message"], reply)
        client.close()
        still_serves(running)


def resident(running):
    with open(f"/proc/{running.child.pid}/statm") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def a_follower_that_does_not_read_is_dropped():
    with farm(1) as running:
        deaf = Client(running)
        deaf.call("events", follow=True)
        before = resident(running)
        other = Client(running)
        press = json.dumps({"id": 1, "method": "press", "params": {
            "phones": "1", "keys": ["hold"] * 5000}}) + "\n"
        for _ in range(30):
            other.send(press)
            check("keys are taken", "result" in other.read())
        grown = resident(running) - before
        check("memory is bounded", grown < 150 << 20, f"{grown >> 20} MiB more")

        def at_end():
            try:
                return not deaf.lines.readline()
            except OSError:
                return True
        wait_for("the follower was let go", at_end, 60)
        deaf.close()
        other.close()


def a_client_that_does_not_read_its_answers_is_not_read_from():
    with farm(20) as running:
        deaf = Client(running)
        deaf.sock.settimeout(1)
        request = (json.dumps({"id": 1, "method": "state", "params": {"phones": "all"}}) + "\n").encode()
        sent = 0
        try:
            while sent < 8 << 20:
                deaf.send(request * 100)
                sent += len(request) * 100
        except TimeoutError:
            pass
        check("it is held back", sent < 8 << 20, sent)
        still_serves(running)
        check("memory is bounded", resident(running) < 400 << 20, resident(running))
        deaf.close()
        still_serves(running)


def ctl_prints_and_exits_as_told():
    with farm(2) as running:
        for args, code, out, err in (
                (["list", "2"], 0, '"n": 2', ""),
                (["screen", "1", "--text"], 0, "[redial] [dir] [cfwd] [dnd]\n", ""),
                (["get", "1", "User_ID_1_"], 0, '"User_ID_1_": "1001"', ""),
                (["press", "1", "soft4"], 0, "", ""),
                (["wait", "1", "screen~Do Not Disturb", "--timeout", "5s"], 0, "", ""),
                (["wait", "1", "unregistered", "--timeout", "0.1"], 1, "", "phone 1"),
                (["press", "1", "7th"], 2, "", "no key \"7th\""),
                (["set", "1", "No_Such=1"], 2, "", "No_Such"),
                (["set", "1", "No_Such"], 2, "", "NAME=VALUE"),
                (["open", "1", "nonsense"], 2, "", "nonsense"),
                (["state", "99"], 2, "", "99"),
                (["state"], 2, "", "phones"),
                (["dance"], 2, "", "dance"),
                (["list", "1", "2"], 2, "", "\"2\""),
                (["press", "1", "5", "--hold", "x"], 2, "", "--hold"),
                (["wait", "1", "glad"], 2, "", "glad"),
                (["--nonsense", "list"], 2, "", "--nonsense"),
                ([], 2, "", "method")):
            result = ctl(running, *args)
            check(f"ctl {args}: exit {code}", result.returncode == code, result)
            check(f"ctl {args}: stdout", (out in result.stdout) if out else not result.stdout, result)
            check(f"ctl {args}: stderr", err in result.stderr, result)
            check(f"ctl {args}: one line at most", len(result.stderr.splitlines()) == (code != 0), result)
        nothing = ctl(running, "trace", "1", "--last", "0")
        check("no message is no line", (nothing.returncode, nothing.stdout) == (0, ""), nothing)
        check("a text ends in one newline", not ctl(running, "screen", "1", "--text").stdout
              .endswith("\n\n"))
        rows = ctl(running, "events", "2").stdout.splitlines()
        check("events are JSON lines", rows and {json.loads(r)["n"] for r in rows} == {2}, rows[:3])
        check("quit", ctl(running, "quit").returncode == 0)
        running.wait(20)
    result = ctl(running, "list")
    check("no farm is exit 3", result.returncode == 3 and "no farm answers" in result.stderr, result)
    result = subprocess.run([SPAFARM, "ctl", "--socket", "/" + "x" * 200, "list"],
                            capture_output=True, text=True)
    check("an endless name is exit 2", result.returncode == 2 and "--socket" in result.stderr, result)


def ctl_writes_the_picture_itself():
    with farm(1) as running:
        path = os.path.join(scratch(), "screen.png")
        answer = ctl(running, "screen", "1", "--png", path, "--scale", "4")
        check("exit 0, nothing said", (answer.returncode, answer.stdout, answer.stderr) == (0, "", ""),
              answer)
        with open(path, "rb") as f:
            data = f.read()
        check("a PNG of 512 by 256", data[:4] == b"\x89PNG" and data[16:24] == bytes([0, 0, 2, 0, 0, 0, 1, 0]))
        face = subprocess.run([SPAFARM, "ctl", "--socket", running.socket_path, "screen", "1", "--png",
                               "-", "--face"], capture_output=True, timeout=60)
        check("a whole phone on stdout", face.stdout[:4] == b"\x89PNG" and len(face.stdout) > 20000)
        answer = ctl(running, "screen", "1", "--png", "/nowhere/x.png")
        check("a file that cannot be", answer.returncode == 2 and "No such file" in answer.stderr, answer)


def ctl_help_lists_every_method():
    for args in (["ctl", "--help"], ["help", "ctl"]):
        text = subprocess.run([SPAFARM, *args], capture_output=True, text=True).stdout
        for method in ("state", "list", "get", "set", "resync", "reboot", "factory-reset", "power",
                       "power-cycle", "wait", "events", "stats", "screen", "press", "type", "quit"):
            check(f"{method} is listed", re.search(rf"^  {method} ", text, re.M), text)
        check("options are shown", "[--hold HOLD_MS]" in text and "[--text]" in text, text)


def ctl_follows_until_the_farm_ends():
    with farm(1) as running:
        child = subprocess.Popen([SPAFARM, "ctl", "--socket", running.socket_path, "events",
                                  "--follow"], stdout=subprocess.PIPE, text=True)
        check("the past comes first", json.loads(child.stdout.readline())["ev"] == "power")
        running.call("press", phones="1", keys=["mute"])
        for line in child.stdout:
            if json.loads(line).get("key") == "mute":
                break
        running.stop(signal.SIGINT)
        rest, _ = child.communicate(timeout=20)
        check("it ends with the farm", child.returncode == 0, (child.returncode, rest[-200:]))


def the_socket_is_the_users_alone():
    folder = scratch()
    env = {"XDG_RUNTIME_DIR": folder}
    runs = []
    args = [SPAFARM, "run", "--count", "1", "--for", "60", "--registrar", "127.163.255.1"]
    for i in range(2):
        runs.append(subprocess.Popen(args + ["--addr", next(BLOCK)], env=dict(os.environ, **env),
                                     stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True))
        name = os.path.join(folder, ("spafarm.sock", "spafarm-2.sock")[i])
        for line in runs[i].stderr:
            if "control socket" in line:
                check("it says which", line.strip().endswith(name), line)
                break
        check("mode 0600", os.stat(name).st_mode & 0o777 == 0o600, oct(os.stat(name).st_mode))
    for run in runs:
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=20)
        check("exit 0", run.returncode == 0, run.returncode)
    check("both are gone", os.listdir(folder) == [], os.listdir(folder))


def somebodys_file_is_no_socket_to_remove():
    notes = os.path.join(scratch(), "notes.txt")
    with open(notes, "w") as f:
        f.write("keep me")
    for path, code in ((notes, 2), ("/no/such/folder/c", 2), ("/tmp/" + "x" * 120, 2)):
        result = subprocess.run([SPAFARM, "run", "--count", "1", "--addr", next(BLOCK), "--registrar",
                                 "127.163.255.1", "--control", path, "--for", "1"],
                                capture_output=True, text=True, timeout=30)
        check(f"--control {path} is exit {code}", result.returncode == code, result)
        check("it is named", "--control" in result.stderr and path[:100] in result.stderr, result)
    with open(notes) as f:
        check("the file is as it was", f.read() == "keep me")
    with farm(1) as running:
        code, output, _ = run_to_end("--count", "1", "--addr", next(BLOCK), "--registrar",
                                     "127.163.255.1", "--control", running.socket_path, "--for", "1")
        check("another farm's socket is exit 3", code == 3, (code, output))
        still_serves(running)
    stale = os.path.join(scratch(), "stale.sock")
    left = socket.socket(socket.AF_UNIX)
    left.bind(stale)
    left.close()
    code, output, _ = run_to_end("--count", "1", "--addr", next(BLOCK), "--control", stale,
                                 "--until", "idle")
    check("one left behind is taken over", code == 0 and f"control socket {stale}\n" in output, output)


main([state_has_every_field_of_the_contract, list_is_short_and_selects, parameters_are_set_and_got,
      keys_and_text_reach_the_phone, restarts_end_registered_again,
      resync_fetches_again_and_tells_where_from, wait_holds_fails_or_times_out,
      stats_are_the_report_so_far, events_have_the_fields_of_the_contract,
      a_follower_hears_the_phones_it_asked_for, quit_ends_the_run_with_its_report,
      refusals_have_code_and_sentence, json_rpc_is_spoken_as_written,
      pipelined_requests_are_answered_in_order, two_clients_do_not_wait_for_each_other,
      clients_that_vanish_do_no_harm, a_client_that_vanishes_ends_no_farm_without_a_lab,
      a_line_has_a_mebibyte, a_follower_that_does_not_read_is_dropped,
      a_client_that_does_not_read_its_answers_is_not_read_from, ctl_prints_and_exits_as_told,
      ctl_writes_the_picture_itself,
      ctl_help_lists_every_method, ctl_follows_until_the_farm_ends,
      the_socket_is_the_users_alone, somebodys_file_is_no_socket_to_remove])
