# SPDX-License-Identifier: BSD-3-Clause
"""Messages of the outside corpus, to a phone of the user they address, over UDP and TCP.

The table says which answer RFC 4475, RFC 3261 or sip-behaviour.md asks for; 0 is silence. An INVITE
that reads well rings: its 180 counts, and what comes again for want of an ACK is passed over.
"""
import csv
import os
import re
import select
import socket
import time

from peers import Farm, check, corpus, main, scratch, wait_for

MESSAGES = corpus("sip-messages")

# file: (user the message addresses, answer over UDP, answer over TCP, why)
TABLE = {
    "kamailio-dns.sip": ("henryx", 400, 200,
                         "OPTIONS; with bare LF its body is shorter than Content-Length"),
    "kamailio-invite3-callid.sip": ("p2", 400, 400, "Call-ID folded away (8.1.1)"),
    "kamailio-invite4-cseq.sip": ("p2", 400, 400, "CSeq without method"),
    "kamailio-invite5-callid.sip": ("p2", 400, 400, "Call-ID is no header"),
    "kamailio-invite6-badbranch-via.sip": ("p2", 400, 400, "empty branch"),
    "kazoo-200-invite.sip": ("347", 0, 0, "response of no transaction"),
    "kazoo-bye.sip": ("347", 481, 481, "no such dialog"),
    "osip-sdp0.sdp": ("x", 0, 0, "no SIP"),
    "osip-sdp2.sdp": ("x", 0, 0, "no SIP"),
    "osip-sdp12.sdp": ("x", 0, 0, "no SIP"),
    "rfc4475-baddate.dat": ("user", 180, 180, "3.1.2.12: Date is not ours to judge"),
    "rfc4475-clerr.dat": ("user", 400, 0, "3.1.2.2; a stream waits for the rest"),
    "rfc4475-escruri.dat": ("user", 400, 400, "3.1.2.11"),
    "rfc4475-insuf.dat": ("user", 400, 400, "3.3.1"),
    "rfc4475-mcl01.dat": ("user", 400, 400, "3.3.9"),
    "rfc4475-mismatch01.dat": ("user", 400, 400, "3.1.2.17"),
    "rfc4475-mismatch02.dat": ("user", 400, 400, "3.1.2.18: 400 before 501"),
    "rfc4475-noreason.dat": ("user", 0, 0, "response"),
    "rfc4475-quotbal.dat": ("user", 400, 400, "3.1.2.6"),
    "rfc4475-regaut01.dat": ("j.user", 405, 405, "a phone is no registrar (6.1)"),
    "rfc4475-scalar02.dat": ("user", 400, 400, "3.1.2.4: CSeq over 2^31"),
    "rfc4475-scalarlg.dat": ("user", 0, 0, "response"),
    "rfc4475-transports.dat": ("user", 200, 200, "3.1.1.10"),
    "rfc4475-trws.dat": ("remote-target", 400, 400, "3.1.2.10"),
    "rfc4475-unreason.dat": ("user", 0, 0, "response"),
    "rfc4475-wsinv.dat": ("vivekg", 481, 481, "3.1.1.1 is valid; its To tag names no dialog"),
    "rfc4475-zeromf.dat": ("user", 200, 200, "3.3.11: an endpoint takes 0 (6.3)"),
    "sipgo-fuzz-2c025c3a.sip": ("x", 0, 0, "no SIP"),
    "sipgo-fuzz-cfdb2b22.sip": ("x", 0, 0, "no SIP"),
    "sipsorcery-ack-cisco7960.sip": ("303", 0, 0, "ACK"),
    "sipsorcery-invite-quoted-names.sip": ("5559000", 400, 0, "its body ends 3 bytes early (clerr)"),
    "sipsorcery-options200-cisco7.sip": ("x", 0, 0, "response"),
    "sipsorcery-options200-linksys-nocseq.sip": ("x", 0, 0, "response"),
    "sipsorcery-register-space-host.sip": ("x", 400, 400, "blank in the Request-URI"),
    "sipsorcery-resp-200-multi-rr.sip": ("x", 0, 0, "response"),
    "sipsorcery-subscribe-rtc.sip": ("0123456", 405, 405, "SUBSCRIBE (6.1)"),
    "spacti-status-idle.sip": ("cti", 489, 489, "x-spa-cti with CTI off (3.1)"),
}


