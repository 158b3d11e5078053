# SPDX-License-Identifier: BSD-3-Clause
"""The phones' own web servers, asked by curl; provisioning.md 14 and 15.3."""
import http.server
import os
import re
import subprocess
import threading
import xml.etree.ElementTree as ET

from peers import Farm, Nginx, Tftpd, check, main, scratch, wait_for


def curl(*args):
    """Status and body."""
    result = subprocess.run(["curl", "-s", "-m", "10", "-w", "\n%{http_code}", *args],
                            capture_output=True, text=True, check=False)
    body, _, status = result.stdout.rpartition("\n")
    return int(status), body


def put(folder, name, text):
    with open(os.path.join(folder, name), "w") as f:
        f.write(text)
    os.chmod(os.path.join(folder, name), 0o644)


def phones(block, *options, count="2"):
    farm = Farm("--count", count, "--addr", f"127.84.{block}.0/24", "--registrar", "127.84.255.250",
                "--set", "Register_1_=No", *options)
    farm.call("wait", phones="all", cond="idle", timeout=30)
    return farm


def the_dump_is_that_of_a_real_phone():
    with phones(1, "--web", "8184", "--model", "SPA504G", "--set", "GPP_SA=hidden", "--set",
                "Password_1_=hidden", "--set", "GPP_A=a<b&c", "--set", "Admin_Passwd=") as farm:
        status, text = curl("http://127.84.1.2:8184/admin/spacfg.xml")
        check("200", status == 200, status)
        lines = text.splitlines()
        check("no declaration", lines[0] == "<flat-profile>", lines[0])
        check("the 14th line is the MAC address", "<MAC_Address " in lines[13] and
              farm.state(2)["mac"] in lines[13], lines[13])
        root = ET.fromstring(text)
        values = {e.tag: e.text or "" for e in root}
        check("values as they are", values["GPP_A"] == "a<b&c", values["GPP_A"])
        check("no secret", "hidden" not in text and "GPP_SA" not in values)
        check("a password is an empty element", values["Password_1_"] == "")
        check("nothing of the simulator", not any(tag.startswith("Sim_") for tag in values))
        check("groups", root.find("Proxy_1_").get("group").startswith("Ext_1"))
        tabs = [e.get("group").split("/")[0] for e in root]
        order = [t for i, t in enumerate(tabs) if i == 0 or tabs[i - 1] != t]
        check("Info, then the tabs", order[:6] == ["Info", "System", "SIP", "Provisioning", "Regional",
                                                   "Phone"], order)
        status, text = curl("http://127.84.1.1:8184/admin/status.xml")
        check("status", status == 200 and ET.fromstring(text).find("Registration_State").text ==
              "Not Registered", text[:300])
        check("what is not there", curl("http://127.84.1.1:8184/nothing")[0] == 404)
        check("who is not there", curl("http://127.84.1.99:8184/")[0] == 0)


def commands_reach_the_phone():
    files = scratch()
    put(files, "one.xml", "<flat-profile><Text_Logo>one-$A</Text_Logo></flat-profile>")
    put(files, "asked.xml", "<flat-profile><Text_Logo>asked</Text_Logo></flat-profile>")
    with Nginx("127.84.255.2", files) as nginx, Tftpd("127.84.255.12", files), \
            phones(2, "--web", "8184", "--set", "GPP_A=one") as farm:
        at = "http://127.84.2.1:8184"
        status, text = curl(f"{at}/admin/resync?http://127.84.255.2:8080/$A.xml?x=1&y=2")
        check("it promises", status == 200 and "resync when it is not in use" in text, text)
        wait_for("the request", lambda: any("/one.xml?x=1&y=2 " in r for r in nginx.requests()))
        curl("--interface", "127.84.255.12", f"{at}/admin/resync?/asked.xml")
        wait_for("the host that asks serves it", lambda: "asked" in
                 str(farm.call("get", phones="1", names=["Text_Logo"])))
        farm.call("set", phones="1", values=["Profile_Rule=http://127.84.255.2:8080/one.xml?own"])
        own = wait_for("the new rule is read", lambda: [r for r in nginx.requests() if "?own" in r])
        curl(f"{at}/admin/resync?")
        wait_for("nothing behind it means the phone's own rules", lambda: len(
            [r for r in nginx.requests() if "?own" in r]) > len(own))
        check("HEAD does nothing", curl("-I", f"{at}/admin/reboot")[0] == 405)
        curl(f"{at}/admin/reboot")
        wait_for("reboot", lambda: any(e["ev"] == "reboot" and e["why"] == "User Triggered"
                                       for e in farm.call("events", phones="1")))
        farm.call("wait", phones="1", cond="idle", timeout=30)
        farm.call("set", phones="1", values=["Provision_Enable=No"])
        before = len(nginx.requests())
        status, text = curl(f"{at}/admin/resync?http://127.84.255.2:8080/one.xml")
        check("the page claims otherwise", status == 200)
        curl(f"{at}/admin/status.xml")
        check("but nothing is asked for", len(nginx.requests()) == before, nginx.requests())


