# SPDX-License-Identifier: BSD-3-Clause
"""The command line: what is refused, how, and with which exit code; models, profile, report."""
import json
import os
import re
import socket
import subprocess

from peers import SPAFARM, check, main, run_to_end, scratch

FOLDER = scratch()
BLOCK = iter(f"127.104.{2 * i}.0/23" for i in range(100))
SUBCOMMANDS = ("run", "test", "ctl", "lab", "profile", "report", "render", "models")
FLAT = '<flat-profile>%s</flat-profile>'


def spafarm(*args, **kwargs):
    return subprocess.run([SPAFARM, *args], capture_output=True, text=True, timeout=120, **kwargs)


def put(name, text):
    path = os.path.join(FOLDER, name)
    with open(path, "w") as f:
        f.write(text)
    return path


def refused(args, *words, code=2, **kwargs):
    """Exit code, nothing on stdout, one line on stderr that holds the words."""
    result = spafarm(*args, **kwargs)
    what = " ".join(a[:60] for a in args)
    check(f"{what}: exit {code}", result.returncode == code, (result.returncode, result.stderr[-600:]))
    check(f"{what}: nothing on stdout", not result.stdout, result.stdout[:300])
    lines = result.stderr.splitlines()
    check(f"{what}: one line", len(lines) == 1, result.stderr)
    for word in words:
        check(f"{what}: says {word!r}", word in lines[0], lines[0])


def every_bad_value_is_named_with_its_option():
    long = "x" * 500
    for option, values in {
            "--model": ("SPA999", "", long), "--count": ("many", "0", "-1", "1.5", "", "1000001", "1e3"),
            "--firmware": ("latest", "", long), "--mac": ("000E08", "zz", "000E080000011", ""),
            "--addr": ("127.1.0.0/33", "127.1.0.1/16", "here", "::1", "", "127.1.0.9-127.1.0.1"),
            "--port-base": ("0", "65536", "sip"), "--dhcp-option": ("67=x", "66=", "66", ""),
            "--set": ("Name", "=x", "No_Such_Thing=1", "Register_1_=perhaps", ""),
            "--transport": ("SCTP", ""), "--boot": ("slow", ""), "--media": ("maybe",),
            "--shard": ("0/2", "3/2", "1", "1/", "a/b", ""), "--sockets": ("none", ""),
            "--seed": ("-1", "x", "9223372036854775808", ""),
            "--time-scale": ("0", "-1", "nan", "inf", "fast", ""),
            "--spread": ("-1", "soon", "nan", ""), "--ramp": ("0", "-5", "soon", ""),
            "--rate": ("0", "-1", "nan", "inf", "1e300", "fast", "1e-300", ""),
            "--for": ("0", "-5", "soon", "5x", "5mm", "nan", "1e300", ""),
            "--until": ("happy", ""), "--client-keys": ("own", "none"),
            "--user": ("{nobody}", "{", "{n"), "--password": ("{nothing}", "{"),
            "--dns": ("127.0.0.1:x", "nowhere.example", ""), "--web": ("99999",),
            "--registrar": ("", "a b", "127.0.0.1:99999", "127.0.0.1:x")}.items():
        for value in values:
            for args in ([f"{option}={value}"], [option, value]):
                if option == "--web" and len(args) == 2:
                    continue # its value may be left out: the word stands for itself
                if option == "--dns":
                    args += ["--registrar", "127.104.255.1"]
                refused(["run", "--for", "1", "--addr", "127.104.250.0/24", *args], option, value[:40])
    refused(["run", "--until", "idle", "--timeout", "never"], "--timeout", "never")
    refused(["run", "--timeout", "5"], "--timeout", "--until")
    refused(["run", "--ramp", "5"], "--ramp", "--rate")
    refused(["run", "--until", "provisioned", "--no-provision"], "--until provisioned")


def what_comes_later_says_so():
    for args in (["--http", "127.0.0.1:80"], ["--token", "x"], ["--workers", "2"]):
        refused(["run", *args], args[0], "later")
    refused(["run", "--client-ca", "/no/such.pem"], "--client-ca", "/no/such.pem")
    refused(["run", "--client-ca", "/etc/hostname"], "--client-ca", "certificate")
    for path, words in (("/etc/hostname", "no PEM certificate"), (FOLDER, "directory")):
        refused(["run", "--ca", path, "--for", "1", "--addr", "127.104.250.0/24"], "--ca", path, words)
    refused(["run", "--count", "1", "--addr", "127.104.250.0/24", "--control", "/no/such/x.sock"],
            "/no/such/x.sock", "No such file")
    refused(["run", "--web=70000"], "--web", "65535", "70000")
    refused(["run", "--client-keys", "own"], "--client-keys", "--client-ca")


