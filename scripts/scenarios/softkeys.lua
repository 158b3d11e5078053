-- Soft keys by their lists: services of the server, several calls at once, lists above a call,
-- programmable keys.
local lab = farm.lab()
local phones = farm.boot { model = "SPA504G", count = 4 }
local phone, b, c, d = phones[1], phones[2], phones[3], phones[4]
phones:wait("registered", 10)

local function sent(what)
    expect(tostring(phone:trace())):contains(what)
end

local function idle()
    phones:wait("idle", 10)
    for _ = 1, 200 do
        if phone:screen().app == "idle" then return end
        farm.sleep(0.05)
    end
    expect(phone:screen().app):equals("idle")
end

local function hang_up()
    for i = 1, #phones do
        for _ = 1, #phones[i]:state().lines[1].calls do pcall(phones[i].hangup, phones[i]) end
    end
end

local function until_calls(first, second)
    for _ = 1, 100 do
        local calls = phone:state().lines[1].calls
        if calls[1] and calls[1].state == first and calls[2] and calls[2].state == second then
            return
        end
        farm.sleep(0.05)
    end
    expect(phone:state().lines[1].calls):equals(first .. ", " .. second)
end

local function keys(...)
    local have = phone:screen().softkeys
    for i, label in ipairs { ... } do expect(have[i]):equals(label) end
end

test "pickup, group pickup and unpark ask for a number and send their codes" (function()
    phone:press("right", "soft2")
    expect(phone:screen()):contains("Enter Pick Up Number:")
    phone:press("1", "0", "0", "2")
    keys("dial", "delChr", "clear", "cancel")
    phone:press("soft1")
    phone:wait("screen~Not Found", 10)
    sent("INVITE sip:*361002@")
    phone:press("soft2")
    idle()
    phone:press("right", "soft3")
    expect(phone:screen()):contains("Enter Pick Up Group:")
    phone:press("#") -- nothing: the code alone
    phone:wait("screen~Not Found", 10)
    sent("INVITE sip:*37@")
    phone:press("soft2")
    idle()
    phone:press("right", "soft4")
    expect(phone:screen()):contains("Enter Number to UnPark:")
    phone:press("7", "#")
    phone:wait("screen~Not Found", 10)
    sent("INVITE sip:*397@")
    phone:press("soft2")
    idle()
end)

test "a service that is off takes its key away" (function()
    phone:set("Call_Pick_Up_Serv=No")
    phone:press("right")
    keys("lcr", "", "grPick", "unpark")
    phone:press("right")
    phone:set("Call_Pick_Up_Serv=Yes")
end)

test "a call is parked" (function()
    phone:dial("1002")
    b:wait("ringing", 5):answer()
    phone:wait("connected", 5)
    keys("hold", "endCall", "conf", "xfer")
    phone:press("right")
    keys("bxfer", "park", "flash", "")
    phone:press("soft2")
    expect(phone:screen()):contains("Enter Number to Park:")
    expect(phone:screen().title):equals("Holding 1002")
    phone:press("5", "soft1")
    for _ = 1, 100 do
        if tostring(b:trace()):find("INVITE sip:%*385@") then break end
        farm.sleep(0.05)
    end
    expect(tostring(b:trace())):contains("INVITE sip:*385@") -- as the REFER asked
    hang_up()
    idle()
end)

test "toggle goes to the other call, confLx joins them" (function()
    phone:dial("1002")
    b:wait("ringing", 5):answer()
    phone:wait("connected", 5):press("soft1")
    phone:wait("screen~Holding", 5):press("soft3", "1", "0", "0", "3", "#")
    c:wait("ringing", 5):answer()
    until_calls("holding", "connected")
    phone:press("right")
    keys("toggle", "bxfer", "confLx", "xferLx")
    phone:press("soft1")
    until_calls("connected", "holding")
    expect(phone:screen()):contains("1002")
    phone:press("right", "soft3")
    phone:wait("screen~Conference", 5)
    phone:press("soft2")
    idle()
end)

test "xferLx connects the held call with this one" (function()
    phone:dial("1002")
    b:wait("ringing", 5):answer()
    phone:wait("connected", 5):press("hold")
    phone:wait("screen~Holding", 5):dial("1003")
    c:wait("ringing", 5):answer()
    until_calls("holding", "connected")
    phone:press("right", "soft4")
    phone:wait("idle", 10)
    expect(b:screen()):contains("1003")
    hang_up()
    idle()
end)

test "of two ringing calls toggle shows the other" (function()
    b:dial("1001")
    phone:wait("ringing", 5)
    c:dial("1001")
    phone:wait("screen~1002", 5)
    until_calls("ringing", "ringing")
    keys("answer", "ignore", "", "toggle")
    phone:press("soft4")
    expect(phone:screen()):contains("1003")
    phone:press("soft1")
    c:wait("connected", 5)
    hang_up()
    idle()
end)

