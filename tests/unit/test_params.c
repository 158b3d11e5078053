/* SPDX-License-Identifier: BSD-3-Clause */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <re.h>

#include "devices/model.h"
#include "sim/prov/params.h"
#include "sim/prov/strpool.h"

struct fixture {
    const struct device_model *m;
    struct strpool *pool;
    struct param_set *ps;
};

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof(*f));

    f->m = device_model_find("SPA504G");
    assert_non_null(f->m);
    assert_int_equal(strpool_alloc(&f->pool), 0);
    assert_int_equal(param_set_alloc(&f->ps, f->m, f->pool), 0);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    mem_deref(f->ps);
    mem_deref(f->pool);
    test_free(f);
    return 0;
}

static bool set(struct fixture *f, const char *name, const char *value)
{
    bool changed = false;

    assert_int_equal(param_set_name(f->ps, name, value, PARAM_FROM_PROFILE, &changed), 0);
    return changed;
}

static void table_is_sorted_by_name(void **state)
{
    (void)state;
    for (unsigned i = 1; i < PARAM_COUNT; i++) {
        const char *a = param_def_get((enum param_id)(i - 1))->name;
        const char *b = param_def_get((enum param_id)i)->name;
        if (strcmp(a, b) >= 0)
            fail_msg("%s before %s", a, b);
    }
}

/* param_find() looks for them as parameters of a line or a key at once. */
static void no_name_in_the_table_ends_with_a_number_and_an_underscore(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PARAM_COUNT; i++) {
        const char *name = param_def_get((enum param_id)i)->name;
        const size_t len = strlen(name);
        assert_false(len > 2 && name[len - 1] == '_' && isdigit((unsigned char)name[len - 2]));
    }
}

static void gpp_letters_follow_each_other(void **state)
{
    (void)state;
    assert_int_equal(P_GPP_P - P_GPP_A, 15);
    assert_int_equal(P_GPP_SD - P_GPP_SA, 3);
}

static void names_resolve_to_id_and_index(void **state)
{
    struct fixture *f = *state;
    enum param_id id;
    uint16_t index;

    assert_true(param_find(f->m, "Register_Expires_2_", &id, &index));
    assert_int_equal(id, P_Register_Expires);
    assert_int_equal(index, 2);
    assert_true(param_find(f->m, "Profile_Rule_B", &id, &index));
    assert_int_equal(id, P_Profile_Rule_B);
    assert_int_equal(index, 0);
    assert_true(param_find(f->m, "Auth_Resync-Reboot_4_", &id, &index));
    assert_int_equal(id, P_Auth_Resync_Reboot);
    assert_true(param_find(f->m, "Default_Ring__3__", &id, &index));
    assert_int_equal(index, 3);
    assert_true(param_find(f->m, "Unit_2_Key_32", &id, &index));
    assert_int_equal(index, 64);
}

static void names_the_model_lacks_are_unknown(void **state)
{
    static const char *const unknown[] = {
        "",
        "Nothing",
        "profile_rule",
        "Proxy_5_",
        "Proxy_0_",
        "Proxy_01_",
        "Proxy_%_",
        "Proxy_",
        "Proxy_1",
        "Proxy_99999999999_",
        "Current_IP",
        "MAC_Address",
        "Call_State",
        "Unit_3_Key_1",
        "Unit_1_Key_33",
        "Unit_%_Key_%",
    };
    struct fixture *f = *state;
    enum param_id id;
    uint16_t index;
    char longest[4096];

    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        if (param_find(f->m, unknown[i], &id, &index))
            fail_msg("%s is known", unknown[i]);
    }
    memset(longest, 'A', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_false(param_find(f->m, longest, &id, &index));
    assert_int_equal(param_set_name(f->ps, "Proxy_5_", "x", PARAM_FROM_PROFILE, NULL), ENOENT);
}

