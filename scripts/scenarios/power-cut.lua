-- The morning after a power cut: all phones lose power at once, are dark for a moment, and come back
-- within a second, each after its boot and its random delay. (Real ones take 9 s and up to 40 s more;
-- here both are short.)
local COUNT = 40
local phones = farm.boot {
    model = "SPA504G", count = COUNT, boot = "real",
    set = { Sim_Boot_Resync_Seconds = 0.1, Sim_Boot_Seconds = 0.2, Resync_Random_Delay = 0 },
}
phones:wait("registered", 30)

test "a cut silences every phone at once" (function()
    phones:power_cycle { off = 0.5, spread = 1 }
    for _, phone in pairs(phones) do
        expect(phone:state().power):equals(false)
    end
end)

test "all of them come back, provisioned and registered" (function()
    phones:wait("provisioned", 30)
    phones:wait("registered", 30)
end)

test "the servers were asked as often as phones booted" (function()
    local fetch = phones:stats().fetch
    expect(fetch.requests):equals(2 * 2 * COUNT) -- two boots of two files
    expect(fetch.connections.opened):equals(2 * 2 * COUNT)
    for _, class in ipairs(fetch.classes) do
        expect(class.requests):equals(2 * COUNT)
        expect(class.statuses["200"]):equals(2 * COUNT)
    end
end)
