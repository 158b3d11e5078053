# SPDX-License-Identifier: BSD-3-Clause
"""Pages pushed by POST /CGI/Execute, pictures of displays; xml-services.md 9, by curl."""
import concurrent.futures
import http.server
import os
import socket
import subprocess
import threading
import time
import urllib.parse
import xml.etree.ElementTree as ET

from peers import Farm, check, main, scratch, wait_for

PHONES = 500
TEXT = "<CiscoIPPhoneText><Title>Alarm</Title><Text>Leave the house</Text></CiscoIPPhoneText>"


def curl(*args):
    result = subprocess.run(["curl", "-s", "-m", "20", "-w", "\n%{http_code}", *args],
                            capture_output=True, text=True, check=False)
    body, _, status = result.stdout.rpartition("\n")
    return int(status), body


def form(document):
    return "XML=" + urllib.parse.quote(document)


def phones(block, *options, count="1"):
    farm = Farm("--count", count, "--addr", f"127.87.{block}.0/22", "--registrar", "127.87.255.250",
                "--set", "Register_1_=No", "--web", "8187", *options)
    farm.call("wait", phones="all", cond="idle", timeout=60)
    return farm


def shown(farm, text="Leave the house"):
    """On how many screens?"""
    asked = [p["n"] for p in farm.call("list", phones="all")]
    farm.conn.sendall(b"".join(b'{"jsonrpc": "2.0", "id": 1, "method": "screen", "params": '
                               b'{"phones": "%d"}}\n' % n for n in asked))
    return len([n for n in asked if text.encode() in farm.lines.readline()])


def push_all(farm, *options, status):
    """To every phone, by one curl, which keeps 50 connections under way."""
    config = os.path.join(scratch(), "curl.conf")
    with open(config, "w") as f:
        for n in range(1, PHONES + 1):
            f.write(f'url = "http://{farm.ips[n - 1]}:8187/CGI/Execute"\noutput = /dev/null\n')
    done = subprocess.run(["curl", "-s", "-Z", "--parallel-max", "50", "-d", form(TEXT), "-w",
                           "%{http_code}\\n", "-K", config, *options], capture_output=True,
                          text=True, check=False).stdout.split()
    check(f"all are answered {status}", done == [status] * PHONES,
          f"{len(done)}: {set(done)}")


def five_hundred_phones_show_a_page_within_seconds():
    with phones(4, "--set", "CISCO_XML_EXE_Auth_Mode=Local Credential", "--set",
                "User_Password=secret", "--rate", "1000", count=str(PHONES)) as farm:
        farm.ips = [p["ip"] for p in farm.call("list", phones="all")]
        check("500", len(farm.ips) == PHONES)
        push_all(farm, status="401")
        push_all(farm, "--digest", "-u", "user:wrong", status="401")
        push_all(farm, "--basic", "-u", "user:secret", status="401")
        push_all(farm, "-b", "user=secret; Authorization=Digest", status="401")
        check("nothing is shown", shown(farm) == 0)
        began = time.monotonic()
        push_all(farm, "--digest", "-u", "user:secret", status="200")
        took = time.monotonic() - began
        check("all show it", shown(farm) == PHONES, shown(farm))
        check("within seconds", took < 20, took)
        print(f"   {PHONES} phones in {took:.1f} s")


def what_is_no_post_does_nothing():
    with phones(8) as farm:
        at = "http://127.87.8.1:8187/CGI/Execute"
        for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS"):
            status, _ = curl("-X", method, "-d", form(TEXT), at)
            check(method, status == 405, status)
        check("a page of another site", curl("-d", form(TEXT), "-H", "Origin: http://x.example",
                                             at)[0] == 403)
        check("too much", curl("-d", "XML=" + "a" * 41000, at)[0] == 413)
        check("nothing is shown", shown(farm) == 0)
        heads = subprocess.run(["curl", "-s", "-D-", "-d", form(TEXT), at], capture_output=True,
                               text=True, check=True).stdout
        check("as it is answered", "connection: close" in heads.lower() and
              "must-revalidate" in heads and 'ResponseItem Status="0"' in heads, heads)
        check("HTTP/1.0", curl("-0", "-A", "", "-d", form(TEXT), at)[0] == 200)
        check("shown", shown(farm) == 1)


