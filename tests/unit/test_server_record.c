/* SPDX-License-Identifier: BSD-3-Clause */
/* Values of Proxy and Outbound_Proxy: sip-behaviour.md 2.5. */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <re.h>

#include "sim/base/err.h"
#include "sim/sip/server_record.h"

static struct server_record *read_ok(const char *text)
{
    struct server_record *rec = NULL;
    struct parse_err pe = {0};

    if (server_record_parse(&rec, text, strlen(text), &pe))
        fail_msg("%s: %d: %s", text, pe.col, pe.text);
    return rec;
}

static int read_bad(const char *text, int *col)
{
    struct server_record *rec = NULL;
    struct parse_err pe = {0};
    const int err = server_record_parse(&rec, text, strlen(text), &pe);

    assert_null(rec);
    assert_string_not_equal(pe.text, "");
    *col = pe.col;
    return err;
}

static void check_target(const struct server_record_target *t, const char *host, unsigned port,
                         unsigned priority, unsigned weight, const char *first_addr)
{
    char text[INET_ADDRSTRLEN] = "";

    assert_string_equal(t->host, host);
    assert_int_equal(t->port, port);
    assert_int_equal(t->priority, priority);
    assert_int_equal(t->weight, weight);
    if (t->n_addrs)
        inet_ntop(AF_INET, &t->addrs[0], text, sizeof(text));
    assert_string_equal(text, first_addr);
}

static void a_plain_name_has_a_port_or_none(void **state)
{
    struct server_record *rec = read_ok("sip.example.com");

    (void)state;
    assert_int_equal(rec->kind, SERVER_RECORD_NAME);
    assert_string_equal(rec->host, "sip.example.com");
    assert_int_equal(rec->port, 0);
    assert_int_equal(rec->n, 0);
    mem_deref(rec);
    rec = read_ok(" 192.0.2.1 : 5080 ");
    assert_string_equal(rec->host, "192.0.2.1");
    assert_int_equal(rec->port, 5080);
    mem_deref(rec);
}

static void a_name_may_carry_its_addresses(void **state)
{
    struct server_record *rec = read_ok("sip.example.com:5070:A=192.0.2.1, 192.0.2.2");

    (void)state;
    assert_int_equal(rec->kind, SERVER_RECORD_A);
    assert_int_equal(rec->n, 1);
    check_target(&rec->targets[0], "sip.example.com", 5070, 0, 1, "192.0.2.1");
    assert_int_equal(rec->targets[0].n_addrs, 2);
    mem_deref(rec);
    rec = read_ok("sip.example.com:a=192.0.2.9");
    check_target(&rec->targets[0], "sip.example.com", 0, 0, 1, "192.0.2.9");
    mem_deref(rec);
}

static void a_list_of_servers_has_its_defaults(void **state)
{
    struct server_record *rec = read_ok("name:SRV=10.0.0.1:5060:p=0|10.0.0.2:5070:p=1|third");

    (void)state;
    assert_int_equal(rec->kind, SERVER_RECORD_SRV);
    assert_string_equal(rec->host, "name");
    assert_int_equal(rec->n, 3);
    check_target(&rec->targets[0], "10.0.0.1", 5060, 0, 1, "");
    check_target(&rec->targets[1], "10.0.0.2", 5070, 1, 1, "");
    check_target(&rec->targets[2], "third", 0, 0, 1, "");
    mem_deref(rec);
}

static void the_weight_is_a_bare_number_or_has_its_letter(void **state)
{
    struct server_record *rec = read_ok("n:5061:SRV=a:5060:p=2:30:A=192.0.2.1|b:5060:7|"
                                        "c:p=3:4|d:p=3:w=5:A=192.0.2.4,192.0.2.5|e:w=6:P=1");

    (void)state;
    assert_int_equal(rec->port, 5061);
    assert_int_equal(rec->n, 5);
    check_target(&rec->targets[0], "a", 5060, 2, 30, "192.0.2.1");
    check_target(&rec->targets[1], "b", 5060, 0, 7, "");
    check_target(&rec->targets[2], "c", 0, 3, 4, "");
    check_target(&rec->targets[3], "d", 0, 3, 5, "192.0.2.4");
    assert_int_equal(rec->targets[3].n_addrs, 2);
    check_target(&rec->targets[4], "e", 0, 1, 6, "");
    mem_deref(rec);
}

