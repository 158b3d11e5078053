# SPDX-License-Identifier: BSD-3-Clause
"""The lab carries calls of phones that registered over TCP and TLS: by the connections that they
hold, between phones of different transports, too. A connection that breaks ends nothing else."""
import os
import socket

from peers import Farm, Process, SPAFARM, check, main, wait_for


CALLS = os.path.join(os.path.dirname(__file__), "../../../scripts/scenarios/calls.lua")


class Lab(Farm):
    def __init__(self, block, *transports):
        super().__init__("--count", str(len(transports)), "--addr", f"127.164.{block}.0/24",
                         "--transport", "TLS")
        for n, transport in enumerate(transports, 1):
            self.call("set", phones=str(n), values=[f"SIP_Transport_1_={transport}"])
        wait_for("all are registered by their transport", lambda: all(
            self.line(n)["registered"] and f"SIP/2.0/{transport} " in self.trace(n, 4)
            for n, transport in enumerate(transports, 1)))

    def wait(self, phones, cond, seconds=10):
        self.call("wait", phones=str(phones), cond=cond, timeout=seconds)

    def connect(self, a, b):
        self.call("dial", phones=str(a), number=str(1000 + b))
        self.wait(b, "ringing")
        self.call("answer", phones=str(b))
        self.wait(a, "connected")
        self.wait(b, "connected")

    def hold_and_resume(self, a, b):
        self.call("hold", phones=str(a))
        self.await_calls({a: "holding", b: "held"})
        self.call("resume", phones=str(a))
        self.await_calls({a: "connected", b: "connected"})

    def await_calls(self, states):
        wait_for(f"calls are {states}", lambda: all(
            [c["state"] for c in self.line(n)["calls"] if c["state"] != "ended"] == [state]
            for n, state in states.items()))

    def end(self, a, b):
        self.call("hangup", phones=str(a))
        self.wait(f"{a},{b}", "idle")

    def trace(self, n, last=20):
        return str(self.call("trace", phones=str(n), last=last, whole=True))


def talk(lab, a, b):
    lab.connect(a, b)
    lab.hold_and_resume(a, b)
    lab.hold_and_resume(b, a)
    lab.end(b, a)


def phones_of_one_transport():
    for block, transport in ((1, "TCP"), (2, "TLS")):
        with Lab(block, transport, transport) as lab:
            talk(lab, 1, 2)
            check("no call failed", lab.report()["calls"]["failed"] == 0)


def phones_of_different_transports():
    with Lab(3, "TLS", "TCP", "UDP") as lab:
        for a in (1, 2, 3):
            for b in (1, 2, 3):
                if a != b:
                    talk(lab, a, b)
        lab.connect(1, 3)
        lab.call("transfer", phones="1", number="1002", attended=True)
        lab.wait(2, "ringing")
        lab.call("answer", phones="2")
        lab.wait(1, "idle")
        lab.hold_and_resume(2, 3)
        lab.end(3, 2)
        check("no call failed", lab.report()["calls"]["failed"] == 0)


def a_caller_that_gives_up():
    with Lab(4, "TLS", "TCP") as lab:
        lab.call("dial", phones="1", number="1002")
        lab.wait(2, "ringing")
        lab.call("hangup", phones="1")
        lab.wait("all", "idle")
        lab.call("set", phones="2", values=["DND_Setting=Yes"])
        lab.call("dial", phones="1", number="1002")
        lab.wait(1, "screen~Busy Here")


def a_broken_connection_ends_nothing_else():
    with Lab(5, "TLS", "TCP", "TLS", "TCP") as lab:
        lab.connect(1, 2)
        lab.connect(3, 4)
        lab.call("power", phones="4", on=False)
        lab.hold_and_resume(1, 2)
        check("the third knows of nothing yet", lab.line(3)["calls"][0]["state"] == "connected",
              lab.line(3))
        lab.end(1, 2)
        lab.call("hangup", phones="3")
        lab.wait(3, "idle", 40)
        lab.call("dial", phones="1", number="1004")  # its contact is still bound
        wait_for("it cannot be reached", lambda: any(
            c["state"] == "ended" or c["tone"] for c in lab.line(1)["calls"]))
        lab.call("hangup", phones="1")
        lab.wait(1, "idle")
        lab.call("power", phones="4", on=True)
        lab.wait(4, "registered", 20)
        talk(lab, 1, 4)


def invite(n, uri, host, body="", headers=()):
    return "\r\n".join([f"INVITE {uri} SIP/2.0", f"Via: SIP/2.0/TCP {host}:5060;branch=z9hG4bK{n}",
                        "Max-Forwards: 70", f"From: <sip:x@{host}>;tag=a{n}", f"To: <{uri}>",
                        f"Call-ID: c{n}", "CSeq: 1 INVITE", f"Contact: <sip:x@{host}:5060>",
                        *headers, f"Content-Length: {len(body)}", "", body]).encode()


def read_until(sock, wanted):
    text = ""
    while wanted not in text:
        data = sock.recv(65536)
        check(f"the lab sends {wanted}", data, text)
        text += data.decode()
    return text


def a_peer_that_is_not_registered_and_breaks_off():
    with Lab(6, "TLS", "TCP") as lab:
        host, _, port = lab.line(1)["server"].partition(":")
        uri = f"sip:1001@{host}:{port}"
        peer = socket.create_connection((host, int(port)), 10)
        peer.settimeout(20)
        peer.sendall(invite(1, uri, "127.164.6.200"))
        text = read_until(peer, "180 Ringing")
        check("both sides are on the route, each with its transport", text.count("transport=TLS;lr>")
              == text.count("transport=TCP;lr>") >= 1, text)
        peer.sendall(invite(3, "sip:nobody@127.164.6.200:9", "127.164.6.200", headers=[
            f"Route: <sip:77@{host}:{port};transport=TCP;lr>"]))
        read_until(peer, "480 Connection Is Gone")  # no connection has this number
        peer.close()
        lab.call("answer", phones="1")
        lab.call("hangup", phones="1")
        lab.wait(1, "idle", 40)
        talk(lab, 1, 2)


def pairs_by_the_scenario():
    for block, transport in ((7, "TCP"), (8, "TLS")):
        with Process([SPAFARM, "test", CALLS, "--transport", transport, "--addr",
                      f"127.164.{block}.0/24", "--arg", "hold_button=yes"]) as run:
            check(f"calls.lua passes over {transport}", run.wait(120) == 0, run.output())


main([phones_of_one_transport, phones_of_different_transports, a_caller_that_gives_up,
      a_broken_connection_ends_nothing_else, a_peer_that_is_not_registered_and_breaks_off,
      pairs_by_the_scenario])
