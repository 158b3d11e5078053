/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>
#include <re_types.h>
#include <re_base64.h>

#include "sim/cmd/cmd.h"
#include "sim/lcd/image.h"
#include "tests/support/real_farm.h"

struct answer { /* of the last command */
    unsigned n;
    bool ok;
    int code;
    json_t *result;
    char error[512];
};

struct stage {
    struct loop *lp;
    struct farm *f;
    struct cmd_call *call;
    struct answer a;
};

static int set_up(void **state)
{
    static const char *const options[] = {
        "count",          "3", "addr", "127.100.0.0/24", "registrar", "127.100.0.250", "set",
        "Register_1_=No", NULL};
    const struct loop_config cfg = {.clock = CLOCK_VIRTUAL};
    struct stage *s = calloc(1, sizeof(*s));

    if (loop_alloc(&s->lp, &cfg))
        return -1;
    s->f = real_farm_up(s->lp, options);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *s = *state;

    if (s->call)
        cmd_cancel(s->call);
    json_decref(s->a.result);
    mem_deref(s->f);
    mem_deref(s->lp);
    free(s);
    return 0;
}

static void reply_handler(bool ok, json_t *result, int code, const char *error, void *arg)
{
    struct answer *a = arg;

    a->n++;
    a->ok = ok;
    a->code = code;
    a->result = json_incref(result);
    snprintf(a->error, sizeof(a->error), "%s", error ? error : "");
}

static struct answer *run(struct stage *s, const char *method, const char *params)
{
    json_t *p = params ? json_loads(params, 0, NULL) : NULL;

    if (params)
        assert_non_null(p);
    json_decref(s->a.result);
    memset(&s->a, 0, sizeof(s->a));
    cmd_run(&s->call, s->f, method, p, reply_handler, &s->a);
    json_decref(p);
    return &s->a;
}

/* The command answers at once, and well. */
static json_t *result(struct stage *s, const char *method, const char *params)
{
    struct answer *a = run(s, method, params);

    if (a->n != 1 || !a->ok)
        fail_msg("%s %s: %u answers, %s", method, params ? params : "", a->n, a->error);
    return a->result;
}

static void fails(struct stage *s, const char *method, const char *params, int code,
                  const char *says)
{
    struct answer *a = run(s, method, params);

    if (a->n != 1 || a->ok || a->code != code || !strstr(a->error, says))
        fail_msg("%s %s: %u answers, ok %d, code %d, \"%s\" (wanted %d, \"%s\")", method,
                 params ? params : "", a->n, a->ok, a->code, a->error, code, says);
}

static void every_command_has_name_help_and_sound_parameters(void **state)
{
    (void)state;
    for (const struct cmd *const *c = cmd_table(); *c; c++) {
        bool optional = false, list = false;
        assert_ptr_equal(cmd_find((*c)->name), *c); /* names are unique */
        assert_true(*(*c)->help);
        assert_non_null((*c)->exec);
        for (const struct cmd_param *p = (*c)->params; p->name; p++) {
            assert_non_null(strchr("Psindblo", p->kind));
            assert_true(p->help && *p->help);
            assert_true(!p->flag || strncmp(p->flag, "--", 2) == 0);
            if (p->flag)
                continue;
            if (list || (optional && p->required))
                fail_msg("%s: nothing can follow the argument before %s", (*c)->name, p->name);
            optional |= !p->required;
            list |= p->kind == 'l';
        }
    }
    assert_null(cmd_find("no-such"));
    assert_null(cmd_find(""));
}

