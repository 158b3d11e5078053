/* SPDX-License-Identifier: BSD-3-Clause */
#include "devices/faces/faces.h"

#include <stddef.h>
#include <string.h>

/* A row each; the second name is a model whose face is the same (devices.md 10.2). */
/* clang-format off */
static const struct {
    const struct device_face *face;
    const char *same[4];
} faces[] = {
    {&face_spa301, {NULL}},
    {&face_spa303, {NULL}},
    {&face_spa501g, {NULL}},
    {&face_spa502g, {"SPA512G", "SPA521SG"}},
    {&face_spa504g, {"SPA514G"}},
    {&face_spa508g, {NULL}},
    {&face_spa509g, {NULL}},
    {&face_spa525g2, {"SPA525G"}},
    {&face_wip310, {NULL}},
    {&face_cp6821, {NULL}},
    {&face_cp6851, {"6841", "6861"}},
    {&face_cp6871, {NULL}},
    {&face_cp7940, {NULL}},
    {&face_cp7960, {NULL}},
};
/* clang-format on */

const struct device_face *device_face(const struct device_model *m)
{
    for (size_t i = 0; i < sizeof(faces) / sizeof(faces[0]); i++) {
        if (strcmp(faces[i].face->model, m->name) == 0)
            return faces[i].face;
        for (const char *const *same = faces[i].same; *same; same++) {
            if (strcmp(*same, m->name) == 0)
                return faces[i].face;
        }
    }
    return NULL;
}
