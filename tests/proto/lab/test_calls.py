# SPDX-License-Identifier: BSD-3-Clause
"""What a user does with calls, by keys, on the lab: conference, star codes, forwards, call waiting,
toggling between calls, on-hook dialling."""
from peers import Farm, check, main, wait_for


class Lab(Farm):
    def __init__(self, block, count, *options):
        super().__init__("--count", str(count), "--addr", f"127.77.{block}.0/24", *options)
        self.wait("all", "registered", 20)

    def wait(self, phones, cond, seconds=10):
        self.call("wait", phones=str(phones), cond=cond, timeout=seconds)

    def press(self, n, *keys):
        self.call("press", phones=str(n), keys=[k for key in keys for k in
                                                (key if key.isdigit() or key[0] == "*" else [key])])

    def softkey(self, n, label):
        keys = self.state(n)["screen"]["softkeys"]
        check(f"phone {n} offers {label}", label in keys, self.state(n)["screen"])
        self.press(n, f"soft{keys.index(label) + 1}")

    def connect(self, a, b):
        self.call("dial", phones=str(a), number=str(1000 + b))
        self.wait(b, "ringing")
        self.call("answer", phones=str(b))
        self.wait(a, "connected")
        self.wait(b, "connected")

    def confer(self):
        """Phone 1 joins 2 and 3 to itself, by its soft keys."""
        self.connect(1, 2)
        self.softkey(1, "conf")
        self.wait(2, "held")
        self.press(1, "1003")
        self.softkey(1, "dial")
        self.wait(3, "ringing")
        self.call("answer", phones="3")
        self.wait(1, "screen~Connected")
        self.softkey(1, "conf")
        self.wait(1, "screen~Conference")

    def param(self, n, name):
        return self.call("get", phones=str(n), names=[name])

    def hears(self, n, *wanted):
        """The strongest tones that phone n receives, one after the other, are these."""
        wait_for(f"phone {n} hears {wanted}", lambda: any(
            abs(c["media"]["frequency_hz"] - hz) < 8 for c in self.line(n)["calls"]
            for hz in wanted if "media" in c))


def three_talk_to_each_other():
    with Lab(1, 3, "--media", "on", "--set", "Sim_Media_Source=silence") as lab:
        for n, hz in ((2, 1000), (3, 700)):
            lab.call("set", phones=str(n), values=[f"Sim_Media_Source=tone {hz} -10"])
        lab.confer()
        rows = lab.state(1)["screen"]["rows"]
        check("both parties are named", "1002" in rows and "1003" in rows, rows)
        lab.hears(2, 700)
        lab.hears(3, 1000)
        lab.softkey(1, "join")  # the two go on alone
        lab.wait(1, "idle", 20)
        lab.hears(2, 700)
        lab.hears(3, 1000)
        lab.call("hangup", phones="2")
        lab.wait("all", "idle")


def a_conference_ends_as_a_whole():
    with Lab(2, 3) as lab:
        lab.confer()
        lab.press(1, "hold")
        lab.wait(2, "held")
        lab.wait(3, "held")
        states = lambda: [c["state"] for c in lab.line(1)["calls"]]
        wait_for("both are held", lambda: states() == ["holding", "holding"])
        lab.press(1, "hold")
        wait_for("both are back", lambda: states() == ["connected", "connected"])
        lab.call("hangup", phones="2")  # one leaves: the other is an ordinary call
        lab.wait(2, "idle")
        check("the third is there", [c["peer"] for c in lab.line(1)["calls"]
                                     if c["state"] != "ended"] == ["1003"], lab.line(1))
        lab.call("hangup", phones="1")
        lab.wait("all", "idle")


def star_codes():
    with Lab(3, 2) as lab:
        lab.call("dial", phones="1", number="*721002")
        lab.wait(1, "screen~Calls Forwarded")
        lab.call("dial", phones="1", number="*73")
        wait_for("the forward is off", lambda: "Calls Forwarded" not in
                 lab.state(1)["screen"]["rows"])
        lab.call("dial", phones="1", number="*72")
        lab.wait(1, "screen~Enter CFWD All Number")
        lab.press(1, "1002")
        lab.softkey(1, "dial")
        lab.wait(1, "screen~Calls Forwarded")
        lab.call("dial", phones="1", number="*73")
        lab.call("dial", phones="1", number="*78")
        lab.wait(1, "screen~Do Not Disturb")
        lab.call("dial", phones="2", number="1001")
        lab.wait(2, "screen~Busy Here")
        lab.call("dial", phones="1", number="*79")
        check("nothing was called", lab.report()["calls"]["placed"] == 1)