static const char *from_args(const char *method, const char *const *words)
{
    static char text[300];
    char err[300] = "";
    int n = 0;

    while (words[n])
        n++;
    json_t *params = cmd_params_from_args(cmd_find(method), n, (char *const *)(uintptr_t)words, err,
                                          sizeof(err));
    char *dump = params ? json_dumps(params, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    snprintf(text, sizeof(text), "%s", dump ? dump : err);
    free(dump);
    json_decref(params);
    return text;
}

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void words_become_arguments_in_the_order_of_the_table(void **state)
{
    (void)state;
    assert_string_equal(from_args("power", ARGS("1-3", "off")),
                        "{\"on\":\"off\",\"phones\":\"1-3\"}");
    assert_string_equal(from_args("press", ARGS("1", "soft1", "2")),
                        "{\"keys\":[\"soft1\",\"2\"],\"phones\":\"1\"}");
    assert_string_equal(from_args("press", ARGS("--hold", "200", "1", "5")),
                        "{\"hold_ms\":200,\"keys\":[\"5\"],\"phones\":\"1\"}");
    assert_string_equal(from_args("screen", ARGS("1", "--text")),
                        "{\"phones\":\"1\",\"text\":true}");
    assert_string_equal(from_args("events", ARGS(NULL)), "{}");
}

static void times_take_their_units(void **state)
{
    (void)state;
    assert_string_equal(from_args("wait", ARGS("1", "idle", "--timeout", "90")),
                        "{\"cond\":\"idle\",\"phones\":\"1\",\"timeout\":90.0}");
    assert_non_null(strstr(from_args("wait", ARGS("1", "idle", "--timeout", "1.5s")), ":1.5}"));
    assert_non_null(strstr(from_args("wait", ARGS("1", "idle", "--timeout", "5m")), ":300.0}"));
    assert_non_null(strstr(from_args("wait", ARGS("1", "idle", "--timeout", "2h")), ":7200.0}"));
}

static void wrong_words_are_told(void **state)
{
    static const struct {
        const char *method, *words[4], *says;
    } bad[] = {
        {"list", {"1", "2"}, "list takes no further argument \"2\""},
        {"stats", {"1"}, "no further argument"},
        {"press", {"1", "--hard"}, "press has no option --hard"},
        {"press", {"1", "5", "--hold"}, "--hold wants a whole number"},
        {"press", {"1", "5", "--hold", "long"}, "--hold wants a whole number"},
        {"press", {"1", "5", "--hold", "-1"}, "--hold wants a whole number"},
        {"press", {"1", "5", "--hold", "99999999999999999999"}, "--hold wants a whole number"},
        {"wait", {"1", "idle", "--timeout", "soon"}, "--timeout wants a time"},
        {"wait", {"1", "idle", "--timeout", "5x"}, "--timeout wants a time"},
        {"wait", {"1", "idle", "--timeout", "-5"}, "--timeout wants a time"},
        {"wait", {"1", "idle", "--timeout", "nan"}, "--timeout wants a time"},
        {"wait", {"1", "idle", "--timeout", "inf"}, "--timeout wants a time"},
        {"power-cycle", {"1", "--rate", "5s"}, "--rate wants a number"},
        {"list", {"\xff"}, "is not a text"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const char *words[5] = {bad[i].words[0], bad[i].words[1], bad[i].words[2], bad[i].words[3]};
        const char *text = from_args(bad[i].method, words);
        if (!strstr(text, bad[i].says))
            fail_msg("%s: \"%s\", not \"%s\"", bad[i].method, text, bad[i].says);
    }
}

static void unknown_methods_and_phones_are_told(void **state)
{
    fails(*state, "pres", NULL, CMD_E_METHOD, "there is no method \"pres\"");
    fails(*state, "", "{}", CMD_E_METHOD, "there is no method");
    fails(*state, "state", "{\"phones\":\"9\"}", CMD_E_PARAMS, "no phone is \"9\"");
    fails(*state, "state", "{\"phones\":\"first\"}", CMD_E_PARAMS, "expected a number");
}

static void each_required_argument_is_asked_for(void **state)
{
    for (const struct cmd *const *c = cmd_table(); *c; c++) {
        char says[100];
        for (const struct cmd_param *p = (*c)->params; p->name; p++) {
            if (!p->required)
                continue;
            snprintf(says, sizeof(says), "%s wants \"%s\"", (*c)->name, p->name);
            fails(*state, (*c)->name, p->kind == 'P' ? NULL : "{\"phones\":\"1\"}", CMD_E_PARAMS,
                  says);
            if (p->kind == 'P')
                fails(*state, (*c)->name, "{\"phones\":null}", CMD_E_PARAMS, says);
            break;
        }
    }
}

static void each_argument_must_be_of_its_kind(void **state)
{
    for (const struct cmd *const *c = cmd_table(); *c; c++) {
        char params[100], says[100];
        fails(*state, (*c)->name, "{\"colour\":1}", CMD_E_PARAMS, "has no argument \"colour\"");
        for (const struct cmd_param *p = (*c)->params; p->name; p++) {
            snprintf(params, sizeof(params), "{\"%s\":{}}", p->name);
            snprintf(says, sizeof(says), "%s: \"%s\" must be", (*c)->name, p->name);
            fails(*state, (*c)->name, params, CMD_E_PARAMS, says);
        }
    }
    fails(*state, "press", "{\"phones\":\"1\",\"keys\":[]}", CMD_E_PARAMS, "a list of texts");
    fails(*state, "press", "{\"phones\":\"1\",\"keys\":[true]}", CMD_E_PARAMS, "a list of texts");
    fails(*state, "press", "{\"phones\":\"1\",\"keys\":[\"5\"],\"hold_ms\":-1}", CMD_E_PARAMS,
          "a whole number");
    fails(*state, "wait", "{\"phones\":\"1\",\"cond\":\"idle\",\"timeout\":-1}", CMD_E_PARAMS,
          "a time in seconds");
    fails(*state, "wait", "{\"phones\":\"1\",\"cond\":\"idle\",\"timeout\":1e300}", CMD_E_PARAMS,
          "a time in seconds");
    fails(*state, "power-cycle", "{\"phones\":\"1\",\"rate\":-5}", CMD_E_PARAMS, "a number");
    fails(*state, "power-cycle", "{\"phones\":\"1\",\"rate\":1e-300}", CMD_E_PARAMS, "a rate");
    fails(*state, "power-cycle", "{\"phones\":\"1\",\"off\":100000}", CMD_E_PARAMS, "a day");
    fails(*state, "power-cycle", "{\"phones\":\"1\",\"ramp\":5}", CMD_E_PARAMS, "a ramp");
}

static void refusals_name_phone_and_reason(void **state)
{
    struct stage *s = *state;

    fails(s, "press", "{\"phones\":\"2\",\"keys\":[\"any\"]}", CMD_E_PARAMS,
          "phone 2: a SPA504G has no key \"any\" (see spafarm models SPA504G)");
    fails(s, "type", "{\"phones\":\"1\",\"text\":\"12a\"}", CMD_E_FAILED,
          "phone 1: its screen takes");
    fails(s, "set", "{\"phones\":\"1\",\"values\":[\"Nothing=1\"]}", CMD_E_PARAMS,
          "has no parameter \"Nothing\"");
    fails(s, "set", "{\"phones\":\"1\",\"values\":[\"Nothing\"]}", CMD_E_PARAMS,
          "is not NAME=VALUE");
    fails(s, "set", "{\"phones\":\"1\",\"values\":[\"Register_1_=perhaps\"]}", CMD_E_PARAMS,
          "\"perhaps\" is no value for Register_1_");
    fails(s, "get", "{\"phones\":\"3\",\"names\":[\"Nothing\"]}", CMD_E_PARAMS,
          "phone 3: a SPA504G has no parameter \"Nothing\" (see spafarm models --params)");
    fails(s, "power", "{\"phones\":\"1\",\"on\":\"maybe\"}", CMD_E_PARAMS,
          "\"on\" must be on or off");
    fails(s, "power", "{\"phones\":\"1\",\"on\":\"off\",\"hold\":\"#\"}", CMD_E_PARAMS,
          "while power comes on");
    fails(s, "power", "{\"phones\":\"1\",\"on\":\"on\",\"hold\":\"#\"}", CMD_E_FAILED,
          "phone 1: it is on already");
    fails(s, "power", "{\"phones\":\"1\",\"on\":\"on\",\"hold\":\"moon\"}", CMD_E_PARAMS,
          "a SPA504G has no key \"moon\"");
    fails(s, "screen", "{\"phones\":\"1-2\"}", CMD_E_PARAMS, "screen shows one phone, not 2");
    fails(s, "wait", "{\"phones\":\"1\",\"cond\":\"happy\"}", CMD_E_PARAMS,
          "no condition \"happy\"");
    fails(s, "wait", "{\"phones\":\"1\",\"cond\":\"lamp:moon=red\"}", CMD_E_PARAMS,
          "a SPA504G has no lamp \"moon\"");
}

static void a_phone_without_power_obeys_nothing_but_power(void **state)
{
    struct stage *s = *state;

    result(s, "power", "{\"phones\":\"1\",\"on\":\"off\"}");
    fails(s, "press", "{\"phones\":\"1\",\"keys\":[\"5\"]}", CMD_E_FAILED, "phone 1: it is off");
    fails(s, "type", "{\"phones\":\"1\",\"text\":\"5\"}", CMD_E_FAILED, "it is off");
    fails(s, "reboot", "{\"phones\":\"1\"}", CMD_E_FAILED, "it is off");
    fails(s, "resync", "{\"phones\":\"1\"}", CMD_E_FAILED, "it is off");
    fails(s, "factory-reset", "{\"phones\":\"1\"}", CMD_E_FAILED, "it is off");
    assert_true(json_is_false(json_object_get(result(s, "state", "{\"phones\":\"1\"}"), "power")));
    result(s, "power", "{\"phones\":\"1\",\"on\":\"on\"}");
    loop_advance(s->lp, 10);
    result(s, "press", "{\"phones\":\"1\",\"keys\":[\"5\"]}");
}

static void one_phone_answers_an_object_and_several_an_array(void **state)
{
    struct stage *s = *state;

    assert_true(json_is_object(result(s, "state", "{\"phones\":\"2\"}")));
    assert_int_equal(json_array_size(result(s, "state", "{\"phones\":\"2-3\"}")), 2);
    assert_true(
        json_is_object(result(s, "get", "{\"phones\":\"2\",\"names\":[\"Station_Name\"]}")));
    assert_int_equal(
        json_array_size(result(s, "get", "{\"phones\":\"all\",\"names\":[\"DND_Setting\"]}")), 3);
    assert_int_equal(json_array_size(result(s, "list", NULL)), 3);
    assert_int_equal(json_array_size(result(s, "list", "{\"phones\":\"1\"}")), 1);
}

static const char *station(struct stage *s)
{
    return json_string_value(json_object_get(
        result(s, "get", "{\"phones\":\"1\",\"names\":[\"Station_Name\"]}"), "Station_Name"));
}

static void what_is_set_is_got(void **state)
{
    struct stage *s = *state;

    result(s, "set", "{\"phones\":\"1\",\"values\":[\"Station_Name=a=b\",\"DND_Setting=Yes\"]}");
    assert_string_equal(station(s), "a=b");
    result(s, "set", "{\"phones\":\"1\",\"values\":[\"Station_Name=\"]}");
    assert_string_equal(station(s), "");
}

static void a_factory_reset_forgets_what_was_set_but_not_the_command_line(void **state)
{
    struct stage *s = *state;

    result(s, "set", "{\"phones\":\"1\",\"values\":[\"Station_Name=x\",\"Proxy_1_=192.0.2.1\"]}");
    result(s, "factory-reset", "{\"phones\":\"1\"}");
    loop_advance(s->lp, 10);
    assert_string_equal(station(s), "");
    json_t *now = result(s, "get", "{\"phones\":\"1\",\"names\":[\"Proxy_1_\"]}");
    assert_string_equal(json_string_value(json_object_get(now, "Proxy_1_")), "192.0.2.1");
}

static void numbers_and_truth_are_taken_for_what_they_mean(void **state)
{
    struct stage *s = *state;
    json_t *one = result(s, "list", "{\"phones\":2}");

    assert_int_equal(json_array_size(one), 1);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(one, 0), "n")), 2);
    result(s, "press", "{\"phones\":1,\"keys\":[\"mute\"]}");
    result(s, "press", "{\"phones\":\"1\",\"keys\":[5,\"#\"]}");
    result(s, "power", "{\"phones\":\"1\",\"on\":false}");
    result(s, "power", "{\"phones\":\"1\",\"on\":true}");
    result(s, "get", "{\"phones\":\"1\",\"names\":[\"Proxy_1_\"]}");
}

