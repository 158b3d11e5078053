-- The plug is pulled and put back; a soft key toggles Do Not Disturb.
local phone = farm.boot { model = "SPA525G2" }
phone:wait("registered", 10)

test "a phone without power shows nothing and comes back" (function()
    phone:power("off")
    expect(phone:state().power):equals(false)
    phone:power("on")
    phone:wait("registered", 10)
end)

test "a parameter set as on the web page is in force" (function()
    phone:set("Station_Name=Front Desk")
    expect(phone:get("Station_Name").Station_Name):equals("Front Desk")
    phone:wait("screen~Front Desk", 5)
end)

test "a resync fetches the profile again" (function()
    phone:resync()
    phone:wait("provisioned", 10)
end)
