# SPDX-License-Identifier: BSD-3-Clause
"""Keys that monitor other phones, alone and by lists, on the phone and on a console beside it
(sip-behaviour.md 10, devices.md 4)."""
import time

from peers import Farm, check, main, wait_for
from pbx import Pbx

DIALOG = "application/dialog-info+xml"


def info(version, entity, state=None, held=False):
    dialog = ""
    if state:
        rendering = ('<local><target uri="sip:x"><param pname="+sip.rendering" pval="no"/></target>'
                     '</local>') if held else ""
        dialog = f'<dialog id="a" direction="recipient"><state>{state}</state>{rendering}</dialog>'
    return (f'<?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" '
            f'version="{version}" state="full" entity="sip:{entity}">{dialog}</dialog-info>')


def resource_list(version, rows, full=True):
    """rows: (URI, name, dialog-info or None). Returns (body, Content-Type)."""
    rlmi, parts = "", ""
    for n, (uri, name, body) in enumerate(rows):
        instance = f'<instance id="i{n}" state="active" cid="c{n}@h"/>' if body else ""
        rlmi += f'<resource uri="sip:{uri}"><name>{name}</name>{instance}</resource>'
        if body:
            parts += (f"--qq\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <c{n}@h>\r\n"
                      f"Content-Type: {DIALOG};charset=\"UTF-8\"\r\n\r\n{body}\r\n")
    root = ('<?xml version="1.0"?><list xmlns="urn:ietf:params:xml:ns:rlmi" uri="sip:l@h" '
            f'version="{version}" fullState="{"true" if full else "false"}">{rlmi}</list>')
    return ("--qq\r\nContent-ID: <root@h>\r\nContent-Type: application/rlmi+xml\r\n\r\n"
            f"{root}\r\n{parts}--qq--\r\n",
            'multipart/related;type="application/rlmi+xml";start="<root@h>";boundary="qq"')


def phone(block, *sets, model="SPA504G", count=1):
    options = []
    for each in sets:
        options += ["--set", each]
    return Farm("--count", str(count), "--model", model, "--addr", f"127.57.{block}.0/24",
                "--registrar", f"127.57.255.{block}", *options)


def lamp(farm, name):
    for key in farm.state()["keys"]:
        if key["key"] == name:
            return key["color"], key["pattern"]
    return None


def awaits(farm, name, color, pattern):
    try:
        wait_for(f"{name} is {color} {pattern}", lambda: lamp(farm, name) == (color, pattern), 10)
    except Exception as failure:
        raise type(failure)(f"{failure}: {farm.state()['keys']} {farm.state()['subscriptions']}")


LOOKS = {None: ("green", "steady"), "early": ("red", "fast"), "confirmed": ("red", "steady"),
         "held": ("red", "slow")}


def every_key_follows_its_own_phone():
    keys = [f"Extension_{k}_=Disabled" for k in range(2, 9)]
    keys += [f"Extended_Function_{k}_=fnc=blf+sd;sub=10{k:02}@$PROXY" for k in range(2, 9)]
    keys += ["Unit_1_Key_1=fnc=blf;sub=1009@$PROXY;nme=Console"]
    with Pbx("127.57.255.1") as pbx, phone(1, *keys, model="SPA508G") as farm:
        subs = {}
        for n in range(2, 10):
            subs[n] = pbx.await_sub("dialog", uri=f"sip:10{n:02}@")
            subs[n].notify(info(0, f"10{n:02}@h"), DIALOG)
        names = {n: f"line{n}" if n < 9 else "unit1_key1" for n in subs}
        states = [None, "early", "confirmed", "held"]
        for turn in range(1, 5):
            for n, sub in subs.items():
                state = states[(turn + n) % 4]
                code = sub.notify(info(turn, f"10{n:02}@h", "confirmed" if state == "held" else
                                       state, state == "held"), DIALOG)
                check("a NOTIFY is answered 200", code == 200, code)
            for n in subs:
                awaits(farm, names[n], *LOOKS[states[(turn + n) % 4]])
        listed = [s for s in farm.state()["subscriptions"] if s["event"] == "dialog"]
        check("state tells of eight subscriptions", len(listed) == 8 and
              all(s["state"] == "active" and s["code"] == 200 for s in listed), listed)


def console_keys_are_spaced():
    keys = [f"Unit_2_Key_{k}=fnc=blf;sub=20{k:02}@$PROXY" for k in (1, 2, 3)]
    with Pbx("127.57.255.2") as pbx, phone(2, *keys, "Subscribe_Delay=0.5") as farm:
        started = time.monotonic()
        for k in (1, 2, 3):
            pbx.await_sub("dialog", uri=f"sip:20{k:02}@").notify(info(0, "x"), DIALOG)
        took = time.monotonic() - started
        check("half a second lies between two of them", took > 0.7, took)
        awaits(farm, "unit2_key3", "green", "steady")


