-- A whole session by keys only: an XML service from the menu or key that opens it, its menu by digit
-- and by arrows, a form by multi-tap, its directory, a call to an entry, hold, an attended transfer,
-- hanging up. --arg model=M takes another phone than a SPA504G, --arg site=URL another site than the
-- lab's, with the same pages.
local lab = farm.lab()
local site = args.site or lab.http .. "/services"
local model = args.model or "SPA504G"
local phones = farm.boot {
    model = model, count = 3,
    set = { XML_Application_Service_URL = site .. "/menu.xml", Sim_Answer_After = "1" }
}
local phone, second, third = phones[1], phones[2], phones[3]
phones:wait("registered", 10)

local function says(text)
    phone:wait("screen~" .. text, 10)
end

-- Presses the soft key that has one of these labels, in the family's spelling, once it is there.
local function soft(...)
    for _ = 1, 200 do
        for _, label in ipairs { ... } do
            for i, text in ipairs(phone:screen().softkeys) do
                if text:lower() == label:lower() then return phone:press("soft" .. i) end
            end
        end
        farm.sleep(0.05)
    end
    error("no soft key " .. table.concat({ ... }, ", ") .. " on\n" .. tostring(phone:screen()))
end

local at_home = "menu" -- what is below the service
local open = {
    ["7960"] = function()
        at_home = "idle"
        phone:press("services")
    end,
    SPA525G2 = function()
        phone:press("setup", "4")
    end,
    default = function() -- the last entry of the setup menu
        phone:press("setup", "up")
        soft("Select")
    end,
}

test "the service opens" (function()
    local how = open[model] or open.default
    how()
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
    soft("Cancel") -- of the form, which is there again
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
    soft("Hold")
    second:wait("held", 5)
    soft("Resume")
    phone:wait("connected", 5)
    soft("Transfer", "xfer", "Trnsfer")
    says("Enter Number")
    phone:press("1", "0", "0", "3")
    soft("Dial", "Call")
    third:wait("ringing", 5)
    second:wait("held", 5)
    third:wait("connected", 5)
    says("1003")
    says("Connected")
    soft("Transfer", "xfer", "Trnsfer")
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
    expect(phone:screen().app):equals(at_home)
    if at_home ~= "idle" then phone:press("setup") end
    expect(phone:screen().app):equals("idle")
end)
