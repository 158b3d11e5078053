/* SPDX-License-Identifier: BSD-3-Clause */
/* The phone's web server without its sockets: who may do what (xml-services.md 9, devices.md 14).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/model.h"
#include "devices/pages.h"
#include "sim/lcd/screen.h"
#include "sim/net/webauth.h"
#include "sim/prov/prov.h"
#include "tests/support/webrig.h"

#define PUSH "XML=%3CCiscoIPPhoneText%3E%3CText%3EFire+drill%3C/Text%3E%3C/CiscoIPPhoneText%3E"

struct fixture {
    struct webrig web;
    unsigned n_reboots;
    char fetched[128]; /* the last URL */
};

static void event_handler(struct farm *farm, struct phone *ph, const struct phone_event *ev,
                          void *arg)
{
    struct fixture *f = arg;

    (void)farm;
    (void)ph;
    f->n_reboots += ev->ev == PHONE_EV_REBOOT;
    if (ev->ev == PHONE_EV_FETCH)
        snprintf(f->fetched, sizeof(f->fetched), "%s", ev->fetch->url);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    return f ? webrig_open(&f->web) : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    webrig_close(&f->web);
    free(f);
    return 0;
}

static void use(struct fixture *f, const char *model)
{
    webrig_phone(&f->web, model, 105);
    assert_int_equal(farm_observe(f->web.f, event_handler, f), 0);
}

static void set(struct fixture *f, const char *name, const char *value)
{
    assert_int_equal(phone_set(f->web.ph, name, value), 0);
}

static unsigned ask_as(struct fixture *f, const char *authorization, const char *method,
                       const char *path, const char *body)
{
    return webrig_ask(&f->web, authorization, method, path, body);
}

static unsigned ask(struct fixture *f, const char *method, const char *path, const char *body)
{
    return ask_as(f, "", method, path, body);
}

static unsigned post(struct fixture *f, const char *path, const char *body)
{
    return ask(f, "POST", path, body);
}

/* Answer the challenge of the last reply. */
static unsigned post_as(struct fixture *f, const char *user, const char *password, const char *path,
                        const char *body)
{
    const struct webauth_request request = {
        .method = "POST", .uri = path, .uid = user, .pwd = password, .cnonce = 1, .nc = 1};
    char *value = NULL, challenge[512];

    assert_int_equal(post(f, path, body), 401);
    const char *at = strstr(f->web.reply.headers, "Digest ");
    assert_non_null(at);
    snprintf(challenge, sizeof(challenge), "%.*s", (int)strcspn(at, "\r"), at);
    assert_int_equal(webauth_answer(&value, challenge, &request), 0);
    const unsigned status = ask_as(f, value, "POST", path, body);
    free(value);
    return status;
}

static bool drilled(struct fixture *f)
{
    struct screen s;

    phone_screen(f->web.ph, &s);
    return screen_contains(&s, "Fire drill");
}

/* ---- POST /CGI/Execute */

static void trusted_pushes_need_no_password(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    set(f, "User_Password", "secret");
    assert_int_equal(post(f, "/CGI/Execute", PUSH), 200);
    assert_true(drilled(f));
    assert_string_equal(f->web.reply.content_type, "text/html");
    assert_non_null(strstr(f->web.reply.headers, "Cache-Control: no-store\r\n"));
    assert_true(f->web.reply.close);
}

static void local_pushes_need_the_users_password(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    set(f, "CISCO_XML_EXE_Auth_Mode", "Local Credential");
    set(f, "User_Password", "secret");
    set(f, "Admin_Passwd", "master");
    assert_int_equal(post_as(f, "user", "wrong", "/CGI/Execute", PUSH), 401);
    assert_int_equal(post_as(f, "user", "master", "/CGI/Execute", PUSH), 401);
    assert_int_equal(post_as(f, "root", "secret", "/CGI/Execute", PUSH), 401);
    assert_int_equal(ask_as(f, "Basic dXNlcjpzZWNyZXQ=", "POST", "/CGI/Execute", PUSH), 401);
    assert_false(drilled(f));
    assert_int_equal(post_as(f, "admin", "master", "/CGI/Execute", PUSH), 200);
    assert_true(drilled(f));
    assert_int_equal(post_as(f, "user", "secret", "/CGI/Execute", PUSH), 200);
    set(f, "User_Password", "");
    assert_int_equal(post(f, "/CGI/Execute", PUSH), 200);
}

