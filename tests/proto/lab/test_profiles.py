# SPDX-License-Identifier: BSD-3-Clause
"""Profiles that real servers send (the outside corpus): what a phone takes from each, or why not.

Counts come from reading the files: elements inside flat-profile, and the self-closing ones among them
(provisioning.md 5.4: they leave a value as it is). Values were read by eye.
"""
import json
import os
import subprocess

from peers import SPAFARM, check, corpus, main

PROFILES = corpus("profiles")

USA = ("(park+*xxxx|*xxxxxxx|*xxxxxx|*xxxxx|*xxxx|*xxx|*xx*|*x|**xxxxx|**xxxx|**xxx|**xx|[3469]11|0"
       "|00|[2-9]xxxxxx|1xxx[2-9]xxxxxxS0|xxxxxxxxxxxx.)")

# file: (model, elements, self-closing, values other than the factory's, a name that model does not know or None)
TAKEN = {
    "epm-upgrade.xml": ("SPA504G", 2, 0, {"Upgrade_Rule": "http://127.0.0.1/current.bin"}, None),
    "fusionpbx-9861.xml": ("6851", 2895, 753, {"Web_Server_Port": "443", "Debug_Level": "NOTICE",
                                               "Time_Zone": "GMT-07:00", "Dial_Plan_1_": USA},
                           "Feature_Toggle_Webex_Reboot"),
    "fusionpbx-spa3102.xml": ("SPA504G", 18, 0, {"Proxy_1_": "pbx.example.test",
                                                 "Time_Zone": "GMT-07:00"}, "DHCP"),
    "fusionpbx-spa502g.xml": ("SPA502G", 596, 149, {"Station_Name": "Ext 1001",
                                                    "Time_Zone": "GMT-07:00",
                                                    "Dial_Plan_1_": USA}, None),
    "fusionpbx-spa504g.xml": ("SPA504G", 647, 151,
                              {"Unit_1_Key_1": "fnc=blf+sd+cp;sub=1010@$PROXY;nme=Desk 10",
                               "Extension_2_": "Disabled", "SIP_Transport_4_": "TLS",
                               "SIP_Port_4_": "5060", "Resync_Periodic": "0",
                               "Short_Name_2_": "Shared Desk"}, None),
    "fusionpbx-spa508g.xml": ("SPA508G", 1345, 315, {"Dial_Plan_8_": USA, "User_ID_2_": "1002",
                                                     "Time_Zone": "GMT-07:00"}, None),
    "fusionpbx-spa525g.xml": ("SPA525G", 1613, 0, {"User_ID_1_": "1001",
                                                   "Ring1": "n=Classic-1;w=3;c=1",
                                                   "Time_Zone": "GMT-07:00"},
                              "Log_Missed_Calls_for_EXT_11"),
    "fusionpbx-spa525g2.xml": ("SPA525G2", 1591, 670, {"Station_Name": "$USER Alice Example",
                                                       "Time_Zone": "GMT-04:00"}, None),
    "fusionpbx-spa921.xml": ("SPA504G", 32, 0, {"Dial_Plan_1_": USA, "Voice_Mail_Number": "*97",
                                                "Station_Name": "Ext 1001",
                                                "Profile_Rule":
                                                "http://pbx.example.test/app/provision/?mac=$MA"},
                             "Lcd_Contrast"),
    "provisioner-ata-000e08a1b2c3.xml": ("SPA504G", 123, 0, {"Resync_Periodic": "86400",
                                                             "Proxy_1_": "127.0.0.1"},
                                         "Networking_Service"),
    "provisioner-spa504g.cfg": ("SPA504G", 1784, 0,
                                {"Profile_Rule": "http://127.0.0.1/provisioning/spa$MA.xml",
                                 "Resync_Periodic": "3", "Text_Logo": "~PLEASE WAIT~"},
                                "Extension_12_"),
    "provisioner-spa5xx-000e08a1b2c3.xml":
        ("SPA504G", 200, 20, {"XML_Directory_Service_URL": "http://127.0.0.1/directory.xml",
                              "Unit_1_Key_1": "fnc=blf+sd+cp;sub=1011@$PROXY;nme=Desk 1",
                              "Time_Zone": "GMT-05:00"}, None),
    "provisioner-spa942.cfg": ("SPA504G", 996, 0, {"Profile_Rule": "http://127.0.0.1/spa$MA.xml",
                                                   "Resync_Periodic": "3"},
                               "Language_Selection_Copy"),
    "provisioner-spa9xx-000e08a1b2c3.xml": ("SPA504G", 98, 0, {"Voice_Mail_Number": "*97",
                                                               "Time_Zone": "GMT-05:00"},
                                            None),
    "sail-mpp.cfg": ("6851", 36, 1, {"LDAP_Last_Name_Filter": "cn:(cn=*$VALUE*)",
                                     "Dial_Plan_1_": "(*x.|*xx*x.|x.)",
                                     "Station_Display_Name": "Alice Example(1001)",
                                     "LDAP_Display_Attrs":
                                     "a=cn,n=Contact;a=telephoneNumber,n=Work,t=p"}, None),
    "sail-spa.cfg": ("SPA504G", 8, 0, {"Proxy_1_": "127.0.0.1", "User_ID_1_": "1001",
                                       "Display_Name_1_": "Alice Example", "Time_Zone": "GMT",
                                       "Dial_Plan_1_": "(*x.|*xx*x.|x.)"}, None),
    "wazo-mpp-8811.cfg": ("6851", 4, 0, {"Profile_Rule_B": "http://127.0.0.1:8667/cp-phone.xml",
                                         "Profile_Rule_C": "http://127.0.0.1:8667/$MA.xml"}, None),
    "wazo-spa504G.cfg": ("SPA504G", 2, 0, {"Profile_Rule_B": "http://127.0.0.1:8667/spa-phone.xml",
                                           "Profile_Rule_C": "http://127.0.0.1:8667/$MA.xml"},
                         None),
    "xivo-dev-spa504g.cfg": ("SPA504G", 18, 0,
                             {"Station_Name": "Jürgen Müßig", "Language_Selection": "French",
                              "Daylight_Saving_Time_Rule":
                              "start=3/-1/7/2:0:0;end=10/-1/7/3:0:0;save=1:0:0",
                              "Attendant_Console_Call_Pickup_Code": "*8#",
                              "Extended_Function_2_": "fnc=sd+blf+cp;sub=1010@$PROXY;nme=Desk 10",
                              "User_ID_1_": "sip1001"}, None),
    "xivo-dev-spa942.cfg": ("SPA504G", 16, 0, {"Station_Name": "Jürgen Müßig",
                                               "Extension_2_": "Disabled",
                                               "Short_Name_2_": "Desk 10"}, None),
    "xivo-pap2t-init.cfg": ("SPA504G", 212, 0, {"Proxy_1_": "#XIVO_PROXY_MAIN_IP#",
                                                "Time_Zone": "GMT+01:00"}, "FXS_Port_Impedance"),
    "xivo-spa8000.cfg": ("SPA504G", 591, 0, {"Proxy_1_": "#XIVO_PROXY_MAIN_IP#",
                                             "Time_Zone": "GMT+01:00"}, "Dial_Plan_8_"),
}