def options(user, addr, source, port, transport):
    return (f"OPTIONS sip:{user}@{addr} SIP/2.0\r\nVia: SIP/2.0/{transport} {source}:{port};"
            f"branch=z9hG4bKalive-{user}-{addr}\r\nFrom: <sip:tester@{source}>;tag=alive\r\n"
            f"To: <sip:{user}@{addr}>\r\nCall-ID: alive-{addr}\r\nCSeq: 1 OPTIONS\r\n"
            "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n").encode()


def user_of(name):
    user = TABLE[name][0]
    return user if user != "x" else "nobody"


def status(data):
    words = data.split(b" ", 2)
    return int(words[1]) if len(words) > 2 and words[0] == b"SIP/2.0" else -1


def via_port(message):
    """Answers go to the source address and the port that Via names (RFC 3261 18.2.2)."""
    found = re.search(rb"(?im)^v(?:ia)?\s*:\s*SIP\s*/\s*2\.0\s*/\s*\w+\s+[^;:,\s]+\s*:\s*(\d+)", message)
    return int(found.group(1)) if found else 5060


def marks(message):
    """What an answer quotes of its request, where it is there: Call-ID and the number of CSeq."""
    found = [re.search(rb"(?im)^%s[ \t]*:\s*(\S+)" % name, message)
             for name in (rb"(?:call-id|i)", rb"cseq")]
    return [f.group(1) if f else b"" for f in found]


def answer(s, message, seconds):
    """The status of what answers this message, 100 and other messages' answers aside; 0 = silence."""
    deadline = time.monotonic() + seconds
    while True:
        ready, _, _ = select.select([s], [], [], max(0, deadline - time.monotonic()))
        data = s.recv(65536) if ready else b""
        if not data:
            return 0
        for one in re.split(rb"(?<=\r\n)(?=SIP/2\.0 )", data):  # a stream joins them
            if status(one) != 100 and marks(one) == marks(message):
                return status(one)


def ask_udp(source, message, addr, seconds):
    """Send and give the answer's status; 0 when none comes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind((source, via_port(message)))
        s.sendto(message, (addr, 5060))
        return answer(s, message, seconds)


def as_stream(data):
    """Streams are framed by CRLF; a message with bare LF is converted (its content is tested)."""
    return data if b"\r\n" in data else data.replace(b"\n", b"\r\n")


def ask_tcp(message, addr, seconds):
    with socket.create_connection((addr, 5060), 5) as s:
        s.sendall(message)
        return answer(s, message, seconds)


def accounts(users):
    path = os.path.join(scratch(), "accounts.csv")
    with open(path, "w", newline="") as f:
        rows = csv.writer(f)
        rows.writerow(["user", "password"])
        for user in users:
            rows.writerow([user, f"pw-{user}"])
    return path


def addr_of(block, i):
    return f"127.{block}.0.{i + 1}"


def play(block, transport, ask):
    names = sorted(TABLE)
    present = set(os.listdir(MESSAGES))
    check("the table holds every message of the corpus", present <= set(names), present - set(names))
    wrong = []
    users = sorted({user_of(name) for name in names})
    with Farm("--count", str(len(users)), "--accounts", accounts(users), "--addr",
              f"127.{block}.0.0/24", "--no-provision", "--transport", transport, "--time-scale",
              "60", "--set", "Register_Expires_1_=600") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=30)
        before = farm.call("stats")["register"]["ok"]
        for name in names:
            with open(os.path.join(MESSAGES, name), "rb") as f:
                data = f.read()
            want = TABLE[name][1 if transport == "UDP" else 2]
            got = ask(data, addr_of(block, users.index(user_of(name))), 5 if want else 0.3)
            if got != want:
                wrong.append(f"{name}: {got} instead of {want} ({TABLE[name][3]})")
        for i, user in enumerate(users):
            addr = addr_of(block, i)
            alive = options(user, addr, f"127.{block}.255.1", 5060, transport)
            if ask(alive, addr, 5) != 200:
                wrong.append(f"{user}: no answer to OPTIONS afterwards")
        wait_for("every phone renews", lambda: farm.call("stats")["register"]["ok"] >=
                 before + len(users), 60)
        check("none was disturbed", farm.call("stats")["registered"] == len(users))
    check("every answer is the one of the table", not wrong, "\n" + "\n".join(wrong))


def over_udp():
    play(49, "UDP", lambda data, addr, seconds: ask_udp("127.49.255.1", data, addr, seconds))


def over_tcp():
    play(50, "TCP", lambda data, addr, seconds: ask_tcp(as_stream(data), addr, seconds))


main([over_udp, over_tcp])