static void one_stands_for_a_list_and_words_for_numbers(void **state)
{
    struct stage *s = *state;

    assert_int_equal(json_array_size(result(s, "list", "{\"phones\":[1,\"3\"]}")), 2);
    assert_int_equal(json_array_size(result(s, "list", "{\"phone\":[2]}")), 1);
    assert_true(json_is_object(result(s, "screen", "{\"phone\":1}")));
    result(s, "press", "{\"phones\":\"1\",\"keys\":\"mute\",\"hold_ms\":\"20\"}");
    result(s, "wait", "{\"phones\":\"1\",\"cond\":\"idle\",\"timeout\":\"5s\"}");
    result(s, "set", "{\"phones\":\"1\",\"values\":{\"Station_Name\":\"a=b\",\"DND_Serv\":false}}");
    json_t *now = result(s, "get", "{\"phones\":\"1\",\"names\":\"Station_Name\"}");
    assert_string_equal(json_string_value(json_object_get(now, "Station_Name")), "a=b");
    now = result(s, "get", "{\"phones\":\"1\",\"names\":\"DND_Serv\"}");
    assert_string_equal(json_string_value(json_object_get(now, "DND_Serv")), "No");
    fails(s, "list", "{\"phone\":\"1\",\"phones\":\"2\"}", CMD_E_PARAMS, "no argument \"phone\"");
    fails(s, "list", "{\"phones\":[]}", CMD_E_PARAMS, "must be a text");
    fails(s, "list", "{\"phones\":[1,{}]}", CMD_E_PARAMS, "must be a text");
    fails(s, "hangup", "{\"phones\":1,\"call\":\"first\"}", CMD_E_PARAMS, "a whole number");
    fails(s, "set", "{\"phones\":1,\"values\":{\"Station_Name\":[]}}", CMD_E_PARAMS,
          "a list of texts");
}

