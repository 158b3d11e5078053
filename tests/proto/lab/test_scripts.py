# SPDX-License-Identifier: BSD-3-Clause
"""`spafarm test`: verdicts, JUnit and TAP, what scripts see, what they cannot do."""
import glob
import json
import os
import re
import subprocess
import xml.etree.ElementTree as ET

from peers import SPAFARM, check, main, ran, run_to_end, scratch

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
FOLDER = scratch()
BLOCK = iter(f"127.103.{i}.0/24" for i in range(200))


def spafarm(*args):
    return subprocess.run([SPAFARM, *args], capture_output=True, timeout=120, encoding="utf-8",
                          errors="replace")


def script(text, *args, name="scenario.lua"):
    path = os.path.join(FOLDER, name)
    with open(path, "w") as f:
        f.write(text)
    return spafarm("test", "--addr", next(BLOCK), *args, path)


def passes(text, *args):
    result = script(text, *args)
    check("exit 0", result.returncode == 0, result.stdout + result.stderr)
    return result


def breaks(text, words, *args):
    """The scenario fails, and says why."""
    result = script(text, *args)
    check(f"exit 1 of {text[:60]!r}", result.returncode == 1, (result.returncode, result))
    check(f"{words!r} is told", words in result.stdout, result.stdout)
    return result


MIXED = """
local phones = farm.boot { count = 2 }
test "one & only <first>" (function() phones:wait("registered", 20) end)
test "fails \\"here\\"" (function()
    expect(phones[1]:get("Station_Name").Station_Name):equals("Nobody\\nat all")
end)
test "errors" (function() local x = nil; return x.y end)
test "times out" (function() phones:wait("unregistered", 0.1) end)
test "still runs" (function() expect(#phones):equals(2) end)
"""


def each_case_has_its_verdict():
    result = script(MIXED)
    check("exit 1", result.returncode == 1, result)
    out = result.stdout
    for line in ("ok     .*: one & only <first> ", "FAILED .*: fails \"here\" ", "FAILED .*: errors ",
                 "FAILED .*: times out ", "ok     .*: still runs "):
        check(line, re.search("^" + line, out, re.M), out)
    check("both sides are printed", "Nobody" in out and "but there is:" in out, out)
    check("an error has file and line", re.search(r"scenario\.lua:7: attempt to index", out), out)
    check("a time-out says for whom", "2 of 2 phones are not unregistered" in out, out)
    check("the sum is last", out.splitlines()[-1] == "2 passed, 3 failed", out)


def junit_is_well_formed_and_counts():
    path = os.path.join(FOLDER, "junit.xml")
    result = script(MIXED, "--junit", path)
    check("exit 1", result.returncode == 1, result)
    suite = ET.parse(path).getroot()
    suite = suite if suite.tag == "testsuite" else suite.find("testsuite")
    check("counts", (suite.get("tests"), suite.get("failures")) == ("5", "3"), suite.attrib)
    cases = suite.findall("testcase")
    check("names", [c.get("name") for c in cases] ==
          ["one & only <first>", "fails \"here\"", "errors", "times out", "still runs"],
          [c.get("name") for c in cases])
    check("files", all(c.get("classname").endswith("scenario.lua") for c in cases))
    check("times", all(float(c.get("time")) >= 0 for c in cases))
    failed = [c.get("name") for c in cases if c.find("failure") is not None]
    check("failures", failed == ["fails \"here\"", "errors", "times out"], failed)
    message = cases[1].find("failure").get("message")
    check("lines stay lines", "Nobody\nat all\n" in message, message)


def junit_is_well_formed_whatever_a_name_holds():
    path = os.path.join(FOLDER, "odd.xml")
    result = script('test "a\\255b\\1c\\r€]]>" (function() error("\\254\\239\\191\\189 é\\n<x>") end)',
                    "--junit", path)
    check("exit 1", result.returncode == 1, result)
    case = ET.parse(path).getroot().find(".//testcase")
    check("bytes that are no text", case.get("name") == "a?b c €]]>", case.get("name"))
    check("the rest stays", "é\n<x>" in case.find("failure").get("message"))
    for place in ("/no/such/folder/junit.xml", FOLDER):
        result = script('print("it runs")', "--junit", place)
        check("no place for it is exit 2", result.returncode == 2 and place in result.stderr, result)
        check("which is told before anything runs", result.stdout == "", result.stdout)


