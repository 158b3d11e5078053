# SPDX-License-Identifier: BSD-3-Clause
"""HTTPS both ways: what phones believe of a server, and what they show to one that asks."""
import json
import os
import subprocess
import urllib.parse

from peers import SPAFARM, Dnsmasq, Farm, Nginx, Process, check, main, make_ca, scratch, wait_for

KEY = "a-key-of-ours"
PROFILE = b"<flat-profile><Station_Name>Good</Station_Name></flat-profile>"


def put(folder, name, data):
    with open(os.path.join(folder, name), "wb") as f:
        f.write(data)


def client_ca(days=2):
    """A CA for the phones: the file the farm takes, and the one nginx takes."""
    folder = scratch()
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                    "/CN=phones", "-keyout", "k.pem", "-out", "c.pem"], cwd=folder, check=True,
                   capture_output=True)
    if days < 0:
        subprocess.run(["openssl", "x509", "-in", "c.pem", "-signkey", "k.pem", "-days", str(days),
                        "-out", "c.pem"], cwd=folder, check=True, capture_output=True)
    both = os.path.join(folder, "both.pem")
    with open(both, "w") as out:
        for name in ("c.pem", "k.pem"):
            with open(os.path.join(folder, name)) as f:
                out.write(f.read())
    return both, os.path.join(folder, "c.pem")


def server(addr, files, cert, key, clients=None, more=""):
    extra = f"ssl_certificate {cert}; ssl_certificate_key {key}; {more}"
    if clients:
        extra += f" ssl_client_certificate {clients}; ssl_verify_client on;"
    return Nginx(addr, files, port=8443, listen=f"{addr}:8443 ssl; listen {addr}:8080", extra=extra,
                 log=" [$ssl_client_s_dn] $ssl_protocol $ssl_cipher $ssl_session_reused [$ssl_server_name]")


def outcome(farm, n=1):
    farm.call("wait", phones=str(n), cond="idle", timeout=60)
    return farm.state(n)["provisioning"]


def tool(*argv, data):
    return subprocess.run(argv, input=data, check=True, capture_output=True).stdout


def encrypted(data, digest):
    return tool("openssl", "enc", "-e", "-aes-256-cbc", "-md", digest, "-k", KEY, data=data)


def value(farm, n=1):
    return farm.call("get", phones=str(n), names=["Station_Name"])


def resynced(farm, rule, n=1):
    """Phone n, which has the old profile, is told to fetch another."""
    check("it begins with the old one", "Old" in str(value(farm, n)), outcome(farm, n))
    fetched = lambda: farm.call("stats")["fetch"]["requests"]
    before = fetched()
    farm.call("resync", phones=str(n), url=rule)
    wait_for(f"{rule} was tried", lambda: fetched() > before)
    return farm.state(n)["provisioning"]


def refused(what, farm, rule, letter, said, n=1):
    """For that reason, and the phone has what it had."""
    p = resynced(farm, rule, n)
    check(f"{what}: class {letter}", p["last_class"] == letter, p)
    check(f"{what}: {said}", said in p["last_error"], p)
    check(f"{what}: the old values", "Old" in str(value(farm, n)), value(farm, n))


ROWS = [  # model, key, file, is taken, class, what is said
    ("SPA504G", "$A", "md5.cfg", True, "A", ""),
    ("SPA525G2", "$A", "sha256.cfg", True, "A", ""),
    ("SPA303", "$A", "packed-md5.cfg", True, "A", ""),
    ("6841", "$A", "packed-sha256.cfg", True, "A", ""),
    ("SPA508G", "wrong", "packed-md5.cfg", False, "B", "corrupt file: encrypted profile: wrong key"),
    ("SPA502G", "wrong", "sha256.cfg", False, "B", "corrupt file: encrypted profile: wrong key"),
    ("SPA303", "$A", "cut.cfg", False, "B", "corrupt file"),
    ("SPA504G", "$A", "packed-cut.cfg", False, "B", "corrupt file"),
    ("SPA514G", "$A", "missing.cfg", False, "B", "HTTP 404"),
]