# file: (model, line, reason)
REFUSED = {
    # <Station_Display_Name …>Smith & Sons</…>: the ampersand is not escaped
    "fusionpbx-spa301.xml": ("SPA301", 336, "xmlParseEntityRef: no name"),
}


def profile(name, model):
    result = subprocess.run([SPAFARM, "profile", os.path.join(PROFILES, name), "--model", model,
                             "--json"], capture_output=True, text=True, timeout=60)
    return result.returncode, result.stdout, result.stderr


def the_table_holds_every_file():
    files = {name for name in os.listdir(PROFILES) if not name.endswith(".tmpl")}
    check("all of them and no other", files == set(TAKEN) | set(REFUSED),
          files ^ (set(TAKEN) | set(REFUSED)))


def a_phone_takes_what_the_server_meant():
    wrong = []
    for name, (model, items, kept, values, unknown) in TAKEN.items():
        code, out, err = profile(name, model)
        if code:
            wrong.append(f"{name}: exit {code} {err}")
            continue
        said = json.loads(out)
        if (said["items"], said["kept"], said["bad_values"]) != (items, kept, 0):
            wrong.append(f"{name}: {said['items']} items, {said['kept']} kept, "
                         f"{said['refused_values']} refused")
        if said["known"] + said["kept"] + said["unknown"] < items:
            wrong.append(f"{name}: {said['known']} known and {said['unknown']} not are no {items}")
        for key, value in values.items():
            if said["values"].get(key) != value:
                wrong.append(f"{name}: {key} = {said['values'].get(key)!r} instead of {value!r}")
        names = [row["name"] if isinstance(row, dict) else row for row in said["unknown_names"]]
        if unknown and unknown not in names:
            wrong.append(f"{name}: {unknown} should be unknown to a {model}")
    check("every file as the table says", not wrong, "\n" + "\n".join(wrong))


def a_broken_profile_is_refused_whole():
    for name, (model, line, reason) in REFUSED.items():
        code, out, err = profile(name, model)
        check(f"{name} is an error", code == 1, code)
        check("with line and reason", f":{line}:" in err and reason in err, err)
        check("and nothing of it is taken", "Station_Name" not in out, out)


main([the_table_holds_every_file, a_phone_takes_what_the_server_meant,
      a_broken_profile_is_refused_whole])
