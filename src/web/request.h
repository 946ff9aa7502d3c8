/*
 * One request and the answer to it. Everything lives in the request's arena.
 */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include "core/app.h"
#include "store/actor.h"
#include "store/users.h"
#include "view/template.h"
#include "web/form.h"
#include <sys/types.h>

struct route;

struct web_header {
    const char *name; /* lower case, as HTTP has it: "x-merchantid" */
    const char *value;
};

/* Where a body comes from that is read as it comes: at most `room` bytes; 0 at its end; -1 when it
 * was cut off. */
struct web_source {
    ssize_t (*read)(void *ctx, char *to, size_t room);
    void *ctx;
};
struct upload;

struct req {
    struct app *app;
    struct arena *arena;
    const char *request_id; /* uuid */
    const char *method;
    const char *path; /* percent-decoded, valid UTF-8, no NUL */
    const char *query_text;
    const char *content_type; /* "" when there is none */
    const char *address;      /* peer, as text */
    const struct web_header *headers;
    int n_headers;
    const char *body;
    size_t body_n;
    /* A body over LIMIT_BODY_BYTES: how long it says it is, and where it comes from. */
    size_t stream_n;
    const struct web_source *stream;
    int64_t now_ms;
    /* What kept the request from being read whole; NULL: nothing. RC_TOO_LARGE is told once the
     * route is known, all else at once. */
    const struct err *edge;

    /* set by the dispatcher */
    const struct route *route;
    const char *params[3]; /* {…} of the path, in order, decoded */
    struct form query;
    struct form form;      /* the body's fields */
    struct upload *upload; /* of a web_upload route: web/upload.h */
    struct actor actor;
    const struct session *session; /* portal only; NULL without */
    const char *csrf_token;        /* portal only: what forms of the answer carry */
};

/* Splits a request target ("/orders/a%20b?x=1") into path and query_text. RC_INVALID: it does not
 * begin with "/", a broken escape, an encoded slash, a zero byte, bad UTF-8, an empty or dotted
 * segment, over LIMIT_PATH_BYTES or LIMIT_QUERY_BYTES. */
MUSTCHECK enum rc req_set_target(struct req *r, const char *target, struct err *e);

/* Lower-case name; NULL when absent, the first when repeated. */
const char *req_header(const struct req *r, const char *name);
/* A value of the body, else of the query; NULL when absent or null. */
const char *req_value(const struct req *r, const char *name);
const char *req_cookie(const struct req *r, const char *name);
/* The request came from htmx (HX-Request): a fragment is wanted. */
bool req_is_partial(const struct req *r);
/* A page asks for itself by a timer (htmx, element #live): nobody is at the keyboard, so the
 * session goes on idling. */
bool req_is_poll(const struct req *r);

/* Where a body goes that is made while it is sent; false when the reader has gone. */
struct web_sink {
    bool (*write)(void *ctx, const char *data, size_t n);
    void *ctx;
};
typedef enum rc web_stream(struct req *r, const struct web_sink *to, void *arg, struct err *e);

struct reply {
    int status; /* 0: 200 */
    const char *content_type;
    const char *location;
    const char *cookies[2]; /* whole Set-Cookie values */
    struct web_header headers[8];
    int n_headers;
    struct page *page; /* rendered by the thread's templates, or … */
    const char *body;  /* … these bytes */
    size_t body_n;
    web_stream *stream; /* … or what this writes, after the head was sent */
    void *stream_arg;
};

/* Adds a header line; both texts live as long as the reply. CHECKs the room in headers[]. */
void reply_header(struct reply *p, const char *name, const char *value);
/* 303 See Other: the answer to every POST that worked. `location` is a path the server built. */
void reply_redirect(struct reply *p, const char *location);
void reply_page(struct reply *p, int status, struct page *page);
/* 200 with a body of any length, written by fn piece by piece; `arg` lives in the request's arena.
 * What fn fails with is logged: the head is gone by then. */
void reply_stream(struct reply *p, const char *content_type, web_stream *fn, void *arg);
/* A JSON body: json-c object text. */
void reply_json(struct reply *p, int status, const char *json);
void reply_text(struct reply *p, int status, const char *content_type, const char *text);

/* The head as CGI has it ("Status: 200 OK" …, ending with the empty line): the reply's own headers,
 * X-Request-Id, and the security headers that every answer carries. */
void reply_head(struct buf *out, const struct req *r, const struct reply *p);

/* Path with one segment percent-encoded: reply_path(a, "/orders/", order_id, "/refund"). */
char *web_path(struct arena *a, const char *before, const char *segment, const char *after);
/* True for a path of this server ("/orders?x=1"), false for all that could lead elsewhere
 * ("//host", "/\\host", "https:…", control bytes): what `next` of the login may hold. */
bool web_path_is_local(const char *path);

#endif
