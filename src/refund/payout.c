#include "refund/payout.h"

#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/account.h"

#include <string.h>

#define DETAILS "beneficiary_details"

static const struct payout_field bank_fields[] = {
    {"first_name", "First name", true, LIMIT_PAYEE_NAME, "John", PAYOUT_NAME},
    {"last_name", "Last name", true, LIMIT_PAYEE_NAME, "Wick", PAYOUT_NAME},
    {"account", "Account number", true, LIMIT_PAYEE_ACCOUNT, "026687138997581", PAYOUT_ACCOUNT},
    {"bank_code", "Bank code", true, LIMIT_PAYEE_CODE, "JP_MY_PUBLIC", PAYOUT_CODE},
    {"address.street_address", "Street", true, LIMIT_PAYEE_ADDRESS, "8, Bencoolen St",
     PAYOUT_WORDS},
    {"address.city", "City", true, LIMIT_PAYEE_ADDRESS, "Singapore", PAYOUT_WORDS},
    {"address.state", "State", true, LIMIT_PAYEE_ADDRESS, "Singapore", PAYOUT_WORDS},
    {"address.postcode", "Postcode", true, LIMIT_PAYEE_POSTCODE, "238858", PAYOUT_POSTCODE},
    {"address.country_code", "Country code", true, 3, "SGP", PAYOUT_COUNTRY},
};
static const struct payout_field ifsc_fields[] = {
    {"name", "Name of the holder", true, LIMIT_PAYEE_NAME, "John Wick", PAYOUT_NAME},
    {"account", "Account number", true, LIMIT_PAYEE_ACCOUNT, "026687138997581", PAYOUT_ACCOUNT},
    {"ifsc", "IFSC", true, 11, "HDFC0000123", PAYOUT_IFSC},
};
static const struct payout_field upi_fields[] = {
    {"name", "Name of the holder", true, LIMIT_PAYEE_NAME, "John Wick", PAYOUT_NAME},
    {"vpa", "UPI id", true, LIMIT_PAYEE_VPA, "john@bank", PAYOUT_VPA},
};
#define FIELDS(f) (f), (int)(sizeof(f) / sizeof(f)[0])

static const struct payout_type types[] = {
    {"BANK_TRANSFER", "Bank transfer", FIELDS(bank_fields), true},
    {"ACCOUNT_IFSC", "Bank account in India", FIELDS(ifsc_fields), false},
    {"UPI_ID", "UPI", FIELDS(upi_fields), false},
};
#define N_TYPES ((int)(sizeof types / sizeof types[0]))

const struct payout_type *payout_types(int *count)
{
    *count = N_TYPES;
    return types;
}

static const struct payout_type *type_find(const char *type)
{
    for (int i = 0; i < N_TYPES; i++) {
        if (str_eq(types[i].type, type))
            return &types[i];
    }
    return NULL;
}

/* ---- reading ----------------------------------------------------------------------------------
 */

static enum rc refuse(struct err *e, enum rc rc, const char *text)
{
    return ERR(e, rc, text, "beneficiary refused");
}

static enum rc read_object(struct arena *a, const char *name, const char *json,
                           struct json_object **out, struct err *e)
{
    enum rc rc = json_read(a, json, strlen(json), out, e);
    if (rc != RC_OK)
        return refuse(e, RC_INVALID, arena_printf(a, "%s: %s", name, e->text));
    if (!json_object_is_type(*out, json_type_object))
        return refuse(e, RC_INVALID, arena_printf(a, "%s must be a JSON object.", name));
    return RC_OK;
}

/* A member that is text, absent or null. */
static enum rc read_text(struct arena *a, const char *name, struct json_object *from,
                         const char *key, const char **out, struct err *e)
{
    struct json_object *member = json_get(from, key);
    *out = json_text(a, from, key);
    if (member != NULL && !json_object_is_type(member, json_type_string))
        return refuse(e, RC_INVALID, arena_printf(a, "%s.%s must be text.", name, key));
    return RC_OK;
}

