# SPDX-License-Identifier: BSD-3-Clause
"""What parameters do to the messages of a phone (sip-behaviour.md 1), read on the wire."""
from peers import check, main
from wire import Wire

BLOCK = 99


def packages_that_are_on_are_told():
    for model, values, wanted in (
            ("SPA504G", {}, ""),
            ("SPA504G", {"Hold_Package": "Yes", "Talk_Package": "Yes"}, "talk, hold"),
            ("SPA504G", {"CTI_Enable": "Yes"}, "x-spa-cti"),
            ("6841", {"Hold_Package": "Yes", "Talk_Package": "Yes"}, "hold,talk")):
        with Wire(BLOCK) as wire, wire.farm(model=model, **values) as farm:
            said = [wire.registers[-1]]
            wire.request("INVITE", body=wire.sdp())
            said.append(wire.expect(180))
            farm.call("answer", phones="1")
            said.append(wire.expect(200))
            wire.request("ACK", cseq=1, dialog=said[-1])
            farm.call("hangup", phones="1")
            wire.answer(wire.expect("BYE"), "200 OK")
            said.append(wire.call_out(farm))
            for message in said:
                check(f"{model} {values}: Allow-Events of {message.start}",
                      message.get("Allow-Events") == wanted, message.text)
            names = said[0].names()
            check("it stands ahead of Content-Length", not wanted or
                  names.index("Allow-Events") + 1 == names.index("Content-Length"), names)


def texts_of_the_administrator_are_in_requests():
    with Wire(BLOCK) as wire, wire.farm("--set", "SIP_Proxy-Require_1_=com.nat",
                                        SIP_Accept_Language="de, en") as farm:
        register = wire.registers[-1]
        invite = wire.call_out(farm)
        ack = wire.seen[-1]
        farm.call("hangup", phones="1")
        bye = wire.expect("BYE")
        for message in (register, invite, bye):
            check("Proxy-Require", message.get("Proxy-Require") == "com.nat", message.text)
            check("Accept-Language", message.get("Accept-Language") == "de, en", message.text)
        check("ACK has neither", "Proxy-Require" not in ack.text and
              "Accept-Language" not in ack.text, ack.text)


main([packages_that_are_on_are_told, texts_of_the_administrator_are_in_requests])
