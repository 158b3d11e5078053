/* SPDX-License-Identifier: BSD-3-Clause */
/* Certificates of our own making (provisioning.md 8). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/net/cert.h"

static const struct cert_subject phone = {
    .product = "SPA504G", .serial = "CCQ162306EA", .mac = {0x64, 0x9e, 0xf3, 0x78, 0x8e, 0x6a}};

static void temporary(char path[32])
{
    strcpy(path, "/tmp/cert-XXXXXX");
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
}

/* The CA's certificate as a reader of its file has it. */
static X509 *read_back(const struct cert_ca *ca)
{
    char path[32];

    temporary(path);
    assert_int_equal(cert_ca_write(ca, path), 0);
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    X509 *cert = PEM_read_X509(f, NULL, NULL, NULL);
    fclose(f);
    unlink(path);
    assert_non_null(cert);
    return cert;
}

static void a_phones_certificate_names_it_as_servers_read_it(void **state)
{
    struct cert_ca *ca;
    struct cert_key *key;
    struct cert_client *client;
    const uint8_t *der, *again;
    size_t len;
    char name[200];

    (void)state;
    assert_int_equal(cert_ca_make(&ca, "test CA"), 0);
    assert_int_equal(cert_key_make(&key), 0);
    assert_int_equal(cert_client_alloc(&client, ca, key, &phone), 0);
    assert_int_equal(cert_client_der(client, &der, &len), 0);
    assert_int_equal(cert_client_der(client, &again, &len), 0);
    assert_ptr_equal(der, again);

    X509 *cert = d2i_X509(NULL, &again, (long)len), *issuer = read_back(ca);
    assert_non_null(cert);
    X509_NAME_oneline(X509_get_subject_name(cert), name, sizeof(name));
    assert_string_equal(name, "/OU=SPA504G/L=CCQ162306EA/ST=649ef3788e6a/CN=649ef3788e6a");
    assert_int_equal(X509_check_issued(issuer, cert), X509_V_OK);
    EVP_PKEY *public = X509_get_pubkey(issuer);
    assert_int_equal(X509_verify(cert, public), 1);
    assert_int_equal(X509_check_purpose(cert, X509_PURPOSE_SSL_CLIENT, 0), 1);
    assert_int_equal(X509_check_private_key(cert, cert_client_key(client)), 1);
    assert_int_equal(EVP_PKEY_get_base_id(cert_client_key(client)), EVP_PKEY_RSA);
    assert_null(cert_client_issuer(client)); /* a root: servers have it */
    EVP_PKEY_free(public);
    X509_free(issuer);
    X509_free(cert);
    mem_deref(client);
    mem_deref(key);
    mem_deref(ca);
}

static void its_cn_may_be_the_product(void **state)
{
    struct cert_subject subject = phone;
    struct cert_ca *ca;
    struct cert_key *key;
    struct cert_client *client;
    X509 *cert;
    char cn[64];

    (void)state;
    subject.cn_product = true;
    assert_int_equal(cert_ca_make(&ca, "test CA"), 0);
    assert_int_equal(cert_key_make(&key), 0);
    assert_int_equal(cert_client_alloc(&client, ca, key, &subject), 0);
    assert_int_equal(cert_client_x509(client, &cert), 0);
    X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName, cn, sizeof(cn));
    assert_string_equal(cn, "SPA504G");
    mem_deref(client);
    mem_deref(key);
    mem_deref(ca);
}

static void a_server_gets_its_name_and_key(void **state)
{
    struct cert_ca *ca;
    char *pem = NULL;

    (void)state;
    assert_int_equal(cert_ca_make(&ca, "test CA"), 0);
    assert_int_equal(cert_server_make(&pem, ca, "127.0.0.9", CERT_RSA), 0);
    BIO *in = BIO_new_mem_buf(pem, -1);
    X509 *cert = PEM_read_bio_X509(in, NULL, NULL, NULL);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
    assert_int_equal(X509_check_ip_asc(cert, "127.0.0.9", 0), 1);
    assert_int_equal(X509_check_private_key(cert, key), 1);
    EVP_PKEY_free(key);
    X509_free(cert);
    BIO_free(in);
    free(pem);
    mem_deref(ca);
}

static void a_ca_is_written_for_its_owner_and_read_again(void **state)
{
    struct cert_ca *ca, *back = NULL;
    char path[32], err[200] = "";
    struct stat st;

    (void)state;
    temporary(path); /* there is a file already, which everybody may read */
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(cert_ca_make(&ca, "test CA"), 0);
    assert_int_equal(cert_ca_write(ca, path), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(cert_ca_read(&back, path, err, sizeof(err)), 0);
    unlink(path);
    mem_deref(back);
    mem_deref(ca);
}

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void what_is_no_ca_is_refused_with_a_reason(void **state)
{
    struct cert_ca *ca, *back = NULL;
    char path[32], err[200] = "", *pem = NULL;

    (void)state;
    temporary(path);
    assert_int_equal(cert_ca_read(&back, "/no/such/file", err, sizeof(err)), ENOENT);
    put(path, "");
    assert_int_equal(cert_ca_read(&back, path, err, sizeof(err)), EBADMSG);
    assert_non_null(strstr(err, "no certificate"));
    assert_int_equal(cert_ca_make(&ca, "test CA"), 0);
    assert_int_equal(cert_server_make(&pem, ca, "host", CERT_EC), 0);
    put(path, pem);
    assert_int_equal(cert_ca_read(&back, path, err, sizeof(err)), EINVAL);
    assert_non_null(strstr(err, "no CA's"));
    *strstr(pem, "-----BEGIN PRIVATE") = '\0';
    put(path, pem);
    assert_int_equal(cert_ca_read(&back, path, err, sizeof(err)), EBADMSG);
    assert_non_null(strstr(err, "no private key"));
    assert_null(back);
    unlink(path);
    free(pem);
    mem_deref(ca);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_phones_certificate_names_it_as_servers_read_it),
        cmocka_unit_test(its_cn_may_be_the_product),
        cmocka_unit_test(a_server_gets_its_name_and_key),
        cmocka_unit_test(a_ca_is_written_for_its_owner_and_read_again),
        cmocka_unit_test(what_is_no_ca_is_refused_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
