#include "api/errors.h"
#include "core/json.h"
#include "core/str.h"
#include <string.h>

#define USER_MESSAGE   "Invalid request params. Please verify your input."
#define SERVER_MESSAGE "Something went wrong on our side. Please try again."
#define LAST_DOTTED    "2023-12-31"

/* ---- parts
 * --------------------------------------------------------------------------------------- */

/* The codes of lighttpd/errors.tsv, which says the same for the answers it makes itself. */
struct face {
    int status; /* of HTTP */
    const char *code;
    bool ours; /* our fault, not the client's */
};

static const struct face FACES[] = {
    {400, "INVALID_REQUEST", false},
    {403, "ACCESS_DENIED", false},
    {404, "NOT_FOUND", false},
    {405, "METHOD_NOT_ALLOWED", false},
    {409, "CONFLICT", false},
    {413, "PAYLOAD_TOO_LARGE", false},
    {415, "UNSUPPORTED_MEDIA_TYPE", false},
    {429, "TOO_MANY_REQUESTS", false},
    {503, "SERVICE_UNAVAILABLE", true},
};

static const struct face *face_of(int status)
{
    static const struct face OTHER = {500, "INTERNAL_ERROR", true};
    for (size_t i = 0; i < sizeof FACES / sizeof FACES[0]; i++) {
        if (FACES[i].status == status)
            return &FACES[i];
    }
    return &OTHER;
}

static struct json_object *fields_of(struct arena *a, const struct api_fault *faults, int n)
{
    struct json_object *fields = json_array_in(a);
    for (int i = 0; i < n; i++) {
        if (!faults[i].field)
            continue;
        struct json_object *field = json_object_in(a);
        json_put_text(field, "field_name", faults[i].field);
        json_put_text(field, "reason", faults[i].reason);
        json_add(fields, field);
    }
    return fields;
}

/* What every error has: error_code, error_message and error_info. */
static void put_rest(const struct req *r, struct json_object *body, const char *code,
                     const char *message, const char *cause, const struct face *face,
                     struct json_object *fields)
{
    struct json_object *info = json_object_in(r->arena);
    json_put_text(info, "user_message", face->ours ? SERVER_MESSAGE : USER_MESSAGE);
    json_put_text(info, "developer_message", message);
    json_put_text(info, "request_id", r->request_id);
    json_put_text(info, "href", "NA");
    json_put_text(info, "code", face->ours ? "INTERNAL_ERROR" : "INVALID_INPUT");
    json_put_text(info, "category", face->ours ? "SYSTEM_ERROR" : "USER_ERROR");
    json_put_text(info, "cause", cause);
    json_put(info, "fields", fields);
    json_put_text(body, "error_code", code);
    json_put_text(body, "error_message", message);
    json_put(body, "error_info", info);
}

static void put_status(struct json_object *body, const char *status, int status_id)
{
    json_put_text(body, "status", status);
    json_put_int(body, "status_id", status_id);
}

static void send_body(struct req *r, struct reply *p, int status, struct json_object *body)
{
    reply_json(p, status, json_write(r->arena, body));
}

/* ---- faces
 * ----------------------------------------------------------------------------------------- */

static const struct route_face {
    const char *method, *path;
    enum api_face face;
} ROUTE_FACES[] = {
    {"POST", "/orders", FACE_ORDER},
    {"POST", "/orders/{order_id}", FACE_ORDER},
    {"POST", "/order/create", FACE_ORDER},
    {"POST", "/order/update", FACE_ORDER},
    {"POST", "/orders/{order_id}/refunds", FACE_REFUND},
    {"POST", "/order/refund", FACE_REFUND},
    {"POST", "/refunds", FACE_PAYOUT},
};
#define N_ROUTE_FACES (sizeof ROUTE_FACES / sizeof ROUTE_FACES[0])

static bool is_of(const struct route_face *f, const struct route *route)
{
    return str_eq(f->method, route->method) && str_eq(f->path, route->path);
}

enum api_face errors_face(const struct route *route)
{
    for (size_t i = 0; route && i < N_ROUTE_FACES; i++) {
        if (is_of(&ROUTE_FACES[i], route))
            return ROUTE_FACES[i].face;
    }
    return FACE_PLAIN;
}

void errors_check(const struct web_program *program)
{
    for (size_t i = 0; i < N_ROUTE_FACES; i++) {
        bool found = false;
        for (int k = 0; k < program->n_routes; k++)
            found = found || is_of(&ROUTE_FACES[i], &program->routes[k]);
        CHECK(found);
    }
}

/* ---- refused refunds
 * ------------------------------------------------------------------------------- */

static bool is_date(const char *text)
{
    static const char SHAPE[] = "dddd-dd-dd";
    if (strlen(text) != sizeof SHAPE - 1)
        return false;
    for (size_t i = 0; SHAPE[i]; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (SHAPE[i] == 'd' ? !digit : text[i] != SHAPE[i])
            return false;
    }
    return true;
}