def a_list_tells_of_all_its_phones():
    keys = ["Extension_2_=Disabled", "Extension_3_=Disabled", "BLF_List_URI=blf@$PROXY",
            "Extended_Function_2_=fnc=blf+sd+cp;sub=blf@$PROXY;usr=1010@$PROXY",
            "Extended_Function_3_=fnc=blf;usr=1011@$PROXY;nme=Eleven",
            "Unit_1_Key_5=fnc=blf;sub=blf@$PROXY;usr=1012@$PROXY"]
    host = "127.57.255.3"
    with Pbx(host) as pbx, phone(3, *keys) as farm:
        sub = pbx.await_sub("dialog", uri="sip:blf@")
        check("it can read lists", sub.last.get("Supported") == "eventlist" and
              "multipart/related" in sub.last.get("Accept"), sub.last.headers)
        body, kind = resource_list(0, [(f"1010@{host}", "Ten", info(0, "1010@h", "early")),
                                       (f"1011@{host}", "Other", info(0, "1011@h")),
                                       (f"1013@{host}", "Nobody's", info(0, "1013@h"))])
        check("a list is accepted", sub.notify(body, kind) == 200)
        awaits(farm, "line2", "red", "fast")
        awaits(farm, "line3", "green", "steady")
        awaits(farm, "unit1_key5", "amber", "steady")  # the list does not have it
        labels = farm.state()["screen"]["labels"]
        check("keys have the list's names, or their own", labels[1:3] == ["Ten", "Eleven"], labels)
        check("a call may be picked up", any("PU:1010" in r for r in
                                             farm.state()["screen"]["rows"]), farm.state()["screen"])
        body, kind = resource_list(1, [(f"1010@{host}", "Ten", info(1, "1010@h", "confirmed"))],
                                   full=False)
        sub.notify(body, kind)
        awaits(farm, "line2", "red", "steady")
        n = len(sub.requests)
        body, kind = resource_list(3, [(f"1011@{host}", "Other", info(1, "1011@h", "early"))],
                                   full=False)
        sub.notify(body, kind)
        awaits(farm, "line3", "red", "fast")
        wait_for("a gap is followed by a refresh", lambda: len(sub.requests) > n)
        check("there is one subscription", len(pbx.subs) == 1, [s.uri for s in pbx.subs])
        check("415 for another body", sub.notify("x", "text/plain") == 415)


def free_line_keys_take_what_the_list_has():
    keys = ["Extension_2_=Disabled", "Extension_3_=Disabled", "Extension_4_=Disabled",
            "BLF_List_URI=blf@$PROXY", "Use_Line_Keys_For_BLF_List=Yes",
            "Extended_Function_3_=fnc=sd;ext=700;nme=Gate"]
    host = "127.57.255.4"
    with Pbx(host) as pbx, phone(4, *keys, model="6841") as farm:
        sub = pbx.await_sub("dialog", uri="sip:blf@")
        body, kind = resource_list(0, [(f"10{n}@{host}", f"Desk {n}", info(0, "x", "confirmed"))
                                       for n in (20, 21, 22)])
        sub.notify(body, kind)
        awaits(farm, "line2", "red", "steady")
        awaits(farm, "line4", "red", "steady")
        labels = farm.state()["screen"]["labels"]
        check("in the list's order", labels[1:4] == ["Desk 20", "Gate", "Desk 21"], labels)
        farm.call("press", phones="1", keys=["line4"])
        wait_for("a press calls it", lambda: pbx.calls and pbx.calls[0].invite.uri.startswith(
            "sip:1021@"))


