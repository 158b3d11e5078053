/* SPDX-License-Identifier: BSD-3-Clause */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/support/fake_farm.h"

static char err[400];

static struct farm *farm(struct loop *lp, bool lab, const char *const *pairs)
{
    struct farm *f = NULL;
    const int e = fake_farm(&f, lp, pairs, lab, err, sizeof(err));
    if (e)
        fail_msg("%s", err);
    return f;
}

#define FARM(lp, lab, ...) farm(lp, lab, (const char *const[]){__VA_ARGS__, NULL})

static void is_set(struct farm *f, unsigned n, const char *name, const char *want)
{
    const char *value = fake_set(farm_phone(f, n), name);
    if (!want)
        assert_null(value);
    else if (!value)
        fail_msg("%s is not set", name);
    else
        assert_string_equal(value, want);
}

static void phones_of_the_lab_learn_their_server_from_its_profile(void **state)
{
    struct farm *f = FARM(*state, true, "count", "3");
    struct phone *ph = farm_phone(f, 3);

    assert_true(ph->provision);
    assert_string_equal(ph->dhcp, "http://127.0.0.1:40002/");
    is_set(f, 3, "Proxy_1_", NULL);
    is_set(f, 3, "Profile_Rule", NULL);
    is_set(f, 3, "User_ID_1_", "1003");
    is_set(f, 3, "Password_1_", "pw-1003");
    assert_int_equal(ntohl(ph->addr.s_addr), 0x7f010003);
    assert_int_equal(ph->port_base, 0);
    assert_memory_equal(ph->mac, ph->model->ouis[0], 3);
    assert_memory_equal(ph->mac + 3, "\0\0\3", 3);
    mem_deref(f);
}

static void without_provisioning_the_lab_is_named_directly(void **state)
{
    struct farm *f = FARM(*state, true, "no-provision", "");

    assert_false(farm_phone(f, 1)->provision);
    is_set(f, 1, "Proxy_1_", "127.0.0.1:40001");
    mem_deref(f);
}

static void models_without_a_factory_rule_get_the_second_file_or_the_server(void **state)
{
    struct farm *f = FARM(*state, true, "model", "WIP310", "addr", "127.48.0.0/24");
    struct farm *old = FARM(*state, true, "model", "7960", "addr", "127.48.1.0/24");

    is_set(f, 1, "Profile_Rule", "/phones/$MA.xml");
    assert_true(farm_phone(f, 1)->provision);
    if (!farm_phone(old, 1)->provision)
        is_set(old, 1, "Proxy_1_", "127.0.0.1:40001");
    mem_deref(f);
    mem_deref(old);
}

static void a_registrar_alone_means_no_provisioning(void **state)
{
    struct farm *f = FARM(*state, false, "count", "2", "registrar", "127.0.0.1:5099", "transport",
                          "tcp", "set", "Station_Name=Room {n} of {user}", "port-base", "20000");

    assert_false(farm_phone(f, 2)->provision);
    is_set(f, 2, "Proxy_1_", "127.0.0.1:5099");
    is_set(f, 2, "SIP_Transport_1_", "TCP");
    is_set(f, 2, "Station_Name", "Room 2 of 1002");
    is_set(f, 2, "User_ID_1_", "1002");
    /* the address towards the registrar is one for all */
    assert_int_equal(ntohl(farm_phone(f, 2)->addr.s_addr), 0x7f000001);
    assert_int_equal(farm_phone(f, 2)->port_base, 20016);
    mem_deref(f);
}

static void a_profile_rule_alone_leaves_the_account_to_the_profile(void **state)
{
    struct farm *f = FARM(*state, false, "profile-rule", "http://127.0.0.1/x", "dhcp-option",
                          "150=127.0.0.9", "dhcp-option", "66=127.0.0.8", "addr", "127.48.0.0/24");

    assert_true(farm_phone(f, 1)->provision);
    is_set(f, 1, "Profile_Rule", "http://127.0.0.1/x");
    is_set(f, 1, "User_ID_1_", NULL);
    is_set(f, 1, "Password_1_", NULL);
    /* each phone chooses by DHCP_Option_To_Use */
    assert_string_equal(farm_phone(f, 1)->dhcp, "150=127.0.0.9\n66=127.0.0.8");
    mem_deref(f);
    f = FARM(*state, false, "profile-rule", "http://127.0.0.1/x", "user", "u{n}", "addr",
             "127.48.0.0/24");
    is_set(f, 1, "User_ID_1_", "u1");
    mem_deref(f);
}

