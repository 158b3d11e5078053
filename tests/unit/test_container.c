/* SPDX-License-Identifier: BSD-3-Clause */
/* Encrypted and packed profiles, alias maps, and how the reader is set (provisioning.md 5 to 7). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <zlib.h>

#include "sim/prov/container.h"
#include "sim/prov/profile.h"
#include "tests/support/alloc.h"

#define PLAIN "<flat-profile><Station_Name>Desk</Station_Name></flat-profile>"
#define HEAD  "Salted__\x01\x02\x03\x04\x05\x06\x07\x08"

/* printf PLAIN | openssl enc -e -aes-256-cbc -md MD -S 0102030405060708 -k 'top secret',
 * OpenSSL 3.0; without -S the command writes the head itself */
static const char with_md5[] =
    HEAD "\xc5\x8c\xef\xdc\xdc\xe1\xdb\xf1\x91\x78\x4f\xc5\x2f\x23\x48\x8d"
         "\x85\x8e\xb6\x69\xd3\xdb\xd2\xc9\xf3\x04\x3f\x02\x06\x07\x4f\x00"
         "\x79\xce\xbf\x3f\xff\x71\x71\x6b\xf9\x50\x47\x21\xa5\xe9\x90\xd4"
         "\xad\x45\x38\xbf\x46\xf6\xeb\x82\x7b\x2b\x65\x59\xa0\x80\xde\xf9";
static const char with_sha256[] =
    HEAD "\x65\xf4\x75\xee\x3c\x67\x58\xa1\xa7\xd5\x2e\x61\x1e\xf7\x9b\xed"
         "\x52\x7f\x5d\xec\x0a\x22\xec\x24\x9e\x27\x10\xb1\x1c\xe5\x02\x84"
         "\x48\x60\xc9\x56\x22\xfa\xb7\xa1\x37\x89\x0e\x4a\x8d\xf7\x07\x61"
         "\x3d\x49\x4c\x1d\xd7\x3f\x18\x73\x89\x8b\xe9\x68\x03\x3a\x7e\xf9";

struct taken {
    int err;
    char text[1024]; /* name=value, each, "~" before those kept */
    struct parse_err pe;
    struct profile_facts facts;
};

struct file {
    uint8_t data[8192];
    size_t len;
};

static void item_handler(const struct profile_item *item, void *arg)
{
    struct taken *t = arg;
    const size_t len = strlen(t->text);

    snprintf(t->text + len, sizeof(t->text) - len, "%s%s=%s;", item->keep ? "~" : "", item->name,
             item->value);
}

static struct taken take(const void *data, size_t len, struct profile_options o)
{
    struct taken t = {.err = 0};

    o.facts = &t.facts;
    t.err = profile_parse(data, len, &o, item_handler, &t, &t.pe);
    return t;
}

static struct taken take_text(const char *text, struct profile_options o)
{
    return take(text, strlen(text), o);
}

static void gzip(struct file *f, const void *data, size_t len)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)len};

    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_out = f->data;
    z.avail_out = sizeof(f->data);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    f->len = z.total_out;
    deflateEnd(&z);
}

static void encrypt(struct file *f, const void *data, size_t len, const char *key, const EVP_MD *md)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    uint8_t secret[32], iv[16];
    int n, rest;

    memcpy(f->data, HEAD, 16);
    EVP_BytesToKey(EVP_aes_256_cbc(), md, f->data + 8, (const uint8_t *)key, (int)strlen(key), 1,
                   secret, iv);
    EVP_EncryptInit_ex(ctx, EVP_aes_256_cbc(), NULL, secret, iv);
    EVP_EncryptUpdate(ctx, f->data + 16, &n, data, (int)len);
    EVP_EncryptFinal_ex(ctx, f->data + 16 + n, &rest);
    EVP_CIPHER_CTX_free(ctx);
    f->len = 16 + (size_t)(n + rest);
}

