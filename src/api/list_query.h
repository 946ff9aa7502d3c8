/*
 * What the API's lists have in common: filters read from the query with every fault by name, an
 * opaque cursor, the envelope {"object":"list","data":[…],"has_more":…,"next_cursor":…}.
 *
 *     from, to (ISO 8601 time, or a day of UTC; a day in `to` is included), currency, amount_min,
 *     amount_max (with a currency), limit (1…100, default 25), cursor
 */
#ifndef API_LIST_QUERY_H
#define API_LIST_QUERY_H

#include "api/errors.h"
#include "store/listing.h"

struct json_object;

struct list_query {
    struct req *r;
    struct api_faults faults;
    struct list_page page;           /* newest first */
    int64_t from_ms, before_ms;      /* 0: open */
    const char *currency;            /* NULL: any */
    int64_t least_minor, most_minor; /* 0: open */
};

/* Reads all of the above. */
void list_query_read(struct list_query *q, struct req *r);

/* A parameter as it was told; NULL when it is absent or empty; longer than most_bytes is a fault.
 */
const char *list_query_text(struct list_query *q, const char *name, size_t most_bytes);
/* A whole number from least to most; `otherwise` when it is absent. */
int list_query_number(struct list_query *q, const char *name, int least, int most, int otherwise);
/* true, 1, false or 0; absent is false. */
bool list_query_flag(struct list_query *q, const char *name);
/* Names one more that is wrong. */
void list_query_fault(struct list_query *q, const char *name, const char *reason);

/* True when something is wrong: then *p is the 400 that names it all. */
bool list_query_refused(struct list_query *q, struct reply *p);

/* 200. The key of the last row of data, when more lie beyond. */
void list_query_reply(struct list_query *q, struct reply *p, struct json_object *data, bool more,
                      int64_t last_value, int64_t last_id);

#endif
