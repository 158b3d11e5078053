# SPDX-License-Identifier: BSD-3-Clause
"""A running `spafarm show` on a virtual X server: its events, its pixels."""
import ctypes
import os
import re
import struct
import subprocess
import sys
import zlib

from peers import SPAFARM, Failure, Farm, Process, check, scratch, wait_for

MARGIN, ACROSS = 34, 1068  # of a face's picture, thousandths of the phone's width
os.environ["LSAN_OPTIONS"] = ("print_suppressions=0:suppressions=" +
                              os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                           "leaks.supp"))


def blocks(net):
    """Addresses for one farm after the other: 127.net.0.0/24, 127.net.1.0/24 …"""
    return iter(f"127.{net}.{i}.0/24" for i in range(250))


def under_x(screen="1360x1000x24"):
    """Run this program again with a display."""
    if "SPAFARM_FBDIR" in os.environ:
        return
    os.environ["SPAFARM_FBDIR"] = scratch()
    os.execvp("xvfb-run", ["xvfb-run", "-a", "-s",
                           f"-noreset -screen 0 {screen} -fbdir {os.environ['SPAFARM_FBDIR']}",
                           sys.executable, *map(os.path.abspath, sys.argv[:1]), *sys.argv[1:]])


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

    def __init__(self, block, *args):
        self.folder = scratch()
        self.socket_path = os.path.join(self.folder, "c.sock")
        self.conn = None
        Process.__init__(self, [os.path.abspath(SPAFARM), "show", "--control", self.socket_path,
                                "--seed", "1", "--addr", block, *args], cwd=self.folder,
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

    def close(self):
        """What a window manager sends when somebody clicks its X."""
        class Message(ctypes.Structure):  # XClientMessageEvent
            _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong),
                        ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
                        ("window", ctypes.c_ulong), ("message_type", ctypes.c_ulong),
                        ("format", ctypes.c_int), ("data", ctypes.c_long * 5),
                        ("room", ctypes.c_long * 24)]
        x = ctypes.CDLL("libX11.so.6")
        x.XOpenDisplay.restype = ctypes.c_void_p
        x.XInternAtom.restype = ctypes.c_ulong
        display = ctypes.c_void_p(x.XOpenDisplay(None))
        protocols, delete = (x.XInternAtom(display, name, 0)
                             for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
        window = ctypes.c_ulong(int(self.windows()[-1]))
        message = Message(type=33, window=window, message_type=protocols, format=32,
                          data=(ctypes.c_long * 5)(delete))
        x.XSendEvent(display, window, 0, ctypes.c_long(0), ctypes.byref(message))
        x.XCloseDisplay(display)

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
        code = self.wait(60)
        check("exit code", code == 0, f"{code}\n{self.output()}")
