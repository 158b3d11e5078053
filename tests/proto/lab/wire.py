# SPDX-License-Identifier: BSD-3-Clause
"""The other end of a phone's line, in the test itself: a UDP socket that is registrar and peer at
once, reads every message as text and says what a test tells it to, word by word."""
import re
import select
import socket
import time

from peers import Failure, Farm

SHORT = {"v": "Via", "f": "From", "t": "To", "i": "Call-ID", "m": "Contact", "k": "Supported",
         "l": "Content-Length", "c": "Content-Type", "o": "Event", "r": "Refer-To",
         "b": "Referred-By", "u": "Allow-Events", "x": "Session-Expires"}


class Message:
    def __init__(self, data, source):
        self.text, self.source = data.decode(errors="replace"), source
        head, _, self.body = self.text.partition("\r\n\r\n")
        lines = head.split("\r\n")
        self.start = lines[0]
        self.headers = []
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers.append((SHORT.get(name.strip(), name.strip()), value.strip()))
        words = self.start.split()
        self.code = int(words[1]) if words and words[0] == "SIP/2.0" else 0
        self.method = "" if self.code else words[0] if words else ""

    def get(self, name):
        """The first header of this name; "" = none."""
        return next((v for n, v in self.headers if n.lower() == name.lower()), "")

    def all(self, name):
        return [v for n, v in self.headers if n.lower() == name.lower()]

    def names(self):
        return [n for n, _ in self.headers]

    def tag(self, name):
        found = re.search(r";\s*tag=([^;>\s]+)", self.get(name))
        return found.group(1) if found else ""


class Wire:
    """The phone is at 127.BLOCK.0.1, this end at 127.BLOCK.255.1:5060."""

    def __init__(self, block):
        self.phone, self.addr = f"127.{block}.0.1", f"127.{block}.255.1"
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((self.addr, 5060))
        self.n = 0
        self.registers = []
        self.seen = []

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.socket.close()

    def farm(self, *options, model="SPA504G", register=True, **values):
        """One phone with these parameters; registered when this returns."""
        sets = [word for name, value in values.items() for word in ("--set", f"{name}={value}")]
        farm = Farm("--count", "1", "--model", model, "--addr", self.phone[:-1] + "0/24", "--registrar",
                    self.addr, "--set", "Dial_Plan_1_=(xxx.)", *sets, *options)
        if register:
            deadline = time.monotonic() + 20
            while not farm.line()["registered"]:
                if time.monotonic() > deadline:
                    raise Failure("the phone does not register")
                self.maybe("nothing", 0.05)
        return farm

    # ---- what comes

    def receive(self, seconds):
        ready, _, _ = select.select([self.socket], [], [], max(0, seconds))
        if not ready:
            return None
        message = Message(*self.socket.recvfrom(65536))
        self.seen.append(message)
        return message

    def maybe(self, wanted, seconds=5):
        """The next message of one of these methods or codes, None when none comes. A REGISTER that
        is not among them gets its 200; what else comes is passed over."""
        wanted = wanted if isinstance(wanted, (list, tuple)) else [wanted]
        deadline = time.monotonic() + seconds
        while True:
            message = self.receive(deadline - time.monotonic())
            if not message:
                return None
            if message.method in wanted or message.code in wanted:
                return message
            if message.method == "REGISTER":
                self.registers.append(message)
                self.answer(message, "200 OK", f"Contact: {message.get('Contact')}\r\n")

    def expect(self, wanted, seconds=10):
        message = self.maybe(wanted, seconds)
        if not message:
            last = " | ".join(m.start for m in self.seen[-6:])
            raise Failure(f"no {wanted} within {seconds} s; the last were: {last}")
        return message

    # ---- what goes

    def send(self, text, to=None):
        self.socket.sendto(text.encode(), to or (self.phone, 5060))

    def sdp(self, extra="", payloads="0 101"):
        return (f"v=0\r\no=- 1 1 IN IP4 {self.addr}\r\ns=-\r\nc=IN IP4 {self.addr}\r\nt=0 0\r\n"
                f"m=audio 4000 RTP/AVP {payloads}\r\na=rtpmap:101 telephone-event/8000\r\n{extra}")

    def answer(self, request, status, extra="", body="", tag="peer"):
        to = request.get("To")
        if "tag=" not in to and not status.startswith("100"):
            to += f";tag={tag}"
        lines = [f"SIP/2.0 {status}"] + [f"Via: {v}" for v in request.all("Via")]
        lines += [f"{n}: {request.get(n)}" for n in ("From",)] + [f"To: {to}"]
        lines += [f"{n}: {request.get(n)}" for n in ("Call-ID", "CSeq")]
        if "Contact:" not in extra:
            lines.append(f"Contact: <sip:{tag}@{self.addr}:5060>")
        if body:
            lines.append("Content-Type: application/sdp")
        lines.append(f"Content-Length: {len(body)}")
        self.send("\r\n".join(lines) + f"\r\n{extra}\r\n{body}", request.source)

    def request(self, method, extra="", body="", cseq=None, dialog=None, branch=None, user="1001",
                type="application/sdp", sender='"Caller" <sip:2000@{}>'):
        """A request outside of a dialog, or of the one that an answer of the phone began."""
        self.n += 1
        to_tag = f";tag={dialog.tag('To')}" if dialog else ""
        call_id = dialog.get("Call-ID") if dialog else f"call{self.n}@{self.addr}"
        extra += f"Content-Type: {type}\r\n" if body else ""
        self.send(f"{method} sip:{user}@{self.phone}:5060 SIP/2.0\r\n"
                  f"Via: SIP/2.0/UDP {self.addr}:5060;branch={branch or f'z9hG4bK{self.n}'}\r\n"
                  f"From: {sender.format(self.addr)};tag={(dialog and dialog.tag('From')) or 'peer'}\r\n"
                  f"To: <sip:{user}@{self.phone}>{to_tag}\r\nCall-ID: {call_id}\r\n"
                  f"CSeq: {cseq or self.n} {method}\r\nMax-Forwards: 70\r\n"
                  f"Contact: <sip:2000@{self.addr}:5060>\r\n{extra}"
                  f"Content-Length: {len(body)}\r\n\r\n{body}")

    @staticmethod
    def dialog_of(invite, tag):
        """What stands for the dialog of an INVITE of the phone, answered with this tag."""
        own, other = f"To: {invite.get('From')}", f"From: {invite.get('To')};tag={tag}"
        return Message(f"SIP/2.0 200 OK\r\n{own}\r\n{other}\r\nCall-ID: "
                       f"{invite.get('Call-ID')}\r\n\r\n".encode(), invite.source)

    # ---- whole calls

    def call_in(self, farm, extra=""):
        """A call of ours, answered. Its 200 stands for the dialog."""
        self.request("INVITE", extra, self.sdp())
        self.expect(180)
        farm.call("answer", phones="1")
        ok = self.expect(200)
        self.request("ACK", cseq=ok.get("CSeq").split()[0], dialog=ok)
        return ok

    def call_out(self, farm, number="300", tag="peer"):
        """A call of the phone, answered. Its INVITE."""
        farm.call("dial", phones="1", number=number)
        invite = self.take(self.expect("INVITE"), tag=tag)
        self.ack = self.expect("ACK")
        return invite

    def take(self, invite, extra="", tag="peer"):
        """Answer an INVITE of the phone, the first or a later one."""
        held = "a=recvonly\r\n" if "a=sendonly" in invite.body else ""
        self.answer(invite, "200 OK", extra, self.sdp(held), tag)
        return invite
