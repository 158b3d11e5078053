/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/farm/options.h"
#include "ui/args.h"
#include "ui/sub.h"

static const struct sub *const subs[] = {
    &sub_run,     &sub_show,   &sub_test,   &sub_ctl,    &sub_lab,
    &sub_profile, &sub_report, &sub_render, &sub_models,
};

enum { N_SUBS = sizeof(subs) / sizeof(subs[0]) };

const struct sub *sub_find(const char *name)
{
    for (size_t i = 0; i < N_SUBS; i++) {
        if (strcmp(subs[i]->name, name) == 0)
            return subs[i];
    }
    return NULL;
}

int sub_error(int code, const char *fmt, ...)
{
    va_list ap;

    fputs("spafarm: ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    return code;
}

int sub_check_writable(const char *path)
{
    struct stat st;

    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return sub_error(EXIT_USAGE, "%s: %s", path, strerror(EISDIR));
    if (access(path, W_OK) == 0)
        return EXIT_HOLDS;
    if (errno != ENOENT)
        return sub_error(EXIT_USAGE, "%s: %s", path, strerror(errno));

    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    const bool ok = folder && access(folder, W_OK) == 0;
    const int e = errno;
    free(folder);
    return ok ? EXIT_HOLDS : sub_error(EXIT_USAGE, "%s: %s", path, strerror(e));
}

double sub_duration(const char *text)
{
    char *end;

    if (*text < '0' || *text > '9')
        return -1;
    double s = strtod(text, &end);
    if (*end == 'm')
        s *= 60;
    else if (*end == 'h')
        s *= 3600;
    else if (*end && *end != 's')
        return -1;
    if (*end && end[1])
        return -1;
    return isfinite(s) && s <= 1e9 ? s : -1;
}

void sub_help(const struct sub *s)
{
    printf("usage: spafarm %s%s%s\n\n%s\n", s->name, s->args && *s->args ? " " : "",
           s->args ? s->args : "", s->help);
    if (s->details)
        printf("\n%s%s", s->details,
               s->details[0] && s->details[strlen(s->details) - 1] == '\n' ? "" : "\n");
    if (s->more)
        s->more();
}

void sub_phone_options(void)
{
    size_t n;
    const struct farm_option *table = farm_option_table(&n);

    printf("\nphone options (default in brackets):\n");
    args_help(table, n);
}

static void overview(FILE *out)
{
    fprintf(out, "spafarm %s: thousands of virtual Cisco SPA phones\n\nusage:\n", SPAFARM_VERSION);
    for (size_t i = 0; i < N_SUBS; i++)
        fprintf(out, "  spafarm %-8s %s\n", subs[i]->name, subs[i]->help);
    fprintf(out, "  spafarm version\n  spafarm help [SUBCOMMAND]\n\n"
                 "Each has --help. Without a registrar or profile rule of yours, `spafarm run` "
                 "boots its phones\nagainst servers of its own (the lab).\n");
}

static int unknown_sub(const char *name)
{
    return sub_error(EXIT_USAGE, "there is no subcommand \"%s\" (see spafarm help)", name);
}

/* Of the subcommand, or of the first word behind it that is a topic of its own. */
static int help_on(const struct sub *s, int argc, char **argv, int from)
{
    for (int i = from; s->topic && i < argc; i++) {
        if (s->topic(argv[i]))
            return EXIT_HOLDS;
    }
    sub_help(s);
    return EXIT_HOLDS;
}

static int help(int argc, char **argv)
{
    if (argc < 3) {
        overview(stdout);
        return EXIT_HOLDS;
    }
    const char *of = argv[2];
    if (strcmp(of, "help") == 0 || strcmp(of, "--help") == 0 || strcmp(of, "-h") == 0) {
        puts("usage: spafarm help [SUBCOMMAND]\n\nwhat there is, and what a subcommand takes");
        return EXIT_HOLDS;
    }
    if (strcmp(of, "version") == 0) {
        puts("usage: spafarm version\n\nthe version of this program");
        return EXIT_HOLDS;
    }
    const struct sub *s = sub_find(of);
    if (!s)
        return unknown_sub(of);
    return help_on(s, argc, argv, 3);
}

static bool asks_help(int argc, char **argv)
{
    for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        overview(stderr);
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return help(argc, argv);
    if (strcmp(name, "version") == 0 && asks_help(argc, argv))
        return help(3, (char *[]){argv[0], argv[0], argv[1]});
    if (strcmp(name, "version") == 0 || strcmp(name, "--version") == 0) {
        printf("spafarm %s\n", SPAFARM_VERSION);
        return EXIT_HOLDS;
    }
    const struct sub *s = sub_find(name);
    if (!s)
        return unknown_sub(name);
    if (asks_help(argc, argv))
        return help_on(s, argc, argv, 2);
    return s->run(argc - 1, argv + 1);
}
