-- An office: reception with big phones, desks, a few in the store room.
return {
    { model = "SPA525G2", count = 2,  set = { Station_Name = "Reception" } },
    { model = "SPA504G",  count = 12, set = { Register_Expires_1_ = 600 } },
    { model = "SPA303",   count = 4 },
}
