# SPDX-License-Identifier: BSD-3-Clause
"""Profiles from tftpd-hpa."""
import os

from peers import Farm, Tftpd, check, main, run_to_end, scratch


def profile(folder, name, text):
    with open(os.path.join(folder, name), "w") as f:
        f.write(text)
    os.chmod(os.path.join(folder, name), 0o644)


def the_factory_rule_asks_the_dhcp_server_by_tftp():
    files = scratch()
    padding = "<!-- " + "x" * 5000 + " -->"
    profile(files, "spa504G.cfg", "<flat-profile><Profile_Rule_B>/$MA.cfg</Profile_Rule_B>"
            f"{padding}</flat-profile>")
    for n in range(1, 21):
        profile(files, f"{0x000e08000000 + n:012x}.cfg",
                f"<flat-profile><Station_Name>Desk {n}</Station_Name></flat-profile>")
    with Tftpd("127.44.255.1", files):
        code, output, report = run_to_end(
            "--count", "20", "--addr", "127.44.0.0/24", "--mac", "000E08000001", "--profile-rule",
            "/spa$PSN.cfg", "--dhcp-option", "66=127.44.255.1", "--until", "provisioned")
        check("the run ends well", code == 0, output[-2500:])
        check("two files each, over several blocks", report["fetch"]["ok"] == 40, report["fetch"])
        check("bytes are counted", report["fetch"]["bytes"] > 20 * 5000, report["fetch"])


def a_phone_may_write_its_series_in_small_letters_and_knows_no_url_in_option_66():
    files = scratch()
    profile(files, "spa504g.cfg", "<flat-profile><Station_Name>small</Station_Name></flat-profile>")
    with Tftpd("127.44.255.4", files), \
            Farm("--count", "1", "--addr", "127.44.4.0/24", "--profile-rule", "/spa$PSN.cfg", "--set",
                 "Sim_PSN_Form=lower", "--set", "Sim_DHCP_Host_Only=Yes", "--set",
                 "DHCP_Option_To_Use=66,160", "--dhcp-option", "66=127.44.255.4") as farm:
        farm.call("wait", phones="1", cond="provisioned", timeout=20)
        url = farm.state()["provisioning"]["last_url"]
        check("small letters were asked for", url == "tftp://127.44.255.4/spa504g.cfg", url)
    with Farm("--count", "1", "--addr", "127.44.4.0/24", "--profile-rule", "/spa$PSN.cfg", "--set",
              "Sim_DHCP_Host_Only=Yes", "--dhcp-option", "66=http://127.44.255.4/x") as farm:
        farm.call("wait", phones="1", cond="idle", timeout=20)
        error = farm.state()["provisioning"]["last_error"]
        check("a URL is no host name", "DHCP gave none" in error, error)


def a_missing_file_is_told_and_the_phone_goes_on():
    files = scratch()
    with Tftpd("127.44.255.2", files), \
            Farm("--count", "1", "--addr", "127.44.2.0/24", "--profile-rule", "/spa$PSN.cfg",
                 "--dhcp-option", "66=127.44.255.2") as farm:
        farm.call("wait", phones="1", cond="idle", timeout=20)
        provisioning = farm.state()["provisioning"]
        check("the error names the cause", "ot found" in provisioning["last_error"], provisioning)
        check("a retry is planned", provisioning["next_resync_s"] > 3000, provisioning)


def a_7960_boots_from_its_files():
    files = scratch()
    profile(files, "SIPDefault.cnf", 'proxy1_address: "127.44.255.9"\nproxy_register: "0"\n'
            'dial_template: "dialplan"\ntimer_register_expires: "120" ; seconds\n')
    profile(files, "SIP00036B000001.cnf", 'line1_name: "1001"\nphone_label: "Front Desk"\n')
    profile(files, "dialplan.xml", '<DIALTEMPLATE><TEMPLATE MATCH="1..." Timeout="0"/>'
            '<TEMPLATE MATCH="*" Timeout="3"/></DIALTEMPLATE>')
    where = ("--dhcp-option", "150=127.44.255.3")
    for rule in (("--profile-rule", ""), ()):  # with the lab beside it: DHCP was told, not the lab's rule
        with Tftpd("127.44.255.3", files), \
                Farm("--count", "1", "--model", "7960", "--mac", "00036B000001", "--addr",
                     "127.44.3.0/24", *rule, *where) as farm:
            farm.call("wait", phones="1", cond="provisioned", timeout=20)
            values = str(farm.call("get", phones="1", names=[
                "User_ID_1_", "Proxy_1_", "Station_Name", "Register_Expires_2_", "Dial_Plan_1_"]))
            for value in ("1001", "127.44.255.9", "Front Desk", "120", "(1xxxS0|x.S3)"):
                check(f"it has {value}", value in values, values)
            check("nothing more is planned", farm.state()["provisioning"]["next_resync_s"] == 0)


main([the_factory_rule_asks_the_dhcp_server_by_tftp,
      a_phone_may_write_its_series_in_small_letters_and_knows_no_url_in_option_66,
      a_missing_file_is_told_and_the_phone_goes_on,
      a_7960_boots_from_its_files])
