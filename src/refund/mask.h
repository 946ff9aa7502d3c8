/*
 * Card numbers never stay whole: what comes in from others is masked before anything is kept.
 */
#ifndef REFUND_MASK_H
#define REFUND_MASK_H

#include "core/arena.h"

struct json_object;

/* Each run of 13 to 19 digits that passes the Luhn check, also one that is written in groups with
 * single spaces or hyphens, keeps its first six and last four digits ("411111******1111"). The text
 * itself when there is none; NULL stays NULL. */
const char *mask_text(struct arena *a, const char *text);

/* A copy of the tree with every key and text masked, numbers included, and without the secrets of a
 * card (its number keeps six and four digits whether it passes the check or not; codes go). What
 * identifies an order, a transaction or a refund, and amounts, stay as they are. */
struct json_object *mask_tree(struct arena *a, struct json_object *tree);

#endif
