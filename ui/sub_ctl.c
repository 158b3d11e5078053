/* SPDX-License-Identifier: BSD-3-Clause */
/* `spafarm ctl`: one command to a running farm. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <jansson.h>
#include <re_types.h>
#include <re_base64.h>

#include "sim/cmd/cmd.h"
#include "ui/args.h"
#include "ui/control/control.h"
#include "ui/picture.h"
#include "ui/sub.h"

enum { PATH_SIZE = sizeof(((struct sockaddr_un *)NULL)->sun_path) };

static FILE *connect_farm(const char *path)
{
    struct sockaddr_un sun = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return NULL;
    snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);
    FILE *f = connect(fd, (struct sockaddr *)&sun, sizeof(sun)) ? NULL : fdopen(fd, "r+");
    if (!f) {
        const int err = errno;
        close(fd);
        errno = err; /* for the caller's sentence */
    }
    return f;
}

static void print_value(json_t *value)
{
    if (json_is_string(value)) {
        const char *text = json_string_value(value);
        const size_t len = strlen(text);
        if (len) /* of nothing not even a line */
            printf("%s%s", text, text[len - 1] == '\n' ? "" : "\n");
    } else if (!json_is_null(value)) {
        char *text = json_dumps(value, JSON_INDENT(2) | JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
        printf("%s\n", text ? text : "");
        free(text);
    }
}

static void print_events(json_t *events)
{
    for (size_t i = 0; i < json_array_size(events); i++) {
        char *text = json_dumps(json_array_get(events, i), JSON_COMPACT | JSON_REAL_PRECISION(12));
        printf("%s\n", text ? text : "");
        free(text);
    }
    fflush(stdout);
}

static json_t *read_object(FILE *f)
{
    char *line = NULL;
    size_t size = 0;
    json_t *obj = getline(&line, &size, f) > 0 ? json_loads(line, 0, NULL) : NULL;

    free(line);
    return obj;
}

/* The picture in the answer, to the file that the caller named; "-" is stdout. */
static int write_picture(const char *path, json_t *result)
{
    const char *text = json_string_value(json_object_get(result, "png"));
    size_t len = text ? strlen(text) : 0;
    uint8_t *png = malloc(len + 4);
    const int code = text && png && base64_decode(text, len, png, &len) == 0
                         ? picture_write_png(path, png, len)
                         : sub_error(EXIT_REFUSED, "the farm sent no picture");

    free(png);
    return code;
}

static int print_reply(const char *method, json_t *params, json_t *reply)
{
    const char *picture =
        strcmp(method, "screen") == 0 ? json_string_value(json_object_get(params, "png")) : NULL;

    json_t *error = json_object_get(reply, "error");

    if (error) {
        const json_int_t code = json_integer_value(json_object_get(error, "code"));
        const int exit_code =
            code == CMD_E_FAILED || code == CMD_E_TIMEOUT ? EXIT_FAILS : EXIT_USAGE;
        return sub_error(exit_code, "%s", json_string_value(json_object_get(error, "message")));
    }
    if (picture)
        return write_picture(picture, json_object_get(reply, "result"));
    if (strcmp(method, "events") == 0)
        print_events(json_object_get(reply, "result"));
    else
        print_value(json_object_get(reply, "result"));
    return EXIT_HOLDS;
}

static void follow(FILE *f)
{
    for (json_t *note; (note = read_object(f));) {
        json_t *list = json_pack("[O]", json_object_get(note, "params"));
        print_events(list);
        json_decref(list);
        json_decref(note);
    }
}

static int call(const char *path, const char *method, json_t *params)
{
    FILE *f = connect_farm(path);
    if (!f)
        return sub_error(EXIT_REFUSED, "no farm answers on %s (%s); start one with `spafarm run`",
                         path, strerror(errno));

    json_t *request = json_pack("{s:s, s:i, s:s, s:O}", "jsonrpc", "2.0", "id", 1, "method", method,
                                "params", params);
    json_dumpf(request, f, JSON_COMPACT);
    fputc('\n', f);
    fflush(f);
    json_t *reply = read_object(f);
    int code = reply ? print_reply(method, params, reply)
                     : sub_error(EXIT_REFUSED, "the farm on %s went away", path);
    if (strcmp(method, "quit") == 0 && !reply)
        code = EXIT_HOLDS;
    if (reply && !code && json_is_true(json_object_get(params, "follow")))
        follow(f);
    json_decref(reply);
    json_decref(request);
    fclose(f);
    return code;
}

/* The value's place in a usage line: PHONES, KEYS, URL. */
static void value_word(char buf[24], const struct cmd_param *p)
{
    const char *word = p->kind == 'P'   ? "PHONES"
                       : p->kind == 'd' ? "DURATION"
                       : p->kind == 'n' ? "N"
                                        : p->name;
    size_t i = 0;

    for (; word[i] && i < 23; i++)
        buf[i] = (char)toupper((unsigned char)word[i]);
    buf[i] = '\0';
    if (p->kind == 'o')
        snprintf(buf, 24, "on|off");
}

/* "URL", "--rate N", "--face" */
static const char *param_text(char buf[64], const struct cmd_param *p)
{
    const bool bare = p->kind == 'b';
    char word[24];

    value_word(word, p);
    if (p->flag)
        snprintf(buf, 64, "%s%s%s", p->flag, bare ? "" : " ", bare ? "" : word);
    else
        snprintf(buf, 64, "%s%s", word, p->kind == 'l' ? "..." : "");
    return buf;
}

static void synopsis(char *line, size_t size, const struct cmd *c)
{
    char buf[64];
    size_t n = (size_t)snprintf(line, size, "%s", c->name);

    for (const struct cmd_param *p = c->params; p->name && n < size; p++) {
        const bool optional = p->flag || !p->required;
        n += (size_t)snprintf(line + n, size - n, optional ? " [%s]" : " %s", param_text(buf, p));
    }
}

static void print_methods(void)
{
    printf("\nmethods (`spafarm ctl METHOD --help` tells more):\n");
    for (const struct cmd *const *c = cmd_table(); *c; c++) {
        char line[160];
        synopsis(line, sizeof(line), *c);
        printf("  %-44s %s\n", line, (*c)->help);
    }
}

static bool print_method(const char *name)
{
    const struct cmd *c = cmd_find(name);
    char line[160], buf[64];

    if (!c)
        return false;
    synopsis(line, sizeof(line), c);
    printf("usage: spafarm ctl [--socket S] %s\n\n%s\n", line, c->help);
    for (const struct cmd_param *p = c->params; p->name; p++)
        printf("%s  %-20s %s\n", p == c->params ? "\n" : "", param_text(buf, p),
               p->kind == 'P'
                   ? "7, 1-100, all, mac:000E08000007, ip:127.1.0.7, user:1007, or a list"
               : p->help ? p->help
                         : "");
    return true;
}

static const struct farm_option own_options[] = {
    {"socket", "S", "its control socket", false},
};

static int call_method(const char *path, const struct args *a)
{
    char err[512];
    const struct cmd *cmd = cmd_find(a->value);

    if (!cmd)
        return sub_error(EXIT_USAGE, "ctl: no method \"%s\"; `spafarm ctl --help` lists them",
                         a->value);
    json_t *params =
        cmd_params_from_args(cmd, a->argc - a->next, a->argv + a->next, err, sizeof(err));
    int code = EXIT_USAGE;
    if (!params || !cmd_params_check(cmd, params, err, sizeof(err)))
        sub_error(EXIT_USAGE, "ctl: %s", err);
    else
        code = call(path, cmd->name, params);
    json_decref(params);
    return code;
}

static int run(int argc, char **argv)
{
    struct args a = {.argc = argc, .argv = argv, .next = 1, .sub = "ctl"};
    char path[PATH_SIZE];
    enum args_result what;

    a.tables[0] = own_options;
    a.n[0] = sizeof(own_options) / sizeof(own_options[0]);
    path[0] = '\0';
    while ((what = args_next(&a)) == ARGS_OPTION) {
        if (snprintf(path, sizeof(path), "%s", a.value) >= (int)sizeof(path))
            return sub_error(EXIT_USAGE, "--socket %s: longer than a socket's name may be",
                             a.value);
    }
    if (what == ARGS_ERROR)
        return EXIT_USAGE;
    if (what == ARGS_END)
        return sub_error(EXIT_USAGE, "ctl wants a method; `spafarm ctl --help` lists them");
    if (!path[0] && control_default_path(path, sizeof(path), 1) < 0)
        return sub_error(EXIT_REFUSED,
                         "the folder of the control socket in /tmp is somebody else's; "
                         "set XDG_RUNTIME_DIR or give --socket");
    return call_method(path, &a);
}

const struct sub sub_ctl = {
    .name = "ctl",
    .args = "[--socket S] METHOD [ARGS...]",
    .help = "one command to a running farm",
    .details =
        "  --socket S    its control socket (spafarm.sock in the runtime directory)\n"
        "PHONES is 7, 1-100, all, mac:000E08000007, ip:127.1.0.7, user:1007, or a list of these.\n",
    .more = print_methods,
    .topic = print_method,
    .run = run,
};