def forwards():
    with Lab(4, 3, "--set", "Cfwd_No_Ans_Delay=1") as lab:
        lab.call("set", phones="2", values=["Cfwd_No_Ans_Dest=1003"])
        lab.call("dial", phones="1", number="1002")
        lab.wait(2, "ringing")
        lab.wait(3, "ringing")
        lab.wait(2, "idle")
        lab.call("hangup", phones="1")
        lab.wait("all", "idle")
        lab.call("set", phones="2", values=["Cfwd_No_Ans_Dest=", "Cfwd_Busy_Dest=1003",
                                            "CW_Setting=No"])
        lab.connect(2, 3)
        lab.call("hangup", phones="3")
        lab.wait("all", "idle")
        lab.wait(2, "screen~Call Ended")
        lab.press(2, "hook")  # on hook
        lab.press(2, "hook")  # off hook: busy without call waiting
        lab.wait(2, "screen~Enter Number")
        lab.call("dial", phones="1", number="1002")
        lab.wait(3, "ringing")


def call_waiting_and_two_calls():
    with Lab(5, 3) as lab:
        lab.connect(1, 2)
        lab.call("dial", phones="3", number="1001")
        lab.wait(1, "ringing")
        lamps = lab.state(1)["lamps"]  # Line_ID_Mapping: the next key of the same extension
        check("the lamp rings", lamps["line2"]["pattern"] == "fast", lamps)
        lab.softkey(1, "answer")
        lab.wait(3, "connected")
        lab.wait(2, "held")
        check("one held, one up", sorted(c["state"] for c in lab.line(1)["calls"]) ==
              ["connected", "holding"], lab.line(1))
        lab.call("hangup", phones="3")
        lab.wait(1, "screen~Holding")
        lab.softkey(1, "resume")
        lab.wait(2, "connected")
        wait_for("it is not held any more", lambda: lab.line(2)["calls"][0]["state"] == "connected")
        lab.press(1, "hook")
        lab.wait("all", "idle")


def dialling_by_keys():
    with Lab(6, 2, "--set", "Interdigit_Short_Timer=1") as lab:
        lab.press(1, "1002")  # on hook, then the handset goes up
        lab.wait(1, "screen~1002")
        lab.press(1, "hook")
        lab.wait(2, "ringing")
        lab.press(2, "line1")
        lab.wait(1, "connected")
        check("the handset is up", lab.state(1)["audio"]["device"] == "handset", lab.state(1)["audio"])
        lab.press(1, "speaker")  # takes over; the second time it ends the call
        check("the speaker has it", lab.state(1)["audio"]["device"] == "speaker" and
              lab.state(1)["lamps"]["speaker"]["color"] == "green", lab.state(1)["lamps"])
        lab.press(1, "speaker")
        lab.wait("all", "idle")
        lab.press(1, "speaker", "1002")  # off hook first: the plan waits for more digits, then dials
        lab.wait(2, "ringing")
        lab.softkey(2, "ignore")
        lab.wait(1, "screen~Busy Here")
        lab.softkey(1, "endCall")
        lab.wait("all", "idle")


def a_reorder_tone_follows_where_the_profile_wants_it():
    with Lab(8, 3, "--set", "Sim_Release_Seconds=3600") as lab:
        lab.call("set", phones="1", values=["Reorder_Delay=1"])
        for n in (1, 3):
            lab.connect(n, 2)
            lab.call("hangup", phones="2")
            lab.wait(n, "screen~Call Ended")
            check("at first there is silence", lab.line(n)["calls"][0]["tone"] is None, lab.line(n))
            if n == 1:
                wait_for("it sounds", lambda: lab.line(1)["calls"][0]["tone"] == "reorder")
        lab.call("hangup", phones="1")
        lab.wait(1, "idle")
        check("as 255 has none", lab.line(3)["calls"][0]["tone"] is None, lab.line(3))


main([three_talk_to_each_other, a_conference_ends_as_a_whole, star_codes, forwards,
      call_waiting_and_two_calls, dialling_by_keys,
      a_reorder_tone_follows_where_the_profile_wants_it])
