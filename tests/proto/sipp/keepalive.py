# SPDX-License-Identifier: BSD-3-Clause
"""SIPp as registrar that also takes keep-alive requests and judges them."""
import html

from peers import Sipp, sipp_answer, sipp_register

TAKEN = """  <recv request="REGISTER" optional="true" next="1"/>
  <recv request="{method}" crlf="true">
    <action>
      <ereg regexp="{regexp}" search_in="msg" check_it="true" assign_to="1"/>
      <ereg regexp="Contact:" search_in="msg" check_it_inverse="true" assign_to="2"/>
    </action>
  </recv>
"""


class Keeper(Sipp):
    """Ends well when the phone has registered once and sent so many keep-alives, each as it
    should be."""

    def __init__(self, addr, method, regexp, answer="200 OK", messages=3):
        taken = TAKEN.format(method=method, regexp=html.escape(regexp))
        super().__init__(taken + sipp_answer(answer, "k") + sipp_register("1,2"), addr=addr,
                         calls=1 + messages)
