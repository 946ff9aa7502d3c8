#include "gateway/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define PUBLIC NULL

/* The first row that an address begins with says what it is (IANA's registries of special purpose
 * addresses). */
struct prefix {
    const char *address;
    int bits;
    const char *kind;
    int inner_at; /* bytes before the IPv4 address that it stands for; 0: for none */
};

static const struct prefix ipv4[] = {
    {"0.0.0.0", 8, "unspecified", 0},
    {"10.0.0.0", 8, "private", 0},
    {"100.64.0.0", 10, "shared by a carrier", 0},
    {"127.0.0.0", 8, "loopback", 0},
    {"169.254.0.0", 16, "link-local", 0},
    {"172.16.0.0", 12, "private", 0},
    {"192.0.0.0", 24, "reserved", 0},
    {"192.0.2.0", 24, "for documentation", 0},
    {"192.88.99.0", 24, "reserved", 0},
    {"192.168.0.0", 16, "private", 0},
    {"198.18.0.0", 15, "for benchmarks", 0},
    {"198.51.100.0", 24, "for documentation", 0},
    {"203.0.113.0", 24, "for documentation", 0},
    {"224.0.0.0", 4, "multicast", 0},
    {"255.255.255.255", 32, "broadcast", 0},
    {"240.0.0.0", 4, "reserved", 0},
    {"0.0.0.0", 0, PUBLIC, 0},
};

static const struct prefix ipv6[] = {
    {"::", 128, "unspecified", 0},     {"::1", 128, "loopback", 0},
    {"::ffff:0:0", 96, PUBLIC, 12},    {"64:ff9b::", 96, PUBLIC, 12},
    {"64:ff9b:1::", 48, "private", 0}, {"2002::", 16, PUBLIC, 2},
    {"2001::", 32, "tunnelled", 0},    {"2001:db8::", 32, "for documentation", 0},
    {"2001::", 23, "reserved", 0},     {"3fff::", 20, "for documentation", 0},
    {"2000::", 3, PUBLIC, 0},          {"fc00::", 7, "private", 0},
    {"fe80::", 10, "link-local", 0},   {"fec0::", 10, "private", 0},
    {"ff00::", 8, "multicast", 0},     {"::", 0, "reserved", 0},
};

static bool begins_with(const uint8_t *bytes, const uint8_t *prefix, int bits)
{
    int whole = bits / 8, rest = bits % 8;
    if (memcmp(bytes, prefix, (size_t)whole) != 0)
        return false;
    return rest == 0 || (bytes[whole] ^ prefix[whole]) >> (8 - rest) == 0;
}

static const struct prefix *find(int family, const struct prefix *table, const uint8_t *bytes)
{
    uint8_t prefix[sizeof(struct in6_addr)];
    for (const struct prefix *p = table;; p++) {
        CHECK(inet_pton(family, p->address, prefix) == 1);
        if (begins_with(bytes, prefix, p->bits))
            return p;
    }
}

static const char *kind_of_ipv4(const uint8_t *bytes)
{
    return find(AF_INET, ipv4, bytes)->kind;
}

static const char *kind_of_ipv6(const uint8_t *bytes)
{
    const struct prefix *p = find(AF_INET6, ipv6, bytes);
    return p->inner_at != 0 ? kind_of_ipv4(bytes + p->inner_at) : p->kind;
}

/* The bytes of the address; NULL of another family. */
static const void *bytes_of(const struct sockaddr *at)
{
    if (at->sa_family == AF_INET)
        return &((const struct sockaddr_in *)(const void *)at)->sin_addr;
    if (at->sa_family == AF_INET6)
        return &((const struct sockaddr_in6 *)(const void *)at)->sin6_addr;
    return NULL;
}

const char *address_kind(const struct sockaddr *at)
{
    const void *bytes = bytes_of(at);
    if (bytes == NULL)
        return "of no internet";
    return at->sa_family == AF_INET ? kind_of_ipv4(bytes) : kind_of_ipv6(bytes);
}

const char *address_text(struct arena *a, const struct sockaddr *at)
{
    char text[INET6_ADDRSTRLEN];
    const void *bytes = bytes_of(at);
    if (bytes == NULL || inet_ntop(at->sa_family, bytes, text, sizeof text) == NULL)
        return "of another family";
    return arena_strdup(a, text);
}