static void remote_pushes_need_the_xml_account(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    set(f, "CISCO_XML_EXE_Auth_Mode", "Remote Credential");
    assert_int_equal(post_as(f, "", "", "/CGI/Execute", PUSH), 401);
    set(f, "XML_User_Name", "pusher");
    set(f, "XML_Password", "pw");
    assert_int_equal(post_as(f, "user", "pw", "/CGI/Execute", PUSH), 401);
    assert_int_equal(post_as(f, "pusher", "", "/CGI/Execute", PUSH), 401);
    assert_false(drilled(f));
    assert_int_equal(post_as(f, "pusher", "pw", "/CGI/Execute", PUSH), 200);
    assert_true(drilled(f));
}

static void an_unknown_mode_is_not_trust(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    set(f, "User_Password", "secret");
    set(f, "CISCO_XML_EXE_Auth_Mode", "Whatever");
    assert_int_equal(post(f, "/CGI/Execute", PUSH), 401);
    assert_false(drilled(f));
}

static void a_push_has_a_size_a_method_and_a_path(void **state)
{
    struct fixture *f = *state;
    char *form = malloc(42000);

    use(f, "SPA504G");
    memset(form, 'a', 41999);
    form[41999] = '\0';
    memcpy(form, "XML=", 4);
    assert_int_equal(post(f, "/CGI/Execute", form), 413);
    form[40960] = '\0';
    assert_int_equal(post(f, "/CGI/Execute", form), 200);
    free(form);
    assert_int_equal(ask(f, "GET", "/CGI/Execute", ""), 405);
    assert_string_equal(f->web.reply.headers, "Allow: POST\r\n");
    assert_int_equal(ask(f, "PUT", "/CGI/Execute", PUSH), 405);
    assert_int_equal(ask(f, "DELETE", "/CGI/Execute", ""), 405);
    assert_false(drilled(f));
    assert_int_equal(post(f, "/cgi/execute", PUSH), 200); /* SPA and 6800 */
    assert_true(drilled(f));
}

static void a_7960_minds_the_case_and_knows_nobody(void **state)
{
    struct fixture *f = *state;

    use(f, "7960");
    assert_int_equal(post(f, "/cgi/execute", PUSH), 404);
    assert_int_equal(ask_as(f, "Basic YTpi", "POST", "/CGI/Execute", PUSH), 200);
    assert_non_null(strstr((char *)f->web.reply.body, "<CiscoIPPhoneError Number=\"4\"/>"));
    assert_int_equal(ask_as(f, "Basic YTpi", "GET", "/CGI/Screenshot", ""), 200);
    assert_non_null(strstr((char *)f->web.reply.body, "<CiscoIPPhoneError Number=\"4\"/>"));
    assert_false(drilled(f));
}

/* ---- where a request comes from */

static void pages_of_other_sites_do_nothing(void **state)
{
    static const char *const origins[] = {"http://evil.example",
                                          "null",
                                          "https://127.105.0.1:8080",
                                          "http://127.105.0.1",
                                          "http://127.105.0.1:80801",
                                          "http://127.105.0.1:8080.evil.example",
                                          "x"};
    struct fixture *f = *state;

    use(f, "SPA504G");
    for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++) {
        f->web.origin = origins[i];
        assert_int_equal(post(f, "/CGI/Execute", PUSH), 403);
        assert_int_equal(ask(f, "GET", "/admin/reboot", ""), 403);
        f->web.referer = "http://127.105.0.1:8080/admin/"; /* the Origin counts */
        assert_int_equal(post(f, "/admin/resync", ""), 403);
        f->web.referer = "";
    }
    f->web.origin = "";
    f->web.referer = "http://evil.example/127.105.0.1:8080";
    assert_int_equal(ask(f, "GET", "/reboot", ""), 403);
    assert_int_equal(ask(f, "GET", "/status.xml", ""), 200); /* which does nothing */
    f->web.referer = "";
    f->web.fetch_site = "cross-site"; /* a page that hides both */
    assert_int_equal(ask(f, "GET", "/admin/resync", ""), 403);
    assert_false(drilled(f));
    loop_advance(f->web.lp, 1000);
    assert_int_equal(f->n_reboots, 0);
}