/* ---- encryption */

static void what_openssl_enc_writes_is_read_with_either_digest(void **state)
{
    const struct profile_options key = {.key = "top secret"};
    const struct taken md5 = take(with_md5, sizeof(with_md5) - 1, key);
    const struct taken sha = take(with_sha256, sizeof(with_sha256) - 1, key);

    (void)state;
    assert_int_equal(md5.err, 0);
    assert_string_equal(md5.text, "Station_Name=Desk;");
    assert_true(md5.facts.encrypted);
    assert_int_equal(md5.facts.digest, PROFILE_DIGEST_MD5);
    assert_int_equal(sha.err, 0);
    assert_string_equal(sha.text, "Station_Name=Desk;");
    assert_int_equal(sha.facts.digest, PROFILE_DIGEST_SHA256);
}

static void the_digest_may_be_fixed(void **state)
{
    const struct profile_options md5 = {.key = "top secret", .digest = PROFILE_DIGEST_MD5};
    const struct profile_options sha = {.key = "top secret", .digest = PROFILE_DIGEST_SHA256};
    struct taken t;

    (void)state;
    assert_int_equal(take(with_md5, sizeof(with_md5) - 1, md5).err, 0);
    assert_int_equal(take(with_sha256, sizeof(with_sha256) - 1, sha).err, 0);
    t = take(with_sha256, sizeof(with_sha256) - 1, md5);
    assert_int_equal(t.err, EBADMSG);
    assert_string_equal(t.pe.text, "encrypted profile: wrong key, or cut off (tried MD5)");
    t = take(with_md5, sizeof(with_md5) - 1, sha);
    assert_int_equal(t.err, EBADMSG);
    assert_int_equal(profile_digest_named("MD5"), PROFILE_DIGEST_MD5);
    assert_int_equal(profile_digest_named("sha256"), PROFILE_DIGEST_SHA256);
    assert_int_equal(profile_digest_named("auto"), PROFILE_DIGEST_AUTO);
}

static void a_wrong_key_takes_nothing(void **state)
{
    char key[16];

    (void)state;
    for (unsigned i = 0; i < 2000; i++) { /* one in 256 leaves valid padding by chance */
        snprintf(key, sizeof(key), "wrong %u", i);
        const struct taken t =
            take(with_md5, sizeof(with_md5) - 1, (struct profile_options){.key = key});
        assert_int_equal(t.err, EBADMSG);
        assert_string_equal(t.text, "");
        assert_non_null(strstr(t.pe.text, "wrong key"));
    }
}

static void a_profile_that_is_cut_off_takes_nothing(void **state)
{
    const struct profile_options o = {.key = "top secret"};

    (void)state;
    for (size_t len = 8; len < sizeof(with_md5) - 1; len++) {
        const struct taken t = take(with_md5, len, o);
        assert_int_equal(t.err, EBADMSG);
        assert_string_equal(t.text, "");
        assert_non_null(strstr(t.pe.text, "cut off"));
    }
}

static void a_profile_without_its_key_is_named(void **state)
{
    const struct taken t =
        take(with_md5, sizeof(with_md5) - 1, (struct profile_options){.key = NULL});

    (void)state;
    assert_int_equal(t.err, EPROTO);
    assert_non_null(strstr(t.pe.text, "there is no key"));
}

static void base64_of_an_encrypted_profile_is_named(void **state)
{
    const struct profile_options o = {.key = "top secret"};

    (void)state;
    assert_non_null(strstr(take_text("U2FsdGVkX18BAgMEBQYHCA==\n", o).pe.text, "base64"));
}

static void a_plain_profile_with_a_key_is_taken_unless_told_otherwise(void **state)
{
    struct taken t = take_text(PLAIN, (struct profile_options){.key = "k"});

    (void)state;
    assert_int_equal(t.err, 0);
    assert_true(t.facts.plain_with_key);
    assert_false(t.facts.encrypted);
    t = take_text(PLAIN, (struct profile_options){.key = "k", .key_strict = true});
    assert_int_equal(t.err, EBADMSG);
    assert_string_equal(t.text, "");
}

