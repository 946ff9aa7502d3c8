#include "web/session.h"
#include "core/digest.h"
#include "core/limits.h"
#include "core/secret.h"
#include "core/str.h"
#include "store/audit.h"
#include "web/cookie.h"
#include "web/csrf.h"
#include "web/slow.h"
#include <string.h>

#define NOT_SIGNED_IN "Sign in to go on."
#define WRONG_LOGIN   "The user name or the password is not right."

enum { TOKEN_BYTES = 32, CSRF_BYTES = 32, TOUCH_MS = 60 * 1000, SUBJECT_BYTES = 160 };

/* ---- who is it? --------------------------------------------------------------------------------
 */

struct lookup {
    struct arena *arena;
    uint8_t token_hash[DIGEST_BYTES];
    int64_t idle_after_ms, oldest_created_ms;
    struct session session;
};

static enum rc read_session(struct sql *q, void *arg, struct err *e)
{
    struct lookup *l = arg;
    return sessions_get(q, l->arena, l->token_hash, l->idle_after_ms, l->oldest_created_ms,
                        &l->session, e);
}

struct touch {
    const uint8_t *token_hash;
    int64_t now_ms;
};

static enum rc touch_session(struct sql *q, void *arg, struct err *e)
{
    const struct touch *t = arg;
    return sessions_touch(q, t->token_hash, t->now_ms, e);
}

/* "Last seen" is written at most once a minute, oftener only when sessions idle out sooner. */
static void touch_when_due(const struct req *r, const struct lookup *l)
{
    int64_t every_ms = r->app->config.session_idle_ms / 4;
    if (every_ms > TOUCH_MS)
        every_ms = TOUCH_MS;
    if (r->now_ms - l->session.seen_ms < every_ms || req_is_poll(r))
        return;
    struct touch t = {l->token_hash, r->now_ms};
    struct err e;
    if (sql_tx(r->app->db, touch_session, &t, &e) != RC_OK)
        log_err(&r->app->log, "session_touch", &e);
}

static void set_actor(struct req *r, const struct session *s)
{
    r->session = s;
    r->actor = (struct actor){.kind = ACTOR_USER,
                              .merchant = s->user.merchant,
                              .merchant_id = s->merchant_id,
                              .user = s->user_id,
                              .name = s->user.name};
    memcpy(r->actor.rights, s->user.rights, sizeof r->actor.rights);
    r->csrf_token = csrf_token(r->arena, s->csrf);
}

/* False when the request has no cookie that could be one. */
static bool token_hash(const struct req *r, uint8_t out[DIGEST_BYTES])
{
    const char *token = cookie_get(r, SESSION_COOKIE);
    if (!token)
        return false;
    digest_sha256(token, strlen(token), out);
    return true;
}

enum rc session_load(struct req *r, struct err *e)
{
    const struct config *c = &r->app->config;
    struct lookup *l = arena_alloc(r->arena, sizeof *l);
    l->arena = r->arena;
    l->idle_after_ms = r->now_ms - c->session_idle_ms;
    l->oldest_created_ms = r->now_ms - c->session_absolute_ms;
    if (!token_hash(r, l->token_hash))
        return ERR(e, RC_UNAUTHORIZED, NOT_SIGNED_IN, "no session cookie");
    struct err why;
    enum rc rc = sql_read(r->app->db, read_session, l, &why);
    if (rc == RC_NOT_FOUND)
        return ERR(e, RC_UNAUTHORIZED, NOT_SIGNED_IN, "%s", why.detail);
    if (rc != RC_OK) {
        *e = why;
        return rc;
    }
    touch_when_due(r, l);
    set_actor(r, &l->session);
    return RC_OK;
}

/* ---- login --------------------------------------------------------------------------------------
 */

struct login {
    struct arena *arena;
    const char *name, *address;
    char account_subject[SUBJECT_BYTES], address_subject[SUBJECT_BYTES];
    int64_t now_ms, window_start_ms;
    int64_t idle_after_ms, oldest_created_ms;
    struct user user;
    bool had_token;
    uint8_t old_hash[DIGEST_BYTES], new_hash[DIGEST_BYTES];
    const char *csrf;
    char hash[SECRET_HASH_MAX]; /* of a new password */
};

