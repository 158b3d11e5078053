# SPDX-License-Identifier: BSD-3-Clause
"""A provisioning storm: every phone boots against nginx on this machine and fetches two files.

usage: provision.py BUILD_DIR [COUNT]. Over HTTP, requests per second beside those of wrk for the same
files, each on a connection of its own, by one process and by the farm in shards; over HTTPS with client
certificates, CPU per phone beside a bare OpenSSL client's for as many handshakes. Ends with 1 where a
phone is lost or a target is missed.
"""
import json
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile

BUILD = os.path.abspath(sys.argv[1])
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
SPAFARM = os.path.join(BUILD, "spafarm")
ADDR, PORT, TLS_PORT = "127.59.255.1", 8080, 8443
FIRST_MAC = 0x000E08000001
WRK_S = 5
SHARDS = (1, os.cpu_count() or 1)  # one loop; and the farm in as many parts as there are processors
ROUNDS = int(os.environ.get("ROUNDS", "3"))
TICKS = os.sysconf("SC_CLK_TCK")
# names a SPA504G knows; {} is the number of a line
LINE = ["Line_Enable", "Proxy", "Outbound_Proxy", "User_ID", "Display_Name", "Password", "Dial_Plan", "MOH_Server",
        "Register", "Register_Expires", "Preferred_Codec", "Mailbox_ID", "NAT_Keep_Alive_Dest"]


def profile(n):
    """Some forty parameters, 3 KB: what the templates of free provisioning servers come to."""
    rows = [f"<Station_Name>Desk {n}</Station_Name>", "<Time_Zone>GMT+01:00</Time_Zone>"]
    for line in range(1, 5):
        for name in LINE:
            value = {"Line_Enable": "Yes" if line == 1 else "No", "Register": "No", "Register_Expires": "3600", "Preferred_Codec": "G711a",
                     "Dial_Plan": "(*xx|[3469]11|0|00|[2-9]xxxxxx|1xxx[2-9]xxxxxxS0|xxxxxxxxxxxx.)"
                     }.get(name, f"value-{n}-{line}")
            rows.append(f'<{name}_{line}_ ua="na">{value}</{name}_{line}_>')
    return "<flat-profile>\n" + "\n".join(rows) + "\n</flat-profile>\n"


def make_files(folder):
    os.mkdir(os.path.join(folder, "p"))
    for scheme, port in (("http", PORT), ("https", TLS_PORT)):
        with open(os.path.join(folder, f"spa504G-{scheme}.cfg"), "w") as f:
            f.write("<flat-profile><Resync_Periodic>86400</Resync_Periodic><Profile_Rule_B>"
                    f"{scheme}://{ADDR}:{port}/p/$MA.xml</Profile_Rule_B></flat-profile>\n")
    for n in range(COUNT):
        with open(os.path.join(folder, "p", f"{FIRST_MAC + n:012x}.xml"), "w") as f:
            f.write(profile(n))


def openssl(folder, *args):
    subprocess.run(["openssl", *args], cwd=folder, check=True, capture_output=True)


def make_certificates(folder):
    """Two CAs with P-256 keys, a server with such a key, and a client with the RSA key of a phone."""
    ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    for name in ("ca", "phones"):
        openssl(folder, "req", "-x509", *ec, "-days", "9", "-subj", f"/CN={name}", "-keyout",
                f"{name}.key", "-out", f"{name}.pem")
        with open(os.path.join(folder, f"{name}-both.pem"), "w") as out:
            for part in (f"{name}.pem", f"{name}.key"):
                with open(os.path.join(folder, part)) as f:
                    out.write(f.read())
    openssl(folder, "req", *ec, "-subj", f"/CN={ADDR}", "-keyout", "server.key", "-out", "server.csr")
    openssl(folder, "x509", "-req", "-days", "9", "-in", "server.csr", "-CA", "ca.pem", "-CAkey",
            "ca.key", "-CAcreateserial", "-out", "server.pem")
    openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/OU=SPA504G/CN=bench", "-keyout",
            "client.key", "-out", "client.csr")
    openssl(folder, "x509", "-req", "-days", "9", "-in", "client.csr", "-CA", "phones.pem", "-CAkey",
            "phones.key", "-CAcreateserial", "-out", "client.crt")
    with open(os.path.join(folder, "client.pem"), "w") as out:
        for part in ("client.crt", "client.key"):
            with open(os.path.join(folder, part)) as f:
                out.write(f.read())


