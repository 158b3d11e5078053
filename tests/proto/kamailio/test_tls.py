# SPDX-License-Identifier: BSD-3-Clause
"""Registration over TCP and TLS; the server's certificate is checked against the user's CA."""
import os

from peers import Farm, Kamailio, check, main, make_ca, run_to_end, scratch


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


main([registers_over_tcp, registers_over_tls_with_the_right_ca, wrong_ca_is_refused,
      wrong_host_name_is_refused])