/* provisioning.md 5.2: one meaning, a name for each family */
static void each_family_has_its_own_names(void **state)
{
    static const char *const rows[][3] = {
        {"Admin_Passwd", "Admin_Password", "Admin_Password"},
        {"Signaling_Protocol", "SPA525-protocol", NULL},
        {"SPCP_Auto-detect", "SPA525-auto-detect-sccp", NULL},
        {"Phone-UI-readonly", "SPA525-readonly", "Phone-UI-readonly"},
        {"Log_Resync_Request_Msg", "Log_Resync_Request_Msg", "Log_Request_Msg"},
        {"Custom_CA_RULE", "Custom_CA_URL", "Custom_CA_Rule"},
        {"LDAP_Server", "Server", "LDAP_Server"},
        {"HostName", "HostName", "Host_Name"},
        {"Speed_Dial_2", "Speed_Dial_9", "Speed_Dial_9_Number"},
        {"Back_Light_Timer", "Back_Light_Timer__sec_", "Speed_Dial_2_Name"},
    };
    static const char *const models[] = {"SPA504G", "SPA525G2", "6841"};
    enum param_id id;
    uint16_t index;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (unsigned m = 0; m < 3; m++) {
            if (rows[i][m] && !param_find(device_model_find(models[m]), rows[i][m], &id, &index))
                fail_msg("%s: %s", models[m], rows[i][m]);
        }
    }
    assert_false(param_find(device_model_find("6841"), "Speed_Dial_2", &id, &index));
    assert_false(param_find(device_model_find("SPA504G"), "Speed_Dial_2_Number", &id, &index));
}

static void printed_names_are_found_again(void **state)
{
    struct fixture *f = *state;
    enum param_id id;
    uint16_t index;
    char name[128];

    param_name_print(name, sizeof(name), P_User_ID, 4);
    assert_string_equal(name, "User_ID_4_");
    param_name_print(name, sizeof(name), P_Unit_Key, 33);
    assert_string_equal(name, "Unit_2_Key_1");
    assert_true(param_find(f->m, name, &id, &index));
    assert_int_equal(id, P_Unit_Key);
    assert_int_equal(index, 33);
}

static void booleans_read_in_every_spelling(void **state)
{
    static const char *const yes[] = {"Yes", "yes", "YES", "Enable", "enable", "1"};
    static const char *const no[] = {"No", "no", "NO", "Disable", "disable", "0"};
    struct fixture *f = *state;

    for (size_t i = 0; i < 6; i++) {
        set(f, "Use_Auth_ID_1_", yes[i]);
        assert_true(param_bool(f->ps, P_Use_Auth_ID, 1));
        set(f, "Use_Auth_ID_1_", no[i]);
        assert_false(param_bool(f->ps, P_Use_Auth_ID, 1));
    }
    assert_int_equal(param_set_name(f->ps, "Use_Auth_ID_1_", "maybe", PARAM_FROM_PROFILE, NULL),
                     EINVAL);
    assert_false(param_bool(f->ps, P_Use_Auth_ID, 1));
}

static void another_spelling_of_the_same_truth_is_no_change(void **state)
{
    struct fixture *f = *state;

    assert_true(set(f, "Use_Auth_ID_1_", "1"));
    assert_false(set(f, "Use_Auth_ID_1_", "yes"));
    assert_string_equal(param_get(f->ps, P_Use_Auth_ID, 1), "Yes");
}

static void numbers_read_decimal_hex_and_fractions(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(param_u32(f->ps, P_SIP_TOS_DiffServ_Value, 1), 0x68);
    set(f, "SIP_TOS_DiffServ_Value_1_", "0xB8");
    assert_int_equal(param_u32(f->ps, P_SIP_TOS_DiffServ_Value, 1), 0xb8);
    set(f, "Register_Expires_1_", "120");
    assert_int_equal(param_u32(f->ps, P_Register_Expires, 1), 120);
    assert_int_equal(param_ms(f->ps, P_SIP_T1, 0), 500);
    set(f, "SIP_T1", "0.25");
    assert_int_equal(param_ms(f->ps, P_SIP_T1, 0), 250);
    assert_int_equal(param_ms(f->ps, P_SIP_Timer_B, 0), 16000);
}

