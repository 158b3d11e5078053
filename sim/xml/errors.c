/* SPDX-License-Identifier: BSD-3-Clause */
/* The words of section 10. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "devices/model.h"
#include "sim/xml/page.h"

static bool is_79xx(const struct device_model *m)
{
    return m->family == FAMILY_CP79XX;
}

/* SPA: the 525G only [mem]; 7940/60 SIP: HTTP only [DEF] (5, 9.5) */
bool xml_takes_https(const struct device_model *m)
{
    return m->family == FAMILY_SPA525 || m->family == FAMILY_MPP68XX;
}

const char *xml_error_text(const struct device_model *m, int err)
{
    switch (err) {
    case EPROTO:
        return is_79xx(m) ? "XML Error[5]" : "XML Error [5]";
    case E2BIG:
        return "Data too large!";
    case ENODATA:
        return is_79xx(m) ? "XML Error[4]" : "No services configured";
    case ENAMETOOLONG:
        return "Filename too long!";
    case EPROTONOSUPPORT: /* other HTTP trouble */
        return is_79xx(m) ? "HTTP Error[8]" : "Unknown Error";
    default:
        return is_79xx(m) ? "XML Error[4]" : "XML Error [4]: Parse Error";
    }
}

static const char *connect_text(const struct device_model *m, const char *error)
{
    if (strncmp(error, "dns failed", 10) == 0)
        return is_79xx(m) ? "Host not Found" : "Host Not Found";
    if (strcmp(error, "too large") == 0)
        return xml_error_text(m, E2BIG);
    if (strncmp(error, "connection refused", 18) == 0 || strncmp(error, "timeout", 7) == 0 ||
        strcmp(error, "cannot connect") == 0)
        return is_79xx(m) ? "HTTP Error[10]" : "Connection failed";
    return is_79xx(m) ? "HTTP Error[8]" : "Unknown Error";
}

const char *xml_fetch_error_text(const struct device_model *m, unsigned status, const char *error,
                                 char *buf, size_t size)
{
    const char *text = "Unknown Error";

    if (!status)
        text = connect_text(m, error ? error : "");
    else if (is_79xx(m) && status == 404)
        text = "HTTP Error[404]";
    else if (is_79xx(m))
        text = "HTTP Error[8]";
    else if (status == 404)
        text = "File Not Found";
    else if (status == 500)
        text = "HTTP connection failed";
    else if (status == 503)
        text = "Server Busy!";
    snprintf(buf, size, "%s", text);
    return buf;
}
