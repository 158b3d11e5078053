# SPDX-License-Identifier: BSD-3-Clause
"""A 6800 asks its user for the account that the provisioning server wants."""
import os
import subprocess

from peers import Farm, Nginx, check, main, scratch, wait_for

ADDR = "127.92.255.1"


def server(files):
    put(files, "p.xml", "<flat-profile><Station_Name>Known</Station_Name></flat-profile>")
    secret = subprocess.run(["openssl", "passwd", "-apr1", "sesame"], check=True, text=True,
                            capture_output=True).stdout
    put(files, "users", "prov:" + secret)
    return Nginx(ADDR, files, extra=f'auth_basic profiles; auth_basic_user_file {files}/users;')


def put(folder, name, text):
    with open(os.path.join(folder, name), "w") as f:
        f.write(text)


def farm_of(model, *options):
    return Farm("--count", "1", "--model", model, "--addr", "127.92.0.0/24", "--profile-rule",
                f"http://{ADDR}:8080/p.xml", *options)


def screen(farm):
    return farm.call("screen", phones="1", text=True)


def the_first_401_opens_the_account_screen():
    with server(scratch()) as nginx, farm_of("6841") as farm:
        farm.call("wait", phones="1", cond="idle", timeout=20)
        farm.call("wait", phones="1", cond="screen~Profile account", timeout=20)
        check("it failed so far", farm.state()["provisioning"]["last_status"] == 401)
        farm.call("type", phones="1", text="prov")
        farm.call("press", phones="1", keys=["select"])
        farm.call("type", phones="1", text="sesame")
        check("the password is not shown", "sesame" not in str(screen(farm)), screen(farm))
        farm.call("press", phones="1", keys=["select"])
        wait_for("the profile came", lambda: "Known" in str(
            farm.call("get", phones="1", names=["Station_Name"])))
        check("the account was not asked for again", "Profile account" not in str(screen(farm)))
        before = len(nginx.requests())
        farm.call("power-cycle", phones="1", off=0)
        farm.call("wait", phones="1", cond="provisioned", timeout=20)
        check("it is kept", " 200 " in nginx.requests()[-1] and len(nginx.requests()) > before)


def disabled_and_other_phones_ask_nobody():
    for model, options in (("6841", ("--set", "Profile_Authentication_Type=Disabled")), ("SPA504G", ()),
                           ("6841", ("--profile-rule", f"[--uid prov --pwd wrong] http://{ADDR}:8080/p.xml"))):
        with server(scratch()), farm_of(model, *options) as farm:
            farm.call("wait", phones="1", cond="idle", timeout=20)
            check("it failed", farm.state()["provisioning"]["last_status"] == 401)
            check("nothing is asked", "account" not in str(screen(farm)), screen(farm))


main([the_first_401_opens_the_account_screen, disabled_and_other_phones_ask_nobody])