def tap_is_tap():
    result = script(MIXED + """
test "fails # TODO" (function() error("a\\nok 9 - b") end)
test "prints" (function() print("one\\nok 10 - two") end)
""", "--tap")
    check("exit 1", result.returncode == 1, result)
    lines = result.stdout.splitlines()
    cases = [l for l in lines if not l.startswith("#")]
    check("nothing but results, comments and the plan", cases[-1] == "1..7" and len(cases) == 8, cases)
    for i, (line, ok) in enumerate(zip(cases, (1, 0, 0, 0, 1, 0, 1))):
        check(f"case {i + 1}", line.startswith(f"{'ok' if ok else 'not ok'} {i + 1} - "), line)
    check("a name is no directive", "\\# TODO" in cases[5], cases[5])


def files_that_are_no_scripts_are_exit_2():
    result = script("local x = = 1\n", name="broken.lua")
    check("exit 2", result.returncode == 2 and "broken.lua:1:" in result.stderr, result)
    for args, words in ((["/no/such/file.lua"], "/no/such/file.lua"), ([FOLDER], FOLDER),
                        ([], "SCRIPT.lua"), (["--nonsense"], "--nonsense"),
                        (["--count", "none", "x.lua"], "--count")):
        result = spafarm("test", *args)
        check(f"test {args} is exit 2", result.returncode == 2, result)
        check(f"{words} is named in one line", words in result.stderr and
              len(result.stderr.splitlines()) == 1, result.stderr)
    binary = os.path.join(FOLDER, "binary.lua")
    with open(binary, "wb") as f:
        f.write(b"\x1bLua\x54\0\x19\x93\r\n\x1a\n")
    check("compiled chunks are refused", spafarm("test", binary).returncode == 2)


def the_main_part_is_a_case_of_its_own():
    result = passes("local x = 1")
    check("one case", "main" in result.stdout and "1 passed, 0 failed" in result.stdout, result.stdout)
    breaks("error('no')", "scenario.lua:1: no")
    result = breaks('test "never" (function() end) error("before")', "before")
    check("its tests do not run", "never" not in result.stdout, result.stdout)
    result = breaks("error({})", "FAILED")
    result = breaks("error()", "FAILED")


def several_scripts_add_up():
    paths = []
    for i, text in enumerate(("local a = 1", "error('x')", "local b = 2")):
        paths.append(os.path.join(FOLDER, f"part{i}.lua"))
        with open(paths[-1], "w") as f:
            f.write(text)
    result = spafarm("test", "--tap", *paths)
    check("exit 1", result.returncode == 1, result)
    check("numbers go on", re.findall("^(?:not )?ok ([0-9])", result.stdout, re.M) == ["1", "2", "3"],
          result.stdout)


def every_command_is_a_method():
    passes("""
local phones = farm.boot { count = 2, set = { Station_Name = "Lobby" } }
expect(phones:wait("registered", 20) == phones):equals(true)
local p = phones[1]
test "commands without an answer give the phone back" (function()
    expect(p:press("soft4", "soft4"):type("12"):set("Station_Name=Hall")):equals(p)
    expect(p:power("off"):power("on"):wait("registered", 20)):equals(p)
    expect(p:reboot():wait("registered", 20):factory_reset():wait("registered", 20)):equals(p)
    expect(p:resync():wait("provisioned", 20)):equals(p)
    expect(phones:power_cycle(100):wait("registered", 20)):equals(phones)
end)
test "the others give their answer as a table" (function()
    expect(p:state().n):equals(1)
    expect(p:state().lines[1].registered):equals(true)
    expect(phones:state()[2].n):equals(2)
    expect(#phones:list()):equals(2)
    expect(p:get("User_ID_1_").User_ID_1_):equals("1001")
    expect(p:stats().registered):equals(2)
    expect(p:events()[1].n):equals(1)
    local s = p:screen()
    expect(type(s.title)):equals("string")
    expect(s.softkeys[1]):equals("redial")
    expect(#s.rows >= 2):equals(true)
    expect(tostring(s)):contains("[redial] [dir] [cfwd] [dnd]")
    expect(p:screen(true)):contains("[redial]")
end)
test "quit ends the run" (function() p:quit() end)
""")


