/* SPDX-License-Identifier: BSD-3-Clause */
/* What one screen costs to paint, with the glyphs drawn before: µs a screen, per model. Fails over
 * the limits: 100 µs for one bit, 2 ms for colour. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/lcd/paint.h"

enum { ROUNDS = 300, MONO_LIMIT_US = 100, COLOR_LIMIT_US = 2000 };

static double now_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

enum look { LOOK_IDLE, LOOK_MENU, LOOK_CALL, N_LOOKS };

static void fill(struct screen *s, const struct device_model *m, enum look look)
{
    static const char *const apps[] = {"idle", "menu", "call"};
    const bool idle = look == LOOK_IDLE;

    screen_clear(s, apps[look]);
    if (!idle)
        snprintf(s->title, sizeof(s->title), "%s", look == LOOK_MENU ? "Setup" : "Connected");
    s->n_rows = look == LOOK_MENU ? 9 : 3;
    for (unsigned i = 0; i < s->n_rows; i++)
        snprintf(s->rows[i], sizeof(s->rows[0]), "%u Call History", i + 1);
    s->selected = look == LOOK_MENU ? 2 : 0;
    s->n_labels = m->n_line_keys;
    for (unsigned i = 0; i < s->n_labels; i++) {
        snprintf(s->labels[i], sizeof(s->labels[0]), "10%02u", i);
        snprintf(s->label_icons[i], sizeof(s->label_icons[0]), "line");
    }
    s->n_softkeys = m->n_softkeys;
    for (unsigned i = 0; i < s->n_softkeys; i++)
        snprintf(s->softkeys[i], sizeof(s->softkeys[0]), "cancel");
}

static double cost(const struct device_model *m, struct fonts *f, enum look look)
{
    struct fb *fb = NULL;
    struct screen s;

    fill(&s, m, look);
    if (paint_fb_alloc(&fb, m))
        return 0;
    paint_screen(fb, m, &s, f);
    const double start = now_us();
    for (unsigned i = 0; i < ROUNDS; i++)
        paint_screen(fb, m, &s, f);
    const double us = (now_us() - start) / ROUNDS;
    mem_deref(fb);
    return us;
}

int main(void)
{
    struct fonts *f = NULL;
    int bad = 0;

    if (fonts_alloc(&f))
        return 1;

    printf("%-10s %10s %10s %10s  (us)\n", "model", "idle", "menu", "call");
    for (const struct device_model *const *m = device_models(); *m; m++) {
        const double limit = (*m)->lcd.depth_bits == 1 ? MONO_LIMIT_US : COLOR_LIMIT_US;
        bool slow = false;
        if (!(*m)->lcd.width_px)
            continue;
        printf("%-10s", (*m)->name);
        for (unsigned look = 0; look < N_LOOKS; look++) {
            const double us = cost(*m, f, (enum look)look);
            printf(" %10.1f", us);
            slow |= us > limit;
        }
        printf("%s\n", slow ? "  too slow" : "");
        bad |= slow;
    }
    mem_deref(f);
    return bad;
}