def put_profiles(files):
    packed = tool("gzip", "-c", data=PROFILE)
    put(files, "old.xml", PROFILE.replace(b"Good", b"Old"))
    for digest in ("md5", "sha256"):
        put(files, digest + ".cfg", encrypted(PROFILE, digest))
        put(files, f"packed-{digest}.cfg", encrypted(packed, digest))
    put(files, "cut.cfg", encrypted(PROFILE, "md5")[:-8])
    put(files, "packed-cut.cfg", encrypted(packed[:-9], "sha256"))


def encrypted_profiles_come_by_https_to_phones_with_certificates():
    folder, files = scratch(), scratch()
    addr = "127.82.255.1"
    ca, cert, key = make_ca(folder, addr)
    both, public = client_ca()
    put_profiles(files)
    rows = os.path.join(folder, "rows.csv")
    with open(rows, "w") as f:
        f.write("user,model\n" + "".join(f"u{n},{row[0]}\n" for n, row in enumerate(ROWS)))
    args = ("--addr", "127.82.0.0/24", "--accounts", rows, "--ca", ca, "--set", "GPP_A=" + KEY,
            "--profile-rule", f"http://{addr}:8080/old.xml")
    good = f"[--key $A] https://{addr}:8443/md5.cfg"
    with server(addr, files, cert, key, public) as nginx:
        with Farm(*args, "--client-ca", both, "--set", "Sim_TLS_Client_CN=product") as farm:
            farm.call("wait", phones="all", cond="provisioned", timeout=60)
            for n, (model, k, file, taken, letter, said) in enumerate(ROWS, 1):
                rule = f"[--key {k}] https://{addr}:8443/{file}"
                if not taken:
                    refused(f"{model} {file}", farm, rule, letter, said, n)
                    continue
                p = resynced(farm, rule, n)
                check(f"{model} {file}: taken", p["last_class"] == "A", p)
                check(f"{model} {file}: its value", "Good" in str(value(farm, n)), value(farm, n))
            shown = [line.split("[")[1].split("]")[0] for line in nginx.requests()]
            states = [farm.state(n + 1) for n in range(len(ROWS))]
        for state, (model, *_) in zip(states, ROWS):
            product = "CP-6841-3PCC" if model == "6841" else model
            wanted = {f"OU={product}", f"CN={product}", f"L={state['serial']}", f"ST={state['mac'].lower()}"}
            check(f"{product} names itself", any(wanted <= set(s.split(",")) for s in shown), shown)
        for what, options in (("none", ()), ("another CA's", ("--client-ca", client_ca()[0]))):
            with Farm(*args, *options) as farm:
                farm.call("wait", phones="all", cond="provisioned", timeout=60)
                refused(f"certificate: {what}", farm, good, "C", "HTTP 400")
    both, public = client_ca(days=-1)
    with server(addr, files, cert, key, public), Farm(*args, "--client-ca", both) as farm:
        farm.call("wait", phones="all", cond="provisioned", timeout=60)
        refused("certificate: expired", farm, good, "C", "HTTP 400")


