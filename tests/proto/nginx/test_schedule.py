# SPDX-License-Identifier: BSD-3-Clause
"""Resyncs by the clock: a day of a farm in a minute, and a call that a resync waits for."""
import datetime
import json
import os

from peers import Farm, Nginx, check, main, scratch, wait_for

SCALE = 1440  # a day in a minute


def put(folder, name, text):
    with open(os.path.join(folder, name), "w") as f:
        f.write(text)


def clock(farm):
    """The farm's seconds and a phone's time at one moment, as near as they can be read."""
    readings = []
    for _ in range(10):
        before = farm.call("stats")["wall_s"]
        local = datetime.datetime.fromisoformat(farm.state()["local_time"])
        after = farm.call("stats")["wall_s"]
        readings.append((after - before, (before + after) / 2, local))
    return min(readings)[1:]


def a_day_of_a_thousand_phones_asks_as_its_parameters_say():
    """500 phones every three hours, 500 once a day within two hours of a time of theirs."""
    files, events = scratch(), os.path.join(scratch(), "events.jsonl")
    start = datetime.datetime.now(datetime.timezone.utc)
    at = (start.hour + 4) % 24  # three to four hours of theirs from now
    put(files, "period.xml", "<flat-profile><Resync_Periodic>5400+10800</Resync_Periodic>"
        "<Resync_Error_Retry_Delay>60</Resync_Error_Retry_Delay></flat-profile>")
    put(files, "at.xml", f"<flat-profile><Resync_At__HHmm_>{at:02}00</Resync_At__HHmm_>"
        "<Resync_At_Random_Delay>7200</Resync_At_Random_Delay><Time_Zone>GMT</Time_Zone>"
        "<Resync_Error_Retry_Delay>60</Resync_Error_Retry_Delay></flat-profile>")
    rows = os.path.join(scratch(), "accounts.csv")
    with open(rows, "w") as f:
        f.write("user,profile_rule\n")
        for n in range(1000):
            f.write(f"u{n},http://127.80.255.1:8080/{'at' if n % 2 else 'period'}.xml\n")
    with Nginx("127.80.255.1", files) as nginx, \
            Farm("--count", "1000", "--addr", "127.80.0.0/20", "--accounts", rows, "--time-scale",
                 str(SCALE), "--set", "Line_Enable_1_=No", "--set", "Time_Zone=GMT", "--events",
                 events) as farm:
        farm.call("wait", phones="all", cond="provisioned", timeout=60)
        wall, local = clock(farm)
        select_day = wait_for("a day has passed", lambda: farm.call("stats")["wall_s"] > wall + 61, 90)
        report = farm.report()
        served = len(nginx.requests())
        refused = [line for line in nginx.requests() if " 200 " not in line]
    check("a day", select_day)
    hours, quarters = {"period": [0] * 30, "at": [0] * 30}, [0] * 8
    total = 0
    with open(events) as f:
        for line in f:
            event = json.loads(line)
            if event["ev"] != "fetch":
                continue
            total += 1
            then = local + datetime.timedelta(seconds=(event["t"] - wall) * SCALE)
            if event["t"] <= wall:
                continue  # the boot pass
            if "period" in event["url"]:
                hours["period"][int((event["t"] - wall) * SCALE // 3600)] += 1
            else:
                hours["at"][then.hour] += 1
                quarter = (then.hour - at) % 24 * 4 + then.minute // 15
                if quarter < len(quarters):
                    quarters[quarter] += 1
    check("every request was served", not refused, refused[:3])
    check("the log of nginx and our events agree", abs(served - total) <= 5, (served, total))
    check("the report counts the same", abs(report["fetch"]["ok"] - total) <= 5)
    # settled: each three hours on the average (1.5 h and up to three more), 167 an hour
    for hour in range(10, 24):
        check(f"hour {hour}", 105 <= hours["period"][hour] <= 235, hours["period"])
    check("a day's sum", 3600 <= sum(hours["period"][:24]) <= 4400, hours["period"])
    # once a day, evenly over the two hours behind the set time
    first, second = hours["at"][at], hours["at"][(at + 1) % 24]
    # a second of this machine is 24 minutes here: some may be seen outside the window's ends
    outside = sum(hours["at"]) - first - second
    near = hours["at"][(at - 1) % 24] + hours["at"][(at + 2) % 24]
    check("all within the window", outside == near <= 10 and 500 <= sum(hours["at"]) <= 525,
          hours["at"])
    check("evenly", 190 <= first <= 310 and 190 <= second <= 310, hours["at"])
    check("in each quarter of an hour, too", all(25 <= n <= 105 for n in quarters), quarters)
    print(f"each hour from the start, by Resync_Periodic: {hours['period'][:24]}")
    print(f"each hour of the day, by Resync_At {at:02}00: {hours['at'][:24]}; quarters: {quarters}")


def a_resync_waits_until_the_call_has_ended():
    files = scratch()
    put(files, "new.xml", "<flat-profile><Station_Name>New</Station_Name></flat-profile>")
    url = "http://127.80.255.2:8080/new.xml"
    with Nginx("127.80.255.2", files) as nginx, Farm("--count", "2", "--addr", "127.80.32.0/24") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=60)
        farm.call("dial", phones="1", number="1002")
        farm.call("wait", phones="2", cond="ringing", timeout=30)
        farm.call("answer", phones="2")
        farm.call("wait", phones="1-2", cond="connected", timeout=30)
        farm.call("resync", phones="1", url=url)
        farm.call("resync", phones="2", url=url)
        wait_for("both wait", lambda: all(
            farm.state(n)["provisioning"]["state"] == "held" for n in (1, 2)))
        left = farm.state(1)["provisioning"]["next_resync_s"]
        check("for Forced_Resync_Delay at most", 14300 < left <= 14400, left)
        check("nobody was asked", not nginx.requests(), nginx.requests())
        farm.call("hangup", phones="1")
        wait_for("then both resync", lambda: len(nginx.requests()) == 2)
        wait_for("and have the new profile", lambda: "New" in
                 str(farm.call("get", phones="2", names=["Station_Name"])))


def a_resync_waits_no_longer_than_its_limit():
    files = scratch()
    put(files, "new.xml", "<flat-profile><GPP_A>New</GPP_A></flat-profile>")
    with Nginx("127.80.255.3", files) as nginx, \
            Farm("--count", "2", "--addr", "127.80.33.0/24", "--set", "Forced_Resync_Delay=2") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=60)
        farm.call("dial", phones="1", number="1002")
        farm.call("wait", phones="2", cond="ringing", timeout=30)
        farm.call("answer", phones="2")
        farm.call("wait", phones="1-2", cond="connected", timeout=30)
        farm.call("resync", phones="1", url="http://127.80.255.3:8080/new.xml")
        wait_for("the request comes", lambda: len(nginx.requests()) == 1)
        check("the call goes on: nothing that reboots has changed",
              farm.line(1)["calls"][0]["state"] == "connected", farm.line(1)["calls"])


main([a_day_of_a_thousand_phones_asks_as_its_parameters_say,
      a_resync_waits_until_the_call_has_ended, a_resync_waits_no_longer_than_its_limit])