def an_upgrade_has_a_default_name():
    files = scratch()
    with open(os.path.join(files, "spa.bin"), "wb") as f:
        f.write(b"\x91" * 100000)
    with Nginx("127.84.255.3", files) as nginx, \
            phones(3, "--web", "8184", "--firmware", "7.5.2b", "--set", "Sim_Upgrade_Version=7.5.7",
                   "--set", "Sim_Upgrade_Seconds=0.2") as farm:
        curl("http://127.84.3.2:8184/admin/upgrade?http://127.84.255.3:8080")
        wait_for("the version", lambda: farm.state(2)["firmware"] == "7.5.7")
        check("/spa.bin", "GET /spa.bin 200" in nginx.requests()[0], nginx.requests())
        wait_for("its web server says so, too", lambda: "7.5.7" in
                 curl("http://127.84.3.2:8184/admin/status.xml")[1])


def log_in_takes_digest_and_basic():
    at = "http://127.84.4.1:8184/admin/status.xml"
    with phones(4, "--web", "8184", "--set", "Admin_Passwd=geheim") as farm:
        check("401", curl(at)[0] == 401)
        heads = subprocess.run(["curl", "-s", "-D-", "-o/dev/null", at], capture_output=True,
                               text=True, check=True).stdout
        schemes = re.findall(r"(?i)www-authenticate: (\w+)", heads)
        check("Digest first, then Basic", schemes == ["Digest", "Basic"], heads)
        for scheme in ("--digest", "--basic", "--anyauth"):
            check(f"{scheme}: right", curl(scheme, "-u", "admin:geheim", at)[0] == 200)
            check(f"{scheme}: wrong", curl(scheme, "-u", "admin:wrong", at)[0] == 401)
            check(f"{scheme}: another user", curl(scheme, "-u", "user:geheim", at)[0] == 401)
        farm.call("set", phones="1", values=["Enable_Web_Admin_Access=No"])
        check("no access for administrators", curl("--basic", "-u", "admin:geheim", at)[0] == 403)
        farm.call("set", phones="2", values=["Enable_Web_Server=No"])
        farm.call("wait", phones="2", cond="idle", timeout=30)
        check("no web server", curl("http://127.84.4.2:8184/admin/status.xml")[0] == 0)
    with phones(4, "--web", "8184", "--model", "6841", "--set", "Admin_Password=geheim"):
        check("MPP: credentials in the URL",
              curl(at + "?xuser=admin&xpassword=geheim")[0] == 200)
        check("wrong ones", curl(at + "?xuser=admin&xpassword=x")[0] == 401)


def a_6800_takes_a_profile():
    good = "<flat-profile><Station_Name>pushed</Station_Name></flat-profile>"
    with phones(9, "--web", "8184", "--model", "6841", "--set", "Admin_Password=geheim") as farm:
        at = "http://127.84.9.1:8184/admin/config.xml"
        check("log-in", curl("-d", good, at)[0] == 401)
        check("a wrong one", curl("-d", good, at + "&xuser=admin&xpassword=x")[0] == 401)
        check("another site's page", curl("--digest", "-u", "admin:geheim", "-H",
                                          "Origin: http://evil.test", "-d", good, at)[0] == 403)
        check("nothing yet", "pushed" not in str(farm.call("get", phones="1", names=["Station_Name"])))
        status, text = curl("-d", good, at + "&xuser=admin&xpassword=geheim")
        check("in the URL", status == 200, text)
        check("taken", "pushed" in str(farm.call("get", phones="1", names=["Station_Name"])))
        check("by Digest, corrupt", curl("--digest", "-u", "admin:geheim", "-d", good[:-4], at)[0] == 400)
        check("by GET", curl("--basic", "-u", "admin:geheim", at)[0] == 405)


