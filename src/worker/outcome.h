/*
 * What a gateway's answer means to the machine, and when to look again.
 */
#ifndef WORKER_OUTCOME_H
#define WORKER_OUTCOME_H

#include "refund/apply.h"
#include "worker/worker.h"

/* The news of a flight's outcome; due and attempt are set for `event` by the worker's back-off. */
struct refund_news outcome_news(const struct worker *w, const struct flight *f,
                                enum refund_event event, int64_t now_ms);

#endif
