/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/local_time.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/prov/params.h"

enum { HOUR_S = 3600, MINUTE_S = 60, HAVE_START = 1, HAVE_END = 2, HAVE_SAVE = 4 };

/* "h[:m[:s]]" up to end; a sign counts for all of it. */
static bool read_time(const char *p, const char *end, int *s)
{
    static const int units[] = {HOUR_S, MINUTE_S, 1};
    const bool negative = p < end && *p == '-';
    int sum = 0;

    p += negative;
    for (unsigned i = 0; i < 3; i++) {
        char *after;
        if (p >= end || *p < '0' || *p > '9')
            return false;
        const unsigned long n = strtoul(p, &after, 10);
        if (n > 99)
            return false;
        sum += (int)n * units[i];
        p = after;
        if (p == end)
            break;
        if (*p++ != ':')
            return false;
    }
    *s = negative ? -sum : sum;
    return p == end;
}

/* "month/day/weekday/time" */
static bool read_point(const char *p, const char *end, struct dst_point *at)
{
    long n[3];

    for (unsigned i = 0; i < 3; i++) {
        char *after;
        n[i] = strtol(p, &after, 10);
        if (after == p || after >= end || *after != '/')
            return false;
        p = after + 1;
    }
    if (n[0] < 1 || n[0] > 12 || !n[1] || n[1] < -31 || n[1] > 31 || n[2] < 0 || n[2] > 7)
        return false;
    *at = (struct dst_point){.month = (int)n[0], .day = (int)n[1], .weekday = (int)n[2]};
    return read_time(p, end, &at->at_s);
}

int dst_parse(struct dst_rule *rule, const char *text)
{
    unsigned have = 0;

    memset(rule, 0, sizeof(*rule));
    while (*text) {
        const char *end = text + strcspn(text, ";"),
                   *value = memchr(text, '=', (size_t)(end - text));
        if (!value)
            return EBADMSG;
        const size_t len = (size_t)(value - text);
        const unsigned part = len == 5 && memcmp(text, "start", 5) == 0  ? HAVE_START
                              : len == 3 && memcmp(text, "end", 3) == 0  ? HAVE_END
                              : len == 4 && memcmp(text, "save", 4) == 0 ? HAVE_SAVE
                                                                         : 0;
        if (!(part == HAVE_START  ? read_point(value + 1, end, &rule->start)
              : part == HAVE_END  ? read_point(value + 1, end, &rule->end)
              : part == HAVE_SAVE ? read_time(value + 1, end, &rule->save_s)
                                  : false))
            return EBADMSG;
        have |= part;
        text = *end ? end + 1 : end;
    }
    return have == (HAVE_START | HAVE_END | HAVE_SAVE) ? 0 : EBADMSG;
}

/* 1 = Monday to 7 */
static int weekday(const struct tm *tm)
{
    return tm->tm_wday ? tm->tm_wday : 7;
}

/* The moment of a point in a year, in seconds of the local clock. */
static int64_t point_s(const struct dst_point *at, int year)
{
    struct tm tm = {.tm_year = year, .tm_mon = at->month - 1, .tm_mday = at->day};

    if (at->day < 0) { /* day 0 of the next month is the last of this one */
        tm.tm_mon++;
        tm.tm_mday = at->day + 1;
    }
    (void)timegm(&tm); /* puts it in order, and knows the weekday */
    if (at->weekday) {
        const int off = at->weekday - weekday(&tm);
        tm.tm_mday += at->day < 0 ? (off > 0 ? off - 7 : off) : (off < 0 ? off + 7 : off);
    }
    tm.tm_sec = at->at_s;
    return timegm(&tm);
}

bool dst_is_on(const struct dst_rule *rule, int64_t standard_s)
{
    const time_t now = standard_s;
    struct tm tm;

    if (!gmtime_r(&now, &tm))
        return false;
    const int64_t start = point_s(&rule->start, tm.tm_year);
    const int64_t end = point_s(&rule->end, tm.tm_year) - rule->save_s;
    return start < end ? standard_s >= start && standard_s < end
                       : standard_s >= start || standard_s < end; /* south of the equator */
}

/* "[+-]HH[:/]mm" */
static int32_t offset_s(const char *text)
{
    int hours = 0, minutes = 0;

    if (sscanf(text, "%3d%*1[:/]%2d", &hours, &minutes) < 1)
        return 0;
    return hours * HOUR_S + (*text == '-' ? -minutes : minutes) * MINUTE_S;
}

int32_t zone_offset_s(const char *zone)
{
    return strncmp(zone, "GMT", 3) == 0 ? offset_s(zone + 3) : 0;
}

int64_t local_time_s(const struct param_set *ps, int64_t utc_s)
{
    struct dst_rule rule;
    const int64_t s = utc_s + zone_offset_s(param_get(ps, P_Time_Zone, 0)) +
                      offset_s(param_get(ps, P_Time_Offset__HH_mm_, 0));

    if (param_bool(ps, P_Daylight_Saving_Time_Enable, 0) &&
        dst_parse(&rule, param_get(ps, P_Daylight_Saving_Time_Rule, 0)) == 0 && dst_is_on(&rule, s))
        return s + rule.save_s;
    return s;
}
