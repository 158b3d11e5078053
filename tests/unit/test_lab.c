/* SPDX-License-Identifier: BSD-3-Clause */
/* The lab's content: generated profiles, service pages, files of a folder; over TFTP and HTTP. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <re.h>

#include "devices/model.h"
#include "sim/lab/lab.h"
#include "sim/lab/priv.h"
#include "sim/loop/clock.h"
#include "sim/loop/loop.h"
#include "sim/prov/profile.h"

static const struct lab_site site = {
    .http_host = "127.0.0.1:8080",
    .sip_host = "127.0.0.1:5999",
    .password = "pw-{user}",
};

/* ---- generated profiles */

struct found {
    const char *name;
    char value[256];
    unsigned n;
};

static void item_handler(const struct profile_item *item, void *arg)
{
    struct found *f = arg;

    f->n++;
    if (!strcmp(item->name, f->name))
        snprintf(f->value, sizeof(f->value), "%s", item->value);
}

static void assert_value(const struct lab_file *f, const char *name, const char *value)
{
    struct found found = {.name = name};
    struct parse_err pe;

    assert_int_equal(profile_parse(f->body, f->len, NULL, item_handler, &found, &pe), 0);
    assert_string_equal(found.value, value);
}

static void every_model_finds_its_first_file(void **state)
{
    (void)state;
    for (const struct device_model *const *m = device_models(); *m; m++) {
        struct lab_file f = {0};
        char path[64];

        snprintf(path, sizeof(path), "/spa%s.cfg", (*m)->psn);
        assert_int_equal(profile_get(&site, path, "", &f), 0);
        assert_value(&f, "Profile_Rule_B", "http://127.0.0.1:8080/profile/$MA.xml?user=$UID1");
        free(f.body);
        snprintf(path, sizeof(path), "/%s.xml", (*m)->psn);
        assert_int_equal(profile_get(&site, path, "", &f), 0);
        free(f.body);
    }
}

static void a_phone_gets_the_account_it_asks_for(void **state)
{
    struct lab_file f = {0};

    (void)state;
    assert_int_equal(profile_get(&site, "/profile/649ef3788e6a.xml", "user=1042", &f), 0);
    assert_value(&f, "User_ID_1_", "1042");
    assert_value(&f, "Password_1_", "pw-1042");
    assert_value(&f, "Display_Name_1_", "1042");
    assert_value(&f, "Proxy_1_", "127.0.0.1:5999");
    assert_value(&f, "Register_Expires_1_", "3600");
    assert_value(&f, "Station_Name", "1042");
    assert_string_equal(f.content_type, "text/xml");
    free(f.body);
}

static void a_phone_without_user_is_called_by_its_mac(void **state)
{
    static const char *const queries[] = {"", "user=", "x=1&user=", "users=7"};

    (void)state;
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        struct lab_file f = {0};

        assert_int_equal(profile_get(&site, "/profile/649ef3788e6a.xml", queries[i], &f), 0);
        assert_value(&f, "User_ID_1_", "649ef3788e6a");
        assert_value(&f, "Password_1_", "pw-649ef3788e6a");
        free(f.body);
    }
}

static void users_are_decoded_and_escaped(void **state)
{
    struct lab_file f = {0};

    (void)state;
    assert_int_equal(
        profile_get(&site, "/profile/649ef3788e6a.xml", "a=b&user=%3c%2fX%3E+%26%22%27%0a", &f), 0);
    assert_value(&f, "User_ID_1_", "</X> &\"'");
    free(f.body);
}

static void unknown_paths_are_not_found(void **state)
{
    static const char *const paths[] = {
        "/",
        "",
        "/spa.cfg",
        "/spa999.cfg",
        "/spa504g.cfg",
        "/spa504G.xml",
        "/profile/",
        "/profile/649ef3788e6.xml",
        "/profile/649ef3788e6g.xml",
        "/profile/649ef3788e6a.cfg",
        "/profile/649ef3788e6a.xml/",
        "profile/649ef3788e6a.xml",
        "/.xml",
        "/services",
        "/x.xml",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct lab_file f = {0};

        assert_int_equal(profile_get(&site, paths[i], "", &f), ENOENT);
        assert_null(f.body);
    }
}

