# SPDX-License-Identifier: BSD-3-Clause
"""The phone's own subscriptions (sip-behaviour.md 10): its messages, and phones that keys monitor."""
import os
import sys

from peers import Farm, check, main, wait_for

sys.path.insert(0, os.path.dirname(__file__))
from subscribe import Notifier  # noqa: E402

SUMMARY = "application/simple-message-summary"
DIALOG = "application/dialog-info+xml"


def phone(block, *options):
    return Farm("--count", "1", "--addr", f"127.56.{block}.0/24", "--registrar",
                f"127.56.255.{block}", *options)


def messages_are_subscribed_to():
    steps = [(0, "Messages-Waiting: yes\r\nVoice-Message: 3/0\r\n", SUMMARY,
              "active;expires=3600", 200),
             (0, "<html/>", "text/html", "active;expires=3600", 415),
             (0, "", SUMMARY, "active;expires=3600", 200)]
    with Notifier("127.56.255.1", "message-summary", "vm.example.test", "2147483647", 3600,
                  steps) as sipp, \
            phone(1, "--set", "Voice_Mail_Server_1_=vm.example.test") as farm:
        wait_for("the lamp is red", lambda: farm.state()["lamps"]["message"]["color"] == "red")
        sipp.verdict(30)
        check("and stays so", farm.state()["message_waiting"] is True)


def a_mailbox_number_belongs_to_the_proxy():
    steps = [(0, "Messages-Waiting: no\r\n", SUMMARY, "active", 200)]
    with Notifier("127.56.255.2", "message-summary", "[*]97@127.56.255.2", "2147483647", 3600,
                  steps) as sipp, phone(2, "--set", "Voice_Mail_Server_1_=*97"):
        sipp.verdict(30)


def dialog_info(version, state, dialog):
    return (f'<?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" '
            f'version="{version}" state="{state}" entity="sip:1010@h">{dialog}</dialog-info>')


def a_key_follows_the_phone_it_monitors():
    one = '<dialog id="a" direction="recipient"><state>{}</state></dialog>'
    steps = [(0, dialog_info(0, "full", ""), DIALOG, "active;expires=1800", 200),
             (700, dialog_info(1, "partial", one.format("early")), DIALOG, "active", 200),
             (700, dialog_info(2, "partial", one.format("confirmed")), DIALOG, "active", 200),
             (700, dialog_info(3, "partial", one.format("terminated")), DIALOG, "active", 200),
             (700, "<dialog-info", DIALOG, "active", 200)]
    with Notifier("127.56.255.3", "dialog", "1010@127.56.255.3", "1800", 1800, steps) as sipp, \
            phone(3, "--set", "Extension_2_=Disabled", "--set",
                  "Extended_Function_2_=fnc=sd+blf+cp;sub=1010@$PROXY;nme=Desk 10") as farm:
        lamp = lambda: tuple(farm.state()["lamps"]["line2"].values())
        for wanted in (("green", "steady"), ("red", "fast"), ("red", "steady"),
                       ("green", "steady")):
            wait_for(f"the lamp is {wanted}", lambda: lamp() == wanted, 10)
        sipp.verdict(30)
        check("what cannot be read changes nothing", lamp() == ("green", "steady"), lamp())
        check("the key has its name", "Desk 10" in farm.state()["screen"]["labels"],
              farm.state()["screen"])


def eight_keys_follow_eight_phones():
    one = '<dialog id="a" direction="recipient"><state>{}</state></dialog>'
    steps = [(0, dialog_info(0, "full", ""), DIALOG, "active;expires=1800", 200),
             (900, dialog_info(1, "partial", one.format("early")), DIALOG, "active", 200),
             (900, dialog_info(2, "partial", one.format("confirmed")), DIALOG, "active", 200),
             (900, dialog_info(3, "partial", one.format("terminated")), DIALOG, "active", 200)]
    sets = []
    for key in range(2, 9):
        sets += ["--set", f"Extension_{key}_=Disabled", "--set",
                 f"Extended_Function_{key}_=fnc=blf;sub=101{key}@$PROXY"]
    sets += ["--set", "Unit_1_Key_1=fnc=blf;sub=1019@$PROXY"]
    with Notifier("127.56.255.4", "dialog", "101[2-9]@127.56.255.4", "1800", 1800, steps,
                  calls=9) as sipp, phone(4, "--model", "SPA508G", *sets) as farm:
        looks = lambda: {(k["color"], k["pattern"]) for k in farm.state()["keys"]}
        for wanted in (("green", "steady"), ("red", "fast"), ("red", "steady"),
                       ("green", "steady")):
            wait_for(f"eight lamps are {wanted}", lambda: looks() == {wanted}, 10)
        sipp.verdict(30)
        check("they are eight", len(farm.state()["keys"]) == 8)


main([messages_are_subscribed_to, a_mailbox_number_belongs_to_the_proxy,
      a_key_follows_the_phone_it_monitors, eight_keys_follow_eight_phones])