static const char *accounts_file(const char *text)
{
    static char path[64];

    strcpy(path, "/tmp/farm-XXXXXX");
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *f = fdopen(fd, "w");
    fputs(text, f);
    fclose(f);
    return path;
}

static void rows_overrule_options(void **state)
{
    const char *path = accounts_file("mac,ip,Model,USER,password,room,profile_rule\n"
                                     "649EF3788E6A,127.48.0.77,SPA525G2,{bob},s3cret,B 12,/own\n"
                                     ",,,,,C 1,\n");
    struct farm *f =
        FARM(*state, false, "accounts", path, "model", "SPA508G", "profile-rule", "/all", "addr",
             "127.48.0.0/24", "set", "Station_Name={room}", "user", "u{n}", "mac", "000E08000001");

    remove(path);
    assert_int_equal(farm_count(f), 2);
    struct phone *a = farm_phone(f, 1), *b = farm_phone(f, 2);
    assert_string_equal(a->model->name, "SPA525G2");
    assert_memory_equal(a->mac, "\x64\x9e\xf3\x78\x8e\x6a", 6);
    assert_int_equal(ntohl(a->addr.s_addr), 0x7f30004d);
    is_set(f, 1, "User_ID_1_", "{bob}"); /* cells are no templates */
    is_set(f, 1, "Password_1_", "s3cret");
    is_set(f, 1, "Profile_Rule", "/own");
    is_set(f, 1, "Station_Name", "B 12");
    assert_string_equal(b->model->name, "SPA508G");
    assert_memory_equal(b->mac, "\x00\x0e\x08\x00\x00\x02", 6);
    assert_int_equal(ntohl(b->addr.s_addr), 0x7f300002);
    is_set(f, 2, "User_ID_1_", "u2");
    is_set(f, 2, "Password_1_", NULL);
    is_set(f, 2, "Profile_Rule", "/all");
    is_set(f, 2, "Station_Name", "C 1");
    mem_deref(f);
}

static void bad_rows_are_told(void **state)
{
    static const char *const bad[][2] = {
        {"model\nSPA999\n", "SPA999"},
        {"mac\n12\n", ":2:1: \"12\""},
        {"user,ip\na,127.48.0.1\n\nb,x\n", ":4:3: \"x\""},
        {"seed\n1\n", "seed"},
        {"user\n1\n", "has 1 rows"},
        {"user,x\n1\n", ":2:1:"},
        {"user,mac\n1,000E08000001\n2,00:0e:08:00:00:01\n", ":3:3: the MAC address of line 2"},
        {"user,mac\n\"a\nb\",zz\n", ":3:4: "},
        {"Time_Scale\n2\n", "--time-scale is for the whole farm"},
        {"user,ip\n1,127.48.0.1\n2,127.48.0.2\n3,127.48.0.1\n", ":4:3: the IP address of line 2"},
        {"addr,user\n127.48.0.1,1\n127.48.0.1,2\n", ":3:1: the IP address of line 2"},
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const char *path = accounts_file(bad[i][0]);
        const char *const o[] = {
            "accounts", path, "addr", "127.48.0.0/24", i == 4 ? "count" : "user", "2", NULL};
        struct farm *f = NULL;
        const int e = fake_farm(&f, *state, o, true, err, sizeof(err));
        remove(path);
        assert_int_equal(e, i == 5 ? EBADMSG : EINVAL);
        if (!strstr(err, bad[i][1]))
            fail_msg("\"%s\" lacks %s", err, bad[i][1]);
    }
}

static void refused(struct loop *lp, int want, const char *word, const char *const *o)
{
    struct farm *f = NULL;
    assert_int_equal(fake_farm(&f, lp, o, true, err, sizeof(err)), want);
    assert_null(f);
    if (!strstr(err, word))
        fail_msg("\"%s\" lacks \"%s\"", err, word);
}

#define REFUSED(lp, want, word, ...)                                                               \
    refused(lp, want, word, (const char *const[]){__VA_ARGS__, NULL})

static void farms_that_cannot_work_say_so_at_once(void **state)
{
    REFUSED(*state, EADDRNOTAVAIL, "192.0.2.1", "addr", "192.0.2.0/24", "registrar", "192.0.2.9");
    REFUSED(*state, EINVAL, "254 addresses", "count", "255", "addr", "127.48.0.0/24");
    REFUSED(*state, EINVAL, "--mac", "count", "2", "mac", "000E08FFFFFF");
    REFUSED(*state, EINVAL, "{colour}", "set", "Station_Name={colour}");
    REFUSED(*state, EINVAL, "--port-base", "port-base", "9000");
    REFUSED(*state, EINVAL, "would be 65536", "count", "2", "addr", "127.48.0.1", "web", "65535");
}