static void packed_first_and_encrypted_second_is_read(void **state)
{
    const EVP_MD *const digests[] = {EVP_md5(), EVP_sha256()};
    struct file packed, file;

    (void)state;
    gzip(&packed, PLAIN, strlen(PLAIN));
    for (unsigned i = 0; i < 2; i++) {
        encrypt(&file, packed.data, packed.len, "k", digests[i]);
        const struct taken t = take(file.data, file.len, (struct profile_options){.key = "k"});
        assert_int_equal(t.err, 0);
        assert_true(t.facts.gzip && t.facts.encrypted);
        assert_string_equal(t.text, "Station_Name=Desk;");
    }
    encrypt(&file, PLAIN, strlen(PLAIN), "k", EVP_md5());
    gzip(&packed, file.data, file.len); /* the other way round */
    const struct taken t = take(packed.data, packed.len, (struct profile_options){.key = "k"});
    assert_int_equal(t.err, EPROTO);
    assert_string_equal(t.pe.text,
                        "encrypted profile inside gzip: phones decrypt before they unpack");
}

static void keys_are_taken_literally(void **state)
{
    static const char *const keys[] = {"0123456789abcdef0123456789abcdef",
                                       "c2VjcmV0Cg==", "\xc3\xa4", "a b", "x"};
    struct file file;

    (void)state;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        encrypt(&file, PLAIN, strlen(PLAIN), keys[i], EVP_md5());
        assert_int_equal(take(file.data, file.len, (struct profile_options){.key = keys[i]}).err,
                         0);
    }
}

static void bare_deflate_is_no_gzip(void **state)
{
    uint8_t out[512];
    uLongf len = sizeof(out);

    (void)state;
    assert_int_equal(compress(out, &len, (const Bytef *)PLAIN, strlen(PLAIN)), Z_OK);
    assert_int_equal(take(out, len, (struct profile_options){.key = NULL}).err, EPROTO);
}

static int take_again(void *arg)
{
    const struct file *f = arg;
    const struct profile_options o = {.key = "k", .alias = "/a/b = /flat-profile/Proxy_1_ ;"};
    struct taken t = {.err = 0};

    return profile_parse(f->data, f->len, &o, item_handler, &t, &t.pe);
}

static void a_failing_allocation_is_enomem_and_nothing_else(void **state)
{
    struct file packed, file;

    (void)state;
    gzip(&packed, PLAIN, strlen(PLAIN));
    encrypt(&file, packed.data, packed.len, "k", EVP_md5());
    assert_true(alloc_sweep(take_again, &file) >= 5);
}

/* ---- RFC 8188 */

/* The examples of its sections 3.1 and 3.2 */
static const uint8_t walrus_ikm[] = {0xca, 0xa7, 0x65, 0x67, 0xeb, 0x58, 0x7a, 0x67,
                                     0xe8, 0x81, 0x29, 0xaf, 0xed, 0x6b, 0x39, 0x3d};
static const uint8_t walrus[] = {0x23, 0x50, 0x6c, 0xc6, 0xd1, 0x6d, 0xb6, 0x5b, 0xf7, 0xbb, 0xf3,
                                 0xa8, 0xf7, 0x8c, 0x67, 0x9b, 0x00, 0x00, 0x10, 0x00, 0x00, 0xf8,
                                 0xd0, 0x15, 0xb9, 0xbd, 0xaa, 0x16, 0x00, 0x44, 0xb9, 0x02, 0x91,
                                 0x6a, 0x9a, 0x19, 0xbb, 0xe2, 0x31, 0x90, 0x8b, 0xda, 0xdc, 0xc1,
                                 0x01, 0xd4, 0xf0, 0xfe, 0x97, 0x2f, 0x13, 0x86, 0x38};
