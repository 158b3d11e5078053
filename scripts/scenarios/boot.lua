-- Phones power on, fetch their profile and register; the idle screen shows the account.
local phones = farm.boot { model = "SPA504G", count = 3 }

test "every phone is provisioned and registered" (function()
    phones:wait("provisioned", 10)
    phones:wait("registered", 10)
end)

test "the screen shows the line and its soft keys" (function()
    expect(phones[1]:screen()):contains("1001")
    expect(phones[1]:screen().softkeys[1]):equals("redial")
end)

test "the lamp of line 1 is green" (function()
    phones:wait("lamp:line1=green", 5)
end)
