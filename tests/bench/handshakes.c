/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What TLS handshakes cost a bare OpenSSL client: connect, handshake with a client certificate,
 * close. usage: bench_handshakes ADDR PORT CA.pem CLIENT.pem COUNT [PATH]; with PATH each of them
 * also asks for that file and reads it. Prints CPU microseconds of this process per handshake.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

static void fail(const char *what)
{
    fprintf(stderr, "bench_handshakes: %s\n", what);
    ERR_print_errors_fp(stderr);
    exit(3);
}

static SSL_CTX *make_context(const char *ca, const char *client)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

    if (!ctx || SSL_CTX_load_verify_locations(ctx, ca, NULL) != 1 ||
        SSL_CTX_use_certificate_chain_file(ctx, client) != 1 ||
        SSL_CTX_use_PrivateKey_file(ctx, client, SSL_FILETYPE_PEM) != 1)
        fail("certificates");
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    return ctx;
}

static void fetch(SSL *ssl, const char *path)
{
    char buf[16384];

    const int len =
        snprintf(buf, sizeof(buf), "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", path);
    if (SSL_write(ssl, buf, len) != len || SSL_read(ssl, buf, sizeof(buf)) < 12 ||
        memcmp(buf + 9, "200", 3) != 0)
        fail("no file came");
    while (SSL_read(ssl, buf, sizeof(buf)) > 0)
        ;
}

static void shake(SSL_CTX *ctx, const struct sockaddr_in *server, const char *path)
{
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    SSL *ssl = SSL_new(ctx);

    if (fd < 0 || !ssl || connect(fd, (const struct sockaddr *)server, sizeof(*server)))
        fail("cannot connect");
    SSL_set_fd(ssl, fd);
    if (SSL_connect(ssl) != 1)
        fail("handshake");
    if (path)
        fetch(ssl, path);
    SSL_shutdown(ssl);
    SSL_free(ssl);
    close(fd);
}

int main(int argc, char **argv)
{
    struct sockaddr_in server = {.sin_family = AF_INET};
    struct rusage before, after;

    if (argc < 6 || inet_pton(AF_INET, argv[1], &server.sin_addr) != 1) {
        fprintf(stderr, "usage: bench_handshakes ADDR PORT CA.pem CLIENT.pem COUNT [PATH]\n");
        return 2;
    }
    server.sin_port = htons((uint16_t)atoi(argv[2]));
    SSL_CTX *ctx = make_context(argv[3], argv[4]);
    const int count = atoi(argv[5]);
    getrusage(RUSAGE_SELF, &before);
    for (int i = 0; i < count; i++)
        shake(ctx, &server, argv[6]);
    getrusage(RUSAGE_SELF, &after);
    SSL_CTX_free(ctx);
    const double us = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec +
                               after.ru_stime.tv_sec - before.ru_stime.tv_sec) *
                          1e6 +
                      (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec +
                               after.ru_stime.tv_usec - before.ru_stime.tv_usec);
    printf("%.1f\n", us / count);
    return 0;
}
