/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/control/control.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>
#include <jansson.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/cmd/cmd.h"
#include "sim/farm/farm.h"
#include "sim/loop/loop.h"

enum {
    LINE_MAX_BYTES = 1 << 20,
    NUMBERS_MAX = 100,
    RECENT = 256,        /* events kept for those who ask later */
    BACKLOG_MAX = 8 << 20, /* a follower that does not read is dropped */
};

struct client;

struct control {
    struct loop *lp;
    struct farm *farm;
    uv_pipe_t *listener;
    struct client *clients;
    json_t *recent;
    char path[108];
};

struct client {
    struct client *next;
    struct control *control;
    uv_pipe_t pipe;
    struct cmd_call *call;
    json_t *id;              /* of the call under way */
    bool follow, closing;
    bool waited;             /* the call answers later */
    char *line;
    size_t len, size;
    char in[16384];
};

struct outgoing {
    uv_write_t req;
    char *text;
};

static void take_lines(struct client *c);

static void closed_handler(uv_handle_t *handle)
{
    struct client *c = handle->data;

    json_decref(c->id);
    free(c->line);
    free(c);
}

static void drop(struct client *c)
{
    if (c->closing)
        return;
    c->closing = true;
    if (c->call)
        cmd_cancel(c->call);
    for (struct client **at = &c->control->clients; *at; at = &(*at)->next) {
        if (*at == c) {
            *at = c->next;
            break;
        }
    }
    uv_close((uv_handle_t *)&c->pipe, closed_handler);
}

static void written_handler(uv_write_t *req, int status)
{
    struct outgoing *o = req->data;

    (void)status; /* a peer that is gone is noticed by the reader */
    free(o->text);
    free(o);
}

static void send_json(struct client *c, json_t *obj)
{
    struct outgoing *o = calloc(1, sizeof(*o));
    char *text = json_dumps(obj, JSON_COMPACT);
    const size_t len = text ? strlen(text) : 0;

    if (o && text && !c->closing && (o->text = realloc(text, len + 2))) {
        memcpy(o->text + len, "\n", 2);
        o->req.data = o;
        uv_buf_t buf = uv_buf_init(o->text, (unsigned)len + 1);
        if (uv_write(&o->req, (uv_stream_t *)&c->pipe, &buf, 1, written_handler) == 0)
            return;
        text = o->text;
    }
    free(text);
    free(o);
}

static void send_error(struct client *c, json_t *id, int code, const char *text)
{
    json_t *obj = json_pack("{s:s, s:O, s:{s:i, s:s}}", "jsonrpc", "2.0", "id",
                            id ? id : json_null(), "error", "code", code, "message", text);
    if (obj)
        send_json(c, obj);
    json_decref(obj);
}

static void reply_handler(bool ok, json_t *result, int code, const char *error, void *arg)
{
    struct client *c = arg;
    json_t *id = c->id;

    c->id = NULL;
    c->call = NULL;
    if (ok) {
        json_t *obj = json_pack("{s:s, s:O, s:O}", "jsonrpc", "2.0", "id", id, "result", result);
        if (obj)
            send_json(c, obj);
        json_decref(obj);
    } else {
        send_error(c, id, code, error);
    }
    json_decref(id);
    if (c->waited) { /* an answer that came later: lines may have piled up */
        c->waited = false;
        take_lines(c);
    }
}

static void answer_events(struct client *c, json_t *params, json_t *id)
{
    json_t *obj;

    c->follow = json_is_true(json_object_get(params, "follow"));
    obj = json_pack("{s:s, s:O, s:O}", "jsonrpc", "2.0", "id", id, "result", c->control->recent);
    if (obj)
        send_json(c, obj);
    json_decref(obj);
}

static void take_request(struct client *c, json_t *request)
{
    json_t *id = json_object_get(request, "id");
    json_t *params = json_object_get(request, "params");
    const char *method = json_string_value(json_object_get(request, "method"));

    if (!json_is_object(request) || !method) {
        send_error(c, id, -32600, "a request is an object with \"method\" and \"params\"");
    } else if (params && !json_is_object(params)) {
        send_error(c, id, -32602, "\"params\" is an object: arguments go by name");
    } else if (strcmp(method, "events") == 0) {
        answer_events(c, params, id ? id : json_null());
    } else {
        c->id = id ? json_incref(id) : json_null();
        cmd_run(&c->call, c->control->farm, method, params, reply_handler, c);
        c->waited = c->call != NULL;
    }
}

static void take_line(struct client *c, const char *line, size_t len)
{
    json_error_t error;
    char text[256];
    json_t *request = json_loadb(line, len, 0, &error);

    if (!request) {
        snprintf(text, sizeof(text), "not JSON: %s (column %d)", error.text, error.column);
        send_error(c, NULL, -32700, text);
        return;
    }
    take_request(c, request);
    json_decref(request);
}

static bool grow(struct client *c, size_t more)
{
    if (c->len + more > LINE_MAX_BYTES)
        return false;
    if (c->len + more > c->size) {
        char *line = realloc(c->line, (c->len + more) * 2);
        if (!line)
            return false;
        c->line = line;
        c->size = (c->len + more) * 2;
    }
    return true;
}