class Judge:
    """The server behind authenticationURL: one account, all questions kept."""

    def __init__(self, addr):
        judge = self
        self.questions = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
                judge.questions.append(query)
                right = query.get("UserID") == ["j&d"] and query.get("Password") == ["p w"]
                body = b"AUTHORIZED" if right else b"AUTHORIZED\n"
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer((addr, 8090), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def a_7960_has_its_server_judge():
    judge = Judge("127.87.255.3")
    with phones(12, "--model", "7960", "--no-provision", "--set",
                "Authentication_URL=http://127.87.255.3:8090/auth?site=1") as farm:
        at = "http://127.87.12.1:8187/CGI/"
        for wrong in (("-u", "j&d:x"), ("-u", "x:p w"), (), ("-H", "Authorization: Digest x")):
            status, text = curl(*wrong, "-d", form(TEXT), at + "Execute")
            check("Error 4", status == 200 and '<CiscoIPPhoneError Number="4"/>' in text, text)
        check("nothing is shown", shown(farm) == 0)
        status, text = curl("-u", "j&d:p w", "-d", form(TEXT), at + "Execute")
        check("success", status == 200 and 'Data="Success"' in text, text)
        check("shown", shown(farm) == 1)
        mac = farm.state(1)["mac"].replace(":", "").upper()
        check("what was asked", judge.questions[-1] == {
            "site": ["1"], "UserID": ["j&d"], "Password": ["p w"], "devicename": [f"SEP{mac}"]},
            judge.questions)
        status, text = curl("-H", "Authorization: aiZkOnAgdw==", at + "Screenshot")
        picture = ET.fromstring(text)
        data = picture.find("Data").text
        width, height = int(picture.find("Width").text), int(picture.find("Height").text)
        check("a picture", len(data) == 2 * ((width * height + 3) // 4) and set(data) != {"0"}, text)
        judge.server.shutdown()
        judge.server.server_close()
        check("nobody judges: Error 4", 'Number="4"' in
              curl("-u", "j&d:p w", "-d", form(TEXT), at + "Execute")[1])


def who_waits_for_a_judge_is_let_go():
    with socket.create_server(("127.87.255.4", 8090)) as judge, \
            phones(16, "--model", "7960", "--no-provision", "--set",
                   "Authentication_URL=http://127.87.255.4:8090/") as farm, \
            concurrent.futures.ThreadPoolExecutor() as pool:
        at = "http://127.87.16.1:8187/CGI/Execute"
        first = pool.submit(curl, "-u", "a:b", "-d", form(TEXT), at)
        judge.settimeout(20)
        question, _ = judge.accept()
        check("another is told to wait", curl("-u", "a:b", "-d", form(TEXT), at)[0] == 503)
        farm.call("power", phones="1", on="off")
        status, text = first.result()
        check("no answer", status == 0, (status, text))
        question.close()


def the_answer_to_a_tone_comes_when_it_is_over():
    def push(item):
        return curl("-d", form(f'<CiscoIPPhoneExecute><ExecuteItem URL="{item}"/>'
                               "</CiscoIPPhoneExecute>"), "http://127.87.24.1:8187/CGI/Execute")
    with phones(24) as farm, concurrent.futures.ThreadPoolExecutor() as pool:
        began = time.monotonic()
        status, text = push("Play:Ring1")
        check("about two seconds later", time.monotonic() - began > 1.9, time.monotonic() - began)
        check("done", status == 200 and 'Status="0"' in text, text)
        first = pool.submit(push, "Play:Ring2")
        wait_for("it plays", lambda: (farm.state().get("streams") or {}).get("playing") == "Ring2")
        check("stopped by another", push("Play:Stop")[0] == 200)
        check("which ends it for both", first.result(1)[0] == 200)
        first = pool.submit(push, "Play:Ring2")
        wait_for("it plays", lambda: farm.state()["streams"]["playing"] == "Ring2")
        farm.call("power", phones="1", on="off")
        check("no power, no answer", first.result(5)[0] == 0, first.result())


main([five_hundred_phones_show_a_page_within_seconds, what_is_no_post_does_nothing,
      a_7960_has_its_server_judge, who_waits_for_a_judge_is_let_go,
      the_answer_to_a_tone_comes_when_it_is_over])
