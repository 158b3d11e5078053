/* SPDX-License-Identifier: BSD-3-Clause */
/* Where each parameter stands on the phone's pages (devices/pages.def). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "devices/model.h"
#include "devices/pages.h"

static void every_parameter_is_on_one_page(void **state)
{
    unsigned char n[PARAM_COUNT] = {0};

    (void)state;
    for (const struct page_row *row = page_rows(); row->tab != PAGE_TABS; row++) {
        if (!row->title)
            n[row->id]++;
    }
    for (unsigned id = 0; id < PARAM_COUNT; id++) {
        const struct param_def *def = param_def_get((enum param_id)id);
        if (n[id] != (def->scope != PARAM_SIM))
            fail_msg("%s is %u times in devices/pages.def", def->name, n[id]);
    }
}

static void a_section_has_rows_of_one_scope(void **state)
{
    const struct page_row *section = NULL;

    (void)state;
    for (const struct page_row *row = page_rows(); row->tab != PAGE_TABS; row++) {
        if (row->title) {
            assert_null(row[1].title);
            assert_true(!section || section->tab <= row->tab);
            section = row;
            continue;
        }
        assert_non_null(section);
        const enum param_scope scope = param_def_get((enum param_id)row->id)->scope;
        assert_int_equal(scope, param_def_get((enum param_id)section[1].id)->scope);
        if (section->tab == PAGE_EXT)
            assert_int_equal(scope, PARAM_LINE);
    }
}

static void labels_read_as_on_the_phone(void **state)
{
    static const struct {
        enum param_id id;
        uint16_t index;
        const char *label;
    } rows[] = {
        {P_Resync_At__HHmm_, 0, "Resync At (HHmm)"},
        {P_Time_Offset__HH_mm_, 0, "Time Offset (HH/mm)"},
        {P_Register_Expires, 2, "Register Expires"},
        {P_Auth_Resync_Reboot, 1, "Auth Resync-Reboot"},
        {P_Default_Ring, 1, "Default Ring"},
        {P_Unit_Key, 33, "Unit 2 Key 1"},
        {P_Speed_Dial_2, 0, "Speed Dial 2"},
        {P_GPP_A, 0, "GPP A"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char label[100];
        page_label_print(label, sizeof(label), rows[i].id, rows[i].index);
        assert_string_equal(label, rows[i].label);
    }
}

static void defaults_are_among_the_choices(void **state)
{
    const struct device_model *m = device_model_find("SPA504G");

    (void)state;
    for (unsigned i = 0; i < PARAM_COUNT; i++) {
        const enum param_id id = (enum param_id)i;
        const char *words = page_choices(id), *def = param_default(m, id, 1);
        if (words && *def && !strstr(words, def))
            fail_msg("%s: %s is not in %s", param_def_get(id)->name, def, words);
    }
}

static void the_user_writes_what_is_his(void **state)
{
    (void)state;
    assert_int_equal(page_user_access(P_Speed_Dial_9), PAGE_WRITABLE);
    assert_int_equal(page_user_access(P_User_Password), PAGE_WRITABLE);
    assert_int_equal(page_user_access(P_Admin_Passwd), PAGE_HIDDEN);
    assert_int_equal(page_user_access(P_Profile_Rule), PAGE_HIDDEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_parameter_is_on_one_page),
        cmocka_unit_test(a_section_has_rows_of_one_scope),
        cmocka_unit_test(labels_read_as_on_the_phone),
        cmocka_unit_test(defaults_are_among_the_choices),
        cmocka_unit_test(the_user_writes_what_is_his),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