def a_press_calls_or_picks_up():
    keys = ["Extension_2_=Disabled", "Extension_3_=Disabled", "Extension_4_=Disabled",
            "Attendant_Console_Call_Pickup_Code=*8",
            "Extended_Function_2_=fnc=blf+sd+cp;sub=1010@$PROXY",
            "Extended_Function_3_=fnc=sd;ext=701@other.example.com;nme=Far",
            "Extended_Function_4_=fnc=blf;sub=1011@$PROXY",
            "Unit_1_Key_1=fnc=dnd", "Unit_1_Key_2=fnc=prk;sub=5901@$PROXY;nme=Lot"]
    with Pbx("127.57.255.5") as pbx, phone(5, *keys) as farm:
        sub = pbx.await_sub("dialog", uri="1010")
        pbx.await_sub("dialog", uri="1011").notify(info(0, "x"), DIALOG)
        lot = pbx.await_sub("dialog", uri="5901")
        sub.notify(info(0, "x"), DIALOG)
        lot.notify(info(0, "x", "confirmed"), DIALOG)
        awaits(farm, "line2", "green", "steady")

        def press_and_see(key, user, end=True):
            n = len(pbx.calls)
            farm.call("press", phones="1", keys=[key])
            call = wait_for(f"{key} calls {user}", lambda: len(pbx.calls) > n and pbx.calls[-1])
            check("that is its address", call.invite.uri.startswith(f"sip:{user}"), call.invite.uri)
            wait_for("it is up", lambda: farm.line()["calls"] and
                     farm.line()["calls"][-1]["state"] == "connected")
            if end:
                farm.call("hangup", phones="1")
                wait_for("it is over", lambda: not farm.line()["calls"])
        press_and_see("line2", "1010@")
        press_and_see("line3", "701@other.example.com")
        sub.notify(info(1, "x", "early"), DIALOG)
        awaits(farm, "line2", "red", "fast")
        press_and_see("line2", "*81010@")
        n = len(pbx.calls)
        farm.call("press", phones="1", keys=["line4"])
        check("a key that only monitors does nothing", len(pbx.calls) == n)
        farm.call("press", phones="1", keys=["unit1_key1"])
        check("the DND key sets it", "Yes" in str(farm.call("get", phones="1", names=["DND_Setting"])))
        check("and is red", lamp(farm, "unit1_key1") == ("red", "steady"))
        farm.call("press", phones="1", keys=["unit1_key1"])
        check("the lot is taken", lamp(farm, "unit1_key2") == ("red", "steady"))
        farm.call("press", phones="1", keys=["setup", "1", "8"])
        check("and the menu says so", "Lot: in-use" in str(farm.call("screen", phones="1")["rows"]),
              farm.call("screen", phones="1"))
        press_and_see("soft1", "*885901@")
        press_and_see("unit1_key2", "*885901@")
        lot.notify(info(1, "x"), DIALOG)
        awaits(farm, "unit1_key2", "green", "steady")
        farm.call("dial", phones="1", number="5551212")
        wait_for("it talks", lambda: farm.line()["calls"][-1]["state"] == "connected")
        farm.call("press", phones="1", keys=["unit1_key2"])
        call = pbx.calls[-1]
        wait_for("its call is parked", lambda: [m for m in call.requests if m.method == "REFER"])
        refer = [m for m in call.requests if m.method == "REFER"][0].get("Refer-To")
        check("at the lot", "*685901@" in refer, refer)


def what_fails_is_shown_and_tried_again():
    keys = ["Extension_2_=Disabled", "Subscribe_Retry_Interval=2",
            "Extended_Function_2_=fnc=blf;sub=1010@$PROXY"]
    with Pbx("127.57.255.6") as pbx:
        pbx.refuse["dialog"] = 403
        with phone(6, *keys) as farm:
            awaits(farm, "line2", "amber", "steady")
            state = farm.state()["subscriptions"]
            check("state tells why", state[0]["code"] == 403 and state[0]["state"] == "failed",
                  state)
            pbx.refuse.clear()
            sub = pbx.await_sub("dialog", uri="1010")
            awaits(farm, "line2", "amber", "slow")
            sub.notify(info(0, "x"), DIALOG)
            awaits(farm, "line2", "green", "steady")
            sub.notify("", state="terminated;reason=deactivated")
            again = wait_for("it begins anew", lambda: next(
                (s for s in pbx.subs if s.active), None))
            again.notify(info(0, "x", "early"), DIALOG)  # its versions begin anew, too
            awaits(farm, "line2", "red", "fast")


def keys_that_change_are_subscribed_anew():
    keys = ["Extension_2_=Disabled", "Extended_Function_2_=fnc=blf;sub=1010@$PROXY"]
    with Pbx("127.57.255.7") as pbx, phone(7, *keys) as farm:
        first = pbx.await_sub("dialog", uri="1010")
        first.notify(info(0, "x"), DIALOG)
        farm.call("set", phones="1", values=["Extended_Function_2_=fnc=blf;sub=1011@$PROXY"])
        second = pbx.await_sub("dialog", uri="1011")
        wait_for("the old one is ended", lambda: first.last.get("Expires") == "0")
        second.notify(info(0, "x", "confirmed"), DIALOG)
        awaits(farm, "line2", "red", "steady")


main([every_key_follows_its_own_phone, console_keys_are_spaced, a_list_tells_of_all_its_phones,
      free_line_keys_take_what_the_list_has, a_press_calls_or_picks_up,
      what_fails_is_shown_and_tried_again, keys_that_change_are_subscribed_anew])
