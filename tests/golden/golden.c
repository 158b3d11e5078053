/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * golden DIR: paints every DIR/<scene>.scene on the model DIR is named after and compares with
 * <scene>.pbm (one bit) or <scene>.png, and as text with <scene>.txt. A <scene>.xml is an object of
 * an XML service. GOLDEN_UPDATE=1 writes them; look at each one that
 * changed. On failure <scene>.actual and <scene>.diff are PNG files: what came out, and where it
 * differs.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/lcd/paint.h"
#include "tests/golden/shot.h"

enum {
    PATH_SIZE = 512,
    /* edges of letters differ a little between versions of FreeType: so much of a colour … */
    CHANNEL_SLACK = 40,
    /* … and of one pixel in so many more than that */
    PIXELS_SLACK = 500,
};

static bool write_png(const char *path, const struct image *im)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    FILE *f = image_encode_png(im, &bytes, &len) ? NULL : fopen(path, "wb");
    bool ok = f && fwrite(bytes, 1, len, f) == len;

    ok = f && fclose(f) == 0 && ok;
    mem_deref(bytes);
    return ok;
}

static bool write_pbm(const char *path, const struct image *im)
{
    FILE *f = fopen(path, "w");

    if (!f)
        return false;
    fprintf(f, "P1\n%u %u\n", im->width, im->height);
    for (unsigned y = 0; y < im->height; y++) {
        for (unsigned x = 0; x < im->width; x++)
            fputc(image_get(im, x, y) ? '0' : '1', f);
        fputc('\n', f);
    }
    return fclose(f) == 0;
}

/* A plain PBM as this program writes it. */
static struct image *parse_pbm(const char *text)
{
    unsigned width = 0, height = 0;
    int at = 0;
    struct image *im = NULL;

    if (sscanf(text, "P1 %u %u%n", &width, &height, &at) < 2 ||
        image_alloc(&im, width, height, 0xffffff))
        return NULL;
    const char *p = text + at;
    for (unsigned i = 0; i < width * height; i++) {
        p += strspn(p, " \r\n\t");
        if (*p++ == '1')
            image_mix(im, (int)(i % width), (int)(i / width), 0, 255);
    }
    return im;
}

static struct image *load(const char *path, bool pbm)
{
    size_t len = 0;
    char *bytes = shot_read_file(path, &len);
    struct image *im = NULL;

    if (bytes && pbm)
        im = parse_pbm(bytes);
    else if (bytes && image_decode_png(&im, (const uint8_t *)bytes, len))
        im = NULL;
    free(bytes);
    return im;
}

static unsigned distance(uint32_t a, uint32_t b)
{
    unsigned most = 0;

    for (unsigned shift = 0; shift < 24; shift += 8) {
        const int d = abs((int)(a >> shift & 255) - (int)(b >> shift & 255));
        most = (unsigned)d > most ? (unsigned)d : most;
    }
    return most;
}

/* How many pixels are too far apart; diff shows them in red. */
static unsigned compare(const struct image *want, const struct image *have, unsigned slack,
                        struct image *diff)
{
    unsigned bad = 0;

    for (unsigned y = 0; y < have->height; y++) {
        for (unsigned x = 0; x < have->width; x++) {
            const bool differs = distance(image_get(want, x, y), image_get(have, x, y)) > slack;
            bad += differs;
            image_mix(diff, (int)x, (int)y, differs ? 0xff0000 : image_get(have, x, y),
                      differs ? 255 : 60);
        }
    }
    return bad;
}

static bool check(const char *base, const struct image *have, bool pbm)
{
    char path[PATH_SIZE], actual[PATH_SIZE], diff_path[PATH_SIZE];
    struct image *diff = NULL;

    snprintf(path, sizeof(path), "%.500s.%s", base, pbm ? "pbm" : "png");
    snprintf(actual, sizeof(actual), "%.500s.actual", base);
    snprintf(diff_path, sizeof(diff_path), "%.500s.diff", base);
    remove(actual);
    remove(diff_path);
    if (getenv("GOLDEN_UPDATE"))
        return pbm ? write_pbm(path, have) : write_png(path, have);
    struct image *want = load(path, pbm);
    bool ok = want && want->width == have->width && want->height == have->height;
    if (ok && !image_alloc(&diff, have->width, have->height, 0xffffff)) {
        const unsigned bad = compare(want, have, pbm ? 0 : CHANNEL_SLACK, diff);
        ok = bad <= (pbm ? 0 : have->width * have->height / PIXELS_SLACK);
        if (!ok)
            printf("%s: %u pixels differ, see %s and .diff\n", path, bad, actual);
    } else {
        printf("%s: %s\n", path, want ? "another size" : "missing; GOLDEN_UPDATE=1 writes it");
    }
    if (!ok)
        write_png(actual, have);
    if (!ok && diff)
        write_png(diff_path, diff);
    mem_deref(diff);
    mem_deref(want);
    return ok;
}

static bool check_text(const char *base, const struct screen *s)
{
    char path[PATH_SIZE], have[4096];
    size_t len = 0;

    snprintf(path, sizeof(path), "%.500s.txt", base);
    screen_text(s, have, sizeof(have));
    if (getenv("GOLDEN_UPDATE")) {
        FILE *f = fopen(path, "w");
        const bool ok = f && fputs(have, f) >= 0;
        return f && fclose(f) == 0 && ok;
    }
    char *want = shot_read_file(path, &len);
    const bool ok = want && strcmp(want, have) == 0;
    if (!ok)
        printf("%s: the screen says\n%s", path, have);
    free(want);
    return ok;
}

static bool draw(const struct device_model *m, struct fonts *f, const struct screen *s,
                 const char *base)
{
    struct fb *fb = NULL;
    struct image *have = NULL;
    bool ok = paint_fb_alloc(&fb, m) == 0;

    if (ok) {
        paint_screen(fb, m, s, f);
        ok = image_from_fb(&have, fb) == 0 && check(base, have, m->lcd.depth_bits == 1);
    }
    mem_deref(have);
    mem_deref(fb);
    return ok;
}

static bool run(const struct device_model *m, struct fonts *f, const char *base)
{
    struct shot *shot = shot_open(m, base);
    bool ok = shot && check_text(base, &shot->s);

    ok = shot && draw(m, f, &shot->s, base) && ok;

    shot_close(shot);
    return ok;
}

int main(int argc, char **argv)
{
    const char *name = argc == 2 ? strrchr(argv[1], '/') : NULL;
    const struct device_model *m = name ? device_model_find(name + 1) : NULL;
    DIR *dir = m ? opendir(argv[1]) : NULL;
    struct fonts *f = NULL;
    unsigned n = 0, bad = 0;

    if (!dir || fonts_alloc(&f)) {
        fprintf(stderr, "usage: golden tests/golden/<model>\n");
        return 2;
    }
    for (const struct dirent *e; (e = readdir(dir));) {
        const char *dot = strrchr(e->d_name, '.');
        char base[PATH_SIZE];
        const bool page = dot && strcmp(dot, ".xml") == 0;
        if (!dot || (!page && strcmp(dot, ".scene") != 0))
            continue;
        snprintf(base, sizeof(base), "%s/%.*s", argv[1], (int)(dot - e->d_name), e->d_name);
        n++;
        bad += !run(m, f, base);
    }
    closedir(dir);
    mem_deref(f);
    printf("%s: %u scenes, %u differ\n", m->name, n, bad);
    return n && !bad ? 0 : 1;
}
