#include "notify/webhook.h"

#include "core/digest.h"
#include "core/str.h"

#include <string.h>

#define SECRET_PREFIX "whsec_"
#define SECRET_CHARS  4 /* anything shorter is in many a text by chance */

/* ---- the call -----------------------------------------------------------------------------------
 */

const char *webhook_signature(struct arena *a, const char *secret, const char *event_id,
                              int64_t at_s, const char *body)
{
    uint8_t mac[DIGEST_BYTES];
    size_t key_n = 0;
    if (!str_starts(secret, SECRET_PREFIX))
        return NULL;
    const uint8_t *key = digest_unbase64(a, secret + strlen(SECRET_PREFIX), &key_n);
    if (key == NULL || key_n == 0)
        return NULL;
    struct buf b;
    buf_init(&b, a);
    buf_printf(&b, "%s.%lld.", event_id, (long long)at_s);
    buf_puts(&b, body);
    digest_hmac(key, key_n, b.data, b.len, mac);
    return arena_printf(a, "v1,%s", digest_base64(a, mac, sizeof mac));
}

/* "v1,…", or "v1,… v1,…" while two secrets live. */
static const char *signatures(struct arena *a, const struct webhook_to *to, const char *event_id,
                              int64_t at_s, const char *body)
{
    const char *now = webhook_signature(a, to->secret, event_id, at_s, body);
    if (now == NULL || to->old_secret == NULL)
        return now;
    const char *before = webhook_signature(a, to->old_secret, event_id, at_s, body);
    return before != NULL ? arena_printf(a, "%s %s", now, before) : NULL;
}

/* Basic auth's token. */
static const char *token(struct arena *a, const struct webhook_to *to)
{
    const char *pair = arena_printf(a, "%s:%s", to->username, str_or(to->password, ""));
    return digest_base64(a, pair, strlen(pair));
}

static void add(struct arena *a, struct http_call *call, const char *name, const char *value)
{
    CHECK(call->n_headers < HTTP_MAX_HEADERS);
    call->headers[call->n_headers++] = arena_printf(a, "%s: %s", name, value);
}

enum rc webhook_call(struct arena *a, const struct webhook_to *to, const char *event_id,
                     const char *body, int64_t at_ms, struct http_call *out, struct err *e)
{
    int64_t at_s = at_ms / 1000;
    const char *signature = signatures(a, to, event_id, at_s, body);
    if (signature == NULL)
        return ERR(e, RC_INVALID, "The endpoint's signing secret is none: rotate it.",
                   "no %s… in base64", SECRET_PREFIX);
    *out =
        (struct http_call){.method = "POST", .url = to->url, .body = body, .body_n = strlen(body)};
    add(a, out, "Content-Type", "application/json");
    add(a, out, "User-Agent", "refunddesk");
    add(a, out, "webhook-id", event_id);
    add(a, out, "webhook-timestamp", arena_printf(a, "%lld", (long long)at_s));
    add(a, out, "webhook-signature", signature);
    if (to->username != NULL)
        add(a, out, "Authorization", arena_printf(a, "Basic %s", token(a, to)));
    for (int i = 0; i < to->n_headers; i++)
        add(a, out, to->names[i], to->values[i]);
    return RC_OK;
}

/* ---- what it said -------------------------------------------------------------------------------
 */

/* Stars every run of the n bytes that repeats the secret; they stay as many. */
static void hide(char *text, size_t n, const char *secret)
{
    size_t secret_n = secret != NULL ? strlen(secret) : 0;
    if (secret_n < SECRET_CHARS)
        return;
    for (size_t i = 0; i + secret_n <= n; i++) {
        if (memcmp(text + i, secret, secret_n) == 0)
            memset(text + i, '*', secret_n);
    }
}

static const char *key_of(const char *secret)
{
    return secret != NULL && str_starts(secret, SECRET_PREFIX) ? secret + strlen(SECRET_PREFIX)
                                                               : secret;
}

static void hide_all(struct arena *a, const struct webhook_to *to, char *text, size_t n)
{
    hide(text, n, key_of(to->secret));
    hide(text, n, key_of(to->old_secret));
    hide(text, n, to->password);
    if (to->username != NULL)
        hide(text, n, token(a, to));
    for (int i = 0; i < to->n_headers; i++)
        hide(text, n, to->values[i]);
}

/* In place: what no page or log can show becomes a "?". */
static void clean(char *text, size_t n)
{
    for (size_t i = 0, step; i < n; i += step) {
        unsigned char c = (unsigned char)text[i];
        bool control = (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
        step = str_utf8_next(text + i, n - i);
        if (step == 0 || control) {
            text[i] = '?';
            step = 1;
        }
    }
}

const char *webhook_said(struct arena *a, const struct webhook_to *to, const struct http_result *r)
{
    bool answered = r->end == HTTP_ANSWERED;
    const char *said = answered ? r->body : str_or(r->detail, "");
    size_t n = answered ? r->body_n : strlen(said);
    char *text = arena_strndup(a, said, n);
    hide_all(a, to, text, n);
    clean(text, n);
    text[str_utf8_cut(text, n < LIMIT_DELIVERY_SAID ? n : LIMIT_DELIVERY_SAID)] = '\0';
    return *text ? text : NULL;
}
