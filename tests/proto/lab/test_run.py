# SPDX-License-Identifier: BSD-3-Clause
"""`spafarm run` on its own lab: reports, shards, commands, clean ends."""
import fcntl
import json
import os
import re
import signal
import socket
import struct
import subprocess
import termios

from peers import SPAFARM, Farm, Process, check, main, run_to_end, scratch, wait_for


BLOCK = iter(f"127.136.{i}.0/24" for i in range(224, 256))


def spafarm(*args, **kwargs):
    return subprocess.run([SPAFARM, *args], capture_output=True, text=True, timeout=120, **kwargs)


def a_thousand_phones_boot_and_register():
    code, output, report = run_to_end("--count", "1000", "--seed", "5", "--until", "registered",
                                      "--addr", "127.136.0.0/17", "--timeout", "120s")
    check("the run ends well", code == 0, output[-2500:])
    wanted = {"phones": 1000, "provisioned": 1000, "registered": 1000, "failed": 0,
              "verdict": "valid", "seed": 5}
    for key, value in wanted.items():
        check(key, report[key] == value, report[key])
    check("two files each", report["fetch"]["ok"] == 2000, report["fetch"])
    check("all challenged", report["register"]["challenged"] == 1000, report["register"])
    for key in ("wall_s", "cpu_s", "rss_bytes", "bytes_per_phone", "started", "command"):
        check(f"{key} is filled", report[key], report.get(key))
    check("latencies are there", report["register"]["ms"]["max"] > 0, report["register"]["ms"])


def shared_sockets_do_the_same():
    code, output, report = run_to_end("--count", "500", "--sockets", "shared", "--until",
                                      "registered", "--addr", "127.136.128.0/18",
                                      # the port of other tests' phones is not free on all addresses
                                      "--set", "SIP_Port_1_=45060")
    check("the run ends well", code == 0, output[-2500:])
    check("all registered", report["registered"] == 500, report)


def every_model_boots_on_the_lab():
    result = spafarm("models", "--json")
    models = [m["name"] for m in json.loads(result.stdout)]
    check("all of them", len(models) == 20 and "SPA521SG" in models, models)
    accounts = os.path.join(scratch(), "models.csv")
    with open(accounts, "w") as f:
        f.write("model\n" + "".join(f"{name}\n" for name in models))
    with Farm("--accounts", accounts, "--addr", "127.136.194.0/24") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=30)
        for state in farm.call("state", phones="all"):
            name = state["model"]
            check(f"{name} has one registered line", [l["registered"] for l in state["lines"]] ==
                  [True], state["lines"])
            check(f"{name} is idle", state["screen"]["app"] == "idle", state["screen"])


def a_second_shared_farm_is_refused():
    options = ("--sockets", "shared", "--set", "SIP_Port_1_=45061", "--count", "1", "--no-provision")
    with Farm("--addr", "127.136.192.0/24", *options) as farm:
        farm.call("wait", phones="all", cond="registered", timeout=20)
        result = spafarm("run", "--addr", "127.136.193.0/24", "--until", "registered", *options)
        check("exit code 3", result.returncode == 3, result)
        check("one line says why", "shared" in result.stderr and "45061" not in result.stdout,
              result.stderr)


def identities(args):
    with Farm("--no-provision", *args) as farm:
        farm.call("wait", phones="all", cond="registered", timeout=30)
        rows = [(p["n"], p["mac"], p["ip"], p["user"], p["model"]) for p in farm.call("list")]
        return rows, farm.report()


def two_shards_are_the_whole():
    common = ["--count", "61", "--addr", "127.137.0.0/24", "--seed", "9"]
    whole, report = identities(common)
    first, report1 = identities(common + ["--shard", "1/2"])
    second, report2 = identities(common + ["--shard", "2/2"])
    check("same phones", sorted(first + second) == sorted(whole), (first[:2], second[:2]))
    folder = scratch()
    for i, data in enumerate((report1, report2)):
        with open(os.path.join(folder, f"{i}.json"), "w") as f:
            json.dump(data, f)
    merged = json.loads(spafarm("report", f"{folder}/0.json", f"{folder}/1.json", "--json").stdout)
    for key in ("phones", "registered", "failed", "provisioned"):
        check(f"{key} adds up", merged[key] == report[key], (merged[key], report[key]))
    check("registrations add up", merged["register"]["ok"] == report["register"]["ok"])


