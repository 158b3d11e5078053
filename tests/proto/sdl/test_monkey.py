# SPDX-License-Identifier: BSD-3-Clause
"""A monkey at the window of every model: clicks and keys by a seed, about SPAFARM_MONKEY_S seconds a
model (2); names of models as arguments: only those."""
import os
import random
import signal
import subprocess
import sys
import time

from peers import SPAFARM, check, main
from show import Show, blocks, under_x, xdo

SECONDS = float(os.environ.get("SPAFARM_MONKEY_S", "2"))
BLOCK = blocks(133)
KEYS = ["F1", "F2", "F3", "F4", "F7", "F8", "F9", "F10", "Up", "Down", "Left", "Right", "Return",
        "Escape", "BackSpace", "space", "1", "2", "3", "4", "5", "6", "7", "8", "9", "0",
        "asterisk", "numbersign", "h", "t", "c", "s", "e", "m", "v", "d", "x", "u", "plus",
        "minus", "ctrl+plus", "ctrl+minus", "ctrl+0", "question", "Tab", "Next", "Prior",
        "alt+1", "alt+2"]
AT_ONCE = 8


def models():
    table = subprocess.run([SPAFARM, "models"], capture_output=True, text=True, check=True).stdout
    return [line.split()[0] for line in table.splitlines()[1:]]


def moves(chance, show):
    """Some clicks, turns of the wheel and keys as words for xdotool."""
    words = []
    for _ in range(AT_ONCE):
        words += ["mousemove", show.x + chance.randrange(show.width),
                  show.y + chance.randrange(show.height), "click",
                  chance.choice((1, 1, 1, 1, 1, 1, 4, 5))]
        words += ["key", "--delay", 2, *chance.sample(KEYS, 3)]
    return words


def monkey(model):
    chance = random.Random(model)
    with Show(next(BLOCK), model, "--count", "2") as show:
        end = time.monotonic() + SECONDS
        n = 0
        while show.alive() and time.monotonic() < end:
            xdo(*moves(chance, show))
            n += 4 * AT_ONCE
        check(f"{model} is alive after {n} moves", show.alive(), show.output()[-3000:])
        show.call("stats")  # it still answers
        print(f"{model}: {n} clicks and keys in {SECONDS:g} s", flush=True)
        show.ends_by(lambda: os.kill(show.child.pid, signal.SIGINT))


def a_monkey_finds_nothing():
    for model in sys.argv[1:] or models():
        monkey(model)


if __name__ == "__main__":
    under_x()
    main([a_monkey_finds_nothing])