def start_nginx(folder, files):
    config = os.path.join(folder, "nginx.conf")
    with open(config, "w") as f:
        f.write(f"""daemon off; master_process off; worker_processes 1;
pid {folder}/pid; error_log {folder}/error.log; worker_rlimit_nofile 60000;
events {{ worker_connections 25000; }}
http {{
  access_log off; open_file_cache max=30000; root {files};
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/x; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen {ADDR}:{PORT} backlog=65535; }}
  server {{ listen {ADDR}:{TLS_PORT} ssl backlog=65535; ssl_certificate {folder}/server.pem;
    ssl_certificate_key {folder}/server.key; ssl_client_certificate {folder}/phones.pem;
    ssl_verify_client on; }}
}}
""")
    nginx = subprocess.Popen(["nginx", "-c", config, "-p", folder], stderr=subprocess.DEVNULL)
    url = f"http://{ADDR}:{PORT}/spa504G-http.cfg"
    while subprocess.run(["curl", "-sfo", "/dev/null", url], check=False).returncode:
        if nginx.poll() is not None:
            sys.exit("nginx did not start: " + open(f"{folder}/error.log").read())
    return nginx


def cpu_s(pid):
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def timed(argv, **kwargs):
    """(output, CPU seconds, exit code) of a command."""
    child = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             stdin=subprocess.DEVNULL, **kwargs)
    output = child.stdout.read()
    _, status, use = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return output, use.ru_utime + use.ru_stime, child.returncode


def run_farm(folder, scheme, port, shards, *options):
    """(seconds from the first request to the last answer, CPU seconds, errors or None) of so many processes."""
    reports = [os.path.join(folder, f"report{i}.json") for i in range(shards)]
    children = [subprocess.Popen(
        [SPAFARM, "run", "--count", str(COUNT), "--addr", "127.60.0.0/16", "--mac",
         f"{FIRST_MAC:012X}", "--profile-rule", f"{scheme}://{ADDR}:{port}/spa504G-{scheme}.cfg",
         "--set", "Register_1_=No", "--until", "provisioned", "--timeout", "300s", "--report", report,
         "--shard", f"{i + 1}/{shards}", "--control", os.path.join(folder, f"c{i}"), *options],
        stdout=subprocess.DEVNULL, stderr=open(f"{report}.log", "w"), stdin=subprocess.DEVNULL) for i, report in enumerate(reports)]
    cpu, runs = 0, []
    for child, report in zip(children, reports):
        _, status, use = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        cpu += use.ru_utime + use.ru_stime
        if child.returncode not in (0, 4) or not os.path.exists(report):
            with open(f"{report}.log") as f:
                sys.exit(f"the farm ended with {child.returncode}:\n{f.read()[-3000:]}")
        with open(report) as f:
            runs.append(json.load(f))
    ok = sum(run["fetch"]["ok"] for run in runs)
    errors = sum(run["fetch"]["error"] for run in runs)
    lost = None if ok == 2 * COUNT and errors == 0 else [run["fetch"] for run in runs]
    return max(run["wall_s"] for run in runs), cpu, lost


