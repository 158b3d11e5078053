# SPDX-License-Identifier: BSD-3-Clause
"""Registration over TCP and TLS; the server's certificate is checked against the user's CA."""
import os
import re
import subprocess

from peers import (Farm, Kamailio, Process, check, main, make_ca, run_to_end, scratch, tcp_open,
                   wait_for)


def registers_over_tcp():
    with Kamailio("127.43.255.1") as kamailio:
        code, output, report = run_to_end(
            "--count", "40", "--addr", "127.43.0.0/24", "--registrar", "127.43.255.1",
            "--transport", "TCP", "--until", "registered")
        check("the run ends well", code == 0, output[-2500:])
        contacts = kamailio.contacts()
        check("contacts name the transport", len(contacts) == 40 and
              all("transport=tcp" in c.lower() for c in contacts), contacts[:2])


def registers_over_tls_with_the_right_ca():
    folder = scratch()
    ca, cert, key = make_ca(folder, "127.43.255.2")
    with Kamailio("127.43.255.2", tls=(cert, key)) as kamailio:
        code, output, report = run_to_end(
            "--count", "20", "--addr", "127.43.1.0/24", "--registrar", "127.43.255.2",
            "--transport", "TLS", "--ca", ca, "--until", "registered")
        check("the run ends well", code == 0, output[-2500:])
        check("all registered", report["registered"] == 20, report)
        check("bindings are there", len(kamailio.contacts()) == 20)


def refused(block, host, ca_name, word):
    """One phone that must not register; its reason has to hold `word`."""
    folder = scratch()
    ca, cert, key = make_ca(folder, host)
    other, _, _ = make_ca(folder, host, "other")
    with Kamailio(f"127.43.255.{block}", tls=(cert, key)) as kamailio, \
            Farm("--count", "1", "--addr", f"127.43.{block}.0/24", "--registrar",
                 f"127.43.255.{block}", "--transport", "TLS", "--ca",
                 ca if ca_name == "right" else other) as farm:
        line = farm.await_line("registration fails", lambda l: l["status"] == "failed")
        check("state says why", word in line["reason"], line)
        check("no binding", kamailio.contacts() == [])
        report = farm.report()
        check("the report says why", any(word in cause for cause in report["register"]["errors"]),
              report["register"])
    assert os.path.exists(ca)


def wrong_ca_is_refused():
    refused(3, "127.43.255.3", "wrong", "certificate")


def wrong_host_name_is_refused():
    refused(4, "pbx.example.test", "right", "host name")


def answer_of(request):
    """200 to a REGISTER, by hand."""
    keep = [line for line in request.splitlines()
            if re.match(r"(?i)(via|from|to|call-id|cseq|contact):", line)]
    keep = [line + ";tag=s" if line.lower().startswith("to:") else line for line in keep]
    return "\r\n".join(["SIP/2.0 200 OK", *keep, "Content-Length: 0", "", ""]).replace(
        "expires=3600", "expires=600")


def openssl_s_server_is_a_registrar():
    """No SIP server at all: what a bare TLS peer sees, and an answer typed into it."""
    ca, cert, key = make_ca(scratch(), "127.43.255.6")
    server = Process(["openssl", "s_server", "-quiet", "-accept", "127.43.255.6:5061", "-cert", cert,
                      "-key", key, "-tls1_2"], stdin=subprocess.PIPE)
    wait_for("s_server listens", lambda: tcp_open("127.43.255.6", 5061))
    with server, Farm("--count", "1", "--addr", "127.43.6.0/24", "--registrar", "127.43.255.6",
                      "--transport", "TLS", "--ca", ca) as farm:
        wait_for("a REGISTER arrives",
                 lambda: re.search(r"REGISTER [^\0]*\n\r?\n", server.output()))
        request = server.output()[server.output().index("REGISTER "):]
        check("it says how it came", "Via: SIP/2.0/TLS 127.43.6.1:" in request, request)
        server.child.stdin.write(answer_of(request).encode())
        server.child.stdin.flush()
        line = farm.await_line("it is registered", lambda l: l["registered"])
        check("for as long as was said", line["expires_s"] == 600, line)


main([registers_over_tcp, registers_over_tls_with_the_right_ca, wrong_ca_is_refused,
      wrong_host_name_is_refused, openssl_s_server_is_a_registrar])
