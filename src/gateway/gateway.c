#include "gateway/gateway.h"
#include "core/str.h"

static const struct gateway_ops *const adapters[] = {
    &gateway_simulator,
};

const struct gateway_ops *gateway_find(const char *adapter)
{
    for (size_t i = 0; i < sizeof adapters / sizeof *adapters; i++)
        if (str_eq(adapters[i]->adapter, adapter))
            return adapters[i];
    return NULL;
}