def a_long_value_arrives_whole():
    passes("""
local p = farm.boot { set = { GPP_A = string.rep("0123456789", 300) } }
expect(#p:get("GPP_A").GPP_A):equals(3000)
""")


def a_script_that_quits_early_does_not_pass():
    breaks("""
local p = farm.boot()
test "first" (function() p:quit() end)
test "second" (function() error("never") end)
""", "before its last test")


def sets_are_indexed_and_iterated():
    passes("""
local phones = farm.boot { count = 3 }
expect(#phones):equals(3)
local n = 0
for i, p in ipairs(phones) do n = n + i; expect(p.n):equals(i) end
for i, p in pairs(phones) do n = n + i; expect(p):equals(phones[i]) end
for p in phones do n = n + p.n end
expect(n):equals(18)
for p in phones[2] do expect(p.n):equals(2); n = n + 1 end
expect(n):equals(19)
expect(phones[4]):equals(nil)
expect(phones[0]):equals(nil)
expect(tostring(phones)):equals("phones 1-3")
expect(tostring(phones[2])):equals("phone 2")
expect(phones[1] == phones[2]):equals(false)
""")


def farms_boot_one_after_the_other():
    passes("""
local lab = farm.lab()
expect(lab.registrar):contains(":")
expect(lab.http):contains("http://")
local a = farm.boot { model = "SPA504G", count = 2 }
local b = farm.boot { model = "spa525g2", set = { "Station_Name=Late" } }
a:wait("registered", 20); b:wait("registered", 20)
expect(b.n):equals(3)
expect(b:state().model):equals("SPA525G2")
expect(b:state().screen.rows[2]):equals("Late")
local seen = {}
for _, row in ipairs(a:list()) do seen[row.ip] = true end
expect(seen[b:state().ip]):equals(nil)
""")


def a_screen_is_looked_at_until_it_has_the_text():
    """The example of the contract, word for word: what one phone does shows on the other."""
    passes("""
local lab   = farm.lab()
local phone = farm.boot { model = "SPA504G", count = 2 }
phone:wait("registered", 10)
phone[1]:dial("1002")
phone[2]:wait("ringing", 5):answer()
expect(phone[1]:screen()):contains("Connected")
phone[1]:press("hold"); phone[1]:wait("held", 2)
""")
    passes("""
local phone = farm.boot { count = 2 }
phone:wait("registered", 10)
local before = phone[1]:screen()
phone[1]:dial("1002"); phone[2]:wait("ringing", 5):answer()
expect(pcall(function() expect(before):contains("Connected") end)):equals(false)
expect(phone[1]:screen()):contains("Connected"):contains("endCall"):contains("1002")
expect(pcall(function() expect(phone[1]:screen()):contains("Nobody") end)):equals(false)
phone[1]:press{keys = {"hold"}, hold_ms = 20}; phone[1]:wait("held", "2s"):hangup()
phone:wait("idle", 5)
""")
    breaks("local p = farm.boot(); p:wait('registered', 10); expect(p:screen()):contains('Nobody')",
           "scenario.lua:1: expected to contain:\n    Nobody\n    but there is:")


def options_of_the_command_line_are_defaults():
    result = passes("""
local p = farm.boot { count = 2 }
expect(p:state()[2].model):equals("SPA303")
expect(p[1]:get("Station_Name").Station_Name):equals("Given")
expect(farm.boot { model = "SPA502G" }:state().model):equals("SPA502G")
""", "--model", "SPA303", "--set", "Station_Name=Given", "--no-provision")
    check("passed", "1 passed" in result.stdout, result.stdout)


def failures_are_errors_of_the_script():
    breaks("farm.boot { model = 'SPA999' }", "there is no model \"SPA999\"")
    breaks("farm.boot { nonsense = 1 }", "there is no option")
    breaks("farm.boot { count = 'many' }", "--count is a number")
    breaks("farm.boot { set = { No_Such = 1 } }", "No_Such")
    breaks("farm.boot(5)", "table expected")
    breaks("farm.boot():dance()", "phones have no command \"dance\"")
    breaks("farm.boot():press('6th')", "has no key \"6th\"")
    breaks("farm.boot():press()", "a list of texts")
    breaks("farm.boot():wait()", "wants \"cond\"")
    breaks("farm.boot():wait('idle', 'soon')", "seconds")
    breaks("farm.boot():power('off', 'now', 'please')", "no further argument")
    breaks("farm.boot():wait('idle', {})", "seconds")
    breaks("farm.boot():press({})", "a list of texts")
    breaks("farm.boot():set({No_Such = 1})", "has no parameter \"No_Such\"")
    breaks("error({})", "error of type table")
    breaks("error()", "error of type nil")
    breaks("expect()", "value expected")
    breaks("expect('abc'):contains('d')", "expected to contain")
    breaks("test('x')(5)", "function expected")
    passes("local ok, why = pcall(function() farm.boot():press('6th') end)\n"
           "expect(ok):equals(false) expect(why):contains('6th')")


