#include "targets.h"

#include "core/limits.h"
#include "core/str.h"
#include "refund/payout.h"
#include "refund/split.h"

#include <string.h>

static const struct party whole[] = {{"", 10000, 0}, {"A", 60000, 100}, {"B", 30000, 30000}};
enum { PARTIES = sizeof whole / sizeof whole[0] };

/* What is taken adds up, of parties that there are, each within what it has left. */
static void check_parts(const struct party *parts, int n, int64_t amount_minor)
{
    int64_t sum_minor = 0;
    CHECK(n <= LIMIT_SPLIT_PARTIES);
    for (int i = 0; i < n; i++) {
        int k = 0;
        while (k < PARTIES && !str_eq(whole[k].party, parts[i].party))
            k++;
        CHECK(k < PARTIES && parts[i].amount_minor >= 0);
        CHECK(parts[i].amount_minor <= whole[k].amount_minor - whole[k].given_minor);
        sum_minor += parts[i].amount_minor;
    }
    CHECK(sum_minor == amount_minor);
}

void fuzz_split(struct arena *a, const char *text, size_t n)
{
    struct split_ask ask;
    struct party *parts;
    struct err e = {0};
    int count;
    enum rc rc = split_read(a, text, &ask, &e);
    (void)n;
    CHECK(rc == RC_OK || ((rc == RC_INVALID || rc == RC_NOT_FOUND) && e.text[0] != '\0'));
    if (rc != RC_OK)
        return;
    CHECK(ask.n >= 1 && ask.n <= LIMIT_SPLIT_PARTIES);
    for (int i = 0; i < ask.n; i++) {
        CHECK(ask.parts[i].amount != NULL && strlen(ask.parts[i].party) <= LIMIT_PARTY);
        CHECK(i == 0 || !str_empty(ask.parts[i].party));
    }
    static const int64_t amounts[] = {1, 105, 10000, 70000, 99900};
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        if (split_judge(a, whole, PARTIES, &ask, "INR", amounts[i], &parts, &count, &e) == RC_OK)
            check_parts(parts, count, amounts[i]);
    }
}

void fuzz_payee(struct arena *a, const char *text, size_t n)
{
    static const struct seal_public to = {{9}};
    struct payout_ask ask = {0};
    struct payee payee;
    const char *field = NULL;
    struct err e = {0};
    (void)n;
    enum rc rc = payout_read_gateway(a, text, &ask, &e);
    CHECK(rc != RC_OK || !str_empty(ask.gateway));
    rc = payout_read(a, text, &ask, &e);
    CHECK(rc == RC_OK || (rc == RC_INVALID && str_starts(e.text, "beneficiary_details")));
    if (rc != RC_OK)
        return;
    rc = payout_seal(a, &ask, &to, &payee, &field, &e);
    if (rc != RC_OK) {
        CHECK((rc == RC_INVALID || rc == RC_NOT_FOUND) && str_starts(e.text, field));
        return;
    }
    CHECK(payee.sealed_n > 0 && !str_empty(payee.name) && !str_empty(payee.masked));
    CHECK(str_utf8_valid(payee.masked, strlen(payee.masked)));
}