def unknown_words_are_told():
    refused(["nonsense"], "nonsense")
    refused(["help", "nonsense"], "nonsense")
    for sub in SUBCOMMANDS:
        refused([sub, "--no-such-option"], "--no-such-option")
        refused([sub, "-x"], "-x")
    refused(["run", "--modle", "x"], "--modle", "did you mean --model?")
    refused(["run", "--count"], "--count", "value")
    refused(["run", "--no-provision=yes"], "--no-provision", "no value")
    refused(["models", "SPA999"], "SPA999")
    refused(["models", "SPA504G", "SPA303"], "SPA303")
    refused(["profile"], "FILE")
    refused(["profile", "a", "b"], "\"b\"")
    refused(["profile", "--model", "SPA999", "x"], "--model", "SPA999")
    refused(["profile", "--mac", "0", "x"], "--mac", "\"0\"")
    refused(["profile", "--firmware", "latest", "x"], "--firmware", "latest")
    refused(["report"], "report")
    refused(["run", "a.lua", "b.lua"], "b.lua")
    refused(["lab", "word"], "word")
    for option, value in (("--sip", "x"), ("--http", "70000"), ("--tftp", "-1"), ("--listen", "here"),
                          ("--expires", "0"), ("--realm", "a\"b"), ("--profiles", "/no/such"),
                          ("--services", "/etc/passwd"), ("--https", "x")):
        refused(["lab", option, value], option)


def files_that_cannot_be_read_are_named():
    missing = os.path.join(FOLDER, "missing")
    for args in (["run", missing], ["run", "--accounts", missing], ["profile", missing],
                 ["report", missing], ["test", missing], ["run", "--ca", missing]):
        refused([*args, *(["--for", "1", "--addr", "127.104.250.0/24"] if args[0] == "run" else [])],
                missing)
    for args in (["run", FOLDER], ["run", "--accounts", FOLDER], ["profile", FOLDER],
                 ["report", FOLDER], ["test", FOLDER]):
        refused(args, FOLDER)
    for option in ("--report", "--events", "--log", "--series"):
        refused(["run", "--count", "1", "--for", "1", "--addr", "127.104.250.0/24", option,
                 "/no/such/folder/x"], "/no/such/folder/x")
    refused(["report", put("bad.json", "{\"a\": 1,,}")], "bad.json:1:")
    refused(["report", put("none.json", "{}")], "none.json")
    refused(["report", put("list.json", "[1]")], "list.json")


def accounts_give_each_phone_its_row():
    path = put("accounts.csv", "mac,user,password,model,Station\n"
                               "000E08AA0001,2001,pw-2001,SPA303,Door\n"
                               "000E08AA0002,2002,pw-2002,,\"Desk, two\"\n")
    events = os.path.join(FOLDER, "accounts.events")
    code, output, report = run_to_end("--accounts", path, "--addr", next(BLOCK), "--until",
                                      "registered", "--events", events)
    check("they register", code == 0 and report["registered"] == 2, output)
    for text, words in (("mac,user\n000E08AA0001\n", ":2:"), ("", "no header"),
                        ("mac\nzz\n", "\"zz\""), ("model\nSPA999\n", "SPA999"),
                        ("user,password\n\"a,b\n", ":2:"), ("seed\n1\n", "--seed"),
                        ("firmware\nlatest\n", "latest"), ("ip\nhere\n", "here")):
        bad = put("bad.csv", text)
        refused(["run", "--accounts", bad, "--for", "1", "--addr", "127.104.250.0/24"], "bad.csv", words)
    refused(["run", "--accounts", path, "--count", "5"], "accounts.csv", "--count", "5")


def the_environment_refuses_with_3():
    refused(["run", "--count", "1", "--addr", "192.0.2.1", "--registrar", "192.0.2.2"], "192.0.2.1",
            code=3)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("127.104.251.1", 5060))
        refused(["run", "--count", "1", "--addr", "127.104.251.0/24", "--for", "1"], "127.104.251.1",
                "5060", code=3)
    with socket.socket() as holder:
        holder.bind(("127.104.251.2", 0))
        holder.listen()
        port = holder.getsockname()[1]
        refused(["lab", "--listen", "127.104.251.2", "--http", str(port)], str(port), code=3)
    refused(["ctl", "--socket", os.path.join(FOLDER, "none"), "list"], "no farm answers", code=3)


