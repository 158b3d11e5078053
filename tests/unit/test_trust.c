/* SPDX-License-Identifier: BSD-3-Clause */
/* Files of certificates (provisioning.md 8); whom they make credible is told by real servers. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/net/cert.h"
#include "sim/net/trust.h"

static X509 *certificate(const char *name)
{
    char path[] = "/tmp/trust-XXXXXX";
    struct cert_ca *ca = NULL;
    const int fd = mkstemp(path);

    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(cert_ca_make(&ca, name), 0);
    assert_int_equal(cert_ca_write(ca, path), 0);
    mem_deref(ca);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    X509 *cert = PEM_read_X509(f, NULL, NULL, NULL);
    fclose(f);
    remove(path);
    assert_non_null(cert);
    return cert;
}

static size_t print_pem(char *buf, size_t size, X509 *cert)
{
    BIO *out = BIO_new(BIO_s_mem());

    assert_int_equal(PEM_write_bio_X509(out, cert), 1);
    const int n = BIO_read(out, buf, (int)size);
    BIO_free(out);
    assert_true(n > 0 && (size_t)n < size);
    return (size_t)n;
}

static void certificates_come_as_pem_or_der(void **state)
{
    X509 *one = certificate("first"), *two = certificate("second");
    char pem[4096] = "# ours\n";
    uint8_t *der = NULL;
    struct trust *t = NULL;
    size_t len = strlen(pem);

    (void)state;
    len += print_pem(pem + len, sizeof(pem) - len, one);
    len += print_pem(pem + len, sizeof(pem) - len, two);
    assert_int_equal(trust_alloc(&t, (const uint8_t *)pem, len), 0);
    assert_string_equal(trust_name(t), "first");
    t = mem_deref(t);
    const int n = i2d_X509(two, &der);
    assert_true(n > 0);
    assert_int_equal(trust_alloc(&t, der, (size_t)n), 0);
    assert_string_equal(trust_name(t), "second");
    mem_deref(t);
    OPENSSL_free(der);
    X509_free(one);
    X509_free(two);
}

static void what_holds_no_certificate_is_refused(void **state)
{
    X509 *cert = certificate("x");
    char pem[4096];
    struct trust *t = NULL;
    const size_t len = print_pem(pem, sizeof(pem), cert);

    (void)state;
    assert_int_equal(trust_alloc(&t, (const uint8_t *)"", 0), EBADMSG);
    assert_int_equal(trust_alloc(&t, (const uint8_t *)"<html/>", 7), EBADMSG);
    assert_int_equal(trust_alloc(&t, (const uint8_t *)"0\x82\x01", 3), EBADMSG);
    assert_int_equal(trust_alloc(&t, (const uint8_t *)pem, len / 2), EBADMSG);
    assert_null(t);
    X509_free(cert);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_come_as_pem_or_der),
        cmocka_unit_test(what_holds_no_certificate_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
