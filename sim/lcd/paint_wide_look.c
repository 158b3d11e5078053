/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/lcd/paint_wide_look.h"

#include "devices/model.h"

static const struct wide_layout spa525 = {.header_h = 22,
                                          .body_y = 24,
                                          .title_h = 22,
                                          .row_h = 24,
                                          .row2_h = 38,
                                          .bar_y = 216,
                                          .bar_h = 24,
                                          .label_x = 244,
                                          .label_y = 28,
                                          .label_step = 37,
                                          .label_w = 76,
                                          .label_h = 30,
                                          .list_w = 278,
                                          .px = 14,
                                          .small_px = 11,
                                          .header_px = 13,
                                          .label_px = 12};

static const struct wide_layout mpp_color = {.header_h = 28,
                                             .body_y = 28,
                                             .title_h = 26,
                                             .row_h = 28,
                                             .row2_h = 40,
                                             .bar_y = 242,
                                             .bar_h = 30,
                                             .label_x = 352,
                                             .label_y = 44,
                                             .label_step = 62,
                                             .label_w = 128,
                                             .label_h = 44,
                                             .both_sides = true,
                                             .px = 16,
                                             .small_px = 13,
                                             .header_px = 15,
                                             .label_px = 15};

static const struct wide_layout mpp_grey = {.header_h = 20,
                                            .body_y = 20,
                                            .title_h = 19,
                                            .row_h = 20,
                                            .row2_h = 20,
                                            .bar_y = 140,
                                            .bar_h = 22,
                                            .label_x = 304,
                                            .label_y = 32,
                                            .label_step = 54,
                                            .label_w = 92,
                                            .label_h = 34,
                                            .both_sides = true,
                                            .px = 14,
                                            .small_px = 12,
                                            .header_px = 13,
                                            .label_px = 14};

static const struct wide_layout mpp_small = {.header_h = 17,
                                             .body_y = 17,
                                             .title_h = 16,
                                             .row_h = 16,
                                             .row2_h = 16,
                                             .bar_y = 102,
                                             .bar_h = 18,
                                             .label_x = 172,
                                             .label_y = 26,
                                             .label_step = 36,
                                             .label_w = 68,
                                             .label_h = 26,
                                             .both_sides = true,
                                             .px = 12,
                                             .small_px = 10,
                                             .header_px = 11,
                                             .label_px = 12};

static const struct wide_colors blue = {.header = 0x2b3a4b,
                                        .header_end = 0x121a24,
                                        .header_ink = 0xf4f8fc,
                                        .wall = 0x0e2d4f,
                                        .wall_end = 0x4f93bf,
                                        .wall_ink = 0xffffff,
                                        .title = 0x5b7c9c,
                                        .title_end = 0x36536f,
                                        .title_ink = 0xffffff,
                                        .paper = 0xeef3f7,
                                        .ink = 0x14202c,
                                        .rule = 0xc9d4de,
                                        .mark = 0x4d93d9,
                                        .mark_end = 0x1f5fa8,
                                        .mark_ink = 0xffffff,
                                        .bar = 0x3c4c5e,
                                        .bar_end = 0x161f2a,
                                        .bar_ink = 0xffffff,
                                        .bar_edge = 0x667a8f,
                                        .box = 0x06121f,
                                        .box_ink = 0xffffff,
                                        .box_alpha = 110,
                                        .in_color = true};

static const struct wide_colors dark = {.header = 0x1c2126,
                                        .header_end = 0x1c2126,
                                        .header_ink = 0xffffff,
                                        .wall = 0x10222e,
                                        .wall_end = 0x1f5a6e,
                                        .wall_ink = 0xffffff,
                                        .title = 0x2a323a,
                                        .title_end = 0x2a323a,
                                        .title_ink = 0xffffff,
                                        .paper = 0x15191d,
                                        .ink = 0xf0f3f5,
                                        .rule = 0x333c44,
                                        .mark = 0x0a7fb5,
                                        .mark_end = 0x0a6c9c,
                                        .mark_ink = 0xffffff,
                                        .bar = 0x2a323a,
                                        .bar_end = 0x20262c,
                                        .bar_ink = 0xffffff,
                                        .bar_edge = 0x4a5560,
                                        .box = 0x0a1016,
                                        .box_ink = 0xffffff,
                                        .box_alpha = 120,
                                        .in_color = true};

static const struct wide_colors grey = {.header = 0x444444,
                                        .header_end = 0x444444,
                                        .header_ink = 0xffffff,
                                        .wall = 0xffffff,
                                        .wall_end = 0xffffff,
                                        .wall_ink = 0x000000,
                                        .title = 0xcccccc,
                                        .title_end = 0xcccccc,
                                        .title_ink = 0x000000,
                                        .paper = 0xffffff,
                                        .ink = 0x000000,
                                        .rule = 0xdddddd,
                                        .mark = 0x000000,
                                        .mark_end = 0x000000,
                                        .mark_ink = 0xffffff,
                                        .bar = 0xdddddd,
                                        .bar_end = 0xdddddd,
                                        .bar_ink = 0x000000,
                                        .bar_edge = 0x666666,
                                        .box = 0xdddddd,
                                        .box_ink = 0x000000,
                                        .box_alpha = 255};

const struct wide_layout *wide_layout(const struct device_model *m)
{
    return m->family != FAMILY_MPP68XX ? &spa525
           : m->lcd.depth_bits == 16   ? &mpp_color
           : m->lcd.width_px >= 360    ? &mpp_grey
                                       : &mpp_small;
}

const struct wide_colors *wide_colors(const struct device_model *m)
{
    if (m->lcd.depth_bits != 16)
        return &grey;
    return m->family == FAMILY_MPP68XX ? &dark : &blue;
}
