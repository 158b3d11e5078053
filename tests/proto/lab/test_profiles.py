# SPDX-License-Identifier: BSD-3-Clause
"""Every value of every real profile, read a second time: by expat and by provisioning.md 5."""
import json
import os
import re
import subprocess
import xml.parsers.expat

from peers import SPAFARM, check, corpus, main

MODELS = {  # what reads it; a SPA504G where the name says no model of ours
    "fusionpbx-9861.xml": "6841", "fusionpbx-spa301.xml": "SPA301", "sail-mpp.cfg": "6841",
    "fusionpbx-spa502g.xml": "SPA502G", "fusionpbx-spa508g.xml": "SPA508G",
    "fusionpbx-spa525g.xml": "SPA525G", "fusionpbx-spa525g2.xml": "SPA525G2",
    "wazo-mpp-8811.cfg": "6841",
}
SECRET = "(secret)"
YES, NO = ("yes", "enable", "1", "true"), ("no", "disable", "0", "false")


class Reader:
    """Parameters of the flat-profile: the last of equal names, `<X/>` leaves it as it is (5.4)."""

    def __init__(self, data):
        self.items, self.path, self.text, self.within = [], [], "", None
        self.parser = xml.parsers.expat.ParserCreate("utf-8", " ")
        self.parser.StartElementHandler = self.begin
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.more
        # the declaration is not honoured (5.1): what stands in its place is as long
        self.data = re.sub(rb"^<\?.*?\?>", lambda m: b" " * len(m[0]),
                           data.lstrip(b"\xef\xbb\xbf"))
        self.parser.Parse(self.data, True)

    def begin(self, name, attributes):
        self.path.append(name.split(" ")[-1])
        if self.path[-1] == "flat-profile" and self.within is None:
            self.within = len(self.path)
        self.text = ""

    def more(self, text):
        self.text += text

    def end(self, name):
        depth = len(self.path)
        if self.within is not None and depth == self.within + 1:
            at, tag = self.parser.CurrentByteIndex, b"</" + self.path[-1].encode()
            kept = not self.data.startswith(tag, at)  # it ended with "/>"
            text = re.sub(r"\r\n|\r|\n", " ", self.text.strip(" \t\r\n"))
            self.items.append((self.path[-1], None if kept else text))
        if depth == self.within:
            self.within = -1
        self.path.pop()


def told(*args):
    result = subprocess.run([SPAFARM, *args], capture_output=True, text=True)
    return result.returncode, result.stdout, result.stderr


def same(kind, wanted, got):
    if kind == "yes/no":
        return (wanted.lower() in YES) == (got.lower() in YES)
    return wanted == got


def defaults(model, cache={}):
    if model not in cache:
        code, text, _ = told("models", model, "--params", "--json")
        check(f"{model} has parameters", code == 0)
        cache[model] = {p["name"]: p for p in json.loads(text)}
    return cache[model]


def family(known, name):
    """The row of a parameter: Dial_Plan_%_ is that of Dial_Plan_3_, too."""
    if name in known:
        return known[name]
    one = [known.get(name[:d.start()] + "%" + name[d.end():]) for d in re.finditer(r"\d+", name)]
    return next(filter(None, one), None) or known.get(re.sub(r"\d+", "%", name))


def read_twice(folder, name):
    path, model = os.path.join(folder, name), MODELS.get(name, "SPA504G")
    with open(path, "rb") as f:
        data = f.read()
    code, text, error = told("profile", path, "--model", model, "--json")
    try:
        items = Reader(data).items
    except xml.parsers.expat.ExpatError as broken:
        check(f"{name}: not well formed", code == 1 and f"{name}:{broken.lineno}:" in error,
              (str(broken), error))
        return 0
    check(f"{name}: well formed", code == 0, error)
    taken = json.loads(text)
    unknown = {row["name"] for row in taken["unknown_names"]}
    check(f"{name}: as many elements", taken["items"] == len(items), (taken["items"], len(items)))
    check(f"{name}: as many kept", taken["kept"] == sum(v is None for _, v in items), taken["kept"])
    check(f"{name}: no value refused", not taken["refused_values"], taken["refused_values"])
    last = {n: v for n, v in items if v is not None and n not in unknown}
    for n, value in last.items():
        row = family(defaults(model), n)
        kind = row["type"] if row else "text"
        got = taken["values"].get(n)
        if got is None:
            check(f"{name}: {n} as the phone has it anyway", row is not None and (
                row["type"] == "secret" or same(kind, value, row["default"]) or
                row["name"] == "SIP_Port_%_"), (value, row))  # one more for each line
        elif got != SECRET:
            check(f"{name}: {n}", same(kind, value, got), (value, got))
    check(f"{name}: and nothing else", set(taken["values"]) <= set(last),
          set(taken["values"]) - set(last))
    return len(last)


def every_value_is_the_one_another_reader_finds():
    folder = corpus("profiles")
    names = sorted(n for n in os.listdir(folder)
                   if not n.startswith(".") and not n.endswith(".tmpl"))
    n_values = sum(read_twice(folder, name) for name in names)
    check("that was many", n_values > 5000, n_values)
    print(f"{len(names)} files, {n_values} values")


main([every_value_is_the_one_another_reader_finds])
