/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Boot files of the 7940 and 7960 (provisioning.md 17.2): SIPDefault.cnf and SIP<MAC>.cnf, also
 * SEP<MAC>.cnf.xml and dialplan.xml. Their settings are told by the names that the SPA phones have
 * for them [DEF], those without one by their own. Pure.
 */
#ifndef SIM_PROV_CNF_H
#define SIM_PROV_CNF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/prov/profile.h"

/** Is this one of those files, and no flat profile? */
bool cnf_is(const uint8_t *data, size_t len);

/**
 * Deliver what the file sets: all of it, or nothing.
 *
 * Shape   text: key: value, quoted or not, "; comment" behind it, # lines; the last of equal keys
 *         counts; other lines are told under a name that nobody knows. XML: device, DIALTEMPLATE
 * Errors  EBADMSG not well formed, empty or binary; E2BIG more than 4096 settings; ENOMEM
 */
int cnf_parse(const uint8_t *data, size_t len, const struct device_model *m, profile_item_h *h,
              void *arg, struct parse_err *pe);

/** Dial templates as a dial plan of the SPA phones: "." is a digit, "*" one or more [DEF], Timeout
 *  the sequence's own timer. *plan is malloc()ed. What has no counterpart there (letters, Rewrite)
 *  goes to h, which may be NULL. Errors as above, and what h returned. */
typedef int(cnf_dropped_h)(const char *what, int line, void *arg);
int cnf_dialplan(char **plan, const char *text, size_t len, cnf_dropped_h *h, void *arg,
                 struct parse_err *pe);

/* in the order in which a phone asks for them [U] [DEF] */
enum cnf_file {
    CNF_SYNC,     /* syncinfo.xml, only when told to look (check-sync) */
    CNF_OS79XX,   /* OS79XX.TXT */
    CNF_SEP,      /* SEP<MAC>.cnf.xml */
    CNF_DEFAULT,  /* SIPDefault.cnf */
    CNF_PHONE,    /* SIP<MAC>.cnf, in tftp_cfg_dir */
    CNF_DIALPLAN, /* what dial_template names */
    CNF_FILES
};

/** SYNC of the first IMAGE for this firmware version, or for "*"; "" = there is none. Errors:
 *  EBADMSG not well formed; ENOMEM. */
int cnf_sync(char *sync, size_t size, const uint8_t *data, size_t len, const char *version,
             struct parse_err *pe);

/** Name to ask for, "" = nothing to ask for. Names have no leading slash. */
void cnf_file_name(char *buf, size_t size, enum cnf_file file, const uint8_t mac[6],
                   const char *cfg_dir, const char *dial_template);

#endif