static void its_own_pages_and_programs_do(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    f->web.fetch_site = "same-origin";
    f->web.origin = "HTTP://127.105.0.1:8080";
    assert_int_equal(post(f, "/CGI/Execute", PUSH), 200);
    assert_true(drilled(f));
    f->web.origin = "";
    f->web.referer = "http://127.105.0.1:8080/admin/advanced?tab=SIP";
    assert_int_equal(ask(f, "GET", "/admin/resync", ""), 200);
    f->web.referer = f->web.fetch_site = "";
    assert_int_equal(ask(f, "GET", "/admin/reboot", ""), 200);
    loop_advance(f->web.lp, 1000);
    assert_int_equal(f->n_reboots, 1);
}

/* ---- pictures of the display */

static void a_6800_dumps_its_screen_now_and_then(void **state)
{
    struct fixture *f = *state;

    use(f, "6851");
    assert_int_equal(ask(f, "GET", "/admin/screendump.bmp", ""), 200);
    assert_string_equal(f->web.reply.content_type, "image/bmp");
    const struct device_model *m = phone_model(f->web.ph);
    const size_t stride = (m->lcd.width_px * 3u + 3) & ~3u;
    assert_int_equal(f->web.reply.len, 54 + stride * m->lcd.height_px);
    assert_memory_equal(f->web.reply.body, "BM", 2);
    assert_int_equal(f->web.reply.body[18] | f->web.reply.body[19] << 8, m->lcd.width_px);
    assert_int_equal(ask(f, "GET", "/admin/screendump.bmp", ""), 503);
    loop_advance(f->web.lp, 2000);
    f->web.referer = "http://127.105.0.1:8080/";
    assert_int_equal(ask(f, "GET", "/admin/screendump.bmp", ""), 403);
    f->web.referer = "";
    assert_int_equal(ask(f, "GET", "/admin/screendump.bmp", ""), 200);
    loop_advance(f->web.lp, 2000);
    set(f, "Admin_Password", "master");
    assert_int_equal(ask(f, "GET", "/admin/screendump.bmp", ""), 401);
}

static void the_others_dump_theirs_when_told(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    assert_int_equal(ask(f, "GET", "/admin/screendump.bmp", ""), 404);
    set(f, "Sim_Screen_Dump", "Yes");
    assert_int_equal(ask(f, "GET", "/admin/screendump.bmp", ""), 200);
    assert_int_equal(ask(f, "GET", "/CGI/Screenshot", ""), 404);
}

/* ---- the pages */

static const char *page(struct fixture *f, const char *path)
{
    assert_int_equal(ask(f, "GET", path, ""), 200);
    return (const char *)f->web.reply.body;
}

static bool has_field(const char *html, const char *name)
{
    char text[120];

    snprintf(text, sizeof(text), " name=\"%s\"", name);
    return strstr(html, text) != NULL;
}

/* The address of each tab of a page, one after the other. */
static bool next_tab(const char *html, const char *path, const char **at, char *tab, size_t size)
{
    const char *nav_end = strstr(html, "</nav>");

    *at = strstr(*at ? *at : html, "<a href=\"?tab=");
    if (!*at || *at > nav_end || (*at < strstr(html, "<nav")))
        return false;
    *at += 9;
    snprintf(tab, size, "%s%.*s", path, (int)strcspn(*at, "\""), *at);
    return true;
}

