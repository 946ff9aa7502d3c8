#include "core/id.h"
#include "core/secret.h"
#include "core/str.h"
#include "ctl/demo_write.h"
#include "ctl/secrets.h"
#include "refund/apply.h"
#include "refund/keys.h"
#include <stdlib.h>
#include <string.h>

enum { REFUND_LIMIT = 25, ORDER_AGE_DAYS = 365, TWIN_WINDOW_MS = 5000, HOOK_SECRET_BYTES = 24 };

static struct merchant make_merchant(struct demo *d)
{
    struct json_object *m = d->source.merchant;
    struct arena *a = d->arena;
    return (struct merchant){.id = d->merchant,
                             .merchant_id = d->merchant_id,
                             .name = json_text(a, m, "name"),
                             .time_zone = json_text(a, m, "time_zone"),
                             .locale = json_text(a, m, "locale"),
                             .default_currency = json_text(a, m, "default_currency"),
                             .test_mode = true,
                             .hold_ms = 0,
                             .refund_limit = REFUND_LIMIT,
                             .order_age_days = ORDER_AGE_DAYS,
                             .twin_window_ms = TWIN_WINDOW_MS,
                             .batch_rows = MERCHANT_BATCH_ROWS,
                             .created_ms = d->now_ms};
}

static void make_currencies(struct demo *d, struct demo_accounts *x)
{
    struct json_object *list = json_get(d->source.merchant, "currencies");
    CHECK(demo_count(list) <= DEMO_CURRENCIES_MAX);
    for (size_t k = 0; k < demo_count(list); k++) {
        struct json_object *from = demo_item(list, k);
        const char *code = json_text(d->arena, from, "currency");
        x->currencies[x->n_currencies++] = (struct demo_currency){
            code,
            {.minimum_minor = demo_minor(json_text(d->arena, from, "minimum"), code),
             .confirm_minor = demo_minor(json_text(d->arena, from, "confirm"), code)}};
    }
}

static const char *hook_secret(struct arena *a)
{
    uint8_t random[HOOK_SECRET_BYTES];
    digest_random(random, sizeof random);
    return arena_printf(a, "whsec_%s", digest_base64url(a, random, sizeof random));
}

static enum rc make_gateways(struct ctl *c, struct demo *d, struct demo_accounts *x, struct err *e)
{
    struct json_object *list = json_get(d->source.merchant, "gateways");
    struct seal_public desk;
    enum rc rc = secrets_desk_key(c, &desk, e);
    if (rc != RC_OK)
        return rc;
    CHECK(demo_count(list) <= DEMO_GATEWAYS_MAX);
    for (size_t k = 0; k < demo_count(list); k++) {
        struct json_object *from = demo_item(list, k);
        const char **hook = &x->hook_secrets[x->n_gateways];
        struct gateway_row *g = &x->gateways[x->n_gateways++];
        *g = (struct gateway_row){.id = id_new(),
                                  .merchant = d->merchant,
                                  .name = json_text(d->arena, from, "name"),
                                  .gateway_id = demo_int(from, "gateway_id", 0),
                                  .adapter = json_text(d->arena, from, "adapter"),
                                  .can_refund = demo_flag(from, "can_refund"),
                                  .can_instant = demo_flag(from, "can_instant"),
                                  .can_payout = demo_flag(from, "can_payout"),
                                  .reference_id = json_text(d->arena, from, "reference_id")};
        const char *text = "{\"key\":\"demo\"}";
        if (g->adapter)
            g->credentials =
                secret_seal(d->arena, &d->worker_key, text, strlen(text), &g->credentials_n);
        if (!demo_flag(from, "hook_secret"))
            continue;
        *hook = hook_secret(d->arena);
        g->hook_secret = secret_seal(d->arena, &desk, *hook, strlen(*hook), &g->hook_secret_n);
    }
    return RC_OK;
}

