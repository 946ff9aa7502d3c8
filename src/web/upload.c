#include "web/upload.h"

#include "core/limits.h"
#include "core/str.h"
#include "web/multipart.h"

#include <string.h>

struct upload {
    struct req *r;
    struct multipart *parts; /* NULL: the body itself is the file */
    const char *file_name;
    const char *fault;
    bool ended;
};

/* ---- where a body comes from -------------------------------------------------------------------
 */

/* A body that was small enough to be read before. */
struct memory {
    const char *at;
    size_t left;
};

static ssize_t read_memory(void *ctx, char *to, size_t room)
{
    struct memory *m = ctx;
    size_t n = m->left < room ? m->left : room;
    memcpy(to, m->at, n);
    m->at += n;
    m->left -= n;
    return (ssize_t)n;
}

static const struct web_source *source_of(struct req *r)
{
    if (r->stream != NULL)
        return r->stream;
    struct memory *m = arena_alloc(r->arena, sizeof *m);
    struct web_source *s = arena_alloc(r->arena, sizeof *s);
    *m = (struct memory){r->body, r->body_n};
    *s = (struct web_source){read_memory, m};
    return s;
}

/* ---- the fields before the file ----------------------------------------------------------------
 */

static enum rc read_field(struct upload *u, const char *name, struct err *e)
{
    struct form *form = &u->r->form;
    struct buf b;
    char bytes[1024];
    ssize_t n;
    buf_init(&b, u->r->arena);
    while ((n = multipart_read(u->parts, bytes, sizeof bytes)) > 0) {
        if (b.len + (size_t)n > LIMIT_FIELD_BYTES)
            return ERR(e, RC_INVALID, "A field of the form is too long.", "%.80s", name);
        buf_add(&b, bytes, (size_t)n);
    }
    if (n < 0)
        return ERR(e, RC_INVALID, "The request was cut off.", "in the field %.80s", name);
    if (!str_utf8_valid(buf_text(&b), b.len) || form_field(form, name) != NULL)
        return ERR(e, RC_INVALID, "A field of the form is there twice or is not UTF-8.", "%.80s",
                   name);
    if (form->fields == NULL)
        form->fields = arena_array(u->r->arena, LIMIT_PARTS, sizeof *form->fields);
    form->fields[form->n++] =
        (struct form_field){.name = name, .value = buf_text(&b), .kind = FORM_TEXT};
    return RC_OK;
}

static enum rc find_file(struct upload *u, struct err *e)
{
    struct multipart_part part;
    bool end = false;
    for (;;) {
        enum rc rc = multipart_next(u->parts, &part, &end, e);
        if (rc != RC_OK)
            return rc;
        if (end)
            return ERR(e, RC_INVALID, "Choose a file first.", "no part named " UPLOAD_FIELD);
        if (str_eq(part.name, UPLOAD_FIELD)) {
            u->file_name = str_or(part.file_name, "");
            return RC_OK;
        }
        rc = read_field(u, part.name, e);
        if (rc != RC_OK)
            return rc;
    }
}

/* ---- the file ----------------------------------------------------------------------------------
 */

static bool is_csv(const char *content_type)
{
    static const char *const types[] = {"text/csv", "application/csv"};
    size_t n = strcspn(content_type, "; \t");
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (n == strlen(types[i]) && strncasecmp(content_type, types[i], n) == 0)
            return true;
    }
    return false;
}

enum rc upload_begin(struct req *r, bool is_browser, struct err *e)
{
    struct upload *u = arena_alloc(r->arena, sizeof *u);
    u->r = r;
    u->file_name = "";
    r->upload = u;
    if (!is_browser && is_csv(r->content_type)) {
        r->stream = source_of(r);
        u->file_name = str_or(form_get(&r->query, "file_name"), "");
        return RC_OK;
    }
    enum rc rc = multipart_open(r->arena, r->content_type, source_of(r), &u->parts, e);
    return rc == RC_OK ? find_file(u, e) : rc;
}

const char *upload_file_name(const struct upload *u)
{
    return u->file_name;
}

const char *upload_fault(const struct upload *u)
{
    return u->fault;
}

/* Behind the file only the end of the form may stand. */
static ssize_t end_of_file(struct upload *u)
{
    struct multipart_part part;
    struct err e;
    bool end = false;
    u->ended = true;
    if (multipart_next(u->parts, &part, &end, &e) != RC_OK)
        u->fault = arena_strdup(u->r->arena, e.text);
    else if (!end)
        u->fault = arena_printf(u->r->arena,
                                "The field \"%.80s\" stands after the file. Send the file last.",
                                part.name);
    return u->fault == NULL ? 0 : -1;
}

ssize_t upload_read(void *ctx, char *to, size_t room)
{
    struct upload *u = ctx;
    if (u->ended)
        return u->fault == NULL ? 0 : -1;
    if (u->parts == NULL) {
        ssize_t n = u->r->stream->read(u->r->stream->ctx, to, room);
        if (n < 0)
            u->fault = "The upload was cut off.";
        u->ended = n <= 0;
        return n;
    }
    ssize_t n = multipart_read(u->parts, to, room);
    if (n > 0)
        return n;
    if (n == 0)
        return end_of_file(u);
    u->ended = true;
    u->fault = "The upload was cut off.";
    return -1;
}
