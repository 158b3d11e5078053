-- A building whose power comes back: every phone boots as slow as a real one (9 s) and waits a random
-- time of up to Resync_Random_Delay * 20 s before it asks its server. Played ten times as fast
-- (--time-scale 1 for the real thing), with the plugs put in within two seconds:
--
--   spafarm run scripts/farms/power-cut.lua --spread 2 --until registered --report r.json --series r.csv
--   spafarm report r.json --html r.html
--
-- While it runs, once more: dark for half a minute, then 50 phones a second, so many within 10 s:
--
--   spafarm ctl power-cycle all --off 30 --rate 50 --ramp 10
local set = { Resync_Random_Delay = 2, Register_Expires_1_ = 600 }
return {
    { model = "SPA504G",  count = 180, boot = "real", time_scale = 10, set = set },
    { model = "SPA525G2", count = 40,  boot = "real", set = set },
    { model = "SPA303",   count = 20,  boot = "real", set = set },
}
