/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/load.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "devices/model.h"
#include "sim/prov/version.h"

#define STEP_VERSION "7.5.2b" /* which SPA30x and 50x load before they take a later one (W) */

static const char *name_of(const char *path, size_t *len)
{
    const size_t end = strcspn(path, "?#");
    const char *name = memrchr(path, '/', end);

    name = name ? name + 1 : path;
    *len = end - (size_t)(name - path);
    return name;
}

/* "7-5-2b" as the family writes it. */
static bool take_version(char version[LOAD_VERSION_BYTES], const char *from, size_t len,
                         const struct device_model *m)
{
    if (!len || len >= LOAD_VERSION_BYTES)
        return false;
    memcpy(version, from, len);
    version[len] = '\0';
    for (char *p = version; m->family != FAMILY_MPP68XX && *p; p++) {
        if (*p == '-' || *p == '_')
            *p = '.';
    }
    return device_version_valid(m, version);
}

bool load_name_version(char version[LOAD_VERSION_BYTES], const char *path,
                       const struct device_model *m)
{
    size_t len;
    const char *name = name_of(path, &len);
    const char *dot = memrchr(name, '.', len);
    size_t end = dot ? (size_t)(dot - name) : len;

    if (dot && isdigit((unsigned char)dot[1])) /* "spa504g-7.5.5" has no ending */
        end = len;
    for (size_t i = 1; i < end; i++) {
        if (isdigit((unsigned char)name[i]) && strchr("-._", name[i - 1]) &&
            take_version(version, name + i, end - i, m))
            return true;
    }
    return false;
}

/* Names that loads have, and whose they are. */
static bool fits_model(const char *path, const struct device_model *m)
{
    static const struct {
        const char *prefix, *models;
    } rows[] = {
        {"spa50x-30x", "SPA301 SPA303 SPA501G SPA502G SPA504G SPA508G SPA509G"},
        {"spa51x", "SPA512G SPA514G"},
        {"spa525", "SPA525G SPA525G2"},
        {"spa30x", "SPA301 SPA303"},
        {"spa50x", "SPA501G SPA502G SPA504G SPA508G SPA509G"},
        {"wip310", "WIP310"},
        {"sip68xx", "6821 6841 6851 6861 6871"},
        {"P0S", "7940 7960"},
    };
    size_t len;
    const char *name = name_of(path, &len);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strncasecmp(name, rows[i].prefix, strlen(rows[i].prefix)) == 0)
            return strstr(rows[i].models, m->name) != NULL;
    }
    return true;
}

static bool is_text(const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (!isprint(data[i]) && !isspace(data[i]))
            return false;
    }
    return true;
}

static bool is_older(const char *a, const char *b)
{
    int order = 0;

    return version_cmp(&order, a, b) == 0 && order < 0;
}

static int refuse(char *why, size_t size, int err, const char *text)
{
    snprintf(why, size, "%s", text);
    return err;
}

static bool skips_step(const struct load_facts *f, const char *version)
{
    static const char *const models[] = {"SPA301",  "SPA303",  "SPA501G", "SPA502G",
                                         "SPA504G", "SPA508G", "SPA509G"};

    for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
        if (strcmp(f->model->name, models[i]) == 0)
            return is_older(f->running, STEP_VERSION) && is_older(STEP_VERSION, version);
    }
    return false;
}

int load_check(char version[LOAD_VERSION_BYTES], const struct load_facts *f, char *why,
               size_t why_size)
{
    if (f->total < LOAD_MIN_BYTES)
        return refuse(why, why_size, EBADMSG, "too short for a load");
    if (is_text(f->head, f->head_len))
        return refuse(why, why_size, EBADMSG, "it is text and no load");
    if (!fits_model(f->path, f->model))
        return refuse(why, why_size, EBADMSG, "a load for other phones");
    if (*f->version) {
        if (!device_version_valid(f->model, f->version) || strlen(f->version) >= LOAD_VERSION_BYTES)
            return refuse(why, why_size, EBADMSG,
                          "Sim_Upgrade_Version is no version of this phone");
        strcpy(version, f->version);
    } else if (!load_name_version(version, f->path, f->model)) {
        return refuse(why, why_size, EBADMSG,
                      "its name tells no version (Sim_Upgrade_Version says which)");
    }
    if (*f->limit && is_older(version, f->limit))
        return refuse(why, why_size, EACCES, "older than Downgrade_Rev_Limit");
    if (skips_step(f, version))
        return refuse(why, why_size, EACCES, STEP_VERSION " must be loaded first");
    return 0;
}
