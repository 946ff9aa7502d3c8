#include "targets.h"

#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/mask.h"
#include "refund/occasion.h"
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

/* What is taken is one mailbox each, and no header, command of SMTP or second address. */
void fuzz_address(struct arena *a, const char *text, size_t n)
{
    const char **list, **again;
    int count, n_again;
    struct buf joined;
    (void)n;
    const char *fault = occasion_addresses(a, text, &list, &count);
    CHECK(fault != NULL || count > 0);
    CHECK(fault == NULL || strpbrk(fault, "\r\n\t\x1b\x7f") == NULL);
    CHECK(count >= 0 && count <= LIMIT_MAIL_ADDRESSES);
    buf_init(&joined, a);
    for (int i = 0; i < count; i++) {
        const char *at = strchr(list[i], '@');
        CHECK(at != NULL && at > list[i] && at[1] != '\0' && strchr(at + 1, '@') == NULL);
        CHECK(strlen(list[i]) <= LIMIT_MAIL_ADDRESS && str_printable_ascii(list[i]));
        CHECK(strpbrk(list[i], " ,;:<>()[]\\\"") == NULL);
        buf_printf(&joined, "%s, ", list[i]);
    }
    fault = occasion_addresses(a, buf_text(&joined), &again, &n_again);
    CHECK(n_again == count && (fault == NULL) == (count > 0));
}
