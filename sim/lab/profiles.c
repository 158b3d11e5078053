/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Provisioning as an operator would set it up: the model's factory file points rule B at the
 * phone's own file (provisioning.md 1.3), and that file carries the account.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "devices/model.h"
#include "sim/lab/priv.h"

enum {
    DEFAULT_EXPIRES_S = 3600,
    MAC_LEN = 12,
};

static bool is_psn(const char *text, size_t len)
{
    for (const struct device_model *const *m = device_models(); *m; m++) {
        if (strlen((*m)->psn) == len && !strncmp((*m)->psn, text, len))
            return true;
    }
    return false;
}

static bool ends_with(const char *text, const char *ending)
{
    const size_t n = strlen(text), m = strlen(ending);

    return n >= m && !strcmp(text + n - m, ending);
}

/* /spa504G.cfg, /6841-3PCC.xml */
static bool is_model_file(const char *path)
{
    const size_t n = strlen(path);

    if (n > 8 && !strncmp(path, "/spa", 4) && ends_with(path, ".cfg"))
        return is_psn(path + 4, n - 8);
    return n > 5 && *path == '/' && ends_with(path, ".xml") && is_psn(path + 1, n - 5);
}

/* /profile/<12 hex digits>.xml */
static bool is_phone_file(const char *path, char mac[MAC_LEN + 1])
{
    static const char prefix[] = "/profile/";
    const size_t skip = sizeof(prefix) - 1;

    if (strncmp(path, prefix, skip) || strlen(path) != skip + MAC_LEN + 4 ||
        strcmp(path + skip + MAC_LEN, ".xml"))
        return false;
    memcpy(mac, path + skip, MAC_LEN);
    mac[MAC_LEN] = 0;
    return strspn(mac, "0123456789abcdefABCDEF") == MAC_LEN;
}

static void put_element(FILE *fp, const char *name, const char *value)
{
    fprintf(fp, "  <%s>", name);
    lab_put_xml(fp, value);
    fprintf(fp, "</%s>\n", name);
}

static void put_model_file(FILE *fp, const struct lab_site *s)
{
    /* the macros must arrive unexpanded: the phone fills them in */
    fprintf(fp,
            "<flat-profile>\n"
            "  <Profile_Rule_B>http://%s/profile/$MA.xml?user=$UID1</Profile_Rule_B>\n"
            "</flat-profile>\n",
            s->http_host);
}

static void put_phone_file(FILE *fp, const struct lab_site *s, const char *user,
                           const char *password)
{
    char expires[16];

    snprintf(expires, sizeof(expires), "%u",
             (unsigned)(s->expires_s ? s->expires_s : DEFAULT_EXPIRES_S));
    fputs("<flat-profile>\n", fp);
    put_element(fp, "Station_Name", user);
    put_element(fp, "Display_Name_1_", user);
    put_element(fp, "User_ID_1_", user);
    put_element(fp, "Password_1_", password);
    put_element(fp, "Proxy_1_", s->sip_host);
    put_element(fp, "Register_1_", "Yes");
    put_element(fp, "Dial_Plan_1_", "(*xx.|xxx.)"); /* the users' numbers; the factory's are US */
    put_element(fp, "Register_Expires_1_", expires);
    fputs("</flat-profile>\n", fp);
}

int profile_get(const struct lab_site *s, const char *path, const char *query, struct lab_file *f)
{
    char mac[MAC_LEN + 1], user[128], password[256], *text = NULL;
    FILE *fp;

    if (s->profiles_dir)
        return file_read(s->profiles_dir, path, f);
    if (!is_model_file(path) && !is_phone_file(path, mac))
        return ENOENT;
    fp = open_memstream(&text, &f->len);
    if (!fp)
        return ENOMEM;
    if (is_model_file(path)) {
        put_model_file(fp, s);
    } else {
        if (!query_get(query, "user", user, sizeof(user)) || !*user)
            snprintf(user, sizeof(user), "%s", mac);
        if (!lab_password(password, sizeof(password), s->password, user))
            *password = 0;
        put_phone_file(fp, s, user, password);
    }
    if (fclose(fp)) {
        free(text);
        return ENOMEM;
    }
    f->body = (uint8_t *)text;
    f->content_type = "text/xml";
    return 0;
}
