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

test "a 7960 has hold, end, transfer and conference at hand, and a blind transfer when it asks whom" (function()
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

test "the messages key calls the mailbox beside a call" (function()
    local phone, second, third = boot "SPA504G"
    phone:set { Voice_Mail_Number = number(third) }
    phone:dial(number(second))
    second:wait("ringing", 5):answer()
    phone:wait("connected", 5):press("messages")
    phone:wait("screen~To " .. number(third), 5)
    second:wait("held", 5)
    phone:press("soft2")
    idle(second, phone)
end)
