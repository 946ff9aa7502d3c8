#include "rig.h"

#include "core/digest.h"
#include "core/id.h"
#include "core/limits.h"
#include "portal/portal.h"
#include "store/gateways.h"
#include "store/users.h"
#include "support/suite.h"
#include "web/csrf.h"
#include "web/session.h"
#include <string.h>

static const struct {
    const char *name, *role;
} users[RIG_USERS] = {
    [RIG_MAKER] = {"maker", "maker"},
    [RIG_VIEWER] = {"viewer", "viewer"},
    [RIG_ORDERS_ONLY] = {"orders only", "viewer"},
    [RIG_ADMIN] = {"admin", "admin"},
    [RIG_SETTINGS_ONLY] = {"settings only", "viewer"},
};

static const char csrf_secret[] = "the session's secret for tokens.";

struct app rig_app;
static struct templates *templates;
static unsigned char rights[RIG_USERS][MODULE_COUNT];

static char *token_of(enum rig_user user)
{
    return arena_printf(desk.arena, "token-of-user-%d-padded-to-a-length-it-could-have", (int)user);
}

static enum rc add_user(struct sql *q, enum rig_user which, struct err *e)
{
    uint8_t hash[DIGEST_BYTES];
    struct user u = {.id = id_new(),
                     .merchant = desk.merchant,
                     .name = users[which].name,
                     .password_hash = "none",
                     .role = users[which].role,
                     .created_ms = RIG_NOW_MS};
    const char *token = token_of(which);

    ck_assert(users_role_rights(u.role, u.rights));
    if (which == RIG_ORDERS_ONLY)
        u.rights[MODULE_REFUNDS] = RIGHT_NONE;
    if (which == RIG_SETTINGS_ONLY) {
        u.rights[MODULE_ORDERS] = u.rights[MODULE_REFUNDS] = RIGHT_NONE;
        u.rights[MODULE_SETTINGS] = RIGHT_READ;
    }
    memcpy(rights[which], u.rights, sizeof u.rights);
    enum rc rc = users_insert(q, &u, e);
    digest_sha256(token, strlen(token), hash);
    return rc == RC_OK ? sessions_insert(q, hash, u.id, csrf_secret, RIG_NOW_MS, "127.0.0.1", e)
                       : rc;
}

static enum rc add_people(struct sql *q, void *arg, struct err *e)
{
    struct gateway_row g = {.id = id_new(),
                            .merchant = desk.merchant,
                            .name = "RAZORPAY",
                            .gateway_id = 23,
                            .adapter = "simulator",
                            .can_refund = true};
    (void)arg;
    enum rc rc = gateways_insert(q, &g, e);
    for (int u = RIG_NOBODY + 1; rc == RC_OK && u < RIG_USERS; u++)
        rc = add_user(q, (enum rig_user)u, e);
    return rc;
}

void rig_open(void)
{
    struct err e;
    desk_open();
    desk_write(add_people, NULL);
    rig_app = (struct app){.db = desk.db, .clock = {.fixed_ms = RIG_NOW_MS}, .wake_fd = -1};
    rig_app.config.api_url = "http://127.0.0.1:8081";
    rig_app.config.mail_folder = "mail";
    rig_app.worker_key.key[0] = 9; /* a point on the curve */
    rig_app.config.session_idle_ms = rig_app.config.session_absolute_ms = CLOCK_HOUR_MS;
    rig_app.log = (struct log){.program = "test", .least = LOG_ERROR, .fd = 2};
    web_check(&portal_program);
    enum rc rc = templates_load(&templates, TEMPLATES_DIR, &e);
    ck_assert_msg(rc == RC_OK, "%s", rc == RC_OK ? "" : e.detail);
}

void rig_close(void)
{
    templates_free(templates);
    templates = NULL;
    desk_close();
}

const unsigned char *rig_rights(enum rig_user user)
{
    return rights[user];
}

/* ---- orders
 * -------------------------------------------------------------------------------------- */

struct rig_order rig_paid_order(const char *order_id, int64_t created_ms)
{
    return (struct rig_order){
        .order = {.order_id = order_id,
                  .public_id = "ordeh_0123456789abcdef0123456789abcdef",
                  .status = "CHARGED",
                  .amount_minor = 50000,
                  .effective_minor = 50000,
                  .currency = "INR",
                  .customer_id = "cust_1",
                  .customer_email = "priya@example.in",
                  .offer_minimum_minor = -1,
                  .facts = "{}",
                  .created_ms = created_ms,
                  .updated_ms = created_ms},
        .txn = {.txn_id = arena_printf(desk.arena, "demo-%s-1", order_id),
                .status = "CHARGED",
                .amount_minor = 50000,
                .net_minor = -1,
                .tax_minor = -1,
                .surcharge_minor = -1,
                .currency = "INR",
                .gateway = "RAZORPAY",
                .payment_method_type = "CARD",
                .payment_method = "VISA",
                .payment_id = arena_printf(desk.arena, "pay_%s", order_id),
                .facts = "{\"card\":{\"last_four_digits\":\"1111\"}}",
                .created_ms = created_ms,
                .charged_ms = created_ms + 1000},
    };
}

