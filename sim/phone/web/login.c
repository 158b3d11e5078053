/* SPDX-License-Identifier: BSD-3-Clause */
/* Who may enter: Basic and Digest (provisioning.md 14). */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <re.h>

#include "sim/phone/web/priv.h"
#include "sim/sip/auth.h"

enum { BASIC_BYTES = 256 };

const char *web_password(const struct phone *ph, bool admin)
{
    if (!admin)
        return param_get(ph->params, P_User_Password, 0);
    const char *password = param_get(ph->params, P_Admin_Password, 0); /* 525G, MPP */
    return *password ? password : param_get(ph->params, P_Admin_Passwd, 0);
}

bool web_basic(const char *authorization, char *buf, size_t size, const char **user,
               const char **password)
{
    const char *text = authorization;
    size_t len = size - 1;

    if (strncasecmp(text, "Basic ", 6) == 0)
        text += 6;
    if (!*text || strlen(text) > size / 3 * 4 ||
        base64_decode(text, strlen(text), (uint8_t *)buf, &len))
        return false;
    buf[len] = '\0';
    char *colon = strchr(buf, ':');
    if (!colon)
        return false;
    *colon = '\0';
    *user = buf;
    *password = colon + 1;
    return true;
}

static bool is_basic_right(const char *authorization, const char *user, const char *password)
{
    char buf[BASIC_BYTES];
    const char *u, *p;

    return strncasecmp(authorization, "Basic ", 6) == 0 &&
           web_basic(authorization, buf, sizeof(buf), &u, &p) && strcmp(u, user) == 0 &&
           strcmp(p, password) == 0;
}

static void print_nonce(const struct phone *ph, char nonce[17])
{
    snprintf(nonce, 17, "%016llx", (unsigned long long)ph->web_nonce);
}

bool web_is_digest_right(const struct phone *ph, const struct httpd_req *req, const char *user,
                         const char *password)
{
    struct auth_response ar;
    struct pl value;
    char nonce[17];

    if (!ph->web_nonce || strncasecmp(req->authorization, "Digest ", 7) != 0)
        return false;
    pl_set_str(&value, req->authorization);
    print_nonce(ph, nonce);
    return auth_response_parse(&ar, &value) == 0 && strcmp(ar.nonce, nonce) == 0 &&
           strcmp(ar.username, user) == 0 && auth_response_check(&ar, req->method, password);
}

/* Does text begin with this? What is behind it, else NULL. */
static const char *behind(const char *text, const char *start)
{
    const size_t len = strlen(start);

    return text && strncmp(text, start, len) == 0 ? text + len : NULL;
}

/* MPP: "&xuser=admin&xpassword=pw" ends the query; it is cut off. */
static bool are_in_query(const struct phone *ph, char *query, const char *user,
                         const char *password)
{
    char *at = strstr(query, "xuser=");

    if (ph->model->family != FAMILY_MPP68XX || !at || (at != query && at[-1] != '&'))
        return false;
    const char *rest = behind(behind(behind(at, "xuser="), user), "&xpassword=");
    const bool right = rest && strcmp(rest, password) == 0;
    at[at == query ? 0 : -1] = '\0';
    return right;
}

static size_t print_digest(struct phone *ph, const char *realm, char *buf, size_t size)
{
    char nonce[17];

    while (!ph->web_nonce)
        ph->web_nonce = rng_u64(&ph->rng);
    print_nonce(ph, nonce);
    const int n = snprintf(buf, size,
                           "WWW-Authenticate: Digest realm=\"%s\", nonce=\"%s\", algorithm=MD5, "
                           "qop=\"auth\"\r\n",
                           realm, nonce);
    return n > 0 ? (size_t)n : 0;
}

void web_challenge_digest(struct phone *ph, const char *realm, struct httpd_reply *reply)
{
    web_refuse(reply, 401, "Unauthorized");
    (void)print_digest(ph, realm, reply->headers, sizeof(reply->headers));
}

/* Digest is offered first (14 R:). */
void web_challenge(struct phone *ph, bool admin, struct httpd_reply *reply)
{
    char realm[16];

    snprintf(realm, sizeof(realm), "spa %s", admin ? "admin" : "user");
    web_refuse(reply, 401, "Unauthorized");
    const size_t n = print_digest(ph, realm, reply->headers, sizeof(reply->headers));
    snprintf(reply->headers + n, sizeof(reply->headers) - n,
             "WWW-Authenticate: Basic realm=\"%s\"\r\n", realm);
}

bool web_may_enter(struct phone *ph, const struct httpd_req *req, char *query, bool admin)
{
    const char *user = admin ? "admin" : "user", *password = web_password(ph, admin);
    const bool named = are_in_query(ph, query, user, password);

    return !*password || named || is_basic_right(req->authorization, user, password) ||
           web_is_digest_right(ph, req, user, password);
}