def help_tells_everything():
    for args in (["--help"], ["help"], ["-h"]):
        result = spafarm(*args)
        check(f"{args} is exit 0 on stdout", result.returncode == 0 and not result.stderr, result)
        for sub in SUBCOMMANDS:
            check(f"{sub} is listed", re.search(rf"spafarm {sub} ", result.stdout), result.stdout)
    bare = spafarm()
    check("no word at all is wrong use", bare.returncode == 2 and "usage" in bare.stderr, bare)
    for sub in (*SUBCOMMANDS, "show", "version", "help"):
        shown = spafarm(sub, "--help")
        check(f"{sub} --help", shown.returncode == 0 and f"usage: spafarm {sub}" in shown.stdout, shown)
        check("help SUBCOMMAND is the same", spafarm("help", sub).stdout == shown.stdout)
        check("-h as well", spafarm(sub, "-h").stdout == shown.stdout)
    for args in (("ctl", "power-cycle", "--help"), ("ctl", "--socket", "x", "power-cycle", "-h"),
                 ("help", "ctl", "power-cycle")):
        text = spafarm(*args).stdout
        check(f"{args}: a method alone", "power-cycle PHONES [--rate N] [--ramp DURATION]" in text and
              "  --off DURATION       dark for so long first" in text and "screen" not in text, text)
    text = spafarm("run", "--help").stdout
    for option in ("model", "count", "firmware", "accounts", "mac", "addr", "profile-rule", "registrar",
                   "dhcp-option", "dns", "user", "password", "set", "transport", "no-provision", "boot",
                   "ca", "client-ca", "client-keys", "web", "media", "shard", "sockets", "unregister",
                   "seed", "time-scale", "rate", "for", "until", "timeout", "report", "events",
                   "control", "log"):
        check(f"run --help has --{option}", re.search(rf"^  --{option} ", text, re.M), option)
    for args in (["version"], ["--version"]):
        check("version", re.fullmatch(r"spafarm \d+\.\d+\.\d+\n", spafarm(*args).stdout))


def models_are_listed_and_told():
    text = spafarm("models").stdout
    models = json.loads(spafarm("models", "--json").stdout)
    check("a row each", len(text.splitlines()) == len(models) + 1, text)
    for model in models:
        check("in both", re.search(rf"^{model['name']} ", text, re.M), model["name"])
        for key in ("name", "psn", "lines", "line_keys", "softkeys", "lcd", "keys", "lamps", "features",
                    "ouis", "firmware", "default_rule", "source"):
            check(f"{model['name']} has {key}", key in model, model)
    one = json.loads(spafarm("models", "spa504g", "--json").stdout)
    check("any case", one == next(m for m in models if m["name"] == "SPA504G"), one)
    check("its detail", "firmware" in spafarm("models", "SPA504G").stdout)
    params = json.loads(spafarm("models", "--params", "--json").stdout)
    names = {p["name"] for p in params}
    check("parameters", {"Profile_Rule", "Sim_Renewal_Factor"} <= names, len(names))
    check("their fields", all({"name", "type", "default", "since", "spec"} <= set(p) for p in params))
    own = json.loads(spafarm("models", "WIP310", "--params", "--json").stdout)
    check("a model has fewer", 0 < len(own) < len(params), (len(own), len(params)))
    check("as text, too", "Profile_Rule" in spafarm("models", "--params").stdout)


