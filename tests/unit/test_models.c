/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "devices/face.h"
#include "devices/model.h"
#include "devices/params.h"

#define EACH_MODEL(m)                                                                              \
    for (const struct device_model *const *at_ = device_models(), *m = *at_; m; m = *++at_)

static void every_model_is_complete(void **state)
{
    unsigned n = 0;
    (void)state;

    EACH_MODEL(m)
    {
        n++;
        assert_ptr_equal(device_model_find(m->name), m);
        assert_true(m->n_lines >= 1 && m->n_lines <= 12);
        assert_true(m->n_softkeys <= 4);
        assert_true(m->lcd.width_px ? m->lcd.depth_bits && m->lcd.columns && m->lcd.rows
                                    : !m->n_softkeys);
        assert_true(m->n_ouis > 0);
        assert_non_null(m->allow);
        assert_non_null(m->supported);
        assert_non_null(m->idle_key_list);
        assert_non_null(m->default_rule);
        assert_true(*m->source);
        assert_int_equal(strlen(m->serial_site), 3);
    }
    assert_int_equal(n, 20);
}

static void keys_are_unique_and_line_keys_match_the_count(void **state)
{
    (void)state;
    EACH_MODEL(m)
    {
        unsigned lines = 0, soft = 0, digits = 0;
        for (const struct device_key *k = m->keys; k->name; k++) {
            for (const struct device_key *other = k + 1; other->name; other++)
                assert_string_not_equal(k->name, other->name);
            lines += strncmp(k->name, "line", 4) == 0;
            soft += strncmp(k->name, "soft", 4) == 0;
            digits += k->digit != 0;
        }
        assert_int_equal(lines, m->n_line_keys);
        assert_int_equal(soft, m->n_softkeys);
        assert_int_equal(digits, 12);
    }
}

static const char *const *find_name(const char *const *list, const char *name)
{
    while (*list && strcmp(*list, name) != 0)
        list++;
    return *list ? list : NULL;
}

static unsigned places_of(const struct device_face *face, const char *key)
{
    unsigned n = 0;

    for (const struct face_part *p = face->parts; p->w; p++)
        n += p->key && strcmp(p->key, key) == 0;
    return n;
}

static void faces_show_every_key_once_and_inside_the_body(void **state)
{
    unsigned n = 0;

    (void)state;
    EACH_MODEL(m)
    {
        const struct device_face *face = device_face(m);
        assert_non_null(face);
        n++;
        unsigned keys = 0;
        for (const struct face_part *p = face->parts; p->w; p++) {
            assert_true(p->w > 0 && p->h > 0 && p->x >= 0 && p->y >= 0);
            assert_true(p->x + p->w <= 1000 && p->y + p->h <= face->height);
            assert_true(!p->lamp || find_name(m->lamps, p->lamp));
            keys += p->key != NULL;
        }
        for (const struct device_key *k = m->keys; k->name; k++) {
            /* on the 79xx hold is a soft key (devices.md 1.2) */
            const bool soft = m->family == FAMILY_CP79XX && strcmp(k->name, "hold") == 0;
            assert_int_equal(places_of(face, k->name), soft ? 0 : 1);
            keys -= !soft;
        }
        assert_int_equal(keys, 0); /* and none that the model does not have */
    }
    assert_int_equal(n, 20);
}

static void lamps_of_line_keys_exist_where_the_keys_have_lamps(void **state)
{
    (void)state;
    EACH_MODEL(m)
    {
        unsigned n = 0;
        for (const char *const *l = m->lamps; *l; l++)
            n += strncmp(*l, "line", 4) == 0;
        if (m->family == FAMILY_CP79XX)
            assert_int_equal(n, 0); /* devices.md 1.2: their state is on the LCD */
        else
            assert_int_equal(n, m->n_line_keys);
    }
}

static void firmware_lists_rise_and_are_valid(void **state)
{
    (void)state;
    EACH_MODEL(m)
    {
        for (const char *const *v = m->firmware; *v; v++) {
            assert_true(device_version_valid(m, *v));
            if (v[1])
                assert_true(device_version_cmp(v[0], v[1]) < 0);
        }
    }
}

