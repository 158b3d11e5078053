/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/cnf.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/base/utf8.h"
#include "sim/base/xmldoc.h"
#include "sim/prov/cnf_settings.h"

enum { KEY_BYTES = 64, NOTE_BYTES = 40, FILE_MAX = 1 << 20 };

static bool is_xml(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '<';
}

/* A start tag of that name, with a prefix or without, in any case. */
static bool has_tag(const uint8_t *data, size_t len, const char *name)
{
    const uint8_t *end = data + len, *p = data;
    const size_t n = strlen(name);

    for (; (size_t)(end - p) >= n; p++) {
        if (strncasecmp((const char *)p, name, n) != 0)
            continue;
        const uint8_t *tag = p;
        if (tag > data && tag[-1] == ':')
            while (--tag > data && (isalnum(tag[-1]) || tag[-1] == '_'))
                ;
        if (tag > data && tag[-1] == '<')
            return true;
    }
    return false;
}

bool cnf_is(const uint8_t *data, size_t len)
{
    if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        data += 3;
        len -= 3;
    }
    if (has_tag(data, len, "flat-profile") || memchr(data, 0, len))
        return false;
    while (len && isspace(*data)) {
        data++;
        len--;
    }
    if (len && *data == '<')
        return has_tag(data, len, "device") || has_tag(data, len, "dialtemplate");
    return len > 0;
}

/* ---- key: value */

/* Does a comment begin here, in a value that is not quoted? '#' behind a blank only [DEF]. */
static bool begins_comment(const char *value, const char *p)
{
    return *p == ';' || (*p == '#' && (p == value || isspace((unsigned char)p[-1])));
}

/* Value at p, to the end of the line: quotes, comment and blanks taken off. In place. */
static char *read_value(char *p)
{
    char *end;

    p += strspn(p, " \t");
    if (*p == '"') {
        end = strchr(++p, '"');
        if (end)
            *end = '\0';
        return p;
    }
    for (end = p; *end && !begins_comment(p, end);)
        end++;
    *end = '\0';
    for (end = p + strlen(p); end > p && isspace((unsigned char)end[-1]); end--)
        ;
    *end = '\0';
    return p;
}

/* What these phones pass over, told as a setting of a name that nobody knows: its first word. */
static int note_line(struct cnf_settings *s, const char *p, int line)
{
    char word[NOTE_BYTES], note[NOTE_BYTES + 32];

    if (!*p || strchr("#;", *p) || strncmp(p, "//", 2) == 0) /* a comment */
        return 0;
    utf8_clean(word, sizeof(word), p);
    word[strcspn(word, " \t=:")] = '\0';
    snprintf(note, sizeof(note), "%s (no key and colon)", word);
    return cnf_settings_set(s, note, "", line);
}

static int read_line(struct cnf_settings *s, char *p, int line)
{
    char key[KEY_BYTES];
    size_t len = 0;

    p += strspn(p, " \t");
    while (isalnum((unsigned char)p[len]) || p[len] == '_')
        len++;
    char *colon = p + len + strspn(p + len, " \t");
    if (!len || len >= sizeof(key) || *colon != ':')
        return note_line(s, p, line);
    memcpy(key, p, len);
    key[len] = '\0';
    return cnf_settings_set(s, key, read_value(colon + 1), line);
}

static int read_text(struct cnf_settings *s, char *text)
{
    int line = 0, err = 0;

    for (char *p = text, *next; p && !err; p = next) {
        line++;
        next = p + strcspn(p, "\r\n"); /* each alone ends a line, too */
        if (!*next)
            next = NULL;
        else if (*next == '\r' && next[1] == '\n')
            *next++ = '\0';
        if (next)
            *next++ = '\0';
        err = read_line(s, p, line);
    }
    return err;
}

/* ---- the whole */

static int dropped_handler(const char *what, int line, void *arg)
{
    return cnf_settings_set(arg, what, "", line);
}

/* A SEP file has <dialTemplate>, too, but in its <device>. */
static bool is_dialplan(const char *text, size_t len)
{
    const uint8_t *data = (const uint8_t *)text;

    return strstr(text, "<DIALTEMPLATE") || strstr(text, "<dialtemplate") ||
           (has_tag(data, len, "dialtemplate") && !has_tag(data, len, "device"));
}

static int read_xml(struct cnf_settings *s, const char *text, size_t len, struct parse_err *pe)
{
    char *plan = NULL;

    if (!is_dialplan(text, len))
        return cnf_device(s, text, len, pe);
    int err = cnf_dialplan(&plan, text, len, dropped_handler, s, pe);
    if (!err)
        err = cnf_settings_set(s, "dial_plan", plan, 1);
    free(plan);
    return err;
}

int cnf_parse(const uint8_t *data, size_t len, const struct device_model *m, profile_item_h *h,
              void *arg, struct parse_err *pe)
{
    struct cnf_settings s = {.rows = NULL};
    char *text = NULL;
    size_t text_len = 0;

    if (len > FILE_MAX)
        return parse_err_set(pe, E2BIG, 0, 0, "larger than %d bytes", FILE_MAX);
    if (memchr(data, 0, len))
        return parse_err_set(pe, EBADMSG, 0, 0, "a zero byte: no boot file");
    int err = xml_to_utf8(&text, &text_len, data, len);
    if (!err && !text[strspn(text, " \t\r\n")])
        err = parse_err_set(pe, EBADMSG, 1, 1, "empty file");
    if (!err)
        err = is_xml(text) ? read_xml(&s, text, text_len, pe) : read_text(&s, text);
    if (!err)
        cnf_settings_deliver(&s, m, h, arg);
    else if (err == E2BIG && pe && !pe->text[0])
        parse_err_set(pe, err, 0, 0, "too many settings");
    cnf_settings_reset(&s);
    free(text);
    return err;
}

void cnf_file_name(char *buf, size_t size, enum cnf_file file, const uint8_t mac[6],
                   const char *cfg_dir, const char *dial_template)
{
    const char *template = dial_template && *dial_template ? dial_template : NULL;
    const size_t len = template ? strlen(template) : 0;
    const bool slash = *cfg_dir && cfg_dir[strlen(cfg_dir) - 1] != '/';
    char hex[13];

    snprintf(hex, sizeof(hex), "%02X%02X%02X%02X%02X%02X", mac[0], mac[1], mac[2], mac[3], mac[4],
             mac[5]);
    switch (file) {
    case CNF_SYNC:
        snprintf(buf, size, "syncinfo.xml");
        return;
    case CNF_OS79XX:
        snprintf(buf, size, "OS79XX.TXT");
        return;
    case CNF_SEP:
        snprintf(buf, size, "SEP%s.cnf.xml", hex);
        return;
    case CNF_DEFAULT:
        snprintf(buf, size, "SIPDefault.cnf");
        return;
    case CNF_PHONE:
        snprintf(buf, size, "%s%sSIP%s.cnf", cfg_dir, slash ? "/" : "", hex);
        return;
    case CNF_DIALPLAN:
        if (template)
            snprintf(buf, size, "%s%s", template,
                     len > 4 && strcmp(template + len - 4, ".xml") == 0 ? "" : ".xml");
        else
            buf[0] = '\0';
        return;
    case CNF_FILES:
        break;
    }
    buf[0] = '\0';
}
