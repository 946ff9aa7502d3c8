#include "portal/csv_stream.h"

#include "core/limits.h"
#include "view/csv.h"
#include "web/slow.h"

enum rc csv_stream_run(struct req *r, const struct web_sink *to, void *arg, struct err *e)
{
    struct csv_stream *s = arg;
    enum rc rc = RC_OK;
    bool first = true;
    s->chunk = arena_new(LIMIT_ARENA_REQUEST_BYTES);
    do {
        arena_clear(s->chunk);
        buf_init(&s->out, s->chunk);
        if (first)
            s->head(s->ctx, &s->out);
        first = false;
        rc = sql_read(r->app->db, s->rows, s->ctx, e);
        if (rc != RC_OK) {
            csv_text(&s->out, arena_printf(s->chunk, "This export is not complete: %s", e->text));
            csv_end_row(&s->out);
        }
        s->more = to->write(to->ctx, buf_text(&s->out), s->out.len) && s->more && rc == RC_OK;
    } while (s->more);
    arena_free(s->chunk);
    slow_leave(SLOW_WAIT);
    return rc;
}