static void any_well_formed_version_is_accepted(void **state)
{
    const struct device_model *spa = device_model_find("spa504g");
    static const char *const good[] = {"7.4.3", "7.6.1(ES_RC01)", "7.6.2", "8.0.0", "6.1.5(a)"};
    static const char *const bad[] = {"",        "latest", "7",
                                      "7.4",     "7.4.",   "7.4.8a!",
                                      "7.4.8(a", "a.b.c",  "7.4.99999999999999999999999999999999"};
    (void)state;

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(device_version_valid(spa, good[i]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(device_version_valid(spa, bad[i]));
    assert_true(device_version_valid(device_model_find("6871"), "11-3-1MPP-697"));
}

static void versions_compare_by_number_then_suffix(void **state)
{
    (void)state;
    assert_true(device_version_cmp("7.4.9c", "7.5.2b") < 0);
    assert_true(device_version_cmp("7.4.10", "7.4.9") > 0);
    assert_true(device_version_cmp("7.6.2", "7.6.2a") < 0);
    assert_int_equal(device_version_cmp("1.0.31(b)", "1.0.31b)"), 0);
    assert_int_equal(device_version_cmp("7.5.5", "7.5.5"), 0);
}

static void check_ua(const char *model, const char *fw, const char *serial, const char *mac_text,
                     const char *want_http, const char *want_sip)
{
    const struct device_model *m = device_model_find(model);
    struct device_identity id = {.firmware = fw, .serial = serial};
    char buf[128];

    sscanf(mac_text, "%2hhx%2hhx%2hhx%2hhx%2hhx%2hhx", &id.mac[0], &id.mac[1], &id.mac[2],
           &id.mac[3], &id.mac[4], &id.mac[5]);
    device_http_ua_print(buf, sizeof(buf), m, &id);
    assert_string_equal(buf, want_http);
    device_ua_print(buf, sizeof(buf), m->ua_format, m, &id);
    assert_string_equal(buf, want_sip);
}

static void user_agents_are_those_seen_in_the_field(void **state)
{
    (void)state;
    check_ua("SPA504G", "7.4.9c", "CCQ162306EA", "649EF3788E6A",
             "Cisco/SPA504G-7.4.9c (649EF3788E6A)(CCQ162306EA)", "Cisco/SPA504G-7.4.9c");
    check_ua("SPA525G", "7.4.7", "CBT141900G7", "000000000000", "Cisco/SPA525G-7.4.7 (CBT141900G7)",
             "Cisco/SPA525G-7.4.7");
    check_ua("6841", "12.0.1", "FCH1", "001122334455", "Cisco-CP-6841-3PCC/12.0.1 (001122334455)",
             "Cisco-CP-6841-3PCC/12.0.1_001122334455");
    check_ua("7960", "8.12", "FCH1", "001122334455", "", "Cisco-CP7960G/8.0");
}

static void update_depends_on_model_and_firmware(void **state)
{
    char buf[128];
    (void)state;

    assert_string_equal(device_allow(device_model_find("SPA303"), "7.4.7", buf, sizeof(buf)),
                        "ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER, UPDATE");
    assert_string_equal(device_allow(device_model_find("SPA303"), "7.4.6", buf, sizeof(buf)),
                        "ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER");
    assert_true(device_has_update(device_model_find("SPA525G"), "7.4.4"));
    assert_false(device_has_update(device_model_find("WIP310"), "5.0.13"));
}

static void serial_numbers_are_a_function_of_the_mac(void **state)
{
    const struct device_model *m = device_model_find("SPA504G");
    char a[16], b[16], again[16];
    (void)state;

    device_serial(a, m, (const uint8_t[]){0, 0x0e, 8, 0, 0, 1});
    device_serial(b, m, (const uint8_t[]){0, 0x0e, 8, 0, 0, 2});
    device_serial(again, m, (const uint8_t[]){0, 0x0e, 8, 0, 0, 1});
    assert_int_equal(strlen(a), 11);
    assert_string_equal(a, again);
    assert_string_not_equal(a, b);
}

static void every_parameter_is_found_by_its_own_name(void **state)
{
    (void)state;
    EACH_MODEL(m)
    {
        for (unsigned i = 0; i < PARAM_COUNT; i++) {
            char name[128];
            enum param_id id;
            uint16_t index;
            if (!(param_def_get((enum param_id)i)->families & 1u << m->family))
                continue;
            const bool indexed = strchr(param_def_get((enum param_id)i)->name, '%') != NULL;
            param_name_print(name, sizeof(name), (enum param_id)i, indexed ? 1 : 0);
            assert_true(param_find(m, name, &id, &index));
            assert_int_equal(id, i);
            assert_int_equal(index, indexed ? 1 : 0);
            assert_non_null(param_default(m, id, index));
        }
    }
}

static void lines_beyond_the_model_and_status_elements_are_unknown(void **state)
{
    const struct device_model *m = device_model_find("SPA504G");
    static const char *const unknown[] = {
        "User_ID_5_", "User_ID_0_",   "User_ID_",      "User_ID_01_", "user_id_1_", "MAC_Address",
        "Current_IP", "Unit_3_Key_1", "Unit_1_Key_33", "User_ID_%_",  "Nonsense"};
    enum param_id id;
    uint16_t index;
    (void)state;

    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
        assert_false(param_find(m, unknown[i], &id, &index));
    assert_true(param_find(m, "Unit_2_Key_32", &id, &index));
    assert_int_equal(index, 64);
    assert_true(param_find(m, "Default_Ring__4__", &id, &index));
    assert_string_equal(param_default(m, P_SIP_Port, 3), "5062");
    assert_string_equal(param_default(device_model_find("6841"), P_Profile_Rule, 0), "/$PSN.xml");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_model_is_complete),
        cmocka_unit_test(keys_are_unique_and_line_keys_match_the_count),
        cmocka_unit_test(faces_show_every_key_once_and_inside_the_body),
        cmocka_unit_test(lamps_of_line_keys_exist_where_the_keys_have_lamps),
        cmocka_unit_test(firmware_lists_rise_and_are_valid),
        cmocka_unit_test(any_well_formed_version_is_accepted),
        cmocka_unit_test(versions_compare_by_number_then_suffix),
        cmocka_unit_test(user_agents_are_those_seen_in_the_field),
        cmocka_unit_test(update_depends_on_model_and_firmware),
        cmocka_unit_test(serial_numbers_are_a_function_of_the_mac),
        cmocka_unit_test(every_parameter_is_found_by_its_own_name),
        cmocka_unit_test(lines_beyond_the_model_and_status_elements_are_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
