# SPDX-License-Identifier: BSD-3-Clause
"""A thousand phones: profiles from nginx, digest registration at Kamailio."""
import os
import re

from peers import Farm, Kamailio, Nginx, check, main, run_to_end, scratch

COUNT = 1000


def write_profiles(folder, registrar):
    """First file for the model, second one for each phone, as an operator would lay them out."""
    with open(os.path.join(folder, "spa504G.cfg"), "w") as f:
        f.write("<flat-profile><Profile_Rule_B>/phones/$MA.xml</Profile_Rule_B></flat-profile>\n")
    os.mkdir(os.path.join(folder, "phones"))
    for n in range(1, COUNT + 1):
        with open(os.path.join(folder, "phones", f"{0x000e08000000 + n:012x}.xml"), "w") as f:
            f.write(f"<flat-profile><Proxy_1_>{registrar}</Proxy_1_><User_ID_1_>{1000 + n}"
                    f"</User_ID_1_><Password_1_>pw-{1000 + n}</Password_1_>"
                    f"<Display_Name_1_>Phone &amp; Co {n}</Display_Name_1_></flat-profile>\n")


def phones_from_nginx_register_at_kamailio():
    files = scratch()
    write_profiles(files, "127.41.255.1")
    with Kamailio("127.41.255.1") as kamailio, Nginx("127.41.255.2", files) as nginx:
        code, output, report = run_to_end(
            "--count", str(COUNT), "--addr", "127.41.0.0/17", "--mac", "000E08000001", "--seed",
            "7", "--profile-rule", "http://127.41.255.2:8080/spa$PSN.cfg", "--dhcp-option",
            "66=http://127.41.255.2:8080/", "--until", "registered",
            "--timeout", "120s")
        check("the run ends well", code == 0, output[-2500:])
        check("all registered", report["registered"] == COUNT, report)
        check("all provisioned", report["provisioned"] == COUNT, report)
        check("all challenged", report["register"]["challenged"] == COUNT, report["register"])
        check("two files each", report["fetch"]["ok"] == 2 * COUNT, report["fetch"])
        check("none failed", report["failed"] == 0, report)
        contacts = kamailio.contacts()
        wanted = {f"sip:{1000 + n}@127.41.{n >> 8}.{n & 255}:5060" for n in range(1, COUNT + 1)}
        check("distinct contacts as the phones have addresses", set(contacts) == wanted,
              sorted(set(contacts) ^ wanted)[:4])
        check("one binding each", len(contacts) == COUNT, len(contacts))
        agents = [line for line in nginx.requests() if "/phones/" in line]
        pattern = re.compile(r'^GET /phones/[0-9a-f]{12}\.xml 200 '
                             r'"Cisco/SPA504G-\S+ \([0-9A-F]{12}\)\(\w{11}\)" 127\.41\.')
        check("each request names model, firmware, MAC and serial",
              len(agents) == COUNT and all(pattern.match(line) for line in agents), agents[:2])


def bindings_go_with_unregister():
    with Kamailio("127.42.255.1") as kamailio:
        code, output, report = run_to_end(
            "--count", "50", "--addr", "127.42.0.0/17", "--registrar", "127.42.255.1", "--until",
            "registered", "--unregister")
        check("the run ends well", code == 0, output[-2000:])
        check("bindings are removed", kamailio.contacts() == [], kamailio.contacts()[:3])


def renewals_use_the_cached_nonce():
    with Kamailio("127.42.255.3") as kamailio, \
            Farm("--count", "3", "--addr", "127.42.128.0/24", "--registrar", "127.42.255.3",
                 "--time-scale", "600", "--set", "Register_Expires_1_=3600") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=20)
        farm.await_line("a renewal has been made without a new challenge", lambda line: True)
        report = None

        def renewed():
            nonlocal report
            report = farm.call("stats")
            return report["register"]["ok"] >= 9
        from peers import wait_for
        wait_for("each phone renewed twice", renewed, 40)
        check("no renewal was challenged again", report["register"]["challenged"] == 3,
              report["register"])
        check("still one binding each", len(kamailio.contacts()) == 3)


def wrong_password_is_told():
    with Kamailio("127.42.255.4"), \
            Farm("--count", "2", "--addr", "127.42.129.0/24", "--registrar", "127.42.255.4",
                 "--password", "wrong") as farm:
        line = farm.await_line("registration fails", lambda l: l["status"] == "failed")
        check("state names the refusal", line["code"] == 401, line)
        report = farm.report()
        check("the report counts it by cause", any("401" in cause for cause
                                                   in report["register"]["errors"]), report)


main([phones_from_nginx_register_at_kamailio, bindings_go_with_unregister,
      renewals_use_the_cached_nonce, wrong_password_is_told])
