/*
 * A portal over a fresh database: users with a session each, orders at will, requests through the
 * dispatcher and the real templates.
 */
#ifndef PORTAL_RIG_H
#define PORTAL_RIG_H

#include "store/desk.h"
#include "store/merchants.h"
#include "store/orders.h"
#include "store/refunds.h"
#include "web/request.h"

#define RIG_NOW_MS INT64_C(1795251667000) /* 2026-11-21T09:01:07Z, 14:31:07 in India */

enum rig_user {
    RIG_NOBODY,
    RIG_MAKER,
    RIG_VIEWER,
    RIG_ORDERS_ONLY,
    RIG_ADMIN,
    RIG_SETTINGS_ONLY, /* may read them */
    RIG_USERS
};

extern struct app rig_app;

/* A checked fixture; desk.arena holds everything. */
void rig_open(void);
void rig_close(void);

/* An order of 500.00 INR, charged by RAZORPAY with VISA •• 1111 at `created_ms`. */
struct rig_order {
    struct order order;
    struct txn txn;
};
struct rig_order rig_paid_order(const char *order_id, int64_t created_ms);
/* Writes both rows; ids, merchant and links are set here. */
void rig_insert(struct rig_order *o);

/* What the user may do, by module; nobody has none. */
const unsigned char *rig_rights(enum rig_user user);

/* A second merchant's row id, made by the call: once a test. */
int64_t rig_other_merchant(void);

/* body NULL: GET. Form type and Origin are added, and the CSRF token unless the
 * body has the field. Fields: "a=b&c=d". */
struct reply rig_ask(enum rig_user user, const char *target, const char *body);
/* HEAD. */
struct reply rig_head(enum rig_user user, const char *target);
/* The same from htmx. */
struct reply rig_ask_partial(enum rig_user user, const char *target, const char *body);
const char *rig_text(const struct reply *p);

/* The status must be as given and, where words are given, stand in the page. */
const char *rig_expect(struct reply p, int status, const char *words);
void rig_has(const char *html, const char *words);
void rig_lacks(const char *html, const char *words);

/* value="…" of the input with that name; fails the test when there is none. */
char *rig_input(const char *html, const char *name);

struct merchant rig_merchant(void);
int rig_count_refunds(const char *order_id);

#endif
