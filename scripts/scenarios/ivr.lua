-- The voice menu of a phone without a screen: its words are the screen's text, and "spoken" events.
local phones = farm.boot { model = "SPA301", count = 1, set = { Dial_Plan_1_ = "(*xx|xxx.)" } }
local phone = phones[1]
phones:wait("registered", 10)

test "four stars off hook open it" (function()
    phone:press("hook", "*", "*", "*", "*")
    expect(phone:screen().app):equals("ivr")
    expect(phone:screen()):contains("Configuration menu")
end)

test "it speaks its address" (function()
    phone:press("1", "1", "0", "#")
    expect(phone:screen()):contains("IP address " .. phone:state().ip)
end)

test "a value is entered, reviewed and saved; it counts from hang-up on" (function()
    phone:press("7", "9", "3", "2", "#", "0", "#")
    expect(phone:screen()):contains("Press 1 to save")
    phone:press("1")
    expect(phone:screen()):contains("Option saved")
    phone:press("hook")
    expect(phone:screen().app):equals("idle")
    expect(phone:get("Enable_Web_Server").Enable_Web_Server):equals("No")
end)
