/*
 * A worker over the shop, turn by turn, with the gateway's answers put in by hand: no network, no
 * waiting.
 */
#ifndef WORKER_RIG_H
#define WORKER_RIG_H

#include "refund/shop.h"
#include "worker/worker.h"

extern struct worker rig_worker;

/* A checked fixture: shop_open() and a worker with the default times. */
void rig_open(void);
void rig_close(void);

/* Claims what is due; the flight that wants a call, or NULL. */
struct flight *rig_claim(void);
/* The gateway's answer to a flight, applied. */
void rig_answer(struct flight *f, enum http_end end, int status, const char *body);
void rig_is_state(int64_t refund, const char *state);
void rig_later(int64_t ms);

#define DONE    "{\"id\":\"sim_rf_1\",\"status\":\"SUCCEEDED\",\"arn\":\"123\"}"
#define PENDING "{\"id\":\"sim_rf_1\",\"status\":\"PENDING\"}"
#define REFUSED "{\"error\":{\"code\":\"BAD\",\"message\":\"no\"}}"
#define ABSENT  "{\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"no\"}}"

#endif
