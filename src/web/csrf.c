#include "web/csrf.h"
#include "core/digest.h"
#include "core/str.h"
#include "web/cookie.h"
#include <string.h>

#define RELOAD "This form is out of date. Reload the page and try again."

enum { COOKIE_SECRET_BYTES = 32, COOKIE_MAX_AGE_S = 2 * 3600 };

char *csrf_token(struct arena *a, const char *secret)
{
    static const char PURPOSE[] = "form";
    uint8_t mac[DIGEST_BYTES];
    digest_hmac(secret, strlen(secret), PURPOSE, sizeof PURPOSE - 1, mac);
    return digest_base64url(a, mac, sizeof mac);
}

/* The form cookie, when it is long enough to be one of ours. */
static const char *form_cookie(const struct req *r)
{
    const char *value = cookie_get(r, CSRF_COOKIE);
    return value && strlen(value) >= COOKIE_SECRET_BYTES ? value : NULL;
}

void csrf_prepare(struct req *r, struct reply *p)
{
    if (r->session) {
        r->csrf_token = csrf_token(r->arena, r->session->csrf);
        return;
    }
    const char *secret = form_cookie(r);
    if (!secret) {
        uint8_t random[COOKIE_SECRET_BYTES];
        digest_random(random, sizeof random);
        secret = digest_base64url(r->arena, random, sizeof random);
        cookie_set(r, p, CSRF_COOKIE, secret, COOKIE_MAX_AGE_S);
    }
    r->csrf_token = csrf_token(r->arena, secret);
}

/* "https://desk.example:8443" against "desk.example:8443". */
static bool same_host(const char *origin, const char *host)
{
    const char *at = origin ? strstr(origin, "://") : NULL;
    return at && host && str_ieq(at + 3, host);
}

/* A browser always sends one of the two with a POST; what sends neither is no browser. */
static bool own_origin(const struct req *r)
{
    const char *origin = req_header(r, "origin");
    const char *site = req_header(r, "sec-fetch-site");
    if (origin)
        return same_host(origin, req_header(r, "host"));
    return !site || str_eq(site, "same-origin");
}

enum rc csrf_check(const struct req *r, struct err *e)
{
    if (!own_origin(r))
        return ERR(e, RC_DENIED, RELOAD, "origin %.80s", str_or(req_header(r, "origin"), "none"));
    const char *secret = r->session ? r->session->csrf : form_cookie(r);
    const char *given = form_get(&r->form, CSRF_FIELD);
    if (!secret || !given)
        return ERR(e, RC_DENIED, RELOAD, "%s is missing", given ? "cookie" : "token");
    const char *wanted = csrf_token(r->arena, secret);
    if (!digest_equal(given, strlen(given), wanted, strlen(wanted)))
        return ERR(e, RC_DENIED, RELOAD, "token is wrong");
    return RC_OK;
}
