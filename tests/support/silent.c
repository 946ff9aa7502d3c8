#include "support/silent.h"

#include "core/str.h"

#include <dlfcn.h>
#include <netdb.h>
#include <unistd.h>

const int64_t silent_ms = 3000;

/* curl's threads ask this one. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **out)
{
    int (*ask)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    if (str_eq(name, SILENT_HOST)) {
        usleep((useconds_t)silent_ms * 1000);
        return EAI_AGAIN;
    }
    *(void **)&ask = dlsym(RTLD_NEXT, "getaddrinfo");
    return ask(name, service, hints, out);
}