def a_profile_is_explained():
    path = put("good.xml", FLAT % "<Station_Name>Lobby</Station_Name><Unheard_Of>1</Unheard_Of>"
                                  "<User_ID_1_>77</User_ID_1_><Password_1_>geheim</Password_1_>")
    result = spafarm("profile", path)
    check("unknown names are notes", result.returncode == 0, result)
    check("values and notes are shown", all(w in result.stdout for w in
          ("Station_Name", "Lobby", "Unheard_Of", "notes")), result.stdout)
    check("secrets are not", "geheim" not in result.stdout)
    check("--strict makes them errors", spafarm("profile", "--strict", path).returncode == 1)
    data = json.loads(spafarm("profile", "--json", "--model=spa303", path).stdout)
    check("JSON", data["model"] == "SPA303" and data["values"]["Station_Name"] == "Lobby" and
          data["unknown"] == 1 and data["unknown_names"][0]["name"] == "Unheard_Of", data)
    check("from stdin", "Lobby" in spafarm("profile", "-", input=FLAT % "<Station_Name>Lobby"
                                           "</Station_Name>").stdout)
    result = spafarm("profile", put("value.xml", FLAT % "<Register_1_>perhaps</Register_1_>"))
    check("a bad value is exit 1", result.returncode == 1 and "perhaps" in result.stdout, result)
    for text in ("<flat-profile><a></flat-profile>", "", "no profile", "<flat-profile>"):
        broken = put("broken.xml", text)
        refused(["profile", broken], "broken.xml", code=1)
    refused(["profile", put("line.xml", "<flat-profile>\n  <a></b>\n</flat-profile>")], "line.xml:2:",
            code=1)
    refused(["profile", "http://127.104.255.1:9/x"], "http://127.104.255.1:9/x")


def a_rule_is_explained():
    result = spafarm("profile", "--rule", "http://prov.example.com/$MA.xml", "--mac", "000E08010203")
    check("exit 0", result.returncode == 0, result)
    check("what it asks for", "GET http://prov.example.com/000e08010203.xml" in result.stdout,
          result.stdout)
    data = json.loads(spafarm("profile", "--json", "--rule", "/spa$PSN.cfg", "--server",
                              "tftp.example.com").stdout)
    check("JSON", data["expanded"] == "/spa504G.cfg" and data["method"] == "GET" and
          data["url"].endswith("tftp.example.com/spa504G.cfg"), data)
    data = json.loads(spafarm("profile", "--json", "--rule", "").stdout)
    check("an empty one asks nothing", data["url"] is None and data["method"] is None, data)
    refused(["profile", "--rule", "(1 < ? x"], "rule:", code=1)


def each_step_of_a_rule_is_told():
    rule = ('($SWVER lt 7.5.2b and "$PN" eq "SPA303")? /old | ($PRVST eq 2)? (c="x";)! '
            '[--key "$SB" --post f] http://h/$MA | /last')
    args = ("profile", "--rule", rule, "--firmware", "7.4.9c", "--cause", "retry", "--mac",
            "000E08010203", "--set", "GPP_SB=hidden", "--set", 'GPP_F=P="$PN"', "--server", "tftp.test")
    text = spafarm(*args).stdout
    for line in ("$SWVER = 7.4.9c", "compare   7.4.9c < 7.5.2b as version: true",
                 "compare   SPA504G = SPA303 as string: false", "condition false", "alternative 2",
                 "compare   2 = 2 as integer: true", 'assign    GPP_C = "x"', "option    --key (secret)",
                 "option    --post f", "request   POST http://h/000e08010203", 'body      P="SPA504G"'):
        check(f"it says {line}", line in text, text)
    check("no secret is shown", "hidden" not in text, text)
    data = json.loads(spafarm(*args, "--json").stdout)
    check("JSON", data["alternative"] == 2 and data["key"] and data["body"] == 'P="SPA504G"', data)
    check("its steps", [s["holds"] for s in data["steps"] if s["kind"] == "comparison"] ==
          [True, False, True], data["steps"])
    check("a trigger", "true" in spafarm("profile", "--as", "trigger", "--rule", "$PRVST ge 0").stdout)
    result = spafarm("profile", "--as", "upgrade", "--rule", "/spa.bin")
    check("an upgrade rule names its server", result.returncode == 1 and
          "names its server" in result.stderr and "taken     /spa.bin" in result.stdout, result)
    refused(["profile", "--as", "wish", "--rule", "/x"], "--as", "wish")
    refused(["profile", "--cause", "fun", "--rule", "/x"], "--cause", "fun")
    refused(["profile", "--set", "Nothing=1", "--rule", "/x"], "--set", "Nothing")
    refused(["profile", "--ip", "::1", "--rule", "/x"], "--ip", "::1")


