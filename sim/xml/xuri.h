/* SPDX-License-Identifier: BSD-3-Clause */
/* Internal URIs of pages (xml-services.md 5). Pure. */
#ifndef SIM_XML_XURI_H
#define SIM_XML_XURI_H

#include <stdbool.h>
#include <stdint.h>

struct device_model;

enum xuri_kind {
    XURI_WEB, /* http:, https: */
    XURI_KEY,
    XURI_SOFTKEY,
    XURI_INIT,
    XURI_DIAL,
    XURI_EDIT_DIAL,
    XURI_PLAY,
    XURI_QUERY, /* QueryStringParam: */
    XURI_RTP,   /* RTPRx:, RTPTx:, RTPMRx:, RTPMTx: */
    XURI_DEVICE,
    XURI_RESYNC, /* web: the profile rule (provisioning.md 13) */
};

enum { XURI_TEXT_BYTES = 128 };

struct xuri {
    enum xuri_kind kind;
    const char *web;            /* the whole URL, or rule; borrowed */
    char text[XURI_TEXT_BYTES]; /* key of devices/keys.h, digits, file, name */
    bool stop;                  /* Play:Stop, RTP*:Stop */
    bool receive, multicast;    /* RTP */
    bool mpp;                   /* a 6800 reads it */
    char addr[16];
    uint16_t port;  /* 0 = the phone chooses */
    uint8_t volume; /* percent */
};

/**
 * Read a URI as this model does. Errors: EINVAL the syntax is wrong (Response Status 1); ENOTSUP
 * the model or everybody lacks it (Status 6).
 */
int xuri_parse(struct xuri *u, const char *uri, const struct device_model *m);

/** Is it one that the guides name? Of keys they name Headset alone, of Init: CallHistory (5, the
 *  strict reading). */
bool xuri_is_listed(const struct xuri *u);

/** Status of a ResponseItem for an errno of xuri_parse() or a handler (3.12). EALREADY and EBUSY,
 *  of RTP streams, fail the whole request instead: XURI_ERROR | Number of the Error. */
enum { XURI_ERROR = 0x100 };
unsigned xuri_status(int err);

/** What of a number can be dialled: "0-9*#+ABCD", the rest is left out (3.7 [DEF], 5). pauses:
 * commas stay; else the number ends at the first. */
void xuri_dialable(char *out, unsigned size, const char *number, bool pauses);

#endif
