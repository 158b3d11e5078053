# SPDX-License-Identifier: BSD-3-Clause
"""`spafarm render`: the screen on stdout, warnings on stderr, exit codes."""
import http.server
import json
import os
import struct
import subprocess
import threading

from peers import SPAFARM, check, main, scratch

FOLDER = scratch()
MENU = ("<CiscoIPPhoneMenu><Title>Canteen</Title>\n<MenuItem><Name>Soup & bread</Name>"
        "<URL>http://h/1</URL></MenuItem></CiscoIPPhoneMenu>")


def render(*args, data=None):
    return subprocess.run([SPAFARM, "render", *args], input=data, capture_output=True, timeout=60,
                          encoding="utf-8")


def put(name, text):
    path = os.path.join(FOLDER, name)
    with open(path, "w") as f:
        f.write(text)
    return path


def the_screen_is_on_stdout_and_warnings_have_lines():
    path = put("menu.xml", MENU)
    result = render("--text", path)
    check("exit 0", result.returncode == 0, result)
    check("the screen", result.stdout ==
          "Canteen\n> 1 Soup & bread\n[Select] [] [Exit] []\n", result.stdout)
    check("the warning", f"{path}:2: bare & read as &amp;\n" in result.stderr, result.stderr)
    check("the same from a pipe", render("-", data=MENU).stdout == result.stdout)


def what_a_model_refuses_is_exit_1():
    icons = put("icons.xml", "<CiscoIPPhoneIconMenu/>")
    result = render("--model", "7960", icons)
    check("exit 1", result.returncode == 1, result)
    check("its error screen", "XML Error[5]" in result.stdout, result.stdout)
    check("and why", "1: a 7960 knows no CiscoIPPhoneIconMenu" in result.stderr, result.stderr)
    check("another model takes it", render("--model", "6851", icons).returncode == 0)
    check("strictly it is refused", render("--strict", "-", data=MENU).returncode == 1)


def json_holds_it_all():
    result = json.loads(render("--json", "-", data=MENU).stdout)
    check("the fields", result["title"] == "Canteen" and result["rows"] == ["1 Soup & bread"] and
          result["softkeys"] == ["Select", "", "Exit", ""] and result["selected"] == 1 and
          result["object"] == "CiscoIPPhoneMenu" and result["error"] is None, result)
    check("the warnings", {"line": 2, "text": "bare & read as &amp;"} in result["warnings"], result)
    check("no picture, nothing to run", result["picture"] is None and result["runs"] == [], result)
    result = json.loads(render("--json", "-", data="<CiscoIPPhoneHelp/>").stdout)
    check("the error", "is no object of these phones" in result["error"], result)


MENU_FILE = put("small.xml", "<CiscoIPPhoneMenu><Title>Small</Title></CiscoIPPhoneMenu>")


def png_size(data):
    check("a PNG", data[:8] == b"\x89PNG\r\n\x1a\n", data[:8])
    return struct.unpack(">II", data[16:24])


def the_screen_is_drawn():
    path = os.path.join(FOLDER, "menu.png")
    result = render("-o", path, "-", data=MENU)
    check("exit 0, no words", result.returncode == 0 and not result.stdout, result)
    with open(path, "rb") as f:
        check("a pixel for each of the phone's", png_size(f.read()) == (128, 64))
    result = render("-o", path, "--text", "--scale", "4", "--model", "SPA525G2", "-", data=MENU)
    check("words as well", "Canteen" in result.stdout, result)
    with open(path, "rb") as f:
        check("the lit glass", png_size(f.read()) == (1280, 960))
    piped = subprocess.run([SPAFARM, "render", "-o", "-", "-"], input=MENU.encode(), timeout=60,
                           capture_output=True)
    check("in a pipe", png_size(piped.stdout) == (128, 64), piped)


def a_picture_file_is_drawn():
    picture = subprocess.run([SPAFARM, "render", "-o", os.path.join(FOLDER, "p.png"), "--model",
                              "7960", "-"], input=MENU.encode(), timeout=60, capture_output=True)
    check("a picture to show", picture.returncode == 0, picture)
    page = put("file.xml", "<CiscoIPPhoneImageFile><URL>p.png</URL></CiscoIPPhoneImageFile>")
    result = render("--text", "--model", "SPA525G2", page)
    check("its size", "(picture 133x65)" in result.stdout, result)
    page = put("file.xml", "<CiscoIPPhoneImageFile><URL>gone.png</URL></CiscoIPPhoneImageFile>")
    result = render("--text", "--model", "SPA525G2", page)
    check("why there is none", "gone.png: No such file" in result.stderr, result)


def an_object_with_errors_is_shown_and_exit_1():
    for text, words, shown in (
            ("<CiscoIPPhoneMenu><Title>T</Title>\n<Prompt>P</Promp></CiscoIPPhoneMenu>", "x:2: ", "T\n"),
            ("<CiscoIPPhoneMenu><Title>T</Title>\n<MenuItem><Name>One", "x:2: ", "> 1 One"),
            ("<Foo/>", "x:1: no object of these phones", "<Foo/>")):
        result = render(put("x", text))
        check(f"exit 1 of {text!r}", result.returncode == 1, result)
        check("the line", words in result.stderr, result.stderr)
        check("the screen all the same", shown in result.stdout, result.stdout)
    for text in ("<CiscoIPPhoneText><Text>a & b</Text></CiscoIPPhoneText>", "just words",
                 "\n<CiscoIPPhoneText><Title>T<Title/><Text>t</Text></CiscoIPPhoneText>"):
        result = render(put("x", text))
        check(f"what phones put up with is exit 0: {text!r}", result.returncode == 0, result)


