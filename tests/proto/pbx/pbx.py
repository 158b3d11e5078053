# SPDX-License-Identifier: BSD-3-Clause
"""A small office server in Python: registrar, notifier, and the far end of every call.

It reads and writes SIP with nothing of the program under test. A test reads `subs` and `calls`, and
says by notify(), call() and hang_up() what happens.
"""
import hashlib
import re
import socket
import threading

from peers import wait_for


class Message:
    def __init__(self, data):
        head, _, self.body = data.decode("utf-8", "replace").partition("\r\n\r\n")
        self.start, *lines = head.split("\r\n")
        self.headers = [tuple(p.strip() for p in l.split(":", 1)) for l in lines if ":" in l]

    def get(self, name, default=""):
        for key, value in self.headers:
            if key.lower() == name.lower():
                return value
        return default

    def all(self, name):
        return [v for k, v in self.headers if k.lower() == name.lower()]

    @property
    def method(self):
        return self.start.split(" ")[0]

    @property
    def status(self):
        return int(self.start.split(" ")[1])

    @property
    def uri(self):
        return self.start.split(" ")[1]


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def tag_of(value):
    found = re.search(r";tag=([^;>]+)", value)
    return found.group(1) if found else ""


def user_of(value):
    found = re.search(r"sips?:([^@;>]+)@", value)
    return found.group(1) if found else ""


def uri_of(value):
    found = re.search(r"<([^>]+)>", value)
    return found.group(1) if found else value.split(";")[0]


class Dialog:
    """Of a subscription or a call; ours are From tag and the messages we send in it."""

    def __init__(self, pbx, call_id, local, remote, target, peer):
        self.pbx, self.call_id, self.local, self.remote = pbx, call_id, local, remote
        self.target, self.peer, self.cseq = target, peer, 0

    def request(self, method, headers=(), body="", kind="", cseq=None, via=None):
        self.via = via or self.pbx.via()
        if cseq is None:
            self.cseq += 1
            cseq = self.cseq
        lines = [f"{method} {self.target} SIP/2.0", self.via, f"From: {self.local}",
                 f"To: {self.remote}", f"Call-ID: {self.call_id}", f"CSeq: {cseq} {method}",
                 "Max-Forwards: 70", f"Contact: <sip:pbx@{self.pbx.addr}:{self.pbx.port}>"]
        self.pbx.send(lines + list(headers), body, kind, self.peer)


class Sub(Dialog):
    def __init__(self, pbx, m, peer):
        super().__init__(pbx, m.get("Call-ID"), f"{m.get('To')};tag=n{pbx.next()}", m.get("From"),
                         uri_of(m.get("Contact")), peer)
        self.event = m.get("Event").split(";")[0]
        self.uri, self.user = m.uri, user_of(m.get("From"))
        self.requests, self.answers = [m], []
        self.active = True

    @property
    def last(self):
        return self.requests[-1]

    def notify(self, body="", kind="", headers=(), state="active;expires=600",
               wait=True):
        """Send a NOTIFY; wait: for its answer's code, unless the server itself sends it."""
        n = len(self.answers)
        self.request("NOTIFY", [f"Event: {self.event}", f"Subscription-State: {state}", *headers],
                     body, kind)
        if state.startswith("terminated"):
            self.active = False
        if not wait or threading.current_thread() is self.pbx.thread:
            return None
        wait_for("the NOTIFY is answered", lambda: len(self.answers) > n, 10)
        return self.answers[-1]


class Call(Dialog):
    def __init__(self, pbx, incoming, *args):
        super().__init__(pbx, *args)
        self.incoming = incoming  # from the phone's side: it has called us
        self.state, self.invite, self.requests = "calling", None, []

    def answer(self):
        self.pbx.reply(self.invite, 200, self.peer, tag_of(self.local), body=self.pbx.sdp(),
                       kind="application/sdp")
        self.state = "up"

    def hang_up(self):
        self.request("BYE")
        self.state = "over"

    def cancel(self):
        self.request("CANCEL", cseq=self.cseq, via=self.via)


