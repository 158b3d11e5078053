# SPDX-License-Identifier: BSD-3-Clause
"""SIPp as registrar and notifier: a scenario for the phone's REGISTER and its subscriptions."""
from peers import Sipp, sipp_answer, sipp_register

ASKED = """  <recv request="REGISTER" optional="true" next="1"/>
  <recv request="SUBSCRIBE" crlf="true">
    <action>
      <ereg regexp="[^:]*$" search_in="hdr" header="Event:" check_it="true" assign_to="9"/>
    </action>
  </recv>
"""

CHALLENGE = 'WWW-Authenticate: Digest realm="r", nonce="abcd", algorithm=MD5, qop="auth"\n'

ASKED_AGAIN = """  <recv request="SUBSCRIBE" crlf="true">
    <action>
      <ereg regexp="Digest username=.*response=" search_in="hdr" header="Authorization:" check_it="true" assign_to="1"/>
      <ereg regexp="{event}" search_in="hdr" header="Event:" check_it="true" assign_to="2"/>
      <ereg regexp="{expires}" search_in="hdr" header="Expires:" check_it="true" assign_to="3"/>
      <ereg regexp="sip:{uri}" search_in="msg" check_it="true" assign_to="4"/>
      <ereg regexp="[ ]*(.*)" search_in="hdr" header="From:" assign_to="5,6"/>
      <ereg regexp="[ ]*(.*)" search_in="hdr" header="To:" assign_to="7,8"/>
    </action>
  </recv>
"""

GRANTED = """Contact: <sip:notifier@[local_ip]:[local_port]>
Expires: {granted}
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


class Notifier(Sipp):
    """steps: (pause in ms, body, type, Subscription-State, answer expected)."""

    def __init__(self, addr, event, uri, expires, granted, steps, calls=2):
        text = ASKED + sipp_answer("401 Unauthorized", "c", CHALLENGE)
        text += ASKED_AGAIN.format(event=event, uri=uri, expires=expires)
        text += sipp_answer("200 OK", "n", GRANTED.format(granted=granted))
        for n, (pause, body, kind, state, answer) in enumerate(steps):
            text += NOTIFY.format(pause=pause, cseq=n + 1, event=event, state=state, kind=kind,
                                  body=body, length=len(body), answer=answer)
        super().__init__(text + sipp_register("1,2,3,4,5,6,7,8,9"), "-s", "1001", addr=addr,
                         calls=calls)
