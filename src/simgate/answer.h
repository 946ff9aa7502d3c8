/*
 * What the simulator answers, and how the connection ends; routes make it, simgate.c carries it
 * out.
 */
#ifndef SIMGATE_ANSWER_H
#define SIMGATE_ANSWER_H

#include "core/arena.h"
#include "core/json.h"
#include <stdint.h>

enum answer_end {
    END_SEND,     /* an ordinary answer */
    END_HOLD,     /* no answer: the connection stays open until the client gives up, or ms */
    END_RESET,    /* no answer: TCP RST */
    END_TRUNCATE, /* a whole HTTP answer whose JSON is cut in the middle */
    END_SLOW      /* a whole answer whose body takes ms */
};

struct answer {
    int status;
    const char *body; /* JSON */
    enum answer_end end;
    int64_t ms;
};

/* The tree as the body of an ordinary answer. */
struct answer answer_json(struct arena *a, int status, struct json_object *body);
/* {"error": {"code", "message"}} */
struct answer answer_error(struct arena *a, int status, const char *code, const char *message);

#endif
