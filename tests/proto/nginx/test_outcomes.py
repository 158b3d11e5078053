# SPDX-License-Identifier: BSD-3-Clause
"""What comes back decides what a phone does next: classes by status, redirects, log-ins, retries."""
import os
import subprocess

from peers import Farm, Nginx, check, http_get, main, scratch, wait_for

PROFILE = b"<flat-profile><Station_Name>Good</Station_Name></flat-profile>"
CLASSES = {200: "A", 301: "A", 302: "A", 303: "C", 304: "C", 307: "C", 308: "C", 400: "C", 403: "C",
           404: "B", 405: "C", 410: "C", 429: "C", 500: "C", 501: "C", 502: "C", 503: "C", 504: "C"}


def put(folder, name, data):
    with open(os.path.join(folder, name), "wb") as f:
        f.write(data)


def accounts(rows, columns):
    path = os.path.join(scratch(), "accounts.csv")
    with open(path, "w") as f:
        f.write(",".join(columns) + "\n")
        for row in rows:
            f.write(",".join(row) + "\n")
    return path


def status_codes_have_their_classes():
    files = scratch()
    put(files, "good.xml", PROFILE)
    extra = "".join(
        f"location = /{code} {{ return {code} {'/good.xml' if 300 < code < 309 and code != 304 else ''}; }}\n"
        for code in CLASSES if code != 200) + "location = /200 { alias %s/good.xml; }" % files
    rows = [[f"u{code}", f"http://127.53.255.1:8080/{code}"] for code in CLASSES]
    with Nginx("127.53.255.1", files, extra=extra) as nginx, \
            Farm("--count", str(len(rows)), "--addr", "127.53.0.0/24", "--profile-rule", "/unused",
                 "--accounts", accounts(rows, ["user", "profile_rule"])) as farm:
        farm.call("wait", phones="all", cond="idle", timeout=60)
        for n, (code, letter) in enumerate(CLASSES.items(), 1):
            p = farm.state(n)["provisioning"]
            check(f"{code} is class {letter}", p["last_class"] == letter, p)
            check(f"{code}: a retry or the next period", 3500 <= p["next_resync_s"] <= 3600, p)
        asked = [line.split()[1] for line in nginx.requests()]
        check("301 and 302 are followed, nothing else", asked.count("/good.xml") == 2, asked)


def credentials_are_sent_when_asked_for():
    files = scratch()
    put(files, "good.xml", PROFILE)
    hashed = subprocess.run(["openssl", "passwd", "-apr1", "secret"], capture_output=True, text=True,
                            check=True).stdout
    put(files, "users", f"prov:{hashed}".encode())
    extra = (f"location = /basic.xml {{ alias {files}/good.xml; auth_basic prov; "
             f"auth_basic_user_file {files}/users; }}")
    url = "http://127.53.255.2:8080/basic.xml"
    rows = [["a", f"[--uid prov --pwd secret]{url}"], ["b", f"[--uid prov --pwd wrong]{url}"], ["c", url]]
    with Nginx("127.53.255.2", files, extra=extra) as nginx, \
            Farm("--count", "3", "--addr", "127.53.2.0/24", "--profile-rule", "/unused", "--accounts",
                 accounts(rows, ["user", "profile_rule"])) as farm:
        farm.call("wait", phones="all", cond="idle", timeout=60)
        states = [farm.state(n)["provisioning"] for n in (1, 2, 3)]
        check("right", states[0]["last_class"] == "A", states)
        check("wrong", states[1]["last_error"] == "HTTP 401" and states[1]["last_class"] == "C", states)
        check("none", states[2]["last_error"] == "HTTP 401", states)
        by_phone = [sum(farm.state(n)["ip"] in line for line in nginx.requests()) for n in (1, 2, 3)]
        check("two, three and one requests", by_phone == [2, 3, 1], by_phone)


