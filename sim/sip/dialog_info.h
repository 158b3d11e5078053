/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Bodies of type application/dialog-info+xml (RFC 4235 4) and the busy lamp they drive
 * (sip-behaviour.md 10). Pure.
 */
#ifndef SIM_SIP_DIALOG_INFO_H
#define SIM_SIP_DIALOG_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/err.h"

enum {
    BLF_BODY_MAX = 65536, /* bytes (ours) */
    BLF_DIALOGS_MAX = 16, /* of one body; more are counted and dropped (ours) */
    BLF_WATCH_MAX = 8,    /* remembered between bodies (ours) */
};

enum blf_direction { BLF_DIRECTION_UNKNOWN, BLF_INITIATOR, BLF_RECIPIENT };

enum blf_dialog_state { /* in the order of a call */
                        BLF_TERMINATED,
                        BLF_TRYING,
                        BLF_PROCEEDING,
                        BLF_EARLY,
                        BLF_CONFIRMED,
};

struct blf_party { /* UTF-8; what does not fit is cut */
    char identity[128], display[64], target[128];
    bool held; /* target parameter +sip.rendering = no */
};

struct blf_dialog {
    char id[64], call_id[128], local_tag[64], remote_tag[64];
    enum blf_direction direction;
    enum blf_dialog_state state;
    struct blf_party local, remote;
};

struct blf_info {
    char entity[128];
    uint32_t version;
    bool full;
    unsigned n, n_dropped; /* dialogs; dropped: over the limit or without a state we know */
    struct blf_dialog dialogs[BLF_DIALOGS_MAX];
};

/**
 * Read a body. Namespaces are not looked at; a missing state attribute means full (DEF).
 * Errors: EBADMSG not XML; EPROTO no dialog-info or no version; E2BIG; ENOMEM. pe says where and
 * why.
 */
int blf_parse(struct blf_info *info, const char *body, size_t len, struct parse_err *pe);

enum blf_lamp { BLF_IDLE, BLF_HELD, BLF_BUSY, BLF_RINGING };

struct blf_watch { /* one monitored line; zeroed when its subscription begins anew */
    bool known;    /* a full state has come */
    uint32_t version;
    uint8_t n;
    struct {
        uint64_t id; /* hash */
        uint8_t state;
        bool held;
    } dialogs[BLF_WATCH_MAX];
};

enum blf_news {
    BLF_APPLIED,
    BLF_STALE, /* version did not grow: ignored */
    BLF_GAP,   /* applied, but something was missed: refresh the subscription (RFC 4235 4.1) */
};

/** Take the dialogs of a body that is about the monitored line. */
enum blf_news blf_watch_apply(struct blf_watch *w, const struct blf_info *info);

/** Section 10: trying, proceeding, early → ringing; confirmed → busy or held. Of several dialogs
 * the one counts that comes last in enum blf_lamp (DEF). */
enum blf_lamp blf_watch_lamp(const struct blf_watch *w);

#endif
