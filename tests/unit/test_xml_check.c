/* SPDX-License-Identifier: BSD-3-Clause */
/* What a model would refuse, cut or leave undone is told with its line (xml-services.md 2 to 6). */
#include <errno.h>
#include "tests/support/xml_page.h"

#define MENU(items)      "<CiscoIPPhoneMenu>\n" items "</CiscoIPPhoneMenu>"
#define ITEM(url)        "<MenuItem><Name>n</Name><URL>" url "</URL></MenuItem>"
#define EXECUTE(url)     "<CiscoIPPhoneExecute>\n<ExecuteItem URL=\"" url "\"/></CiscoIPPhoneExecute>"
#define TEXT(head, keys) "<CiscoIPPhoneText" head ">\n" keys "</CiscoIPPhoneText>"
#define SOFTKEY(fields)  "<SoftKeyItem>" fields "</SoftKeyItem>"

/* The page is taken by the model, which this is said of; NULL: nothing is. */
static const struct {
    const char *model, *xml, *said;
} cases[] = {
    {"SPA504G", MENU(ITEM("http://h/")), NULL},
    {"SPA504G", MENU(ITEM("relative?a=b:c")), NULL},
    {"SPA504G", MENU(ITEM("https://h/")), "2: MenuItem: a SPA504G fetches nothing by HTTPS"},
    {"SPA525G2", MENU(ITEM("https://h/")), NULL},
    {"6851", MENU(ITEM("https://h/")), NULL},
    {"SPA504G", MENU(ITEM("Display:On:5")), "2: MenuItem: a SPA504G does nothing at Display:On:5"},
    {"SPA504G", MENU(ITEM("RTPRx:Stop")), NULL},
    {"6851", MENU(ITEM("RTPRx:Stop")), "2: MenuItem: a 6851 does nothing at RTPRx:Stop"},
    {"6851", MENU(ITEM("Key:Services")), "2: MenuItem: a 6851 does nothing at Key:Services"},
    {"SPA504G", MENU(ITEM("Key:Nonsense")),
     "2: MenuItem: Key:Nonsense is not written as such URIs are"},
    {"SPA504G", MENU(ITEM("QueryStringParam:a=1")), NULL},
    {"6851", MENU(ITEM("QueryStringParam:a=1")), "2: MenuItem: a 6851 does nothing at Query"},
    {"7960", MENU(ITEM("Key:Mute")), "2: MenuItem: a 7960 does nothing at Key:Mute"},
    {"SPA504G", MENU(ITEM("SoftKey:Exit")), NULL},
    {"SPA504G", MENU(ITEM("SoftKey:Submit")),
     "2: MenuItem: SoftKey:Submit does nothing on a CiscoIPPhoneMenu"},
    {"SPA504G", EXECUTE("RTPMRx:10.0.0.1:20480"), "2: ExecuteItem: RTPMRx:10.0.0.1:20480 is not"},
    {"WIP310", EXECUTE("RTPRx:Stop"), "2: ExecuteItem: a WIP310 does nothing at RTPRx:Stop"},
    {"SPA301", EXECUTE("EditDial:1"), "2: ExecuteItem: a SPA301 does nothing at EditDial:1"},
    {"SPA504G", TEXT("", SOFTKEY("<Name>Onwards</Name><Position>1</Position>")), NULL},
    {"SPA504G", TEXT("", SOFTKEY("<Name>Back to start</Name><Position>1</Position>")),
     "2: SoftKeyItem's Name has 13 characters, a SPA504G shows 8"},
    {"SPA504G", TEXT("", SOFTKEY("<Name>x</Name><Position>9</Position>")),
     "2: Position 9: the schema has 1 to 8"},
    {"SPA504G", TEXT("", SOFTKEY("<Position>1</Position><URLDown>http://h/</URLDown>")),
     "2: URLDown takes no HTTP URL: ignored"},
    {"SPA504G", TEXT("", "<KeyItem><Key>NavUp</Key><URL>Vibrate:1:1:1</URL></KeyItem>"),
     "2: KeyItem: a SPA504G does nothing at Vibrate:1:1:1"},
    {"SPA504G", TEXT("", "<Title>A title of 24 characters</Title>"),
     "2: Title has 24 characters, a SPA504G shows 21"},
    {"SPA525G2", TEXT("", "<Title>A title of 24 characters</Title>"), NULL},
    {"SPA504G", TEXT("", "\n<Prompt>\xc3\xa4\xc3\xb6\xc3\xbc which is a prompt</Prompt>"), NULL},
    {"SPA504G", TEXT("", "\n<Prompt>\xc3\xa4\xc3\xb6\xc3\xbc which is a prompt too</Prompt>"),
     "3: Prompt has 25 characters, a SPA504G shows 21"},
    {"6851", TEXT("", "<Title IconIndex=\"1\">x</Title>"), "2: IconIndex of the Title"},
    {"6851", TEXT(" keypadTarget=\"activeCall\"", ""), NULL},
    {"6851", TEXT(" keypadTarget=\"nobody\"", ""), "1: keypadTarget is none of"},
    {"SPA504G",
     "<CiscoIPPhoneInput><URL method=\"post\">http://h/</URL><InputItem><QueryStringParam>a"
     "</QueryStringParam><InputFlags>A</InputFlags></InputItem></CiscoIPPhoneInput>",
     "1: this model sends its forms by GET: method is ignored"},
    {"SPA504G",
     "<CiscoIPPhoneInput><URL>http://h/</URL>\n<InputItem><QueryStringParam>a"
     "</QueryStringParam></InputItem></CiscoIPPhoneInput>",
     "2: InputItem without InputFlags: A is taken"},
    {"SPA504G",
     "<CiscoIPPhoneImage><Width>4</Width><Height>1</Height><Depth>2</Depth><Data>0000</Data>"
     "</CiscoIPPhoneImage>",
     "1: Data has 2 bytes, 4x1 pixels need 1: the rest is ignored"},
    {"SPA504G",
     "<CiscoIPPhoneImage><Width>4</Width><Height>1</Height><Data>00</Data></CiscoIPPhoneImage>",
     "1: <CiscoIPPhoneImage> without Depth: 2 bits are taken"},
    {"SPA504G",
     "<CiscoIPPhoneImage><LocationX>126</LocationX><Width>4</Width><Height>1</Height>"
     "<Depth>2</Depth><Data>00</Data></CiscoIPPhoneImage>",
     "1: picture of 4x1, the display has 128x48 for it: clipped"},
    {"7960",
     "<CiscoIPPhoneImage><LocationX>126</LocationX><Width>4</Width><Height>1</Height>"
     "<Depth>2</Depth><Data>00</Data></CiscoIPPhoneImage>",
     NULL},
    {"SPA504G", TEXT("", "<Title>a</Title>\n<Title>b</Title>"),
     "3: a second <Title>: the first that says something counts"},
    {"SPA504G", "<CiscoIPPhoneExecute>\n<ExecuteItem url=\"Key:Mute\"/></CiscoIPPhoneExecute>",
     "2: attribute url is not spelt as the phones spell it"},
    {"SPA504G",
     "<CiscoIPPhoneExecute>\n<ExecuteItem URL=\"Key:Mute\" Prio=\"1\"/></CiscoIPPhoneExecute>",
     "2: attribute Prio has no place in <ExecuteItem>: ignored"},
    {"SPA504G", TEXT(" appID=\"a\"", ""), NULL},
    {"SPA504G", "\n" TEXT("", "<Text>\xe4</Text>"), "2: not UTF-8: read as ISO-8859-1"},
    {"7960", TEXT("", "<Text>\xe4</Text>"), NULL},
    {"SPA504G", "<!DOCTYPE a SYSTEM \"http://h/a.dtd\">" TEXT("", ""), "1: DOCTYPE: ignored"},
    {"7960", MENU("<MenuItem><Name>A name of 24 characters.</Name><URL>Dial:1</URL></MenuItem>"),
     "2: MenuItem's Name has 24 characters"},
    {"SPA504G", MENU("<MenuItem><Name>A name of 24 characters.</Name><URL>Dial:1</URL></MenuItem>"),
     NULL},
};

