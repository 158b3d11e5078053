# SPDX-License-Identifier: BSD-3-Clause
"""The window on a virtual X server, driven by real X events: mouse, keyboard, pixels, its end."""
import os
import random
import re
import signal
import struct
import subprocess
import sys
import zlib

from peers import SPAFARM, Failure, Farm, Process, check, main, scratch, wait_for

SCREEN = (1360, 1000)
MARGIN, ACROSS = 34, 1068  # of a face's picture, thousandths of the phone's width
BLOCK = iter(f"127.132.{i}.0/24" for i in range(200))
os.environ["LSAN_OPTIONS"] = ("print_suppressions=0:suppressions=" +
                              os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                           "leaks.supp"))
MONKEY_S = float(os.environ.get("MONKEY_S", "2"))  # a model


def under_x():
    """Run this file again with a display."""
    if "SPAFARM_FBDIR" in os.environ:
        return
    os.environ["SPAFARM_FBDIR"] = scratch()
    screen = "x".join(map(str, SCREEN)) + "x24"
    os.execvp("xvfb-run", ["xvfb-run", "-a", "-s",
                           f"-noreset -screen 0 {screen} -fbdir {os.environ['SPAFARM_FBDIR']}",
                           sys.executable, os.path.abspath(__file__)])


def unfilter(kind, line, above, step):
    for i, value in enumerate(line):
        left = line[i - step] if i >= step else 0
        corner = above[i - step] if i >= step else 0
        p = left + above[i] - corner
        paeth = min((abs(p - left), 0, left), (abs(p - above[i]), 1, above[i]),
                    (abs(p - corner), 2, corner))[2]
        line[i] = (value + (0, left, above[i], (left + above[i]) // 2, paeth)[kind]) & 255


def read_png(path):
    """Width, height and rows of 24-bit pixels."""
    with open(path, "rb") as f:
        data = f.read()
    check("a PNG", data[:8] == b"\x89PNG\r\n\x1a\n")
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, color = struct.unpack(">IIBB", body[:10])
            check("24 bits a pixel", (depth, color) == (8, 2))
        elif kind == b"IDAT":
            packed += body
        at += 12 + length
    raw, rows, above = zlib.decompress(packed), [], bytes(width * 3)
    for y in range(height):
        start = y * (width * 3 + 1)
        line = bytearray(raw[start + 1:start + 1 + width * 3])
        unfilter(raw[start], line, above, 3)
        rows.append(bytes(line))
        above = line
    return width, height, rows


def display_rows(x, y, width, height):
    """What the X server shows there (XWD: a header, a colour map, rows of BGRX)."""
    with open(os.path.join(os.environ["SPAFARM_FBDIR"], "Xvfb_screen0"), "rb") as f:
        data = f.read()
    head = struct.unpack(">25I", data[:100])
    pitch, start = head[12], head[0] + head[19] * 12
    rows = []
    for row in range(y, y + height):
        line = data[start + row * pitch + x * 4:start + row * pitch + (x + width) * 4]
        pixels = bytearray(width * 3)
        pixels[0::3], pixels[1::3], pixels[2::3] = line[2::4], line[1::4], line[0::4]
        rows.append(bytes(pixels))
    return rows


def xdo(*args):
    result = subprocess.run(["xdotool", *map(str, args)], capture_output=True, text=True,
                            timeout=30)
    check(f"xdotool {args}", result.returncode == 0, result.stderr)
    return result.stdout


class Show(Farm):
    """A running `spafarm show` with its window."""

    def __init__(self, *args):
        self.folder = scratch()
        self.socket_path = os.path.join(self.folder, "c.sock")
        self.conn = None
        Process.__init__(self, [os.path.abspath(SPAFARM), "show", "--control", self.socket_path,
                                "--seed", "1", "--addr", next(BLOCK), *args], cwd=self.folder,
                         env={"SDL_AUDIODRIVER": "dummy"})
        wait_for("the control socket is there", lambda: self.reachable() or not self.alive())
        check("spafarm runs", self.alive(), self.output())
        try:
            found = wait_for("the window is there", self.windows, 60)
        except Failure as failure:
            raise Failure(f"{failure}; it said\n{self.output()[-3000:]}")
        place = xdo("getwindowgeometry", "--shell", found[-1])
        self.x, self.y, self.width, self.height = (
            int(re.search(rf"^{name}=(-?\d+)", place, re.M).group(1))
            for name in ("X", "Y", "WIDTH", "HEIGHT"))
        xdo("mousemove", self.x + self.width - 3, self.y + self.height - 3)  # keys go there
        self.call("wait", phones="all", cond="registered", timeout=60)

    def windows(self):
        check("spafarm runs", self.alive(), self.output()[-3000:])
        search = ["xdotool", "search", "--onlyvisible", "--name", "^spafarm$"]
        return subprocess.run(search, capture_output=True, text=True, timeout=30).stdout.split()

    def press(self, *keys):
        for key in keys:
            xdo("key", key)

    def click(self, x, y):
        xdo("mousemove", self.x + int(x), self.y + int(y), "click", 1)

    def click_part(self, x, y):
        """Thousandths of the phone, where the window holds nothing but the phone."""
        self.click((x + MARGIN) * self.width / ACROSS, (y + MARGIN) * self.width / ACROSS)

    def await_screen(self, n, text):
        def rows():
            return self.call("screen", phones=str(n), text=True)
        try:
            wait_for(f"phone {n} shows {text}", lambda: text in rows())
        except Failure as failure:
            raise Failure(f"{failure}; it shows\n{rows()}")

    def picture(self):
        """Press the screenshot key and read the file."""
        before = set(os.listdir(self.folder))
        self.press("F12")

        def saved():
            names = re.findall(r"picture saved as (\S+)", self.output())
            return [n for n in names if n not in before]
        name = wait_for("the picture is saved", saved)[-1]
        return read_png(os.path.join(self.folder, name))

    def ends_by(self, how):
        how()
        code = self.wait(20)
        check("exit code", code == 0, f"{code}\n{self.output()}")


def phone_only(*args, zoom=1):
    return Show("--bare", "--zoom", str(zoom), "--set", "Back_Light_Timer=Always On", *args)


def face_of(show, folder, scale):
    path = os.path.join(folder, "face.png")
    result = subprocess.run([SPAFARM, "ctl", "--socket", show.socket_path, "screen", "1", "--png",
                             path, "--face", "--scale", str(scale)], capture_output=True, text=True)
    check("ctl draws the face", result.returncode == 0, result.stderr)
    return read_png(path)


def ten_phones_open_and_sigint_ends_them():
    with Show("--count", "10") as show:
        rows = display_rows(show.x, show.y, show.width, show.height)
        check("phones are on the display", len(set(rows)) > show.height / 4, len(set(rows)))
        show.ends_by(lambda: os.kill(show.child.pid, signal.SIGINT))


def the_phone_on_view_is_the_picture_that_ctl_makes():
    for model in ("SPA504G", "SPA525G2", "7960"):
        with phone_only(model) as show:
            # the clock of the idle screen may go on between the two
            wait_for(f"{model}: the same pixels",
                     lambda: show.picture() == face_of(show, show.folder, 1), 20)
            check("and on the display", wait_for(
                f"{model}: the display shows them",
                lambda: display_rows(show.x, show.y, show.width, show.height) ==
                face_of(show, show.folder, 1)[2], 20))
            show.ends_by(lambda: xdo("key", "ctrl+q"))


def mouse_and_keyboard_press_the_keys():
    with phone_only("SPA504G", "--count", "1") as show:
        show.click_part(567, 738)
        show.await_screen(1, "5")
        show.press("1", "KP_2", "asterisk", "numbersign")
        show.await_screen(1, "512*#")
        keys = [e["key"] for e in show.call("events", phones="1") if e["ev"] == "key"]
        check("keys in their order", keys[-5:] == ["5", "1", "2", "*", "#"], keys)
        show.ends_by(lambda: xdo("key", "ctrl+q"))


def the_space_bar_lifts_the_handset():
    with phone_only("SPA504G") as show:
        down = show.picture()
        show.press("space")
        wait_for("off hook", lambda: show.call("screen", phones="1")["app"] == "dialing")
        up = show.picture()
        row = int((500 + MARGIN) * show.width / ACROSS)
        check("the handset moved", up[2][row][:show.width] != down[2][row][:show.width])
        show.press("space")
        wait_for("on hook", lambda: show.call("screen", phones="1")["app"] == "idle")
        wait_for("the handset is back",
                 lambda: show.picture()[2][row][:show.width] == down[2][row][:show.width])
        show.ends_by(lambda: xdo("key", "ctrl+q"))


def a_pressed_key_sinks_and_comes_up():
    with phone_only("SPA504G") as show:
        up = show.picture()
        xdo("mousemove", show.x + int((567 + MARGIN) * show.width / ACROSS),
            show.y + int((738 + MARGIN) * show.width / ACROSS), "mousedown", 1)
        row = int((738 + MARGIN) * show.width / ACROSS)
        wait_for("it is down", lambda: show.picture()[2][row] != up[2][row])
        xdo("mouseup", 1)
        wait_for("it is up", lambda: show.picture()[2][row] == up[2][row])
        show.ends_by(lambda: os.kill(show.child.pid, signal.SIGTERM))


def a_call_is_made_held_and_ended_by_the_keyboard():
    with Show("--count", "2") as show:
        show.press("Right", "Return")  # the first phone of the wall, enlarged
        show.press("1", "0", "0", "2", "Return")
        show.call("wait", phones="2", cond="ringing", timeout=20)
        show.press("Next")  # the next phone
        show.press("Return")  # answers
        show.call("wait", phones="1,2", cond="connected", timeout=20)
        show.press("h")
        show.call("wait", phones="2", cond="held", timeout=20)
        show.press("F9")  # dark: everything is drawn anew meanwhile
        show.press("h")
        wait_for("it is resumed", lambda: show.call("screen", phones="2")["title"] == "Connected")
        show.press("F2")  # endCall
        show.call("wait", phones="1,2", cond="idle", timeout=20)
        show.ends_by(lambda: xdo("key", "ctrl+q"))


def a_click_enlarges_a_phone_of_the_wall_and_tab_goes_back():
    with Show("--count", "10") as show:
        show.press("7")  # nobody is meant
        show.press("Right", "Right", "Right", "Return", "4", "2")
        show.await_screen(3, "42")
        show.press("Tab")
        show.click(70, 160)  # the first tile
        show.press("6")
        show.await_screen(1, "6")
        check("the others are as they were",
              "7" not in show.call("screen", phones="2", text=True).split("\n")[2:3])
        show.ends_by(lambda: xdo("key", "ctrl+q"))


def phones_are_drawn_only_where_they_change():
    """An idle wall of 40 costs next to nothing."""
    with Show("--count", "40", "--mute") as show:
        def used():
            with open(f"/proc/{show.child.pid}/stat") as f:
                fields = f.read().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        before = None

        def quiet():
            nonlocal before
            now, was = used(), before
            before = now
            return was is not None and now - was < 0.6
        for _ in range(20):
            wait_for("a second of the farm passes", lambda start=show.call("stats")["wall_s"]:
                     show.call("stats")["wall_s"] > start + 1)
            if quiet():
                break
        else:
            raise Failure("the wall never comes to rest")
        show.ends_by(lambda: xdo("key", "ctrl+q"))


def a_monkey_finds_nothing():
    chance = random.Random(7)
    keys = ["F1", "F2", "F3", "F4", "F8", "F9", "F10", "Up", "Down", "Left", "Right", "Return",
            "Escape", "BackSpace", "space", "1", "5", "0", "numbersign", "h", "t", "c", "s", "e",
            "m", "v", "d", "x", "u", "plus", "minus", "ctrl+plus", "ctrl+minus", "ctrl+0",
            "question", "Tab", "Next", "Prior", "alt+1", "alt+2"]
    for model in ("SPA303", "SPA525G2", "6851", "7960", "SPA301", "WIP310"):
        with Show(model, "--count", "2") as show:
            start = show.call("stats")["wall_s"]
            while show.alive() and show.call("stats")["wall_s"] < start + MONKEY_S:
                show.click(chance.randrange(show.width), chance.randrange(45, show.height))
                show.press(*chance.sample(keys, 3))
            check(f"{model} is alive", show.alive(), show.output()[-3000:])
            show.ends_by(lambda: os.kill(show.child.pid, signal.SIGINT))


def what_show_cannot_do_it_says():
    def says(code, words, *args, env=None):
        r = subprocess.run([SPAFARM, "show", *args], capture_output=True, text=True, timeout=60,
                           env=dict(os.environ, **(env or {})))
        check(f"{args}: exit code", r.returncode == code, (r.returncode, r.stderr))
        check(f"{args}: sentence", words in r.stderr, r.stderr)
    says(2, 'there is no model "SPA999"', "SPA999")
    says(2, "--zoom is a number", "--zoom", "tiny")
    says(2, "no-such", "--no-such")
    says(3, "no window:", "--control", os.path.join(scratch(), "c"), "--addr", next(BLOCK),
         env={"DISPLAY": ":4711", "WAYLAND_DISPLAY": ""})


if __name__ == "__main__":
    under_x()
    main([what_show_cannot_do_it_says,
          ten_phones_open_and_sigint_ends_them,
          the_phone_on_view_is_the_picture_that_ctl_makes,
          mouse_and_keyboard_press_the_keys,
          the_space_bar_lifts_the_handset,
          a_pressed_key_sinks_and_comes_up,
          a_call_is_made_held_and_ended_by_the_keyboard,
          a_click_enlarges_a_phone_of_the_wall_and_tab_goes_back,
          phones_are_drawn_only_where_they_change,
          a_monkey_finds_nothing])
