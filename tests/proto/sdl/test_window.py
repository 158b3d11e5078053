# SPDX-License-Identifier: BSD-3-Clause
"""The window on a virtual X server, driven by real X events: mouse, keyboard, pixels, its end."""
import http.server
import os
import re
import signal
import subprocess
import threading

from peers import SPAFARM, Failure, check, main, scratch, wait_for
from show import ACROSS, MARGIN, Show, blocks, display_rows, read_png, under_x, xdo

BLOCK = blocks(132)
PANEL_W = 400


def phone_only(*args, zoom=1):
    return Show(next(BLOCK), "--bare", "--zoom", str(zoom), "--set", "Back_Light_Timer=Always On", *args)


def face_of(show, folder, scale):
    path = os.path.join(folder, "face.png")
    result = subprocess.run([SPAFARM, "ctl", "--socket", show.socket_path, "screen", "1", "--png",
                             path, "--face", "--scale", str(scale)], capture_output=True, text=True)
    check("ctl draws the face", result.returncode == 0, result.stderr)
    return read_png(path)


def ten_phones_open_and_sigint_ends_them():
    with Show(next(BLOCK), "--count", "10") as show:
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


def a_click_on_the_glass_touches_an_area_of_the_page():
    pages = {"/map": "<CiscoIPPhoneGraphicFileMenu><Title>Map</Title><URL>none.png</URL><MenuItem>"
                     "<Name>North</Name><URL>/north</URL><TouchArea X1='100' Y1='60' X2='220' "
                     "Y2='130'/></MenuItem></CiscoIPPhoneGraphicFileMenu>",
             "/north": "<CiscoIPPhoneText><Title>North</Title><Text>cold</Text></CiscoIPPhoneText>"}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            page = pages.get(self.path, "").encode()
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/xml")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.132.255.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with phone_only("SPA525G2") as show:
        at = f"http://127.132.255.1:{server.server_port}"
        show.call("open", phones="1", url=at + "/map")
        show.await_screen(1, "Map")
        show.click_part(677, 220)  # the middle of the glass
        show.press("F12")  # the click is over
        wait_for("picture", lambda: "picture saved" in show.output())
        check("the glass feels nothing", "Map" in show.call("screen", phones="1", text=True))
        show.call("set", phones="1", values=["Sim_Touch_Screen=Yes"])
        show.click_part(677, 140)  # beside the area
        show.click_part(677, 220)
        show.await_screen(1, "cold")
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
    with Show(next(BLOCK), "--count", "2") as show:
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
    with Show(next(BLOCK), "--count", "10") as show:
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


def a_picture_of_what_has_just_been_chosen_is_whole():
    """Chosen and shot at one moment, before anything of it has been drawn."""
    with Show(next(BLOCK), "--count", "2") as show:
        for _ in range(5):
            xdo("key", "--delay", 0, "Return", "F12", "Tab", "F12")
        _, _, rows = show.picture()
        check("it is alive", show.alive(), show.output()[-2000:])
        check("there is something on it", len({bytes(row) for row in rows}) > 50)
        show.ends_by(lambda: xdo("key", "ctrl+q"))


def phones_are_drawn_only_where_they_change():
    """An idle wall of 40 costs next to nothing."""
    with Show(next(BLOCK), "--count", "40", "--mute") as show:
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


def panel_pixels(show):
    return display_rows(show.x + show.width - PANEL_W, show.y + 40, PANEL_W, show.height - 40)


def lab_page(show, name):
    site = re.search(r"profiles (http://\S+)", show.output()).group(1)
    show.call("open", phones="1", url=f"{site}/services/{name}.xml")


def the_xml_of_a_page_is_beside_the_phone():
    """Rows of text end where they do in the page: more of them, more ink."""
    def ink(show):
        return sum(len(set(row[3 * 20:-3 * 20])) > 1 for row in panel_pixels(show)[60:])

    with Show(next(BLOCK), "SPA504G") as show:
        wait_for("rows of state", lambda: ink(show) > 100)
        show.press("F7")
        wait_for("an empty panel", lambda: ink(show) < 50)
        empty = panel_pixels(show)
        lab_page(show, "menu")
        show.await_screen(1, "Lab services")
        wait_for("XML is there", lambda: panel_pixels(show) != empty)
        wait_for("all its rows", lambda: ink(show) > 60)
        short = ink(show)
        show.press("4")  # its picture
        wait_for("a longer one", lambda: ink(show) > short + 60)
        show.press("F3")  # Exit: back to the menu, which is fetched again
        show.await_screen(1, "Lab services")
        wait_for("the menu's again", lambda: ink(show) == short)
        show.press("F3")
        wait_for("no page is open", lambda: panel_pixels(show) == empty)
        show.click(show.width - PANEL_W + 90, 40 + 23)  # the other tab
        wait_for("the state is back", lambda: ink(show) > 60)
        show.ends_by(show.close)


def a_phone_is_used_and_its_window_closed():
    with Show(next(BLOCK), "SPA504G", "--bare", "--zoom", "2") as show:
        lab_page(show, "menu")
        show.await_screen(1, "Lab services")
        show.press("2")
        show.await_screen(1, "Lab text")
        show.press("F3")  # Exit
        show.await_screen(1, "Lab services")
        show.press("Down", "F1")  # Select
        show.await_screen(1, "Lab text")
        show.press("F3", "F3")
        wait_for("idle", lambda: show.call("screen", phones="1")["app"] == "idle")
        show.press("space", "9")
        show.await_screen(1, "9")
        show.click_part(567, 738)  # the key 5
        show.await_screen(1, "95")
        show.ends_by(show.close)  # in the middle of it


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
          a_click_on_the_glass_touches_an_area_of_the_page,
          a_pressed_key_sinks_and_comes_up,
          a_call_is_made_held_and_ended_by_the_keyboard,
          a_click_enlarges_a_phone_of_the_wall_and_tab_goes_back,
          a_picture_of_what_has_just_been_chosen_is_whole,
          phones_are_drawn_only_where_they_change,
          the_xml_of_a_page_is_beside_the_phone,
          a_phone_is_used_and_its_window_closed])
