/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sim/sip/dialog_info.h"

static struct blf_info info;

static int parse(const char *body)
{
    struct parse_err pe = {0};
    const int err = blf_parse(&info, body, strlen(body), &pe);

    if (err == EBADMSG || err == EPROTO)
        assert_true(pe.text[0] != '\0');
    return err;
}

static const char full[] =
    "<?xml version=\"1.0\"?>\r\n"
    "<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"7\" state=\"full\""
    " entity=\"sip:200@lab\">\r\n"
    " <dialog id=\"as7d900as8\" call-id=\"a84b4c76e66710\" local-tag=\"1928301774\""
    " remote-tag=\"456887766\" direction=\"recipient\">\r\n"
    "  <state code=\"180\" event=\"x\"> early </state>\r\n"
    "  <local><identity display=\"Alice &amp; Co\">sip:200@lab</identity>\r\n"
    "   <target uri=\"sip:200@192.0.2.1:5060\"><param pname=\"+sip.rendering\" "
    "pval=\"no\"/></target>"
    "</local>\r\n"
    "  <remote><identity display=\"Bob\">sip:201@lab</identity><target uri=\"sip:201@192.0.2.2\"/>"
    "</remote>\r\n"
    " </dialog>\r\n"
    "</dialog-info>\r\n";

static void a_full_dialog_is_read(void **state)
{
    (void)state;
    const struct blf_dialog *d = &info.dialogs[0];

    assert_int_equal(parse(full), 0);
    assert_string_equal(info.entity, "sip:200@lab");
    assert_int_equal(info.version, 7);
    assert_true(info.full);
    assert_int_equal(info.n, 1);
    assert_int_equal(info.n_dropped, 0);
    assert_string_equal(d->id, "as7d900as8");
    assert_string_equal(d->call_id, "a84b4c76e66710");
    assert_string_equal(d->local_tag, "1928301774");
    assert_string_equal(d->remote_tag, "456887766");
    assert_int_equal(d->direction, BLF_RECIPIENT);
    assert_int_equal(d->state, BLF_EARLY);
    assert_string_equal(d->local.identity, "sip:200@lab");
    assert_string_equal(d->local.display, "Alice & Co");
    assert_string_equal(d->local.target, "sip:200@192.0.2.1:5060");
    assert_true(d->local.held);
    assert_string_equal(d->remote.identity, "sip:201@lab");
    assert_string_equal(d->remote.target, "sip:201@192.0.2.2");
    assert_false(d->remote.held);
}

static void prefixes_and_sparse_bodies_are_read(void **state)
{
    (void)state;
    assert_int_equal(parse("  <d:dialog-info xmlns:d=\"urn:ietf:params:xml:ns:dialog-info\""
                           " version=\"0\" state=\"partial\" entity=\"sip:a@b\">"
                           "<d:dialog id=\"1\"><d:state>confirmed</d:state></d:dialog>"
                           "<note>x</note></d:dialog-info>"),
                     0);
    assert_false(info.full);
    assert_int_equal(info.n, 1);
    assert_int_equal(info.dialogs[0].state, BLF_CONFIRMED);
    assert_int_equal(parse("<dialog-info version='3'/>"), 0);
    assert_true(info.full);
    assert_int_equal(info.n, 0);
}

static void dialogs_without_a_state_we_know_are_dropped(void **state)
{
    (void)state;
    assert_int_equal(
        parse("<dialog-info version='3'><dialog id='1'/><dialog id='2'><state/></dialog>"
              "<dialog id='3'><state>dancing</state></dialog>"
              "<dialog id='4'><state>terminated</state></dialog></dialog-info>"),
        0);
    assert_int_equal(info.n, 1);
    assert_int_equal(info.n_dropped, 3);
    assert_string_equal(info.dialogs[0].id, "4");
}

static void what_is_no_dialog_info_is_refused(void **state)
{
    (void)state;
    assert_int_equal(parse(""), EBADMSG);
    assert_int_equal(parse("hello"), EBADMSG);
    assert_int_equal(parse("<dialog-info version='1'>"), EBADMSG);
    assert_int_equal(parse("<presence/>"), EPROTO);
    assert_int_equal(parse("<dialog-info/>"), EPROTO);
    assert_int_equal(parse("<dialog-info version='x'/>"), EPROTO);
    assert_int_equal(parse("<dialog-info version='-1'/>"), EPROTO);
    assert_int_equal(parse("<dialog-info version='4294967296'/>"), EPROTO);
}

