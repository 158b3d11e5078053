# SPDX-License-Identifier: BSD-3-Clause
"""baresip as the far end, through Kamailio: the tone arrives at both sides, digits arrive, hold stops
it, transfer moves it; over TLS and SRTP, too."""
import cmath
import glob
import json
import math
import os
import socket
import struct
import subprocess
import wave

from peers import Farm, Kamailio, Process, check, main, make_ca, scratch, wait_for

RATE = 8000
CONFIG = """
poll_method epoll
sip_listen {addr}:5060
module_path /usr/lib/baresip/modules
module g711.so
module srtp.so
module aufile.so
module sndfile.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen {addr}:4444
audio_source aufile,{folder}/tone.wav
audio_player aufile,{folder}/heard.wav
audio_srate 8000
audio_channels 1
rtp_ports 20000-20100
snd_path {folder}
"""


def write_tone(path, hz, seconds=30):
    with wave.open(path, "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(2)
        w.setframerate(RATE)
        w.writeframes(b"".join(struct.pack("<h", int(8000 * math.sin(2 * math.pi * hz * i / RATE)))
                               for i in range(RATE * seconds)))


def lend_address():
    """baresip wants one address that is no loopback; a container may have none."""
    listed = subprocess.run(["ip", "-4", "-o", "addr"], capture_output=True, text=True, check=True)
    if all(" inet 127." in line for line in listed.stdout.splitlines()):
        subprocess.run(["ip", "addr", "add", "192.0.2.254/32", "dev", "lo"], check=True)


class Baresip(Process):
    """Registered as user, answers by itself, plays a 600 Hz tone and keeps what it hears."""

    def __init__(self, addr, registrar, user, tls=None):
        """tls: the CA to trust, and own certificate and key."""
        self.addr, self.folder = addr, scratch()
        write_tone(os.path.join(self.folder, "tone.wav"), 600)
        with open(os.path.join(self.folder, "config"), "w") as f:
            f.write(CONFIG.format(addr=addr, folder=self.folder))
            if tls:
                f.write(f"sip_cafile {tls[0]}\nsip_verify_server yes\n"
                        f"sip_certificate {self.folder}/own.pem\n")
        if tls:
            with open(os.path.join(self.folder, "own.pem"), "w") as f:
                for name in tls[1:]:
                    with open(name) as part:
                        f.write(part.read())
        with open(os.path.join(self.folder, "accounts"), "w") as f:
            f.write(f"<sip:{user}@{registrar}{';transport=tls' if tls else ''}>;"
                    f"auth_pass=pw-{user};answermode=auto;regint=600;"
                    f"audio_codecs=PCMU/8000/1{';mediaenc=srtp-mand' if tls else ''}\n")
        super().__init__(["baresip", "-f", self.folder])

    def command(self, name, params=""):
        """One command of its own by netstring; what it answers."""
        text = json.dumps({"command": name, "params": params, "token": "t"})
        with socket.create_connection((self.addr, 4444), 5) as s:
            s.sendall(f"{len(text)}:{text},".encode())
            s.settimeout(5)
            return s.recv(65536).decode(errors="replace")

    def heard(self):
        """The last half second of what it decoded so far, as samples."""
        files = sorted(glob.glob(os.path.join(self.folder, "dump-*-dec.wav")))
        if not files:
            return []
        with open(files[-1], "rb") as f:
            data = f.read()[44:]
        data = data[-RATE:]
        return struct.unpack(f"<{len(data) // 2}h", data[:len(data) // 2 * 2])


def strength(samples, hz):
    """Amplitude of one frequency, of 32768."""
    if len(samples) < RATE // 4:
        return 0
    total = sum(s * cmath.exp(-2j * math.pi * hz * i / RATE) for i, s in enumerate(samples))
    return abs(total) * 2 / len(samples)


def media(farm, n):
    calls = farm.line(n)["calls"]
    return calls[0].get("media") if calls else None


def hears(farm, n, hz):
    wait_for(f"phone {n} hears {hz} Hz", lambda: (lambda m: m and abs(m["frequency_hz"] - hz) < 5 and
                                                  m["level_dbm0"] > -30)(media(farm, n)))


def a_call_with_baresip():
    with Kamailio("127.76.255.1") as server, \
            Baresip("127.76.255.9", server.addr, "2001") as far, \
            Farm("--count", "2", "--addr", "127.76.0.0/24", "--registrar", server.addr, "--media",
                 "on", "--set", "Sim_Media_Source=tone 1000 -10", "--set", "Dial_Plan_1_=(xxx.)",
                 "--set", "Referor_Bye_Delay_1_=1") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=20)
        wait_for("baresip is registered", lambda: len(server.contacts()) == 3)
        farm.call("dial", phones="1", number="2001")
        farm.call("wait", phones="1", cond="connected", timeout=10)
        hears(farm, 1, 600)
        wait_for("baresip hears 1000 Hz", lambda: strength(far.heard(), 1000) > 3000)
        check("and nothing else", strength(far.heard(), 600) < 300)
        farm.call("press", phones="1", keys=["5", "#"])
        wait_for("the digits arrive", lambda: "'5'" in far.output() and "'#'" in far.output())
        far.command("sndcode", "7")
        wait_for("its digit arrives", lambda: any(
            e["ev"] == "dtmf" and e["digit"] == "7" for e in farm.call("events", phones="1")))
        farm.call("hold", phones="1")
        farm.call("wait", phones="1", cond="held", timeout=10)
        sent = media(farm, 1)["tx_packets"]
        wait_for("what was on its way is gone", lambda: media(farm, 1)["level_dbm0"] < -90)
        check("hold stops it", media(farm, 1)["tx_packets"] == sent)
        farm.call("resume", phones="1")
        hears(farm, 1, 600)
        farm.call("transfer", phones="1", number="1002")
        farm.call("wait", phones="2", cond="ringing", timeout=10)
        farm.call("answer", phones="2")
        farm.call("wait", phones="1", cond="idle", timeout=20)
        hears(farm, 2, 600)
        farm.call("hangup", phones="2")
        farm.call("wait", phones="all", cond="idle", timeout=10)


def a_call_over_tls_and_srtp():
    tls = ca, cert, key = make_ca(scratch(), "127.76.255.2")
    with Kamailio("127.76.255.2", tls=(cert, key)) as server, \
            Baresip("127.76.255.10", server.addr, "2001", tls) as far, \
            Farm("--count", "1", "--addr", "127.76.1.0/24", "--registrar", server.addr, "--media",
                 "on", "--set", "Sim_Media_Source=tone 1000 -10", "--set", "Dial_Plan_1_=(xxx.)",
                 "--transport", "TLS", "--ca", ca, "--set", "Secure_Call_Setting=Yes", "--set",
                 "SRTP_Method=s-descriptor") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=20)
        wait_for("baresip is registered over TLS", lambda: sum(
            "transport=tls" in c.lower() for c in server.contacts()) == 2)
        farm.call("dial", phones="1", number="2001")
        farm.call("wait", phones="1", cond="connected", timeout=10)
        hears(farm, 1, 600)
        check("by SRTP", media(farm, 1)["secure"], media(farm, 1))
        wait_for("baresip hears 1000 Hz", lambda: strength(far.heard(), 1000) > 3000)
        far.command("hangup")
        farm.call("wait", phones="1", cond="idle", timeout=10)


lend_address()
main([a_call_with_baresip, a_call_over_tls_and_srtp])
