/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The parameter values of one phone. Only what differs from the model's default is stored, and
 * equal texts are shared by all phones of a farm (strpool).
 */
#ifndef SIM_PROV_PARAMS_H
#define SIM_PROV_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "devices/pages.h"
#include "devices/params.h"

struct device_identity;
struct strpool;
struct param_set;

/** One pool per farm; mem_deref() drops it (sets hold references). */
int strpool_alloc(struct strpool **sp);

int param_set_alloc(struct param_set **psp, const struct device_model *m, struct strpool *pool);

/** The phone they are of, borrowed: some defaults follow its firmware. NULL, as at first: the
 *  newest. */
void param_set_owner(struct param_set *ps, const struct device_identity *id);

/** What the value is as the phone leaves the factory. */
const char *param_factory(const struct param_set *ps, enum param_id id, uint16_t index);

/** Value in force, never NULL. index as in devices/params.h (0 for PHONE scope). Borrowed until the
 *  parameter changes. */
const char *param_get(const struct param_set *ps, enum param_id id, uint16_t index);

/** Is it one of GPP_SA to SD on a phone of the SPA500 series that has none, as it is told [X 10]?
 */
bool param_lacks(const struct param_set *ps, enum param_id id);

/** Readings of that value; unparsable text reads as the default, booleans in any spelling of 5.1.
 */
bool param_bool(const struct param_set *ps, enum param_id id, uint16_t index);
uint32_t param_u32(const struct param_set *ps, enum param_id id, uint16_t index);
uint32_t param_ms(const struct param_set *ps, enum param_id id,
                  uint16_t index); /* decimal s → ms */

enum param_source {
    PARAM_FROM_PROFILE, /* leaves alone what the command line has set */
    PARAM_FROM_OPTION,  /* --set: no profile changes it from then on */
    PARAM_FROM_USER,    /* web page, keypad, the command "set": a later profile may change it */
};

/**
 * Set; EINVAL when the text does not fit the type (the old value stays), 0 also when unchanged.
 * *changed (may be NULL) says whether the value in force became another one.
 */
int param_set_value(struct param_set *ps, enum param_id id, uint16_t index, const char *value,
                    enum param_source from, bool *changed);

/** The same by element name; ENOENT when the model does not know it. */
int param_set_name(struct param_set *ps, const char *name, const char *value,
                   enum param_source from, bool *changed);

/** What the account "user" may do with it on the web pages (5.3): what a profile said last, else
 *  as it leaves the factory. */
enum page_access param_user_access(const struct param_set *ps, enum param_id id, uint16_t index);
/** Errors: EINVAL no such index; ENOMEM. */
int param_set_user_access(struct param_set *ps, enum param_id id, uint16_t index,
                          enum page_access access);

/** Back to factory; values of the command line stay. */
void param_set_reset(struct param_set *ps);

/** The same for what the account "user" may write, nothing else. */
void param_set_reset_user(struct param_set *ps);

/** Visit what differs from the default. */
typedef void(param_visit_h)(enum param_id id, uint16_t index, const char *value, void *arg);
void param_set_apply(const struct param_set *ps, param_visit_h *h, void *arg);

#endif