static void the_password_follows_its_template(void **state)
{
    char buf[16];

    (void)state;
    assert_true(lab_password(buf, sizeof(buf), "{user}-{user}x", "7"));
    assert_string_equal(buf, "7-7x");
    assert_true(lab_password(buf, sizeof(buf), "fixed{use", "7"));
    assert_string_equal(buf, "fixed{use");
    assert_true(lab_password(buf, sizeof(buf), "{user}", "123456789012345"));
    assert_false(lab_password(buf, sizeof(buf), "{user}", "1234567890123456"));
}

/* ---- service pages */

static void every_service_page_is_the_object_it_says(void **state)
{
    static const struct {
        const char *path, *root;
    } t[] = {
        {"/services/", "CiscoIPPhoneMenu"},
        {"/services/menu.xml", "CiscoIPPhoneMenu"},
        {"/services/directory.xml", "CiscoIPPhoneDirectory"},
        {"/services/text.xml", "CiscoIPPhoneText"},
        {"/services/input.xml", "CiscoIPPhoneInput"},
        {"/services/greet.xml", "CiscoIPPhoneText"},
        {"/services/image.xml", "CiscoIPPhoneImage"},
    };
    struct lab_file none = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
        struct lab_file f = {0};
        xmlDoc *doc;

        assert_int_equal(service_get(&site, t[i].path, "name=%3Cb%3E%26", &f), 0);
        doc = xmlReadMemory((const char *)f.body, (int)f.len, NULL, NULL, XML_PARSE_NONET);
        assert_non_null(doc);
        assert_string_equal((const char *)xmlDocGetRootElement(doc)->name, t[i].root);
        xmlFreeDoc(doc);
        free(f.body);
    }
    assert_int_equal(service_get(&site, "/services/nothing.xml", "", &none), ENOENT);
    assert_int_equal(service_get(&site, "/servicesmenu.xml", "", &none), ENOENT);
}

static void the_picture_holds_as_many_pixels_as_it_says(void **state)
{
    struct lab_file f = {0};
    const char *data;

    (void)state;
    assert_int_equal(service_get(&site, "/services/image.xml", "", &f), 0);
    assert_non_null(strstr((const char *)f.body, "<Width>66</Width>"));
    assert_non_null(strstr((const char *)f.body, "<Height>33</Height>"));
    data = strstr((const char *)f.body, "<Data>") + 6;
    assert_int_equal(strspn(data, "0123456789ABCDEF"), 2 * ((66 * 33 + 3) / 4));
    free(f.body);
}

/* ---- files of a folder */

struct folder {
    char root[64], dir[80];
};

static void write_file(const char *dir, const char *name, const char *text)
{
    char path[256];
    FILE *fp;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    fp = fopen(path, "w");
    assert_non_null(fp);
    fputs(text, fp);
    fclose(fp);
}

static void folder_make(struct folder *f)
{
    char link[128];

    snprintf(f->root, sizeof(f->root), "/tmp/test_lab_XXXXXX");
    assert_non_null(mkdtemp(f->root));
    snprintf(f->dir, sizeof(f->dir), "%s/served", f->root);
    assert_int_equal(mkdir(f->dir, 0700), 0);
    write_file(f->root, "secret", "secret");
    write_file(f->dir, "spa504G.cfg", "<flat-profile/>");
    write_file(f->dir, ".hidden", "hidden");
    write_file(f->dir, "a b.png", "png");
    snprintf(link, sizeof(link), "%s/out", f->dir);
    assert_int_equal(symlink("../secret", link), 0);
}

static void folder_remove(const struct folder *f)
{
    static const char *const names[] = {
        "served/spa504G.cfg", "served/.hidden", "served/a b.png", "served/out",
        "served/big",         "served",         "secret",
    };
    char path[128];

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", f->root, names[i]);
        (void)remove(path);
    }
    assert_int_equal(rmdir(f->root), 0);
}

