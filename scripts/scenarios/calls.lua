-- Call load: pairs of phones call each other at a pace, talk for a while and hang up.
--   spafarm test scripts/scenarios/calls.lua --arg pairs=1000 --arg rate=100 --arg hold=60
-- pairs: calls at a time; rate: calls placed per second; hold: seconds each call is up at least;
-- rounds: how often; hold_button=yes: half-way through, every caller holds and resumes once.
-- Phone options apply: --registrar, --media on, --set Sim_Media_Source="tone 1000", --model …
local pairs_of = tonumber(args.pairs or 10)
local rate = tonumber(args.rate or 100)
local hold = tonumber(args.hold or 0.2)
local rounds = tonumber(args.rounds or 1)

local phones = farm.boot { count = 2 * pairs_of, set = { Sim_Answer_After = "0.05" } }
phones:wait("registered", 120)

local callees = {}
for i = 1, pairs_of do
    callees[i] = phones[2 * i]:state().lines[1].user
end

local function callers(act)
    for i = 1, pairs_of do act(phones[2 * i - 1], i) end
end

for round = 1, rounds do
    local placed, slept = 0, 0
    callers(function(phone, i)
        phone:dial(callees[i])
        placed = placed + 1
        if placed / rate - slept >= 0.02 then
            farm.sleep(placed / rate - slept)
            slept = placed / rate
        end
    end)
    callers(function(phone) phone:wait("connected", 30) end)
    farm.sleep(hold / 2)
    if args.hold_button == "yes" then
        callers(function(phone) phone:hold() end)
        callers(function(phone) phone:wait("held", 30):resume() end)
        callers(function(phone) phone:wait("connected", 30) end)
    end
    farm.sleep(hold / 2)
    -- nobody has lost a call meanwhile
    local up = 0
    for i = 1, 2 * pairs_of do
        local calls = phones[i]:state().lines[1].calls
        if calls[1] and calls[1].state == "connected" then up = up + 1 end
    end
    expect(up):equals(2 * pairs_of)
    callers(function(phone) phone:hangup() end)
    phones:wait("idle", 30)
end

local calls = phones:stats().calls
expect(calls.placed):equals(pairs_of * rounds)
expect(calls.answered):equals(pairs_of * rounds)
expect(calls.failed):equals(0)
