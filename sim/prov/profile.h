/* SPDX-License-Identifier: BSD-3-Clause */
/* Profile bytes → parameters (provisioning.md section 5). Pure. */
#ifndef SIM_PROV_PROFILE_H
#define SIM_PROV_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/err.h"

struct device_model;

struct profile_item { /* borrowed during the handler */
    const char *name;
    const char *value; /* entities resolved, blanks trimmed, newline → blank */
    const char *ua;    /* "na", "ro", "rw"; "" for none or another word */
    bool keep;         /* <X/>: value stays as it is (5.4) */
    int line;
};

typedef void(profile_item_h)(const struct profile_item *item, void *arg);

enum profile_digest { PROFILE_DIGEST_AUTO, PROFILE_DIGEST_MD5, PROFILE_DIGEST_SHA256 };

/** "md5", "sha256"; AUTO for anything else. */
enum profile_digest profile_digest_named(const char *name);

struct profile_facts { /* what a file turned out to be */
    bool encrypted, gzip;
    bool plain_with_key;        /* a key was there and not needed */
    bool aliased;               /* an alias map found elements */
    enum profile_digest digest; /* that fitted, when encrypted */
};

struct profile_options {        /* all zero: no key, strict, `<X/>` keeps the value */
    const char *key;            /* pass phrase of --key, NULL = none */
    enum profile_digest digest; /* AUTO: MD5, then SHA-256 (7.1 R:) */
    bool key_strict;            /* with a key, a plain file is corrupt (not established, 7.1) */
    bool empty_clears;          /* `<X/>` sets the empty string [X 1] */
    bool mend;                  /* what is not well formed is mended (5.5 R:) */
    bool preserve;              /* preserve-value="y" keeps the value (MPP, 5.3) */
    const char *encoding;       /* Content-Encoding of the answer: aes128gcm needs the next (7.2) */
    const char *ikm;            /* IKM_HTTP_Encrypt_Content, its text as it is [DEF]; NULL = none */
    const char *alias;          /* map of --alias (5.6), NULL = none */
    struct profile_facts *facts; /* may be NULL */
};

/**
 * Walk the parameters of a profile in document order: decrypt, unpack, read (7.1 R:).
 *
 * Shape   openssl enc -aes-256-cbc, then gzip, then XML; flat-profile anywhere in the document,
 *         namespaces ignored, BOM and Latin-1 tolerated; elements that the alias map names
 * Errors  EBADMSG not well formed (line, col, text), or the key does not fit; EPROTO well formed
 *         without flat-profile, or a recognised format that phones do not read (binary SPC, plain
 *         text, a web page, an archive …), or an encrypted one without a key; E2BIG more than
 *         16 MiB unpacked, or 64 KiB in one value [DEF]; ENOMEM
 *         Nothing is delivered unless 0 is returned: a phone refuses a bad profile whole.
 */
int profile_parse(const uint8_t *data, size_t len, const struct profile_options *o,
                  profile_item_h *h, void *arg, struct parse_err *pe);

/** What one model took from a profile. */
struct profile_summary {
    unsigned n_items, n_known, n_unknown, n_kept, n_bad_values;
};

#endif
