#include "refund/endpoint_rules.h"

#include "core/digest.h"
#include "core/limits.h"
#include "core/str.h"

#include <string.h>
#include <strings.h>

enum { SECRET_BYTES = 32, NAME_BYTES_MAX = 64, PORT_MAX = 65535 };

/* ---- addresses ---------------------------------------------------------------------------------
 */

static const char *const alphanumeric =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/* A name or an address in n bytes: what stands before the port. */
static bool is_host(const char *host, size_t n)
{
    if (n >= 2 && host[0] == '[')
        return host[n - 1] == ']' && n > 2 && strspn(host + 1, "0123456789abcdefABCDEF:.") == n - 2;
    size_t good = 0;
    while (good < n && (strchr(alphanumeric, host[good]) || strchr("-.", host[good])))
        good++;
    return n > 0 && good == n && strchr(alphanumeric, host[0]);
}

static bool is_port(const char *text, size_t n)
{
    int port = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9' || port > PORT_MAX)
            return false;
        port = port * 10 + (text[i] - '0');
    }
    return port > 0 && port <= PORT_MAX;
}

/* "shop.example:8443" and what follows. */
static const char *place_fault(const char *place)
{
    size_t n = strcspn(place, "/?"), host;
    if (strchr(place, '#'))
        return "has a # in it, which no server gets: take it out";
    if (memchr(place, '@', n))
        return "has a user name in it: write it in the field for it";
    host = place[0] == '[' ? strcspn(place, "]") + 1 : strcspn(place, ":/?");
    if (host > n || !is_host(place, host))
        return "has no host after https://, such as shop.example";
    if (host < n && (place[host] != ':' || !is_port(place + host + 1, n - host - 1)))
        return "has a port that is none: write a number from 1 to 65535 after the colon";
    return NULL;
}

const char *endpoint_rules_url(const char *url, bool allow_private)
{
    size_t n = url ? strlen(url) : 0;
    if (n == 0)
        return "is missing";
    if (n > LIMIT_ENDPOINT_URL)
        return "is longer than 2048 characters";
    for (size_t i = 0; i < n; i++)
        if (url[i] <= ' ' || url[i] > '~' || strchr("\"<>\\^`{|}", url[i]))
            return "has a character that must be percent-encoded";
    if (strncasecmp(url, "https://", 8) == 0)
        return place_fault(url + 8);
    if (strncasecmp(url, "http://", 7) != 0)
        return "must begin with https://";
    return allow_private ? place_fault(url + 7)
                         : "must begin with https://: what is sent names customers";
}

/* ---- headers -----------------------------------------------------------------------------------
 */

static bool is_token(const char *name)
{
    for (; *name; name++)
        if (!strchr(alphanumeric, *name) && !strchr("!#$%&'*+-.^_`|~", *name))
            return false;
    return true;
}

static const char *name_fault(const char *name)
{
    static const char *const taken[] = {"authorization",
                                        "connection",
                                        "content-encoding",
                                        "content-length",
                                        "content-type",
                                        "expect",
                                        "host",
                                        "http2-settings",
                                        "keep-alive",
                                        "proxy-authorization",
                                        "te",
                                        "trailer",
                                        "transfer-encoding",
                                        "upgrade",
                                        "user-agent"};
    if (str_empty(name))
        return "has no name";
    if (strlen(name) > NAME_BYTES_MAX)
        return "has a name longer than 64 characters";
    if (!is_token(name))
        return "has a name with a character that no header name has; write one such as X-Shop";
    if (strncasecmp(name, "webhook-", 8) == 0)
        return "has a name that the signature uses";
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
        if (str_ieq(taken[i], name))
            return "has a name that the desk sets itself";
    return NULL;
}

const char *endpoint_rules_header(const char *name, const char *value)
{
    const char *bad = name_fault(name);
    if (bad)
        return bad;
    if (str_empty(value))
        return "has no value";
    if (strlen(value) > LIMIT_ENDPOINT_VALUE)
        return "has a value longer than 1024 characters";
    return str_printable_ascii(value) ? NULL
                                      : "has a value with a line break or another character that "
                                        "is not printable ASCII";
}

/* ---- the signing secret ------------------------------------------------------------------------
 */

const char *webhook_secret_new(struct arena *a)
{
    uint8_t bytes[SECRET_BYTES];
    digest_random(bytes, sizeof bytes);
    return arena_printf(a, "whsec_%s", digest_base64(a, bytes, sizeof bytes));
}
