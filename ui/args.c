/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/args.h"

#include <stdio.h>
#include <string.h>

#include "ui/sub.h"

static const struct farm_option *find(const struct args *a, const char *name, size_t len)
{
    for (int t = 0; t < ARGS_TABLES; t++) {
        for (size_t i = 0; i < a->n[t]; i++) {
            const struct farm_option *o = &a->tables[t][i];
            if (strlen(o->name) == len && strncmp(o->name, name, len) == 0)
                return o;
        }
    }
    return NULL;
}

/* Edits between two names; long ones count as far. */
static unsigned distance(const char *a, const char *b)
{
    enum { LONGEST = 24 };
    const size_t n = strlen(b);
    unsigned row[LONGEST + 1];

    if (strlen(a) > LONGEST || n > LONGEST)
        return LONGEST;
    for (unsigned j = 0; j <= n; j++)
        row[j] = j;
    for (unsigned i = 1; a[i - 1]; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= n; j++) {
            const unsigned swap = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            unsigned best = row[j - 1] < row[j] ? row[j - 1] + 1 : row[j] + 1;
            row[j] = swap < best ? swap : best;
        }
    }
    return row[n];
}

static enum args_result unknown(const struct args *a, const char *word, const char *name,
                                size_t len)
{
    const char *best = NULL;
    unsigned best_distance = 3; /* further away it is no slip */
    char given[64];

    snprintf(given, sizeof(given), "%.*s", (int)(len < 60 ? len : 60), name);
    for (int t = 0; t < ARGS_TABLES; t++) {
        for (size_t i = 0; i < a->n[t]; i++) {
            const unsigned d = distance(given, a->tables[t][i].name);
            if (d < best_distance) {
                best_distance = d;
                best = a->tables[t][i].name;
            }
        }
    }
    if (best && strlen(best) > 1)
        sub_error(EXIT_USAGE, "there is no option %s; did you mean --%s?", word, best);
    else
        sub_error(EXIT_USAGE, "there is no option %s (see spafarm %s --help)", word, a->sub);
    return ARGS_ERROR;
}

static bool is_number(const char *text)
{
    return text && *text && strspn(text, "0123456789") == strlen(text);
}

static enum args_result take_value(struct args *a, const char *word, const char *eq)
{
    const char *arg = a->found->arg;
    char *following = a->next < a->argc ? a->argv[a->next] : NULL;

    a->value = eq ? eq + 1 : NULL;
    if (eq && !arg) {
        sub_error(EXIT_USAGE, "--%s takes no value", a->found->name);
        return ARGS_ERROR;
    }
    if (eq || !arg)
        return ARGS_OPTION;
    if (arg[0] == '[' && !is_number(following))
        return ARGS_OPTION;
    if (!following) {
        sub_error(EXIT_USAGE, "%s wants a value: %s", word, arg);
        return ARGS_ERROR;
    }
    a->value = following;
    a->next++;
    return ARGS_OPTION;
}

enum args_result args_next(struct args *a)
{
    if (a->next >= a->argc)
        return ARGS_END;

    const char *word = a->argv[a->next++];
    a->found = NULL;
    a->value = word;
    if (strcmp(word, "--") == 0) { /* the rest are words */
        memset(a->n, 0, sizeof(a->n));
        return args_next(a);
    }
    const bool all_words = a->n[0] + a->n[1] == 0;
    if (word[0] != '-' || !word[1] || all_words)
        return ARGS_WORD;

    const char *name = word + (word[1] == '-' ? 2 : 1), *eq = strchr(name, '=');
    const size_t len = eq ? (size_t)(eq - name) : strlen(name);
    if (word[1] == '-' || len == 1)
        a->found = find(a, name, len);
    if (!a->found)
        return unknown(a, word, name, len);
    return take_value(a, word, eq);
}

int args_read_one(struct args *a, const char **word, const char *what, args_option_h *h, void *arg)
{
    enum args_result got;
    int code = EXIT_HOLDS;

    while (!code && (got = args_next(a)) != ARGS_END) {
        if (got == ARGS_ERROR)
            code = EXIT_USAGE;
        else if (got == ARGS_OPTION)
            code = h(a->found->name, a->value, arg);
        else if (*word)
            code = sub_error(EXIT_USAGE, "\"%s\": %s is enough", a->value, what);
        else
            *word = a->value;
    }
    return code;
}

void args_help(const struct farm_option *table, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char left[64];
        snprintf(left, sizeof(left), "%s%s%s%s", strlen(table[i].name) == 1 ? "-" : "--",
                 table[i].name, table[i].arg ? " " : "", table[i].arg ? table[i].arg : "");
        printf("  %-26s %s%s\n", left, table[i].help, table[i].repeatable ? "; repeatable" : "");
    }
}
