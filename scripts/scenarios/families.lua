-- What the phones of the other families have in another place: transfers of a 7960, the messages
-- key in a call.
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
            if phone:screen().app == "idle" then break end
            farm.sleep(0.05)
        end
    end
end

local function number(phone)
    return phone:state().lines[1].user
end

local function keys(phone, ...)
    local have = phone:screen().softkeys
    for i, label in ipairs { ... } do expect(have[i]):equals(label) end
end

test "a 7960: Confrn is at hand, BlndXfr where it asks whom" (function()
    local phone, second, third = boot "7960"
    keys(phone, "Redial", "NewCall", "CFwdAll", "more")
    phone:dial(number(second))
    second:wait("ringing", 5):answer()
    phone:wait("connected", 5)
    keys(phone, "Hold", "EndCall", "Trnsfer", "Confrn")
    phone:press("soft3")
    keys(phone, "Redial", "Cancel", "CFwdAll", "BlndXfr")
    phone:press("1", "0", "0", "3", "soft4")
    third:wait("ringing", 5):answer()
    second:wait("connected", 5)
    expect(third:screen()):contains("1002")
    idle(second, phone, third)
end)

test "a 7960: **# unlocks what its settings have entered" (function()
    local phone = boot "7960"
    phone:press("setup", "3", "4")
    expect(phone:screen()):contains("Locked")
    phone:press("*", "*", "#")
    expect(phone:screen()):contains("Unlocked")
    phone:press("4", "2", "soft1")
    expect(phone:get("HostName").HostName):equals("a")
    phone:press("setup", "setup", "3", "4")
    expect(phone:screen()):contains("Locked")
    phone:press("setup")
end)

test "the messages key calls the mailbox beside a call" (function()
    local phone, second, third = boot "SPA504G"
    phone:set { Voice_Mail_Number = number(third) }
    phone:dial(number(second))
    second:wait("ringing", 5):answer()
    phone:wait("connected", 5):press("messages")
    phone:wait("screen~To " .. number(third), 5)
    second:wait("held", 5)
    phone:press("soft2")
    idle(second, phone, third)
    phone:press("setup", "5", "messages")
    third:wait("ringing", 5)
    idle(phone)
end)

test "a number being dialled is corrected at its cursor" (function()
    local phone, second = boot "SPA504G"
    phone:press("speaker")
    expect(phone:screen()):contains("Enter Number:")
    phone:press("1", "0", "right")
    expect(phone:screen()):contains("Dialing")
    keys(phone, "<", ">", "*code", "alpha")
    phone:press("soft1")
    expect(phone:screen()):contains("1_0")
    phone:press("soft1", "2")
    expect(phone:screen()):contains("2_10")
    phone:press("left", "soft2", "right", "soft2", "soft2")
    expect(phone:screen()):contains("10_")
    phone:press("left", "soft3")
    expect(phone:screen()):contains("Enter Number:")
    phone:press("speaker")
end)

test "a line key takes the dial tone to its line, or back to its call" (function()
    local phone, second, third = boot "SPA504G"
    phone:set { Short_Name_1_ = "first", Short_Name_2_ = "other" }
    phone:press("speaker", "1")
    expect(phone:screen().title):equals("first")
    phone:press("line1")
    expect(phone:screen()):contains("1_")
    phone:press("line2")
    expect(phone:screen().title):equals("other")
    expect(phone:screen()):contains("Enter Number:")
    phone:press("speaker")
    phone:dial(number(second))
    second:wait("ringing", 5):answer()
    phone:wait("connected", 5):press("hold")
    phone:wait("screen~Holding", 5):press("line2", "1")
    second:wait("held", 5)
    phone:press("line1")
    second:wait("connected", 5)
    phone:wait("connected", 5)
    expect(phone:screen().title):equals("Connected")
    third:dial(number(phone))
    phone:wait("ringing", 5)
    idle(second, third, phone)
end)

test "digits entered on hook have a cursor, too" (function()
    local phone, second = boot "SPA504G"
    local a, b, c, d = number(second):match("(.)(.)(.)(.)")
    phone:press(a, c, d, "right")
    keys(phone, "<", ">", "*code")
    phone:press("soft1", "soft1", b)
    expect(phone:screen()):contains(a .. b .. "_" .. c .. d)
    phone:press("soft1", "soft1", "soft1", "5", "left", "soft2")
    expect(phone:screen()):contains("_" .. number(second))
    phone:press("soft1")
    second:wait("ringing", 5)
    idle(second, phone)
end)

test "letters and addresses are entered off hook, too" (function()
    local phone, second = boot "SPA504G"
    phone:press("speaker", "1", "right", "soft4")
    keys(phone, "<", ">", "*code", "IP")
    phone:press("2", "2")
    expect(phone:screen()):contains("1b_")
    phone:press("soft4")
    keys(phone, "<", ">", "*code", "num")
    phone:press("*", "7")
    expect(phone:screen()):contains("1b.7_")
    phone:press("left", "soft1")
    phone:wait("screen~Not Found", 5)
    expect(tostring(phone:trace())):contains("INVITE sip:1b.7@")
    phone:press("soft2")
    idle(phone)
end)

test "flash is an INFO, on the keys of a SPA301 another call and a conference" (function()
    local phone, second = boot "SPA504G"
    phone:dial(number(second))
    second:wait("ringing", 5):answer()
    phone:wait("connected", 5):press("right")
    keys(phone, "bxfer", "park", "flash")
    phone:press("soft3")
    expect(tostring(phone:trace())):contains("INFO sip:")
    idle(phone, second)
    local blind, third, fourth = boot "SPA301"
    blind:press("hook")
    for c in number(third):gmatch(".") do blind:press(c) end
    blind:press("#")
    third:wait("ringing", 5):press("hook")
    blind:wait("connected", 5):press("flash")
    for c in number(fourth):gmatch(".") do blind:press(c) end
    blind:press("#")
    fourth:wait("ringing", 5):press("hook")
    local function calls_are(first, second)
        for _ = 1, 100 do
            local calls = blind:state().lines[1].calls
            if calls[1].state == first and calls[2].state == second then return end
            farm.sleep(0.05)
        end
        error("the calls are not " .. first .. " and " .. second)
    end
    calls_are("holding", "connected")
    third:wait("held", 5)
    blind:press("flash")
    calls_are("connected", "connected")
    idle(third, fourth)
end)

test "the call history tells what was transferred" (function()
    local phone, second, third = boot "SPA504G"
    phone:dial(number(second))
    second:wait("ringing", 5):answer()
    phone:wait("connected", 5):transfer(number(third))
    third:wait("ringing", 5):answer()
    idle(second, third)
    second:press("soft1")
    expect(second:screen().rows[1]):equals("1 " .. number(third) .. " Xfr")
    second:press("setup")
end)
