# SPDX-License-Identifier: BSD-3-Clause
"""SIPp as registrar and notifier: a scenario for the phone's REGISTER and its subscriptions."""
import os

from peers import Sipp, scratch

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="notifier">
  <recv request="REGISTER" optional="true" next="1"/>
  <recv request="SUBSCRIBE" crlf="true">
    <action>
      <ereg regexp="[^:]*$" search_in="hdr" header="Event:" check_it="true" assign_to="9"/>
    </action>
  </recv>
  <send><![CDATA[
      SIP/2.0 401 Unauthorized
      [last_Via:]
      [last_From:]
      [last_To:];tag=c[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      WWW-Authenticate: Digest realm="r", nonce="abcd", algorithm=MD5, qop="auth"
      Content-Length: 0

  ]]></send>
  <recv request="SUBSCRIBE" crlf="true">
    <action>
      <ereg regexp="Digest username=.*response=" search_in="hdr" header="Authorization:" check_it="true" assign_to="1"/>
      <ereg regexp="{event}" search_in="hdr" header="Event:" check_it="true" assign_to="2"/>
      <ereg regexp="{expires}" search_in="hdr" header="Expires:" check_it="true" assign_to="3"/>
      <ereg regexp="sip:{uri}" search_in="msg" check_it="true" assign_to="4"/>
      <ereg regexp="[ ]*(.*)" search_in="hdr" header="From:" assign_to="5,6"/>
      <ereg regexp="[ ]*(.*)" search_in="hdr" header="To:" assign_to="7,8"/>
    </action>
  </recv>
  <send><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:];tag=n[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Contact: <sip:notifier@[local_ip]:[local_port]>
      Expires: {granted}
      Content-Length: 0

  ]]></send>
"""

NOTIFY = """  <pause milliseconds="{pause}"/>
  <send retrans="500"><![CDATA[
NOTIFY sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: [$8];tag=n[call_number]
To: [$6]
Call-ID: [call_id]
CSeq: {cseq} NOTIFY
Max-Forwards: 70
Contact: <sip:notifier@[local_ip]:[local_port]>
Event: {event}
Subscription-State: {state}
Content-Type: {kind}
Content-Length: {length}

{body}]]></send>
  <recv response="{answer}"/>
"""

REGISTER = """  <nop next="2"/>
  <label id="1"/>
  <send><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:];tag=r[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Expires: 3600
      Content-Length: 0

  ]]></send>
  <label id="2"/>
  <Reference variables="1,2,3,4,5,6,7,8,9"/>
</scenario>
"""


class Notifier(Sipp):
    """steps: (pause in ms, body, type, Subscription-State, answer expected)."""

    def __init__(self, addr, event, uri, expires, granted, steps, calls=2):
        text = HEAD.format(event=event, uri=uri, expires=expires, granted=granted)
        for n, (pause, body, kind, state, answer) in enumerate(steps):
            text += NOTIFY.format(pause=pause, cseq=n + 1, event=event, state=state, kind=kind,
                                  body=body, length=len(body), answer=answer)
        path = os.path.join(scratch(), "notifier.xml")
        with open(path, "w") as f:
            f.write(text + REGISTER)
        super().__init__(path, "-s", "1001", addr=addr, calls=calls)
