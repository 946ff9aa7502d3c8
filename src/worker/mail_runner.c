#include "worker/mail_runner.h"

#include "core/id.h"
#include "core/limits.h"
#include "notify/mail_send.h"
#include "notify/mail_text.h"
#include "store/merchants.h"
#include "worker/crash.h"
#include "worker/mail_pace.h"
#include "worker/thread.h"
#include "worker/worker.h"

struct mail_runner {
    struct app *app;
    struct arena *own, *scratch;
    struct worker_thread thread;
    struct templates *templates;
    struct mail_sender *sender;
    struct mail_pace pace;
};

/* One mail, from its claim to what came of it. */
struct turn_of_mail {
    struct mail_runner *runner;
    struct mail mail;
    struct merchant merchant;
    bool found;
};

static int64_t now_ms(const struct mail_runner *r)
{
    return clock_wall_ms(&r->app->clock);
}

static enum rc due_fn(struct sql *q, void *arg, struct err *e)
{
    return mails_next_due(q, arg, e);
}

static enum rc claim_fn(struct sql *q, void *arg, struct err *e)
{
    struct turn_of_mail *t = arg;
    struct mail_runner *r = t->runner;
    enum rc rc =
        mails_claim(q, r->scratch, now_ms(r), r->app->config.mail_lease_ms, &t->mail, &t->found, e);
    if (rc == RC_OK && t->found)
        rc = merchants_get(q, r->scratch, t->mail.merchant, &t->merchant, e);
    return rc;
}

static enum rc tried_fn(struct sql *q, void *arg, struct err *e)
{
    const struct turn_of_mail *t = arg;
    return mails_tried(q, &t->mail, e);
}

/* A mail that cannot be made will not be made by waiting; a template that is broken may be mended.
 */
static struct mail_answer make_and_send(struct turn_of_mail *t)
{
    struct mail_runner *r = t->runner;
    const struct config *c = &r->app->config;
    const struct mail_desk desk = {
        r->templates, c->mail_from, c->portal_url, {t->merchant.time_zone, t->merchant.locale}};
    struct buf message;
    struct err e;
    buf_init(&message, r->scratch);
    enum rc rc = mail_compose(r->scratch, &desk, &t->mail, &message, &e);
    if (rc == RC_OK)
        return mail_send(r->scratch, r->sender, &t->mail, &message);
    log_err(&r->app->log, "writing a mail", &e);
    return (struct mail_answer){rc == RC_INVALID ? MAIL_REFUSED : MAIL_LATER,
                                arena_printf(r->scratch, "%s (%s)", e.text, e.detail)};
}

static void fail(struct turn_of_mail *t, const char *said)
{
    struct arena *a = t->runner->scratch;
    t->mail.state = "FAILED";
    log_event(&t->runner->app->log, LOG_WARN, "mail failed", "mail", id_text(a, t->mail.id), "kind",
              t->mail.kind, "said", said, NULL);
}

/* What was waited between that many tries, without its jitter. */
static int64_t tried_for_ms(const struct config *c, int64_t attempts)
{
    int64_t sum_ms = 0, wait_ms = c->mail_retry_first_ms;
    for (int64_t i = 1; i < attempts && sum_ms < c->mail_give_up_ms; i++) {
        sum_ms += wait_ms;
        wait_ms = 2 * wait_ms < c->mail_retry_max_ms ? 2 * wait_ms : c->mail_retry_max_ms;
    }
    return sum_ms;
}

static void settle(struct turn_of_mail *t, struct mail_answer answer)
{
    const struct config *c = &t->runner->app->config;
    struct mail *m = &t->mail;
    int64_t now = now_ms(t->runner);
    if (answer.end == MAIL_STOPPED) { /* as if it had not been tried */
        m->due_ms = now;
        return;
    }
    m->said = answer.said;
    m->attempts++;
    m->due_ms =
        now + worker_backoff_ms(c->mail_retry_first_ms, c->mail_retry_max_ms, m->attempts - 1);
    if (answer.end == MAIL_SENT) {
        m->state = "SENT";
        m->sent_ms = now;
    } else if (answer.end == MAIL_REFUSED || tried_for_ms(c, m->attempts) >= c->mail_give_up_ms) {
        fail(t, answer.said);
    }
}

/* True: it has got its place further back. */
static bool put_off(struct turn_of_mail *t)
{
    int64_t now = now_ms(t->runner), pace_ms = t->runner->app->config.mail_pace_ms;
    bool claimed_before = t->mail.fence > 1;
    if (claimed_before)
        return false;
    t->mail.due_ms = mail_pace_place(&t->runner->pace, &t->mail, pace_ms, now);
    return t->mail.due_ms > now;
}

/* The mail that is due for longest. False when the database is not well: no hurry then. */
static bool send_one(struct mail_runner *r)
{
    struct turn_of_mail t = {.runner = r};
    struct err e;
    CRASH_POINT("before_mail_claim");
    enum rc rc = sql_tx(r->app->db, claim_fn, &t, &e);
    if (rc == RC_OK && t.found) {
        if (!put_off(&t)) {
            CRASH_POINT("before_mail");
            struct mail_answer answer = make_and_send(&t);
            CRASH_POINT("after_mail");
            settle(&t, answer);
        }
        rc = sql_tx(r->app->db, tried_fn, &t, &e);
    }
    arena_clear(r->scratch);
    if (rc != RC_OK)
        log_err(&r->app->log, "sending mails", &e);
    return rc == RC_OK;
}

static void *run(void *arg)
{
    struct mail_runner *r = arg;
    while (!worker_thread_stopping(&r->thread)) {
        struct err e;
        int64_t due_ms = INT64_MAX;
        bool well = sql_read(r->app->db, due_fn, &due_ms, &e) == RC_OK;
        if (!well)
            log_err(&r->app->log, "looking for mails", &e);
        if (!well || due_ms > now_ms(r) || !send_one(r))
            worker_thread_wait(&r->thread, r->app->config.poll_ms);
    }
    return NULL;
}

static bool is_stopping(void *arg)
{
    struct mail_runner *r = arg;
    return worker_thread_stopping(&r->thread);
}

static void release(struct mail_runner *r)
{
    mail_sender_close(r->sender);
    templates_free(r->templates);
    arena_free(r->scratch);
    arena_free(r->own);
}

enum rc mail_runner_start(struct app *app, struct mail_runner **out, struct err *e)
{
    struct arena *own = arena_new(sizeof(struct mail_runner) * 2);
    struct mail_runner *r = arena_alloc(own, sizeof *r);
    *r = (struct mail_runner){.app = app, .own = own, .scratch = arena_new(LIMIT_ARENA_JOB_BYTES)};
    const struct mail_stop stop = {is_stopping, r};
    enum rc rc = templates_load_mails(&r->templates, app->config.templates_dir, e);
    if (rc == RC_OK)
        rc = mail_sender_open(&r->sender, &app->config, stop, e);
    if (rc == RC_OK)
        rc = worker_thread_start(&r->thread, run, r, "that sends mails", e);
    if (rc == RC_OK)
        *out = r;
    else
        release(r);
    return rc;
}

void mail_runner_wake(struct mail_runner *r)
{
    worker_thread_wake(&r->thread);
}

void mail_runner_stop(struct mail_runner *r)
{
    if (r == NULL)
        return;
    worker_thread_stop(&r->thread);
    release(r);
}
