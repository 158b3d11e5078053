/* SPDX-License-Identifier: BSD-3-Clause */
/* What a pass does otherwise when it is told (provisioning.md 18), and what models do. */
#include "tests/support/fake_prov.h"

static enum page_access access_of(const struct fixture *f, enum param_id id)
{
    return param_user_access(f->params, id, 0);
}

static void an_element_without_ua_leaves_the_access_or_restores_it(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE("<GPP_A ua='rw'>1</GPP_A><Time_Format ua='na'/>"));
    boot(f);
    serve(f, FACTORY, PROFILE("<GPP_A>2</GPP_A><Time_Format/>"));
    boot(f);
    assert_int_equal(access_of(f, P_GPP_A), PAGE_WRITABLE);
    assert_int_equal(access_of(f, P_Time_Format), PAGE_HIDDEN);
    set(f, "Sim_Profile_Access_Factory", "Yes");
    boot(f);
    assert_int_equal(access_of(f, P_GPP_A), PAGE_HIDDEN);
    assert_int_equal(access_of(f, P_Time_Format), PAGE_WRITABLE);
    assert_string_equal(param_get(f->params, P_GPP_A, 0), "2");
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(an_element_without_ua_leaves_the_access_or_restores_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