def run_wrk(folder):
    """(requests a second, CPU seconds per request)."""
    script = os.path.join(folder, "paths.lua")
    with open(script, "w") as f:
        f.write(f"""local n = 0
function request()
    n = n + 1
    local path = n % 2 == 1 and "/spa504G-http.cfg"
        or string.format("/p/%012x.xml", {FIRST_MAC} + (n // 2) % {COUNT})
    return wrk.format("GET", path, {{ ["Connection"] = "close",
        ["User-Agent"] = "Cisco/SPA504G-7.5.5 (000E08000001)(CCQ14010001)" }})
end
""".replace("(n // 2)", "math.floor(n / 2)"))
    output, cpu, code = timed(["wrk", "-t", "1", "-c", "100", "-d", f"{WRK_S}s", "-s", script,
                               f"http://{ADDR}:{PORT}/"])
    if code or "Non-2xx" in output:
        sys.exit(f"wrk:\n{output}")
    total = int(output.split(" requests in ")[0].split()[-1])
    rate = float(output.split("Requests/sec:")[1].split()[0])
    return rate, cpu / total


def over_http(folder, nginx, shards):
    farms, wrks, cpus, tools, servers = [], [], [], [], []
    for _ in range(ROUNDS):
        rate, cost = run_wrk(folder)
        wrks.append(rate)
        tools.append(cost * 1e6)
        before = cpu_s(nginx.pid)
        wall, cpu, lost = run_farm(folder, "http", PORT, shards)
        if lost:
            sys.exit(f"phones were lost: {lost}")
        farms.append(2 * COUNT / wall)
        cpus.append(cpu / COUNT * 1e6)
        servers.append((cpu_s(nginx.pid) - before) / COUNT / 2 * 1e6)
    farm, wrk = statistics.median(farms), statistics.median(wrks)
    ratio = statistics.median(f / w for f, w in zip(farms, wrks))
    print(f"HTTP, {COUNT} phones in {shards} process{'es' * (shards > 1)}, two files each: {farm:.0f} requests/s, "
          f"wrk {wrk:.0f}/s: {ratio:.2f} of it (wanted: at least 0.5)")
    print(f"  CPU: spafarm {statistics.median(cpus):.0f} us a phone ({statistics.median(cpus) / 2:.0f} a "
          f"request, reading profiles included), wrk {statistics.median(tools):.0f} us a request, nginx "
          f"{statistics.median(servers):.0f} us a request", flush=True)
    return ratio >= 0.5


def over_https(folder):
    farms, bares, asking = [], [], []
    bench = [os.path.join(BUILD, "tests", "bench_handshakes"), ADDR, str(TLS_PORT),
             os.path.join(folder, "ca.pem"), os.path.join(folder, "client.pem")]
    for _ in range(ROUNDS):
        bares.append(2 * float(subprocess.check_output(bench + [str(COUNT // 2)])))
        asking.append(2 * float(subprocess.check_output(bench + [str(COUNT // 4), "/spa504G-http.cfg"])))
        wall, cpu, lost = run_farm(folder, "https", TLS_PORT, 1, "--ca", os.path.join(folder, "ca.pem"),
                                   "--client-ca", os.path.join(folder, "phones-both.pem"))
        if lost:
            sys.exit(f"phones were lost: {lost}")
        farms.append(cpu / COUNT * 1e6)
    farm, bare = statistics.median(farms), statistics.median(bares)
    ratio = statistics.median(f / b for f, b in zip(farms, bares))
    print(f"HTTPS with client certificates: {farm:.0f} us CPU a phone; two handshakes of a bare client "
          f"{bare:.0f} us: {ratio:.2f} times that (wanted: at most 1.5); with a request each "
          f"{statistics.median(asking):.0f} us", flush=True)
    return ratio <= 1.5


def main():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    folder = tempfile.mkdtemp()
    os.chmod(folder, 0o755)
    files = os.path.join(folder, "www")
    os.mkdir(files)
    make_files(files)
    make_certificates(folder)
    nginx = start_nginx(folder, files)
    try:
        good = max(over_http(folder, nginx, shards) for shards in SHARDS)
        good = over_https(folder) and good
    finally:
        nginx.send_signal(signal.SIGTERM)
        nginx.wait()
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if good else 1)


main()