static json_int_t resyncs(struct stage *s)
{
    json_t *now = result(s, "state", "{\"phones\":\"1\"}");
    return json_integer_value(json_object_get(json_object_get(now, "counters"), "resyncs"));
}

static void a_restart_with_an_address_ends_in_a_resync_from_there(void **state)
{
    static const char *const methods[] = {"reboot", "factory-reset"};
    struct stage *s = *state;

    for (size_t i = 0; i < 2; i++) {
        result(s, methods[i], "{\"phones\":\"1\"}");
        loop_advance(s->lp, 10);
        assert_int_equal(resyncs(s), i); /* these phones do not resync by themselves */
        result(s, methods[i], "{\"phones\":\"1\",\"url\":\"http://127.100.0.250:1/x.xml\"}");
        loop_advance(s->lp, 10);
        assert_int_equal(resyncs(s), i + 1);
    }
}

static void a_long_name_with_umlauts_still_gives_a_screen(void **state)
{
    struct stage *s = *state;
    char params[300] = "{\"phones\":\"1\",\"values\":[\"Station_Name=x";

    for (int i = 0; i < 50; i++)
        strcat(params, "\xc3\xbc");
    strcat(params, "\"]}");
    result(s, "set", params);
    char *text = json_dumps(result(s, "state", "{\"phones\":\"1\"}"), 0);
    assert_non_null(text);
    assert_non_null(strstr(text, "x\xc3\xbc\xc3\xbc"));
    free(text);
}

