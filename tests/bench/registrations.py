# SPDX-License-Identifier: BSD-3-Clause
"""CPU time per authenticated registration: spafarm beside SIPp and the raw socket floor.

usage: registrations.py BUILD_DIR [COUNT…]. All three run in turn against the same kind of peer; the
registrar is `spafarm lab` in a process of its own. Prints microseconds and the ratio to SIPp.
"""
import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile

BUILD = sys.argv[1]
COUNTS = [int(a) for a in sys.argv[2:]] or [1000, 5000, 15000]
SPAFARM = os.path.join(BUILD, "spafarm")
HERE = os.path.dirname(os.path.abspath(__file__))
ROUNDS = 7


def cpu_us(argv, count, **kwargs):
    """CPU microseconds a registration costs the process argv."""
    child = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                             stdin=subprocess.DEVNULL, **kwargs)
    errors = child.stderr.read()
    _, code, use = os.wait4(child.pid, 0)
    child.returncode = code
    if code:
        sys.exit(f"{argv[:3]} ended with {code}: {errors.decode()[-500:]}")
    return (use.ru_utime + use.ru_stime) * 1e6 / count


def start_lab():
    lab = subprocess.Popen([SPAFARM, "lab", "--json"], stdout=subprocess.PIPE, text=True)
    where = json.loads(lab.stdout.readline())
    return lab, where["sip"]


def sipp(count, registrar, folder):
    accounts = os.path.join(folder, "accounts.csv")
    with open(accounts, "w") as f:
        f.write("SEQUENTIAL\n")
        for n in range(1, count + 1):
            f.write(f"{1000 + n};[authentication username={1000 + n} password=pw-{1000 + n}]\n")
    return cpu_us(["sipp", registrar, "-sf", os.path.join(HERE, "register.xml"), "-inf", accounts,
                   "-t", "un", "-max_socket", str(count + 100), "-i", "127.0.0.1", "-m", str(count),
                   "-r", "4000", "-l", "200", "-nostdin"], count, cwd=folder,
                  env=dict(os.environ, TERM="dumb"))


def farm(count, registrar, folder):
    return cpu_us([SPAFARM, "run", "--count", str(count), "--addr", "127.60.0.0/16",
                   "--registrar", registrar, "--until", "registered", "--timeout", "120s",
                   "--control", os.path.join(folder, "c")], count)


def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    print("CPU microseconds per registration (median of %d)" % ROUNDS)
    print(f"{'phones':>8} {'spafarm':>9} {'SIPp -t un':>11} {'floor':>7} {'ratio':>6}")
    folder = tempfile.mkdtemp()
    for count in COUNTS:
        figures = {"farm": [], "sipp": [], "floor": []}
        for _ in range(ROUNDS):
            for name, run in (("farm", farm), ("sipp", sipp)):
                lab, registrar = start_lab()
                figures[name].append(run(count, registrar, folder))
                lab.send_signal(signal.SIGINT)
                lab.wait()
            figures["floor"].append(float(subprocess.check_output(
                [os.path.join(BUILD, "tests", "bench_floor"), str(count)])))
        us = {name: statistics.median(values) for name, values in figures.items()}
        print(f"{count:8} {us['farm']:9.1f} {us['sipp']:11.1f} {us['floor']:7.1f} "
              f"{us['farm'] / us['sipp']:6.2f}", flush=True)


main()
