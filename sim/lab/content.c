/* SPDX-License-Identifier: BSD-3-Clause */
/* What profiles, pages and files share: decoding, escaping, reading below a folder. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/lab/priv.h"

enum {
    FILE_MAX_SIZE = 128 << 20,
    PATH_SIZE = 1024,
};

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Percent-decode n characters; false when too long or when a NUL comes out. */
static bool url_decode(char *buf, size_t size, const char *text, size_t n, bool plus_is_blank)
{
    size_t len = 0;

    for (size_t i = 0; i < n; i++) {
        char c = text[i];

        if (c == '%' && n - i > 2 && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
            c = (char)(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]));
            i += 2;
        } else if (c == '+' && plus_is_blank) {
            c = ' ';
        }
        if (!c || len + 1 >= size)
            return false;
        buf[len++] = c;
    }
    buf[len] = 0;
    return true;
}

bool query_get(const char *query, const char *name, char *buf, size_t size)
{
    const size_t name_len = strlen(name);

    for (const char *p = query; p && *p;) {
        const size_t len = strcspn(p, "&");

        if (len > name_len && p[name_len] == '=' && !strncmp(p, name, name_len))
            return url_decode(buf, size, p + name_len + 1, len - name_len - 1, true);
        p += len;
        if (*p)
            p++;
    }
    return false;
}

void lab_put_xml(FILE *fp, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", fp);
            break;
        case '<':
            fputs("&lt;", fp);
            break;
        case '>':
            fputs("&gt;", fp);
            break;
        case '"':
            fputs("&quot;", fp);
            break;
        case '\'':
            fputs("&apos;", fp);
            break;
        default:
            /* control characters have no form in XML 1.0 */
            fputc((unsigned char)*text < 32 ? ' ' : *text, fp);
        }
    }
}

bool lab_password(char *buf, size_t size, const char *template, const char *user)
{
    static const char mark[] = "{user}";
    const size_t user_len = strlen(user);
    size_t n = 0;

    for (const char *p = template; *p;) {
        const bool is_mark = !strncmp(p, mark, sizeof(mark) - 1);
        const size_t len = is_mark ? user_len : 1;

        if (len >= size - n)
            return false;
        memcpy(buf + n, is_mark ? user : p, len);
        n += len;
        p += is_mark ? sizeof(mark) - 1 : 1;
    }
    buf[n] = 0;
    return true;
}

/* No segment may begin with a dot: that keeps "..", "." and hidden files out. */
static bool path_is_plain(const char *path)
{
    if (*path != '/' || !path[1])
        return false;
    for (const char *p = path; *p; p++) {
        if ((unsigned char)*p < 32 || *p == '\\' || (*p == '/' && p[1] == '.'))
            return false;
    }
    return true;
}

static bool is_below(const char *dir, const char *full)
{
    const size_t n = strlen(dir);

    return !strcmp(dir, "/") || (!strncmp(dir, full, n) && full[n] == '/');
}

static int resolve(const char *dir, const char *path, char *full)
{
    char joined[PATH_MAX], root[PATH_MAX];
    const int n = snprintf(joined, sizeof(joined), "%s%s", dir, path);

    if (n < 0 || (size_t)n >= sizeof(joined))
        return ENOENT;
    if (!realpath(dir, root) || !realpath(joined, full))
        return errno == EACCES ? EACCES : ENOENT;
    return is_below(root, full) ? 0 : EACCES;
}

static int read_all(int fd, struct lab_file *f)
{
    struct stat st;
    size_t size, len = 0;

    if (fstat(fd, &st))
        return errno;
    if (!S_ISREG(st.st_mode))
        return ENOENT;
    if (st.st_size > FILE_MAX_SIZE)
        return E2BIG;
    size = (size_t)st.st_size;
    f->body = malloc(size + 1);
    if (!f->body)
        return ENOMEM;
    while (len < size) {
        const ssize_t n = read(fd, f->body + len, size - len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break; /* it shrank meanwhile */
        len += (size_t)n;
    }
    f->body[len] = 0;
    f->len = len;
    return 0;
}

static const char *type_of(const char *path)
{
    static const struct {
        const char *ending, *type;
    } types[] = {
        {".xml", "text/xml"},   {".cfg", "text/xml"},   {".png", "image/png"},
        {".txt", "text/plain"}, {".html", "text/html"}, {".jpg", "image/jpeg"},
    };
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot && i < sizeof(types) / sizeof(types[0]); i++) {
        if (!strcmp(dot, types[i].ending))
            return types[i].type;
    }
    return "application/octet-stream";
}

int file_read(const char *dir, const char *path, struct lab_file *f)
{
    char plain[PATH_SIZE], full[PATH_MAX];
    int err, fd;

    if (!url_decode(plain, sizeof(plain), path, strlen(path), false))
        return ENOENT;
    if (!path_is_plain(plain))
        return EACCES;
    err = resolve(dir, plain, full);
    if (err)
        return err;
    fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return errno == EACCES ? EACCES : ENOENT;
    err = read_all(fd, f);
    close(fd);
    if (!err)
        f->content_type = type_of(plain);
    return err;
}