def commands_reach_the_phones():
    with Farm("--count", "3", "--addr", "127.48.0.0/24") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=30)
        state = farm.state(2)
        check("screen shows the line", state["lines"][0]["user"] in state["screen"]["labels"],
              state["screen"])
        check("soft keys", state["screen"]["softkeys"] == ["redial", "dir", "cfwd", "dnd"],
              state["screen"])
        check("lamp", state["lamps"]["line1"] == {"color": "green", "pattern": "steady"}, state)
        farm.call("press", phones="2", keys=["soft4"])
        farm.call("wait", phones="2", cond="screen~Do Not Disturb", timeout=5)
        farm.call("power", phones="3", on="off")
        check("off is off", farm.state(3)["power"] is False)
        farm.call("power", phones="3", on="on")
        farm.call("wait", phones="3", cond="registered", timeout=20)
        farm.call("reboot", phones="1")
        farm.call("wait", phones="1", cond="registered", timeout=20)
        farm.call("set", phones="1", values=["Station_Name=Front Desk"])
        farm.call("wait", phones="1", cond="screen~Front Desk", timeout=5)


def sigint_ends_a_run_cleanly():
    with Farm("--count", "20", "--addr", "127.48.1.0/24") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=30)
        report = farm.report()
        check("exit 0", farm.child.returncode == 0, farm.output())
        check("report is there", report["registered"] == 20)
        check("socket is gone", not os.path.exists(farm.socket_path))


def until_not_reached_is_exit_1():
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind(("127.48.255.1", 5060))
    code, output, report = run_to_end("--count", "2", "--addr", "127.48.2.0/24", "--registrar",
                                      "127.48.255.1", "--until", "registered", "--timeout", "3s")
    check("exit 1", code == 1, (code, output))
    check("none registered", report["registered"] == 0)
    check("the report says what they wait for", report["waiting"] ==
          [{"cause": "an answer from its registrar", "count": 2, "example": 1}], report)
    check("so does the table", "waiting phones: 2 for an answer from its registrar (phone 1" in output,
          output)
    silent.close()


def a_full_disk_is_told():
    for option in ("--events", "--trace", "--series", "--log", "--report"):
        more = ["-v"] if option == "--log" else []
        result = spafarm("run", "--count", "1", "--addr", "127.48.8.0/24", "--for", "1.5", option,
                         "/dev/full", "--control", os.path.join(scratch(), "c"), *more)
        check(f"{option}: exit 3", result.returncode == 3, result)
        check(f"{option}: the file is named", "spafarm: /dev/full: " in result.stderr, result.stderr)


def a_report_may_go_to_stdout():
    result = spafarm("run", "--count", "2", "--addr", "127.48.9.0/24", "--until", "registered",
                     "--report", "-", "--control", os.path.join(scratch(), "c"))
    check("exit 0", result.returncode == 0, result)
    check("nothing but the report", json.loads(result.stdout)["registered"] == 2, result.stdout)
    check("the table is beside it", "registered           2" in result.stderr, result.stderr)
    mixed = spafarm("run", "--report", "-", "--events", "-")
    check("one of two", mixed.returncode == 2 and "--events -" in mixed.stderr, mixed)
    mixed = spafarm("run", "--series", "-", "--report", "-")
    check("or of three", mixed.returncode == 2 and "--series -" in mixed.stderr, mixed)
    result = spafarm("run", "--count", "2", "--addr", "127.48.9.0/24", "--until", "registered",
                     "--series", "-", "--control", os.path.join(scratch(), "c"))
    head, *rows = result.stdout.splitlines()
    check("seconds alone", head.startswith("time,t,boots") and rows and
          all(len(r.split(",")) == len(head.split(",")) for r in rows), result.stdout)
    check("and the table beside them", "registered           2" in result.stderr, result.stderr)


def environment_and_usage_errors_have_their_codes():
    result = spafarm("run", "--count", "1", "--addr", "192.0.2.1", "--registrar", "192.0.2.2")
    check("an address that is not local is exit 3", result.returncode == 3, result)
    check("and one line says so", "192.0.2.1" in result.stderr, result.stderr)
    for args in (["run", "--count", "many"], ["run", "--no-such-option"], ["nonsense"],
                 ["run", "--model", "SPA999"], ["run", "--set", "No_Such_Thing=1"],
                 ["run", "--firmware", "latest"], ["run", "--timeout", "soon"]):
        result = spafarm(*args)
        check(f"{args} is exit 2", result.returncode == 2, (result.returncode, result.stderr))
        check(f"{args} has a sentence", len(result.stderr.strip().splitlines()) >= 1)
    folder = scratch()
    broken = os.path.join(folder, "broken.lua")
    with open(broken, "w") as f:
        f.write("local x = = 1\n")
    result = spafarm("test", broken)
    check("a broken Lua file is exit 2", result.returncode == 2, result)
    check("with file and line", "broken.lua:1" in result.stderr, result.stderr)


