/* SPDX-License-Identifier: BSD-3-Clause */
/* spafarm lab: the embedded servers on their own, until SIGINT or SIGTERM. */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "sim/lab/lab.h"
#include "sim/loop/loop.h"
#include "ui/control/control.h"
#include "ui/host.h"
#include "ui/sub.h"

enum {
    MAX_EXPIRES_S = 0x7fffffff,

    OPT_LISTEN = 256,
    OPT_SIP,
    OPT_HTTP,
    OPT_HTTPS,
    OPT_TFTP,
    OPT_REALM,
    OPT_PROFILES,
    OPT_SERVICES,
    OPT_EXPIRES,
    OPT_CLIENT_CERT,
    OPT_JSON,
    OPT_HELP,
};

struct lab_run {
    struct host host; /* loop, lab and signals; no farm */
    struct lab_config cfg;
    bool json;
    char ca[256]; /* file of its CA, "" = none */
};

static const struct option options[] = {
    {"listen", required_argument, NULL, OPT_LISTEN},
    {"sip", required_argument, NULL, OPT_SIP},
    {"http", required_argument, NULL, OPT_HTTP},
    {"https", required_argument, NULL, OPT_HTTPS},
    {"tftp", required_argument, NULL, OPT_TFTP},
    {"realm", required_argument, NULL, OPT_REALM},
    {"profiles", required_argument, NULL, OPT_PROFILES},
    {"services", required_argument, NULL, OPT_SERVICES},
    {"expires", required_argument, NULL, OPT_EXPIRES},
    {"require-client-cert", no_argument, NULL, OPT_CLIENT_CERT},
    {"json", no_argument, NULL, OPT_JSON},
    {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

static bool read_number(const char *text, unsigned long max, unsigned long *v)
{
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *v = strtoul(text, &end, 10);
    return !errno && !*end && *v <= max;
}

static int take_port(uint16_t *port, const char *name, const char *text)
{
    unsigned long v;

    if (!read_number(text, UINT16_MAX, &v))
        return sub_error(EXIT_USAGE, "--%s wants a port from 0 to 65535, not \"%s\"", name, text);
    *port = (uint16_t)v;
    return 0;
}

static int take_expires(struct lab_run *run, const char *text)
{
    const double s = sub_duration(text);

    if (s < 1 || s > MAX_EXPIRES_S)
        return sub_error(EXIT_USAGE, "--expires wants a time of at least one second, not \"%s\"",
                         text);
    run->cfg.expires_s = (uint32_t)s;
    return 0;
}

static int take_dir(const char **dir, const char *name, const char *text)
{
    struct stat st;

    if (stat(text, &st))
        return sub_error(EXIT_USAGE, "--%s %s: %s", name, text, strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return sub_error(EXIT_USAGE, "--%s %s: not a folder", name, text);
    *dir = text;
    return 0;
}

static int take_realm(struct lab_run *run, const char *text)
{
    for (const char *p = text; *p; p++) {
        if ((unsigned char)*p < 32 || *p == '"' || *p == '\\')
            return sub_error(EXIT_USAGE, "--realm must not hold quotes, backslashes or control "
                                         "characters");
    }
    if (!*text)
        return sub_error(EXIT_USAGE, "--realm must not be empty");
    run->cfg.realm = text;
    return 0;
}

static int take_listen(struct lab_run *run, const char *text)
{
    struct in_addr addr;

    if (inet_pton(AF_INET, text, &addr) != 1)
        return sub_error(EXIT_USAGE, "--listen wants an IPv4 address, not \"%s\"", text);
    run->cfg.listen = text;
    return 0;
}

static int take_option(struct lab_run *run, int opt, const char *value)
{
    switch (opt) {
    case OPT_LISTEN:
        return take_listen(run, value);
    case OPT_SIP:
        return take_port(&run->cfg.sip, "sip", value);
    case OPT_HTTP:
        return take_port(&run->cfg.http, "http", value);
    case OPT_TFTP:
        return take_port(&run->cfg.tftp, "tftp", value);
    case OPT_REALM:
        return take_realm(run, value);
    case OPT_PROFILES:
        return take_dir(&run->cfg.profiles_dir, "profiles", value);
    case OPT_SERVICES:
        return take_dir(&run->cfg.services_dir, "services", value);
    case OPT_EXPIRES:
        return take_expires(run, value);
    case OPT_HTTPS:
        return take_port(&run->cfg.https, "https", value);
    case OPT_CLIENT_CERT:
        run->cfg.client_cert = true;
        return 0;
    default:
        run->json = true;
        return 0;
    }
}

/* 0 go on, -1 help was printed, else an exit code. */
static int read_options(struct lab_run *run, int argc, char **argv)
{
    int opt, err;

    optind = 0;
    opterr = 0;
    while ((opt = getopt_long(argc, argv, "+:", options, NULL)) != -1) {
        if (opt == OPT_HELP) {
            sub_help(&sub_lab);
            return -1;
        }
        if (opt == ':')
            return sub_error(EXIT_USAGE, "lab: %s wants a value", argv[optind - 1]);
        if (opt == '?')
            return sub_error(EXIT_USAGE, "lab: unknown or ambiguous option %s", argv[optind - 1]);
        err = take_option(run, opt, optarg);
        if (err)
            return err;
    }
    if (optind < argc)
        return sub_error(EXIT_USAGE, "lab: unexpected argument \"%s\"", argv[optind]);
    return 0;
}

static int print_json(const struct lab_run *run)
{
    json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:s}", "sip", lab_registrar(run->host.lab), "http",
                          lab_http_url(run->host.lab), "tftp", lab_tftp(run->host.lab),
                          "profile_rule", lab_profile_rule(run->host.lab), "realm",
                          run->cfg.realm ? run->cfg.realm : "spafarm.lab");

    if (!o)
        return sub_error(EXIT_REFUSED, "out of memory");
    json_object_set_new(o, "https", json_string(lab_https_url(run->host.lab)));
    json_object_set_new(o, "ca", json_string(run->ca));
    json_dumpf(o, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(o);
    return 0;
}

static int print_taken(const struct lab_run *run)
{
    int err = 0;

    if (run->json) {
        err = print_json(run);
    } else {
        printf("registrar  %s (UDP, TCP and TLS)\n", lab_registrar(run->host.lab));
        printf("profiles   %s and tftp://%s\n", lab_http_url(run->host.lab),
               lab_tftp(run->host.lab));
        printf("           %s%s\nCA         %s (for --ca and --client-ca)\n",
               lab_https_url(run->host.lab),
               run->cfg.client_cert ? ", client certificates required" : "", run->ca);
        printf("rule       %s\n", lab_profile_rule(run->host.lab));
        printf("services   %s/services/\n", lab_http_url(run->host.lab));
    }
    fflush(stdout);
    return err;
}

/* The CA that phones need, beside the control sockets, until the lab ends. */
static int write_ca(struct lab_run *run)
{
    const char *port = strrchr(lab_https_url(run->host.lab), ':') + 1;
    char name[40];

    snprintf(name, sizeof(name), "spafarm-lab-%s.pem", port);
    const int len = control_runtime_path(run->ca, sizeof(run->ca), name);
    const int err =
        len < 0 || (size_t)len >= sizeof(run->ca) ? EPERM : lab_ca_write(run->host.lab, run->ca);
    if (!err)
        return 0;
    const int code =
        sub_error(EXIT_REFUSED, "cannot write the lab's CA to %s: %s", run->ca, strerror(err));
    run->ca[0] = '\0';
    return code;
}

static int open_lab(struct lab_run *run)
{
    const struct loop_config lc = {.clock = CLOCK_REAL};
    char text[256] = "";
    int err = loop_alloc(&run->host.lp, &lc);

    if (err == ENOTSUP)
        return sub_error(EXIT_REFUSED, "%s", loop_self_test_text());
    if (err)
        return sub_error(EXIT_REFUSED, "cannot start the event loop: %s", strerror(err));
    host_catch_signals(&run->host);
    err = lab_open(&run->host.lab, run->host.lp, &run->cfg, text, sizeof(text));
    if (err)
        return sub_error(EXIT_REFUSED, "%s", *text ? text : strerror(err));
    return write_ca(run);
}

static void print_summary(const struct lab_run *run)
{
    struct lab_stats st;

    lab_stats_get(run->host.lab, &st);
    fprintf(stderr,
            "lab: %llu registrations, %llu challenged, %llu stale, %llu refused, %llu bindings; "
            "files by HTTP %llu, by TFTP %llu; %llu service pages\n",
            (unsigned long long)st.n_registers, (unsigned long long)st.n_challenged,
            (unsigned long long)st.n_stale, (unsigned long long)st.n_refused,
            (unsigned long long)st.n_bindings, (unsigned long long)st.n_http,
            (unsigned long long)st.n_tftp, (unsigned long long)st.n_services);
}

static int run_lab(int argc, char **argv)
{
    struct lab_run run = {.cfg = {.tls = true}};
    int code = read_options(&run, argc, argv);

    if (code)
        return code < 0 ? EXIT_HOLDS : code;
    signal(SIGPIPE, SIG_IGN);
    code = open_lab(&run);
    if (!code)
        code = print_taken(&run);
    if (!code) {
        loop_run(run.host.lp);
        print_summary(&run);
    }
    if (run.ca[0])
        (void)unlink(run.ca);
    host_close(&run.host);
    return code;
}

const struct sub sub_lab = {
    .name = "lab",
    .args = "[LAB OPTIONS]",
    .help = "registrar, provisioning server and XML services on their own",
    .details = "  --listen ADDR      address to listen on (127.0.0.1)\n"
               "  --sip PORT         registrar, UDP, TCP and TLS (any free one)\n"
               "  --http PORT        profiles and services (any free one)\n"
               "  --https PORT       the same by HTTPS, with a CA made for it (any free one)\n"
               "  --require-client-cert  HTTPS asks phones for a certificate of that CA\n"
               "  --tftp PORT        profiles (any free one)\n"
               "  --realm R          realm of the digest (spafarm.lab)\n"
               "  --profiles DIR     serve these files instead of generated profiles\n"
               "  --services DIR     serve these files under /services/\n"
               "  --expires S        longest registration granted (3600)\n"
               "  --json             print the addresses taken as JSON\n"
               "\n"
               "Any account is accepted whose password is pw-USER. Ends on SIGINT or SIGTERM.\n",
    .run = run_lab,
};