static void only_plain_files_below_the_folder_are_served(void **state)
{
    static const struct {
        const char *path;
        int err;
    } t[] = {
        {"/spa504G.cfg", 0},
        {"//spa504G.cfg", 0},
        {"/a%20b.png", 0},
        {"/spa301.cfg", ENOENT},
        {"/", EACCES},
        {"", EACCES},
        {"/../secret", EACCES},
        {"/%2e%2e/secret", EACCES},
        {"/x/../../secret", EACCES},
        {"/..%2fsecret", EACCES},
        {"/out", EACCES},
        {"/.hidden", EACCES},
        {"/./spa504G.cfg", EACCES},
        {"/..\\secret", EACCES},
        {"/a%00b", ENOENT},
        {"/spa504G.cfg/x", ENOENT},
        {"spa504G.cfg", EACCES},
        {"/%", ENOENT},
    };
    struct folder dir;

    (void)state;
    folder_make(&dir);
    for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
        struct lab_file f = {0};

        assert_int_equal(file_read(dir.dir, t[i].path, &f), t[i].err);
        free(f.body);
    }
    folder_remove(&dir);
}

static void a_folder_takes_the_place_of_generated_profiles(void **state)
{
    struct lab_site s = site;
    struct lab_file f = {0};
    struct folder dir;

    (void)state;
    folder_make(&dir);
    s.profiles_dir = dir.dir;
    assert_int_equal(profile_get(&s, "/spa504G.cfg", "", &f), 0);
    assert_string_equal((const char *)f.body, "<flat-profile/>");
    free(f.body);
    assert_int_equal(profile_get(&s, "/profile/649ef3788e6a.xml", "", &f), ENOENT);
    folder_remove(&dir);
}

/* ---- over sockets */

struct fixture {
    struct loop *lp;
    struct lab *lab;
    struct folder dir;
};

static int setup_with(void **state, bool folder)
{
    const struct loop_config lc = {.clock = CLOCK_REAL};
    struct lab_config cfg = {0};
    struct fixture *f = calloc(1, sizeof(*f));
    char err[256] = "";

    *state = f;
    if (folder) {
        folder_make(&f->dir);
        cfg.profiles_dir = f->dir.dir;
    }
    return loop_alloc(&f->lp, &lc) || lab_open(&f->lab, f->lp, &cfg, err, sizeof(err));
}

static int setup(void **state)
{
    return setup_with(state, false);
}

static int setup_folder(void **state)
{
    return setup_with(state, true);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    mem_deref(f->lab);
    mem_deref(f->lp);
    if (*f->dir.root)
        folder_remove(&f->dir);
    free(f);
    return 0;
}

static struct sockaddr_in addr_of(const char *host_port)
{
    struct sockaddr_in sin = {.sin_family = AF_INET};
    const char *colon = strrchr(host_port, ':');

    sin.sin_port = htons((uint16_t)atoi(colon + 1));
    inet_pton(AF_INET, "127.0.0.1", &sin.sin_addr);
    return sin;
}

static bool wait_for(struct fixture *f, int fd, int ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    const uint64_t end = clock_us(f->lp) + (uint64_t)ms * 1000;

    while (clock_us(f->lp) < end) {
        loop_poll(f->lp);
        if (poll(&p, 1, 1) > 0)
            return true;
    }
    return false;
}

struct tftp { /* a client that can lose what it gets */
    int fd;
    struct sockaddr_in peer;
    uint8_t in[2048];
    ssize_t n;
};

static void tftp_ask(struct fixture *f, struct tftp *c, unsigned op, const char *name,
                     const char *mode)
{
    uint8_t p[256] = {0, (uint8_t)op};
    const size_t n = strlen(name) + 1, m = strlen(mode) + 1;

    memcpy(p + 2, name, n);
    memcpy(p + 2 + n, mode, m);
    c->peer = addr_of(lab_tftp(f->lab));
    assert_true(sendto(c->fd, p, 2 + n + m, 0, (struct sockaddr *)&c->peer, sizeof(c->peer)) > 0);
}

static bool tftp_next(struct fixture *f, struct tftp *c, int ms)
{
    socklen_t len = sizeof(c->peer);

    if (!wait_for(f, c->fd, ms))
        return false;
    c->n = recvfrom(c->fd, c->in, sizeof(c->in), 0, (struct sockaddr *)&c->peer, &len);
    assert_true(c->n >= 4);
    return true;
}

static void tftp_ack(struct tftp *c, unsigned block)
{
    const uint8_t p[4] = {0, 4, (uint8_t)(block >> 8), (uint8_t)block};

    assert_int_equal(sendto(c->fd, p, 4, 0, (struct sockaddr *)&c->peer, sizeof(c->peer)), 4);
}