def a_handshake_that_is_refused_says_why():
    """nginx takes any certificate and answers 400; others end the handshake."""
    folder, files = scratch(), scratch()
    addr = "127.82.255.6"
    ca, cert, key = make_ca(folder, addr)
    put_profiles(files)
    refusals = [([], "-tls1_3", "TLS alert: certificate required"),
                ([], "-tls1_2", "TLS alert: handshake failure"),
                (["--client-ca", client_ca()[0]], "-tls1_3", "TLS alert: unknown ca")]
    for n, (options, version, said) in enumerate(refusals):
        argv = ["openssl", "s_server", "-accept", f"{addr}:{9443 + n}", "-cert", cert, "-key",
                key, "-CAfile", ca, "-Verify", "3", "-verify_return_error", "-WWW", version]
        with Process(argv, cwd=folder) as peer, Nginx(addr, files), \
                Farm("--count", "1", "--addr", "127.82.6.0/24", "--ca", ca, "--profile-rule",
                     f"http://{addr}:8080/old.xml", *options) as farm:
            wait_for("it listens", lambda: "ACCEPT" in peer.output() or not peer.alive())
            farm.call("wait", phones="all", cond="provisioned", timeout=60)
            refused(f"{version} {options[:1]}", farm, f"https://{addr}:{9443 + n}/p.xml", "C", said)


def each_phone_may_have_keys_of_its_own():
    folder, files = scratch(), scratch()
    ca, cert, key = make_ca(folder, "127.82.255.2")
    both, public = client_ca()
    put(files, "p.xml", PROFILE)
    rule = "https://127.82.255.2:8443/p.xml"
    for own in (False, True):
        more = "add_header X-Serial $ssl_client_serial;"
        extra = f"ssl_certificate {cert}; ssl_certificate_key {key}; {more} " \
            f"ssl_client_certificate {public}; ssl_verify_client on;"
        with Nginx("127.82.255.2", files, port=8443, listen="127.82.255.2:8443 ssl", extra=extra,
                   log=" [$ssl_client_escaped_cert]") as nginx, \
                Farm("--count", "2", "--addr", "127.82.2.0/24", "--profile-rule", rule, "--ca", ca,
                     "--client-ca", both, *(["--client-keys", "own"] if own else [])) as farm:
            farm.call("wait", phones="all", cond="provisioned", timeout=60)
            certs = [line.split("[")[1].rstrip("]") for line in nginx.requests()]
        keys = set()
        for text in certs:
            pem = urllib.parse.unquote(text).encode()
            keys.add(subprocess.run(["openssl", "x509", "-noout", "-pubkey"], input=pem, check=True,
                                    capture_output=True).stdout)
        check("one certificate each", len(set(certs)) == 2, certs)
        check(f"own keys: {own}", len(keys) == (2 if own else 1))


def servers_are_not_believed_without_proof():
    names = {"right.test": "127.82.255.3", "alt.test": "127.82.255.3", "sub.wild.test": "127.82.255.3"}
    folder, files = scratch(), scratch()
    put(files, "p.xml", PROFILE)
    cases = [  # certificate, host in the URL, options, class, what is said
        (dict(host="right.test"), "right.test", [], "A", ""),
        (dict(host="x", subject="/CN=right.test\\/mailto:admin@right.test"), "right.test", [], "A", ""),
        (dict(host="right.test"), "alt.test", [], "C", 'it is for "right.test", not "alt.test"'),
        (dict(host="right.test", alt="DNS:right.test,DNS:alt.test"), "alt.test", [], "C",
         'not "alt.test"'),
        (dict(host="right.test", alt="DNS:right.test,DNS:alt.test"), "alt.test",
         ["--set", "Sim_TLS_Check=names"], "A", ""),
        (dict(host="*.wild.test"), "sub.wild.test", [], "C", 'it is for "*.wild.test"'),
        (dict(host="*.wild.test"), "sub.wild.test", ["--model", "6841"], "A", ""),
        (dict(host="right.test", days=-1), "right.test", [], "C", "expired"),
        (dict(host="right.test", days=-1), "alt.test", ["--set", "Sim_TLS_Check=off"], "A", ""),
        (dict(host="right.test", foreign=True), "right.test", [], "C", "local issuer"),
    ]
    with Dnsmasq("127.82.255.53", hosts=names):
        for n, (wanted, host, options, letter, said) in enumerate(cases):
            foreign = wanted.pop("foreign", False)
            ca, cert, key = make_ca(folder, name=f"c{n}", **wanted)
            if foreign:
                ca = make_ca(folder, "other", name="other")[0]
            with server("127.82.255.3", files, cert, key) as nginx, \
                    Farm("--count", "1", "--addr", "127.82.3.0/24", "--dns", "127.82.255.53", "--ca", ca,
                         "--profile-rule", f"https://{host}:8443/p.xml", *options) as farm:
                p = outcome(farm)
                check(f"case {n}: class {letter}", p["last_class"] == letter, p)
                check(f"case {n}: {said}", said in p["last_error"] and
                      (letter == "A" or p["last_error"].startswith("server certificate: ")), p)
                check(f"case {n}: asked or not", len(nginx.requests()) == (letter == "A"))
                check(f"case {n}: its values", ("Good" in str(value(farm))) == (letter == "A"))


