# SPDX-License-Identifier: BSD-3-Clause
"""picture.py OUT.png: the README's window, a SPA504G ringing; scripts/dev/picture.sh calls it."""
import os
import shutil
import sys

from show import Show, under_x


def lit(rows):
    """Is the message bar, at the top of the phone, red at this moment?"""
    return any(row[3 * x] > 220 and row[3 * x + 1] < 90 for row in rows[60:130]
               for x in range(300, 700))


def draw(out):
    with Show("127.1.0.0/24", "SPA504G", "--count", "2", "--set", "Back_Light_Timer=Always On",
              "--set", "Display_Name_1_=Anna Berg") as show:
        show.call("wait", phones="all", cond="registered")
        show.press("Return")  # the first one, enlarged
        show.call("dial", phones="2", number="1001")
        show.await_screen(1, "From Anna Berg")
        for _ in range(50):  # the lamps blink
            before = set(os.listdir(show.folder))
            _, _, rows = show.picture()
            name = (set(os.listdir(show.folder)) - before).pop()
            if lit(rows):
                break
        shutil.copy(os.path.join(show.folder, name), out)


if __name__ == "__main__":
    out = os.path.abspath(sys.argv[1])
    under_x("1400x900x24")
    draw(out)