static unsigned block_of(const struct tftp *c)
{
    return (unsigned)c->in[2] << 8 | c->in[3];
}

static void tftp_serves_the_first_file(void **state)
{
    struct fixture *f = *state;
    struct tftp c = {.fd = socket(AF_INET, SOCK_DGRAM, 0)};
    struct lab_stats st;

    tftp_ask(f, &c, 1, "/spa504G.cfg", "octet");
    assert_true(tftp_next(f, &c, 2000));
    assert_int_equal(c.in[1], 3);
    assert_int_equal(block_of(&c), 1);
    assert_true(c.n > 4 && c.n < 516);
    assert_true(c.peer.sin_port != addr_of(lab_tftp(f->lab)).sin_port);
    tftp_ack(&c, 1);
    c.in[c.n] = 0;
    assert_non_null(strstr((const char *)c.in + 4, lab_profile_rule(f->lab)));
    tftp_ask(f, &c, 1, "spa504G.cfg", "OCTET");
    assert_true(tftp_next(f, &c, 2000));
    assert_int_equal(c.in[1], 3);
    lab_stats_get(f->lab, &st);
    assert_int_equal(st.n_tftp, 2);
    close(c.fd);
}

static void tftp_refuses_with_the_right_code(void **state)
{
    static const struct {
        unsigned op;
        const char *name, *mode;
        int code;
    } t[] = {
        {1, "/nothing.cfg", "octet", 1},
        {2, "/spa504G.cfg", "octet", 2},
        {1, "/spa504G.cfg", "netascii", 4},
        {1, "", "", 4},
    };
    struct fixture *f = *state;
    struct tftp c = {.fd = socket(AF_INET, SOCK_DGRAM, 0)};

    for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
        tftp_ask(f, &c, t[i].op, t[i].name, t[i].mode);
        assert_true(tftp_next(f, &c, 2000));
        assert_int_equal(c.in[1], 5);
        assert_int_equal(c.in[3], t[i].code);
    }
    close(c.fd);
}

static void tftp_sends_a_lost_block_again(void **state)
{
    struct fixture *f = *state;
    struct tftp c = {.fd = socket(AF_INET, SOCK_DGRAM, 0)};

    tftp_ask(f, &c, 1, "/spa504G.cfg", "octet");
    assert_true(tftp_next(f, &c, 2000));
    assert_true(tftp_next(f, &c, 3000)); /* nothing was acknowledged */
    assert_int_equal(block_of(&c), 1);
    tftp_ack(&c, 1);
    assert_false(tftp_next(f, &c, 50));
    close(c.fd);
}

/* 65,536 blocks of 512 bytes and one more: the number wraps to 0. */
static void tftp_numbers_wrap_in_a_big_file(void **state)
{
    struct fixture *f = *state;
    struct tftp c = {.fd = socket(AF_INET, SOCK_DGRAM, 0)};
    const size_t size = 65536 * 512 + 512;
    size_t got = 0;
    unsigned block = 0;
    char path[128];
    FILE *fp;

    snprintf(path, sizeof(path), "%s/big", f->dir.dir);
    fp = fopen(path, "w");
    for (size_t i = 0; i < size / 4; i++)
        fwrite(&(uint32_t){(uint32_t)i}, 4, 1, fp);
    fclose(fp);
    tftp_ask(f, &c, 1, "/big", "octet");
    do {
        assert_true(tftp_next(f, &c, 2000));
        block = (block + 1) & 0xffff;
        assert_int_equal(block_of(&c), block);
        if (c.n > 4) {
            uint32_t first;

            memcpy(&first, c.in + 4, 4);
            assert_int_equal(first, got / 4);
        }
        got += (size_t)c.n - 4;
        tftp_ack(&c, block);
    } while (c.n == 516);
    assert_int_equal(got, size);
    close(c.fd);
}