static void a_port_has_16_bits(void **state)
{
    struct fixture *f = *state;

    set(f, "SIP_Port_1_", "65535");
    assert_int_equal(param_u32(f->ps, P_SIP_Port, 1), 65535);
    assert_int_equal(param_set_name(f->ps, "SIP_Port_1_", "65536", PARAM_FROM_PROFILE, NULL),
                     EINVAL);
    assert_int_equal(param_set_name(f->ps, "RTP_Port_Max", "0x10000", PARAM_FROM_PROFILE, NULL),
                     EINVAL);
    assert_int_equal(param_u32(f->ps, P_SIP_Port, 1), 65535);
    assert_int_equal(param_set_name(f->ps, "PC_Port_VLAN_ID", "1", PARAM_FROM_PROFILE, NULL), 0);
}

static void text_that_does_not_fit_leaves_the_old_value(void **state)
{
    static const char *const bad[] = {"abc", "-1", "12x", "0x", "99999999999", "1 2"};
    struct fixture *f = *state;

    set(f, "Register_Expires_1_", "120");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        bool changed = true;
        assert_int_equal(
            param_set_name(f->ps, "Register_Expires_1_", bad[i], PARAM_FROM_PROFILE, &changed),
            EINVAL);
        assert_false(changed);
        assert_int_equal(param_u32(f->ps, P_Register_Expires, 1), 120);
    }
    assert_int_equal(param_set_value(f->ps, P_SIP_T1, 3, "1", PARAM_FROM_PROFILE, NULL), EINVAL);
    assert_int_equal(param_set_value(f->ps, P_User_ID, 0, "x", PARAM_FROM_PROFILE, NULL), EINVAL);
}

static void decimals_take_fractions_and_nothing_else(void **state)
{
    static const struct {
        const char *text;
        uint32_t ms;
    } good[] = {{"0", 0},      {".5", 500},      {"5.", 5000},           {"0.0209", 20},
                {"16", 16000}, {"1.2345", 1234}, {"4294967", 4294967000}};
    static const char *const bad[] = {".", "-1", "1.2.3", "1s", "0x10", "1,5", " 1", "99999999999"};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_int_equal(param_set_name(f->ps, "SIP_T1", good[i].text, PARAM_FROM_PROFILE, NULL),
                         0);
        assert_int_equal(param_ms(f->ps, P_SIP_T1, 0), good[i].ms);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (param_set_name(f->ps, "SIP_T1", bad[i], PARAM_FROM_PROFILE, NULL) != EINVAL)
            fail_msg("\"%s\" is taken", bad[i]);
    }
    assert_string_equal(param_get(f->ps, P_SIP_T1, 0), "4294967");
}

static void numbers_reach_as_far_as_32_bits(void **state)
{
    struct fixture *f = *state;

    set(f, "Register_Expires_1_", "4294967295");
    assert_true(param_u32(f->ps, P_Register_Expires, 1) == UINT32_MAX);
    set(f, "Register_Expires_1_", "0xFFFFFFFF");
    assert_true(param_u32(f->ps, P_Register_Expires, 1) == UINT32_MAX);
    assert_int_equal(
        param_set_name(f->ps, "Register_Expires_1_", "4294967296", PARAM_FROM_PROFILE, NULL),
        EINVAL);
    assert_int_equal(
        param_set_name(f->ps, "Register_Expires_1_", "0x100000000", PARAM_FROM_PROFILE, NULL),
        EINVAL);
    set(f, "SIP_T1", "4294967295");
    assert_true(param_ms(f->ps, P_SIP_T1, 0) == UINT32_MAX);
}

static void empty_number_reads_as_the_default(void **state)
{
    struct fixture *f = *state;

    set(f, "Register_Expires_1_", "");
    assert_string_equal(param_get(f->ps, P_Register_Expires, 1), "");
    assert_int_equal(param_u32(f->ps, P_Register_Expires, 1), 3600);
}

