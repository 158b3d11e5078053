# SPDX-License-Identifier: BSD-3-Clause
"""XML services from nginx: the exact request line and headers (xml-services.md 8.1, 3.6, 9.5), pages
on the screen, history, logins, and pages that a NOTIFY brings to many phones."""
import os
import struct
import sys
import zlib

from peers import Failure, Farm, Tftpd, check, main, scratch, wait_for
from xml_site import XmlSite

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sipp"))
from notify import CHALLENGE, play, recv, send  # noqa: E402

MENU = """<CiscoIPPhoneMenu><Title>Site</Title><Prompt>Pick</Prompt>
<MenuItem><Name>Form</Name><URL>http://HOST/form.xml</URL></MenuItem>
<MenuItem><Name>Private</Name><URL>http://HOST/private/page.xml</URL></MenuItem>
<MenuItem><Name>Cookies</Name><URL>http://HOST/cookie.xml</URL></MenuItem>
</CiscoIPPhoneMenu>"""
FORM = """<CiscoIPPhoneInput><Title>Log in</Title><URL>http://HOST/done.xml?v=1</URL>
<InputItem><DisplayName>Name</DisplayName><QueryStringParam>s</QueryStringParam>
<InputFlags>A</InputFlags></InputItem>
<InputItem><DisplayName>PIN</DisplayName><QueryStringParam>p</QueryStringParam>
<InputFlags>NP</InputFlags></InputItem></CiscoIPPhoneInput>"""
TEXT = "<CiscoIPPhoneText><Title>Done</Title><Text>Thank you</Text></CiscoIPPhoneText>"


class Site(XmlSite):
    """With the pages of these tests."""

    def __init__(self, addr):
        super().__init__(addr, {"menu.xml": MENU, "form.xml": FORM, "done.xml": TEXT,
                                "cookie.xml": TEXT, "private/page.xml": TEXT})


def await_screen(farm, text, n=1):
    try:
        farm.call("wait", phones=str(n), cond=f"screen~{text}", timeout=10)
    except Failure:
        raise Failure(f"{text!r} does not appear:\n{farm.call('screen', phones=str(n), text=True)}")


def phone(block, *options, count=1):
    farm = Farm("--count", str(count), "--addr", f"127.140.{block}.0/24", "--no-provision", *options)
    farm.call("wait", phones="all", cond="registered", timeout=30)
    return farm