static enum rc add_other_merchant(struct sql *q, void *arg, struct err *e)
{
    struct merchant m;
    (void)arg;
    enum rc rc = merchants_get(q, desk.arena, desk.merchant, &m, e);
    m.id = desk.merchant + 1;
    m.merchant_id = "other_merchant";
    return rc == RC_OK ? merchants_insert(q, &m, e) : rc;
}

int64_t rig_other_merchant(void)
{
    desk_write(add_other_merchant, NULL);
    return desk.merchant + 1;
}

static enum rc insert_order(struct sql *q, void *arg, struct err *e)
{
    struct rig_order *o = arg;
    o->order.kept_txn = 0;
    enum rc rc = orders_insert(q, &o->order, orders_key(desk.arena, o->order.order_id), e);
    if (rc == RC_OK)
        rc = txns_insert(q, &o->txn, e);
    o->order.kept_txn = o->txn.charged_ms ? o->txn.id : 0;
    return rc == RC_OK ? orders_update(q, &o->order, e) : rc;
}

void rig_insert(struct rig_order *o)
{
    o->order.id = id_new();
    o->txn.id = id_new();
    o->txn.order_row = o->order.id;
    if (!o->order.merchant)
        o->order.merchant = desk.merchant;
    o->txn.merchant = o->order.merchant;
    desk_write(insert_order, o);
}

/* ---- requests
 * ------------------------------------------------------------------------------------ */

static struct reply ask(enum rig_user user, const char *method, const char *target,
                        const char *body, bool partial)
{
    struct arena *a = desk.arena;
    struct reply p;
    struct err e;
    struct web_header headers[5] = {
        {"host", "127.0.0.1:8080"}, {"origin", "http://127.0.0.1:8080"}, {"cookie", ""}};
    struct req *r = arena_alloc(a, sizeof *r);
    const char *token = csrf_token(a, csrf_secret);

    headers[2].value = user == RIG_NOBODY ? CSRF_COOKIE "=the session's secret for tokens."
                                          : arena_printf(a, SESSION_COOKIE "=%s", token_of(user));
    headers[3] = (struct web_header){"hx-request", "true"};
    *r = (struct req){.app = &rig_app,
                      .arena = a,
                      .request_id = "6f9619ff-8b86-4011-b42d-00c04fc964ff",
                      .method = method,
                      .content_type = body ? "application/x-www-form-urlencoded" : "",
                      .address = "127.0.0.1",
                      .headers = headers,
                      .n_headers = partial ? 4 : 3,
                      .now_ms = RIG_NOW_MS};
    ck_assert_int_eq(req_set_target(r, target, &e), RC_OK);
    if (body) {
        bool has_token = strstr(body, "csrf=") != NULL;
        r->body = has_token ? body : arena_printf(a, "%s%scsrf=%s", body, *body ? "&" : "", token);
        r->body_n = strlen(r->body);
    }
    web_dispatch(&portal_program, templates, r, &p);
    r->headers = NULL;
    return p;
}

struct reply rig_ask(enum rig_user user, const char *target, const char *body)
{
    return ask(user, body ? "POST" : "GET", target, body, false);
}

struct reply rig_head(enum rig_user user, const char *target)
{
    return ask(user, "HEAD", target, NULL, false);
}

struct reply rig_ask_partial(enum rig_user user, const char *target, const char *body)
{
    return ask(user, body ? "POST" : "GET", target, body, true);
}

const char *rig_text(const struct reply *p)
{
    return p->body ? p->body : "";
}

void rig_has(const char *html, const char *words)
{
    ck_assert_msg(strstr(html, words) != NULL, "no \"%s\" in: %.3000s", words, html);
}

void rig_lacks(const char *html, const char *words)
{
    ck_assert_msg(strstr(html, words) == NULL, "\"%s\" in: %.3000s", words, html);
}

const char *rig_expect(struct reply p, int status, const char *words)
{
    const char *html = rig_text(&p);
    ck_assert_msg(p.status == status, "%d instead of %d: %.3000s", p.status, status, html);
    if (words)
        rig_has(html, words);
    return html;
}

char *rig_input(const char *html, const char *name)
{
    const char *at = strstr(html, arena_printf(desk.arena, "name=\"%s\" value=\"", name));
    ck_assert_msg(at != NULL, "no input %s in: %s", name, html);
    at = strstr(at, "value=\"") + strlen("value=\"");
    return arena_strndup(desk.arena, at, strcspn(at, "\""));
}

static enum rc get_merchant(struct sql *q, void *arg, struct err *e)
{
    return merchants_get(q, desk.arena, desk.merchant, arg, e);
}

struct merchant rig_merchant(void)
{
    struct merchant m;
    desk_look(get_merchant, &m);
    return m;
}

struct counting {
    const char *order_id;
    int count;
};

static enum rc count_fn(struct sql *q, void *arg, struct err *e)
{
    struct counting *c = arg;
    struct order o;
    struct refund *refunds;
    enum rc rc =
        orders_by_key(q, desk.arena, desk.merchant, orders_key(desk.arena, c->order_id), &o, e);
    return rc == RC_OK
               ? refunds_of_order(q, desk.arena, o.id, LIMIT_ORDER_REFUNDS, &refunds, &c->count, e)
               : rc;
}

int rig_count_refunds(const char *order_id)
{
    struct counting c = {order_id, 0};
    desk_look(count_fn, &c);
    return c.count;
}