def a_failure_shows_what_the_phone_said_and_shows():
    boot = "local p = farm.boot { count = 2 } p:wait('registered', 20) "
    for text, n in (("expect(p[2]:screen()):contains('Zebra')", 2),
                    ("expect(p[1]:state().model):equals('x')", 1),
                    ("p[2]:power('off') p:wait('registered', 0.1)", 2)):
        out = breaks(boot + text, f"phone {n}, its last SIP messages:").stdout
        check("messages", re.search(r"--> .* REGISTER sip:.*\n.*<-- .* 401 Unauthorized", out), out)
        check("screen", "its screen:" in out and (n == 2 or "[redial]" in out), out)
    out = breaks("expect(1):equals(2)", "but there is:").stdout
    check("no phone, none shown", "SIP messages" not in out, out)


def tables_give_lists_and_values():
    passes("""
local p = farm.boot { count = 2 }
p:wait("registered", 20)
p:set { Station_Name = "Desk", Register_Expires_1_ = 60 }
expect(p[2]:get("Station_Name").Station_Name):equals("Desk")
expect(p[2]:get { "Register_Expires_1_" }.Register_Expires_1_):equals("60")
p[1]:press { "hook", "1", 2 }
expect(p[1]:screen()):contains("12")
""")


def a_wait_does_not_hold_up_the_farm():
    passes("""
local p = farm.boot { count = 2 }
local ok = pcall(p.wait, p, "unregistered", 0)
p:wait("registered", 20)
local ok, why = pcall(p.wait, p, "screen~never", 0.2)
expect(ok):equals(false)
expect(why):contains("2 of 2 phones")
""")


def a_script_that_never_waits_is_ended():
    breaks("while true do end", "without waiting")
    breaks("while true do pcall(function() while true do end end) end", "without waiting")


def scripts_have_no_way_out_unless_unsafe():
    outside = ("io", "os", "package", "require", "dofile", "loadfile", "load", "debug")
    passes("".join(f"expect({name}):equals(nil)\n" for name in outside))
    marker = os.path.join(FOLDER, "marker")
    passes(f"local f = io.open('{marker}', 'w') f:write('x') f:close()", "--unsafe")
    check("with --unsafe they have", os.path.exists(marker))


def a_picture_of_the_screen_is_a_file_and_needs_unsafe():
    marker = os.path.join(FOLDER, "screen.png")
    script = f"""local p = farm.boot {{ count = 1 }}
        p:wait("registered", 20)
        p[1]:screen {{ png = '{marker}', scale = 2 }}:press('5')
        expect(p[1]:screen {{ text = true }}):contains('5')"""
    breaks(script, "only with --unsafe")
    check("none is written", not os.path.exists(marker))
    passes(script, "--unsafe")
    with open(marker, "rb") as f:
        check("it is a PNG", f.read(4) == b"\x89PNG")
    breaks("farm.boot { count = 1 }[1]:screen { png = '/nowhere/x.png' }", "No such file", "--unsafe")
    breaks("farm.boot { count = 1 }[1]:screen { colour = 'red' }", "colour")


def the_examples_run():
    scenarios = sorted(glob.glob(os.path.join(ROOT, "scripts/scenarios/*.lua")))
    check("there are some", scenarios)
    for path in scenarios:
        result = spafarm("test", "--addr", next(BLOCK), path)
        check(f"{os.path.basename(path)} passes", result.returncode == 0, result.stdout + result.stderr)
        check("it tests something", re.search("^[1-9][0-9]* passed, 0 failed$", result.stdout, re.M),
              result.stdout)
    farms = sorted(glob.glob(os.path.join(ROOT, "scripts/farms/*.lua")))
    check("there are some", farms)
    for path in farms:
        code, output, report = run_to_end(path, "--addr", next(BLOCK), "--until", "registered")
        check(f"{os.path.basename(path)} comes up", code == 0, output)
        check("all of it", report["phones"] == report["registered"] > 1, report)


