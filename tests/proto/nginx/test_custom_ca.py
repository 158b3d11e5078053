# SPDX-License-Identifier: BSD-3-Clause
"""A custom CA that a profile names makes servers credible, and the phone tells of it."""
import os
import shutil
import subprocess
import urllib.request

from peers import Farm, Nginx, check, main, make_ca, scratch


def put(folder, name, text):
    with open(os.path.join(folder, name), "w") as f:
        f.write(text)


def status(addr):
    with urllib.request.urlopen(f"http://{addr}:8080/admin/status.xml", timeout=10) as r:
        text = r.read().decode()
    names = ("Custom_CA_Provisioning_Status", "Custom_CA_Info")
    return [text.split(f"<{name}>")[1].split("<")[0] if f"<{name}>" in text else "" for name in names]


def server(addr, files, cert, key):
    return Nginx(addr, files, port=8443, listen=f"{addr}:8443 ssl; listen {addr}:8080",
                 extra=f"ssl_certificate {cert}; ssl_certificate_key {key};")


def a_profile_brings_the_ca_that_the_next_one_needs():
    """Rule A comes by HTTP and names CA and rule B, which is HTTPS and signed by that CA alone."""
    folder, files = scratch(), scratch()
    addr = "127.91.255.1"
    ca, cert, key = make_ca(folder, addr)
    other = make_ca(folder, addr, name="other")[0]
    shutil.copy(ca, os.path.join(files, "ca.pem"))
    subprocess.run(["openssl", "x509", "-in", ca, "-outform", "DER", "-out",
                    os.path.join(files, "ca.der")], check=True)
    put(files, "page.pem", "<html>no certificate</html>")
    put(files, "b.xml", "<flat-profile><Station_Name>Believed</Station_Name></flat-profile>")
    cases = [  # model, name of the parameter, file, is believed
        ("SPA504G", "Custom_CA_RULE", "ca.pem", True),
        ("SPA525G2", "Custom_CA_URL", "ca.der", True),
        ("6841", "Custom_CA_Rule", "ca.pem", True),
        ("SPA303", "Custom_CA_RULE", "page.pem", False),
        ("SPA303", "Custom_CA_RULE", "", False),
    ]
    with server(addr, files, cert, key) as nginx:
        for n, (model, name, file, believed) in enumerate(cases, 1):
            rule = file and f"http://{addr}:8080/{file}"
            put(files, f"{n}.xml", f"<flat-profile><{name}>{rule}</{name}>"
                f"<Profile_Rule_B>https://{addr}:8443/b.xml</Profile_Rule_B></flat-profile>")
            before = len(nginx.requests())
            phone = f"127.91.{n}.1"
            with Farm("--count", "1", "--model", model, "--addr", f"{phone}-{phone}", "--ca", other,
                      "--profile-rule", f"http://{addr}:8080/{n}.xml", "--web", "8080") as farm:
                farm.call("wait", phones="1", cond="idle", timeout=60)
                p = farm.state()["provisioning"]
                tried, installed = status(phone)
                name = str(farm.call("get", phones="1", names=["Station_Name"]))
                farm.call("resync", phones="1")
                farm.call("wait", phones="1", cond="idle", timeout=60)
            paths = [line.split()[1] for line in nginx.requests()[before:]]
            check(f"{model} {file}: {believed}", ("Believed" in name) == believed, (p, paths))
            check(f"{model} {file}: the order", paths[:2 if file else 1] ==
                  [f"/{n}.xml", f"/{file}"][:2 if file else 1], paths)
            check(f"{model} {file}: once, as long as it is good", not believed or
                  paths.count(f"/{file}") == 1, paths)
            if believed:
                check(f"{model}: it says so", tried.startswith("Last provisioning succeeded on ") and
                      installed == "Installed: spafarm test ca", (tried, installed))
            else:
                check(f"{model}: it says so", installed == "Not Installed" and
                      tried.startswith("Last provisioning failed on " if file else ""), tried)
                check(f"{model}: and why", "server certificate: " in p["last_error"], p)


main([a_profile_brings_the_ca_that_the_next_one_needs])