def a_rule_is_read_as_a_resync_reads_it():
    def ask(*args, code=0):
        result = spafarm("profile", "--json", *args)
        check(f"{args}: exit {code}", result.returncode == code, result)
        return json.loads(result.stdout)

    tell = lambda *sets: [word for s in sets for word in ("--set", s)]
    data = ask("--rule", "/spa$PSN.cfg", "--server", "192.0.2.1", *tell("Transport_Protocol=https"))
    check("Transport_Protocol", data["url"] == "https://192.0.2.1/spa504G.cfg", data)
    offers = ("--dhcp-option", "66=192.0.2.66", "--dhcp-option", "160=http://192.0.2.160/d/$MA.xml")
    data = ask("--rule", "/spa$PSN.cfg", *offers, *tell("DHCP_Option_To_Use=160,66"))
    check("a whole rule from DHCP", data["url"] == "http://192.0.2.160/d/000e08000001.xml", data)
    check("its macros", data["macros"]["MA"] == "000e08000001", data)
    check("it is shown", data["dhcp_rule"] == "http://192.0.2.160/d/$MA.xml" and
          data["expanded"] == data["url"], data)
    data = ask("--rule", "/a.xml", *offers)
    check("option 66 is the first", data["url"] == "tftp://192.0.2.66/a.xml", data)
    data = ask("--rule", "[--post a] tftp://h/a.xml")
    check("a POST by TFTP is a PUT", data["method"] == "PUT", data)
    data = ask("--rule", "http://h/a.xml", "--firmware", "7.4.9c", "--mac", "000E08010203")
    check("who asks", data["agent"].startswith("Cisco/SPA504G-7.4.9c (000E08010203)("), data)
    for args, why in (
            (("http://six.test/a", *tell("Restricted_Access_Domains=five.test")), "Restricted_Access"),
            (("http://h/a", *tell("Provision_Enable=No")), "Provision_Enable is No"),
            (("http://h/a", *tell("Resync_On_Reset=No")), "Resync_On_Reset is No"),
            (("http://h/a", *tell("Resync_Trigger_1=1 eq 2"), "--cause", "periodic"),
             "no Resync_Trigger holds"),
            (("http://h/spa50x-30x-7-5-5.bin", "--as", "upgrade", *tell("Upgrade_Enable=No")),
             "Upgrade_Enable is No"),
            (("https://h/spa50x-30x-7-5-5.bin", "--as", "upgrade", *tell("Sim_Upgrade_HTTPS=No")),
             "no firmware over HTTPS"),
            (("http://h/spa50x-30x-7-5-5.bin", "--as", "upgrade", "--firmware", "7.5.5"),
             "runs already")):
        data = ask("--rule", *args, code=1)
        check(f"{args}: refused", why in data["refused"] and data["url"] == args[0], data)
        check("in words, too", "refused   it is not sent: " in spafarm("profile", "--rule", *args).stdout)
    data = ask("--rule", "http://h/a", *tell("Resync_Trigger_1=1 eq 2"), "--cause", "explicit")
    check("an explicit one goes through", data["refused"] is None, data)
    data = ask("--rule", "http://h/r", "--as", "report", *tell("HTTP_Report_Method=PUT"), "--model",
               "SPA525G2")
    check("reports by PUT", data["method"] == "PUT", data)
    refused(["profile", "--dhcp-option", "67=x", "--rule", "/x"], "--dhcp-option", "67")


def identities(*args):
    events = os.path.join(FOLDER, "identity.events")
    code, output, report = run_to_end("--no-provision", "--until", "registered", "--events", events,
                                      *args)
    check("it runs", code == 0, output)
    return report


def a_report_adds_shards_up_and_draws():
    block = next(BLOCK)
    paths = []
    for i in (1, 2, 3):
        report = identities("--count", "10", "--addr", block, "--seed", "4", "--shard", f"{i}/3")
        paths.append(put(f"shard{i}.json", json.dumps(report)))
    sizes = [json.load(open(p))["phones"] for p in paths]
    check("parts are equal but for one", sorted(sizes) == [3, 3, 4], sizes)
    page = os.path.join(FOLDER, "report.html")
    result = spafarm("report", *paths, "--html", page)
    check("a table", result.returncode == 0 and re.search(r"^phones +10$", result.stdout, re.M), result)
    with open(page) as f:
        html = f.read()
    check("a page", html.lstrip().lower().startswith("<!doctype html") and "</html>" in html, html[:200])
    merged = json.loads(spafarm("report", "--json", *paths).stdout)
    check("sums", (merged["phones"], merged["registered"], merged["register"]["ok"]) == (10, 10, 10),
          merged)
    check("histograms", sum(merged["register"]["ms"]["histogram"]["counts"].values()) == 10, merged)
    with open(paths[0]) as f:
        bad = dict(json.load(f), verdict="invalid", reasons=["it was slow"])
    result = spafarm("report", put("invalid.json", json.dumps(bad)), *paths[1:])
    check("an invalid part is exit 4", result.returncode == 4 and "it was slow" in result.stdout, result)
    refused(["report", *paths, "--html", "/no/such/folder/x.html"], "/no/such/folder/x.html")


