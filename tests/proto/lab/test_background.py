# SPDX-License-Identifier: BSD-3-Clause
"""Pictures behind the idle screen, fetched by HTTP (devices.md 6.2, 7)."""
import http.server
import struct
import threading

from peers import Farm, check, main, wait_for

SERVER = "127.155.255.250"


def bmp(width, height, level):
    """24 bits a pixel, all of one grey."""
    row = bytes([level]) * (3 * width)
    data = (row + bytes(-len(row) % 4)) * height
    return (b"BM" + struct.pack("<IHHI", 54 + len(data), 0, 0, 54) +
            struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(data), 0, 0, 0, 0) + data)


class Site:
    def __init__(self):
        site = self
        self.files = {"/dark.bmp": bmp(128, 48, 0), "/light.bmp": bmp(128, 48, 255),
                      "/none.bmp": b"BM but nothing else"}
        self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = site.files.get(self.path)
                site.asked.append((self.client_address[0], self.path,
                                   self.headers["User-Agent"]))
                self.send_response(200 if body else 404)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer((SERVER, 8080), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.server.shutdown()
        self.server.server_close()

    def count(self, path):
        return sum(asked[1] == path for asked in self.asked)


def phones(block, *options):
    farm = Farm("--count", "2", "--addr", f"127.155.{block}.0/24", "--registrar", SERVER, "--set",
                "Register_1_=No", "--set", f"BMP_Picture_Download_URL=http://{SERVER}:8080/dark.bmp",
                *options)
    farm.call("wait", phones="all", cond="idle", timeout=60)
    return farm


def picture(farm, n=1):
    return farm.call("screen", phones=str(n), png="x")["png"]


def a_picture_comes_when_it_is_asked_for():
    with Site() as site, phones(1) as farm:
        without = picture(farm)
        check("nobody asked yet", not site.asked, site.asked)
        farm.call("set", phones="1", values=["Select_Background_Picture=BMP Picture"])
        wait_for("it is behind the idle screen", lambda: picture(farm) != without)
        addr, path, agent = site.asked[0]
        check("from the phone's own address", (addr, path) == ("127.155.1.1", "/dark.bmp"))
        check("by the phone's name", agent.startswith("Cisco/SPA504G-"), agent)
        check("the other one has none", picture(farm, 2) == picture(farm, 2) and
              len(site.asked) == 1, site.asked)
        farm.call("set", phones="1", values=["Select_Background_Picture=None"])
        check("it leaves", picture(farm) == without)


def another_url_is_another_picture_and_a_start_asks_again():
    with Site() as site, phones(2, "--set", "Select_Background_Picture=BMP Picture") as farm:
        wait_for("both asked", lambda: site.count("/dark.bmp") == 2)
        dark = picture(farm)
        farm.call("set", phones="1",
                  values=[f"BMP_Picture_Download_URL=http://{SERVER}:8080/light.bmp"])
        wait_for("another one", lambda: picture(farm) != dark and site.count("/light.bmp") == 1)
        farm.call("reboot", phones="2")
        wait_for("asked again", lambda: site.count("/dark.bmp") == 3)


def what_is_no_picture_leaves_the_screen_alone():
    with Site() as site, phones(3) as farm:
        without = picture(farm)
        for path in ("/none.bmp", "/missing.bmp"):
            farm.call("set", phones="1", values=[
                f"BMP_Picture_Download_URL=http://{SERVER}:8080{path}",
                "Select_Background_Picture=BMP Picture"])
            wait_for("it was asked for", lambda path=path: site.count(path) == 1)
        farm.call("set", phones="1", values=["BMP_Picture_Download_URL=mailto:someone"])
        check("as it was", picture(farm) == without)


def a_525g_and_a_7960_have_their_own_parameters():
    with Site() as site:
        for block, options in ((4, ("--model", "SPA525G2", "--set",
                                    "Background_Picture_Type=Download BMP Picture")),
                               (5, ("--model", "7960"))):
            with phones(block, "--no-provision", *options) as farm:
                wait_for("both asked", lambda b=block: site.count("/dark.bmp") == 2 * (b - 3))


if __name__ == "__main__":
    main([a_picture_comes_when_it_is_asked_for,
          another_url_is_another_picture_and_a_start_asks_again,
          what_is_no_picture_leaves_the_screen_alone,
          a_525g_and_a_7960_have_their_own_parameters])
