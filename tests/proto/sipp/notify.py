# SPDX-License-Identifier: BSD-3-Clause
"""SIPp scenarios that send NOTIFY, written from a list of steps."""
import os

from peers import Sipp

SEND = """  <send retrans="500"><![CDATA[
NOTIFY sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:server@[local_ip]>;tag=[pid]n[call_number]
To: <sip:[service]@[remote_ip]>
Call-ID: [call_id]
CSeq: {cseq} NOTIFY
Max-Forwards: 70
Contact: <sip:server@[local_ip]:[local_port]>
{headers}Content-Length: {length}

{body}]]></send>
"""

RECV = """  <recv response="{code}"{auth}>
    <action><ereg regexp="{regexp}" search_in="hdr" header="{header}" check_it="true" assign_to="1"/></action>
  </recv>
"""

RECV_ANY = """  <recv response="{code}"{auth}/>
"""


def send(event, body="", user=None, password=None, content_type=None, credentials=None):
    """A NOTIFY; with a user it answers the challenge that came last with keep=True."""
    headers = f"Event: {event}\n" if event else ""
    if content_type:
        headers += f"Content-Type: {content_type}\n"
    if user:
        headers += f"[authentication username={user} password={password}]\n"
    if credentials:
        headers += f"{credentials}\n"
    return ("send", headers, body)


def recv(code, header=None, regexp=None, keep=False):
    return ("recv", code, header, regexp, keep)


CHALLENGE = ("WWW-Authenticate:",
             'Digest realm=.[^,]+.,nonce=.[0-9a-f]{16}.,algorithm=MD5,qop=.auth.$')
STALE = ("WWW-Authenticate:", 'algorithm=MD5,qop=.auth.,stale=true')


def scenario(steps):
    text, cseq, used = "", 0, False
    for step in steps:
        if step[0] == "send":
            cseq += 1
            _, headers, body = step
            # SIPp ends every line with CRLF itself; the body is taken as it stands
            text += SEND.format(cseq=cseq, headers=headers, body=body, length=len(body))
            continue
        _, code, header, regexp, keep = step
        auth = ' auth="true"' if keep else ""
        if header:
            used = True
            text += RECV.format(code=code, auth=auth, header=header, regexp=regexp)
        else:
            text += RECV_ANY.format(code=code, auth=auth)
    if used:
        text += '  <Reference variables="1"/>\n'
    return text


def play(phone, user, addr, *steps):
    """Run the steps against phone (address) from addr; returns the Authorization lines sent."""
    with Sipp(scenario(steps), "-s", user, "-trace_msg", f"{phone}:5060", addr=addr) as sipp:
        sipp.verdict(30)
        sent = [line for name in os.listdir(sipp.folder) if name.endswith("messages.log")
                for line in open(os.path.join(sipp.folder, name), errors="replace")]
        return [line.strip() for line in sent if line.startswith("Authorization:")]
