# SPDX-License-Identifier: BSD-3-Clause
"""scripts/scenarios/keys.lua against nginx: a whole session by keys on four families, and the exact
requests it makes, every header in its order (xml-services.md 8.1, 3.6, 7.4; provisioning.md 9.2)."""
import os
import re
import subprocess

from peers import SPAFARM, check, main
from xml_site import XmlSite

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
ITEM = "<MenuItem><Name>{}</Name><URL>http://HOST/{}.xml</URL></MenuItem>"
MENU = ("<CiscoIPPhoneMenu><Title>Lab services</Title><Prompt>Select a service</Prompt>" +
        "".join(ITEM.format(name, page) for name, page in
                (("Directory", "directory"), ("Text", "text"), ("Greeting", "input"))) +
        "</CiscoIPPhoneMenu>")
FORM = """<CiscoIPPhoneInput><Title>Lab greeting</Title><URL>http://HOST/greet.xml</URL>
<InputItem><DisplayName>Name</DisplayName><QueryStringParam>name</QueryStringParam>
<InputFlags>A</InputFlags></InputItem></CiscoIPPhoneInput>"""
ENTRY = "<DirectoryEntry><Name>{}</Name><Telephone>{}</Telephone></DirectoryEntry>"
DIRECTORY = ("<CiscoIPPhoneDirectory><Title>Lab directory</Title>" +
             ENTRY.format("Archive", 1001) + ENTRY.format("Bakery", 1002) +
             "</CiscoIPPhoneDirectory>")
TEXT = "<CiscoIPPhoneText><Title>Text</Title><Text>{}</Text></CiscoIPPhoneText>"

# what is loaded, in this order: going back reloads
PAGES = ("menu.xml", "text.xml", "menu.xml", "input.xml", "greet.xml?name=bo%20u", "input.xml",
         "menu.xml", "directory.xml", "menu.xml")
ANY = [("Accept", "*/*"), ("Connection", "close")]


def requests_of(server):
    """Of nginx's debug log: (request line, [(header, value)]) of each, as they came."""
    found = []
    with open(os.path.join(server.folder, "debug.log"), encoding="utf-8") as log:
        for line in log:
            first = re.search(r'http request line: "(.*)"$', line)
            header = re.search(r'http header: "([^:]*): (.*)"$', line)
            if first:
                found.append((first.group(1), []))
            elif header:
                found[-1][1].append(header.groups())
    return found


def session(block, model, mac, headers, first_query=""):
    """headers: all of them behind Host, in their order; a pattern for the User-Agent."""
    addr = f"127.62.255.{block}"
    server = XmlSite(addr, {
        "menu.xml": MENU, "input.xml": FORM, "directory.xml": DIRECTORY,
        "text.xml": TEXT.format("This page comes from nginx"),
        "greet.xml": TEXT.format("Good day, bo u")}, debug=True)
    with server:
        result = subprocess.run(
            [SPAFARM, "test", os.path.join(ROOT, "scripts/scenarios/keys.lua"), "--addr",
             f"127.62.{block}.0/24", "--mac", mac, "--arg", f"site={server.url('')}", "--arg",
             f"model={model}"], capture_output=True, timeout=120, encoding="utf-8")
        check("the session goes as written", result.returncode == 0, result.stdout + result.stderr)
        requests = requests_of(server)
    expected = [f"GET /{page} HTTP/1.1" for page in PAGES]
    # what was asked for first is what is gone back to
    expected = [line.replace("menu.xml", "menu.xml" + first_query) for line in expected]
    lines = [line for line, _ in requests]
    check("the request lines", lines == expected, lines)
    for line, got in requests:
        wanted = [("Host", addr + ":8080")] + headers
        agent = dict(got).get("User-Agent", "")
        check(f"the User-Agent of {line}", re.fullmatch(headers[0][1], agent), agent)
        wanted[1] = ("User-Agent", agent)
        check(f"the headers of {line}", got == wanted, got)


def a_spa504g_asks_so():
    session(1, "SPA504G", "000E08AABBCC",
            [("User-Agent", r"Cisco/SPA504G-7\.6\.2g \(000E08AABBCC\)\(CCQ\w{8}\)")] + ANY)


def a_spa525g2_asks_so():
    session(2, "SPA525G2", "000E08AABBCC",
            [("User-Agent", r"Cisco/SPA525G2-7\.6\.2g \(000E08AABBCC\)\(CBT\w{8}\)")] + ANY)


def a_6851_asks_so():
    session(3, "6851", "00562BAABBCC",
            [("User-Agent", r"Cisco-CP-6851-3PCC/12\.0\.7 \(00562baabbcc\)")] + ANY +
            [("x-CiscoIPPhoneDisplay", "396,101,4,G")])


def a_7960_asks_so():
    session(4, "7960", "00036BAABBCC",
            [("User-Agent", r"Allegro-Software-WebClient/4\.34"),
             ("Accept", "x-CiscoIPPhone/*, text/*,image/png,*/*"), ("Connection", "close"),
             ("Accept-Language", "en"), ("Accept-Charset", "iso-8859-1,utf-8;q=0.8"),
             ("x-CiscoIPPhoneModelName", "CP-7960G"), ("x-CiscoIPPhoneDisplay", "133,65,2,G")],
            "?locale=English_United_States&name=SEP00036BAABBCC")


main([a_spa504g_asks_so, a_spa525g2_asks_so, a_6851_asks_so, a_7960_asks_so])
