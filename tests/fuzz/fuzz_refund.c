#include "targets.h"

#include "core/json.h"
#include "core/str.h"
#include "refund/mask.h"
#include "refund/order_news.h"

#include <string.h>

void fuzz_order(struct arena *a, const char *text, size_t n)
{
    struct intake_fault faults[INTAKE_MAX_FAULTS];
    struct json_object *told;
    struct order_news *news = NULL;
    struct err e = {0};
    int count = 0;
    if (json_read(a, text, n, &told, &e) != RC_OK || told == NULL)
        return;
    CHECK(order_news_read(a, told, &news, faults, &count, &e) == RC_OK);
    CHECK(count >= 0 && count <= INTAKE_MAX_FAULTS && (count > 0 || news != NULL));
    for (int i = 0; i < count; i++)
        CHECK(!str_empty(faults[i].field) && !str_empty(faults[i].reason));
}

/* A masked text has the same length; nothing but digits changed. */
void fuzz_mask(struct arena *a, const char *text, size_t n)
{
    (void)n;
    const char *masked = mask_text(a, text);
    CHECK(strlen(masked) == strlen(text));
    for (size_t i = 0; text[i]; i++)
        CHECK(masked[i] == text[i] || (masked[i] == '*' && text[i] >= '0' && text[i] <= '9'));
}