/* All pages of a view in one text. malloc()ed */
static char *all_pages(struct fixture *f, const char *path)
{
    char *first = strdup(page(f, path)), *all = NULL, tab[64];
    const char *at = NULL;
    size_t len = 0;
    FILE *fp = open_memstream(&all, &len);

    while (next_tab(first, path, &at, tab, sizeof(tab)))
        fputs(page(f, tab), fp);
    fclose(fp);
    free(first);
    return all;
}

static void the_administrator_sees_every_parameter(void **state)
{
    static const char *const models[] = {"SPA303", "SPA525G2", "6841"};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
        use(f, models[i]);
        const struct device_model *m = phone_model(f->web.ph);
        char *all = all_pages(f, "/admin/advanced"), *basic = all_pages(f, "/admin/");
        for (unsigned id = 0; id < PARAM_COUNT; id++) {
            const struct param_def *def = param_def_get((enum param_id)id);
            const uint16_t last = page_last_index(m, (enum param_id)id);
            const bool known = (def->families & 1 << m->family) && def->scope != PARAM_SIM;
            for (uint16_t n = last ? 1 : 0; n <= last; n++) {
                char name[96];
                param_name_print(name, sizeof(name), (enum param_id)id, n);
                if (has_field(all, name) != known)
                    fail_msg("%s on %s", name, m->name);
            }
        }
        assert_true(strlen(basic) < strlen(all));
        assert_true(has_field(basic, "User_ID_1_"));
        assert_false(has_field(basic, "SIP_T1"));
        free(basic);
        free(all);
        f->web.f = mem_deref(f->web.f);
    }
}

static void the_user_sees_what_is_his(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    char *all = all_pages(f, "/advanced");
    assert_true(has_field(all, "Speed_Dial_2"));
    assert_true(has_field(all, "User_Password"));
    assert_false(has_field(all, "Admin_Passwd"));
    assert_false(has_field(all, "User_ID_1_"));
    free(all);
    assert_int_equal(post(f, "/", "Speed_Dial_2=11&User_ID_1_=9&Ringer_Volume=5&GPP_A=x"), 200);
    assert_string_equal(phone_get(f->web.ph, "Speed_Dial_2"), "11");
    assert_string_equal(phone_get(f->web.ph, "Ringer_Volume"), "5");
    assert_string_equal(phone_get(f->web.ph, "GPP_A"), "");
    assert_string_not_equal(phone_get(f->web.ph, "User_ID_1_"), "9");
    assert_non_null(strstr((char *)f->web.reply.body, "2 parameters have changed"));
    assert_non_null(strstr((char *)f->web.reply.body, "User_ID_1_ (no such parameter here)"));
}

static void without_log_in_nothing_changes(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    set(f, "Admin_Passwd", "master");
    set(f, "User_Password", "secret");
    assert_int_equal(ask(f, "GET", "/", ""), 401);
    assert_int_equal(ask(f, "GET", "/admin/advanced", ""), 401);
    assert_int_equal(post(f, "/admin/advanced", "GPP_A=x"), 401);
    assert_int_equal(post_as(f, "user", "secret", "/admin/advanced", "GPP_A=x"), 401);
    assert_int_equal(post_as(f, "admin", "wrong", "/admin/advanced", "GPP_A=x"), 401);
    f->web.origin = "http://evil.example";
    assert_int_equal(ask_as(f, "Basic YWRtaW46bWFzdGVy", "POST", "/admin/", "GPP_A=x"), 403);
    f->web.origin = "";
    assert_string_equal(phone_get(f->web.ph, "GPP_A"), "");
    assert_int_equal(post_as(f, "admin", "master", "/admin/advanced", "GPP_A=x"), 200);
    assert_string_equal(phone_get(f->web.ph, "GPP_A"), "x");
    set(f, "Enable_Web_Admin_Access", "No");
    assert_int_equal(ask(f, "GET", "/admin/", ""), 403);
}

