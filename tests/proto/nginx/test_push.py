# SPDX-License-Identifier: BSD-3-Clause
"""A page on 500 phones by NOTIFY XML-Service: within seconds with the right credentials, never with
wrong ones (sip-behaviour.md 3.1 to 3.3; xml-services.md 9.3)."""
import hashlib
import itertools
import re
import select
import socket
import time

from peers import Farm, check, main
from xml_site import XmlSite

PHONES = 500
SECONDS = 10  # of a sanitized program beside other tests; a release build takes about one
AT_ONCE = 50  # requests under way
NUMBERS = itertools.count()
PAGE = "<CiscoIPPhoneText><Title>{}</Title><Text>{}</Text></CiscoIPPhoneText>"


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


class Push:
    """One NOTIFY for one phone: sent, challenged, answered, done."""

    def __init__(self, n, phone, sender, body, password):
        self.user, self.addr, self.password = phone["user"], (phone["ip"], 5060), password
        self.uri = f"sip:{self.user}@{phone['ip']}:5060"
        self.call_id, self.sender, self.body = f"push-{n}", sender, body
        self.cseq, self.authorization, self.codes, self.sent_at = 0, "", [], 0

    def request(self):
        return (f"NOTIFY {self.uri} SIP/2.0\r\n"
                f"Via: SIP/2.0/UDP {self.sender};branch=z9hG4bK{self.call_id}{self.cseq}\r\n"
                f"From: <sip:server@{self.sender}>;tag={self.call_id}\r\nTo: <{self.uri}>\r\n"
                f"Call-ID: {self.call_id}\r\nCSeq: {self.cseq} NOTIFY\r\nMax-Forwards: 70\r\n"
                f"Contact: <sip:server@{self.sender}>\r\nEvent: XML-Service\r\n"
                f"{self.authorization}Content-Length: {len(self.body)}\r\n\r\n{self.body}")

    def send(self, sock):
        self.sent_at = time.monotonic()
        sock.sendto(self.request().encode(), self.addr)

    def begin(self, sock):
        self.cseq += 1
        self.send(sock)

    def challenged(self, text):
        realm, nonce = (re.search(f'{name}="([^"]*)"', text).group(1) for name in ("realm", "nonce"))
        a1 = md5(f"{self.user}:{realm}:{self.password}")
        response = md5(f"{a1}:{nonce}:00000001:c0ffee:auth:{md5('NOTIFY:' + self.uri)}")
        self.authorization = (
            f'Authorization: Digest username="{self.user}",realm="{realm}",nonce="{nonce}",'
            f'uri="{self.uri}",qop=auth,nc=00000001,cnonce="c0ffee",response="{response}"\r\n')

    def answered(self, sock, code, text):
        """True: nothing more will come."""
        self.codes.append(code)
        if code == 401 and len(self.codes) == 1:
            self.challenged(text)
            self.begin(sock)
            return False
        return True


def push(sender, phones, body, password):
    """A NOTIFY for each phone; the list of Push, each with the codes it was answered with."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((sender, 5060))
        # no number twice: a phone answers a transaction that it knows as it did before
        todo = [Push(next(NUMBERS), phone, f"{sender}:5060", body, password(phone["user"]))
                for phone in phones]
        pushes, under_way, end = list(todo), {}, time.monotonic() + 60
        while todo or under_way:
            while todo and len(under_way) < AT_ONCE:
                one = todo.pop()
                under_way[one.call_id] = one
                one.begin(sock)
            check("every phone answers", time.monotonic() < end, len(under_way))
            if select.select([sock], [], [], 0.1)[0]:
                text = sock.recv(4096).decode()
                one = under_way.get(re.search(r"(?im)^Call-ID: *(\S+)", text).group(1))
                cseq = int(re.search(r"(?im)^CSeq: *(\d+)", text).group(1))
                if one and cseq == one.cseq and one.answered(sock, int(text.split()[1]), text):
                    del under_way[one.call_id]
            for one in under_way.values():  # T1 of RFC 3261
                if time.monotonic() - one.sent_at > 0.5:
                    one.send(sock)
    return pushes


def five_hundred_phones_show_a_page_within_seconds():
    server = XmlSite("127.63.255.1", {"news.xml": PAGE.format("News", "The lifts are out of order"),
                                      "fake.xml": PAGE.format("Fake", "Send me your PIN")})
    with server, Farm("--count", str(PHONES), "--addr", "127.63.0.0/21", "--no-provision") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=60)
        phones = [{"ip": state["ip"], "user": state["lines"][0]["user"]}
                  for state in farm.call("state", phones="all")]
        check("all phones", len(phones) == PHONES, len(phones))

        for password in (lambda user: "guess", lambda user: "", lambda user: "pw-1"):
            pushes = push("127.63.254.1", phones, server.url("/fake.xml"), password)
            check("each is challenged twice", all(p.codes == [401, 401] for p in pushes),
                  [p.codes for p in pushes if p.codes != [401, 401]][:5])
        check("nothing is fetched", not server.requests(), len(server.requests()))
        check("every screen is idle", all(state["screen"]["app"] == "idle"
                                          for state in farm.call("state", phones="all")))

        start = time.monotonic()
        pushes = push("127.63.254.1", phones, server.url("/news.xml"), lambda user: "pw-" + user)
        check("each is challenged once, then fine", all(p.codes == [401, 200] for p in pushes),
              [p.codes for p in pushes if p.codes != [401, 200]][:5])
        farm.call("wait", phones="all", cond="screen~lifts are out", timeout=SECONDS)
        took = time.monotonic() - start
        check(f"within {SECONDS} seconds", took < SECONDS, took)
        requests = [line for line, _ in server.requests()]
        check("one request a phone", requests == ["GET /news.xml HTTP/1.1"] * PHONES, len(requests))

        pushes = push("127.63.254.1", phones, server.url("/fake.xml"), lambda user: "guess")
        check("a guess", all(p.codes == [401, 401] for p in pushes))
        farm.call("wait", phones="all", cond="screen~lifts are out", timeout=1)
        check("changes no screen", len(server.requests()) == PHONES)
        print(f"{PHONES} phones in {took:.1f} s")


main([five_hundred_phones_show_a_page_within_seconds])
