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
#include "sim/cmd/rpc.h"
#include "sim/farm/farm.h"
#include "sim/loop/loop.h"

enum {
    LINE_MAX_BYTES = 1 << 20,
    NUMBERS_MAX = 100,
    ANSWERS_MAX = 1 << 20, /* unread answers: no further request is taken until they are read */
    BACKLOG_MAX = 8 << 20, /* a follower that does not read is dropped */
};

struct client;

struct control {
    struct loop *lp;
    struct farm *farm;
    uv_pipe_t *listener;
    struct client *clients;
    unsigned n_followers;
    bool bound;
    char path[108];
};

struct client {
    struct client *next;
    struct control *control;
    uv_pipe_t pipe;
    struct cmd_call *call;
    json_t *id; /* of the call under way; NULL = a notification, not answered */
    bool follow, closing;
    bool waited;      /* the call answers later */
    bool ok;          /* the last answer was no error */
    bool paused;      /* not read from: enough has piled up */
    unsigned *phones; /* followed, rising */
    size_t n_phones;
    char *line;
    size_t len, size;
    char in[16384];
};

struct outgoing {
    uv_write_t req;
    struct client *client;
    char *text;
};

static void take_lines(struct client *c);

static void closed_handler(uv_handle_t *handle)
{
    struct client *c = handle->data;

    json_decref(c->id);
    free(c->phones);
    free(c->line);
    free(c);
}

static void follow(struct client *c, bool yes)
{
    c->control->n_followers += yes;
    c->control->n_followers -= c->follow;
    c->follow = yes;
}

static void drop(struct client *c)
{
    if (c->closing)
        return;
    c->closing = true;
    follow(c, false);
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
    struct client *c = o->client;

    (void)status; /* a peer that is gone is noticed by the reader */
    free(o->text);
    free(o);
    if (!c->closing) /* it may have read enough for its next request to be taken */
        take_lines(c);
}

static size_t unread(const struct client *c)
{
    return uv_stream_get_write_queue_size((const uv_stream_t *)&c->pipe);
}

/* Sends obj and drops the reference to it. */
static void send_json(struct client *c, json_t *obj)
{
    struct outgoing *o = calloc(1, sizeof(*o));
    char *text = json_dumps(obj, JSON_COMPACT | JSON_REAL_PRECISION(12));
    const size_t len = text ? strlen(text) : 0;

    json_decref(obj);
    if (o && text && !c->closing) {
        o->client = c;
        o->text = text;
        o->req.data = o;
        text[len] = '\n'; /* in the place of the terminator */
        uv_buf_t buf = uv_buf_init(text, (unsigned)len + 1);
        if (uv_write(&o->req, (uv_stream_t *)&c->pipe, &buf, 1, written_handler) == 0)
            return;
    }
    free(text);
    free(o);
}

static void reply_handler(bool ok, json_t *result, int code, const char *error, void *arg)
{
    struct client *c = arg;
    json_t *id = c->id;

    c->id = NULL;
    c->call = NULL;
    c->ok = ok;
    if (id)
        send_json(c, ok ? rpc_result(id, result) : rpc_error(id, code, error));
    json_decref(id);
    if (c->waited) { /* an answer that came later: lines may have piled up */
        c->waited = false;
        take_lines(c);
    }
}

/* After `events`: what this client follows from now on. */
static void set_followed(struct client *c, const json_t *params)
{
    const char *phones = json_string_value(json_object_get(params, "phones"));
    char err[256];

    free(c->phones);
    c->phones = NULL;
    c->n_phones = 0;
    follow(c, json_is_true(json_object_get(params, "follow")) &&
                  farm_select(c->control->farm, phones ? phones : "all", &c->phones, &c->n_phones,
                              err, sizeof(err)) == 0);
}

static void take_line(struct client *c, const char *line, size_t len)
{
    struct rpc_request r;
    const int code = rpc_parse(&r, line, len);

    if (code) {
        send_json(c, rpc_error(r.id, code, r.error));
    } else {
        c->id = json_incref(r.id);
        cmd_run(&c->call, c->control->farm, r.method, r.params, reply_handler, c);
        c->waited = c->call != NULL;
        if (strcmp(r.method, "events") == 0 && c->ok)
            set_followed(c, r.params);
    }
    rpc_reset(&r);
}

/* One call at a time per connection: the next line waits for the answer of the one before. */
static bool busy(const struct client *c)
{
    return c->closing || c->call || unread(c) > ANSWERS_MAX;
}

static void alloc_handler(uv_handle_t *handle, size_t hint, uv_buf_t *buf);
static void read_handler(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);

/* A line must end within LINE_MAX_BYTES; lines that wait for their turn stop the reading there. */
static void limit_input(struct client *c)
{
    const bool full = c->len > LINE_MAX_BYTES;

    if (c->closing)
        return;
    if (full && !busy(c)) {
        send_json(c, rpc_error(NULL, RPC_E_REQUEST, "the line is longer than a mebibyte"));
        drop(c);
    } else if (full && !c->paused) {
        uv_read_stop((uv_stream_t *)&c->pipe);
        c->paused = true;
    } else if (!full && c->paused) {
        c->paused = false;
        if (uv_read_start((uv_stream_t *)&c->pipe, alloc_handler, read_handler))
            drop(c);
    }
}