/* Counts the attempt before its password is looked at. */
static enum rc count_attempt(struct sql *q, void *arg, struct err *e)
{
    const struct login *l = arg;
    int64_t account = 0, address = 0;
    enum rc rc = logins_failures(q, l->account_subject, l->window_start_ms, &account, e);
    if (rc == RC_OK)
        rc = logins_failures(q, l->address_subject, l->window_start_ms, &address, e);
    if (rc != RC_OK)
        return rc;
    if (account >= LIMIT_LOGIN_ACCOUNT || address >= LIMIT_LOGIN_ADDRESS)
        return ERR(e, RC_LIMITED, "Too many attempts to sign in. Wait some minutes and try again.",
                   "account %lld, address %lld", (long long)account, (long long)address);
    rc = logins_add_failure(q, l->account_subject, l->now_ms, l->window_start_ms, e);
    if (rc == RC_OK)
        rc = logins_add_failure(q, l->address_subject, l->now_ms, l->window_start_ms, e);
    return rc;
}

static enum rc read_login_user(struct sql *q, void *arg, struct err *e)
{
    struct login *l = arg;
    return users_by_name(q, l->arena, l->name, &l->user, e);
}

static enum rc give_back(struct sql *q, void *arg, struct err *e)
{
    const struct login *l = arg;
    enum rc rc = logins_take_back(q, l->account_subject, e);
    return rc == RC_OK ? logins_take_back(q, l->address_subject, e) : rc;
}

/* RC_UNAUTHORIZED for an unknown name, a disabled user and a wrong password alike, each after the
 * time that one hash takes. */
static enum rc verify(const struct req *r, struct login *l, const char *password, struct err *e)
{
    struct err why;
    enum rc rc = sql_read(r->app->db, read_login_user, l, &why);
    if (rc != RC_OK && rc != RC_NOT_FOUND) {
        *e = why;
        return rc;
    }
    bool known = rc == RC_OK;
    rc = slow_enter(SLOW_HASH, e);
    if (rc != RC_OK) {
        if (sql_tx(r->app->db, give_back, l, &why) != RC_OK)
            log_err(&r->app->log, "login_busy", &why);
        return rc;
    }
    bool right = secret_password_verify(known ? l->user.password_hash : NULL, password);
    slow_leave(SLOW_HASH);
    if (known && right && !l->user.disabled)
        return RC_OK;
    log_event(&r->app->log, LOG_WARN, "login_failed", "address", l->address, "user",
              known ? l->user.name : NULL, NULL);
    return ERR(e, RC_UNAUTHORIZED, WRONG_LOGIN, "%s", known ? "wrong or disabled" : "unknown user");
}

static enum rc audit(struct sql *q, const struct user *user, const char *action, int64_t now_ms,
                     struct err *e)
{
    struct audit_entry entry = {.merchant = user->merchant,
                                .at_ms = now_ms,
                                .actor = user->name,
                                .action = action,
                                .subject = user->name,
                                .detail = "{}"};
    return audit_add(q, &entry, e);
}

static enum rc begin_session(struct sql *q, void *arg, struct err *e)
{
    const struct login *l = arg;
    enum rc rc = logins_clear(q, l->account_subject, e);
    if (rc == RC_OK)
        rc = logins_take_back(q, l->address_subject, e);
    if (rc == RC_OK && l->had_token)
        rc = sessions_delete(q, l->old_hash, e);
    if (rc == RC_OK)
        rc = sessions_sweep(q, l->idle_after_ms, l->oldest_created_ms, e);
    if (rc == RC_OK)
        rc = sessions_insert(q, l->new_hash, l->user.id, l->csrf, l->now_ms, l->address, e);
    return rc == RC_OK ? audit(q, &l->user, "user.login", l->now_ms, e) : rc;
}

static char *random_text(struct arena *a, size_t bytes)
{
    uint8_t random[TOKEN_BYTES];
    CHECK(bytes <= sizeof random);
    digest_random(random, bytes);
    return digest_base64url(a, random, bytes);
}

static void fill_login(const struct req *r, struct login *l, const char *name)
{
    const struct config *c = &r->app->config;
    *l = (struct login){.arena = r->arena,
                        .name = name,
                        .address = str_or(r->address, ""),
                        .now_ms = r->now_ms,
                        .window_start_ms = r->now_ms - c->login_window_ms,
                        .idle_after_ms = r->now_ms - c->session_idle_ms,
                        .oldest_created_ms = r->now_ms - c->session_absolute_ms};
    (void)str_copy(l->account_subject, sizeof l->account_subject,
                   arena_printf(r->arena, "a:%s", name));
    (void)str_copy(l->address_subject, sizeof l->address_subject,
                   arena_printf(r->arena, "i:%s", l->address));
    l->had_token = token_hash(r, l->old_hash);
}

