/*
 * Where a call may lead: an address of the internet, as opposed to one of this machine, its
 * networks, or none at all. Pure; asked after resolution, for each address that is connected to.
 */
#ifndef GATEWAY_ADDRESS_H
#define GATEWAY_ADDRESS_H

#include "core/arena.h"

struct sockaddr;

/* NULL for an address of the internet, else what it is: "private", "loopback", … An IPv6 address
 * that stands for an IPv4 one (mapped, NAT64, 6to4) is what that is; of any other family than the
 * two: "of no internet". */
const char *address_kind(const struct sockaddr *at);

/* "10.0.0.1" or "fe80::1". */
const char *address_text(struct arena *a, const struct sockaddr *at);

#endif
