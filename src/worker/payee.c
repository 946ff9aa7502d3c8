#include "worker/payee.h"

#include "core/json.h"
#include "core/str.h"
#include "store/payouts.h"
#include "worker/operation.h"

#include <ctype.h>
#include <string.h>

#define SHOWN_CHARS 4

/* The members of `details` that are the account itself. */
static const char *const account_members[] = {"account", "vpa"};

static const char *account_of(struct arena *a, struct json_object *details)
{
    for (size_t i = 0; i < sizeof account_members / sizeof account_members[0]; i++) {
        const char *account = json_text(a, details, account_members[i]);
        if (!str_empty(account))
            return account;
    }
    return NULL;
}

enum rc payee_open(struct worker *w, struct sql *q, struct flight *f, struct err *e)
{
    struct arena *a = f->arena;
    struct gw_payee *payee = arena_alloc(a, sizeof *payee);
    struct json_object *details = NULL;
    struct payee row;
    struct err ignored;
    size_t n;
    enum rc rc = payouts_get(q, a, f->refund_row, &row, e);
    if (rc != RC_OK)
        return rc;
    const char *opened = secret_open(a, &w->secret, row.sealed, row.sealed_n, &n);
    if (opened != NULL && json_read(a, opened, n, &details, &ignored) == RC_OK &&
        json_object_is_type(details, json_type_object))
        f->account_number = account_of(a, details);
    if (f->account_number == NULL)
        return ERR(e, RC_INVALID, "The account of this payout cannot be opened.",
                   "payee of refund %lld", (long long)f->refund_row);
    *payee = (struct gw_payee){
        .type = row.type,
        .details = opened,
        .transfer_type = row.transfer_type,
        .payout_mode = row.payout_mode,
        .reference_id = row.reference_id,
    };
    f->refund.payee = payee;
    return RC_OK;
}

/* ---- hiding ---------------------------------------------------------------------------------- */

static bool is_plain(char c)
{
    return isalnum((unsigned char)c) != 0;
}

static bool is_same(char x, char y)
{
    return tolower((unsigned char)x) == tolower((unsigned char)y);
}

/* How many characters of `account`, from its k-th on, `text` repeats; *end is behind the last. At
 * most one separator stands between two of them. */
static size_t repeats(const char *text, const char *account, size_t k, const char **end)
{
    size_t n = 0;
    *end = text;
    while (account[k] != '\0' && is_plain(*text) && is_same(*text, account[k])) {
        n++;
        k++;
        *end = ++text;
        if (*text != '\0' && !is_plain(*text))
            text++;
    }
    return n;
}

/* Stars in `copy` what of `text` lies in [from, end), but for the account's last characters. */
static void star(char *copy, const char *text, size_t from, size_t end, size_t k, size_t shown_from)
{
    for (; from < end; from++) {
        if (!is_plain(text[from]))
            continue;
        if (k++ < shown_from)
            copy[from] = '*';
    }
}

const char *payee_hide_in(struct arena *a, const char *account, bool whole, const char *text)
{
    char *plain = arena_alloc(a, strlen(account) + 1);
    size_t n = 0;
    for (const char *c = account; *c; c++) {
        if (is_plain(*c))
            plain[n++] = *c;
    }
    if (n == 0 || text == NULL)
        return text;
    size_t least = whole || n < PAYEE_PART_CHARS ? n : PAYEE_PART_CHARS;
    size_t shown_from = n > SHOWN_CHARS ? n - SHOWN_CHARS : n;
    char *copy = arena_strdup(a, text);
    for (size_t i = 0; text[i] != '\0'; i++) {
        for (size_t k = 0; k + least <= n; k++) {
            const char *end = text;
            if (repeats(text + i, plain, k, &end) >= least)
                star(copy, text, i, (size_t)(end - text), k, shown_from);
        }
    }
    return copy;
}

void payee_hide(struct flight *f)
{
    struct gw_outcome *o = &f->outcome;
    const struct {
        const char **text;
        bool is_id;
    } said[] = {{&o->ref, true},         {&o->arn, true},
                {&o->error_code, false}, {&o->error_message, false},
                {&o->words, false},      {&f->detail, false}};
    if (!operation_pays_out(f->refund_type))
        return;
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
        *said[i].text = f->account_number != NULL ? payee_hide_in(f->arena, f->account_number,
                                                                  said[i].is_id, *said[i].text)
                                                  : NULL;
}
