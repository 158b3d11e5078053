# SPDX-License-Identifier: BSD-3-Clause
"""Registrars that misbehave: silence, refusals, garbage, answers to the wrong port."""
import socket
import threading

from peers import Farm, check, main


class Registrar(threading.Thread):
    """UDP server that gives each datagram to a function and sends what it returns."""

    def __init__(self, addr, answer):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((addr, 5060))
        self.answer = answer
        self.n = 0
        self.start()

    def run(self):
        while True:
            data, source = self.socket.recvfrom(65536)
            self.n += 1
            reply = self.answer(data, source)
            if reply:
                data, target = reply
                self.socket.sendto(data, target)


def header(data, name):
    for line in data.decode().split("\r\n"):
        if line.lower().startswith(name.lower() + ":"):
            return line
    return ""


def refusal(code, reason, extra=""):
    def answer(data, source):
        lines = [f"SIP/2.0 {code} {reason}"]
        lines += [header(data, name) for name in ("Via", "From", "Call-ID", "CSeq")]
        lines += [header(data, "To") + ";tag=x"]
        return ("\r\n".join(lines) + "\r\n" + extra + "Content-Length: 0\r\n\r\n").encode(), source
    return answer


def one_phone(block, *options):
    return Farm("--count", "1", "--addr", f"127.52.{block}.0/24", "--registrar",
                f"127.52.255.{block}", *options)


def a_forbidding_registrar_means_the_long_interval():
    Registrar("127.52.255.1", refusal(403, "Forbidden"))
    with one_phone(1) as farm:
        line = farm.await_line("it fails", lambda l: l["status"] == "failed")
        check("403 is told", line["code"] == 403, line)
        check("long interval", 1150 < line["next_s"] <= 1200, line)
        check("the report groups it", "403" in str(farm.report()["register"]["errors"]))


def a_failing_server_listed_for_retry_means_the_short_interval():
    Registrar("127.52.255.2", refusal(500, "Server Internal Error"))
    with one_phone(2, "--set", "Retry_Reg_RSC=5??") as farm:
        line = farm.await_line("it fails", lambda l: l["status"] == "failed")
        check("short interval", 20 < line["next_s"] <= 30, line)


def retry_after_is_obeyed():
    Registrar("127.52.255.3", refusal(503, "Service Unavailable", "Retry-After: 77\r\n"))
    with one_phone(3) as farm:
        line = farm.await_line("it fails", lambda l: l["status"] == "failed")
        check("exactly Retry-After", 70 < line["next_s"] <= 77, line)


def silence_is_a_timeout_after_timer_f():
    registrar = Registrar("127.52.255.4", lambda data, source: None)
    with one_phone(4, "--set", "SIP_Timer_F=2") as farm:
        line = farm.await_line("it fails", lambda l: l["status"] == "failed")
        check("the reason is the timeout", "timeout" in line["reason"], line)
        check("retransmitted at 0, 0.5 and 1.5 s", registrar.n == 3, registrar.n)


def garbage_is_no_answer():
    Registrar("127.52.255.5", lambda data, source: (b"\x00\xffSIP/2.0 what\r\n\r\n", source))
    with one_phone(5, "--set", "SIP_Timer_F=1") as farm:
        line = farm.await_line("it fails", lambda l: l["status"] == "failed")
        check("the reason is the timeout", "timeout" in line["reason"], line)


def an_answer_to_the_wrong_port_is_no_answer():
    answer = refusal(200, "OK")
    Registrar("127.52.255.6", lambda data, source: (answer(data, source)[0], (source[0], 5099)))
    with one_phone(6, "--set", "SIP_Timer_F=1") as farm:
        line = farm.await_line("it fails", lambda l: l["status"] == "failed")
        check("the reason is the timeout", "timeout" in line["reason"], line)


def a_closed_port_is_told_at_once():
    with one_phone(7) as farm:
        line = farm.await_line("it fails", lambda l: l["status"] == "failed", seconds=5)
        check("the reason is the refusal", "refused" in line["reason"], line)


class HangingUp(threading.Thread):
    """TCP server that answers every REGISTER 200 and closes the connection."""

    def __init__(self, addr):
        super().__init__(daemon=True)
        self.socket = socket.create_server((addr, 5060))
        self.n = 0
        self.start()

    def run(self):
        while True:
            conn, _ = self.socket.accept()
            self.n += 1
            reply, _ = refusal(200, "OK", "Expires: 600\r\n")(conn.recv(65536), None)
            conn.sendall(reply)
            conn.close()


def a_server_that_hangs_up_is_not_stormed():
    server = HangingUp("127.52.255.9")
    with one_phone(9, "--transport", "TCP") as farm:
        line = farm.await_line("it was registered and waits",
                               lambda l: l["next_s"] > 20 and l["status"] == "registering")
        check("the short interval", line["next_s"] <= 30, line)
        check("one connection", server.n == 1, server.n)


main([a_forbidding_registrar_means_the_long_interval,
      a_failing_server_listed_for_retry_means_the_short_interval, retry_after_is_obeyed,
      silence_is_a_timeout_after_timer_f, garbage_is_no_answer,
      an_answer_to_the_wrong_port_is_no_answer, a_closed_port_is_told_at_once,
      a_server_that_hangs_up_is_not_stormed])