enum api_family errors_family(const struct req *r)
{
    if (errors_face(r->route) == FACE_PAYOUT)
        return FAMILY_PAYOUT;
    const char *version = str_trim(r->arena, str_or(req_header(r, "version"), ""));
    return is_date(version) && strcmp(version, LAST_DOTTED) <= 0 ? FAMILY_DOTTED : FAMILY_UPPER;
}

void errors_fault(struct api_faults *faults, const char *field, const char *reason)
{
    for (int i = 0; i < faults->n; i++) {
        if (str_eq(faults->of[i].field, field))
            return;
    }
    if (faults->n < API_FAULTS_MAX)
        faults->of[faults->n++] = (struct api_fault){field, reason};
}

static const char *message_of(const struct cause_row *row, enum api_family family,
                              const struct api_faults *faults)
{
    if (row->cause == CAUSE_SPLIT_OR_BENEFICIARY && faults && faults->n > 0)
        return faults->of[0].reason;
    return family == FAMILY_PAYOUT ? str_or(row->dotted_message, row->message) : row->message;
}

void errors_cause(struct req *r, struct reply *p, enum api_family family, enum cause cause,
                  const struct api_faults *faults, const char *order_id)
{
    const struct cause_row *row = cause_row(cause);
    bool dotted = family != FAMILY_UPPER;
    bool missing = cause == CAUSE_MISSING_FIELD || (faults && faults->missing);
    const char *code = missing ? cause_row(CAUSE_MISSING_FIELD)->dotted : row->dotted;
    struct json_object *body = json_object_in(r->arena);
    if (dotted && cause == CAUSE_ORDER_UNKNOWN) {
        put_status(body, "NOT_FOUND", 40);
        json_put_text(body, "order_id", order_id);
    } else {
        put_status(body, dotted && missing ? "Bad Request" : "ERROR", -1);
    }
    put_rest(r, body, dotted ? code : row->code, message_of(row, family, faults), row->code,
             face_of(400),
             faults ? fields_of(r->arena, faults->of, faults->n) : json_array_in(r->arena));
    send_body(r, p, 400, body);
}

/* ---- orders
 * ------------------------------------------------------------------------------------------ */

void errors_bad_request(struct req *r, struct reply *p, const char *message,
                        const struct api_fault *faults, int n_faults)
{
    const struct face *face = face_of(400);
    struct json_object *body = json_object_in(r->arena);
    json_put_text(body, "status", "Bad Request");
    put_rest(r, body, face->code, message, face->code, face, fields_of(r->arena, faults, n_faults));
    send_body(r, p, 400, body);
}

void errors_order_unknown(struct req *r, struct reply *p, const char *order_id)
{
    const struct cause_row *row = cause_row(CAUSE_ORDER_UNKNOWN);
    struct json_object *body = json_object_in(r->arena);
    put_status(body, "NOT_FOUND", 40);
    json_put_text(body, "order_id", order_id);
    json_put_text(body, "error_code", row->code);
    json_put_text(body, "error_message", row->message);
    send_body(r, p, 404, body);
}

/* ---- everything else
 * ----------------------------------------------------------------------------------- */

static void denied(struct req *r, struct reply *p, const struct err *e)
{
    struct json_object *body = json_object_in(r->arena);
    json_put_text(body, "status", "error");
    json_put_text(body, "error_code", "access_denied");
    json_put_text(body, "error_message", e->text);
    send_body(r, p, 401, body);
}

void errors_coded(struct req *r, struct reply *p, int status, const char *code, const char *message,
                  const struct api_faults *faults)
{
    struct json_object *body = json_object_in(r->arena);
    put_status(body, "ERROR", -1);
    put_rest(r, body, code, message, code, face_of(status),
             faults ? fields_of(r->arena, faults->of, faults->n) : json_array_in(r->arena));
    send_body(r, p, status, body);
}

/* The order that the client named, where an error of the dotted family repeats it. */
static const char *order_named(const struct req *r)
{
    return r->params[0] ? r->params[0] : req_value(r, "order_id");
}

static void refused_as_cause(struct req *r, struct reply *p, const struct api_faults *faults)
{
    errors_cause(r, p, errors_family(r), CAUSE_BAD_REQUEST, faults, order_named(r));
}

static void refused_as_order(struct req *r, struct reply *p, const struct api_faults *faults)
{
    errors_bad_request(r, p, faults->of[0].reason, faults->of, faults->n);
}

/* What a 400 looks like by the route's face; NULL: as any other status. */
static void (*const BAD_REQUESTS[])(struct req *, struct reply *, const struct api_faults *) = {
    [FACE_PLAIN] = NULL,
    [FACE_ORDER] = refused_as_order,
    [FACE_REFUND] = refused_as_cause,
    [FACE_PAYOUT] = refused_as_cause,
};

void errors_reply(struct req *r, struct reply *p, int status, const struct err *e)
{
    const struct api_faults faults = {.of = {{"body", e->text}}, .n = 1};
    enum api_face face = errors_face(r->route);
    if (status == 401)
        denied(r, p, e);
    else if (status == 400 && BAD_REQUESTS[face])
        BAD_REQUESTS[face](r, p, &faults);
    else
        errors_coded(r, p, status, face_of(status)->code, e->text, NULL);
}
