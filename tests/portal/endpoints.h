/*
 * Endpoints of webhooks as an admin makes them in the portal, and what the store has of them then.
 */
#ifndef PORTAL_ENDPOINTS_H
#define PORTAL_ENDPOINTS_H

#include "rig.h"
#include "store/webhooks.h"

#define PAGE     "/settings/webhooks"
#define URL_FORM "url=https%3A%2F%2Fshop.example%2Fhooks"
#define PASSWORD "not-for-anybodys-eyes"
#define VALUE    "a-value-that-is-secret"

/* A checked fixture's start: rig_open() with keys of its own, so that what is sealed can be opened
 * as the worker does. It ends with rig_close(). */
void endpoints_open(void);

/* As the store has it. */
struct look {
    int64_t id;
    struct endpoint endpoint;
    const char **events;
    int n_events;
    struct delivery *rows;
    int n_rows;
};
struct look look_at(int64_t id);
/* NULL: there is none, or it was sealed to another key. */
const char *open_sealed(struct sealed s);

/* The text between two marks of a page; fails the test when there is none. */
char *between(const char *html, const char *before, const char *end);

struct made {
    int64_t id;
    const char *path, *secret;
};
/* The fields of a new endpoint's form with its one-time id. */
char *with_id(const char *rest);
struct made make_with(const char *rest);
/* Wants ORDER_REFUNDED and ORDER_FAILED. */
struct made make(void);
/* With a password and a header of its own. */
struct made make_with_secrets(void);
/* POST of `body` below the endpoint's path; body NULL: GET. */
struct reply act(struct made m, const char *path, const char *body);

#endif
