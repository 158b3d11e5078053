/* SPDX-License-Identifier: BSD-3-Clause */
/* The time of day on a phone: Time_Zone, Time_Offset and the daylight saving rule
 * (provisioning.md 16.4). Pure. */
#ifndef SIM_PROV_LOCAL_TIME_H
#define SIM_PROV_LOCAL_TIME_H

#include <stdbool.h>
#include <stdint.h>

struct param_set;

struct dst_point { /* when the clock changes */
    int month;     /* 1 to 12 */
    int day;       /* 1 to 31; below 0: counted from the end of the month, -1 = the last */
    int weekday;   /* 1 = Monday to 7: the first one on or after day (before it, counted from the
                      end); 0 = that very day */
    int at_s;      /* of the day */
};

struct dst_rule {
    struct dst_point start, end; /* in standard and in daylight saving time */
    int save_s;
};

/** "start=3/-1/7/2;end=10/-1/7/2;save=1". Errors: EBADMSG. */
int dst_parse(struct dst_rule *rule, const char *text);

/** Is daylight saving time on at this standard time (seconds since 1970 of the local clock)? */
bool dst_is_on(const struct dst_rule *rule, int64_t standard_s);

/** Seconds east of Greenwich of "GMT-08:00"; "GMT" and what cannot be read: 0. */
int32_t zone_offset_s(const char *zone);

/** Local seconds since 1970 at this moment (UTC), as the phone's parameters have it. A daylight
 *  saving rule that cannot be read changes nothing. */
int64_t local_time_s(const struct param_set *ps, int64_t utc_s);

#endif