def a_failed_pass_begins_again_with_its_first_rule():
    files = scratch()
    put(files, "a.xml", b"<flat-profile><Profile_Rule_B>http://127.53.255.3:8080/b.xml</Profile_Rule_B>"
        b"<Profile_Rule_C>http://127.53.255.3:8080/c.xml</Profile_Rule_C>"
        b"<Resync_Error_Retry_Delay>60,120</Resync_Error_Retry_Delay></flat-profile>")
    put(files, "c.xml", PROFILE)
    with Nginx("127.53.255.3", files) as nginx, \
            Farm("--count", "1", "--addr", "127.53.3.0/24", "--time-scale", "60", "--profile-rule",
                 "http://127.53.255.3:8080/a.xml") as farm:
        paths = lambda: [line.split()[1] for line in nginx.requests()]
        wait_for("two passes", lambda: len(paths()) >= 4)
        check("the pass ends at the missing file", paths()[:4] == ["/a.xml", "/b.xml"] * 2, paths())
        put(files, "b.xml", PROFILE)
        wait_for("the third goes through", lambda: "/c.xml" in paths())
        wait_for("success is told", lambda: not farm.state()["provisioning"]["last_error"])


def a_missing_file_may_be_tolerated():
    files = scratch()
    put(files, "good.xml", PROFILE)
    with Nginx("127.53.255.4", files), \
            Farm("--count", "1", "--addr", "127.53.4.0/24", "--profile-rule",
                 "http://127.53.255.4:8080/missing.xml", "--set", "Resync_Fails_On_FNF=No", "--set",
                 "Profile_Rule_B=http://127.53.255.4:8080/good.xml") as farm:
        farm.call("wait", phones="1", cond="provisioned", timeout=60)
        check("the second file counts", "Good" in
              str(farm.call("get", phones="1", names=["Station_Name"])))


def conditions_choose_the_file():
    files = scratch()
    rule = ('($SWVER lt 7.5.2b)? http://127.53.255.5:8080/old.xml | ("$PN" eq "SPA303")? '
            '(User_ID_2_ = "from-$PN" ; )! http://127.53.255.5:8080/$PN.xml | '
            'http://127.53.255.5:8080/new.xml')
    for name in ("old", "new", "SPA303"):
        put(files, f"{name}.xml", f"<flat-profile><Station_Name>{name}</Station_Name></flat-profile>".encode())
    rows = [["a", "SPA504G", "7.4.9c"], ["b", "SPA504G", "7.5.2b"], ["c", "SPA303", "7.5.5"]]
    with Nginx("127.53.255.5", files), \
            Farm("--count", "3", "--addr", "127.53.5.0/24", "--profile-rule", rule, "--accounts",
                 accounts(rows, ["user", "model", "firmware"])) as farm:
        farm.call("wait", phones="all", cond="idle", timeout=60)
        names = [str(farm.call("get", phones=str(n), names=["Station_Name"])) for n in (1, 2, 3)]
        check("each its own", all(word in name for word, name in zip(("old", "new", "SPA303"), names)),
              names)
        check("the assignment took effect", "from-SPA303" in
              str(farm.call("get", phones="3", names=["User_ID_2_"])))


def a_web_command_waits_for_the_resync_under_way():
    """14: the page promises a resync, and there is one; also while a phone still waits to begin."""
    files = scratch()
    put(files, "good.xml", PROFILE)
    put(files, "slow.xml", b"<flat-profile>" + b" " * 60000 + b"</flat-profile>")
    base, web = "http://127.53.255.6:8080", "http://127.53.6.1:8081"
    with Nginx("127.53.255.6", files, extra="location = /slow.xml { limit_rate 30k; }") as nginx, \
            Farm("--count", "1", "--addr", "127.53.6.0/24", "--profile-rule", f"{base}/slow.xml",
                 "--web", "8081", "--set", "Register_1_=No") as farm:
        running = lambda: farm.state()["provisioning"]["state"] == "running"
        fetched = lambda what: sum(what in line for line in nginx.requests())
        http_get(f"{web}/admin/resync?{base}/good.xml")
        check("at boot it is under way", running() and not fetched("good"), nginx.requests())
        wait_for("then the other comes", lambda: fetched("good") == 1, 15)
        wait_for("and is over", lambda: not running())
        http_get(f"{web}/admin/resync?{base}/slow.xml")
        for n in (1, 2):
            http_get(f"{web}/admin/resync?{base}/{n}.xml")
        check("later it is, too", running(), farm.state()["provisioning"])
        wait_for("the last that waited", lambda: fetched("/2.xml") == 1, 15)
        check("counts", not fetched("/1.xml"), nginx.requests())


main([status_codes_have_their_classes, credentials_are_sent_when_asked_for,
      a_failed_pass_begins_again_with_its_first_rule, a_missing_file_may_be_tolerated,
      conditions_choose_the_file, a_web_command_waits_for_the_resync_under_way])
