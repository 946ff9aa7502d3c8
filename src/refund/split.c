#include "refund/split.h"

#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"

#include <string.h>

/* A name in a message: long ones are cut, so that the rule is always seen. */
enum { NAME_BYTES = 60 };

static const char *said(struct arena *a, const char *party)
{
    size_t n = str_utf8_cut(party, NAME_BYTES);
    if (n == 0)
        return "the marketplace";
    return arena_printf(a, "vendor %.*s%s", (int)n, party, party[n] != '\0' ? "…" : "");
}

static enum rc broken(struct err *e, enum rc rc, const char *text)
{
    (void)ERR(e, rc, text, "split settlement refused");
    return rc;
}

/* ---- reading ----------------------------------------------------------------------------------
 */

/* The amount under either of its names, as text; both at once is a contradiction. */
static enum rc read_amount(struct arena *a, struct json_object *from, const char *path,
                           const char **amount, struct err *e)
{
    const char *plain = json_text(a, from, "amount");
    const char *refund = json_text(a, from, "refund_amount");
    if (plain != NULL && refund != NULL && !str_eq(plain, refund))
        return broken(e, RC_INVALID,
                      arena_printf(a, "%s has amount and refund_amount: send one of them.", path));
    *amount = refund != NULL ? refund : plain;
    if (*amount == NULL)
        return broken(e, RC_NOT_FOUND, arena_printf(a, "%s.refund_amount is missing.", path));
    return RC_OK;
}

static enum rc read_vendor(struct arena *a, struct json_object *vendor, int i,
                           struct split_part *out, struct err *e)
{
    const char *path = arena_printf(a, "vendor.split[%d]", i);
    if (!json_object_is_type(vendor, json_type_object))
        return broken(e, RC_INVALID, arena_printf(a, "%s must be an object.", path));
    out->party = json_text(a, vendor, "sub_mid");
    if (str_empty(out->party))
        return broken(e, RC_NOT_FOUND, arena_printf(a, "%s.sub_mid is missing.", path));
    if (strlen(out->party) > LIMIT_PARTY)
        return broken(e, RC_INVALID,
                      arena_printf(a, "%s.sub_mid is longer than %d bytes.", path, LIMIT_PARTY));
    return read_amount(a, vendor, path, &out->amount, e);
}

static enum rc read_vendors(struct arena *a, struct json_object *list, struct split_ask *out,
                            struct err *e)
{
    size_t n = json_object_array_length(list);
    if (n > LIMIT_SPLIT_PARTIES - 1)
        return broken(e, RC_INVALID,
                      arena_printf(a,
                                   "vendor.split names %zu vendors; a split settlement has at "
                                   "most %d.",
                                   n, LIMIT_SPLIT_PARTIES - 1));
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = read_vendor(a, json_object_array_get_idx(list, i), (int)i, &out->parts[out->n++], e);
    return rc;
}

/* A member that must be of this type when it is there; absent and null leave *out NULL. */
static enum rc read_member(struct arena *a, struct json_object *from, const char *key,
                           const char *path, enum json_type type, struct json_object **out,
                           struct err *e)
{
    *out = json_get(from, key);
    if (*out != NULL && !json_object_is_type(*out, type))
        return broken(e, RC_INVALID,
                      arena_printf(a, "%s must be %s.", path,
                                   type == json_type_array ? "an array" : "an object"));
    return RC_OK;
}

enum rc split_read(struct arena *a, const char *json, struct split_ask *out, struct err *e)
{
    struct json_object *tree, *marketplace, *vendor, *list = NULL;
    *out = (struct split_ask){.parts = arena_array(a, LIMIT_SPLIT_PARTIES, sizeof *out->parts)};
    enum rc rc = json_read(a, json, strlen(json), &tree, e);
    if (rc != RC_OK)
        return broken(e, RC_INVALID, arena_strdup(a, e->text));
    if (!json_object_is_type(tree, json_type_object))
        return broken(e, RC_INVALID, "must be a JSON object with marketplace and vendor.");
    rc = read_member(a, tree, "marketplace", "marketplace", json_type_object, &marketplace, e);
    if (rc == RC_OK)
        rc = read_member(a, tree, "vendor", "vendor", json_type_object, &vendor, e);
    if (rc == RC_OK && vendor != NULL)
        rc = read_member(a, vendor, "split", "vendor.split", json_type_array, &list, e);
    if (rc == RC_OK && marketplace != NULL)
        rc = read_amount(a, marketplace, "marketplace", &out->parts[out->n++].amount, e);
    if (rc != RC_OK)
        return rc;
    if (marketplace != NULL)
        out->parts[0].party = "";
    if (list != NULL)
        rc = read_vendors(a, list, out, e);
    if (rc == RC_OK && out->n == 0)
        return broken(e, RC_NOT_FOUND,
                      "names nobody: at least marketplace.refund_amount or one of vendor.split is "
                      "needed.");
    return rc;
}

/* ---- amounts ------------------------------------------------------------------------------------
 */

static const char *fault_text(struct arena *a, enum money_fault fault, const char *party,
                              const char *currency)
{
    switch (fault) {
    case MONEY_TOO_MANY_DECIMALS:
        return arena_printf(a, "Decimal Precision: the amount of %s has more decimals than %s has.",
                            said(a, party), currency);
    case MONEY_TOO_LARGE:
        return arena_printf(a, "Positive Values: the amount of %s is too large.", said(a, party));
    default:
        return arena_printf(a,
                            "Positive Values: the amount of %s must be digits with a point for "
                            "decimals, for example 100.50.",
                            said(a, party));
    }
}