def a_port_taken_is_told():
    holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    holder.bind(("127.48.3.2", 5060))
    with Farm("--count", "3", "--addr", "127.48.3.0/24", "--no-provision") as farm:
        farm.call("wait", phones="1,3", cond="registered", timeout=20)
        line = farm.line(2)
        check("phone 2 says why", "port taken" in line["reason"], line)
        report = farm.report()
        check("the others are not touched", report["registered"] == 2, report)
    holder.close()


def too_few_descriptors_is_exit_3():
    result = subprocess.run(["sh", "-c", f"ulimit -n 200; exec {SPAFARM} run --count 1000"],
                            capture_output=True, text=True, timeout=60)
    check("exit 3", result.returncode == 3, result)
    check("the line names the limit", "ulimit" in result.stderr or "LimitNOFILE" in result.stderr,
          result.stderr)


def the_lab_registers_over_every_transport():
    """TLS with the lab's own CA, which nobody has to name; on the port of UDP and TCP."""
    for transport in ("UDP", "TCP", "TLS", "tls"):
        code, _, report = run_to_end("--count", "5", "--until", "registered", "--timeout", "20s",
                                     "--addr", next(BLOCK), "--transport", transport)
        check(f"{transport}: exit 0", code == 0, report)
        check(f"{transport}: all registered", report["registered"] == 5, report)


def the_lab_alone_has_tls_and_its_ca():
    with Process([SPAFARM, "lab", "--json", "--require-client-cert"]) as lab:
        taken = wait_for("the lab tells its ports", lambda: lab.output().startswith("{") and
                         json.loads(lab.output().splitlines()[0]))
        for key in ("sip", "http", "https", "tftp", "ca"):
            check(f"{key} is told", taken.get(key), taken)
        options = ("--count", "2", "--no-provision", "--until", "registered", "--transport", "TLS",
                   "--registrar", taken["sip"])
        code, _, report = run_to_end(*options, "--addr", next(BLOCK), "--ca", taken["ca"])
        check("registered with its CA", code == 0 and report["registered"] == 2, report)
        code, _, report = run_to_end(*options, "--addr", next(BLOCK), "--timeout", "3s")
        check("refused without", code == 1 and report["register"]["ok"] == 0 and
              "certificate" in json.dumps(report["register"]["errors"]), report)
        rule = taken["https"] + "/profile/$MA.xml"
        options = ("--count", "1", "--until", "provisioned", "--profile-rule", rule, "--ca", taken["ca"])
        code, _, report = run_to_end(*options, "--addr", next(BLOCK), "--client-ca", taken["ca"])
        check("a client certificate is asked for and taken", code == 0, report)
        code, _, report = run_to_end(*options, "--addr", next(BLOCK), "--timeout", "3s")
        check("without one there is no profile", code == 1, report)


def lab_stands_alone():
    with Process([SPAFARM, "lab", "--json"]) as lab:
        text = wait_for("the lab says where it listens", lambda: lab.output().strip())
        where = json.loads(text)
        check("registrar and servers are named", {"sip", "http", "tftp"} <= set(where), where)
        lab.stop(signal.SIGINT)
        check("exit 0", lab.child.returncode == 0, lab.output())


def progress_fits_its_terminal_and_says_what_fails():
    try:
        master, slave = os.openpty()
    except OSError as error:
        print(f"   not tried, as this machine has no pseudo terminals: {error}")
        return
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    with Process(["sh", "-c", '"$@" 2>%s >/dev/null' % os.ttyname(slave), "sh", SPAFARM, "run",
                  "--count", "3", "--addr", "127.48.10.0/24", "--profile-rule",
                  "http://127.48.10.250:9/refused", "--for", "1", "--control",
                  os.path.join(scratch(), "c")]) as run:
        run.wait(30)
    os.close(slave)
    text = b""
    try:
        while chunk := os.read(master, 4096):
            text += chunk
    except OSError:
        pass
    *moving, last = [line for line in re.split(r"\r|\x1b\[K|\n", text.decode()) if "booting" in line]
    check("it moves on one line", moving and all(len(line) < 60 for line in moving), moving)
    check("and ends with all of it", "requests/s  3 errors  0 registrations/s" in last, last)


main([a_thousand_phones_boot_and_register, shared_sockets_do_the_same,
      every_model_boots_on_the_lab, a_second_shared_farm_is_refused, two_shards_are_the_whole,
      commands_reach_the_phones, sigint_ends_a_run_cleanly, until_not_reached_is_exit_1,
      a_report_may_go_to_stdout, a_full_disk_is_told,
      environment_and_usage_errors_have_their_codes, a_port_taken_is_told,
      too_few_descriptors_is_exit_3, lab_stands_alone, the_lab_registers_over_every_transport,
      the_lab_alone_has_tls_and_its_ca, progress_fits_its_terminal_and_says_what_fails])