def each_phone_has_its_listener_where_the_port_is_taken():
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"somebody else")

    other = http.server.ThreadingHTTPServer(("127.84.255.5", 8085), Handler)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    with phones(5, "--web", "8085", count="20") as farm:
        for n in (1, 20):
            status, text = curl(f"http://127.84.5.{n}:8085/admin/spacfg.xml")
            check("its own", status == 200 and farm.state(n)["mac"] in text)
        check("and that of others stays theirs", curl("http://127.84.255.5:8085/")[1] ==
              "somebody else")
    other.shutdown()


def a_farm_on_one_address_has_a_port_each():
    with Farm("--count", "3", "--addr", "127.84.6.1", "--registrar", "127.84.255.250", "--set",
              "Register_1_=No", "--web", "8086") as farm:
        farm.call("wait", phones="all", cond="idle", timeout=30)
        for n in (1, 2, 3):
            text = curl(f"http://127.84.6.1:{8085 + n}/admin/spacfg.xml")[1]
            check(f"phone {n}", farm.state(n)["mac"] in text, text[:200])


def a_profile_says_what_the_user_may_change():
    files = scratch()
    put(files, "ua.xml", '<flat-profile><Display_Name_1_ ua="rw">A</Display_Name_1_>'
        '<User_ID_1_ ua="ro">77</User_ID_1_><Speed_Dial_2 ua="na"/></flat-profile>')
    with Nginx("127.84.255.8", files), phones(8, "--web", "8184", "--profile-rule",
                                              "http://127.84.255.8:8080/ua.xml") as farm:
        at = "http://127.84.8.1:8184/?tab="
        text = curl(at + "Ext_1")[1]
        check("he may", 'name="Display_Name_1_"' in text and "Speed_Dial_2" not in text, text)
        check("he may look", 'name="User_ID_1_" disabled' in text, text)
        check("as before", "Speed_Dial_3" in curl(at + "User")[1])
        text = curl("-d", "Display_Name_1_=B&User_ID_1_=78&Speed_Dial_2=1&Speed_Dial_3=2", at)[1]
        check("two", "2 parameters have changed" in text and "User_ID_1_ (read only)" in text, text)
        names = ["Display_Name_1_", "User_ID_1_", "Speed_Dial_2", "Speed_Dial_3"]
        values = farm.call("get", phones="1", names=names)
        check("what he may", list(values.values()) == ["B", "1001", "", "2"], values)


def calls_and_directory_are_read_and_changed():
    with phones(10, "--web", "8184", "--set", "User_Password=meins") as farm:
        at = "http://127.84.10.1:8184/?tab="
        check("log-in", curl(at + "Personal_Directory")[0] == 401)
        mine = ("--digest", "-u", "user:meins")
        status, text = curl(*mine, "--data-urlencode", "name_1=<b>Ann", "-d", "number_1=1002",
                            at + "Personal_Directory")
        check("taken", status == 200 and "1 entry has changed" in text, text)
        check("escaped", 'value="&#60;b&#62;Ann"' in text and "<b>Ann" not in text, text)
        farm.call("press", phones="1", keys=["soft2"])
        screen = farm.call("screen", phones="1", text=True)
        check("on the phone, too", "<b>Ann" in screen, screen)
        check("of another site", curl(*mine, "-H", "Origin: http://evil.test", "-d", "clear=placed",
                                      at + "Call_History")[0] == 403)
        status, text = curl(*mine, at + "Call_History")
        check("no calls yet", status == 200 and text.count("No calls") == 3, text)


def the_port_is_the_phones_own():
    with phones(7, "--web", "--set", "Web_Server_Port=8087") as farm:
        wait_for("8087", lambda: curl("http://127.84.7.2:8087/admin/status.xml")[0] == 200)
        check("nobody on 80", curl("http://127.84.7.2/admin/status.xml")[0] == 0)


def info(addr):
    """What the phone tells of itself, group by group: a list of (name, value), in its order."""
    groups = {}
    for e in ET.fromstring(curl(f"http://{addr}:8184/admin/spacfg.xml")[1]):
        if e.get("group").startswith("Info/"):
            groups.setdefault(e.get("group")[5:], []).append((e.tag, e.text or ""))
    return {group: dict(rows) for group, rows in groups.items()}


