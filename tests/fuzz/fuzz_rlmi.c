/* SPDX-License-Identifier: BSD-3-Clause */
/* What a server may put into a NOTIFY of a resource list: Content-Type in the first line, then the
 * body; every part is read as a list and as a dialog-info. */
#include <stdlib.h>
#include <string.h>

#include "sim/sip/dialog_info.h"
#include "sim/sip/multipart.h"
#include "sim/sip/rlmi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void resource_handler(const struct rlmi_list *list, const struct rlmi_resource *r, void *arg)
{
    (void)list;
    (void)arg;
    if (!r->uri[0] || strlen(r->uri) >= sizeof(r->uri) || strlen(r->name) >= sizeof(r->name) ||
        strlen(r->cid) >= sizeof(r->cid))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct blf_info info;
    const char *text = (const char *)data, *nl = memchr(text, '\n', size);
    const size_t first = nl ? (size_t)(nl - text) : size;
    struct pl type = {text, first}, rest = {text + first, size - first};
    char boundary[MULTIPART_BOUNDARY] = "b";
    struct multipart_part part;
    struct rlmi_list list;
    struct parse_err pe;

    (void)multipart_boundary(&type, boundary);
    if (!boundary[0] || strlen(boundary) >= sizeof(boundary))
        abort();
    while (multipart_next(&rest, boundary, &part)) {
        if (part.body.p < text || part.body.p + part.body.l > text + size ||
            rest.p + rest.l > text + size)
            abort();
        (void)rlmi_walk(&list, part.body.p, part.body.l, resource_handler, NULL, &pe);
        (void)blf_parse(&info, part.body.p, part.body.l, &pe);
    }
    return 0;
}
