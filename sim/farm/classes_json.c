/* SPDX-License-Identifier: BSD-3-Clause */
/* "classes" of the report. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "sim/farm/classes.h"
#include "sim/farm/priv.h"

static json_t *statuses_json(const struct url_class *c)
{
    json_t *o = json_object();
    char key[8];

    for (unsigned i = 0; i < c->n_statuses; i++) {
        snprintf(key, sizeof(key), "%u", c->statuses[i].status);
        json_object_set_new(o, key, json_integer((json_int_t)c->statuses[i].n));
    }
    if (c->statuses[CLASS_STATUSES - 1].n)
        json_object_set_new(o, "other",
                            json_integer((json_int_t)c->statuses[CLASS_STATUSES - 1].n));
    return o;
}

static json_t *class_json(const struct url_class *c)
{
    json_t *o = report_op(&c->op, false);

    json_object_set_new(o, "class", json_string(c->name));
    json_object_set_new(o, "scheme", json_string(c->scheme));
    json_object_set_new(o, "method", json_string(c->method));
    json_object_set_new(o, "requests", json_integer((json_int_t)c->requests));
    json_object_set_new(o, "sent", json_integer((json_int_t)c->sent));
    json_object_set_new(o, "redirected", json_integer((json_int_t)c->redirected));
    json_object_set_new(o, "challenged", json_integer((json_int_t)c->challenged));
    json_object_set_new(o, "cancelled", json_integer((json_int_t)c->cancelled));
    json_object_set_new(o, "statuses", statuses_json(c));
    return o;
}

static int by_name(const void *a, const void *b)
{
    const struct url_class *x = *(struct url_class *const *)a, *y = *(struct url_class *const *)b;
    int order = strcmp(x->name, y->name);

    order = order ? order : strcmp(x->scheme, y->scheme);
    return order ? order : strcmp(x->method, y->method);
}

json_t *class_table_json(const struct class_table *t)
{
    const struct url_class *sorted[CLASSES_MAX];
    json_t *list = json_array();

    memcpy(sorted, t->classes, sizeof(sorted));
    qsort(sorted, t->n, sizeof(*sorted), by_name);
    for (unsigned i = 0; i < t->n; i++)
        json_array_append_new(list, class_json(sorted[i]));
    if (t->classes[CLASSES_MAX - 1])
        json_array_append_new(list, class_json(t->classes[CLASSES_MAX - 1]));
    return list;
}
