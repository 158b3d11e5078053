-- Star codes that the phone itself serves, by keys: for all calls, and for the one that follows.
local lab = farm.lab()
local phones = farm.boot { model = "SPA504G", count = 3, set = { Dial_Plan_1_ = "(xxxx)",
    ["SIP_Remote-Party-ID_1_"] = "No", SRTP_Method = "s-descriptor" } }
local phone, b, c = phones[1], phones[2], phones[3]
phones:wait("registered", 10)

local function press(digits)
    for key in digits:gmatch(".") do phone:press(key) end
end

local function idle()
    for i = 1, #phones do
        for _ = 1, 2 do pcall(phones[i].hangup, phones[i]) end
    end
    phones:wait("idle", 10)
    for i = 1, #phones do
        for _ = 1, 200 do
            if phones[i]:screen().app == "idle" then break end
            farm.sleep(0.05)
        end
    end
end

local function get(name)
    return phone:get(name)[name]
end

test "a plan without them takes star codes, too" (function()
    phone:press("speaker")
    press("*78")
    expect(get("DND_Setting")):equals("Yes")
    phone:press("speaker")
    press("*79")
    expect(get("DND_Setting")):equals("No")
end)

test "who calls is hidden for one call, and shown for one" (function()
    phone:press("speaker")
    press("*81")
    expect(phone:screen()):contains("Enter Number:")
    press("1002")
    b:wait("ringing", 5)
    expect(tostring(b:screen())):contains("Anonymous Caller")
    idle()
    phone:dial("1002")
    b:wait("ringing", 5)
    expect(tostring(b:screen())):contains("From 1001")
    idle()
    phone:set { Block_CID_Setting = "Yes" }
    phone:press("speaker")
    press("*82")
    press("1002")
    b:wait("ringing", 5)
    expect(tostring(b:screen())):contains("From 1001")
    idle()
    phone:set { Block_CID_Setting = "No" }
end)

test "one call is not to be disturbed by another" (function()
    phone:press("speaker")
    press("*70")
    press("1002")
    b:wait("ringing", 5):answer()
    phone:wait("connected", 5)
    c:dial("1001")
    c:wait("screen~Busy Here", 5)
    idle()
    phone:dial("1002")
    b:wait("ringing", 5):answer()
    phone:wait("connected", 5)
    c:dial("1001")
    phone:wait("ringing", 5)
    idle()
end)

test "calls are encrypted, all or one" (function()
    phone:press("speaker")
    press("*18")
    press("1002")
    phone:wait("screen~Not Acceptable Here", 5) -- an offer of SRTP alone
    idle()
    phone:dial("1002")
    b:wait("ringing", 5)
    idle()
    phone:press("speaker")
    press("*16")
    expect(get("Secure_Call_Setting")):equals("Yes")
    phone:press("speaker")
    press("*17")
    expect(get("Secure_Call_Setting")):equals("No")
    idle()
end)

test "a held call is transferred by its code" (function()
    phone:dial("1002")
    b:wait("ringing", 5):answer()
    phone:wait("connected", 5):press("line2")
    press("*98")
    expect(phone:screen()):contains("Enter Blind Transfer Target:")
    press("1003")
    c:wait("ringing", 5):answer()
    b:wait("screen~1003", 5)
    idle()
end)

test "a codec comes first for one call, or is the only one" (function()
    local function codec_of(code, number)
        phone:press("speaker")
        press(code)
        expect(phone:screen()):contains("Enter Number:")
        press(number)
        b:wait("ringing", 5):answer()
        phone:wait("connected", 5)
        local codec = phone:state().lines[1].calls[1].codec
        idle()
        return codec
    end
    expect(codec_of("*017111", "1002")):equals("PCMA")
    expect(codec_of("*02729", "1002")):equals("G729a")
    b:set { G722_Enable_1_ = "No" }
    expect(codec_of("*01722", "1002")):equals("PCMU")
    phone:press("speaker")
    press("*02722")
    press("1002")
    phone:wait("screen~Not Acceptable Here", 5)
    idle()
end)

test "whoever is paged answers by himself" (function()
    phone:press("speaker")
    press("*96")
    expect(phone:screen()):contains("Enter Page Target:")
    press("1002")
    phone:wait("connected", 5)
    idle()
    b:set { Auto_Answer_Page = "No" }
    phone:press("speaker")
    press("*96")
    press("1002")
    b:wait("ringing", 5)
    b:set { Auto_Answer_Page = "Yes" }
    idle()
end)

test "somebody who was busy is called back" (function()
    phone:set { Call_Back_Retry_Intvl = "1", Call_Back_Delay = ".1" }
    c:dial("1002")
    b:wait("ringing", 5):answer()
    c:wait("connected", 5)
    b:set { CW_Setting = "No" }
    phone:dial("1002")
    phone:wait("screen~Busy Here", 5)
    pcall(phone.hangup, phone)
    phone:press("speaker")
    press("*66")
    farm.sleep(0.2)
    expect(phone:screen().app):equals("idle")
    expect(phone:state().lamps.line1.pattern):equals("slow")
    expect(tostring(phone:trace())):contains("486 Busy Here")
    c:hangup()
    b:wait("ringing", 5)
    phone:wait("ringing", 5)
    expect(phone:screen()):contains("To 1002")
    phone:press("speaker")
    expect(phone:screen()):contains("Called Party Ringing")
    b:answer()
    phone:wait("connected", 5)
    idle()
    phone:press("soft1")
    expect(phone:screen().rows[1]):equals("1 1002 Cb")
    phone:press("setup", "speaker")
    press("*66")
    b:wait("ringing", 5)
    phone:press("speaker")
    press("*86")
    b:wait("idle", 5)
    b:set { CW_Setting = "Yes" }
    idle()
end)
