#include "ctl/import.h"

#include "core/limits.h"
#include "core/str.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* Beside a desk that runs a transaction takes at most 10 ms, its commit included: functions are
 * given what past commits left of that. Alone the longer one is the better one, since each page is
 * then written once for many orders. */
enum {
    TX_MOST_US = 10 * 1000,
    TX_AIM_US = 8 * 1000,
    TX_LEAST_US = 500,
    TX_OFFLINE_US = 1000 * 1000,
    REST_PART = 4, /* of the time a transaction took, before the next: the lock is for all */
    BUSY_TRIES = 60,
    BUSY_REST_MS = 500,
    REFUSED_BYTES = 1 << 20, /* of the report, in one transaction */
    AHEAD_BLOCKS = 4,
    OFFLINE_BLOCKS = 48, /* in one transaction */
};

/* ---- one transaction
 * -----------------------------------------------------------------------------
 */

/* The lines that were read and not yet taken in, of several blocks. */
struct waiting {
    struct import_line *lines[OFFLINE_BLOCKS * IMPORT_BLOCK_LINES];
    int at, n;
    struct import_block *blocks[OFFLINE_BLOCKS];
    int n_blocks;
};

struct slice {
    const struct import *im;
    struct import_line *const *lines; /* of them as many as the time allows */
    int n;
    int64_t budget_us;
    struct arena *of_line, *of_report; /* cleared by each run */

    int64_t began_us;
    int done;
    struct import_row row;
};

static enum rc take_in(struct sql *q, struct slice *s, const struct import_line *l, int64_t now_ms,
                       struct buf *refused, struct err *e)
{
    enum order_news_end end = NEWS_REFUSED;
    const char *why = l->why;
    enum rc rc = RC_OK;
    arena_clear(s->of_line);
    if (why == NULL)
        rc = order_news_apply(q, s->of_line, &s->im->actor, l->news, true, now_ms, &end, &why, e);
    if (rc != RC_OK)
        return rc;
    if (end == NEWS_IGNORED || end == NEWS_EARLY)
        why = "it does not tell what order it is of, or not its amount";
    if (end == NEWS_APPLIED) {
        s->row.applied++;
    } else if (end == NEWS_KNOWN) {
        s->row.known++;
    } else {
        s->row.refused++;
        import_report_entry(&s->im->report, s->of_report, l, str_or(why, "it is refused"), refused);
    }
    return RC_OK;
}

/* The report goes first and to a place of its own: a line that the committed row counts is in it,
 * and a function that runs again writes the same bytes again. */
static enum rc slice_fn(struct sql *q, void *arg, struct err *e)
{
    struct slice *s = arg;
    struct buf refused;
    enum rc rc = RC_OK;
    s->began_us = clock_mono_us();
    s->done = 0;
    s->row = s->im->row;
    arena_clear(s->of_report);
    buf_init(&refused, s->of_report);
    int64_t now_ms = clock_wall_ms(&s->im->c->app.clock);
    do
        rc = take_in(q, s, s->lines[s->done], now_ms, &refused, e);
    while (rc == RC_OK && ++s->done < s->n && refused.len < REFUSED_BYTES &&
           clock_mono_us() - s->began_us < s->budget_us);
    if (rc != RC_OK)
        return rc;
    s->row.position = s->lines[s->done - 1]->end_bytes;
    s->row.lines = s->lines[s->done - 1]->next_line - 1;
    if (refused.len > 0)
        rc = import_report_put(&s->im->report, s->row.report_bytes, refused.data, refused.len, e);
    s->row.report_bytes += (int64_t)refused.len;
    return rc == RC_OK ? imports_put(q, &s->row, e) : rc;
}

/* ---- pace
 * ----------------------------------------------------------------------------------------
 */

struct pace {
    bool offline;
    int64_t budget_us;
    int busy; /* times in a row that the lock was not to be had */
};

/* After a transaction that began then and now has ended. */
static void pace_step(struct pace *p, int64_t began_us)
{
    int64_t now_us = clock_mono_us(), took_us = now_us - began_us;
    if (p->offline)
        return;
    if (took_us > TX_AIM_US)
        p->budget_us = p->budget_us * 3 / 4;
    else if (p->budget_us < TX_AIM_US)
        p->budget_us += p->budget_us / 8;
    if (p->budget_us < TX_LEAST_US)
        p->budget_us = TX_LEAST_US;
    clock_sleep_ms(took_us / REST_PART / 1000);
}

