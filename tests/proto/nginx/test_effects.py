# SPDX-License-Identifier: BSD-3-Clause
"""What a changed parameter touches, whether a profile or a command changes it."""
import os

from peers import Farm, Nginx, check, main, scratch, wait_for


def put(folder, name, values):
    with open(os.path.join(folder, name), "w") as f:
        inside = "".join(f"<{k}>{v}</{k}>" for k, v in values.items())
        f.write(f"<flat-profile>{inside}</flat-profile>")


def happened(farm, n, since):
    """What happened to phone n since then, one word each; screens, lamps and keys left out."""
    return [event["ev"] for event in farm.call("events", phones=str(n)) if event["t"] > since and
            event["ev"] not in ("screen", "lamp", "key", "fetch", "provisioned")]


CHANGES = [  # values, and what happens after them
    ({"GPP_A": "x", "Text_Logo": "x", "Speed_Dial_2": "5"}, []),
    ({"Display_Name_1_": "Someone"}, ["register"]),
    ({"Register_Expires_1_": "120"}, ["register"]),
    ({"Primary_DNS": "192.0.2.1", "Station_Name": "x"}, ["reboot", "boot", "register"]),
]


def profile_and_command_touch_the_same():
    files = scratch()
    with Nginx("127.81.255.1", files), \
            Farm("--count", str(2 * len(CHANGES)), "--addr", "127.81.0.0/24") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=60)
        since = max(event["t"] for event in farm.call("events", phones="all"))
        for i, (values, _) in enumerate(CHANGES):
            put(files, f"{i}.xml", values)
            farm.call("resync", phones=str(2 * i + 1), url=f"http://127.81.255.1:8080/{i}.xml")
            farm.call("set", phones=str(2 * i + 2), values=[f"{k}={v}" for k, v in values.items()])
        for i, (values, wanted) in enumerate(CHANGES):
            for n in (2 * i + 1, 2 * i + 2):
                wait_for(f"{values} reaches phone {n}", lambda: all(
                    v in str(farm.call("get", phones=str(n), names=[k])) for k, v in values.items()))
                wait_for(f"{values}: {wanted} on phone {n}",
                         lambda: len(happened(farm, n, since)) >= len(wanted))
        farm.call("wait", phones="all", cond="registered", timeout=60)
        for i, (values, wanted) in enumerate(CHANGES):
            for n in (2 * i + 1, 2 * i + 2):
                check(f"{values}: {wanted} and no more on phone {n}",
                      happened(farm, n, since) == wanted, happened(farm, n, since))


def a_restart_by_a_profile_resyncs_no_second_time():
    files = scratch()
    put(files, "boot.xml", {"Primary_DNS": "192.0.2.1", "GPP_A": "done"})
    with Nginx("127.81.255.2", files) as nginx, \
            Farm("--count", "1", "--addr", "127.81.2.0/24", "--profile-rule",
                 "http://127.81.255.2:8080/boot.xml", "--until", "provisioned", "--for", "60s") as farm:
        wait_for("it is up again", lambda: "reboot" in str(farm.call("events", phones="1")))
        farm.call("wait", phones="1", cond="idle", timeout=30)
        state = farm.state()["provisioning"]
        check("provisioned", state["state"] == "done", state)
        check("and goes on asking", state["next_resync_s"] > 3500, state)
        check("one request", len(nginx.requests()) == 1, nginx.requests())


def a_changed_profile_rule_is_followed_at_once():
    files = scratch()
    put(files, "a.xml", {"GPP_A": "one"})
    put(files, "b.xml", {"GPP_A": "two"})
    with Nginx("127.81.255.3", files) as nginx, \
            Farm("--count", "1", "--addr", "127.81.3.0/24", "--dhcp-option", "66=127.81.255.3",
                 "--profile-rule", "/a.xml", "--set",
                 "Profile_Rule_B=http://127.81.255.3:8080/a.xml",
                 "--set", "Resync_Fails_On_FNF=No", "--set", "Provision_Enable=No") as farm:
        farm.call("wait", phones="1", cond="idle", timeout=30)
        check("nothing while it is switched off", not nginx.requests())
    with Nginx("127.81.255.4", files) as nginx, \
            Farm("--count", "1", "--addr", "127.81.4.0/24", "--registrar", "127.81.255.4", "--set",
                 "Register_1_=No") as farm:
        farm.call("wait", phones="1", cond="idle", timeout=30)
        farm.call("set", phones="1", values=["GPP_B=x"])
        check("no resync for others", not nginx.requests())
        farm.call("set", phones="1", values=["Profile_Rule=http://127.81.255.4:8080/b.xml"])
        wait_for("one for a rule", lambda: "two" in
                 str(farm.call("get", phones="1", names=["GPP_A"])))
        check("once", len(nginx.requests()) == 1, nginx.requests())


def removed_registrations_go_before_the_change():
    with Farm("--count", "2", "--addr", "127.81.5.0/24", "--set", "Remove_Last_Reg=Yes") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=60)
        farm.call("set", phones="1", values=["Display_Name_1_=Other"])
        farm.call("set", phones="2", values=["Primary_DNS=192.0.2.1"])

        def sent(n):
            text = str(farm.call("trace", phones=str(n), whole=True))
            return text.count("expires=0"), text.count("REGISTER sip:")
        wait_for("both remove their binding, and register again",
                 lambda: all(sent(n)[0] >= 1 and sent(n)[1] >= 3 and farm.line(n)["registered"]
                             for n in (1, 2)))


def a_reboot_may_remove_registrations():
    """sip-behaviour.md 13 U-6: not by default."""
    for choice, removed in (("No", 0), ("Yes", 1)):
        with Farm("--count", "1", "--addr", "127.81.6.0/24", "--set",
                  f"Sim_Unregister_On_Reboot={choice}") as farm:
            farm.call("wait", phones="all", cond="registered", timeout=60)
            farm.call("reboot", phones="1")
            text = lambda: str(farm.call("trace", phones="1", whole=True))
            wait_for("it is back", lambda: text().count("REGISTER sip:") >= 3 and
                     farm.line()["registered"])
            check(f"{choice} means that", (text().count("expires=0") > 0) == bool(removed), text())


main([profile_and_command_touch_the_same, a_restart_by_a_profile_resyncs_no_second_time,
      a_changed_profile_rule_is_followed_at_once,
      a_reboot_may_remove_registrations, removed_registrations_go_before_the_change])
