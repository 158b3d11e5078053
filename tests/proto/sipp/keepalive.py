# SPDX-License-Identifier: BSD-3-Clause
"""SIPp as registrar that also takes keep-alive requests and judges them."""
import html
import os

from peers import Sipp, scratch

SCENARIO = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="keepalive">
  <recv request="REGISTER" optional="true" next="1"/>
  <recv request="{method}" crlf="true">
    <action>
      <ereg regexp="{regexp}" search_in="msg" check_it="true" assign_to="1"/>
      <ereg regexp="Contact:" search_in="msg" check_it_inverse="true" assign_to="2"/>
    </action>
  </recv>
  <send next="2"><![CDATA[
      SIP/2.0 {answer}
      [last_Via:]
      [last_From:]
      [last_To:];tag=k[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0

  ]]></send>
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
  <Reference variables="1,2"/>
</scenario>
"""


class Keeper(Sipp):
    """Ends well when the phone has registered once and sent so many keep-alives, each as it
    should be."""

    def __init__(self, addr, method, regexp, answer="200 OK", messages=3):
        path = os.path.join(scratch(), "keepalive.xml")
        with open(path, "w") as f:
            f.write(SCENARIO.format(method=method, regexp=html.escape(regexp), answer=answer))
        super().__init__(path, addr=addr, calls=1 + messages)