def json_tells_of_pictures_and_of_what_an_execute_does():
    result = json.loads(render("--json", "--model", "7960", "-", data="<CiscoIPPhoneImage>"
                               "<LocationX>-1</LocationX><LocationY>3</LocationY><Width>4</Width>"
                               "<Height>1</Height><Depth>2</Depth><Data>2D</Data>"
                               "</CiscoIPPhoneImage>").stdout)
    check("where and how large", result["picture"] ==
          {"x": -1, "y": 3, "width": 4, "height": 1}, result)
    done = render("--json", "-", data="<CiscoIPPhoneExecute><ExecuteItem URL='Key:Mute'/>"
                  "<ExecuteItem URL='Display:On'/></CiscoIPPhoneExecute>")
    result = json.loads(done.stdout)
    check("what it runs", result["runs"] == ["Key:Mute", "Display:On"] and not result["rows"], result)
    check("what does nothing", result["warnings"] ==
          [{"line": 1, "text": "ExecuteItem: a SPA504G does nothing at Display:On"}], result)
    check("it is taken", done.returncode == 0 and not done.stderr, done)


def a_url_is_fetched_as_the_model_fetches_it():
    seen = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            seen[self.path] = dict(self.headers)
            page = {"/menu": MENU, "/latin": "<CiscoIPPhoneText><Text>\xe4</Text></CiscoIPPhoneText>",
                    "/plain": "just\x1b words"}.get(self.path)
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/plain" if self.path == "/plain" else "text/xml")
            self.end_headers()
            self.wfile.write((page or "").encode("latin-1"))

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    at = f"http://127.0.0.1:{server.server_port}"
    check("its page", "Soup & bread" in render(at + "/menu", "--model", "spa504g").stdout)
    check("its name", seen["/menu"]["User-Agent"].startswith("Cisco/SPA504G-"), seen)
    render(at + "/menu", "--model", "6851", "--firmware", "11.2.1")
    check("another's", "/11.2.1" in seen["/menu"]["User-Agent"] and
          "x-CiscoIPPhoneDisplay" in seen["/menu"], seen)
    result = render(at + "/latin")
    check("a byte that is no UTF-8", "ä" in result.stdout and
          f"{at}/latin:1: not UTF-8: read as ISO-8859-1" in result.stderr, result)
    check("no control characters", render(at + "/plain").stdout.startswith("just? words"))
    result = render(at + "/gone")
    check("what is not there is wrong use", result.returncode == 2 and "404" in result.stderr, result)


def help_names_every_option():
    text = render("--help")
    check("help", text.returncode == 0 and not text.stderr, text)
    for option in ("--model", "--firmware", "--text", "-o F.png", "--scale", "--json", "--strict"):
        check(option, option in text.stdout, text.stdout)


def large_pictures_are_told_of():
    page = put("big.xml", "<CiscoIPPhoneImageFile><Title>t</Title><URL>big.png</URL>"
               "</CiscoIPPhoneImageFile>")
    for scale, said in (("3", "picture of 960x720, the display has 320x170 for it: clipped"),
                        ("4", f"{FOLDER}/big.png: no picture of use")):
        subprocess.run([SPAFARM, "render", "-o", os.path.join(FOLDER, "big.png"), "--scale", scale,
                        "--model", "SPA525G2", "-"], input=MENU.encode(), timeout=60, check=True,
                       capture_output=True)
        result = render("--model", "SPA525G2", page)
        check("why", result.stderr == f"{page}: {said}\n", result.stderr)
    page = put("icons.xml", "<CiscoIPPhoneIconFileMenu><MenuItem><IconIndex>0</IconIndex><Name>a"
               "</Name></MenuItem><IconItem><Index>0</Index><URL>TFTP:p.png</URL></IconItem>"
               "</CiscoIPPhoneIconFileMenu>")
    subprocess.run([SPAFARM, "render", "-o", os.path.join(FOLDER, "p.png"), "--model", "7960", "-"],
                   input=MENU.encode(), timeout=60, capture_output=True, check=True)
    result = render("--model", "SPA525G2", page)
    check("the icon", "icon of 133x65: 18x18 of it are drawn" in result.stderr, result.stderr)


def wrong_use_is_exit_2():
    for args in (["no-such-file.xml"], [], ["a", "b"], ["--model", "SPA999", "a"],
                 ["--firmware", "x", "a"], ["--scale", "2", "a"], ["-o", "x.png", "--scale", "17", "a"],
                 ["-o", "-", "--json", "a"], ["-o", "/nowhere/x.png", MENU_FILE]):
        result = render(*args)
        check(f"exit 2 of {args}", result.returncode == 2 and result.stderr.count("\n") == 1,
              result)


def every_model_takes_a_menu_or_says_why_not():
    models = json.loads(subprocess.run([SPAFARM, "models", "--json"], capture_output=True,
                                       timeout=60).stdout)
    for model in models:
        name = model["name"] if isinstance(model, dict) else model
        result = render("--model", name, "-", data=MENU)
        check(f"{name} answers", result.returncode in (0, 1), result)
        check(f"{name} speaks", result.stdout or "knows no" in result.stderr, result)


main([the_screen_is_on_stdout_and_warnings_have_lines, what_a_model_refuses_is_exit_1,
      json_holds_it_all, an_object_with_errors_is_shown_and_exit_1, the_screen_is_drawn, a_picture_file_is_drawn, json_tells_of_pictures_and_of_what_an_execute_does,
      a_url_is_fetched_as_the_model_fetches_it, help_names_every_option, large_pictures_are_told_of,
      wrong_use_is_exit_2, every_model_takes_a_menu_or_says_why_not])
