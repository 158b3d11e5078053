/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>
#include <re_base64.h>

#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"
#include "sim/lcd/face.h"
#include "sim/lcd/paint.h"
#include "sim/lcd/screen.h"

enum {
    SCALE_MAX = 16,      /* of the glass */
    FACE_SCALE_MAX = 12, /* of a whole phone, */
    FACE_SCALE = 4,      /* without --scale, */
    FACE_STEP_PX = 250,  /* so many pixels wide at scale 1 */
};

static uint32_t lamp_handler(const char *name, void *arg)
{
    const char *color, *pattern;
    return phone_lamp(arg, name, &color, &pattern) ? face_lamp_color(color) : FACE_LAMP_NONE;
}

/* Fonts and pixels live as long as this takes. */
static int draw(struct image **ip, struct phone *ph, unsigned scale, bool face)
{
    struct screen s;
    struct fonts *f = NULL;
    int err = fonts_alloc(&f);
    const struct face_look look = {
        .screen = phone_powered(ph) ? &s : NULL, .lamp = lamp_handler, .arg = ph};

    phone_screen(ph, &s);
    if (!err && face)
        err = face_draw(ip, phone_model(ph), scale * FACE_STEP_PX, f, &look);
    else if (!err)
        err = paint_picture(ip, phone_model(ph), &s, f, scale);
    mem_deref(f);
    return err;
}

static json_t *picture_json(const struct image *im)
{
    uint8_t *png = NULL;
    size_t len = 0, n = 0;
    json_t *answer = NULL;

    if (image_encode_png(im, &png, &len))
        return NULL;
    n = len * 4 / 3 + 8;
    char *text = mem_alloc(n, NULL);
    if (text && !base64_encode(png, len, text, &n))
        answer = json_pack("{s:s%, s:i, s:i}", "png", text, n, "width", (int)im->width, "height",
                           (int)im->height);
    mem_deref(text);
    mem_deref(png);
    return answer;
}

static void answer_picture(struct cmd_call *call, struct phone *ph)
{
    const bool face = json_is_true(cmd_arg(call, "face"));
    const json_t *given = cmd_arg(call, "scale");
    const json_int_t scale = given ? json_integer_value(given) : face ? FACE_SCALE : 1;
    const int most = face ? FACE_SCALE_MAX : SCALE_MAX;
    struct image *im = NULL;

    if (scale < 1 || scale > most) {
        cmd_fail(call, CMD_E_PARAMS, "scale is 1 to %d, not %" JSON_INTEGER_FORMAT, most, scale);
        return;
    }
    const int err = draw(&im, ph, (unsigned)scale, face);
    json_t *answer = err ? NULL : picture_json(im);
    mem_deref(im);
    if (err == ENOENT)
        cmd_fail(call, CMD_E_FAILED,
                 face ? "nobody knows what the face of a %s looks like" : "a %s has no screen",
                 phone_model(ph)->name);
    else if (!answer)
        cmd_fail(call, CMD_E_FAILED, "no memory for the picture");
    else
        cmd_ok(call, answer);
}

static void answer_words(struct cmd_call *call, struct phone *ph)
{
    json_t *state = phone_snapshot(ph);
    json_t *screen = json_incref(json_object_get(state, "screen"));

    json_object_set(screen, "lamps", json_object_get(state, "lamps"));
    json_decref(state);
    cmd_ok(call, screen);
}

static void exec(struct cmd_call *call)
{
    size_t n;
    const unsigned *phones = cmd_phones(call, &n);
    const char *needs_png = cmd_arg(call, "scale")                ? "scale"
                            : json_is_true(cmd_arg(call, "face")) ? "face"
                                                                  : NULL;
    char text[4096];
    struct screen s;

    if (n != 1) {
        cmd_fail(call, CMD_E_PARAMS, "screen shows one phone, not %zu", n);
        return;
    }
    struct phone *ph = farm_phone(cmd_farm(call), phones[0]);
    if (cmd_arg(call, "png")) {
        answer_picture(call, ph);
    } else if (needs_png) {
        cmd_fail(call, CMD_E_PARAMS, "%s is for a picture: give png as well", needs_png);
    } else if (json_is_true(cmd_arg(call, "text"))) {
        phone_screen(ph, &s);
        screen_text(&s, text, sizeof(text));
        cmd_ok(call, phone_json_text(text));
    } else {
        answer_words(call, ph);
    }
}

/* png names the file that the caller writes: the answer holds the picture, base64. The farm itself
 * writes nothing. */
const struct cmd cmd_screen = {
    .name = "screen",
    .help = "what the display shows",
    .params =
        (const struct cmd_param[]){CMD_PHONES,
                                   {"text", 'b', false, "--text", "as plain text"},
                                   {"png", 's', false, "--png", "as a picture in that file"},
                                   {"scale", 'i', false, "--scale", "lit glass, 2 to 16 times"},
                                   {"face", 'b', false, "--face", "the whole phone"},
                                   {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