/* ---- all of them
 * ---------------------------------------------------------------------------------
 */

static volatile sig_atomic_t signalled;

static void on_signal(int number)
{
    signalled = number;
}

static void heed_signals(void)
{
    struct sigaction act = {.sa_handler = on_signal};
    CHECK(sigemptyset(&act.sa_mask) == 0);
    CHECK(sigaction(SIGINT, &act, NULL) == 0 && sigaction(SIGTERM, &act, NULL) == 0);
}

/* What the store says of one line's rows, not of its own state. */
static bool is_of_the_line(enum rc rc)
{
    return rc == RC_CONFLICT || rc == RC_INVALID || rc == RC_TOO_LARGE || rc == RC_NOT_FOUND;
}

/* What is waiting, as far as time allows. */
static enum rc take_some(struct import *im, struct waiting *w, struct slice *s, struct pace *pace,
                         struct err *e)
{
    s->lines = w->lines + w->at;
    s->n = w->n - w->at;
    s->budget_us = pace->budget_us;
    enum rc rc = sql_tx(im->c->app.db, slice_fn, s, e);
    if (rc == RC_OK) {
        w->at += s->done;
        pace->busy = 0;
        im->row = s->row;
        progress_step(&im->progress, im->row.position, im->row.lines);
        pace_step(pace, s->began_us);
        return RC_OK;
    }
    if (rc == RC_BUSY && ++pace->busy < BUSY_TRIES) {
        clock_sleep_ms(BUSY_REST_MS);
        return RC_OK;
    }
    struct import_line *l = s->lines[s->done];
    if (!is_of_the_line(rc) || l->why != NULL)
        return rc;
    l->why = arena_strdup(l->arena, e->text); /* the next run passes over it */
    return RC_OK;
}

/* Fills w anew; *last: the file ends with it. */
static enum rc gather(struct import_ahead *ahead, struct waiting *w, int most_blocks, bool *last,
                      struct err *e)
{
    enum rc rc = RC_OK;
    w->at = w->n = w->n_blocks = 0;
    while (rc == RC_OK && !*last && w->n_blocks < most_blocks) {
        struct import_block *b = import_ahead_take(ahead);
        w->blocks[w->n_blocks++] = b;
        for (int i = 0; i < b->n; i++)
            w->lines[w->n++] = &b->lines[i];
        *last = b->last;
        rc = b->rc;
        if (rc != RC_OK)
            *e = b->err;
    }
    return rc;
}

static enum rc apply_all(struct import *im, struct import_ahead *ahead, struct waiting *w,
                         struct slice *s, struct err *e)
{
    struct pace pace = {.offline = im->offline,
                        .budget_us = im->offline ? TX_OFFLINE_US : TX_AIM_US / 4};
    struct err unread = {0};
    enum rc rc = RC_OK, reading = RC_OK;
    bool last = false;
    while (rc == RC_OK && reading == RC_OK && !last && !signalled) {
        reading = gather(ahead, w, im->offline ? OFFLINE_BLOCKS : 1, &last, &unread);
        while (rc == RC_OK && w->at < w->n && !signalled)
            rc = take_some(im, w, s, &pace, e);
        for (int i = 0; i < w->n_blocks; i++)
            import_ahead_give_back(ahead, w->blocks[i]);
    }
    if (rc == RC_OK && reading != RC_OK) {
        *e = unread;
        return reading;
    }
    return rc;
}

enum rc import_apply(struct import *im, struct import_lines *lines, bool *stopped, struct err *e)
{
    struct waiting *w = calloc(1, sizeof *w);
    struct slice s = {.im = im,
                      .of_line = arena_new(LIMIT_ARENA_REQUEST_BYTES),
                      .of_report = arena_new(LIMIT_ARENA_CTL_BYTES)};
    CHECK(w != NULL);
    heed_signals();
    struct import_ahead *ahead =
        import_ahead_start(lines, im->offline ? IMPORT_BLOCKS : AHEAD_BLOCKS);
    enum rc rc = apply_all(im, ahead, w, &s, e);
    import_ahead_stop(ahead);
    *stopped = signalled != 0;
    arena_free(s.of_line);
    arena_free(s.of_report);
    free(w);
    return rc;
}