static void every_extension_has_its_own_value_and_port(void **state)
{
    struct fixture *f = *state;

    set(f, "User_ID_2_", "1002");
    assert_string_equal(param_get(f->ps, P_User_ID, 1), "");
    assert_string_equal(param_get(f->ps, P_User_ID, 2), "1002");
    assert_int_equal(param_u32(f->ps, P_SIP_Port, 1), 5060);
    assert_int_equal(param_u32(f->ps, P_SIP_Port, 4), 5063);
}

static void locked_values_outlast_profile_and_reset(void **state)
{
    struct fixture *f = *state;
    bool changed;

    set(f, "Station_Name", "desk");
    assert_int_equal(param_set_name(f->ps, "Proxy_1_", "lab", PARAM_FROM_OPTION, &changed), 0);
    assert_true(changed);
    assert_false(set(f, "Proxy_1_", "other"));
    param_set_reset(f->ps);
    assert_string_equal(param_get(f->ps, P_Proxy, 1), "lab");
    assert_string_equal(param_get(f->ps, P_Station_Name, 0), "");
    assert_int_equal(param_set_name(f->ps, "Proxy_1_", "second", PARAM_FROM_OPTION, NULL), 0);
    assert_string_equal(param_get(f->ps, P_Proxy, 1), "second");
}

static void what_a_user_sets_a_profile_may_change(void **state)
{
    struct fixture *f = *state;
    bool changed;

    assert_int_equal(param_set_name(f->ps, "Proxy_2_", "web", PARAM_FROM_USER, &changed), 0);
    assert_true(changed);
    assert_true(set(f, "Proxy_2_", "profile"));
    assert_string_equal(param_get(f->ps, P_Proxy, 2), "profile");
}

static void a_user_changes_what_the_command_line_set(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(param_set_name(f->ps, "Proxy_1_", "lab", PARAM_FROM_OPTION, NULL), 0);
    assert_int_equal(param_set_name(f->ps, "Proxy_1_", "web", PARAM_FROM_USER, NULL), 0);
    assert_string_equal(param_get(f->ps, P_Proxy, 1), "web");
    assert_false(set(f, "Proxy_1_", "profile"));
}

static void default_locked_on_the_command_line_stays(void **state)
{
    struct fixture *f = *state;
    bool changed;

    assert_int_equal(param_set_name(f->ps, "Register_1_", "Yes", PARAM_FROM_OPTION, &changed), 0);
    assert_false(changed);
    assert_false(set(f, "Register_1_", "No"));
    assert_true(param_bool(f->ps, P_Register, 1));
}

static void equal_texts_are_held_once(void **state)
{
    struct fixture *f = *state;
    struct param_set *other;

    assert_int_equal(param_set_alloc(&other, f->m, f->pool), 0);
    set(f, "Proxy_1_", "pbx.example.test");
    set(f, "Proxy_2_", "pbx.example.test");
    assert_int_equal(
        param_set_name(other, "Outbound_Proxy_1_", "pbx.example.test", PARAM_FROM_PROFILE, NULL),
        0);
    assert_int_equal(strpool_count(f->pool), 1);
    assert_ptr_equal(param_get(f->ps, P_Proxy, 2), param_get(other, P_Outbound_Proxy, 1));
    param_set_reset(f->ps);
    assert_string_equal(param_get(other, P_Outbound_Proxy, 1), "pbx.example.test");
    mem_deref(other);
    assert_int_equal(strpool_count(f->pool), 0);
}

static void value_set_back_to_default_is_not_stored(void **state)
{
    struct fixture *f = *state;

    assert_true(set(f, "Register_Expires_1_", "60"));
    assert_true(set(f, "Register_Expires_1_", "3600"));
    assert_false(set(f, "Register_Expires_1_", "3600"));
    assert_int_equal(strpool_count(f->pool), 0);
}

static void value_may_be_the_borrowed_old_one(void **state)
{
    struct fixture *f = *state;

    set(f, "Station_Name", "desk");
    assert_false(set(f, "Station_Name", param_get(f->ps, P_Station_Name, 0)));
    assert_int_equal(param_set_name(f->ps, "Station_Name", param_get(f->ps, P_Station_Name, 0),
                                    PARAM_FROM_OPTION, NULL),
                     0);
    assert_string_equal(param_get(f->ps, P_Station_Name, 0), "desk");
}

