# SPDX-License-Identifier: BSD-3-Clause
"""SIPp scenarios of one call, written step by step: SIPp is the caller, or the one who is called."""
from peers import Sipp, sipp_answer

SDP = """v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio 4000 RTP/AVP {payload}
{extra}"""


def sdp(extra="", payload=0):
    return SDP.format(payload=payload, extra=extra + "\n" if extra else "")


def body_lines(body):
    return ("Content-Type: application/sdp\n" if body else "") + "Content-Length: [len]\n\n" + body


class Caller:
    """SIPp calls the phone: every request is the caller's, in one dialog."""

    def __init__(self):
        self.text = ""
        self.cseq = 0
        self.variables = 0

    def variable(self):
        self.variables += 1
        return self.variables

    def request(self, method, extra="", body="", cseq=None, contact=None, to="[peer_tag_param]"):
        """ACK takes the CSeq that the last INVITE had, given as cseq."""
        if cseq is None:
            self.cseq += 1
            cseq = self.cseq
        contact = contact or "<sip:caller@[local_ip]:[local_port]>"
        retrans = "" if method == "ACK" else ' retrans="500"'
        self.text += f"""  <send{retrans}><![CDATA[
{method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: "Caller" <sip:2000@[local_ip]>;tag=[pid]c[call_number]
To: <sip:[service]@[remote_ip]>{to}
Call-ID: [call_id]
CSeq: {cseq} {method}
Max-Forwards: 70
Contact: {contact}
{extra}{body_lines(body)}]]></send>
"""
        return cseq

    def check(self, what, regexp):
        """An action: what is a header with its colon, or "msg"."""
        n = self.variable()
        where = 'search_in="msg"' if what == "msg" else f'search_in="hdr" header="{what}"'
        return f'<ereg regexp="{regexp}" {where} check_it="true" assign_to="{n}"/>'

    def response(self, code, *checks, optional=False):
        actions = "".join(self.check(what, regexp) for what, regexp in checks)
        option = ' optional="true"' if optional else ""
        self.text += f'  <recv response="{code}"{option}>' \
                     f'<action>{actions}</action></recv>\n' if actions else \
                     f'  <recv response="{code}"{option}/>\n'

    def expect_request(self, method, *checks):
        actions = "".join(self.check(what, regexp) for what, regexp in checks)
        self.text += f'  <recv request="{method}"><action>{actions}</action></recv>\n'

    def reply_last(self, code):
        self.text += sipp_answer(
            code, headers="Contact: <sip:caller@[local_ip]:[local_port]>\n")

    def pause(self, milliseconds):
        self.text += f'  <pause milliseconds="{milliseconds}"/>\n'

    def steps(self):
        """The whole scenario."""
        if self.variables:
            names = ",".join(str(n) for n in range(1, self.variables + 1))
            return self.text + f'  <Reference variables="{names}"/>\n'
        return self.text

    def start(self, phone, addr, user="1001"):
        return Sipp(self.steps(), "-s", user, f"{phone}:5060", addr=addr)


class Callee(Caller):
    """The phone calls SIPp: its INVITE is kept, answers and requests of the dialog refer to it."""

    def invited(self):
        """Take the INVITE: From, To, Via, CSeq of it and of what comes later."""
        self.invite = self.kept("INVITE")

    def kept(self, method):
        names = {}
        actions = ""
        for header in ("From", "To", "Via", "CSeq"):
            whole, value = self.variable(), self.variable()
            names[header] = value
            actions += (f'<ereg regexp="[ ]*(.*)" search_in="hdr" header="{header}:" '
                        f'assign_to="{whole},{value}"/>')
        self.text += f'  <recv request="{method}"><action>{actions}</action></recv>\n'
        return names

    def answer(self, status, kept=None, extra="", body="", retrans=False):
        kept = kept or self.invite
        tag = ";tag=[pid]s[call_number]" if kept is self.invite else ""
        option = ' retrans="500"' if retrans else ""
        self.text += f"""  <send{option}><![CDATA[
SIP/2.0 {status}
Via: [${kept['Via']}]
From: [${kept['From']}]
To: [${kept['To']}]{tag}
Call-ID: [call_id]
CSeq: [${kept['CSeq']}]
Contact: <sip:callee@[local_ip]:[local_port]>
{extra}{body_lines(body)}]]></send>
"""

    def request(self, method, extra="", body="", cseq=None, contact=None, to=None):
        self.cseq += 1
        contact = contact or "<sip:callee@[local_ip]:[local_port]>"
        self.text += f"""  <send retrans="500"><![CDATA[
{method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: [${self.invite['To']}];tag=[pid]s[call_number]
To: [${self.invite['From']}]
Call-ID: [call_id]
CSeq: {cseq or self.cseq} {method}
Max-Forwards: 70
Contact: {contact}
{extra}{body_lines(body)}]]></send>
"""

    def start(self, addr, user="1001"):
        return Sipp(self.steps(), "-s", user, addr=addr)