static struct image *picture(struct stage *s, const char *params)
{
    json_t *answer = result(s, "screen", params);
    const char *text = json_string_value(json_object_get(answer, "png"));
    struct image *im = NULL;

    assert_non_null(text);
    size_t len = strlen(text);
    uint8_t *png = malloc(len + 4);
    assert_int_equal(base64_decode(text, strlen(text), png, &len), 0);
    assert_int_equal(image_decode_png(&im, png, len), 0);
    free(png);
    assert_int_equal(json_integer_value(json_object_get(answer, "width")), im->width);
    assert_int_equal(json_integer_value(json_object_get(answer, "height")), im->height);
    return im;
}

static void a_screen_comes_as_a_picture_of_pixels_glass_or_phone(void **state)
{
    struct stage *s = *state;
    struct image *im = picture(s, "{\"phones\":\"1\",\"png\":\"-\"}");

    assert_int_equal(im->width, 128);
    assert_int_equal(im->height, 64);
    assert_int_equal(image_get(im, 0, 48), 0); /* the rule above the soft keys */
    mem_deref(im);
    im = picture(s, "{\"phones\":\"1\",\"png\":\"-\",\"scale\":3}");
    assert_int_equal(im->width, 384);
    mem_deref(im);
    im = picture(s, "{\"phones\":\"1\",\"png\":\"-\",\"face\":true,\"scale\":2}");
    assert_int_equal(im->width, 500);
    mem_deref(im);
    result(s, "power", "{\"phones\":\"1\",\"on\":\"off\"}");
    im = picture(s, "{\"phones\":\"1\",\"png\":\"-\"}");
    assert_int_equal(image_get(im, 0, 48), 0xffffff);
    mem_deref(im);
    fails(s, "screen", "{\"phones\":\"1\",\"png\":\"-\",\"scale\":17}", CMD_E_PARAMS,
          "scale is 1 to 16, not 17");
    fails(s, "screen", "{\"phones\":\"1\",\"face\":true}", CMD_E_PARAMS, "give png as well");
}

