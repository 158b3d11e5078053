-- The same day of a user on each family, by keys alone: what a soft key says is looked for on all
-- its pages, what a menu says in its list.
local lab = farm.lab()

local function boot(model)
    local phones = farm.boot { model = model, count = 3 }
    phones:wait("registered", 10)
    return phones[1], phones[2], phones[3]
end

local function idle(...)
    for _, phone in ipairs { ... } do
        for _ = 1, 3 do pcall(phone.hangup, phone) end
        phone:wait("idle", 10)
        for _ = 1, 200 do
            local app = phone:screen().app
            if not app or app == "" or app == "idle" then break end
            farm.sleep(0.05)
        end
    end
end

local function number(phone)
    return phone:state().lines[1].user
end

local users = {
    SPA303 = {}, SPA504G = {},
    SPA525G2 = { speed = { "User Preferences", "Call Preferences", "Speed Dial" },
        directory = { "Directories" },
        preferences = { "User Preferences", "Call Preferences", "Preferences" },
        forward = { "User Preferences", "Call Preferences", "Call Forward" },
        tones = { "User Preferences", "Audio Preferences", "Ring Tone" },
        reboot = { "Device Administration", "Reboot" },
        reset = { "Device Administration", "Factory Reset" } },
    ["6851"] = { speed = { "Speed dials" },
        directory = { "Directories" },
        history = { "Recents", "Redial List" },
        preferences = { "User preferences", "Call preferences" },
        forward = { "User preferences", "Call preferences", "Call forwarding" },
        tones = { "User preferences", "Ringtone" },
        reboot = { "Device administration", "Reboot" },
        reset = { "Device administration", "Factory reset" } },
    WIP310 = { off_hook = "call", on_hook = "end", setup = "select",
        speed = { "Settings", "Speed Dial" }, directory = { "Phone Book" },
        preferences = { "Settings", "Call Preferences" },
        forward = { "Settings", "Call Forwarding" },
        tones = { "Settings", "Ringtone" },
        reboot = { "Settings", "Restart" }, reset = { "Settings", "Factory Reset" } },
}
users["7960"] = { directory = { "Personal Directory" }, history = { "Placed Calls" },
    directories = "directory", tones = { "Ring Type" } }
local mono = { off_hook = "speaker", on_hook = "speaker", setup = "setup",
    speed = { "Speed Dial" }, directory = { "Directory" },
    history = { "Call History", "Redial List" }, preferences = { "Preferences" },
    forward = { "Call Forward" }, tones = { "Ring Tone" },
    reboot = { "Reboot" }, reset = { "Factory Reset" } }

local function same(text, ...)
    for _, other in ipairs { ... } do
        if text:lower() == other:lower() then return true end
    end
    return false
end

-- Press the soft key that says one of these, on whatever page it is.
local function soft(phone, ...)
    for _ = 1, 6 do
        local more
        for i, label in ipairs(phone:screen().softkeys) do
            if same(label, ...) then return phone:press("soft" .. i) end
            if same(label, "more") then more = "soft" .. i end
        end
        pcall(phone.press, phone, more or "right")
    end
    error("no soft key says " .. table.concat({ ... }, " or ") .. ": " .. tostring(phone:screen()))
end