static void later_phones_go_on_counting(void **state)
{
    struct farm *f = FARM(*state, true, "count", "5", "addr", "127.48.0.0/24");
    struct farm_options o;
    unsigned first, count;

    farm_pairs(&o, (const char *const[]){"count", "2", "addr", "127.48.0.0/24", NULL});
    assert_int_equal(farm_add(f, &o, &first, &count, err, sizeof(err)), 0);
    farm_options_reset(&o);
    assert_int_equal(first, 6);
    assert_int_equal(count, 2);
    assert_int_equal(ntohl(farm_phone(f, 7)->addr.s_addr), 0x7f300007);
    is_set(f, 7, "User_ID_1_", "1007");

    farm_pairs(&o, (const char *const[]){"addr", "127.48.9.0/24", NULL});
    assert_int_equal(farm_add(f, &o, &first, &count, err, sizeof(err)), 0);
    farm_options_reset(&o);
    assert_int_equal(first, 8);
    assert_int_equal(ntohl(farm_phone(f, 8)->addr.s_addr), 0x7f300901); /* its own network */
    assert_int_equal(farm_totals(f)->phones, 8);
    assert_ptr_equal(farm_at(f, 7), farm_phone(f, 8));
    assert_null(farm_phone(f, 9));
    mem_deref(f);
}

static struct sockaddr_in unused_port(void)
{
    struct sockaddr_in sin = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(sin);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&sin, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
    close(fd);
    return sin;
}

static void later_phones_leave_the_web_servers_where_they_are(void **state)
{
    const struct sockaddr_in sin = unused_port();
    struct farm_options o;
    unsigned first, count;
    char port[8];

    snprintf(port, sizeof(port), "%u", ntohs(sin.sin_port));
    struct farm *f = FARM(*state, true, "addr", "127.48.0.0/24", "web", port);
    farm_pairs(&o, (const char *const[]){"addr", "127.48.0.0/24", NULL}); /* without --web */
    assert_int_equal(farm_add(f, &o, &first, &count, err, sizeof(err)), 0);
    farm_options_reset(&o);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&sin, sizeof(sin)), 0);
    close(fd);
    mem_deref(f);
}

static unsigned n_powered(const struct farm *f)
{
    return farm_totals(f)->powered;
}

static void boots_in_flight_are_bounded(void **state)
{
    struct farm *f = FARM(*state, true, "count", "1000");

    farm_power_on(f, 0);
    loop_advance(*state, 1);
    assert_int_equal(n_powered(f), 200);
    fake_register(farm_phone(f, 1), NULL, 0, 1);
    fake_register(farm_phone(f, 2), "Forbidden", 403, 1); /* a failure ends a boot, too */
    loop_advance(*state, 1);
    assert_int_equal(n_powered(f), 202);
    phone_power(farm_phone(f, 3), false);
    loop_advance(*state, 1);
    assert_int_equal(n_powered(f), 202); /* one off, the next one on */
    mem_deref(f);
}

static void a_silent_server_holds_nobody_up_for_ever(void **state)
{
    struct farm *f = FARM(*state, true, "count", "500");

    farm_power_on(f, 0);
    loop_advance(*state, 9000);
    assert_int_equal(n_powered(f), 200);
    loop_advance(*state, 2000);
    assert_int_equal(n_powered(f), 400);
    loop_advance(*state, 20000);
    assert_int_equal(n_powered(f), 500);
    mem_deref(f);
}

static void phones_without_an_account_are_booted_when_idle(void **state)
{
    struct farm *f = FARM(*state, false, "count", "300", "profile-rule", "http://127.0.0.1/x",
                          "addr", "127.48.0.0/16");

    farm_power_on(f, 0);
    loop_advance(*state, 1);
    struct phone *ph = farm_phone(f, 1);
    ph->idle = true;
    fake_emit(ph, &(struct phone_event){.ev = PHONE_EV_SCREEN});
    loop_advance(*state, 1);
    assert_int_equal(n_powered(f), 201);
    mem_deref(f);
}