enum rc payout_read(struct arena *a, const char *json, struct payout_ask *out, struct err *e)
{
    struct json_object *tree;
    enum rc rc = read_object(a, DETAILS, json, &tree, e);
    if (rc == RC_OK)
        rc = read_text(a, DETAILS, tree, "type", &out->type, e);
    if (rc == RC_OK)
        rc = read_text(a, DETAILS, tree, "transfer_type", &out->transfer_type, e);
    if (rc == RC_OK)
        rc = read_text(a, DETAILS, tree, "payout_mode", &out->payout_mode, e);
    if (rc != RC_OK)
        return rc;
    out->details = json_get(tree, "details");
    if (out->details != NULL && !json_object_is_type(out->details, json_type_object))
        return refuse(e, RC_INVALID, DETAILS ".details must be an object.");
    return RC_OK;
}

enum rc payout_read_gateway(struct arena *a, const char *json, struct payout_ask *out,
                            struct err *e)
{
    struct json_object *tree;
    enum rc rc = read_object(a, "preferred_gateway", json, &tree, e);
    if (rc == RC_OK)
        rc = read_text(a, "preferred_gateway", tree, "gateway", &out->gateway, e);
    if (rc == RC_OK)
        rc = read_text(a, "preferred_gateway", tree, "gateway_reference_id",
                       &out->gateway_reference_id, e);
    if (rc == RC_OK && str_empty(out->gateway))
        return refuse(e, RC_NOT_FOUND, "preferred_gateway.gateway is missing.");
    return rc;
}

/* ---- checking and sealing -----------------------------------------------------------------------
 */

struct seal_work {
    struct arena *arena;
    const struct payout_ask *ask;
    const struct payout_type *type;
    const char **field;
    const char *mend; /* of the field that was refused last */
    const char *values[sizeof bank_fields / sizeof bank_fields[0]]; /* as they are sealed */
};

static enum rc at_field(struct seal_work *w, enum rc rc, const char *path, const char *mend,
                        struct err *e)
{
    *w->field = path;
    w->mend = mend;
    return refuse(e, rc, arena_printf(w->arena, "%s %s", path, mend));
}

static const char *path_of(struct seal_work *w, const struct payout_field *f)
{
    return arena_printf(w->arena, DETAILS ".details.%s", f->name);
}

/* The member at "address.city". *odd: something is there that is neither text nor a whole number.
 */
static const char *told(struct arena *a, struct json_object *from, const char *name, bool *odd)
{
    const char *dot = strchr(name, '.');
    *odd = false;
    if (dot != NULL) {
        struct json_object *inner = json_get(from, arena_strndup(a, name, (size_t)(dot - name)));
        if (inner == NULL)
            return NULL;
        *odd = !json_object_is_type(inner, json_type_object);
        return *odd ? NULL : told(a, inner, dot + 1, odd);
    }
    struct json_object *member = json_get(from, name);
    const char *text = json_text(a, from, name);
    if (member == NULL || json_object_is_type(member, json_type_string))
        return text;
    *odd = text == NULL || strspn(text, "0123456789") != strlen(text);
    return text;
}

static enum rc one_of(struct seal_work *w, const char *name, const char *value, const char *first,
                      const char *second, struct err *e)
{
    const char *path = arena_printf(w->arena, DETAILS ".%s", name);
    if (str_empty(value))
        return at_field(w, RC_NOT_FOUND, path,
                        arena_printf(w->arena, "is missing. Send %s or %s.", first, second), e);
    if (!str_eq(value, first) && !str_eq(value, second))
        return at_field(w, RC_INVALID, path,
                        arena_printf(w->arena, "must be %s or %s.", first, second), e);
    return RC_OK;
}

static enum rc check_kind(struct seal_work *w, struct err *e)
{
    const struct payout_ask *ask = w->ask;
    if (ask->type == NULL && ask->details == NULL)
        return at_field(w, RC_NOT_FOUND, DETAILS,
                        "is missing. Send it, or the beneficiary_id of one that is kept.", e);
    if (str_empty(ask->type))
        return at_field(w, RC_NOT_FOUND, DETAILS ".type",
                        "is missing. Send BANK_TRANSFER, ACCOUNT_IFSC or UPI_ID.", e);
    w->type = type_find(ask->type);
    if (w->type == NULL)
        return at_field(w, RC_INVALID, DETAILS ".type",
                        "must be BANK_TRANSFER, ACCOUNT_IFSC or UPI_ID.", e);
    if (ask->details == NULL)
        return at_field(w, RC_NOT_FOUND, DETAILS ".details", "is missing.", e);
    if (!w->type->has_transfer)
        return RC_OK;
    enum rc rc = one_of(w, "transfer_type", ask->transfer_type, "LOCAL", "INTERNATIONAL", e);
    return rc == RC_OK ? one_of(w, "payout_mode", ask->payout_mode, "FAST", "IBAN", e) : rc;
}

