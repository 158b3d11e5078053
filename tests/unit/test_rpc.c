/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sim/cmd/cmd.h"
#include "sim/cmd/rpc.h"

static int parse(struct rpc_request *r, const char *line)
{
    return rpc_parse(r, line, strlen(line));
}

static void a_request_has_id_method_and_params(void **state)
{
    struct rpc_request r;

    (void)state;
    assert_int_equal(parse(&r, "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"get\","
                               "\"params\":{\"phones\":\"1\"}}\r"),
                     0);
    assert_int_equal(json_integer_value(r.id), 7);
    assert_string_equal(r.method, "get");
    assert_string_equal(json_string_value(json_object_get(r.params, "phones")), "1");
    rpc_reset(&r);
}

static void without_an_id_nobody_waits_for_an_answer(void **state)
{
    struct rpc_request r;

    (void)state;
    assert_int_equal(parse(&r, "{\"method\":\"stats\"}"), 0);
    assert_null(r.id);
    assert_null(r.params);
    rpc_reset(&r);
    assert_int_equal(parse(&r, "{\"id\":null,\"method\":\"stats\"}"), 0);
    assert_true(json_is_null(r.id));
    rpc_reset(&r);
}

static void each_fault_has_its_code_and_a_sentence(void **state)
{
    static const struct {
        const char *line;
        int code;
        const char *says;
    } bad[] = {
        {"", RPC_E_PARSE, "not JSON"},
        {"{\"id\":1,", RPC_E_PARSE, "not JSON"},
        {"{\"id\":1,\"id\":2,\"method\":\"stats\"}", RPC_E_PARSE, "not JSON"},
        {"[{\"id\":1,\"method\":\"stats\"}]", RPC_E_REQUEST, "batch"},
        {"42", RPC_E_REQUEST, "method"},
        {"{\"id\":1}", RPC_E_REQUEST, "method"},
        {"{\"id\":1,\"method\":5}", RPC_E_REQUEST, "method"},
        {"{\"id\":[1],\"method\":\"stats\"}", RPC_E_REQUEST, "id"},
        {"{\"id\":1,\"method\":\"list\",\"params\":[\"1\"]}", CMD_E_PARAMS, "by name"},
        {"{\"id\":1,\"method\":\"list\",\"params\":null}", CMD_E_PARAMS, "by name"},
    };
    struct rpc_request r;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const int code = parse(&r, bad[i].line);
        if (code != bad[i].code || !strstr(r.error, bad[i].says))
            fail_msg("%s: %d \"%s\"", bad[i].line, code, r.error);
        rpc_reset(&r);
    }
}

static void the_id_of_a_bad_request_is_kept_for_the_answer(void **state)
{
    struct rpc_request r;

    (void)state;
    assert_int_equal(parse(&r, "{\"id\":\"x\",\"params\":{}}"), RPC_E_REQUEST);
    assert_string_equal(json_string_value(r.id), "x");
    rpc_reset(&r);
    assert_int_equal(parse(&r, "{\"id\":{},\"method\":\"stats\"}"), RPC_E_REQUEST);
    assert_null(r.id);
    rpc_reset(&r);
}

static void answers_are_one_line_of_json(void **state)
{
    json_t *id = json_integer(3), *value = json_string("a\nb");
    json_t *result = rpc_result(id, value), *error = rpc_error(NULL, -32601, "no \xff here");

    (void)state;
    char *text = json_dumps(result, JSON_COMPACT);
    assert_string_equal(text, "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":\"a\\nb\"}");
    free(text);
    text = json_dumps(error, JSON_COMPACT);
    assert_string_equal(text, "{\"jsonrpc\":\"2.0\",\"id\":null,"
                              "\"error\":{\"code\":-32601,\"message\":\"no ? here\"}}");
    free(text);
    json_decref(result);
    json_decref(error);
    json_decref(value);
    json_decref(id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_has_id_method_and_params),
        cmocka_unit_test(without_an_id_nobody_waits_for_an_answer),
        cmocka_unit_test(each_fault_has_its_code_and_a_sentence),
        cmocka_unit_test(the_id_of_a_bad_request_is_kept_for_the_answer),
        cmocka_unit_test(answers_are_one_line_of_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