static void a_rate_paces_the_power_on(void **state)
{
    struct farm *f = FARM(*state, true, "count", "100");

    farm_power_on(f, 20);
    loop_advance(*state, 1);
    assert_int_equal(n_powered(f), 1);
    loop_advance(*state, 1000);
    assert_in_range(n_powered(f), 20, 21);
    loop_advance(*state, 10000);
    assert_int_equal(n_powered(f), 100);
    assert_true(farm_verdict_valid(f));
    mem_deref(f);
}

static void power_cycle_turns_a_selection_off_and_on(void **state)
{
    static const unsigned numbers[] = {2, 3};
    struct farm *f = FARM(*state, true, "count", "3");

    farm_power_on(f, 0);
    loop_advance(*state, 1);
    for (unsigned n = 1; n <= 3; n++)
        fake_register(farm_phone(f, n), NULL, 0, 1);
    farm_power_cycle_paced(f, numbers, 2, &(struct farm_pace){.rate = 0});
    assert_int_equal(n_powered(f), 1);
    loop_advance(*state, 1);
    assert_int_equal(n_powered(f), 3);
    assert_int_equal(farm_totals(f)->registered, 1);
    mem_deref(f);
}

static void cycle(struct farm *f, const struct farm_pace *pace)
{
    unsigned numbers[100];

    for (unsigned i = 0; i < 100; i++)
        numbers[i] = i + 1;
    farm_power_cycle_paced(f, numbers, 100, pace);
}

/* rate t² / 2 ramp of them by t */
static void a_ramp_leads_to_the_rate(void **state)
{
    struct farm *f = FARM(*state, true, "count", "100");

    farm_power_on_paced(f, &(struct farm_pace){.rate = 10, .ramp_s = 10});
    loop_advance(*state, 5000);
    assert_in_range(n_powered(f), 12, 14);
    loop_advance(*state, 5000);
    assert_in_range(n_powered(f), 50, 52);
    loop_advance(*state, 4000);
    assert_in_range(n_powered(f), 90, 92);
    loop_advance(*state, 1100);
    assert_int_equal(n_powered(f), 100);
    assert_true(farm_verdict_valid(f));
    mem_deref(f);
}

static void a_cut_is_dark_before_light_comes_back_spread(void **state)
{
    struct farm *f = FARM(*state, true, "count", "100", "seed", "4");

    farm_power_on(f, 0);
    loop_advance(*state, 10);
    assert_int_equal(n_powered(f), 100);
    cycle(f, &(struct farm_pace){.off_s = 30, .spread = true, .spread_s = 20});
    assert_int_equal(n_powered(f), 0);
    loop_advance(*state, 29999);
    assert_int_equal(n_powered(f), 0);
    loop_advance(*state, 10000);
    assert_in_range(n_powered(f), 35, 65);
    loop_advance(*state, 10010);
    assert_int_equal(n_powered(f), 100);
    mem_deref(f);
}

static void a_spread_of_nothing_is_all_at_once(void **state)
{
    struct farm *f = FARM(*state, true, "count", "500");

    farm_power_on_paced(f, &(struct farm_pace){.spread = true});
    loop_advance(*state, 1);
    assert_int_equal(n_powered(f), 500); /* over the window, nobody has answered */
    mem_deref(f);
}

static unsigned order_of(struct farm *f, struct loop *lp, char *text, size_t size)
{
    unsigned n = 0;

    text[0] = '\0';
    farm_power_on_paced(f, &(struct farm_pace){.spread = true, .spread_s = 10});
    for (unsigned t = 0; t <= 1000; t++) {
        for (size_t i = 0; i < farm_count(f); i++) {
            struct phone *ph = farm_at(f, i);
            if (!ph->powered || ph->idle)
                continue;
            ph->idle = true; /* seen */
            const size_t len = strlen(text);
            snprintf(text + len, size - len, "%u@%u ", ph->n, t);
            n++;
        }
        loop_advance(lp, 10);
    }
    return n;
}

static void a_shard_spreads_its_phones_as_the_whole_would(void **state)
{
    struct farm *whole = FARM(*state, true, "count", "4", "seed", "6", "addr", "127.48.9.0/24");
    struct farm *half =
        FARM(*state, true, "count", "4", "seed", "6", "addr", "127.48.9.0/24", "shard", "2/2");
    char all[200], some[200], *at, *rest = NULL;

    assert_int_equal(order_of(whole, *state, all, sizeof(all)), 4);
    assert_int_equal(order_of(half, *state, some, sizeof(some)), 2);
    for (at = strtok_r(some, " ", &rest); at; at = strtok_r(NULL, " ", &rest))
        assert_non_null(strstr(all, at));
    mem_deref(whole);
    mem_deref(half);
}