def shard_env_reads_the_scheduler():
    block = next(BLOCK)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("SLURM_", "JOB_COMPLETION"))}
    slurm = dict(env, SLURM_ARRAY_TASK_ID="1", SLURM_ARRAY_TASK_MIN="0", SLURM_ARRAY_TASK_COUNT="4")
    result = spafarm("run", "--count", "8", "--addr", block, "--no-provision", "--until", "registered",
                     "--shard", "env", "--control", os.path.join(FOLDER, "c"), env=slurm)
    check("it runs", result.returncode == 0, result)
    check("and says what it read", "shard 2/4" in result.stderr, result.stderr)
    check("its part only", "\n2 phones" in result.stderr, result.stderr)
    check("from where", "SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=4" in result.stderr,
          result.stderr)
    refused(["run", "--shard", "env"], "--shard", env=env)


def the_same_seed_is_the_same_run():
    def transcript(seed, addr):
        path = os.path.join(FOLDER, "seed.events")
        code, output, report = run_to_end("--count", "3", "--addr", addr, "--until", "registered",
                                          "--seed", seed, "--events", path)
        check("it runs", code == 0 and report["seed"] == int(seed), output)
        with open(path) as f:
            return sorted((e["n"], e["ev"], e.get("status"), e.get("expires_s"))
                          for e in map(json.loads, f))
    block = next(BLOCK)
    check("twice the same", transcript("11", block) == transcript("11", block))
    code, output, report = run_to_end("--count", "1", "--addr", block, "--until", "idle")
    check("a random one is printed and reported", f"seed {report['seed']}" in output, output)


def until_and_for_decide_the_end():
    code, output, report = run_to_end("--count", "2", "--addr", next(BLOCK), "--for", "1s")
    check("--for alone is exit 0", code == 0 and 0.9 < report["wall_s"] < 20, (code, report["wall_s"]))
    code, output, report = run_to_end("--count", "2", "--addr", next(BLOCK), "--until", "registered",
                                      "--for", "1")
    check("--for goes on after --until", code == 0 and report["wall_s"] > 0.9, report["wall_s"])
    code, output, report = run_to_end("--count", "1", "--addr", next(BLOCK), "--until", "registered",
                                      "--password", "wrong", "--registrar", "127.104.255.1",
                                      "--timeout", "1s")
    check("not reached is exit 1, with a report", code == 1 and report["failed"] == 1, (code, report))


def events_on_stdout_leave_it_to_them():
    result = spafarm("run", "--count", "2", "--addr", next(BLOCK), "--until", "registered", "--events",
                     "-", "--control", os.path.join(FOLDER, "c"))
    check("exit 0", result.returncode == 0, result)
    events = [json.loads(line) for line in result.stdout.splitlines()]
    check("nothing but events", len(events) > 5 and all("ev" in e for e in events), result.stdout[:300])
    check("the table is elsewhere", "verdict" in result.stderr, result.stderr)


def a_reader_that_goes_away_ends_no_run():
    report = os.path.join(FOLDER, "piped.json")
    # without a lab, whose HTTP library ignores SIGPIPE
    run = subprocess.Popen([SPAFARM, "run", "--count", "300", "--addr", next(BLOCK), "--registrar",
                            "127.104.255.1", "--until", "idle", "--events", "-", "--report", report,
                            "--control", os.path.join(FOLDER, "c")], stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL)
    run.stdout.readline()
    run.stdout.close()
    check("exit 0", run.wait(60) == 0, run.returncode)
    with open(report) as f:
        check("the report is there", json.load(f)["phones"] == 300)


main([every_bad_value_is_named_with_its_option, what_comes_later_says_so, unknown_words_are_told,
      files_that_cannot_be_read_are_named, accounts_give_each_phone_its_row,
      the_environment_refuses_with_3, help_tells_everything, models_are_listed_and_told,
      a_profile_is_explained, a_rule_is_explained, each_step_of_a_rule_is_told,
      a_rule_is_read_as_a_resync_reads_it, a_report_adds_shards_up_and_draws,
      shard_env_reads_the_scheduler, the_same_seed_is_the_same_run, until_and_for_decide_the_end,
      events_on_stdout_leave_it_to_them, a_reader_that_goes_away_ends_no_run])