def a_call_shows_in_the_status():
    """On the embedded lab, with voice: registration, SIP messages, packets of the call and its end."""
    with Farm("--count", "2", "--addr", "127.84.8.0/24", "--web", "8184", "--media", "on", "--set",
              "Time_Zone=GMT", "--set", "Sim_Media_Source=tone 1000 -10") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=30)
        idle = info("127.84.8.1")
        ext = idle["Ext_1_Status"]
        check("registered, and since when", ext["Registration_State"] == "Registered" and
              re.fullmatch(r"\d+/\d+/\d{4} \d\d:\d\d:\d\d", ext["Last_Registration_At"]), ext)
        check("the second line never was", idle["Ext_2_Status"]["Last_Registration_At"] == "")
        status = idle["Phone_Status"]
        check("its own messages", int(status["SIP_Messages_Sent"]) >= 2 and
              int(status["SIP_Messages_Recv"]) >= 2 and int(status["SIP_Bytes_Sent"]) > 500, status)
        check("no voice yet", status["RTP_Packets_Sent"] == "0", status)
        check("no call, no numbers", idle["Line_1_Call_1_Status"]["Packets_Sent"] == "" and
              idle["Line_1_Call_1_Status"]["Tone"] == "None", idle["Line_1_Call_1_Status"])
        farm.call("dial", phones="1", number="1002")
        farm.call("wait", phones="2", cond="ringing", timeout=10)
        ringing = info("127.84.8.2")["Line_1_Call_1_Status"], info("127.84.8.1")["Line_1_Call_1_Status"]
        check("what is heard", [c["Tone"] for c in ringing] == ["Ring", "Ring Back"], ringing)
        farm.call("answer", phones="2")
        farm.call("wait", phones="1", cond="connected", timeout=10)
        call = lambda: info("127.84.8.1")["Line_1_Call_1_Status"]
        wait_for("packets both ways", lambda: call()["Packets_Sent"] not in ("", "0") and
                 call()["Packets_Recv"] not in ("", "0"))
        now = call()
        check("what is measured", now["Packets_Lost"] == "0" and now["Jitter"].endswith(" ms") and
              int(now["Mapped_RTP_Port"]) >= 16384 and now["R_Factor"] == "", now)
        farm.call("hangup", phones="1")
        farm.call("wait", phones="1", cond="idle", timeout=10)
        after = info("127.84.8.1")
        check("the phone has it still", int(after["Phone_Status"]["RTP_Packets_Sent"]) >=
              int(now["Packets_Sent"]), after["Phone_Status"])
        check("the call is gone", after["Line_1_Call_1_Status"]["Packets_Sent"] == "")


GROUPS_525 = ["System_Information", "VPN_Status", "Product_Information", "Phone_Status", "Ext_1_Status"]


def groups_are_those_of_the_family():
    with phones(9, "--web", "8184", "--model", "SPA525G2", count="1"):
        groups = info("127.84.9.1")
        check("a 525G2", list(groups)[:5] == GROUPS_525 and list(groups)[-3:] ==
              ["Downloaded_Ring_Tone", "TR-069_Status", "Custom_CA_Status"], list(groups))
        check("its system", list(groups["System_Information"])[:4] ==
              ["Connection_Type", "Current_IP", "IP_Status", "Host_Name"], groups["System_Information"])
        check("all of a call", len(groups["Line_1_Call_2_Status"]) == 29,
              groups["Line_1_Call_2_Status"])
    with phones(10, "--web", "8184", "--model", "6841", count="1"):
        groups = list(info("127.84.10.1"))
        check("a 6841", "VPN_Status" not in groups and "Downloaded_Ring_Tone" not in groups and
              groups[-2:] == ["Custom_CA_Status", "Reboot_History"], groups)


main([the_dump_is_that_of_a_real_phone, commands_reach_the_phone, an_upgrade_has_a_default_name,
      log_in_takes_digest_and_basic, a_6800_takes_a_profile, each_phone_has_its_listener_where_the_port_is_taken,
      a_farm_on_one_address_has_a_port_each, a_profile_says_what_the_user_may_change,
      the_port_is_the_phones_own, a_call_shows_in_the_status, calls_and_directory_are_read_and_changed,
      groups_are_those_of_the_family])
