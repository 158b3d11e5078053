/* SPDX-License-Identifier: BSD-3-Clause */
/* What the Info page says of extensions and calls (provisioning.md 15.1, devices.md 14). What
 * nobody measures here is there, and empty: decode and end system delay, bursts and the quality
 * they make. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/phone/sound.h"
#include "sim/prov/local_time.h"
#include "sim/sip/nat.h"

struct out {
    const struct phone_info_sink *sink;
    char group[40];
};

static void put(const struct out *o, const char *name, const char *value)
{
    o->sink->put(o->group, name, value, o->sink->arg);
}

static void ext_status(const struct phone *ph, unsigned n, const struct phone_info_sink *sink)
{
    const struct phone_line *pl = &ph->lines[n - 1];
    struct ua_reg_status st = {.state = UA_REG_OFF};
    char at[32] = "", next[16] = "0", port[8] = "";
    struct out o = {.sink = sink};

    snprintf(o.group, sizeof(o.group), "Info/Ext_%u_Status", n);
    if (pl->registered_at_s)
        phone_print_moment(at, sizeof(at), local_time_s(ph->params, pl->registered_at_s));
    if (pl->ua) {
        phone_line_status(ph, n, &st);
        snprintf(next, sizeof(next), "%u", (unsigned)st.next_s);
        snprintf(port, sizeof(port), "%u", ntohs(ua_line_contact(pl->ua).sin_port));
    }
    put(&o, "Registration_State", st.state == UA_REG_OK ? "Registered" : "Not Registered");
    put(&o, "Last_Registration_At", at);
    put(&o, "Next_Registration_In_Seconds", next);
    put(&o, "Message_Waiting", pl->message_waiting ? "Yes" : "No");
    put(&o, "Mapped_SIP_Port", port);
    if (ph->model->family == FAMILY_SPA525)
        put(&o, "Hoteling_State", "");
}

/* The vocabulary of devices.md 14 [DICT]. */
const char *phone_call_tone(const struct phone *ph, const struct phone_call *pc)
{
    static const char *const names[][2] = {
        {"Dial_Tone", "Dial"},        {"Outside_Dial_Tone", "Outside Dial"},
        {"MWI_Dial_Tone", "MWI"},     {"Busy_Tone", "Busy"},
        {"Reorder_Tone", "Reorder"},  {"Ring_Back_Tone", "Ring Back"},
        {"Call_Waiting_Tone", "CWT"}, {"Holding_Tone", "Hold"}};
    struct phone_sound s;

    if (pc != phone_calls_focus(ph))
        return "None";
    phone_sound(ph, &s);
    if (s.kind == PHONE_RING)
        return pc->call_back ? "Ring - Callback" : "Ring";
    for (size_t i = 0; s.kind == PHONE_TONE && i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(s.name, names[i][0]) == 0)
            return names[i][1];
    }
    return "None";
}

/* The numbers of a call; there are none without one. */
static void call_numbers(const struct out *o, const struct phone_call_view *v)
{
    const bool has = v && v->has_media;
    const uint64_t rx = has ? v->rx_packets : 0;
    const int64_t lost = has && v->rx_lost > 0 ? v->rx_lost : 0;
    const struct {
        const char *name;
        int decimals;
        const char *unit;
        double value;
        bool known;
    } rows[] = {
        {"Packets_Sent", 0, "", has ? v->tx_packets : 0, has},
        {"Packets_Recv", 0, "", has ? v->rx_packets : 0, has},
        {"Bytes_Sent", 0, "", has ? v->tx_bytes : 0, has},
        {"Bytes_Recv", 0, "", has ? v->rx_bytes : 0, has},
        {"Decode_Latency", 0, "", 0, false},
        {"Jitter", 0, " ms", has ? v->jitter_ms : 0, has},
        {"Round_Trip_Delay", 0, " ms", has ? v->round_trip_ms : 0, has && v->remote_reports},
        {"Packets_Lost", 0, "", (double)lost, has},
        {"Packet_Error", 0, "", has ? v->rx_bad : 0, has},
        {"Mapped_RTP_Port", 0, "", has ? v->local_port : 0, has},
        {"End_System_Delay", 0, "", 0, false},
        {"Loss_Rate", 1, "", rx ? 100.0 * (double)lost / (double)(rx + (uint64_t)lost) : 0, rx > 0},
        {"Discard_Rate", 0, "", 0, false},
        {"Burst_Duration", 0, "", 0, false},
        {"Gap_Duration", 0, "", 0, false},
        {"R_Factor", 0, "", 0, false},
        {"MOS-LQ", 0, "", 0, false},
        {"MOS-CQ", 0, "", 0, false},
        {"Media_Loopback", 0, "", 0, false},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[32] = "";
        if (rows[i].known)
            snprintf(text, sizeof(text), "%.*f%s", rows[i].decimals, rows[i].value, rows[i].unit);
        put(o, rows[i].name, text);
    }
}

static const struct phone_call *call_at(const struct phone *ph, unsigned line, unsigned m)
{
    for (const struct phone_call *pc = ph->calls ? ph->calls->list : NULL; pc; pc = pc->next) {
        if (pc->line == line && phone_call_live(pc) && --m == 0)
            return pc;
    }
    return NULL;
}

static void call_status(const struct phone *ph, unsigned line, unsigned m,
                        const struct phone_info_sink *sink)
{
    const struct phone_call *pc = call_at(ph, line, m);
    struct phone_call_view v = {.seconds = 0};
    struct out o = {.sink = sink};
    char seconds[16];

    if (pc)
        phone_call_view(pc, &v);
    snprintf(o.group, sizeof(o.group), "Info/Line_%u_Call_%u_Status", line, m);
    snprintf(seconds, sizeof(seconds), "%u", (unsigned)v.seconds);
    put(&o, "Call_State", pc ? phone_call_state_name(pc) : "Idle");
    put(&o, "Tone", pc ? phone_call_tone(ph, pc) : "None");
    put(&o, "Encoder", v.codec ? v.codec : "");
    put(&o, "Decoder", v.codec ? v.codec : "");
    put(&o, "Type", !pc ? "" : pc->outgoing ? "Outbound" : "Inbound");
    put(&o, "Remote_Hold", v.held ? "Yes" : "No");
    put(&o, "Callback", pc && pc->call_back ? "Yes" : "No");
    put(&o, "Peer_Name", pc ? pc->name : "");
    put(&o, "Peer_Phone", pc ? pc->number : "");
    put(&o, "Duration", seconds);
    call_numbers(&o, pc ? &v : NULL);
}

void phone_info_lines(const struct phone *ph, const struct phone_info_sink *sink)
{
    for (unsigned n = 1; n <= ph->model->n_lines; n++)
        ext_status(ph, n, sink);
    for (unsigned n = 1; n <= ph->model->n_lines; n++) {
        for (unsigned m = 1; m <= CALLS_PER_KEY; m++)
            call_status(ph, n, m, sink);
    }
}