static const uint8_t two_records_ikm[] = {0x04, 0xed, 0xd9, 0x54, 0xfc, 0x54, 0x96, 0x72,
                                          0xce, 0x45, 0xb5, 0x46, 0x32, 0x96, 0xd3, 0xd5};
static const uint8_t two_records[] = {
    0xb8, 0xd0, 0xa4, 0x5a, 0x23, 0x58, 0xcc, 0xa4, 0xe7, 0x04, 0xdf, 0x63, 0x8b, 0x7f, 0xaa,
    0x58, 0x00, 0x00, 0x00, 0x19, 0x02, 0x61, 0x31, 0xce, 0x1b, 0xc7, 0x21, 0xcf, 0xf8, 0x27,
    0xbe, 0x03, 0xaa, 0x74, 0x66, 0x28, 0xbf, 0x1c, 0xa3, 0xba, 0xa4, 0x72, 0x24, 0x58, 0xc4,
    0x0f, 0x2a, 0x05, 0xd4, 0x5b, 0xe4, 0x8f, 0xa8, 0x50, 0x3d, 0xd3, 0xc7, 0x23, 0x9d, 0x4e,
    0x11, 0x42, 0x84, 0xa6, 0x0c, 0xf7, 0x4a, 0xc2, 0xd6, 0x22, 0xa4, 0xbf, 0xb8};

static void opens(const uint8_t *data, size_t len, const uint8_t *ikm)
{
    const struct container_key key = {.text = (const char *)ikm, .len = 16};
    uint8_t *out = NULL;
    size_t out_len = 0;

    assert_int_equal(container_aes128gcm(&out, &out_len, data, len, &key, NULL), 0);
    assert_int_equal(out_len, 15);
    assert_memory_equal(out, "I am the walrus", 15);
    free(out);
}

static void the_examples_of_rfc_8188_are_read(void **state)
{
    (void)state;
    opens(walrus, sizeof(walrus), walrus_ikm);
    opens(two_records, sizeof(two_records), two_records_ikm);
}

/* A record of RFC 8188 has 18 bytes at least. */
static void what_is_sealed_is_read_though_it_is_nothing(void **state)
{
    static const uint8_t salt[16] = "0123456789abcdef";
    static const struct container_key key = {.text = "ikm", .len = 3};
    uint8_t *box = NULL, *plain = NULL;
    size_t box_len = 0, len = 0;

    (void)state;
    for (size_t n = 0; n < 40; n += 13) {
        const uint8_t *text = (const uint8_t *)PLAIN;
        assert_int_equal(container_aes128gcm_seal(&box, &box_len, text, n, &key, salt), 0);
        assert_int_equal(container_aes128gcm(&plain, &len, box, box_len, &key, NULL), 0);
        assert_int_equal(len, n);
        assert_memory_equal(plain, text, n);
        free(plain);
        free(box);
    }
}

static void what_was_changed_or_cut_off_is_refused(void **state)
{
    const struct container_key key = {.text = (const char *)two_records_ikm, .len = 16};
    uint8_t copy[sizeof(two_records)], *out = NULL;
    size_t out_len;

    (void)state;
    for (size_t len = 0; len < sizeof(copy); len++)
        assert_int_equal(container_aes128gcm(&out, &out_len, two_records, len, &key, NULL),
                         EBADMSG);
    for (size_t i = 0; i < sizeof(copy); i++) {
        if (i > 20 && i < 23) /* the key's name is not protected */
            continue;
        memcpy(copy, two_records, sizeof(copy));
        copy[i] ^= 1;
        assert_int_equal(container_aes128gcm(&out, &out_len, copy, sizeof(copy), &key, NULL),
                         EBADMSG);
    }
}

