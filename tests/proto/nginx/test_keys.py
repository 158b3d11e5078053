# SPDX-License-Identifier: BSD-3-Clause
"""scripts/scenarios/keys.lua against nginx: a whole session by keys, and the exact requests it makes
(xml-services.md 8.1, 3.6, 7.4)."""
import os
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


def a_session_by_keys_makes_these_requests():
    server = XmlSite("127.58.255.1", {
        "menu.xml": MENU, "input.xml": FORM, "directory.xml": DIRECTORY,
        "text.xml": TEXT.format("This page comes from nginx"),
        "greet.xml": TEXT.format("Good day, bo u")})
    with server:
        result = subprocess.run(
            [SPAFARM, "test", os.path.join(ROOT, "scripts/scenarios/keys.lua"), "--addr",
             "127.58.1.0/24", "--mac", "000E08AABBCC", "--arg", f"site={server.url('')}"],
            capture_output=True, timeout=120, encoding="utf-8")
        check("the session goes as written", result.returncode == 0, result.stdout + result.stderr)
        requests = server.requests()
    lines = [request for request, _ in requests]
    check("the request lines, going back reloads", lines == [f"GET /{page} HTTP/1.1" for page in (
        "menu.xml", "text.xml", "menu.xml", "input.xml", "greet.xml?name=bo%20u", "input.xml",
        "menu.xml", "directory.xml", "menu.xml")], lines)
    for request, headers in requests:
        agent = headers.pop("user_agent")
        check("the User-Agent", agent.startswith("Cisco/SPA504G-7.6.2g (000E08AABBCC)(CCQ"), agent)
        check(f"no other header of {request}", headers == {
            "host": "127.58.255.1:8080", "accept": "*/*", "connection": "close"}, headers)


main([a_session_by_keys_makes_these_requests])