static const struct party *find(const struct party *parties, int n, const char *party)
{
    for (int i = 0; i < n; i++) {
        if (str_eq(parties[i].party, party))
            return &parties[i];
    }
    return NULL;
}

enum rc split_resolve(struct arena *a, const struct split_ask *ask, const char *currency,
                      int64_t total_minor, struct party **out, int *count, struct err *e)
{
    struct party *parts = arena_array(a, (size_t)ask->n, sizeof *parts);
    int64_t sum_minor = 0;
    CHECK(ask->n <= LIMIT_SPLIT_PARTIES); /* 101 times 10^15 fits */
    for (int i = 0; i < ask->n; i++) {
        const char *party = ask->parts[i].party;
        int64_t minor = 0;
        enum money_fault fault = money_parse(ask->parts[i].amount, currency, &minor);
        if (fault != MONEY_OK)
            return broken(e, RC_INVALID, fault_text(a, fault, party, currency));
        if (minor == 0 && !str_empty(party))
            return broken(e, RC_INVALID,
                          arena_printf(a,
                                       "Minimum Amount: the amount of %s must be greater than 0.",
                                       said(a, party)));
        if (find(parts, i, party) != NULL)
            return broken(e, RC_INVALID,
                          arena_printf(a, "Unique Vendor IDs: %s is named twice.", said(a, party)));
        parts[i] = (struct party){.party = party, .amount_minor = minor};
        sum_minor += minor;
    }
    if (sum_minor != total_minor)
        return broken(
            e, RC_INVALID,
            arena_printf(a,
                         "Total Amount Consistency: the parts add up to %s %s, the amount is %s.",
                         money_text(a, sum_minor, currency), currency,
                         money_text(a, total_minor, currency)));
    *out = parts;
    *count = ask->n;
    return RC_OK;
}

/* ---- judging ------------------------------------------------------------------------------------
 */

static int64_t rest_of(const struct party *p)
{
    return p->amount_minor > p->given_minor ? p->amount_minor - p->given_minor : 0;
}

/* Nothing was said of the split: only all that is left can be shared out without asking. */
static enum rc share_rest(struct arena *a, const struct party *parties, int n, const char *currency,
                          int64_t amount_minor, struct party **out, int *count, struct err *e)
{
    struct party *parts = arena_array(a, (size_t)n, sizeof *parts);
    int64_t sum_minor = 0;
    int k = 0;
    for (int i = 0; i < n; i++) {
        int64_t rest_minor = rest_of(&parties[i]);
        sum_minor += rest_minor;
        if (rest_minor > 0)
            parts[k++] = (struct party){.party = parties[i].party, .amount_minor = rest_minor};
    }
    if (sum_minor != amount_minor)
        return broken(
            e, RC_INVALID,
            arena_printf(a,
                         "The order is split settled: only all that its parties have left (%s %s) "
                         "is refunded without split_settlement_details. Say who gives back how "
                         "much.",
                         money_text(a, sum_minor, currency), currency));
    *out = parts;
    *count = k;
    return RC_OK;
}

enum rc split_judge(struct arena *a, const struct party *parties, int n_parties,
                    const struct split_ask *ask, const char *currency, int64_t amount_minor,
                    struct party **out, int *count, struct err *e)
{
    if (ask == NULL)
        return share_rest(a, parties, n_parties, currency, amount_minor, out, count, e);
    struct party *parts;
    int n;
    enum rc rc = split_resolve(a, ask, currency, amount_minor, &parts, &n, e);
    for (int i = 0; rc == RC_OK && i < n; i++) {
        const struct party *whole = find(parties, n_parties, parts[i].party);
        if (whole == NULL && parts[i].amount_minor > 0)
            return broken(e, RC_INVALID,
                          arena_printf(a, "Unknown party: %s has no part of this order.",
                                       said(a, parts[i].party)));
        if (whole != NULL && parts[i].amount_minor > rest_of(whole))
            return broken(
                e, RC_INVALID,
                arena_printf(a, "Party Ceiling: %s has %s %s left of its part, %s is more.",
                             said(a, parts[i].party), money_text(a, rest_of(whole), currency),
                             currency, money_text(a, parts[i].amount_minor, currency)));
        parts[i].party = whole != NULL ? whole->party : NULL;
    }
    if (rc != RC_OK)
        return rc;
    /* A marketplace that has no part may be told 0: nothing is kept of it. */
    int kept = 0;
    for (int i = 0; i < n; i++) {
        if (parts[i].party != NULL)
            parts[kept++] = parts[i];
    }
    *out = parts;
    *count = kept;
    return RC_OK;
}

struct json_object *split_body(struct arena *a, const struct party *parties, int n,
                               const char *currency)
{
    struct json_object *body = json_object_in(a);
    struct json_object *details = json_array_in(a);
    json_put_bool(body, "split_applied", true);
    for (int i = 0; i < n; i++) {
        struct json_object *part = json_object_in(a);
        if (str_empty(parties[i].party)) {
            json_put(body, "marketplace", part);
        } else {
            json_put_text(part, "sub_vendor_id", parties[i].party);
            json_add(details, part);
        }
        json_put_money(a, part, "amount", parties[i].amount_minor, currency);
    }
    json_put(body, "split_details", details);
    return body;
}
