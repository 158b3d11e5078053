#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What may include what (README, CONTRIBUTING): prints each line that breaks the table, exit 1."""
import os
import re
import sys

BELOW_PHONE = {"base", "loop", "dns", "net", "lcd", "keys", "sip", "prov", "xml"}
FARM = BELOW_PHONE | {"phone", "farm"}
FOLDERS = {  # folder of sim/: which others of sim/ it may include beside itself
    "base": set(),
    "loop": {"base"},
    "dns": {"base", "loop"},
    "net": {"base", "loop", "dns"},
    "lcd": {"base"},
    "keys": {"base"},
    "sip": {"base", "loop", "dns"},
    "prov": {"base", "loop", "net"},
    "xml": {"base", "loop", "net", "lcd", "keys"},
    "phone": BELOW_PHONE,
    "farm": BELOW_PHONE | {"phone"},
    "lab": FARM,
    "cmd": FARM,
    "script": FARM | {"cmd", "lab"},
}
NO_DEVICES = {"base", "loop", "dns", "net"}
EXTERNAL = {  # header prefix: where it may appear
    "uv.h": {"sim/loop", "sim/dns", "sim/net", "sim/sip", "sim/lab", "ui/control", "ui"},
    "curl/": {"sim/net"},
    "libwebsockets.h": {"sim/net"},
    "libxml/": {"sim/base"},
    "lua": {"sim/script"},
    "SDL": {"ui/sdl"},
    "spandsp": {"sim/sip"},
    "openssl/": {"sim/net", "sim/sip", "sim/prov", "sim/lab"},
    "zlib.h": {"sim/net", "sim/prov"},
    "ft2build.h": {"sim/lcd"},
    "freetype/": {"sim/lcd"},
    "png.h": {"sim/lcd"},
    "jpeglib.h": {"sim/lcd"},
    "jansson.h": {"sim/phone", "sim/farm", "sim/cmd", "sim/script", "sim/lab", "ui"},
}


def folder_of(path):
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] == "sim" else "/".join(parts[:-1])


def allowed(path, include):
    """None, or why this include may not stand in this file."""
    top = path.split("/")[0]
    target = include.split("/")
    if os.path.basename(include) == "priv.h" and os.path.dirname(path) != os.path.dirname(include):
        if not (top == "sim" and path.startswith(os.path.dirname(include) + "/")):
            return "priv.h is its own folder's"
    if top == "devices":
        return None if target[0] == "devices" else "devices/ includes nothing else"
    if top == "ui":
        return None if target[0] in ("ui", "sim", "devices") else "unknown folder"
    own = path.split("/")[1]
    if target[0] == "ui":
        return "sim/ never includes ui/"
    if target[0] == "devices":
        return "this folder knows no devices" if own in NO_DEVICES else None
    if target[0] != "sim":
        return "includes are rooted"
    if target[1] != own and target[1] not in FOLDERS.get(own, set()):
        return f"sim/{own} may not include sim/{target[1]}"
    return None


def external_allowed(path, include):
    for prefix, places in EXTERNAL.items():
        if include.startswith(prefix):
            where = folder_of(path)
            if not any(where == p or where.startswith(p + "/") for p in places):
                return f"<{include}> belongs to {', '.join(sorted(places))}"
    return None


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    bad = 0
    for root in ("devices", "sim", "ui"):
        for folder, _, names in os.walk(root):
            for name in sorted(names):
                if not name.endswith((".c", ".h")):
                    continue
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as f:
                    for n, line in enumerate(f, 1):
                        quoted = re.match(r'#include "([^"]+)"', line)
                        angled = re.match(r"#include <([^>]+)>", line)
                        why = (allowed(path, quoted.group(1)) if quoted else
                               external_allowed(path, angled.group(1)) if angled else None)
                        if why:
                            print(f"{path}:{n}: {line.strip()}: {why}")
                            bad += 1
    sys.exit(1 if bad else 0)


main()
