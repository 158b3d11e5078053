# SPDX-License-Identifier: BSD-3-Clause
"""What a wall of phones costs on a virtual X server, and how soon a change is on the display.

usage: wall.py BUILD_DIR [COUNT]. Three times ten seconds: nothing happens; ten displays change each
second; sixty do. Fails where a change takes longer than a frame of 1/30 s (95 of 100), the sixty
make less than 30 frames a second, or ten changes take more than half a core.
"""
import mmap
import os
import sys
import time
import zlib

BUILD = os.path.abspath(sys.argv[1])
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 200
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.environ["SPAFARM"] = os.path.join(BUILD, "spafarm")
sys.path[:0] = [os.path.join(ROOT, "tests/proto"), os.path.join(ROOT, "tests/proto/sdl")]

from peers import Process  # noqa: E402 (found by the path above)
from show import Show, under_x  # noqa: E402

SECONDS, FRAME_MS = 10, 1000 / 30


def cpu_s(pid):
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(show, display, rate):
    """Press a key rate times a second, each time on another phone. (CPU s a second, frames a
    second, ms from key to display)"""
    start, used = time.monotonic(), cpu_s(show.child.pid)
    pressed, pending, frames, delays = 0, None, 0, []
    seen = zlib.crc32(display)
    while (now := time.monotonic()) < start + SECONDS:
        if rate and now >= start + pressed / rate:
            show.call("press", phones=str(pressed % COUNT + 1), keys=["1"])
            pressed += 1
            pending = pending or now
        shown = zlib.crc32(display)
        if shown != seen:
            frames += 1
            if pending:
                delays.append((time.monotonic() - pending) * 1000)
            seen, pending = shown, None
        time.sleep(0.001)
    passed = time.monotonic() - start
    return (cpu_s(show.child.pid) - used) / passed, frames / passed, sorted(delays)


def main():
    with Show("127.134.0.0/16", "--count", str(COUNT), "--mute") as show:
        with open(os.path.join(os.environ["SPAFARM_FBDIR"], "Xvfb_screen0"), "rb") as f:
            display = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)
        time.sleep(3)  # what registered last is drawn
        fine = True
        for rate in (0, 10, 60):
            cpu, frames, delays = measure(show, display, rate)
            late = delays[len(delays) * 95 // 100] if delays else 0
            print(f"{COUNT} phones, {rate} displays change a second: {cpu:.3f} CPU seconds a "
                  f"second, {frames:.1f} frames shown a second"
                  + (f", a change is seen after {delays[len(delays) // 2]:.0f} ms, 95 of 100 "
                     f"within {late:.0f} ms" if delays else ""), flush=True)
            fine &= late <= FRAME_MS and (rate != 60 or frames >= 30) and (rate > 10 or cpu < 0.5)
        show.stop()
    Process.started.clear()
    sys.exit(not fine)


if __name__ == "__main__":
    under_x("1920x1080x24")
    main()
