#include "core/str.h"
#include "web/request.h"
#include <stdio.h>
#include <string.h>

#define ARRAY_COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct reason {
    int status;
    const char *text;
};

static const struct reason REASONS[] = {
    {200, "OK"},
    {201, "Created"},
    {204, "No Content"},
    {303, "See Other"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
};

/* The web server's configuration says the same for the answers it makes itself. */
static const struct web_header SECURITY[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
     "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
     "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cache-Control", "no-store"},
};

static const char *reason_of(int status)
{
    for (size_t i = 0; i < ARRAY_COUNT(REASONS); i++) {
        if (REASONS[i].status == status)
            return REASONS[i].text;
    }
    return "Other";
}

/* A control byte in a value would begin another header: it is left out. */
static void add_header(struct buf *out, const char *name, const char *value)
{
    buf_puts(out, name);
    buf_puts(out, ": ");
    for (const char *p = value; *p; p++) {
        if ((unsigned char)*p >= 0x20 && *p != 0x7f)
            buf_putc(out, *p);
    }
    buf_puts(out, "\r\n");
}

void reply_head(struct buf *out, const struct req *r, const struct reply *p)
{
    int status = p->status == 0 ? 200 : p->status;
    buf_printf(out, "Status: %d %s\r\n", status, reason_of(status));
    if (p->content_type)
        add_header(out, "Content-Type", p->content_type);
    if (!p->stream)
        buf_printf(out, "Content-Length: %zu\r\n", p->body_n);
    if (p->location)
        add_header(out, "Location", p->location);
    for (size_t i = 0; i < ARRAY_COUNT(p->cookies); i++) {
        if (p->cookies[i])
            add_header(out, "Set-Cookie", p->cookies[i]);
    }
    for (int i = 0; i < p->n_headers; i++)
        add_header(out, p->headers[i].name, p->headers[i].value);
    for (size_t i = 0; i < ARRAY_COUNT(SECURITY); i++)
        add_header(out, SECURITY[i].name, SECURITY[i].value);
    add_header(out, "X-Request-Id", r->request_id);
    buf_puts(out, "\r\n");
}

void reply_header(struct reply *p, const char *name, const char *value)
{
    CHECK(p->n_headers < (int)ARRAY_COUNT(p->headers));
    p->headers[p->n_headers++] = (struct web_header){name, value};
}

void reply_redirect(struct reply *p, const char *location)
{
    p->status = 303;
    p->location = location;
    p->content_type = NULL;
    p->page = NULL;
    p->body = NULL;
    p->body_n = 0;
}

void reply_page(struct reply *p, int status, struct page *page)
{
    p->status = status;
    p->content_type = "text/html; charset=utf-8";
    p->page = page;
}

void reply_stream(struct reply *p, const char *content_type, web_stream *fn, void *arg)
{
    p->status = 200;
    p->content_type = content_type;
    p->stream = fn;
    p->stream_arg = arg;
}

void reply_json(struct reply *p, int status, const char *json)
{
    reply_text(p, status, "application/json", json);
}

void reply_text(struct reply *p, int status, const char *content_type, const char *text)
{
    p->status = status;
    p->content_type = content_type;
    p->page = NULL;
    p->body = text;
    p->body_n = strlen(text);
}