static void keys_change_the_screen_and_wait_sees_it(void **state)
{
    struct stage *s = *state;

    run(s, "wait", "{\"phones\":\"1-2\",\"cond\":\"screen~Do Not Disturb\"}");
    assert_int_equal(s->a.n, 0);
    assert_non_null(s->call);
    for (unsigned n = 1; n <= 2; n++) {
        struct answer a = {0};
        json_t *params =
            json_pack("{s:o, s:[s]}", "phones", json_sprintf("%u", n), "keys", "soft4");
        assert_int_equal(s->a.n, 0);
        cmd_run(NULL, s->f, "press", params, reply_handler, &a);
        assert_true(a.ok);
        json_decref(a.result);
        json_decref(params);
    }
    assert_int_equal(s->a.n, 0); /* never from within the event */
    loop_advance(s->lp, 1);
    assert_int_equal(s->a.n, 1);
    assert_true(s->a.ok);
    assert_null(s->call);
}

static void wait_gives_up_in_time_and_says_for_whom(void **state)
{
    struct stage *s = *state;

    run(s, "wait", "{\"phones\":\"all\",\"cond\":\"registered\",\"timeout\":2}");
    loop_advance(s->lp, 1999);
    assert_int_equal(s->a.n, 0);
    loop_advance(s->lp, 2);
    assert_int_equal(s->a.n, 1);
    assert_int_equal(s->a.code, CMD_E_TIMEOUT);
    assert_string_equal(s->a.error, "3 of 3 phones are not registered (phone 1, for one)");
}