static void a_second_word_takes_over_from_the_first(void **state)
{
    struct farm *f = FARM(*state, true, "count", "100");

    farm_power_on_paced(f, &(struct farm_pace){.rate = 1});
    loop_advance(*state, 1500);
    assert_int_equal(n_powered(f), 2);
    cycle(f, &(struct farm_pace){.off_s = 5, .rate = 50});
    assert_int_equal(n_powered(f), 0);
    loop_advance(*state, 5001);
    assert_int_equal(n_powered(f), 1);
    loop_advance(*state, 2000);
    assert_int_equal(n_powered(f), 100);
    loop_advance(*state, 200000);
    for (unsigned n = 1; n <= 100; n++) /* each came on once, not twice */
        assert_true(farm_phone(f, n)->powered);
    mem_deref(f);
}

static void somebody_who_is_quicker_is_not_cut_off(void **state)
{
    struct farm *f = FARM(*state, true, "count", "100");

    cycle(f, &(struct farm_pace){.off_s = 5});
    phone_power(farm_phone(f, 7), true);
    fake_register(farm_phone(f, 7), NULL, 0, 1);
    loop_advance(*state, 6000);
    assert_true(farm_phone(f, 7)->registered);
    assert_int_equal(n_powered(f), 100);
    mem_deref(f);
}

static void totals_follow_every_change(void **state)
{
    struct farm *f = FARM(*state, true, "count", "4");
    const struct farm_totals *t = farm_totals(f);

    farm_power_on(f, 0);
    loop_advance(*state, 1);
    assert_int_equal(t->booting, 4);
    fake_fetch(farm_phone(f, 1), NULL, 10);
    assert_int_equal(t->provisioned, 1);
    fake_register(farm_phone(f, 1), NULL, 0, 10);
    assert_int_equal(t->booting, 3);
    assert_int_equal(t->idle, 1);
    assert_int_equal(t->registered, 1);
    fake_register(farm_phone(f, 2), "Forbidden", 403, 10);
    assert_int_equal(t->failed, 1);
    fake_register(farm_phone(f, 2), NULL, 0, 10); /* a retry went well */
    assert_int_equal(t->failed, 0);
    assert_int_equal(t->registered, 2);
    assert_int_equal(t->reg.error, 1);
    fake_emit(farm_phone(f, 1), &(struct phone_event){.ev = PHONE_EV_REBOOT, .text = "why"});
    assert_int_equal(t->registered, 1);
    assert_int_equal(t->booting, 3);
    phone_power(farm_phone(f, 2), false);
    assert_int_equal(t->registered, 0);
    assert_int_equal(t->powered, 3);
    mem_deref(f);
}

static void a_phone_fails_by_the_goal_that_is_set(void **state)
{
    struct farm *f = FARM(*state, true, "count", "1");

    farm_power_on(f, 0);
    loop_advance(*state, 1);
    fake_register(farm_phone(f, 1), "Forbidden", 403, 10);
    assert_int_equal(farm_totals(f)->failed, 1);
    farm_set_goal(f, PHONE_IDLE);
    assert_int_equal(farm_totals(f)->failed, 0);
    mem_deref(f);
}

static void count_done(void *arg)
{
    ++*(unsigned *)arg;
}

static void unregistering_waits_for_every_phone(void **state)
{
    struct farm *f = FARM(*state, true, "count", "3");
    unsigned n_done = 0;

    farm_power_on(f, 0);
    loop_advance(*state, 1);
    fake_register(farm_phone(f, 1), NULL, 0, 1);
    fake_register(farm_phone(f, 2), NULL, 0, 1);
    farm_unregister(f, count_done, &n_done);
    loop_advance(*state, 1);
    assert_int_equal(farm_phone(f, 1)->n_unregisters, 1);
    fake_unregistered(farm_phone(f, 1));
    loop_advance(*state, 100);
    assert_int_equal(n_done, 0);
    fake_unregistered(farm_phone(f, 2));
    assert_int_equal(n_done, 0); /* never from inside the event */
    loop_advance(*state, 1);
    assert_int_equal(n_done, 1);
    loop_advance(*state, 100000);
    assert_int_equal(n_done, 1);
    mem_deref(f);
}

static void unregistering_gives_up_on_silent_phones(void **state)
{
    struct farm *f = FARM(*state, true, "count", "1");
    unsigned n_done = 0;

    farm_power_on(f, 0);
    loop_advance(*state, 1);
    fake_register(farm_phone(f, 1), NULL, 0, 1);
    farm_unregister(f, count_done, &n_done);
    loop_advance(*state, 39000);
    assert_int_equal(n_done, 0);
    loop_advance(*state, 2000);
    assert_int_equal(n_done, 1);
    mem_deref(f);
}