def an_address_in_the_url_is_right_when_the_name_in_the_certificate_has_it():
    folder, files = scratch(), scratch()
    put(files, "p.xml", PROFILE)
    addr = "127.82.255.7"
    cases = [  # CN, option, class, what is said
        ("right.test", [], "A", ""),
        ("right.test", ["--set", "Sim_TLS_Check=strict"], "A", ""),
        ("right.test", ["--set", "Sim_TLS_Check=cn"], "C", f'it is for "right.test", not "{addr}"'),
        ("right.test", ["--set", "Sim_TLS_Check=names"], "C", ""),
        ("both.test", [], "A", ""),
        ("other.test", [], "C", f'it is for "other.test", whose address is not {addr}'),
        ("unknown.test", [], "C", "whose address is not"),
        (addr, [], "A", ""),
        ("right.test", ["--model", "6841", "--set", "Sim_TLS_Check=strict"], "A", ""),
    ]
    with Dnsmasq("127.82.255.55", hosts={"right.test": addr, "other.test": "127.82.255.8",
                                           "both.test": ["127.82.255.9", addr]}):
        for n, (cn, options, letter, said) in enumerate(cases):
            ca, cert, key = make_ca(folder, cn, name=f"c{n}")
            with server(addr, files, cert, key) as nginx, \
                    Farm("--count", "2", "--addr", "127.82.7.0/24", "--dns", "127.82.255.55", "--ca", ca,
                         "--profile-rule", f"https://{addr}:8443/p.xml", *options) as farm:
                outcome(farm, 2)
                p = outcome(farm)
                check(f"{cn} {options}: class {letter}", p["last_class"] == letter, p)
                check(f"{cn} {options}: {said}", said in p["last_error"], p)
                check(f"{cn} {options}: asked or not", len(nginx.requests()) == 2 * (letter == "A"))
                if letter == "A":  # the name is known by now
                    before = farm.call("stats")["fetch"]["connections"]["opened"]
                    farm.call("resync", phones="1")
                    wait_for("it comes again", lambda: len(nginx.requests()) == 3)
                    counts = farm.call("stats")["fetch"]
                    check(f"{cn} {options}: by one connection",
                          counts["connections"]["opened"] == before + 1, counts)
                    check(f"{cn} {options}: nothing failed", counts["error"] == 0, counts)


