# SPDX-License-Identifier: BSD-3-Clause
"""The URLs that a 7940 or 7960 takes from its SEP<MAC>.cnf.xml: services, directory, messages and
information, each behind its key, and the page of a phone that nobody uses (xml-services.md 9.5)."""
from peers import Farm, Failure, Tftpd, check, main, scratch, wait_for
from xml_site import XmlSite

TEXT = "<CiscoIPPhoneText><Title>{0}</Title><Text>This is {0}</Text></CiscoIPPhoneText>"
MENU = ("<CiscoIPPhoneMenu><Title>directory</Title><MenuItem><Name>City</Name>"
        "<URL>http://HOST/city.xml</URL></MenuItem></CiscoIPPhoneMenu>")
WHO = "locale=English_United_States&name=SEP00036BAABBCC"
DEVICE = """<device><line button="1"><featureID>9</featureID><name>1001</name></line>
<messagesURL>{0}/messages.xml</messagesURL><informationURL>{0}/information.xml?a=b</informationURL>
<servicesURL>{0}/services.xml</servicesURL><directoryURL>{0}/directory.xml</directoryURL>
<idleURL>{0}/idle.xml</idleURL><idleTimeout>1</idleTimeout></device>"""


def site(block):
    pages = {f"{n}.xml": TEXT.format(n) for n in ("messages", "information", "services", "idle")}
    return XmlSite(f"127.165.255.{block}", {**pages, "directory.xml": MENU})


def phones(block, *options):
    farm = Farm("--count", "2", "--addr", f"127.165.{block}.0/24", "--model", "7960", "--mac",
                "00036BAABBCC", "--set", "Dial_Plan_1_=(x.)", *options)
    farm.call("wait", phones="1", cond="provisioned" if "--dhcp-option" in options else
              "registered", timeout=20)
    return farm


def shows(farm, text, n=1):
    try:
        farm.call("wait", phones=str(n), cond=f"screen~{text}", timeout=10)
    except Failure:
        raise Failure(f"{text!r} does not appear:\n{farm.call('screen', phones=str(n), text=True)}")


def press(farm, *keys, n=1):
    farm.call("press", phones=str(n), keys=list(keys))


def each_key_opens_what_the_file_names():
    server, folder = site(1), scratch()
    with open(f"{folder}/SEP00036BAABBCC.cnf.xml", "w") as f:
        f.write(DEVICE.format(server.url("")).replace("<idleTimeout>1<", "<idleTimeout>0<"))
    with server, Tftpd("127.165.254.1", folder), \
            phones(1, "--dhcp-option", "66=127.165.254.1") as farm:
        for key, page, query in (("services", "services", "?"), ("info", "information", "?a=b&"),
                                 ("messages", "messages", "?")):
            press(farm, key)
            shows(farm, f"This is {page}")
            asked = f"GET /{page}.xml{query}{WHO} HTTP/1.1"
            wait_for(f"{key} asks as a 79xx", lambda: server.requests()[-1][0] == asked)
        press(farm, "directory", "5")
        shows(farm, "City")


def a_proxy_is_asked_for_pages():
    server = site(4)
    with server, phones(4, "--no-provision", *options(
            server, "HTTP_Proxy={}", "XML_Application_Service_URL=http://nowhere.test/services.xml"
    )) as farm:
        press(farm, "services")
        shows(farm, "This is services")
        wait_for("the whole URL is asked for", lambda: server.requests() and server.requests()[0][0]
                 == f"GET http://nowhere.test/services.xml?{WHO} HTTP/1.1")
        check("with the host's name", server.requests()[0][1]["host"] == "nowhere.test",
              server.requests())


def options(server, *values):
    return [arg for v in values for arg in ("--set", v.format(server.url("")))]


def nobody_uses_it():
    server = site(2)
    with server, phones(2, "--no-provision", *options(
            server, "Idle_URL={}/idle.xml", "Idle_URL_Timeout=1")) as farm:
        shows(farm, "This is idle")
        wait_for("it does not say who asks", lambda: server.requests() and
                 server.requests()[0][0] == "GET /idle.xml HTTP/1.1")
        shows(farm, "This is idle", 2)
        farm.call("dial", phones="1", number="1002")
        farm.call("wait", phones="2", cond="ringing", timeout=10)
        farm.call("answer", phones="2")
        farm.call("wait", phones="1", cond="connected", timeout=10)
        farm.call("hangup", phones="1")
        farm.call("wait", phones="all", cond="idle", timeout=20)
        before = len(server.requests())
        shows(farm, "This is idle")
        wait_for("it is loaded anew, as the call ended it", lambda: len(server.requests()) > before)
        press(farm, "setup")  # a menu is not idle
        wait_for("the menu", lambda: farm.state()["screen"]["app"] not in ("xml", "idle"))


def a_phone_without_them():
    with phones(3, "--no-provision", "--set", "Voice_Mail_Number=1002", "--set",
                "Messages_URL=Application:Cisco/Voicemail") as farm:
        press(farm, "info")
        shows(farm, "Services Unavail")
        press(farm, "messages")
        farm.call("wait", phones="2", cond="ringing", timeout=10)


main([each_key_opens_what_the_file_names, a_proxy_is_asked_for_pages, nobody_uses_it, a_phone_without_them])