static void what_a_model_does_not_do_is_told_with_its_line(void **state)
{
    struct shown x;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        show(&x, cases[i].model, cases[i].xml);
        if (cases[i].said)
            warned(&x, cases[i].said);
        else if (x.warnings[0])
            fail_msg("%s, %s: %s", cases[i].model, cases[i].xml, x.warnings);
        leave(&x);
    }
}

static void what_cannot_be_drawn_is_a_question_mark(void **state)
{
    static const char plain[] = "a\x1b[31mred\x07 \x7f\tb";
    struct shown x;

    (void)state;
    shown_bytes(&x, "SPA504G", plain, strlen(plain), "text/plain", false);
    assert_int_equal(x.err, 0);
    assert_string_equal(screen_of(&x)->rows[0], "a?[31mred? ?    b");
    leave(&x);
    show(&x, "SPA504G",
         "<CiscoIPPhoneText><Title>a<![CDATA[\x1b"
         "c]]></Title></CiscoIPPhoneText>");
    assert_string_equal(screen_of(&x)->title, "a?c");
    leave(&x);
}

static void what_a_doctype_declares_stays_as_it_is_written(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<!-- <!DOCTYPE --><!DOCTYPE a [<!ENTITY a \"b\"><!ENTITY c SYSTEM "
         "\"file:///etc/passwd\">]>"
         "<CiscoIPPhoneText><Text>&a;&c;</Text></CiscoIPPhoneText>");
    assert_string_equal(screen_of(&x)->rows[0], "&a;&c;");
    leave(&x);
}

static void on_a_6800_e_is_a(void **state)
{
    static const char form[] =
        "<CiscoIPPhoneInput><URL>http://h/</URL><InputItem><QueryStringParam>a</QueryStringParam>"
        "<InputFlags>E</InputFlags></InputItem></CiscoIPPhoneInput>";
    struct shown x;

    (void)state;
    show(&x, "6851", form);
    assert_int_equal(x.page->fields[0].flag, XML_FLAG_ANY);
    leave(&x);
    show(&x, "SPA504G", form);
    assert_int_equal(x.page->fields[0].flag, XML_FLAG_EQUATION);
    leave(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_model_does_not_do_is_told_with_its_line),
        cmocka_unit_test(what_cannot_be_drawn_is_a_question_mark),
        cmocka_unit_test(what_a_doctype_declares_stays_as_it_is_written),
        cmocka_unit_test(on_a_6800_e_is_a),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