static void passwords_are_masked_and_survive_it(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    set(f, "Password_1_", "hidden");
    set(f, "GPP_SA", "hidden");
    char *all = all_pages(f, "/admin/advanced");
    assert_null(strstr(all, "hidden\""));
    free(all);
    assert_int_equal(post(f, "/admin/", "Password_1_=********&Password_2_=new"), 200);
    assert_string_equal(phone_get(f->web.ph, "Password_1_"), "hidden");
    assert_string_equal(phone_get(f->web.ph, "Password_2_"), "new");
    post(f, "/admin/", "Password_1_=&Sim_Media_Source=tone");
    assert_string_equal(phone_get(f->web.ph, "Password_1_"), "");
    assert_string_equal(phone_get(f->web.ph, "Sim_Media_Source"), "silence");
}

static void values_are_text_and_never_markup(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    set(f, "Display_Name_1_", "\"><script>alert(1)</script>'&amp;");
    set(f, "Text_Logo", "a\x01z\xff");
    const char *html = page(f, "/admin/advanced?tab=Ext_1");
    assert_null(strstr(html, "<script"));
    assert_non_null(
        strstr(html, "&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#39;&#38;amp;"));
    html = page(f, "/admin/advanced?tab=%22%3E%3Cscript%3E");
    assert_null(strstr(html, "<script"));
    assert_non_null(strstr(f->web.reply.headers, "Content-Security-Policy: default-src 'none'"));
    post(f, "/admin/", "Text_Logo=a+z%3F&GPP_A=%00x&SIP_T1=x&Line_Enable_1_=no&nonsense=1");
    assert_string_equal(phone_get(f->web.ph, "Text_Logo"), "a\x01z\xff"); /* as it was shown */
    assert_string_equal(phone_get(f->web.ph, "Line_Enable_1_"), "No");
    assert_non_null(strstr((char *)f->web.reply.body,
                           "GPP_A (not a value for it), SIP_T1 (not a value "
                           "for it), nonsense (no such parameter here)"));
}

static void a_change_that_takes_a_restart_says_so(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    assert_int_equal(post(f, "/admin/", "GPP_A=1"), 200);
    assert_null(strstr((char *)f->web.reply.body, "http-equiv"));
    assert_int_equal(post(f, "/admin/", "Primary_DNS=192.0.2.1&GPP_A=2"), 200);
    assert_non_null(
        strstr((char *)f->web.reply.body, "2 parameters have changed. The phone restarts"));
    assert_non_null(strstr((char *)f->web.reply.body, "http-equiv=\"refresh\""));
    loop_advance(f->web.lp, 1000);
    assert_int_equal(f->n_reboots, 1);
}

static void a_7960_shows_itself_and_takes_nothing(void **state)
{
    struct fixture *f = *state;

    use(f, "7960");
    assert_non_null(strstr(page(f, "/"), "Product Name"));
    char *all = all_pages(f, "/admin/advanced");
    assert_null(strstr(all, "<form"));
    free(all);
    post(f, "/admin/", "GPP_A=1");
    assert_string_equal(phone_get(f->web.ph, "GPP_A"), "");
}

static void a_path_alone_is_meant_for_who_asks_or_for_dhcps_server(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    assert_int_equal(ask(f, "GET", "/admin/resync?/x.xml", ""), 200);
    loop_advance(f->web.lp, 60000);
    assert_string_equal(f->fetched, "tftp://127.0.0.1/x.xml");
    set(f, "Sim_Resync_Server_From_DHCP", "Yes"); /* which named none */
    assert_int_equal(ask(f, "GET", "/admin/resync?/y.xml", ""), 200);
    loop_advance(f->web.lp, 60000);
    assert_string_equal(f->fetched, "/y.xml");
}