static void wait_answers_at_once_where_it_holds(void **state)
{
    result(*state, "wait", "{\"phones\":\"all\",\"cond\":\"idle\",\"timeout\":0}");
    result(*state, "wait", "{\"phones\":\"all\",\"cond\":\"unregistered\"}");
    result(*state, "wait", "{\"phones\":\"1\",\"cond\":\"lamp:line1=green\"}"); /* Register is No */
}

static void a_cancelled_wait_never_answers(void **state)
{
    struct stage *s = *state;

    run(s, "wait", "{\"phones\":\"1\",\"cond\":\"registered\",\"timeout\":1}");
    cmd_cancel(s->call);
    loop_advance(s->lp, 5000);
    assert_int_equal(s->a.n, 0);
    assert_null(s->call);
}

static void events_are_those_of_the_phones_asked_for(void **state)
{
    struct stage *s = *state;

    result(s, "press", "{\"phones\":\"2\",\"keys\":[\"7\"]}");
    json_t *events = result(s, "events", "{\"phones\":\"2\"}"), *event;
    bool pressed = false;
    size_t i;
    json_array_foreach(events, i, event)
    {
        assert_int_equal(json_integer_value(json_object_get(event, "n")), 2);
        pressed |= strcmp(json_string_value(json_object_get(event, "ev")), "key") == 0 &&
                   strcmp(json_string_value(json_object_get(event, "key")), "7") == 0;
    }
    assert_true(pressed);
    const size_t one = json_array_size(events);
    assert_true(json_array_size(result(s, "events", NULL)) > one);
}

static void only_the_last_events_are_kept(void **state)
{
    struct stage *s = *state;

    for (int i = 0; i < 300; i++)
        result(s, "press",
               i % 2 ? "{\"phones\":\"1\",\"keys\":[\"hold\"]}"
                     : "{\"phones\":\"3\",\"keys\":[\"mute\"]}");
    json_t *events = result(s, "events", NULL), *last = json_array_get(events, 255);
    assert_int_equal(json_array_size(events), 256);
    assert_string_equal(json_string_value(json_object_get(last, "key")), "hold");
    assert_int_equal(json_integer_value(json_object_get(last, "n")), 1);
    assert_int_equal(json_array_size(result(s, "events", "{\"phones\":\"2\"}")), 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_command_has_name_help_and_sound_parameters),
        TEST(words_become_arguments_in_the_order_of_the_table),
        TEST(times_take_their_units),
        TEST(wrong_words_are_told),
        TEST(unknown_methods_and_phones_are_told),
        TEST(each_required_argument_is_asked_for),
        TEST(each_argument_must_be_of_its_kind),
        TEST(refusals_name_phone_and_reason),
        TEST(a_phone_without_power_obeys_nothing_but_power),
        TEST(one_phone_answers_an_object_and_several_an_array),
        TEST(what_is_set_is_got),
        TEST(a_factory_reset_forgets_what_was_set_but_not_the_command_line),
        TEST(numbers_and_truth_are_taken_for_what_they_mean),
        TEST(one_stands_for_a_list_and_words_for_numbers),
        TEST(a_restart_with_an_address_ends_in_a_resync_from_there),
        TEST(a_long_name_with_umlauts_still_gives_a_screen),
        TEST(a_screen_comes_as_a_picture_of_pixels_glass_or_phone),
        TEST(keys_change_the_screen_and_wait_sees_it),
        TEST(wait_gives_up_in_time_and_says_for_whom),
        TEST(wait_answers_at_once_where_it_holds),
        TEST(a_cancelled_wait_never_answers),
        TEST(events_are_those_of_the_phones_asked_for),
        TEST(only_the_last_events_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
