/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>

#include "sim/farm/plan.h"

static char err[300];

static const char *place(const char *range, unsigned index)
{
    static char text[64];
    struct plan_range r;
    struct plan_place p;
    char addr[INET_ADDRSTRLEN];

    err[0] = '\0';
    if (plan_range_parse(&r, range, err, sizeof(err)) ||
        plan_place_get(&p, &r, 0, index, err, sizeof(err)))
        return "none";
    inet_ntop(AF_INET, &p.addr, addr, sizeof(addr));
    snprintf(text, sizeof(text), p.port_base ? "%s:%u" : "%s", addr, p.port_base);
    return text;
}

static void networks_give_an_address_per_phone(void **state)
{
    (void)state;
    assert_string_equal(place("127.1.0.0/16", 1), "127.1.0.1");
    assert_string_equal(place("127.1.0.0/16", 256), "127.1.1.0");
    assert_string_equal(place("127.1.0.0/16", 65534), "127.1.255.254");
    assert_string_equal(place("127.1.0.0/16", 65535), "none");
    assert_string_equal(place("10.0.0.4/31", 2), "10.0.0.5");
    assert_string_equal(place("127.0.0.0/8", 1000000), "127.15.66.64");
}

static void ranges_count_from_their_first_address(void **state)
{
    (void)state;
    assert_string_equal(place("10.0.0.250-10.0.1.2", 1), "10.0.0.250");
    assert_string_equal(place("10.0.0.250-10.0.1.2", 9), "10.0.1.2");
    assert_string_equal(place("10.0.0.250-10.0.1.2", 10), "none");
    assert_non_null(strstr(err, "has 9 addresses"));
}

static void one_address_gives_a_port_block_per_phone(void **state)
{
    (void)state;
    assert_string_equal(place("192.0.2.5", 1), "192.0.2.5:10000");
    assert_string_equal(place("192.0.2.5/32", 3), "192.0.2.5:10032");
    assert_string_equal(place("192.0.2.5", 3471), "192.0.2.5:65520");
    assert_string_equal(place("192.0.2.5", 3472), "none");
    assert_non_null(strstr(err, "65535"));
}

static void host_bits_are_told_with_the_network_meant(void **state)
{
    struct plan_range r;

    (void)state;
    assert_int_equal(plan_range_parse(&r, "127.1.2.3/16", err, sizeof(err)), EINVAL);
    assert_non_null(strstr(err, "127.1.0.0/16"));
}

static void macs_read_in_any_separation(void **state)
{
    uint64_t mac;

    (void)state;
    assert_int_equal(plan_mac_parse(&mac, "000E08000007"), 0);
    assert_true(mac == 0x000e08000007);
    assert_int_equal(plan_mac_parse(&mac, "64:9e:F3-78.8E6A"), 0);
    assert_true(mac == 0x649ef3788e6a);
    assert_int_equal(plan_mac_parse(&mac, "000E0800000"), EINVAL);
    assert_int_equal(plan_mac_parse(&mac, "000E080000071"), EINVAL);
    assert_int_equal(plan_mac_parse(&mac, "000E08:00000G"), EINVAL);
    assert_int_equal(plan_mac_parse(&mac, ":000E08000001"), EINVAL);
}

static void macs_stay_with_their_vendor(void **state)
{
    uint8_t mac[6];

    (void)state;
    assert_int_equal(plan_mac_get(mac, 0x000e08000001, 299), 0);
    assert_memory_equal(mac, "\x00\x0e\x08\x00\x01\x2c", 6);
    assert_int_equal(plan_mac_get(mac, 0x000e08ffffff, 1), EINVAL);
}

static void the_kernel_names_the_address_towards_loopback(void **state)
{
    struct in_addr in;

    (void)state;
    assert_int_equal(plan_addr_towards(&in, "127.0.0.1"), 0);
    assert_int_equal(ntohl(in.s_addr), 0x7f000001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(networks_give_an_address_per_phone),
        cmocka_unit_test(ranges_count_from_their_first_address),
        cmocka_unit_test(one_address_gives_a_port_block_per_phone),
        cmocka_unit_test(host_bits_are_told_with_the_network_meant),
        cmocka_unit_test(macs_read_in_any_separation),
        cmocka_unit_test(macs_stay_with_their_vendor),
        cmocka_unit_test(the_kernel_names_the_address_towards_loopback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
