/* SPDX-License-Identifier: BSD-3-Clause */
/* `spafarm ctl`: one command to a running farm. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <jansson.h>

#include "sim/cmd/cmd.h"
#include "ui/control/control.h"
#include "ui/sub.h"

static FILE *connect_farm(const char *path)
{
    struct sockaddr_un sun = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return NULL;
    snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);
    if (connect(fd, (struct sockaddr *)&sun, sizeof(sun))) {
        close(fd);
        return NULL;
    }
    return fdopen(fd, "r+");
}

static void print_value(json_t *value)
{
    if (json_is_string(value)) {
        const char *text = json_string_value(value);
        const size_t len = strlen(text);
        printf("%s%s", text, len && text[len - 1] == '\n' ? "" : "\n");
    } else if (!json_is_null(value)) {
        char *text = json_dumps(value, JSON_INDENT(2) | JSON_ENCODE_ANY);
        printf("%s\n", text ? text : "");
        free(text);
    }
}

static void print_events(json_t *events)
{
    for (size_t i = 0; i < json_array_size(events); i++) {
        char *text = json_dumps(json_array_get(events, i), JSON_COMPACT);
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

static int print_reply(const char *method, json_t *reply)
{
    json_t *error = json_object_get(reply, "error");

    if (error) {
        const json_int_t code = json_integer_value(json_object_get(error, "code"));
        const int exit_code = code == CMD_E_FAILED || code == CMD_E_TIMEOUT ? EXIT_FAILS : EXIT_USAGE;
        return sub_error(exit_code, "%s", json_string_value(json_object_get(error, "message")));
    }
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
    int code = reply ? print_reply(method, reply)
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

static void print_methods(void)
{
    printf("Methods:\n");
    for (const struct cmd *const *c = cmd_table(); *c; c++) {
        char line[128];
        int n = snprintf(line, sizeof(line), "%s", (*c)->name);
        for (const struct cmd_param *p = (*c)->params; p->name && n < (int)sizeof(line); p++) {
            const char *word = p->kind == 'P' ? "PHONES" : p->name;
            n += p->flag ? snprintf(line + n, sizeof(line) - (size_t)n, " [%s%s%s]", p->flag,
                                    p->kind == 'b' ? "" : " ", p->kind == 'b' ? "" : p->name)
                         : snprintf(line + n, sizeof(line) - (size_t)n, p->required ? " %s%s" : " [%s%s]",
                                    word, p->kind == 'l' ? "..." : "");
        }
        printf("  %-44s %s\n", line, (*c)->help);
    }
}

static int run(int argc, char **argv)
{
    char path[108], err[256];
    int i = 1;

    control_default_path(path, sizeof(path), 1);
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            sub_help(&sub_ctl);
            print_methods();
            return EXIT_HOLDS;
        }
        if (strcmp(argv[i], "--socket") != 0 || i + 1 == argc)
            return sub_error(EXIT_USAGE, "ctl: unknown option %s", argv[i]);
        snprintf(path, sizeof(path), "%s", argv[++i]);
    }
    if (i == argc)
        return sub_error(EXIT_USAGE, "ctl wants a method; `spafarm ctl --help` lists them");
    const struct cmd *cmd = cmd_find(argv[i]);
    if (!cmd)
        return sub_error(EXIT_USAGE, "ctl: no method \"%s\"; `spafarm ctl --help` lists them",
                         argv[i]);
    json_t *params = cmd_params_from_args(cmd, argc - i - 1, argv + i + 1, err, sizeof(err));
    if (!params)
        return sub_error(EXIT_USAGE, "%s", err);
    const int code = call(path, cmd->name, params);
    json_decref(params);
    return code;
}

const struct sub sub_ctl = {
    .name = "ctl",
    .args = "[--socket S] METHOD [ARGS...]",
    .help = "one command to a running farm",
    .details = "  --socket S    its control socket (spafarm.sock in the runtime directory)\n",
    .run = run,
};
