#include "simgate/answer.h"

struct answer answer_json(struct arena *a, int status, struct json_object *body)
{
    return (struct answer){.status = status, .body = json_write(a, body), .end = END_SEND};
}

struct answer answer_error(struct arena *a, int status, const char *code, const char *message)
{
    struct json_object *body = json_object_in(a);
    struct json_object *error = json_object_in(a);

    json_put_text(error, "code", code);
    json_put_text(error, "message", message);
    json_put(body, "error", error);
    return answer_json(a, status, body);
}