static void pool_outlives_the_farm_reference(void **state)
{
    struct fixture *f = *state;

    set(f, "Station_Name", "desk");
    f->pool = mem_deref(f->pool);
    assert_string_equal(param_get(f->ps, P_Station_Name, 0), "desk");
}

static void many_texts_come_and_go(void **state)
{
    struct fixture *f = *state;
    uint32_t handles[3000];
    char text[32];

    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < 3000; i++) {
            snprintf(text, sizeof(text), "text %u", i);
            assert_int_equal(strpool_intern(f->pool, text, &handles[i]), 0);
        }
        assert_int_equal(strpool_count(f->pool), 3000);
        for (unsigned i = 0; i < 3000; i++) {
            snprintf(text, sizeof(text), "text %u", i);
            assert_string_equal(strpool_text(f->pool, handles[i]), text);
            strpool_release(f->pool, handles[i]);
        }
        assert_int_equal(strpool_count(f->pool), 0);
    }
}

static void count_handler(enum param_id id, uint16_t index, const char *value, void *arg)
{
    unsigned *n = arg;

    assert_true(id == P_Station_Name || (id == P_User_ID && index == 3));
    assert_true(*value != '\0');
    ++*n;
}

static void access_is_what_a_profile_said_last(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(param_user_access(f->ps, P_User_ID, 1), PAGE_HIDDEN);
    assert_int_equal(param_set_user_access(f->ps, P_User_ID, 1, PAGE_READ_ONLY), 0);
    assert_int_equal(param_set_user_access(f->ps, P_Speed_Dial_2, 0, PAGE_HIDDEN), 0);
    assert_int_equal(param_set_user_access(f->ps, P_User_ID, 0, PAGE_HIDDEN), EINVAL);
    assert_int_equal(param_user_access(f->ps, P_User_ID, 1), PAGE_READ_ONLY);
    assert_int_equal(param_user_access(f->ps, P_User_ID, 2), PAGE_HIDDEN);
    assert_int_equal(param_user_access(f->ps, P_Speed_Dial_2, 0), PAGE_HIDDEN);
    /* values come and go; it stays */
    assert_int_equal(param_set_name(f->ps, "User_ID_1_", "100", PARAM_FROM_PROFILE, NULL), 0);
    assert_string_equal(param_get(f->ps, P_User_ID, 1), "100");
    assert_int_equal(param_user_access(f->ps, P_User_ID, 1), PAGE_READ_ONLY);
    assert_int_equal(param_set_name(f->ps, "User_ID_1_", "", PARAM_FROM_PROFILE, NULL), 0);
    assert_int_equal(param_user_access(f->ps, P_User_ID, 1), PAGE_READ_ONLY);
    assert_int_equal(param_set_user_access(f->ps, P_User_ID, 1, PAGE_HIDDEN), 0);
    assert_int_equal(param_set_name(f->ps, "User_ID_1_", "7", PARAM_FROM_OPTION, NULL), 0);
    assert_int_equal(param_set_user_access(f->ps, P_User_ID, 1, PAGE_WRITABLE), 0);
    assert_int_equal(param_set_name(f->ps, "User_ID_1_", "8", PARAM_FROM_PROFILE, NULL), 0);
    assert_string_equal(param_get(f->ps, P_User_ID, 1), "7"); /* still locked */
    param_set_reset(f->ps);
    assert_int_equal(param_user_access(f->ps, P_User_ID, 1), PAGE_HIDDEN);
    assert_string_equal(param_get(f->ps, P_User_ID, 1), "7");
    assert_int_equal(param_user_access(f->ps, P_Speed_Dial_2, 0), PAGE_WRITABLE);
}

