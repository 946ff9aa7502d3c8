/*
 * People who get mails, and the mails that were written, for tests with a shop.
 */
#ifndef REFUND_READERS_H
#define REFUND_READERS_H

#include "refund/occasion.h"
#include "store/mails.h"

/* A user of the shop's merchant with that role, "<name>@example.com" and these kinds, up to a NULL.
 */
void readers_add(const char *name, const char *role, const char *const kinds[]);
void readers_disable(const char *name);

/* The newest mails; those of a kind to an address, either NULL: any. The last one that matched is
 * in readers_mail. */
int readers_told(const char *kind, const char *address);
extern struct mail readers_mail;

#endif