static enum rc make_users(struct demo *d, struct demo_accounts *x, struct err *e)
{
    struct json_object *list = json_get(d->source.merchant, "users");
    enum rc rc = RC_OK;
    CHECK(demo_count(list) <= DEMO_USERS_MAX);
    for (size_t k = 0; rc == RC_OK && k < demo_count(list); k++) {
        struct json_object *from = demo_item(list, k);
        struct user *u = &x->users[x->n_users];
        char *hash = arena_alloc(d->arena, SECRET_HASH_MAX);
        x->passwords[x->n_users++] = secrets_password(d->arena);
        rc = secret_password_hash(x->passwords[k], SECRET_INTERACTIVE, hash, e);
        *u = (struct user){.id = id_new(),
                           .merchant = d->merchant,
                           .name = json_text(d->arena, from, "name"),
                           .password_hash = hash,
                           .role = json_text(d->arena, from, "role"),
                           .created_ms = d->now_ms};
        CHECK(users_role_rights(u->role, u->rights));
    }
    return rc;
}

enum rc demo_make_accounts(struct ctl *c, struct demo *d, struct demo_accounts *out, struct err *e)
{
    out->merchant = make_merchant(d);
    make_currencies(d, out);
    demo_make_conflict_settings(d, &out->conflict);
    struct key_made made;
    keys_new(d->arena, &made);
    out->key_text = made.text;
    memcpy(out->key_hash, made.hash, sizeof out->key_hash);
    out->key = (struct api_key){.id = id_new(),
                                .merchant = d->merchant,
                                .prefix = made.key.prefix,
                                .name = "demo",
                                .scopes = SCOPE_ALL,
                                .created_ms = d->now_ms};
    enum rc rc = make_gateways(c, d, out, e);
    return rc == RC_OK ? make_users(d, out, e) : rc;
}

/* ---- audit
 * -------------------------------------------------------------------------------------------- */

static int is_later(const void *a, const void *b)
{
    const struct audit_entry *x = a, *y = b;
    if (x->at_ms != y->at_ms)
        return x->at_ms < y->at_ms ? -1 : 1;
    return strcmp(x->subject, y->subject);
}

void demo_make_audit(struct ctl *c, struct demo_work *w)
{
    struct demo *d = w->demo;
    for (int k = 0; k < d->n_orders; k++)
        w->n_refunds += d->orders[k].n_refunds;
    w->audit = arena_array(d->arena, (size_t)(w->n_refunds + d->n_batches * DEMO_BATCH_AUDIT + 1),
                           sizeof *w->audit);
    for (int k = 0; k < d->n_orders; k++) {
        for (int n = 0; n < d->orders[k].n_refunds; n++) {
            const struct refund *r = &d->orders[k].refunds[n];
            struct refund_news news = {.actor = r->initiated_by};
            w->audit[w->n_audit++] = (struct audit_entry){
                .merchant = d->merchant,
                .at_ms = r->created_ms,
                .actor = r->initiated_by,
                .action = "refund.created",
                .subject = arena_printf(d->arena, "%s/%s", r->order_id, r->unique_request_id),
                .detail = refund_freeze(d->arena, r, &news)};
        }
    }
    for (int k = 0; k < d->n_batches; k++)
        w->n_audit += demo_audit_batch(d, &d->batches[k], &w->audit[w->n_audit]);
    struct json_object *detail = json_object_in(d->arena);
    json_put_text(detail, "os_user", c->os_user);
    json_put_int(detail, "orders", d->n_orders);
    w->audit[w->n_audit++] = (struct audit_entry){.merchant = d->merchant,
                                                  .at_ms = d->now_ms,
                                                  .actor = "refundctl",
                                                  .action = "demo.made",
                                                  .subject = d->merchant_id,
                                                  .detail = json_write(d->arena, detail)};
    qsort(w->audit, (size_t)w->n_audit, sizeof *w->audit, is_later);
}