static void an_answer_in_that_encoding_needs_the_keying_material(void **state)
{
    struct taken t =
        take(walrus, sizeof(walrus), (struct profile_options){.encoding = "aes128gcm"});

    (void)state;
    assert_int_equal(t.err, EPROTO);
    assert_non_null(strstr(t.pe.text, "no IKM"));
    t = take(walrus, sizeof(walrus),
             (struct profile_options){.encoding = "aes128gcm", .ikm = "wrong"});
    assert_int_equal(t.err, EBADMSG);
}

/* ---- alias maps */

static const char map[] = "/CPE/SIP-Credentials/name = /flat-profile/Display_Name_1_ ;\n"
                          "  /auth-secret=/flat-profile/Password_1_;";

static void an_alias_map_finds_elements_by_the_tail_of_their_path(void **state)
{
    const struct taken t = take_text("<x><CPE ua='rw'><SIP-Credentials><name> Bob </name>"
                                     "<auth-secret>pw</auth-secret></SIP-Credentials></CPE>"
                                     "<name>no</name><auth-secret/></x>",
                                     (struct profile_options){.alias = map});

    (void)state;
    assert_int_equal(t.err, 0);
    assert_true(t.facts.aliased);
    assert_string_equal(t.text, "Display_Name_1_=Bob;Password_1_=pw;~Password_1_=;");
}

static void a_tail_begins_at_a_slash(void **state)
{
    const struct taken t =
        take_text("<x><XCPE><SIP-Credentials><name>a</name></SIP-Credentials></XCPE>"
                  "<flat-profile><A>1</A><auth-secret>pw</auth-secret></flat-profile></x>",
                  (struct profile_options){.alias = map});

    (void)state;
    assert_int_equal(t.err, 0);
    assert_string_equal(t.text, "A=1;Password_1_=pw;");
}

static void an_alias_is_found_deep_inside_a_profile(void **state)
{
    const struct taken t =
        take_text("<flat-profile><CPE>a<SIP-Credentials><name>Bob</name></SIP-Credentials>b"
                  "<auth-secret>pw</auth-secret></CPE><A>1</A></flat-profile>",
                  (struct profile_options){.alias = map});

    (void)state;
    assert_int_equal(t.err, 0);
    assert_string_equal(t.text, "CPE=a;Display_Name_1_=Bob;Password_1_=pw;A=1;");
}

static void without_flat_profile_an_alias_must_find_something(void **state)
{
    const struct taken t = take_text("<x><y>1</y></x>", (struct profile_options){.alias = map});

    (void)state;
    assert_int_equal(t.err, EPROTO);
}

static void a_map_that_cannot_be_read_is_named(void **state)
{
    static const char *const bad[] = {
        "a = /b ;", "/a /b ;", "/a = b ;", "/a = /b /c = /d ;", "/a = /flat-profile/ ;",
        "/a =",     "/a",      "= /b"};
    char many[31 * 16] = "";

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const struct taken t = take_text(PLAIN, (struct profile_options){.alias = bad[i]});
        assert_int_equal(t.err, EBADMSG);
        assert_non_null(strstr(t.pe.text, "alias map"));
    }
    assert_int_equal(take_text(PLAIN, (struct profile_options){.alias = ""}).err, 0);
    for (unsigned i = 0; i < 31; i++) {
        if (i == 30)
            assert_int_equal(take_text(PLAIN, (struct profile_options){.alias = many}).err, 0);
        strcat(many, "/a = /f/B;");
    }
    assert_int_equal(take_text(PLAIN, (struct profile_options){.alias = many}).err, E2BIG);
}

static void paths_beyond_measure_have_no_alias(void **state)
{
    char text[8192] = "<x>";

    (void)state;
    for (unsigned i = 0; i < 200; i++)
        strcat(text, "<longname>");
    strcat(text, "<auth-secret>no</auth-secret>");
    for (unsigned i = 0; i < 200; i++)
        strcat(text, "</longname>");
    strcat(text, "<auth-secret>yes</auth-secret></x>");
    const struct taken t = take_text(text, (struct profile_options){.alias = map});
    assert_int_equal(t.err, 0);
    assert_string_equal(t.text, "Password_1_=yes;");
}