class Pbx:
    """granted: s. refuse: event to the code its SUBSCRIBEs get. deaf: methods it does not answer.
    on_subscribe, on_invite, on_request (in a call): called in the server's thread."""

    def __init__(self, addr, port=5060):
        self.addr, self.port, self.granted = addr, port, 600
        self.lock = threading.RLock()
        self.contacts, self.subs, self.calls = {}, [], []
        self.refuse, self.messages, self.deaf = {}, [], set()
        self.on_subscribe = self.on_invite = self.on_request = None
        self.auto_answer = True
        self.n = 0
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind((addr, port))
        self.sock.settimeout(0.1)
        self.running = True
        self.error = None
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.running = False
        self.thread.join(5)
        self.sock.close()
        if self.error and not exc[0]:
            raise self.error

    def next(self):
        self.n += 1
        return f"{self.n:06d}"

    def via(self):
        return f"Via: SIP/2.0/UDP {self.addr}:{self.port};branch=z9hG4bK{self.next()}"

    def send(self, lines, body, kind, peer):
        if body:
            lines = lines + [f"Content-Type: {kind}"]
        data = body.encode()
        lines = lines + [f"Content-Length: {len(data)}", "", ""]
        self.sock.sendto("\r\n".join(lines).encode() + data, peer)

    def reply(self, m, status, peer, tag="", headers=(), body="", kind=""):
        to = m.get("To")
        if tag and not tag_of(to):
            to += f";tag={tag}"
        lines = [f"SIP/2.0 {status} X"]
        lines += [f"Via: {v}" for v in m.all("Via")]
        lines += [f"From: {m.get('From')}", f"To: {to}", f"Call-ID: {m.get('Call-ID')}",
                  f"CSeq: {m.get('CSeq')}", f"Contact: <sip:pbx@{self.addr}:{self.port}>"]
        self.send(lines + list(headers), body, kind, peer)

    def sdp(self):
        return (f"v=0\r\no=- 1 1 IN IP4 {self.addr}\r\ns=-\r\nc=IN IP4 {self.addr}\r\nt=0 0\r\n"
                "m=audio 40000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n")

    def serve(self):
        while self.running:
            try:
                data, peer = self.sock.recvfrom(65536)
            except TimeoutError:
                continue
            except OSError:
                return
            if len(data) < 10:
                continue
            try:
                with self.lock:
                    self.take(Message(data), peer)
            except Exception as failure:  # told when the with block ends
                self.error = failure
                raise

    def take(self, m, peer):
        self.messages.append(m)
        if m.method in self.deaf:
            return
        if m.start.startswith("SIP/2.0"):
            self.response(m)
        elif m.method == "REGISTER":
            self.contacts[user_of(m.get("To"))] = peer
            self.reply(m, 200, peer, "r", [f"Expires: {self.granted}"])
        elif m.method == "SUBSCRIBE":
            self.subscribe(m, peer)
        else:
            self.in_call(m, peer)

    def subscribe(self, m, peer):
        event = m.get("Event").split(";")[0]
        if event in self.refuse:
            self.reply(m, self.refuse[event], peer, "x")
            return
        sub = self.find(m)
        if not sub:
            sub = Sub(self, m, peer)
            self.subs.append(sub)
        else:
            sub.requests.append(m)
        expires = min(int(m.get("Expires")), self.granted)
        self.reply(m, 200, peer, tag_of(sub.local), [f"Expires: {expires}"])
        if not expires:
            sub.notify(state="terminated;reason=timeout")
        elif self.on_subscribe:
            self.on_subscribe(sub, m)

    def find(self, m):
        for dialog in self.subs + self.calls:
            if dialog.call_id == m.get("Call-ID"):
                return dialog
        return None

    def response(self, m):
        dialog = self.find(m)
        if isinstance(dialog, Sub):
            dialog.answers.append(m.status)
        elif dialog and m.get("CSeq").endswith("NOTIFY"):
            dialog.got.append(m)
        elif dialog and m.get("CSeq").endswith("INVITE"):
            if 101 <= m.status < 200:
                dialog.state = "ringing"
            elif m.status >= 200:
                dialog.remote = m.get("To")
                dialog.request("ACK", cseq=int(m.get("CSeq").split()[0]))
                dialog.state = "up" if m.status < 300 else "over"

    def in_call(self, m, peer):
        call = self.find(m)
        if m.method == "ACK":
            return
        if m.method == "INVITE" and not call:
            call = Call(self, True, m.get("Call-ID"), f"{m.get('To')};tag=c{self.next()}",
                        m.get("From"), uri_of(m.get("Contact")), peer)
            call.invite = m
            self.calls.append(call)
            self.reply(m, 180, peer, tag_of(call.local))
            if self.auto_answer:
                call.answer()
            if self.on_invite:
                self.on_invite(call, m)
            return
        if m.method == "NOTIFY" and not call:
            self.reply(m, 200, peer, "s")
            return
        if not call:
            self.reply(m, 481, peer, "x")
            return
        call.requests.append(m)
        if m.method == "INVITE":
            hold = "a=sendonly" in m.body or "a=inactive" in m.body
            self.reply(m, 200, peer, body=self.sdp(), kind="application/sdp")
            call.state = "held" if hold else "up"
        else:
            if m.method in ("BYE", "CANCEL"):
                call.state = "over"
            self.reply(m, 202 if m.method == "REFER" else 200, peer)
        if self.on_request:
            self.on_request(call, m)

    def order(self, user, event, kind, body, password=None):
        """A NOTIFY outside dialogs, challenged or not; its final answer's code."""
        with self.lock:
            peer = self.contacts[user]
            uri = f"sip:{user}@{peer[0]}:{peer[1]}"
            order = Call(self, False, f"order{self.next()}@{self.addr}",
                         f"<sip:ctl@{self.addr}>;tag=q{self.next()}", f"<{uri}>", uri, peer)
            order.got = []
            self.calls.append(order)
            order.request("NOTIFY", [f"Event: {event}"], body, kind)
        wait_for("the order is answered", lambda: order.got, 10)
        if order.got[-1].status == 401 and password:
            asked = dict(re.findall(r'(\w+)="?([^",]*)"?', order.got[-1].get("WWW-Authenticate")))
            a1 = md5(f"{user}:{asked['realm']}:{password}")
            answer = md5(f"{a1}:{asked['nonce']}:00000001:ab:auth:{md5(f'NOTIFY:{uri}')}")
            with self.lock:
                order.request("NOTIFY", [f"Event: {event}",
                    f'Authorization: Digest username="{user}",realm="{asked["realm"]}",'
                    f'nonce="{asked["nonce"]}",uri="{uri}",response="{answer}",algorithm=MD5,'
                    'qop=auth,nc=00000001,cnonce="ab"'], body, kind)
            wait_for("the order is answered again", lambda: len(order.got) > 1, 10)
        return order.got[-1].status

    def call(self, user, headers=(), caller="2000"):
        """Call a phone; the Call follows what it answers."""
        with self.lock:
            peer = self.contacts[user]
            call = Call(self, False, f"call{self.next()}@{self.addr}",
                        f"<sip:{caller}@{self.addr}>;tag=p{self.next()}",
                        f"<sip:{user}@{self.addr}>", f"sip:{user}@{peer[0]}:{peer[1]}", peer)
            self.calls.append(call)
            call.request("INVITE", headers, self.sdp(), "application/sdp")
        return call

    def await_sub(self, event, user=None, uri=None, seconds=20):
        """The newest live subscription of that event."""
        def found():
            with self.lock:
                subs = [s for s in self.subs if s.event == event and s.active and
                        (user is None or s.user == user) and (uri is None or uri in s.uri)]
                return subs[-1] if subs else None
        return wait_for(f"SUBSCRIBE to {event} of {user or uri or 'anybody'}", found, seconds)
