/*
 * A download of any length: rows read some at a time, each time in a snapshot of its own, and
 * written as they come.
 */
#ifndef PORTAL_CSV_STREAM_H
#define PORTAL_CSV_STREAM_H

#include "web/request.h"

struct csv_stream {
    void (*head)(void *ctx, struct buf *out);
    sql_fn *rows; /* of ctx, in a snapshot: the next rows into out; sets more */
    void *ctx;
    /* made by csv_stream_run() */
    struct arena *chunk; /* cleared for each call of rows */
    struct buf out;
    bool more;
};

/* For reply_stream(), with the struct as its argument. The head of the answer is gone by then: a
 * failure is said in the file itself. The caller has entered SLOW_WAIT; it is left here. */
web_stream csv_stream_run;

#endif