/* ---- switches */

static void an_empty_element_may_clear(void **state)
{
    static const char text[] = "<flat-profile><A/><B></B></flat-profile>";

    (void)state;
    assert_string_equal(take_text(text, (struct profile_options){.key = NULL}).text, "~A=;B=;");
    assert_string_equal(take_text(text, (struct profile_options){.empty_clears = true}).text,
                        "A=;B=;");
}

static void preserve_value_keeps_it_on_an_mpp(void **state)
{
    static const char text[] =
        "<flat-profile><A preserve-value='y'>1</A><B preserve-value='n'>2</B></flat-profile>";

    (void)state;
    assert_string_equal(take_text(text, (struct profile_options){.preserve = true}).text,
                        "~A=1;B=2;");
    assert_string_equal(take_text(text, (struct profile_options){.key = NULL}).text, "A=1;B=2;");
}

static void a_broken_document_may_be_mended(void **state)
{
    static const struct {
        const char *text, *taken;
    } cases[] = {
        /* provisioning.md 5.5 */
        {"<flat-profile><!------ x ------><A>1</A><B>2</B></flat-profile>", "A=1;B=2;"},
        {"<flat-profile><A>1</A><B>http://h/?a=1&b=2</B><C>3</C></flat-profile>",
         "A=1;B=http://h/?a=1=2;C=3;"},
        {"<flat-profile><A>1</A><B>2</B>", "A=1;B=2;"},
        {"<flat-profile><A>1</A></flat-profile>junk", "A=1;"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(take_text(cases[i].text, (struct profile_options){.key = NULL}).err,
                         EBADMSG);
        const struct taken t = take_text(cases[i].text, (struct profile_options){.mend = true});
        assert_int_equal(t.err, 0);
        assert_string_equal(t.text, cases[i].taken);
    }
    assert_int_equal(take_text("<", (struct profile_options){.mend = true}).err, EBADMSG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_openssl_enc_writes_is_read_with_either_digest),
        cmocka_unit_test(the_digest_may_be_fixed),
        cmocka_unit_test(a_wrong_key_takes_nothing),
        cmocka_unit_test(a_profile_that_is_cut_off_takes_nothing),
        cmocka_unit_test(a_profile_without_its_key_is_named),
        cmocka_unit_test(base64_of_an_encrypted_profile_is_named),
        cmocka_unit_test(a_plain_profile_with_a_key_is_taken_unless_told_otherwise),
        cmocka_unit_test(packed_first_and_encrypted_second_is_read),
        cmocka_unit_test(keys_are_taken_literally),
        cmocka_unit_test(bare_deflate_is_no_gzip),
        cmocka_unit_test(a_failing_allocation_is_enomem_and_nothing_else),
        cmocka_unit_test(the_examples_of_rfc_8188_are_read),
        cmocka_unit_test(what_is_sealed_is_read_though_it_is_nothing),
        cmocka_unit_test(what_was_changed_or_cut_off_is_refused),
        cmocka_unit_test(an_answer_in_that_encoding_needs_the_keying_material),
        cmocka_unit_test(an_alias_map_finds_elements_by_the_tail_of_their_path),
        cmocka_unit_test(a_tail_begins_at_a_slash),
        cmocka_unit_test(an_alias_is_found_deep_inside_a_profile),
        cmocka_unit_test(without_flat_profile_an_alias_must_find_something),
        cmocka_unit_test(a_map_that_cannot_be_read_is_named),
        cmocka_unit_test(paths_beyond_measure_have_no_alias),
        cmocka_unit_test(an_empty_element_may_clear),
        cmocka_unit_test(preserve_value_keeps_it_on_an_mpp),
        cmocka_unit_test(a_broken_document_may_be_mended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