def farm_files_that_are_wrong_are_exit_2():
    for text, words in (("return 5", "returns a table"), ("return {5}", "row 1"),
                        ("return { { count = 0 } }", "--count"), ("x = = 1", "wrong.lua:1:"),
                        ("return { nonsense = 1 }", "nonsense"), ("error('stop')", "wrong.lua:1: stop"),
                        ("return { { model = 'X' } }", "\"X\""), ("", "returns a table"),
                        ("return io.open('x')", "wrong.lua:1:"),
                        ("return { report = 'x.json' }", "report")):
        path = os.path.join(FOLDER, "wrong.lua")
        with open(path, "w") as f:
            f.write(text)
        result = spafarm("run", path, "--for", "1")
        check(f"{text!r} is exit 2", result.returncode == 2, result)
        check(f"{text!r} is told in one line", words in result.stderr and "wrong.lua" in result.stderr
              and len(result.stderr.splitlines()) == 1, result.stderr)


def a_farm_file_may_say_how_the_farm_comes_up():
    path = os.path.join(FOLDER, "pace.lua")
    with open(path, "w") as f:
        f.write("return { count = 6, rate = 4, ['until'] = 'registered', timeout = '20s' }")
    code, output, report = run_to_end(path, "--addr", next(BLOCK))
    check("it ends when all are there", ran(code) and report["registered"] == 6, output)
    check("at that pace", report["wall_s"] >= 1.2, report["wall_s"])
    with open(path, "w") as f:
        f.write("return { count = 6, rate = 0.01, ['until'] = 'registered' }")
    code, output, report = run_to_end(path, "--addr", next(BLOCK), "--rate", "1000")
    check("the command line wins over ten minutes", ran(code) and report["registered"] == 6, output)
    for text, words in (("rate = 0", "--rate"), ("['for'] = 'soon'", "--for")):
        with open(path, "w") as f:
            f.write("return { " + text + " }")
        result = spafarm("run", path)
        check(f"{text} is exit 2", result.returncode == 2 and words in result.stderr and
              len(result.stderr.splitlines()) == 1, result)


def a_farm_file_reads_like_the_options():
    path = os.path.join(FOLDER, "farm.lua")
    with open(path, "w") as f:
        f.write("return { { model = 'SPA303', count = 2, no_provision = true, "
                "set = { Station_Name = 'A {n}', Register_Expires_1_ = 60, DND_Setting = true } },"
                "{ model = 'SPA525G2', password = 'pw-{user}' } }")
    events = os.path.join(FOLDER, "events")
    code, output, report = run_to_end(path, "--addr", next(BLOCK), "--until", "registered",
                                      "--events", events)
    check("it runs", code == 0, output)
    check("three phones", report["phones"] == 3 and report["provisioned"] == 1, report)
    with open(events) as f:
        granted = {e["n"]: e["expires_s"] for e in map(json.loads, f) if e["ev"] == "register"}
    check("the option is in force", granted[1] == granted[2] == 60 and granted[3] != 60, granted)


main([each_case_has_its_verdict, junit_is_well_formed_and_counts,
      junit_is_well_formed_whatever_a_name_holds, tap_is_tap, files_that_are_no_scripts_are_exit_2,
      the_main_part_is_a_case_of_its_own, several_scripts_add_up, every_command_is_a_method,
      a_long_value_arrives_whole,
      a_script_that_quits_early_does_not_pass, sets_are_indexed_and_iterated,
      farms_boot_one_after_the_other, a_screen_is_looked_at_until_it_has_the_text, options_of_the_command_line_are_defaults,
      failures_are_errors_of_the_script, a_failure_shows_what_the_phone_said_and_shows,
      tables_give_lists_and_values, a_wait_does_not_hold_up_the_farm,
      a_script_that_never_waits_is_ended, scripts_have_no_way_out_unless_unsafe,
      a_picture_of_the_screen_is_a_file_and_needs_unsafe, the_examples_run,
      farm_files_that_are_wrong_are_exit_2, a_farm_file_may_say_how_the_farm_comes_up,
      a_farm_file_reads_like_the_options])