static enum rc check_field(struct seal_work *w, int i, struct err *e)
{
    const struct payout_field *f = &w->type->fields[i];
    bool odd;
    const char *value = told(w->arena, w->ask->details, f->name, &odd);
    if (odd)
        return at_field(w, RC_INVALID, path_of(w, f), "must be text.", e);
    value = value != NULL ? str_trim(w->arena, value) : NULL;
    if (str_empty(value)) {
        if (!f->required)
            return RC_OK;
        return at_field(w, RC_NOT_FOUND, path_of(w, f),
                        arena_printf(w->arena, "is missing, for example %s.", f->like), e);
    }
    bool iban = w->type->has_transfer && str_eq(w->ask->payout_mode, "IBAN");
    const char *wrong = account_check(w->arena, f->shape, iban, f->most_bytes, &value);
    if (wrong != NULL)
        return at_field(
            w, RC_INVALID, path_of(w, f),
            arena_printf(w->arena, "%s, for example %s.", wrong,
                         iban && f->shape == PAYOUT_ACCOUNT ? "GB82WEST12345698765432" : f->like),
            e);
    w->values[i] = value;
    return RC_OK;
}

static void put_field(struct arena *a, struct json_object *details, const char *name,
                      const char *value)
{
    const char *dot = strchr(name, '.');
    if (dot == NULL) {
        json_put_text(details, name, value);
        return;
    }
    const char *outer = arena_strndup(a, name, (size_t)(dot - name));
    if (!json_has(details, outer))
        json_put(details, outer, json_object_in(a));
    json_put_text(json_get(details, outer), dot + 1, value);
}

static const char *value_of(const struct seal_work *w, const char *name)
{
    for (int i = 0; i < w->type->n_fields; i++) {
        if (str_eq(w->type->fields[i].name, name))
            return w->values[i];
    }
    return NULL;
}

enum rc payout_seal(struct arena *a, const struct payout_ask *ask, const struct seal_public *to,
                    struct payee *out, const char **field, struct err *e)
{
    struct seal_work w = {.arena = a, .ask = ask, .field = field};
    enum rc rc = check_kind(&w, e);
    CHECK(rc != RC_OK || w.type != NULL);
    for (int i = 0; rc == RC_OK && i < w.type->n_fields; i++)
        rc = check_field(&w, i, e);
    if (rc != RC_OK)
        return rc;
    struct json_object *details = json_object_in(a);
    for (int i = 0; i < w.type->n_fields; i++) {
        if (w.values[i] != NULL)
            put_field(a, details, w.type->fields[i].name, w.values[i]);
    }
    const char *text = json_write(a, details);
    const char *vpa = value_of(&w, "vpa");
    const char *name = value_of(&w, "name");
    *out = (struct payee){
        .type = w.type->type,
        .name = name != NULL ? name
                             : arena_printf(a, "%s %s", value_of(&w, "first_name"),
                                            value_of(&w, "last_name")),
        .masked = vpa != NULL ? account_mask_vpa(a, vpa) : account_mask(a, value_of(&w, "account")),
        .transfer_type = w.type->has_transfer ? ask->transfer_type : NULL,
        .payout_mode = w.type->has_transfer ? ask->payout_mode : NULL,
    };
    out->sealed = secret_seal(a, to, text, strlen(text), &out->sealed_n);
    return RC_OK;
}

int payout_faults(struct arena *a, const struct payout_ask *ask, struct payout_fault *out)
{
    const char *field;
    struct seal_work w = {.arena = a, .ask = ask, .field = &field};
    struct err e;
    int n = 0;
    if (check_kind(&w, &e) != RC_OK)
        out[n++] = (struct payout_fault){field, w.mend};
    if (w.type == NULL || ask->details == NULL)
        return n;
    for (int i = 0; i < w.type->n_fields && n < PAYOUT_MAX_FAULTS; i++) {
        if (check_field(&w, i, &e) != RC_OK)
            out[n++] = (struct payout_fault){field, w.mend};
    }
    return n;
}