static const char *make_token(const struct req *r, struct login *l)
{
    const char *token = random_text(r->arena, TOKEN_BYTES);
    digest_sha256(token, strlen(token), l->new_hash);
    l->csrf = random_text(r->arena, CSRF_BYTES);
    return token;
}

static void set_cookies(const struct req *r, struct reply *p, const char *token)
{
    p->cookies[0] = p->cookies[1] = NULL;
    cookie_set(r, p, SESSION_COOKIE, token, 0);
    cookie_set(r, p, CSRF_COOKIE, "", -1);
}

enum rc session_login(struct req *r, struct reply *p, const char *name, const char *password,
                      struct err *e)
{
    if (strlen(name) > LIMIT_USER_NAME || strlen(password) > LIMIT_PASSWORD_BYTES)
        return ERR(e, RC_UNAUTHORIZED, WRONG_LOGIN, "name or password too long");
    struct login *l = arena_alloc(r->arena, sizeof *l);
    fill_login(r, l, name);
    enum rc rc = sql_tx(r->app->db, count_attempt, l, e);
    if (rc == RC_OK)
        rc = verify(r, l, password, e);
    if (rc != RC_OK)
        return rc;
    const char *token = make_token(r, l);
    rc = sql_tx(r->app->db, begin_session, l, e);
    if (rc == RC_OK)
        set_cookies(r, p, token);
    return rc;
}

/* ---- another password ---------------------------------------------------------------------------
 */

static enum rc change_password(struct sql *q, void *arg, struct err *e)
{
    const struct login *l = arg;
    enum rc rc = logins_clear(q, l->account_subject, e);
    if (rc == RC_OK)
        rc = logins_take_back(q, l->address_subject, e);
    if (rc == RC_OK)
        rc = users_set_password(q, l->user.id, l->hash, e);
    if (rc == RC_OK)
        rc = sessions_insert(q, l->new_hash, l->user.id, l->csrf, l->now_ms, l->address, e);
    return rc == RC_OK ? audit(q, &l->user, "user.password_set", l->now_ms, e) : rc;
}

enum rc session_set_password(struct req *r, struct reply *p, const char *old, const char *password,
                             struct err *e)
{
    if (strlen(old) > LIMIT_PASSWORD_BYTES)
        return ERR(e, RC_UNAUTHORIZED, WRONG_LOGIN, "password too long");
    struct login *l = arena_alloc(r->arena, sizeof *l);
    fill_login(r, l, r->actor.name);
    enum rc rc = sql_tx(r->app->db, count_attempt, l, e);
    if (rc == RC_OK)
        rc = verify(r, l, old, e);
    if (rc == RC_OK)
        rc = slow_enter(SLOW_HASH, e);
    if (rc != RC_OK)
        return rc;
    rc = secret_password_hash(password, SECRET_INTERACTIVE, l->hash, e);
    slow_leave(SLOW_HASH);
    if (rc != RC_OK)
        return rc;
    const char *token = make_token(r, l);
    rc = sql_tx(r->app->db, change_password, l, e);
    if (rc == RC_OK)
        set_cookies(r, p, token);
    return rc;
}

/* ---- logout -------------------------------------------------------------------------------------
 */

struct logout {
    uint8_t token_hash[DIGEST_BYTES];
    const struct user *user;
    int64_t now_ms;
};

static enum rc end_session(struct sql *q, void *arg, struct err *e)
{
    const struct logout *l = arg;
    enum rc rc = sessions_delete(q, l->token_hash, e);
    return rc == RC_OK ? audit(q, l->user, "user.logout", l->now_ms, e) : rc;
}

enum rc session_logout(struct req *r, struct reply *p, struct err *e)
{
    struct logout l = {.now_ms = r->now_ms};
    if (!r->session || !token_hash(r, l.token_hash))
        return ERR(e, RC_UNAUTHORIZED, NOT_SIGNED_IN, "logout without a session");
    l.user = &r->session->user;
    enum rc rc = sql_tx(r->app->db, end_session, &l, e);
    if (rc == RC_OK)
        cookie_set(r, p, SESSION_COOKIE, "", -1);
    return rc;
}
