/* SPDX-License-Identifier: BSD-3-Clause */
/* A phone's configuration as it tells it (provisioning.md 3.5, 15.3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/prov/container.h"
#include "sim/prov/dump.h"
#include "sim/prov/profile.h"

struct fixture {
    struct strpool *pool;
    struct param_set *params;
    const struct device_model *model;
    char *text;
    size_t len;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    f->model = device_model_find("SPA504G");
    assert_int_equal(strpool_alloc(&f->pool), 0);
    assert_int_equal(param_set_alloc(&f->params, f->model, f->pool), 0);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    mem_deref(f->params);
    mem_deref(f->pool);
    free(f->text);
    free(f);
    return 0;
}

static void set(struct fixture *f, const char *name, const char *value)
{
    assert_int_equal(param_set_name(f->params, name, value, PARAM_FROM_PROFILE, NULL), 0);
}

static void dump(struct fixture *f, dump_filter_h *filter)
{
    FILE *out = open_memstream(&f->text, &f->len);

    assert_non_null(out);
    fputs("<flat-profile>\n", out);
    dump_params(out, f->params, f->model, filter, NULL);
    fputs("</flat-profile>\n", out);
    assert_int_equal(fclose(out), 0);
}

static void assert_line(const struct fixture *f, const char *line)
{
    if (!strstr(f->text, line))
        fail_msg("no line %s", line);
}

static void every_parameter_is_an_element_of_its_tab(void **state)
{
    struct fixture *f = *state;

    dump(f, NULL);
    assert_line(f, "\n<Admin_Passwd group=\"System/System_Configuration\"/>\n");
    assert_line(f, "\n<Max_Forward group=\"SIP/SIP_Parameters\">70</Max_Forward>\n");
    assert_line(f, "\n<Profile_Rule "
                   "group=\"Provisioning/Configuration_Profile\">/spa$PSN.cfg</Profile_Rule>\n");
    assert_line(f, "\n<Register_Expires_4_ "
                   "group=\"Ext_4/Proxy_and_Registration\">3600</Register_Expires_4_>\n");
    assert_line(f, "\n<SIP_T1 group=\"SIP/SIP_Timer_Values__sec_\">.5</SIP_T1>\n");
    assert_line(f, "\n<Dial_Plan_1_ group=\"Ext_1/Dial_Plan\">");
    assert_line(f, "\n<LCD_Contrast group=\"User/Screen\">");
    assert_line(f, "\n<Extension_2_ group=\"Phone/Line_Key_2\">");
    assert_line(f, "\n<Unit_2_Key_32 group=\"Unit_2\"/>\n");
    assert_null(strstr(f->text, "group=\"Ext_5")); /* four lines */
    assert_null(strstr(f->text, "<Sim_"));
}

static void secrets_are_not_told(void **state)
{
    struct fixture *f = *state;

    set(f, "GPP_SA", "hidden");
    set(f, "Password_1_", "hidden");
    set(f, "Admin_Passwd", "hidden");
    dump(f, NULL);
    assert_null(strstr(f->text, "hidden"));
    assert_null(strstr(f->text, "GPP_S"));
    assert_line(f, "<Password_1_ group=\"Ext_1/Subscriber_Information\"/>");
}

struct found {
    char value[64];
};

static void item_handler(const struct profile_item *item, void *arg)
{
    struct found *found = arg;

    if (strcmp(item->name, "GPP_A") == 0)
        snprintf(found->value, sizeof(found->value), "%s", item->value);
}

static void what_it_tells_can_be_read_again(void **state)
{
    struct fixture *f = *state;
    struct found found = {.value = ""};
    struct parse_err pe = {.text = ""};

    set(f, "GPP_A", "<a href=\"x\">&b</a>");
    set(f, "GPP_B", "\xff\xfe\x01");
    dump(f, NULL);
    assert_int_equal(profile_parse((uint8_t *)f->text, f->len, NULL, item_handler, &found, &pe), 0);
    assert_string_equal(found.value, "<a href=\"x\">&b</a>");
}

static bool only_gpp(enum param_id id, uint16_t index, const char *value, void *arg)
{
    (void)index;
    (void)value;
    (void)arg;
    return id == P_GPP_A || id == P_GPP_B;
}

static void a_filter_leaves_out_what_it_does_not_want(void **state)
{
    struct fixture *f = *state;

    dump(f, only_gpp);
    assert_string_equal(
        f->text, "<flat-profile>\n<GPP_A group=\"Provisioning/General_Purpose_Parameters\"/>\n"
                 "<GPP_B group=\"Provisioning/General_Purpose_Parameters\"/>\n</flat-profile>\n");
}

static void an_encrypted_report_opens_with_its_key_only(void **state)
{
    static const char plain[] = "<flat-profile><GPP_A>x</GPP_A></flat-profile>";
    uint8_t *box = NULL, *back = NULL;
    size_t box_len = 0, len = 0;
    struct container_key key = {.text = "key", .len = 3}, other = {.text = "other", .len = 5};
    struct parse_err pe = {.text = ""};

    (void)state;
    assert_int_equal(container_encrypt(&box, &box_len, (const uint8_t *)plain, sizeof(plain) - 1,
                                       &key, (const uint8_t *)"saltsalt"),
                     0);
    assert_int_equal(container_decrypt(&back, &len, box, box_len, &key, &pe), 0);
    assert_int_equal(key.digest, PROFILE_DIGEST_MD5);
    assert_int_equal(len, sizeof(plain) - 1);
    assert_memory_equal(back, plain, len);
    free(back);
    assert_int_not_equal(container_decrypt(&back, &len, box, box_len, &other, &pe), 0);
    free(box);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(every_parameter_is_an_element_of_its_tab),
        TEST(secrets_are_not_told),
        TEST(what_it_tells_can_be_read_again),
        TEST(a_filter_leaves_out_what_it_does_not_want),
        TEST(an_encrypted_report_opens_with_its_key_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
