#include "api/rig.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include <string.h>

struct double_app rig;

void rig_open(void)
{
    shop_open();
    rig = (struct double_app){
        .app = shop, .arena = arena_new(LIMIT_ARENA_REQUEST_BYTES), .merchant = desk.merchant};
    double_key(&rig, RIG_KEY, SCOPE_ALL, 0);
}

void rig_close(void)
{
    arena_free(rig.arena);
    shop_close();
}

struct req *rig_request(const char *method, const char *target, const char *content_type,
                        const char *body)
{
    struct req *r = double_request(&rig, method, target);
    double_header(r, "authorization", double_basic(&rig, RIG_KEY ":"));
    if (body)
        double_body(r, content_type, body);
    return r;
}

struct rig_answer rig_send(struct req *r)
{
    struct rig_answer answer;
    web_dispatch(&api_program, NULL, r, &answer.reply);
    answer.status = answer.reply.status;
    answer.body = answer.reply.body;
    ck_assert_str_eq(answer.reply.content_type, "application/json");
    ck_assert_uint_eq(strlen(answer.body), answer.reply.body_n);
    return answer;
}

struct rig_answer rig_call(const char *method, const char *target, const char *version,
                           const char *content_type, const char *body)
{
    struct req *r = rig_request(method, target, content_type, body);
    if (version)
        double_header(r, "version", version);
    return rig_send(r);
}

struct rig_answer rig_post(const char *target, const char *form)
{
    return rig_call("POST", target, NULL, DOUBLE_FORM, form);
}

struct rig_answer rig_json(const char *target, const char *json)
{
    return rig_call("POST", target, NULL, DOUBLE_JSON, json);
}

struct rig_answer rig_get(const char *target)
{
    return rig_call("GET", target, NULL, NULL, NULL);
}

const char *rig_member(const struct rig_answer *answer, const char *path)
{
    struct json_object *at = NULL;
    struct err e;
    enum rc rc = json_read(rig.arena, answer->body, strlen(answer->body), &at, &e);
    ck_assert_msg(rc == RC_OK, "no JSON: %s", answer->body);
    char *rest = arena_strdup(rig.arena, path);
    for (char *key; (key = strsep(&rest, ".")) != NULL;) {
        int64_t index = 0;
        if (json_object_is_type(at, json_type_array)) {
            ck_assert(str_parse_i64(key, &index));
            at = json_object_array_get_idx(at, (size_t)index);
        } else if (!json_object_object_get_ex(at, key, &at)) {
            return NULL;
        }
    }
    return at ? arena_strdup(rig.arena, json_object_get_string(at)) : "null";
}