/* One call at a time per connection: the next line waits for the answer of the one before. */
static void take_lines(struct client *c)
{
    char *nl;

    while (!c->closing && !c->call && c->len && (nl = memchr(c->line, '\n', c->len))) {
        const size_t len = (size_t)(nl - c->line);
        if (len)
            take_line(c, c->line, len);
        c->len -= len + 1;
        memmove(c->line, nl + 1, c->len);
    }
}

static void read_handler(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct client *c = stream->data;

    if (n < 0) {
        drop(c);
        return;
    }
    if (!grow(c, (size_t)n)) {
        send_error(c, NULL, -32600, "the line is longer than a mebibyte");
        drop(c);
        return;
    }
    memcpy(c->line + c->len, buf->base, (size_t)n);
    c->len += (size_t)n;
    take_lines(c);
}

static void alloc_handler(uv_handle_t *handle, size_t hint, uv_buf_t *buf)
{
    struct client *c = handle->data;

    (void)hint;
    *buf = uv_buf_init(c->in, sizeof(c->in));
}

static void connection_handler(uv_stream_t *listener, int status)
{
    struct control *ctl = listener->data;
    struct client *c = status ? NULL : calloc(1, sizeof(*c));

    if (!c)
        return;
    c->control = ctl;
    uv_pipe_init(loop_uv(ctl->lp), &c->pipe, 0);
    c->pipe.data = c;
    c->next = ctl->clients;
    ctl->clients = c;
    if (uv_accept(listener, (uv_stream_t *)&c->pipe) ||
        uv_read_start((uv_stream_t *)&c->pipe, alloc_handler, read_handler))
        drop(c);
}

static void event_handler(struct farm *f, struct phone *ph, const struct phone_event *ev, void *arg)
{
    struct control *ctl = arg;
    json_t *event = NULL, *note = NULL;

    /* bounded work when nobody listens: the ring is kept, no text is made */
    event = farm_event_json(f, ph, ev);
    if (!event)
        return;
    json_array_append(ctl->recent, event);
    if (json_array_size(ctl->recent) > RECENT)
        json_array_remove(ctl->recent, 0);
    for (struct client *c = ctl->clients, *next; c; c = next) {
        next = c->next;
        if (!c->follow)
            continue;
        if (!note)
            note = json_pack("{s:s, s:s, s:O}", "jsonrpc", "2.0", "method", "event", "params", event);
        if (uv_stream_get_write_queue_size((uv_stream_t *)&c->pipe) > BACKLOG_MAX)
            drop(c);
        else if (note)
            send_json(c, note);
    }
    json_decref(note);
    json_decref(event);
}

int control_default_path(char *buf, size_t size, unsigned number)
{
    const char *dir = getenv("XDG_RUNTIME_DIR");
    char own[64], name[32];

    if (!dir || !*dir) {
        snprintf(own, sizeof(own), "/tmp/spafarm-%u", (unsigned)getuid());
        mkdir(own, 0700);
        dir = own;
    }
    snprintf(name, sizeof(name), number > 1 ? "spafarm-%u.sock" : "spafarm.sock", number);
    return snprintf(buf, size, "%s/%s", dir, name);
}

static bool alive(const char *path)
{
    struct sockaddr_un sun = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return false;
    snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);
    const bool yes = connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0;
    close(fd);
    return yes;
}

static int pick_path(struct control *c, const char *path)
{
    for (unsigned number = 1; number <= NUMBERS_MAX; number++) {
        const int n = path ? snprintf(c->path, sizeof(c->path), "%s", path)
                           : control_default_path(c->path, sizeof(c->path), number);
        if (n >= (int)sizeof(c->path))
            return ENAMETOOLONG;
        if (!alive(c->path)) {
            unlink(c->path); /* left by a farm that is gone */
            return 0;
        }
        if (path)
            break;
    }
    return EADDRINUSE;
}

static void pipe_closed_handler(uv_handle_t *handle)
{
    free(handle);
}

static void destructor(void *arg)
{
    struct control *c = arg;

    farm_unobserve(c->farm, event_handler, c);
    while (c->clients)
        drop(c->clients);
    if (c->listener) {
        uv_close((uv_handle_t *)c->listener, pipe_closed_handler);
        unlink(c->path);
    }
    json_decref(c->recent);
}

static int listen_on(struct control *c)
{
    c->listener = calloc(1, sizeof(*c->listener));
    if (!c->listener)
        return ENOMEM;
    uv_pipe_init(loop_uv(c->lp), c->listener, 0);
    c->listener->data = c;
    const mode_t before = umask(0177);
    int status = uv_pipe_bind(c->listener, c->path);
    umask(before);
    if (!status)
        status = uv_listen((uv_stream_t *)c->listener, 16, connection_handler);
    return err_from_uv(status);
}

int control_open(struct control **cp, struct loop *lp, struct farm *f, const char *path, char *err,
                 size_t size)
{
    struct control *c = mem_zalloc(sizeof(*c), destructor);
    if (!c)
        return ENOMEM;

    c->lp = lp;
    c->farm = f;
    c->recent = json_array();
    int e = pick_path(c, path);
    if (!e)
        e = listen_on(c);
    if (!e)
        e = farm_observe(f, event_handler, c);
    if (e) {
        snprintf(err, size, "control socket %s: %s", c->path,
                 e == EADDRINUSE ? "another farm listens there" : strerror(e));
        mem_deref(c);
        return e;
    }
    *cp = c;
    return 0;
}

const char *control_path(const struct control *c)
{
    return c->path;
}
