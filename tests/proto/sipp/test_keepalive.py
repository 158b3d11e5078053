# SPDX-License-Identifier: BSD-3-Clause
"""Keep-alive messages (sip-behaviour.md 8), read by SIPp; datagrams that are no SIP by a socket."""
import os
import socket
import sys

from peers import Farm, check, main

sys.path.insert(0, os.path.dirname(__file__))
from keepalive import Keeper  # noqa: E402

SCALE = 15  # the interval of 15 seconds lasts one


def phone(block, *options):
    sets = ["NAT_Keep_Alive_Enable_1_=Yes", *options]
    args = [arg for text in sets for arg in ("--set", text)]
    return Farm("--count", "1", "--addr", f"127.70.{block}.0/24", "--registrar",
                f"127.70.255.{block}", "--time-scale", str(SCALE), *args)


def registered_once(farm):
    line = farm.line()
    check("the phone is still registered", line["registered"], line)
    check("after one REGISTER", farm.call("stats")["register"]["ok"] == 1)


def a_notify_reaches_the_registrar():
    regexp = "Via:.*From:.*;tag=[0-9a-f]+o0.*To: <sip:127.70.255.1>.*Max-Forwards: 70.*" \
             "Event: keep-alive.*User-Agent: Cisco/SPA504G"
    with Keeper("127.70.255.1", "NOTIFY", regexp) as sipp, phone(1) as farm:
        sipp.verdict(30)
        registered_once(farm)


def a_refusal_does_not_matter():
    with Keeper("127.70.255.2", "NOTIFY", "keep-alive", "489 Bad Event") as sipp, \
            phone(2) as farm:
        sipp.verdict(30)
        registered_once(farm)


def other_methods_are_sent_when_told():
    for block, method in ((3, "PING"), (4, "OPTIONS")):
        with Keeper(f"127.70.255.{block}", method, f"CSeq: [0-9]+ {method}") as sipp, \
                phone(block, f"NAT_Keep_Alive_Msg_1_=${method}") as farm:
            sipp.verdict(30)
            registered_once(farm)


def texts_and_empty_datagrams_go_where_they_are_told():
    for block, text, wanted in ((5, "I am $USER", b"I am 1001"), (6, "", b"")):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as keeper:
            keeper.bind((f"127.70.254.{block}", 4444))
            keeper.settimeout(20)
            with phone(block, f"NAT_Keep_Alive_Msg_1_={text}",
                       f"NAT_Keep_Alive_Dest_1_=127.70.254.{block}:4444"):
                data, source = keeper.recvfrom(2000)
        check("the datagram is as told", data == wanted, data)
        check("and comes from the SIP port", source[1] == 5060, source)


main([a_notify_reaches_the_registrar, a_refusal_does_not_matter, other_methods_are_sent_when_told,
      texts_and_empty_datagrams_go_where_they_are_told])