/* One request over HTTP/1.0; the whole answer, zero-terminated. */
static void http_get(struct fixture *f, const char *method, const char *path, char *buf,
                     size_t size)
{
    struct sockaddr_in sin = addr_of(lab_http_url(f->lab));
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    size_t got = 0;
    ssize_t n;

    assert_int_equal(connect(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
    n = snprintf(buf, size, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s", method,
                 path, strcmp(method, "POST") ? "\r\n" : "Content-Length: 3\r\n\r\na=b");
    assert_int_equal(send(fd, buf, (size_t)n, 0), n);
    while (wait_for(f, fd, 3000) && (n = recv(fd, buf + got, size - got - 1, 0)) > 0)
        got += (size_t)n;
    buf[got] = 0;
    close(fd);
    assert_true(got > 0);
}

static void http_serves_profiles_and_services(void **state)
{
    struct fixture *f = *state;
    struct lab_stats st;
    char buf[8192];

    http_get(f, "GET", "/spa504G.cfg", buf, sizeof(buf));
    assert_int_equal(atoi(buf + 9), 200);
    assert_non_null(strstr(buf, lab_profile_rule(f->lab)));
    http_get(f, "GET", "/profile/649ef3788e6a.xml?user=1007", buf, sizeof(buf));
    assert_int_equal(atoi(buf + 9), 200);
    assert_non_null(strstr(buf, "<Password_1_>pw-1007</Password_1_>"));
    assert_non_null(strstr(buf, lab_registrar(f->lab)));
    http_get(f, "GET", "/services/menu.xml", buf, sizeof(buf));
    assert_int_equal(atoi(buf + 9), 200);
    assert_non_null(strstr(buf, "<CiscoIPPhoneMenu>"));
    http_get(f, "GET", "/nothing", buf, sizeof(buf));
    assert_int_equal(atoi(buf + 9), 404);
    http_get(f, "POST", "/spa504G.cfg", buf, sizeof(buf));
    assert_int_equal(atoi(buf + 9), 405);
    lab_stats_get(f->lab, &st);
    assert_int_equal(st.n_http, 3);
    assert_int_equal(st.n_services, 1);
}

static void a_taken_port_says_which_listener(void **state)
{
    struct fixture *f = *state;
    const uint16_t sip = ntohs(addr_of(lab_registrar(f->lab)).sin_port);
    const uint16_t tftp = ntohs(addr_of(lab_tftp(f->lab)).sin_port);
    const uint16_t http = ntohs(addr_of(lab_http_url(f->lab)).sin_port);
    const struct lab_config cfgs[] = {{.sip = sip}, {.http = http}, {.tftp = tftp}};
    static const char *const names[] = {"SIP", "HTTP", "TFTP"};
    struct lab *second = NULL;
    char err[256];

    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(lab_open(&second, f->lp, &cfgs[i], err, sizeof(err)), EADDRINUSE);
        assert_non_null(strstr(err, names[i]));
        assert_null(second);
    }
}

static void a_bad_address_is_refused(void **state)
{
    struct fixture *f = *state;
    const struct lab_config foreign = {.listen = "192.0.2.1"}, text = {.listen = "here"};
    struct lab *second = NULL;
    char err[256];

    assert_int_equal(lab_open(&second, f->lp, &foreign, err, sizeof(err)), EADDRNOTAVAIL);
    assert_int_equal(lab_open(&second, f->lp, &text, err, sizeof(err)), EADDRNOTAVAIL);
}

#define SOCKETS(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_model_finds_its_first_file),
        cmocka_unit_test(a_phone_gets_the_account_it_asks_for),
        cmocka_unit_test(a_phone_without_user_is_called_by_its_mac),
        cmocka_unit_test(users_are_decoded_and_escaped),
        cmocka_unit_test(unknown_paths_are_not_found),
        cmocka_unit_test(the_password_follows_its_template),
        cmocka_unit_test(every_service_page_is_the_object_it_says),
        cmocka_unit_test(the_picture_holds_as_many_pixels_as_it_says),
        cmocka_unit_test(only_plain_files_below_the_folder_are_served),
        cmocka_unit_test(a_folder_takes_the_place_of_generated_profiles),
        SOCKETS(tftp_serves_the_first_file),
        SOCKETS(tftp_refuses_with_the_right_code),
        SOCKETS(tftp_sends_a_lost_block_again),
        cmocka_unit_test_setup_teardown(tftp_numbers_wrap_in_a_big_file, setup_folder, teardown),
        SOCKETS(http_serves_profiles_and_services),
        SOCKETS(a_taken_port_says_which_listener),
        SOCKETS(a_bad_address_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