-- Highlight the entry that begins so.
local function point(phone, title)
    for _ = 1, 40 do
        local screen = phone:screen()
        local text = screen.rows[screen.selected] or ""
        text = text:gsub("^%d+ ", "")
        if text:sub(1, #title) == title or (#text > 9 and title:sub(1, #text) == text) then
            return
        end
        phone:press("down")
    end
    error("no entry " .. title .. ": " .. tostring(phone:screen()))
end

local function leave(phone, user)
    for _ = 1, 10 do
        if phone:screen().app == "idle" then return end
        phone:press(user.setup == "setup" and "setup" or "end")
    end
    error("no way out: " .. tostring(phone:screen()))
end

local function open_menu(phone, user, path)
    leave(phone, user)
    phone:press(path == user.tones and user.setup or user.directories or user.setup)
    for _, title in ipairs(path) do
        point(phone, title)
        soft(phone, "select")
    end
end

local function digits(phone, text)
    for key in text:gmatch(".") do phone:press(key) end
end

-- Until the display says so: a title, and a row that has the text.
local function sees(phone, title, text)
    for _ = 1, 100 do
        local screen = phone:screen()
        for _, row in ipairs(screen.rows) do
            if screen.title == title and row:find(text, 1, true) then return end
        end
        farm.sleep(0.05)
    end
    error("not " .. title .. " " .. text .. ": " .. tostring(phone:screen()))
end

local function talk(phone, user, other)
    other:wait("ringing", 5):press(user.off_hook)
    sees(phone, "Connected", number(other))
end

for _, model in ipairs { "SPA303", "SPA504G", "SPA525G2", "6851", "7960", "WIP310" } do
    local user = setmetatable(users[model], { __index = mono })
    local phone, second, third
    local function day(name, run)
        test(model .. ": " .. name)(function()
            if not phone then phone, second, third = boot(model) end
            local ok, why = pcall(run)
            idle(second, phone, third)
            if not ok then error(why, 0) end
        end)
    end

    local old = model == "7960" -- no speed dials, no preferences
    local function unless(is, name, run)
        if not is then day(name, run) end
    end

    unless(old, "a call from a speed dial", function()
        open_menu(phone, user, user.speed)
        soft(phone, "edit")
        digits(phone, number(second))
        soft(phone, "ok", "save")
        expect(phone:screen()):contains("2 " .. number(second))
        soft(phone, "dial", "call")
        talk(phone, user, second)
        soft(phone, "endCall")
        idle(second, phone)
        digits(phone, "2")
        phone:press(user.off_hook)
        talk(phone, user, second)
    end)

    day("a call from the history", function()
        phone:dial(number(second))
        second:wait("ringing", 5)
        phone:hangup()
        second:wait("idle", 5)
        open_menu(phone, user, user.history)
        point(phone, number(second))
        soft(phone, "dial", "call")
        talk(phone, user, second)
    end)

    day("a call from the directory", function()
        open_menu(phone, user, user.directory)
        point(phone, "New Entry")
        soft(phone, "select")
        digits(phone, "2")
        phone:press("down")
        digits(phone, number(third))
        soft(phone, "save", "ok")
        point(phone, "a")
        soft(phone, "dial", "call")
        talk(phone, user, third)
    end)

    -- Off hook for another call while one is held.
    local function call_another(other, ...)
        soft(phone, ...)
        digits(phone, number(other))
        soft(phone, "dial", "call")
        talk(phone, user, other)
    end
    local function begin()
        phone:press(user.off_hook)
        digits(phone, number(second))
        soft(phone, "dial", "call")
        talk(phone, user, second)
    end

    day("hold, a second call, back to the first", function()
        begin()
        soft(phone, "hold")
        expect(phone:screen()):contains("Trying to Hold")
        phone:wait("screen~Holding", 5)
        call_another(third, "newCall")
        soft(phone, "hold")
        phone:wait("screen~Holding", 5)
        third:wait("held", 5)
        second:wait("held", 5)
        phone:press("down")
        soft(phone, "resume")
        phone:wait("connected", 5)
        soft(phone, "endCall")
        farm.sleep(0.1)
        soft(phone, "resume")
        phone:wait("connected", 5)
        soft(phone, "endCall")
    end)

    day("a conference", function()
        begin()
        call_another(third, "conf", "Confrn")
        soft(phone, "conf", "Confrn")
        phone:wait("screen~Conference", 5)
        second:wait("connected", 5)
        third:wait("connected", 5)
        soft(phone, "endCall")
        second:wait("idle", 10)
        third:wait("idle", 10)
    end)

    day("a transfer after a word, and one without", function()
        begin()
        call_another(third, "xfer", "Transfer", "Trnsfer")
        soft(phone, "xfer", "Transfer", "Trnsfer")
        phone:wait("idle", 10)
        second:wait("screen~" .. number(third), 5)
        third:wait("screen~" .. number(second), 5)
        idle(second, third)
        begin()
        if old then soft(phone, "Trnsfer") else soft(phone, "bxfer", "BlindXfer") end
        digits(phone, number(third))
        if old then soft(phone, "BlndXfr") else soft(phone, "dial", "call") end
        talk(second, user, third)
        phone:wait("idle", 10)
        second:wait("screen~" .. number(third), 5)
    end)

    unless(old, "calls are forwarded, and are not any more", function()
        open_menu(phone, user, user.forward)
        soft(phone, "select")
        digits(phone, number(third))
        soft(phone, "save", "ok")
        leave(phone, user)
        if model ~= "WIP310" then
            expect(phone:screen()):contains("Calls Forwarded")
        end
        second:dial(number(phone))
        third:wait("ringing", 5)
        second:hangup()
        idle(second, third)
        open_menu(phone, user, user.forward)
        soft(phone, "select")
        if model == "WIP310" then
            for _ = 1, 4 do soft(phone, "delChar") end
        else
            soft(phone, "clear")
        end
        soft(phone, "save", "ok")
        leave(phone, user)
        second:dial(number(phone))
        phone:wait("ringing", 5)
        second:hangup()
    end)

    day("nobody disturbs", function()
        if model == "WIP310" then
            open_menu(phone, user, user.preferences)
            point(phone, "Do not disturb")
            soft(phone, "select")
            soft(phone, "y/n")
            soft(phone, "save", "ok")
            leave(phone, user)
        else
            soft(phone, "dnd")
        end
        second:dial(number(phone))
        second:wait("screen~Busy Here", 5)
        idle(second)
        phone:set { DND_Setting = "No" }
    end)

    day("a missed call, its banner and its list", function()
        second:dial(number(phone))
        phone:wait("ringing", 5)
        second:hangup()
        phone:wait("idle", 5)
        expect(phone:screen()):contains("1 New Missed Call")
        soft(phone, "miss", "Missed")
        point(phone, number(second))
        leave(phone, user)
        expect(tostring(phone:screen()):find("Missed")):equals(nil)
    end)

    day("louder, and another ring tone", function()
        local before = tonumber(phone:get("Ringer_Volume").Ringer_Volume)
        phone:press("volup")
        expect(tonumber(phone:get("Ringer_Volume").Ringer_Volume)):equals(before + 1)
        open_menu(phone, user, user.tones)
        soft(phone, "select")
        phone:press("down")
        soft(phone, "select")
        leave(phone, user)
        expect(phone:get("Default_Ring__1__").Default_Ring__1__):equals("2")
    end)

    unless(old, "a setting is changed, and lost by a factory reset", function()
        open_menu(phone, user, user.preferences)
        point(phone, "Block")
        soft(phone, "select")
        soft(phone, "y/n")
        soft(phone, "save", "ok")
        leave(phone, user)
        expect(phone:get("Block_CID_Setting").Block_CID_Setting):equals("Yes")
        open_menu(phone, user, user.reboot)
        soft(phone, "ok")
        expect(phone:screen().app):equals("boot")
        phone:wait("registered", 20)
        expect(phone:get("Block_CID_Setting").Block_CID_Setting):equals("Yes")
        open_menu(phone, user, user.reset)
        soft(phone, "ok")
        farm.sleep(0.5)
        expect(phone:get("Block_CID_Setting").Block_CID_Setting):equals("No")
        phone:wait("registered", 20)
    end)
end

-- A phone without a display: what its keys do is told by its calls, its parameters, its lamp.
test "SPA301: calls, forwards and do not disturb without a display" (function()
    local phone, second, third = boot "SPA301"
    local function get(name) return phone:get(name)[name] end
    local function off_hook(text)
        phone:press("hook")
        digits(phone, text .. "#")
    end
    phone:set { Speed_Dial_2 = number(second) }
    off_hook("2")
    second:wait("ringing", 5):press("hook")
    phone:wait("connected", 5):press("hold")
    for _ = 1, 100 do
        if phone:state().lamps.message.pattern == "slow" then break end
        farm.sleep(0.05)
    end
    expect(phone:state().lamps.message.pattern):equals("slow")
    phone:press("hold")
    second:wait("connected", 5)
    phone:press("hook")
    idle(second, phone)
    phone:press("redial")
    second:wait("ringing", 5):press("hook")
    phone:wait("connected", 5):press("flash")
    digits(phone, "*98")
    digits(phone, number(third) .. "#")
    third:wait("ringing", 5):press("hook")
    second:wait("connected", 5)
    phone:wait("idle", 10)
    idle(second, third)
    off_hook("*72" .. number(third))
    expect(get("Cfwd_All_Dest")):equals(number(third))
    phone:wait("idle", 5)
    off_hook("*73")
    expect(get("Cfwd_All_Dest")):equals("")
    off_hook("*78")
    second:dial(number(phone))
    phone:wait("idle", 5)
    idle(second)
    off_hook("*79")
    second:dial(number(phone))
    phone:wait("ringing", 5):press("hook")
    second:wait("connected", 5)
    phone:press("hook")
    idle(second, phone)
    off_hook("*69")
    second:wait("ringing", 5)
    phone:press("hook")
    idle(second, phone)
    phone:press("volup")
    expect(get("Ringer_Volume")):equals("10")
    off_hook("****732668")
    phone:press("1", "#", "hook")
    phone:wait("registered", 20)
    expect(get("Ringer_Volume")):equals("10")
    off_hook("****73738")
    phone:press("1", "#", "hook")
    farm.sleep(0.5)
    expect(get("Ringer_Volume")):equals("9")
end)
