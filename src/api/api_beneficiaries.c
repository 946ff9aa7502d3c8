/*
 * POST /beneficiaries, GET /beneficiaries and GET /beneficiaries/{beneficiary_id}: accounts that
 * payouts may go to. What identifies one is sealed at once and never comes back, only masked.
 */
#include "api/api.h"
#include "api/list_query.h"
#include "api/once.h"
#include "core/id.h"
#include "core/json.h"
#include "core/str.h"
#include "refund/payout.h"
#include "store/audit.h"
#include <string.h>

#define DETAILS "beneficiary_details"
enum { ID_HEX = 24 };

static struct json_object *body_of(struct arena *a, const struct payee *p)
{
    struct json_object *o = json_object_in(a);
    json_put_text(o, "beneficiary_id", p->beneficiary_id);
    json_put_text(o, "type", p->type);
    json_put_text(o, "name", p->name);
    json_put_text(o, "account", p->masked);
    json_put_text(o, "transfer_type", p->transfer_type);
    json_put_text(o, "payout_mode", p->payout_mode);
    json_put_text(o, "created", clock_iso(a, p->created_ms));
    return o;
}

/* ---- making one ---------------------------------------------------------------------------------
 */

struct making {
    struct req *r;
    struct api_faults faults;
    struct payee payee;
    struct decision *decision;
};

/* beneficiary_details, or the same members at the top level. */
static const char *details_told(const struct req *r)
{
    static const char *const TEXTS[] = {"type", "transfer_type", "payout_mode"};
    const char *whole = form_object(r->arena, &r->form, DETAILS);
    if (whole)
        return whole;
    struct json_object *all = json_object_in(r->arena), *details;
    struct err bad;
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++)
        json_put_text(all, TEXTS[i], form_get(&r->form, TEXTS[i]));
    const char *text = form_object(r->arena, &r->form, "details");
    if (text && json_read(r->arena, text, strlen(text), &details, &bad) == RC_OK)
        json_put(all, "details",
                 json_object_is_type(details, json_type_object) ? details
                                                                : json_object_get(details));
    return json_write(r->arena, all);
}

static void seal(struct making *m)
{
    struct req *r = m->r;
    struct payout_fault found[PAYOUT_MAX_FAULTS];
    struct payout_ask ask = {0};
    const char *field = DETAILS;
    struct err e;
    if (payout_read(r->arena, details_told(r), &ask, &e) != RC_OK) {
        errors_fault(&m->faults, DETAILS, arena_strdup(r->arena, e.text));
        return;
    }
    int n = payout_faults(r->arena, &ask, found);
    for (int i = 0; i < n; i++)
        errors_fault(&m->faults, found[i].field, found[i].reason);
    if (n == 0 && payout_seal(r->arena, &ask, &r->app->worker_key, &m->payee, &field, &e) != RC_OK)
        errors_fault(&m->faults, field, arena_strdup(r->arena, e.text));
    m->payee.beneficiary_id = id_random_hex(r->arena, "bene_", ID_HEX);
    m->payee.created_ms = clock_wall_ms(&r->app->clock);
}

static enum rc make_fn(struct sql *q, void *arg, struct err *e)
{
    struct making *m = arg;
    const struct audit_entry entry = {
        .merchant = m->r->actor.merchant,
        .at_ms = m->payee.created_ms,
        .actor = m->r->actor.name,
        .action = "beneficiary.created",
        .subject = m->payee.beneficiary_id,
        .detail = json_write(m->r->arena, body_of(m->r->arena, &m->payee)),
    };
    enum rc rc = decision_before(m->decision, q, e);
    if (rc != RC_OK || m->decision->settled)
        return rc;
    rc = beneficiaries_insert(q, entry.merchant, &m->payee, e);
    if (rc == RC_OK)
        rc = decision_after(m->decision, q, e);
    return rc == RC_OK ? audit_add(q, &entry, e) : rc;
}

static enum rc say_made(struct req *r, struct reply *p, struct sql *q, void *ctx, struct err *e)
{
    const struct making *m = ctx;
    (void)q;
    (void)e;
    if (m->faults.n == 0) {
        reply_json(p, 200, json_write(r->arena, body_of(r->arena, &m->payee)));
        return RC_OK;
    }
    errors_coded(r, p, 400, "INVALID_REQUEST",
                 arena_printf(r->arena, "%s %s", m->faults.of[0].field, m->faults.of[0].reason),
                 &m->faults);
    return RC_OK;
}

enum rc api_beneficiary_create(struct req *r, struct reply *p, struct err *e)
{
    struct making *m = arena_alloc(r->arena, sizeof *m);
    struct once once;
    m->r = r;
    seal(m);
    if (!once_begin(&once, r, p, say_made, m))
        return RC_OK;
    m->decision = &once.decision;
    return once_end(&once, m->faults.n == 0 ? sql_tx(r->app->db, make_fn, m, e) : RC_OK, e);
}

/* ---- reading ----------------------------------------------------------------------------------
 */

struct reading {
    struct list_query query;
    const char *beneficiary_id;
    int64_t before, next;
    struct payee one, *rows;
    int count;
};

static enum rc read_one(struct sql *q, void *arg, struct err *e)
{
    struct reading *w = arg;
    const struct req *r = w->query.r;
    return beneficiaries_get(q, r->arena, r->actor.merchant, w->beneficiary_id, &w->one, e);
}

enum rc api_beneficiary_get(struct req *r, struct reply *p, struct err *e)
{
    struct reading w = {.query = {.r = r}, .beneficiary_id = r->params[0]};
    enum rc rc = sql_read(r->app->db, read_one, &w, e);
    if (rc == RC_OK)
        reply_json(p, 200, json_write(r->arena, body_of(r->arena, &w.one)));
    return rc;
}

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct reading *w = arg;
    const struct req *r = w->query.r;
    return beneficiaries_list(q, r->arena, r->actor.merchant, w->before, w->query.page.rows,
                              &w->rows, &w->count, &w->next, e);
}

enum rc api_beneficiary_list(struct req *r, struct reply *p, struct err *e)
{
    struct reading *w = arena_alloc(r->arena, sizeof *w);
    list_query_read(&w->query, r);
    w->before = w->query.page.move == LIST_NEXT ? w->query.page.key_id : 0;
    if (list_query_refused(&w->query, p))
        return RC_OK;
    enum rc rc = sql_read(r->app->db, read_page, w, e);
    if (rc != RC_OK)
        return rc;
    struct json_object *data = json_array_in(r->arena);
    for (int i = 0; i < w->count; i++)
        json_add(data, body_of(r->arena, &w->rows[i]));
    list_query_reply(&w->query, p, data, w->next != 0, w->next, w->next);
    return RC_OK;
}