static void limits_hold(void **state)
{
    (void)state;
    char *body = malloc(BLF_BODY_MAX + 2);
    size_t len = (size_t)sprintf(body, "<dialog-info version='1'>");

    for (unsigned i = 0; i < 20; i++)
        len += (size_t)sprintf(body + len, "<dialog id='%u'><state>early</state></dialog>", i);
    sprintf(body + len, "</dialog-info>");
    assert_int_equal(parse(body), 0);
    assert_int_equal(info.n, BLF_DIALOGS_MAX);
    assert_int_equal(info.n_dropped, 4);

    len = (size_t)sprintf(body, "<dialog-info version='1' entity='");
    memset(body + len, 'e', 126);
    sprintf(body + len + 126,
            "\xc3\xa4'><dialog id='1'><state>early</state><local><identity>%0200d"
            "</identity></local></dialog></dialog-info>",
            1);
    assert_int_equal(parse(body), 0);
    assert_int_equal(strlen(info.entity), 126); /* no half character */
    assert_int_equal(strlen(info.dialogs[0].local.identity), 127);

    memset(body, ' ', BLF_BODY_MAX + 1);
    body[BLF_BODY_MAX + 1] = '\0';
    assert_int_equal(parse(body), E2BIG);
    free(body);
}

static enum blf_news news(struct blf_watch *w, unsigned version, const char *kind,
                          const char *dialogs)
{
    char body[1024];

    snprintf(body, sizeof(body), "<dialog-info version='%u' state='%s'>%s</dialog-info>", version,
             kind, dialogs);
    assert_int_equal(parse(body), 0);
    return blf_watch_apply(w, &info);
}

#define DIALOG(id, state) "<dialog id='" id "'><state>" state "</state></dialog>"
#define HELD(id)                                                                                   \
    "<dialog id='" id "'><state>confirmed</state><local><target uri='sip:a@b'>"                    \
    "<param pname='sip.rendering' pval='no'/></target></local></dialog>"

static void the_lamp_follows_the_dialogs(void **state)
{
    (void)state;
    struct blf_watch w = {0};

    assert_int_equal(news(&w, 0, "full", ""), BLF_APPLIED);
    assert_int_equal(blf_watch_lamp(&w), BLF_IDLE);
    assert_int_equal(news(&w, 1, "partial", DIALOG("a", "trying")), BLF_APPLIED);
    assert_int_equal(blf_watch_lamp(&w), BLF_RINGING);
    news(&w, 2, "partial", DIALOG("a", "proceeding"));
    assert_int_equal(blf_watch_lamp(&w), BLF_RINGING);
    news(&w, 3, "partial", DIALOG("a", "confirmed"));
    assert_int_equal(blf_watch_lamp(&w), BLF_BUSY);
    news(&w, 4, "partial", HELD("a"));
    assert_int_equal(blf_watch_lamp(&w), BLF_HELD);
    news(&w, 5, "partial", DIALOG("b", "confirmed"));
    assert_int_equal(blf_watch_lamp(&w), BLF_BUSY);
    news(&w, 6, "partial", DIALOG("c", "early"));
    assert_int_equal(blf_watch_lamp(&w), BLF_RINGING);
    news(&w, 7, "partial", DIALOG("c", "terminated") DIALOG("b", "terminated"));
    assert_int_equal(blf_watch_lamp(&w), BLF_HELD);
    news(&w, 8, "full", DIALOG("d", "terminated"));
    assert_int_equal(blf_watch_lamp(&w), BLF_IDLE);
}

static void versions_must_grow_by_one(void **state)
{
    (void)state;
    struct blf_watch w = {0};

    assert_int_equal(news(&w, 5, "partial", DIALOG("a", "early")), BLF_GAP);
    assert_int_equal(blf_watch_lamp(&w), BLF_RINGING);
    assert_int_equal(news(&w, 6, "full", ""), BLF_APPLIED);
    assert_int_equal(news(&w, 6, "full", DIALOG("a", "early")), BLF_STALE);
    assert_int_equal(news(&w, 2, "partial", DIALOG("a", "early")), BLF_STALE);
    assert_int_equal(blf_watch_lamp(&w), BLF_IDLE);
    assert_int_equal(news(&w, 8, "partial", DIALOG("a", "early")), BLF_GAP);
    assert_int_equal(blf_watch_lamp(&w), BLF_RINGING);
    assert_int_equal(news(&w, 20, "full", ""), BLF_APPLIED);
    assert_int_equal(news(&w, UINT32_MAX, "full", ""), BLF_APPLIED);
}

static void a_watch_forgets_nothing_it_has_room_for(void **state)
{
    (void)state;
    struct blf_watch w = {0};
    char body[64];

    news(&w, 0, "full", "");
    for (unsigned i = 0; i < 12; i++) {
        snprintf(body, sizeof(body), "<dialog id='%u'><state>confirmed</state></dialog>", i);
        news(&w, i + 1, "partial", body);
    }
    assert_int_equal(w.n, BLF_WATCH_MAX);
    for (unsigned i = 0; i < 12; i++) {
        snprintf(body, sizeof(body), "<dialog id='%u'><state>terminated</state></dialog>", i);
        news(&w, i + 20, "partial", body);
    }
    assert_int_equal(blf_watch_lamp(&w), BLF_IDLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_dialog_is_read),
        cmocka_unit_test(prefixes_and_sparse_bodies_are_read),
        cmocka_unit_test(dialogs_without_a_state_we_know_are_dropped),
        cmocka_unit_test(what_is_no_dialog_info_is_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(the_lamp_follows_the_dialogs),
        cmocka_unit_test(versions_must_grow_by_one),
        cmocka_unit_test(a_watch_forgets_nothing_it_has_room_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
