/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <re.h>

#include "sim/base/err.h"
#include "sim/farm/accounts.h"

static struct parse_err pe;

static struct accounts *parse(const char *text)
{
    struct accounts *a = NULL;
    memset(&pe, 0, sizeof(pe));
    const int e = accounts_parse(&a, text, strlen(text), &pe);
    assert_true(e == 0 || e == EBADMSG);
    return a;
}

static void rows_and_columns_are_read(void **state)
{
    struct accounts *a = parse("mac,user,password\n000E08000001,100,a\n000E08000002,101,b");

    (void)state;
    assert_non_null(a);
    assert_int_equal(a->n_rows, 2);
    assert_int_equal(a->n_columns, 3);
    assert_string_equal(accounts_cell(a, 1, "user"), "101");
    assert_string_equal(accounts_cell(a, 1, "password"), "b");
    assert_null(accounts_cell(a, 0, "colour"));
    mem_deref(a);
}

static void hyphens_and_underscores_name_the_same_column(void **state)
{
    struct accounts *a = parse("profile_rule\n/x\n");

    (void)state;
    assert_string_equal(accounts_cell(a, 0, "profile-rule"), "/x");
    mem_deref(a);
}

static void quoted_fields_hold_commas_quotes_and_lines(void **state)
{
    struct accounts *a = parse("user,name\r\n1,\"Smith, \"\"Bob\"\"\r\nJr\"\r\n\"\",\"x\"\r\n");

    (void)state;
    assert_non_null(a);
    assert_int_equal(a->n_rows, 2);
    assert_string_equal(accounts_cell(a, 0, "name"), "Smith, \"Bob\"\r\nJr");
    assert_string_equal(accounts_cell(a, 1, "user"), "");
    assert_string_equal(accounts_cell(a, 1, "name"), "x");
    mem_deref(a);
}

static void bom_and_empty_lines_are_taken(void **state)
{
    struct accounts *a = parse("\xef\xbb\xbf\nuser,x\n\n1,\n\r\n2,y\n\n");

    (void)state;
    assert_non_null(a);
    assert_int_equal(a->n_rows, 2);
    assert_string_equal(accounts_cell(a, 0, "user"), "1");
    assert_string_equal(accounts_cell(a, 0, "x"), "");
    mem_deref(a);
}

static void refused_at(const char *text, int line, int col)
{
    struct accounts *a = parse(text);
    if (a)
        fail_msg("taken: %s", text);
    assert_int_equal(pe.line, line);
    assert_int_equal(pe.col, col);
    assert_true(strlen(pe.text) > 5);
}

static void errors_name_line_and_column(void **state)
{
    (void)state;
    refused_at("", 1, 1);
    refused_at("a,b\n1,2,3\n", 2, 5);
    refused_at("a,b\n1,2\n3\n", 3, 1);
    refused_at("a,b\n1,\"open\n", 2, 3);
    refused_at("a,b\n1,\"x\"y\n", 2, 6);
    refused_at("a,b\n1,x\"y\n", 2, 4);
    refused_at("a,,b\n", 1, 3);
    refused_at("user,x,user\n", 1, 8);
    refused_at("a\n\"1\n2\"z\n", 3, 3);
    refused_at("a\n1\r2\n", 2, 3);
    refused_at("user,mac\n", 2, 1);
    refused_at("user;mac\n1;000E08000001\n", 1, 5);
}

static void cells_know_their_place(void **state)
{
    struct accounts *a = parse("user,name\n\n1,\"a\nb\"\r\n\"2\",c\n");
    struct accounts_place at;

    (void)state;
    assert_non_null(a);
    at = accounts_place(a, 0, "name");
    assert_int_equal(at.line, 3);
    assert_int_equal(at.col, 3);
    at = accounts_place(a, 1, "name");
    assert_int_equal(at.line, 5);
    assert_int_equal(at.col, 5);
    at = accounts_place(a, 1, "colour");
    assert_int_equal(at.col, 1);
    mem_deref(a);
}

static void zero_bytes_are_no_text(void **state)
{
    static const char text[] = "a\n1\0002\n";
    struct accounts *a = NULL;

    (void)state;
    assert_int_equal(accounts_parse(&a, text, sizeof(text) - 1, &pe), EBADMSG);
}

static void files_are_named_in_errors(void **state)
{
    struct accounts *a = NULL;
    char err[300], path[] = "/tmp/accounts-XXXXXX";

    (void)state;
    assert_int_equal(accounts_read(&a, "/no/such/file.csv", err, sizeof(err)), ENOENT);
    assert_non_null(strstr(err, "/no/such/file.csv"));
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *f = fdopen(fd, "w");
    fputs("a,b\n1\n", f);
    fclose(f);
    assert_int_equal(accounts_read(&a, path, err, sizeof(err)), EBADMSG);
    assert_non_null(strstr(err, ":2:1: "));
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_columns_are_read),
        cmocka_unit_test(hyphens_and_underscores_name_the_same_column),
        cmocka_unit_test(quoted_fields_hold_commas_quotes_and_lines),
        cmocka_unit_test(bom_and_empty_lines_are_taken),
        cmocka_unit_test(errors_name_line_and_column),
        cmocka_unit_test(cells_know_their_place),
        cmocka_unit_test(zero_bytes_are_no_text),
        cmocka_unit_test(files_are_named_in_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