def png(width, height):
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))
    rows = b"".join(b"\0" + bytes(3 * width) for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0,
                                                                0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def a_picture_file_comes_behind_its_page():
    server = Site("127.140.255.9")
    server.put("files/image.xml", "<CiscoIPPhoneImageFile><Title>Look</Title>"
               "<URL>http://HOST/logo.png</URL></CiscoIPPhoneImageFile>")
    with open(os.path.join(server.folder, "files/logo.png"), "wb") as f:
        f.write(png(30, 20))
    with server, phone(9, "--model", "SPA525G2") as farm:
        farm.call("open", phones="1", url=server.url("/image.xml"))
        await_screen(farm, "Look")
        request, _ = server.last(2)
        check("its request", request == "GET /logo.png HTTP/1.1", request)
        wait_for("the picture", lambda: "(picture 30x20)" in
                 farm.call("screen", phones="1", text=True), 10)


def a_spa_asks_as_a_spa_and_sends_its_form():
    server = Site("127.140.255.1")
    with server, phone(1, "--mac", "000E08AABBCC") as farm:
        farm.call("open", phones="1", url=server.url("/menu.xml"))
        await_screen(farm, "1 Form")
        request, headers = server.last(1)
        check("the request line", request == "GET /menu.xml HTTP/1.1", request)
        agent = headers.pop("user_agent")
        check("the User-Agent", agent.startswith("Cisco/SPA504G-7.6.2g (000E08AABBCC)(CCQ"), agent)
        check("and no header more", headers == {"host": "127.140.255.1:8080", "accept": "*/*",
                                                "connection": "close"}, headers)
        farm.call("press", phones="1", keys=["1"])
        await_screen(farm, "Log in")
        farm.call("type", phones="1", text="Ed 7&=")
        farm.call("press", phones="1", keys=["down", "4", "3", "2", "1"])
        screen = farm.call("screen", phones="1", text=True)
        check("the password is hidden", "****" in screen and "4321" not in screen, screen)
        farm.call("press", phones="1", keys=["soft1"])
        await_screen(farm, "Thank you")
        request, _ = server.last(3)
        check("the form's request", request == "GET /done.xml?v=1&s=Ed%207%26%3D&p=4321 HTTP/1.1",
              request)
        farm.call("press", phones="1", keys=["soft3"])
        await_screen(farm, "Log in")
        check("going back asks again", server.last(4)[0] == "GET /form.xml HTTP/1.1",
              server.requests())


def a_login_is_sent_after_a_401_and_cookies_go_back():
    server = Site("127.140.255.2")
    with server, phone(2, "--set", "XML_User_Name=anna", "--set",
                               "XML_Password=secret") as farm:
        farm.call("open", phones="1", url=server.url("/menu.xml"))
        await_screen(farm, "1 Form")
        farm.call("press", phones="1", keys=["2"])
        await_screen(farm, "Thank you")
        check("first without a login", "authorization" not in server.last(2)[1],
              server.requests())
        check("then with it", server.last(3)[1].get("authorization", "").startswith("Basic "),
              server.requests())
        farm.call("open", phones="1", url=server.url("/cookie.xml"))
        server.last(4)
        await_screen(farm, "Done")
        farm.call("press", phones="1", keys=["soft1"])
        check("the cookie goes back", server.last(5)[1].get("cookie") == "sid=7",
              server.requests())


def a_wrong_login_shows_no_page():
    server = Site("127.140.255.3")
    with server, phone(3, "--set", "XML_User_Name=anna", "--set",
                               "XML_Password=guess") as farm:
        farm.call("open", phones="1", url=server.url("/private/page.xml"))
        await_screen(farm, "Unknown Error")


def a_7960_asks_as_a_7960():
    server = Site("127.140.255.4")
    with server, phone(4, "--model", "7960", "--mac", "00036BAABBCC", "--set",
                               "XML_Application_Service_URL=" + server.url("/menu.xml")) as farm:
        farm.call("press", phones="1", keys=["services"])
        await_screen(farm, "1 Form")
        request, headers = server.last(1)
        check("the request line names locale and phone", request ==
              "GET /menu.xml?locale=English_United_States&name=SEP00036BAABBCC HTTP/1.1", request)
        check("the headers", headers == {
            "host": "127.140.255.4:8080", "user_agent": "Allegro-Software-WebClient/4.34",
            "accept": "x-CiscoIPPhone/*, text/*,image/png,*/*", "connection": "close",
            "accept_language": "en", "accept_charset": "iso-8859-1,utf-8;q=0.8",
            "x_ciscoipphonemodelname": "CP-7960G",
            "x_ciscoipphonedisplay": "133,65,2,G"}, headers)


def macros_of_a_service_url_are_expanded():
    server = Site("127.140.255.5")
    url = server.url("/menu.xml?m=$MAxyz&M=$MAU&u=$UID1&p=$PSN&a=$A&n=$(PN)&d=$$A&x=$zz")
    with server, phone(5, "--model", "7960", "--mac", "00036BAABBCC", "--set", "GPP_A=b c/d",
                               "--set", "XML_Application_Service_URL=" + url) as farm:
        farm.call("press", phones="1", keys=["services"])
        await_screen(farm, "1 Form")
        request, _ = server.last(1)
        check("every macro", request.startswith(
            "GET /menu.xml?m=00036baabbccxyz&M=00036BAABBCC&u=1001&p=7960&a=b%20c%2Fd&n=CP-7960G"
            "&d=$A&x=$zz&locale="), request)


def a_service_that_is_not_configured_says_so():
    with phone(6, "--model", "7960") as farm:
        farm.call("press", phones="1", keys=["services"])
        await_screen(farm, "Services Unavail")


def a_notify_puts_a_page_on_the_screen_and_a_guess_does_not():
    server = Site("127.140.255.7")
    with server, phone(7) as farm:
        play("127.140.7.1", "1001", "127.140.254.7",
             send("XML-Service", server.url("/done.xml")), recv(401, *CHALLENGE, keep=True),
             send("XML-Service", server.url("/done.xml"), "1001", "guess"), recv(401, *CHALLENGE))
        check("no request", not server.requests(), server.requests())
        check("the idle screen", farm.state()["screen"]["app"] == "idle")
        play("127.140.7.1", "1001", "127.140.254.7",
             send("XML-Service", server.url("/done.xml")), recv(401, *CHALLENGE, keep=True),
             send("XML-Service", server.url("/done.xml"), "1001", "pw-1001"), recv(200))
        await_screen(farm, "Thank you")


def a_dial_uri_sends_digits_when_it_is_answered():
    with phone(11, "--media", "on", "--set", "Sim_Answer_After=0.2", "--set",
               "Dial_Plan_1_=(xxx.)", count=2) as farm:
        farm.call("open", phones="1", url="Dial:1002,,4#")
        digits = wait_for("both digits", lambda: (lambda found: found if len(found) == 2 else None)(
            [e for e in farm.call("events", phones="2") if e["ev"] == "dtmf"]), 20)
        check("the digits", [e["digit"] for e in digits] == ["4", "#"], digits)
        up = [e for e in farm.call("events", phones="1")
              if e["ev"] == "call" and e["state"] == "connected"]
        check("after two pauses of a second", digits[0]["t"] - up[0]["t"] >= 1.9, (up, digits))


def a_6851_asks_its_directory_who_calls():
    server = Site("127.140.255.10")
    server.put("files/who.xml", "<CiscoIPPhoneDirectory><DirectoryEntry><Name>Anna Example</Name>"
               "<Telephone>1002</Telephone></DirectoryEntry></CiscoIPPhoneDirectory>")
    with server, phone(10, "--model", "6851", "--set", "Dial_Plan_1_=(xxx.)", "--set",
                       "XML_Directory_Service_URL=" + server.url("/who.xml?from=$UID1"),
                       count=2) as farm:
        farm.call("dial", phones="2", number="1001")
        farm.call("wait", phones="1", cond="ringing", timeout=10)
        await_screen(farm, "Anna Example")
        request, _ = server.last(1)
        check("the request", request == "GET /who.xml?from=1001&n=1002 HTTP/1.1", request)
        check("the call", farm.line()["calls"][0]["name"] == "Anna Example", farm.line())


def every_phone_of_a_farm_shows_its_page():
    server = Site("127.140.255.8")
    with server, phone(8, count=100) as farm:
        farm.call("open", phones="all", url=server.url("/menu.xml"))
        farm.call("wait", phones="all", cond="screen~1 Form", timeout=20)
        farm.call("press", phones="all", keys=["soft3"])
        check("all are idle again", all(farm.state(n)["screen"]["app"] == "idle"
                                        for n in (1, 50, 100)))


def an_icon_comes_from_the_tftp_server_of_dhcp():
    files = scratch()
    with open(os.path.join(files, "star.png"), "wb") as f:
        f.write(png(18, 18))
    os.chmod(f.name, 0o644)
    server = Site("127.140.255.12")
    server.put("files/icons.xml", "<CiscoIPPhoneIconFileMenu><Title>Icons</Title><MenuItem>"
               "<IconIndex>0</IconIndex><Name>Star</Name></MenuItem><IconItem><Index>0</Index>"
               "<URL>TFTP:star.png</URL></IconItem></CiscoIPPhoneIconFileMenu>")
    with server, Tftpd("127.140.255.13", files), \
            phone(12, "--model", "SPA525G2", "--dhcp-option", "66=127.140.255.13") as farm:
        farm.call("open", phones="1", url=server.url("/icons.xml"))
        await_screen(farm, "Star")
        got = wait_for("the icon", lambda: [e for e in farm.call("events", phones="1")
                                            if e["ev"] == "fetch" and "tftp:" in e["url"]])
        check("from there", got[0]["url"] == "tftp://127.140.255.13/star.png" and
              not got[0].get("error"), got)


main([a_picture_file_comes_behind_its_page, an_icon_comes_from_the_tftp_server_of_dhcp,
      a_spa_asks_as_a_spa_and_sends_its_form,
      a_login_is_sent_after_a_401_and_cookies_go_back, a_wrong_login_shows_no_page,
      a_7960_asks_as_a_7960, macros_of_a_service_url_are_expanded,
      a_service_that_is_not_configured_says_so,
      a_notify_puts_a_page_on_the_screen_and_a_guess_does_not,
      a_dial_uri_sends_digits_when_it_is_answered, a_6851_asks_its_directory_who_calls,
      every_phone_of_a_farm_shows_its_page])