test "the directory lies above a number that is entered, and gives it" (function()
    phone:press("soft2")
    if phone:screen().softkeys[1] ~= "select" then phone:press("soft2") end
    phone:press("1")
    phone:type("Dora")
    phone:press("soft1")
    phone:type("1004")
    phone:press("soft1", "setup")
    phone:dial("1002")
    b:wait("ringing", 5):answer()
    phone:wait("connected", 5):press("soft4")
    expect(phone:screen()):contains("Enter Number:")
    phone:press("soft2")
    expect(phone:screen().title):equals("Directory")
    phone:press("2")
    d:wait("ringing", 5):answer()
    until_calls("holding", "connected")
    keys("hold", "endCall", "toggle", "xfer")
    phone:press("soft4")
    phone:wait("idle", 10)
    hang_up()
    idle()
end)

test "a star code is picked from a list" (function()
    phone:press("line1")
    phone:press("right", "right")
    keys("", "", "*code", "alpha")
    phone:press("soft3")
    expect(phone:screen().title):equals("Star Codes")
    phone:press("8")
    idle()
    expect(phone:get("DND_Setting").DND_Setting):equals("Yes")
    phone:press("soft4")
    expect(phone:get("DND_Setting").DND_Setting):equals("No")
end)

test "programmable keys have a name and a function" (function()
    phone:set("Programmable_Softkey_Enable=Yes", "PSK_1=fnc=sd;ext=1002@$PROXY;nme=Lobby",
        "PSK_2=fnc=dnd;nme=Quiet", "Idle_Key_List=psk1|1;psk2|2;psk3|3;redial|4;dir|5")
    keys("Lobby", "Quiet", "", "redial")
    phone:press("soft2")
    expect(phone:get("DND_Setting").DND_Setting):equals("Yes")
    phone:press("soft2", "soft1")
    b:wait("ringing", 5)
    phone:press("soft2")
    idle()
    phone:set("Softkey_Navigation_Style=More")
    keys("Lobby", "Quiet", "redial", "more")
    phone:press("soft4")
    keys("dir", "", "", "more")
    phone:press("soft4")
    keys("Lobby")
    phone:set("Programmable_Softkey_Enable=No"):press("setup", "setup")
    keys("redial", "dir", "cfwd", "more")
end)

test "what the phone has kept can be read" (function()
    phone:press("setup", "1", "1", "4")
    expect(phone:screen().title):equals("Call Statistics")
    expect(phone:screen()):contains("Outbound")
    phone:press("soft4", "6")
    expect(phone:screen()):contains("None")
    phone:press("setup")
    phone:reboot()
    phone:wait("registered", 10)
    phone:press("setup", "1", "1", "6")
    expect(phone:screen().title):equals("Reboot History")
    expect(#phone:screen().rows > 1 or phone:screen().rows[1] ~= "None"):equals(true)
    phone:press("setup")
end)

test "languages come with a dictionary" (function()
    phone:set("Dictionary_Server_Script=serv=http://192.0.2.1/;d0=English;x0=en.xml;d1=Deutsch;x1=de.xml")
    phone:press("setup", "1", "9")
    expect(phone:screen().title):equals("Language")
    phone:press("2")
    expect(phone:get("Language_Selection").Language_Selection):equals("Deutsch")
    phone:press("setup")
end)

test "the rocker walks from line to line, or from call to call" (function()
    phone:set { Programmable_Softkey_Enable = "No" }
    phone:dial("1002")
    b:wait("ringing", 5):answer()
    phone:wait("connected", 5):press("line2", "1", "0", "0", "3", "soft1")
    c:wait("ringing", 5):answer()
    until_calls("holding", "connected")
    expect(phone:screen()):contains("1003")
    phone:press("down")
    expect(phone:screen()):contains("Holding")
    expect(phone:screen()):contains("1002")
    phone:press("up")
    expect(phone:screen()):contains("1003")
    phone:press("up", "soft1") -- resume
    until_calls("connected", "holding")
    expect(phone:screen()):contains("1002")
    hang_up()
    idle()
    phone:set { Call_Appearance_Per_Line = "2", Line_ID_Mapping = "Horizontal First" }
    phone:dial("1002")
    b:wait("ringing", 5):answer()
    phone:wait("connected", 5):press("hold", "soft3", "1", "0", "0", "3", "soft1")
    c:wait("ringing", 5):answer()
    until_calls("holding", "connected")
    phone:press("down") -- both on the first line key
    expect(phone:screen()):contains("1003")
    phone:set { Line_Navigation = "Per Call" }
    phone:press("down")
    expect(phone:screen()):contains("1002")
    hang_up()
    idle()
end)
