-- A whole session by keys only: an XML service from the Setup menu, its menu by digit and by arrows,
-- a form by multi-tap, its directory, a call to an entry, hold, an attended transfer, hanging up.
-- --arg site=URL takes another site than the lab's, with the same pages.
local lab = farm.lab()
local site = args.site or lab.http .. "/services"
local phones = farm.boot {
    model = "SPA504G", count = 3,
    set = { XML_Application_Service_URL = site .. "/menu.xml", Sim_Answer_After = "1" }
}
local phone, second, third = phones[1], phones[2], phones[3]
phones:wait("registered", 10)

local function says(text)
    phone:wait("screen~" .. text, 10)
end

-- Presses the soft key that is labelled so.
local function soft(label)
    for i, text in ipairs(phone:screen().softkeys) do
        if text == label then return phone:press("soft" .. i) end
    end
    error("no soft key " .. label .. " on\n" .. tostring(phone:screen()))
end

test "the service opens from the Setup menu" (function()
    phone:press("setup", "up")
    expect(phone:screen()):contains("20 ")
    soft("select")
    says("Lab services")
end)

test "its menu is walked by arrows and digits" (function()
    phone:press("down")
    soft("Select")
    says("This page comes")
    phone:press("down")
    soft("Exit")
    says("1 Directory")
    phone:press("3")
    says("Lab greeting")
end)

test "its form is filled by multi-tap and submitted" (function()
    phone:press("2", "2", "6", "6", "6", "0", "7") -- b, o, space, p
    expect(phone:screen()):contains("bo p")
    soft("<<")
    phone:press("8", "8")
    soft("Submit")
    says("Good day, bo u")
end)

test "its directory dials an entry" (function()
    soft("Exit")
    says("Lab greeting")
    soft("Cancel")
    says("1 Directory")
    phone:press("1")
    says("1 Archive")
    phone:press("down")
    soft("Dial")
    second:wait("ringing", 5)
    says("Called Party Ringing")
    phone:wait("connected", 5) -- it answers by itself after a second
end)

test "the call is held, resumed and transferred" (function()
    phone:press("hold")
    second:wait("held", 5)
    phone:press("hold")
    phone:wait("connected", 5)
    soft("xfer")
    says("Enter Number")
    phone:press("1", "0", "0", "3")
    soft("dial")
    third:wait("ringing", 5)
    says("Connected")
    soft("xfer")
    phone:wait("idle", 10)
    -- the call that was transferred leaves the screen after a while
    while #second:state().lines[1].calls > 1 do farm.sleep(0.05) end
    expect(second:state().lines[1].calls[1].peer):equals("1003")
    expect(third:state().lines[1].calls[1].state):equals("connected")
end)

test "another hangs up, and the service is still there to be left" (function()
    third:press("hook")
    second:wait("idle", 10)
    says("1 Archive")
    soft("Exit")
    says("Lab services")
    soft("Exit")
    expect(phone:screen().app):equals("menu")
    phone:press("setup")
    expect(phone:screen().app):equals("idle")
end)
