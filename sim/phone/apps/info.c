/* SPDX-License-Identifier: BSD-3-Clause */
/* Screens to read: product information, status of phone, extensions and provisioning (devices.md 8,
 * wording [DICT]). */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "sim/phone/apps/apps.h"
#include "sim/phone/calls.h"
#include "sim/loop/clock.h"
#include "sim/phone/priv.h"
#include "sim/prov/local_time.h"
#include "sim/prov/prov.h"

#define LINES(text_title, n_lines, print_line)                                                     \
    {                                                                                              \
        .title = text_title, .count = n_lines, .row = print_line, .keys = {[3] = "cancel"},        \
        .plain = true                                                                              \
    }

/* What the menu calls it: its words differ from family to family. */
static void item_title(const struct phone *ph, char *buf, size_t size)
{
    snprintf(buf, size, "%s", app_menu_item(ph));
}

/* ---- product */

static unsigned product_count(const struct phone *ph)
{
    (void)ph;
    return 8;
}

static void product_row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    const char *licenses = param_get(ph->params, P_License_Keys, 0);
    const uint8_t *m = ph->id.mac;
    char mac[16];

    snprintf(mac, sizeof(mac), "%02X%02X%02X%02X%02X%02X", m[0], m[1], m[2], m[3], m[4], m[5]);
    const char *const rows[][2] = {{"Product Name", ph->model->product},
                                   {"Serial Number", ph->serial},
                                   {"Software Version", ph->firmware},
                                   {"Hardware Version", ph->model->hwver},
                                   {"MAC Address", mac},
                                   {"Client Cert", "Installed"},
                                   {"Customization", "Open"},
                                   {"Licenses", *licenses ? licenses : "None"}};
    snprintf(buf, size, "%s\n%.90s", rows[i][0], rows[i][1]);
}

static const struct app_list product = LINES(item_title, product_count, product_row);
const struct app app_product_info = {.name = "product-info", .list = &product};

/* ---- phone */

static unsigned phone_count(const struct phone *ph)
{
    (void)ph;
    return 4;
}

static void phone_row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    const unsigned up_s = (unsigned)(phone_up_ms(ph) / 1000);
    char text[48] = "";

    if (i == 0)
        app_print_time(ph, (time_t)(clock_wall_ms(ph->env->lp) / 1000), text, sizeof(text));
    else if (i == 1)
        snprintf(text, sizeof(text), "%02u:%02u:%02u", up_s / 3600, up_s / 60 % 60, up_s % 60);
    else if (i == 2)
        inet_ntop(AF_INET, &ph->addr, text, sizeof(text));
    else
        snprintf(text, sizeof(text), "%u", phone_calls_live(ph));
    static const char *const names[] = {"Date", "Up Time", "Current IP", "Calls"};
    snprintf(buf, size, "%s\n%s", names[i], text);
}

static const struct app_list phone_lines = LINES(item_title, phone_count, phone_row);
const struct app app_phone_status = {.name = "status", .list = &phone_lines};

/* ---- extensions: which, and one */

static void ext_title(const struct phone *ph, char *buf, size_t size)
{
    snprintf(buf, size, "Ext %u Status", app_top(ph)->number);
}

static unsigned ext_count(const struct phone *ph)
{
    (void)ph;
    return 5;
}

/* "Last Reg at hh:mm d/m" [DICT] */
static void last_registration(const struct phone *ph, unsigned line, char *buf, size_t size)
{
    const uint32_t at_s = ph->lines[line - 1].registered_at_s;
    const time_t at = at_s ? local_time_s(ph->params, at_s) : 0;
    struct tm tm;

    if (at_s && gmtime_r(&at, &tm))
        snprintf(buf, size, "Last Reg at %02d:%02d %d/%d", tm.tm_hour, tm.tm_min, tm.tm_mday,
                 tm.tm_mon + 1);
}

static void ext_row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    const unsigned line = app_top(ph)->number;
    struct ua_reg_status st = {.state = UA_REG_OFF, .server = ""};

    if (ph->lines[line - 1].ua)
        phone_line_status(ph, line, &st);
    if (i == 0)
        snprintf(buf, size, "%s", st.state == UA_REG_OK ? "Registered" : "Not Registered");
    else if (i == 1)
        last_registration(ph, line, buf, size);
    else if (i == 2 && st.next_s)
        snprintf(buf, size, "Next Reg in %us", st.next_s);
    else if (i == 3)
        snprintf(buf, size, "User ID\n%s", param_get(ph->params, P_User_ID, (uint16_t)line));
    else if (i == 4)
        snprintf(buf, size, "Proxy\n%s", st.server);
}

static const struct app_list ext_lines = LINES(ext_title, ext_count, ext_row);
static const struct app line_status = {.name = "status", .list = &ext_lines};

static unsigned lines_count(const struct phone *ph)
{
    return ph->model->n_lines;
}

static void lines_row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    (void)ph;
    snprintf(buf, size, "Ext %u Status", i + 1);
}

static int lines_select(struct phone *ph, unsigned i)
{
    return app_open(ph, &line_status, NULL, i + 1);
}

static const struct app_list lines_list = {.title = item_title,
                                           .count = lines_count,
                                           .row = lines_row,
                                           .select = lines_select,
                                           .keys = {"select", NULL, NULL, "cancel"}};
const struct app app_lines_status = {.name = "status", .list = &lines_list};

/* ---- provisioning */

static unsigned prov_count(const struct phone *ph)
{
    (void)ph;
    return 4;
}

static void prov_row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    struct prov_status st = {.n_ok = 0};
    const char *outcome = ph->provisioned ? "Succeeded" : "None";

    if (ph->prov)
        prov_status_get(ph->prov, &st);
    if (!ph->provisioned && st.n_failed)
        outcome = "Failed";
    if (i == 0)
        snprintf(buf, size, "Resync\n%s", outcome);
    else if (i == 1)
        snprintf(buf, size, "URL\n%.90s", st.last_url);
    else if (i == 2)
        snprintf(buf, size, "Status\n%u", (unsigned)st.last_status);
    else
        snprintf(buf, size, "Error\n%.90s", st.last_error);
}

static const struct app_list prov_lines = LINES(item_title, prov_count, prov_row);
const struct app app_prov_status = {.name = "status", .list = &prov_lines};