static void some_defaults_follow_the_firmware(void **state)
{
    struct fixture *f = *state;
    struct device_identity id = {.firmware = "7.4.7"};

    assert_int_equal(param_u32(f->ps, P_Reorder_Delay, 0), 255); /* provisioning.md 18 X 20, X 8 */
    param_set_owner(f->ps, &id);
    assert_int_equal(param_u32(f->ps, P_Reorder_Delay, 0), 5);
    assert_string_equal(param_get(f->ps, P_DHCP_Option_To_Use, 0), "66,160,159,150");
    assert_true(set(f, "Reorder_Delay", "255")); /* it may be told what later ones do */
    assert_int_equal(param_u32(f->ps, P_Reorder_Delay, 0), 255);
    assert_true(set(f, "DHCP_Option_To_Use", "66,160,159,150,60,43,125"));
    assert_string_equal(param_get(f->ps, P_DHCP_Option_To_Use, 0), "66,160,159,150,60,43,125");
    param_set_reset(f->ps);
    assert_int_equal(param_u32(f->ps, P_Reorder_Delay, 0), 5);
    id.firmware = "7.4.8a";
    assert_int_equal(param_u32(f->ps, P_Reorder_Delay, 0), 255);
    assert_string_equal(param_get(f->ps, P_DHCP_Option_To_Use, 0), "66,160,159,150");
    id.firmware = "7.5.2b";
    assert_string_equal(param_get(f->ps, P_DHCP_Option_To_Use, 0), "66,160,159,150,60,43,125");
}

static void apply_visits_what_differs(void **state)
{
    struct fixture *f = *state;
    unsigned n = 0;

    set(f, "Station_Name", "desk");
    set(f, "User_ID_3_", "1003");
    assert_int_equal(param_set_name(f->ps, "Register_1_", "Yes", PARAM_FROM_OPTION, NULL), 0);
    param_set_apply(f->ps, count_handler, &n);
    assert_int_equal(n, 2);
}

static void every_default_of_every_model_fits_its_type(void **state)
{
    struct fixture *f = *state;

    for (const struct device_model *const *m = device_models(); *m; m++) {
        struct param_set *ps;
        assert_int_equal(param_set_alloc(&ps, *m, f->pool), 0);
        for (unsigned i = 0; i < PARAM_COUNT; i++) {
            const enum param_id id = (enum param_id)i;
            const enum param_scope scope = param_def_get(id)->scope;
            const uint16_t index = scope == PARAM_PHONE || scope == PARAM_SIM ? 0 : 1;
            const char *def = param_default(*m, id, index);
            if (param_set_value(ps, id, index, def, PARAM_FROM_PROFILE, NULL))
                fail_msg("%s: %s = %s", (*m)->name, param_def_get(id)->name, def);
        }
        mem_deref(ps);
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_is_sorted_by_name),
        cmocka_unit_test(no_name_in_the_table_ends_with_a_number_and_an_underscore),
        cmocka_unit_test(gpp_letters_follow_each_other),
        T(names_resolve_to_id_and_index),
        T(names_the_model_lacks_are_unknown),
        T(each_family_has_its_own_names),
        T(printed_names_are_found_again),
        T(booleans_read_in_every_spelling),
        T(another_spelling_of_the_same_truth_is_no_change),
        T(numbers_read_decimal_hex_and_fractions),
        T(a_port_has_16_bits),
        T(text_that_does_not_fit_leaves_the_old_value),
        T(decimals_take_fractions_and_nothing_else),
        T(numbers_reach_as_far_as_32_bits),
        T(empty_number_reads_as_the_default),
        T(every_extension_has_its_own_value_and_port),
        T(locked_values_outlast_profile_and_reset),
        T(what_a_user_sets_a_profile_may_change),
        T(a_user_changes_what_the_command_line_set),
        T(default_locked_on_the_command_line_stays),
        T(equal_texts_are_held_once),
        T(value_set_back_to_default_is_not_stored),
        T(value_may_be_the_borrowed_old_one),
        T(pool_outlives_the_farm_reference),
        T(many_texts_come_and_go),
        T(access_is_what_a_profile_said_last),
        T(some_defaults_follow_the_firmware),
        T(apply_visits_what_differs),
        T(every_default_of_every_model_fits_its_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