static void a_6800_takes_a_profile(void **state)
{
    static const char good[] = "<device><flat-profile><Station_Name>pushed</Station_Name>"
                               "<GPP_A>1</GPP_A></flat-profile></device>";
    struct fixture *f = *state;

    use(f, "6841");
    set(f, "Admin_Password", "geheim");
    assert_int_equal(post(f, "/admin/config.xml", good), 401);
    assert_int_equal(post(f, "/admin/config.xml&xuser=admin&xpassword=x", good), 401);
    assert_string_equal(phone_get(f->web.ph, "GPP_A"), "");
    assert_int_equal(post(f, "/admin/config.xml&xuser=admin&xpassword=geheim", good), 200);
    assert_string_equal(phone_get(f->web.ph, "Station_Name"), "pushed");
    char password[400], path[500];
    memset(password, 'p', sizeof(password) - 1);
    password[sizeof(password) - 1] = '\0';
    set(f, "Admin_Password", password); /* the first of its letters are not all of them */
    snprintf(path, sizeof(path), "/admin/config.xml&xuser=admin&xpassword=%.233s", password);
    assert_int_equal(post(f, path, good), 401);
    snprintf(path, sizeof(path), "/admin/config.xml&xuser=admin&xpassword=%s", password);
    assert_int_equal(post(f, path, good), 200);
    set(f, "Admin_Password", "geheim");
    set(f, "GPP_A", "own");
    assert_int_equal(post_as(f, "admin", "geheim", "/admin/config.xml", "<flat-profile><GPP_A>2"),
                     400);
    assert_string_equal(phone_get(f->web.ph, "GPP_A"), "own"); /* all or nothing */
    assert_int_equal(ask(f, "GET", "/admin/config.xml", ""), 405);
    set(f, "Admin_Password", "");
    f->web.origin = "http://evil.example";
    assert_int_equal(post(f, "/admin/config.xml", good), 403);
    f->web.origin = "";
    assert_string_equal(phone_get(f->web.ph, "GPP_A"), "own");
}

static void a_pushed_profile_may_take_a_restart(void **state)
{
    struct fixture *f = *state;

    use(f, "6841");
    assert_int_equal(post(f, "/admin/config.xml",
                          "<flat-profile><Web_Server_Port>81</Web_Server_Port></flat-profile>"),
                     200);
    loop_advance(f->web.lp, 1000);
    assert_int_equal(f->n_reboots, 1);
}

static void commands_by_url_may_be_switched_off_on_a_6800(void **state)
{
    struct fixture *f = *state;

    use(f, "6841");
    set(f, "Enable_Direct_Action_Url", "No");
    assert_int_equal(ask(f, "GET", "/admin/reboot", ""), 403);
    assert_int_equal(ask(f, "GET", "/admin/resync?tftp://127.105.0.9/x", ""), 403);
    assert_int_equal(post(f, "/admin/config.xml", "<flat-profile/>"), 403);
    assert_int_equal(ask(f, "GET", "/admin/cfg.xml", ""), 200);
    loop_advance(f->web.lp, 1000);
    assert_int_equal(f->n_reboots, 0);
}

static void no_other_phone_takes_a_profile(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    assert_int_equal(post(f, "/admin/config.xml", "<flat-profile/>"), 404);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(trusted_pushes_need_no_password),
        CASE(local_pushes_need_the_users_password),
        CASE(remote_pushes_need_the_xml_account),
        CASE(an_unknown_mode_is_not_trust),
        CASE(a_push_has_a_size_a_method_and_a_path),
        CASE(a_7960_minds_the_case_and_knows_nobody),
        CASE(pages_of_other_sites_do_nothing),
        CASE(its_own_pages_and_programs_do),
        CASE(a_6800_dumps_its_screen_now_and_then),
        CASE(the_others_dump_theirs_when_told),
        CASE(the_administrator_sees_every_parameter),
        CASE(the_user_sees_what_is_his),
        CASE(without_log_in_nothing_changes),
        CASE(passwords_are_masked_and_survive_it),
        CASE(a_path_alone_is_meant_for_who_asks_or_for_dhcps_server),
        CASE(a_6800_takes_a_profile),
        CASE(a_pushed_profile_may_take_a_restart),
        CASE(commands_by_url_may_be_switched_off_on_a_6800),
        CASE(no_other_phone_takes_a_profile),
        CASE(values_are_text_and_never_markup),
        CASE(a_change_that_takes_a_restart_says_so),
        CASE(a_7960_shows_itself_and_takes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