static void phones_can_come_on_again_after_unregistering(void **state)
{
    struct farm *f = FARM(*state, true, "count", "3");
    unsigned n_done = 0;

    farm_power_on_paced(f, &(struct farm_pace){.rate = 1});
    loop_advance(*state, 1); /* two of them wait for power, and are no longer to get it */
    fake_register(farm_phone(f, 1), NULL, 0, 1);
    farm_unregister(f, count_done, &n_done);
    loop_advance(*state, 41000);
    assert_int_equal(n_done, 1);
    assert_int_equal(n_powered(f), 1);
    farm_power_on(f, 0);
    loop_advance(*state, 1);
    assert_int_equal(n_powered(f), 3);
    mem_deref(f);
}

static void the_words_of_strangers_do_not_steer_a_terminal(void **state)
{
    struct farm *f = FARM(*state, true, "count", "1");

    fake_emit(farm_phone(f, 1), &(struct phone_event){.ev = PHONE_EV_CALL,
                                                      .on = true,
                                                      .call = PHONE_CALL_NEWS_FAILED,
                                                      .scode = 486,
                                                      .why = "Busy\x1b[2J\r\n"});
    assert_string_equal(farm_totals(f)->calls.ops.causes[0].text, "486 Busy?[2J??");
    mem_deref(f);
}

struct observer {
    unsigned n;
    bool leave;
};

static void observe_handler(struct farm *f, struct phone *ph, const struct phone_event *ev,
                            void *arg)
{
    struct observer *o = arg;

    (void)ph;
    (void)ev;
    o->n++;
    if (o->leave)
        farm_unobserve(f, observe_handler, o);
}

static void observers_may_leave_while_they_are_told(void **state)
{
    struct farm *f = FARM(*state, true, "count", "1");
    struct observer a = {.leave = true}, b = {.n = 0};

    assert_int_equal(farm_observe(f, observe_handler, &a), 0);
    assert_int_equal(farm_observe(f, observe_handler, &b), 0);
    fake_emit(farm_phone(f, 1), &(struct phone_event){.ev = PHONE_EV_BOOT});
    fake_emit(farm_phone(f, 1), &(struct phone_event){.ev = PHONE_EV_BOOT});
    assert_int_equal(a.n, 1);
    assert_int_equal(b.n, 2);
    farm_unobserve(f, observe_handler, &b);
    fake_emit(farm_phone(f, 1), &(struct phone_event){.ev = PHONE_EV_BOOT});
    assert_int_equal(b.n, 2);
    mem_deref(f);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_farm_setup, fake_farm_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(phones_of_the_lab_learn_their_server_from_its_profile),
        TEST(without_provisioning_the_lab_is_named_directly),
        TEST(models_without_a_factory_rule_get_the_second_file_or_the_server),
        TEST(a_registrar_alone_means_no_provisioning),
        TEST(a_profile_rule_alone_leaves_the_account_to_the_profile),
        TEST(rows_overrule_options),
        TEST(bad_rows_are_told),
        TEST(farms_that_cannot_work_say_so_at_once),
        TEST(later_phones_go_on_counting),
        TEST(later_phones_leave_the_web_servers_where_they_are),
        TEST(boots_in_flight_are_bounded),
        TEST(a_silent_server_holds_nobody_up_for_ever),
        TEST(phones_without_an_account_are_booted_when_idle),
        TEST(a_rate_paces_the_power_on),
        TEST(power_cycle_turns_a_selection_off_and_on),
        TEST(a_ramp_leads_to_the_rate),
        TEST(a_cut_is_dark_before_light_comes_back_spread),
        TEST(a_spread_of_nothing_is_all_at_once),
        TEST(a_shard_spreads_its_phones_as_the_whole_would),
        TEST(a_second_word_takes_over_from_the_first),
        TEST(somebody_who_is_quicker_is_not_cut_off),
        TEST(totals_follow_every_change),
        TEST(a_phone_fails_by_the_goal_that_is_set),
        TEST(unregistering_waits_for_every_phone),
        TEST(unregistering_gives_up_on_silent_phones),
        TEST(phones_can_come_on_again_after_unregistering),
        TEST(the_words_of_strangers_do_not_steer_a_terminal),
        TEST(observers_may_leave_while_they_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