static void a_value_that_cannot_be_read_says_where(void **state)
{
    static const struct {
        const char *text;
        int col;
    } cases[] = {
        {"", 1},
        {":5060", 1},
        {"a b", 2},
        {"sip:alice@example.com", 5},
        {"[2001:db8::1]", 1},
        {"a:", 3},
        {"a:x", 3},
        {"a:65536", 3},
        {"a:5060:5061", 8},
        {"a:5060;transport=tcp", 3},
        {"a:A=", 5},
        {"a:A=192.0.2.1,", 15},
        {"a:A=192.0.2.300", 5},
        {"a:A=192.0.2.1:5060", 5},
        {"a:SRV=", 7},
        {"a:SRV=b|", 9},
        {"a:SRV=b|:5060", 9},
        {"a:SRV=b:p=", 11},
        {"a:SRV=b:p=1:p=2", 15},
        {"a:SRV=b:1:2:3", 13},
        {"a:SRV=b:w=1:2", 13},
        {"a:SRV=b:A=192.0.2.1:A=192.0.2.2", 21},
        {"a:SRV=b:q=1", 9},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int col;
        if (read_bad(cases[i].text, &col) != EBADMSG || col != cases[i].col)
            fail_msg("%s: column %d", cases[i].text, col);
    }
}

static void more_than_the_limits_is_refused(void **state)
{
    char text[4096];
    int col;

    (void)state;
    memset(text, 'a', sizeof(text));
    text[SERVER_HOST_CHARS + 1] = '\0';
    assert_int_equal(read_bad(text, &col), E2BIG);
    memset(text, 'a', sizeof(text));
    text[SERVER_VALUE_BYTES + 1] = '\0';
    assert_int_equal(read_bad(text, &col), E2BIG);

    strcpy(text, "a:SRV=b");
    for (unsigned i = 1; i < SERVER_RECORD_TARGETS; i++)
        strcat(text, "|b");
    mem_deref(read_ok(text));
    strcat(text, "|b");
    assert_int_equal(read_bad(text, &col), E2BIG);

    strcpy(text, "a:A=192.0.2.1");
    for (unsigned i = 1; i < SERVER_RECORD_ADDRS; i++)
        strcat(text, ",192.0.2.1");
    mem_deref(read_ok(text));
    strcat(text, ",192.0.2.1");
    assert_int_equal(read_bad(text, &col), E2BIG);
}

static void a_nul_inside_is_refused(void **state)
{
    struct server_record *rec = NULL;

    (void)state;
    assert_int_equal(server_record_parse(&rec, "a\0b", 3, NULL), EBADMSG);
    assert_null(rec);
}

static void the_name_of_a_value_ends_where_its_records_begin(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        size_t len;
    } rows[] = {
        {"pbx.example.com", 15}, {"pbx:5070", 8}, {"site:SRV=a|b", 4}, {"site:5070: srv=a", 9},
        {"site:A=192.0.2.1", 4}, {"", 0},         {"a:b:A=", 3},       {"SRV=a", 5}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(server_record_name(rows[i].value), rows[i].len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_name_has_a_port_or_none),
        cmocka_unit_test(a_name_may_carry_its_addresses),
        cmocka_unit_test(a_list_of_servers_has_its_defaults),
        cmocka_unit_test(the_weight_is_a_bare_number_or_has_its_letter),
        cmocka_unit_test(a_value_that_cannot_be_read_says_where),
        cmocka_unit_test(more_than_the_limits_is_refused),
        cmocka_unit_test(a_nul_inside_is_refused),
        cmocka_unit_test(the_name_of_a_value_ends_where_its_records_begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