def versions_names_and_sessions_are_a_choice():
    folder, files = scratch(), scratch()
    ca, cert, key = make_ca(folder, "right.test")
    put(files, "p.xml", b"<flat-profile><Profile_Rule_B>https://right.test:8443/p.xml</Profile_Rule_B>"
        b"</flat-profile>")
    old = 'ssl_protocols TLSv1 TLSv1.2 TLSv1.3; ssl_ciphers "ALL:@SECLEVEL=0"; ' \
        "ssl_session_cache shared:x:1m;"
    cases = [  # what is set, what nginx saw of the second request
        ([], "TLSv1.3", ". [right.test]"),
        (["Sim_TLS_Version=1.2"], "TLSv1.2", ". [right.test]"),
        (["Sim_TLS_Version=1.2", "Sim_TLS_Resume=Yes"], "TLSv1.2", "r [right.test]"),
        (["Sim_TLS_Resume=Yes"], "TLSv1.3", "r [right.test]"),
        (["Sim_TLS_SNI=No"], "TLSv1.3", ". [-]"),
        (["Sim_TLS_Version=1.0", "Sim_TLS_Suites=phone", "Sim_TLS_SNI=No"], "TLSv1 ", "AES256-SHA . [-]"),
        (["Sim_TLS_Version=1.2", "Sim_TLS_Suites=phone"], "TLSv1.2", "AES256-SHA . [right.test]"),
        (["Sim_TLS_Suites=phone"], "TLSv1.2", "AES256-SHA . [right.test]"),
    ]
    with Dnsmasq("127.82.255.54", hosts={"right.test": "127.82.255.4"}), \
            server("127.82.255.4", files, cert, key, more=old) as nginx:
        for sets, version, seen in cases:
            before = len(nginx.requests())
            args = [word for s in sets for word in ("--set", s)]
            with Farm("--count", "1", "--addr", "127.82.4.0/24", "--dns", "127.82.255.54", "--ca", ca,
                      "--profile-rule", "https://right.test:8443/p.xml", *args) as farm:
                p = outcome(farm)
                check(f"{sets}: fine", p["last_class"] == "A", p)
                counts = farm.call("stats")["fetch"]["connections"]
                check(f"{sets}: of two handshakes", (counts["tls_handshakes"], counts["tls_resumed"])
                      == (2, seen.startswith("r ")), counts)
            last = nginx.requests()[before:][-1]
            check(f"{sets}: {version}, {seen}", version in last and seen in last, last)
    with Dnsmasq("127.82.255.54", hosts={"right.test": "127.82.255.4"}), \
            server("127.82.255.4", files, cert, key, more="ssl_protocols TLSv1.3;"), \
            Farm("--count", "1", "--addr", "127.82.4.0/24", "--dns", "127.82.255.54", "--ca", ca,
                 "--profile-rule", "https://right.test:8443/p.xml", "--set", "Sim_TLS_Version=1.1") as farm:
        p = outcome(farm)
        check("a server that wants more says so", p["last_class"] == "C" and
              p["last_error"] == "TLS alert: protocol version", p)


def the_lab_makes_a_ca_for_both_sides():
    runtime = scratch()
    with Process([SPAFARM, "lab", "--listen", "127.82.255.5", "--https", "0", "--require-client-cert",
                  "--json"], env={"XDG_RUNTIME_DIR": runtime}) as lab:
        wait_for("the lab answers", lambda: "\n" in lab.output() or not lab.alive())
        said = json.loads(lab.output().splitlines()[0])
        check("its key is nobody else's", os.stat(said["ca"]).st_mode & 0o77 == 0)
        with Farm("--count", "5", "--addr", "127.82.5.0/24", "--profile-rule",
                  said["https"] + "/profile/$MA.xml", "--ca", said["ca"], "--client-ca",
                  said["ca"]) as farm:
            farm.call("wait", phones="all", cond="registered", timeout=60)
        with Farm("--count", "1", "--addr", "127.82.5.0/24", "--profile-rule",
                  said["https"] + "/profile/$MA.xml", "--ca", said["ca"]) as farm:
            p = outcome(farm)
            check("a phone without a certificate is sent away", p["last_class"] == "C", p)
        lab.stop()
        check("and takes it along", not os.path.exists(said["ca"]))


main([encrypted_profiles_come_by_https_to_phones_with_certificates,
      a_handshake_that_is_refused_says_why,
      each_phone_may_have_keys_of_its_own,
      an_address_in_the_url_is_right_when_the_name_in_the_certificate_has_it,
      servers_are_not_believed_without_proof,
      versions_names_and_sessions_are_a_choice, the_lab_makes_a_ca_for_both_sides])
