/*
 * API keys: what one is, made and revoked by Settings > API keys and by refundctl (DOMAIN: HTTP
 * API). A key's text is shown once, by whoever made it; the store has its hash and a prefix.
 */
#ifndef REFUND_KEYS_H
#define REFUND_KEYS_H

#include "core/app.h"
#include "refund/settings.h"
#include "store/api_keys.h"

enum { KEYS_DAYS_MAX = 3650 };

struct key_scope {
    const char *name; /* "read" */
    const char *help; /* what it lets a client do */
    int bit;          /* SCOPE_… */
};
/* All, in the order of their names' use; *count is set. */
const struct key_scope *keys_scopes(int *count);
/* "read,intake" in bits; 0: a word is no scope. */
int keys_scopes_parse(struct arena *a, const char *list);
/* "read,intake" */
const char *keys_scopes_text(struct arena *a, int bits);

/* "active", "expired" or "revoked". */
const char *keys_state(const struct api_key *k, int64_t now_ms);

struct key_made {
    struct api_key key;
    uint8_t hash[DIGEST_BYTES];
    const char *text; /* "rdk_" and 43 characters: 256 bits */
};
/* A new secret: text, hash and prefix; the rest of out->key is the caller's to fill. */
void keys_new(struct arena *a, struct key_made *out);
/* A name that a key may have: 1 to LIMIT_KEY_NAME printable ASCII characters. */
bool keys_name_valid(const char *name);

/* RC_CONFLICT when as many keys as LIMIT_API_KEYS_USABLE can be used already at key.created_ms. */
MUSTCHECK enum rc keys_insert(struct sql *q, struct arena *a, const struct key_made *k,
                              struct err *e);

/* What a form asks for. */
struct key_wish {
    int64_t id;       /* the form's one-time id: the key's row id */
    const char *name; /* as typed */
    int scopes;       /* 0: none was chosen */
    const char *days; /* usable for so many; NULL or "": for ever */
};
struct key_answer {
    struct settings_answer checked; /* faults of "name", "scopes", "days", "id"; none: it is made */
    bool again;                     /* this form had made its key before: nothing was done */
    struct key_made made;
};
/* Makes the key of the actor's merchant, with its audit row. */
MUSTCHECK enum rc keys_make(struct app *app, struct arena *a, const struct actor *actor,
                            const struct key_wish *wish, struct key_answer *out, struct err *e);

/* One of the actor's merchant; RC_NOT_FOUND. */
MUSTCHECK enum rc keys_get(struct sql *q, struct arena *a, const struct actor *actor, int64_t id,
                           struct api_key *out, struct err *e);
/* From now on it is refused, within the seconds that a process may remember it; audit row.
 * RC_NOT_FOUND: the merchant has no such key, or it was revoked before. */
MUSTCHECK enum rc keys_revoke(struct app *app, struct arena *a, const struct actor *actor,
                              int64_t id, struct err *e);

#endif
