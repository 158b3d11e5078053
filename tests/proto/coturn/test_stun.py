# SPDX-License-Identifier: BSD-3-Clause
"""STUN on the SIP socket (sip-behaviour.md 8) with coturn, whose two addresses serve the NAT type
test; what comes of it is told to Kamailio and SIPp."""
import socket

from peers import (Dnsmasq, Farm, Kamailio, Process, Sipp, check, main, scratch, sipp_answer,
                   udp_taken, wait_for)

WARNING = """  <recv request="REGISTER" crlf="true">
    <action>
      <ereg regexp="{warning}" search_in="hdr" header="Warning:" check_it="true" assign_to="1"/>
    </action>
  </recv>
"""


class Coturn(Process):
    """STUN only, on the given addresses, ports 3478 and 3479."""

    def __init__(self, *addrs):
        folder = scratch()
        argv = ["turnserver", "-n", "--stun-only", "--no-auth", "--no-tls", "--no-dtls",
                "--no-tcp", "--no-cli", "--log-file=stdout", f"--pidfile={folder}/pid",
                f"--userdb={folder}/db"]
        for addr in addrs:
            argv += ["-L", addr]
        super().__init__(argv, cwd=folder)
        wait_for("coturn listens",
                 lambda: all(udp_taken(a, 3478) for a in addrs) or not self.alive())
        check("coturn runs", self.alive(), self.output()[-2000:])


class Registrar(Sipp):
    """Takes one REGISTER whose Warning matches."""

    def __init__(self, addr, warning):
        super().__init__(WARNING.format(warning=warning) +
                         sipp_answer("200 OK", "w", "Expires: 3600\n") +
                         '  <Reference variables="1"/>\n', addr=addr)


def phone(block, *sets, registrar=None, options=()):
    args = [arg for text in ("STUN_Enable=Yes", *sets) for arg in ("--set", text)]
    return Farm("--count", "1", "--addr", f"127.135.{block}.0/24", "--registrar",
                registrar or f"127.135.255.{block}", *args, *options)


def what_coturn_saw_is_registered():
    """Nothing translates here: the mapping coturn tells is the own address, and wins over EXT_IP."""
    with Coturn("127.135.254.1"), Kamailio("127.135.255.1") as registrar, \
            phone(1, "STUN_Server=127.135.254.1", "NAT_Mapping_Enable_1_=Yes", "EXT_IP=192.0.2.1",
                  "EXT_SIP_Port_1_=6060") as farm:
        line = farm.await_line("it is registered", lambda l: l["registered"])
        check("state tells", line["nat"] == {"contact": f"{farm.state()['ip']}:5060",
                                             "type": None}, line)
        check("the registrar knows it", registrar.contacts() ==
              [f"sip:1001@{farm.state()['ip']}:5060"], registrar.contacts())


def two_addresses_find_the_open_internet():
    """The server's name comes from the name server."""
    with Coturn("127.135.254.2", "127.135.253.2"), \
            Dnsmasq("127.135.255.52", {"stun.example.test": "127.135.254.2"}), \
            Registrar("127.135.255.2", "399 spa .Open Internet Detected.$") as sipp, \
            phone(2, "STUN_Server=stun.example.test:3478", "STUN_Test_Enable=Yes",
                  options=("--dns", "127.135.255.52")) as farm:
        sipp.verdict(30)
        line = farm.await_line("it is registered", lambda l: l["registered"])
        check("state tells", line["nat"]["type"] == "Open Internet Detected", line)


def one_address_tells_no_type():
    with Coturn("127.135.254.3"), \
            Registrar("127.135.255.3", "399 spa .Unknown NAT Type.$") as sipp, \
            phone(3, "STUN_Server=127.135.254.3", "STUN_Test_Enable=Yes"):
        sipp.verdict(30)


def no_server_and_a_silent_one_are_told_apart():
    with Registrar("127.135.255.4", "399 spa .STUN Server Not Reachable.$") as sipp, \
            phone(4, "STUN_Server=127.135.254.4", "STUN_Test_Enable=Yes"):
        sipp.verdict(30)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.135.254.5", 3478))
        with Registrar("127.135.255.5", "399 spa .STUN Server Not Responding.$") as sipp, \
                phone(5, "STUN_Server=127.135.254.5", "STUN_Test_Enable=Yes"):
            sipp.verdict(30)


def shared_sockets_ask_for_every_phone():
    count, port = 50, 45071  # a port of its own: other peers hold 5060 for themselves
    with Coturn("127.135.254.6", "127.135.253.6"), Kamailio("127.135.255.6") as registrar, \
            Farm("--count", str(count), "--addr", "127.135.6.0/24", "--registrar", "127.135.255.6",
                 "--sockets", "shared", "--set", f"SIP_Port_1_={port}", "--set", "STUN_Enable=Yes",
                 "--set", "STUN_Test_Enable=Yes", "--set", "STUN_Server=127.135.254.6",
                 "--set", "NAT_Mapping_Enable_1_=Yes") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=30)
        wait_for("the registrar knows all", lambda: len(registrar.contacts()) == count)
        for state in farm.call("state", phones="all"):
            nat = state["lines"][0]["nat"]
            check("each has asked for itself", nat == {
                "contact": f"{state['ip']}:{port}", "type": "Open Internet Detected"}, nat)


def calls_show_the_rtp_port_that_coturn_saw():
    """Nothing translates here: with the port EXT_RTP_Port_Min counts to, no sound would arrive."""
    with Coturn("127.135.254.7"), Kamailio("127.135.255.7") as registrar, \
            Farm("--count", "2", "--addr", "127.135.7.0/24", "--registrar", registrar.addr, "--media",
                 "on", "--set", "STUN_Enable=Yes", "--set", "STUN_Server=127.135.254.7", "--set",
                 "NAT_Mapping_Enable_1_=Yes", "--set", "EXT_RTP_Port_Min=40000", "--set",
                 "Dial_Plan_1_=(xxx.)", "--set", "Sim_Media_Source=tone 1000 -10") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=20)
        farm.call("dial", phones="1", number="1002")
        farm.call("wait", phones="2", cond="ringing", timeout=10)
        farm.call("answer", phones="2")
        farm.call("wait", phones="all", cond="connected", timeout=10)
        for n in (1, 2):
            media = wait_for("the tone arrives", lambda: (
                lambda m: m if m and abs(m["frequency_hz"] - 1000) < 5 else None)(
                    farm.line(n)["calls"][0].get("media")))
            check("none is lost", media["rx_lost"] == 0, media)


main([what_coturn_saw_is_registered, two_addresses_find_the_open_internet,
      one_address_tells_no_type, no_server_and_a_silent_one_are_told_apart,
      shared_sockets_ask_for_every_phone, calls_show_the_rtp_port_that_coturn_saw])