static void take_lines(struct client *c)
{
    size_t at = 0;
    char *nl;

    while (at < c->len && !busy(c) && (nl = memchr(c->line + at, '\n', c->len - at))) {
        const size_t len = (size_t)(nl - c->line) - at;
        if (len)
            take_line(c, c->line + at, len);
        at += len + 1;
    }
    if (at) {
        c->len -= at;
        memmove(c->line, c->line + at, c->len);
    }
    limit_input(c);
}

static bool append(struct client *c, const char *data, size_t n)
{
    if (c->len + n > c->size) {
        char *line = realloc(c->line, (c->len + n) * 2);
        if (!line)
            return false;
        c->line = line;
        c->size = (c->len + n) * 2;
    }
    memcpy(c->line + c->len, data, n);
    c->len += n;
    return true;
}

static void read_handler(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct client *c = stream->data;

    if (n < 0 || !append(c, buf->base, (size_t)n))
        drop(c);
    else
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

static int by_number(const void *a, const void *b)
{
    const unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return x < y ? -1 : x > y;
}

static bool follows(const struct client *c, unsigned n)
{
    return c->follow && bsearch(&n, c->phones, c->n_phones, sizeof(n), by_number);
}

static void event_handler(struct farm *f, struct phone *ph, const struct phone_event *ev, void *arg)
{
    struct control *ctl = arg;
    json_t *note = NULL;

    if (!ctl->n_followers) /* the usual case: no text is made */
        return;
    for (struct client *c = ctl->clients, *next; c; c = next) {
        next = c->next;
        if (!follows(c, phone_n(ph)))
            continue;
        if (!note)
            note = json_pack("{s:s, s:s, s:o}", "jsonrpc", "2.0", "method", "event", "params",
                             farm_event_json(f, ph, ev));
        if (unread(c) > BACKLOG_MAX)
            drop(c);
        else
            send_json(c, json_incref(note));
    }
    json_decref(note);
}

/* In /tmp anybody may make a folder of this name: only the user's own will do. */
static bool own_folder(const char *path)
{
    struct stat st;

    return (mkdir(path, 0700) == 0 || errno == EEXIST) && lstat(path, &st) == 0 &&
           S_ISDIR(st.st_mode) && st.st_uid == getuid() && !(st.st_mode & 022);
}

int control_runtime_path(char *buf, size_t size, const char *name)
{
    const char *dir = getenv("XDG_RUNTIME_DIR");
    char own[64];

    if (!dir || !*dir) {
        snprintf(own, sizeof(own), "/tmp/spafarm-%u", (unsigned)getuid());
        if (!own_folder(own))
            return -1;
        dir = own;
    }
    return snprintf(buf, size, "%s/%s", dir, name);
}

int control_default_path(char *buf, size_t size, unsigned number)
{
    char name[32];

    snprintf(name, sizeof(name), number > 1 ? "spafarm-%u.sock" : "spafarm.sock", number);
    return control_runtime_path(buf, size, name);
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

/* A socket may be left by a farm that is gone; anything else there is somebody's file. */
static int remove_stale(const char *path)
{
    struct stat st;

    if (lstat(path, &st))
        return errno == ENOENT ? 0 : errno;
    if (!S_ISSOCK(st.st_mode))
        return EEXIST;
    return unlink(path) ? errno : 0;
}

static int pick_path(struct control *c, const char *path)
{
    for (unsigned number = 1; number <= NUMBERS_MAX; number++) {
        const int n = path ? snprintf(c->path, sizeof(c->path), "%s", path)
                           : control_default_path(c->path, sizeof(c->path), number);
        if (n < 0)
            return EPERM;
        if (n >= (int)sizeof(c->path))
            return ENAMETOOLONG;
        if (!alive(c->path))
            return remove_stale(c->path);
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
        if (c->bound)
            unlink(c->path);
    }
}

static int listen_on(struct control *c)
{
    c->listener = calloc(1, sizeof(*c->listener));
    if (!c->listener)
        return ENOMEM;
    uv_pipe_init(loop_uv(c->lp), c->listener, 0);
    c->listener->data = c;
    const mode_t before = umask(0177);
    errno = 0;
    int status = uv_pipe_bind(c->listener, c->path);
    if (status == UV_EACCES && errno == ENOENT) /* which libuv tells so */
        status = UV_ENOENT;
    umask(before);
    c->bound = status == 0;
    if (!status)
        status = uv_listen((uv_stream_t *)c->listener, 128, connection_handler);
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
    int e = pick_path(c, path);
    if (!e)
        e = listen_on(c);
    if (!e)
        e = farm_observe(f, event_handler, c);
    if (e) {
        snprintf(err, size, "control socket %s: %s", c->path,
                 e == EPERM ? "the folder for it in /tmp is somebody else's; set XDG_RUNTIME_DIR"
                 : e == EADDRINUSE ? "another farm listens there"
                 : e == EEXIST     ? "there is a file of that name, and it is no socket"
                                   : strerror(e));
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
