# SPDX-License-Identifier: BSD-3-Clause
"""`spafarm profile`: what it says of a file that a phone does not take, on both streams."""
import json
import os
import subprocess

from peers import SPAFARM, check, main, scratch

FOLDER = scratch()
GOOD = "<flat-profile><Station_Name>Desk</Station_Name></flat-profile>"


def profile(*args, data=None):
    return subprocess.run([SPAFARM, "profile", *args], input=data, capture_output=True, timeout=60,
                          encoding="utf-8")


def a_refusal_is_json_too():
    result = profile("-", "--json", data="<flat-profile>\n<Station_Name>A & B</Station_Name>")
    check("exit 1", result.returncode == 1, result)
    told = json.loads(result.stdout)
    check("where and why", told["line"] == 2 and told["col"] == 18 and
          "&amp;" in told["error"], told)
    check("the same words on stderr", f"-:2:18: {told['error']};" in result.stderr, result.stderr)
    check("no error without one", json.loads(profile("-", "--json", data=GOOD).stdout)["error"]
          is None)
    result = profile("--rule", "($SWVER lt 9.0.0)? [--key x http://h/a", "--json")
    told = json.loads(result.stdout)
    check("a rule's, too", result.returncode == 1 and told["error"] == "the options do not end" and
          told["col"] > 20, told)


def a_key_that_is_not_needed_is_told():
    result = profile("-", "--key", "secret", data=GOOD)
    check("taken", result.returncode == 0 and "Desk" in result.stdout, result)
    check("and told", "not encrypted" in result.stderr, result.stderr)


def a_rule_that_goes_nowhere_is_explained_all_the_same():
    result = profile("--rule", "($A eq 1)? /a.xml | /$MA.xml", "--set", "GPP_A=2")
    check("exit 1, one line", result.returncode == 1 and result.stderr.count("\n") == 1 and
          "names no server" in result.stderr, result)
    for words in ("macro     $MA = 000e08000001\n", "condition false", "taken     /000e08000001.xml\n"):
        check(words, words in result.stdout, result.stdout)


def what_cannot_be_read_is_named():
    for name, words in ((FOLDER, "Is a directory"), ("ftp://h/x", "http, https or tftp"),
                        (os.path.join(FOLDER, "none"), "No such file")):
        result = profile(name)
        check(f"{name} is exit 2", result.returncode == 2 and words in result.stderr, result)
    for mac in ("+f+f+f+f+f+f", "000e08", "0x0e08000001"):
        result = profile("--rule", "http://h/$MA.xml", "--mac", mac)
        check(f"{mac} is exit 2", result.returncode == 2 and "no MAC address" in result.stderr, result)


main([a_refusal_is_json_too, a_key_that_is_not_needed_is_told,
      a_rule_that_goes_nowhere_is_explained_all_the_same, what_cannot_be_read_is_named])
