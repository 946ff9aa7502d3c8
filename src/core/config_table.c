#include "core/config_table.h"
#include "core/clock.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/str.h"
#include <inttypes.h>
#include <string.h>

#ifndef REFUNDDESK_TEMPLATES_DIR
#define REFUNDDESK_TEMPLATES_DIR "templates"
#endif

#define AT(field)   #field, offsetof(struct config, field)
#define MAIL(field) #field, offsetof(struct config, mail_##field)
#define HOOK(field) #field, offsetof(struct config, webhook_##field)
#define SECOND      CLOCK_SECOND_MS
#define MINUTE      CLOCK_MINUTE_MS
#define HOUR        CLOCK_HOUR_MS
#define DAY         CLOCK_DAY_MS

/* clang-format off */
static const struct config_key KEYS[] = {
    {"database", "url", offsetof(struct config, database_url), KIND_TEXT, "sqlite:refunddesk.db", 0, 0,
     "where the data is: sqlite:<path>, relative to the instance folder"},
    {"database", AT(write_wait_ms), KIND_MS, "5s", 1, MINUTE,
     "a write that has not begun by then is withdrawn (503)"},
    {"database", AT(batch_limit), KIND_INT, "64", 1, LIMIT_SQL_BATCH,
     "writes in one commit; 1 switches group commit off"},

    {"web", AT(portal_threads), KIND_INT, "16", 1, LIMIT_SQL_READERS,
     "requests that the portal serves at once"},
    {"web", AT(api_threads), KIND_INT, "32", 1, LIMIT_SQL_READERS,
     "requests that the API serves at once"},
    {"web", AT(templates_dir), KIND_TEXT, REFUNDDESK_TEMPLATES_DIR, 0, 0,
     "the folder of the page templates"},
    {"web", AT(cookie_secure), KIND_BOOL, "true", 0, 0,
     "false only for a demo over plain http on loopback"},
    {"web", AT(api_url), KIND_URL, "http://127.0.0.1:8081", 0, 0,
     "where clients find the API, for the examples of the portal's API page"},
    {"web", AT(portal_url), KIND_URL, "http://127.0.0.1:8080", 0, 0,
     "where people find the portal, for the links in mails"},
    {"web", AT(session_idle_ms), KIND_MS, "15min", SECOND, 30 * DAY,
     "a session that rests longer has to log in again"},
    {"web", AT(session_absolute_ms), KIND_MS, "8h", SECOND, 30 * DAY,
     "a session ends then, used or not"},
    {"web", AT(login_window_ms), KIND_MS, "15min", SECOND, DAY,
     "failed logins are counted over this time"},

    {"worker", AT(wake_socket), KIND_TEXT, "worker.sock", 0, 0,
     "the worker's datagram socket, relative to the instance folder"},
    {"worker", AT(lease_ms), KIND_MS, "90s", 100, HOUR,
     "a claimed job is the worker's for so long; longer than request_timeout_ms"},
    {"worker", AT(poll_ms), KIND_MS, "1s", 10, MINUTE,
     "how often to look for due jobs without being woken"},
    {"worker", AT(connect_timeout_ms), KIND_MS, "5s", 10, MINUTE,
     "for the connection to a gateway"},
    {"worker", AT(request_timeout_ms), KIND_MS, "30s", 10, 5 * MINUTE,
     "for a gateway's whole answer"},
    {"worker", AT(retry_first_ms), KIND_MS, "5s", 1, HOUR,
     "first wait before sending again what was not sent; doubles"},
    {"worker", AT(retry_max_ms), KIND_MS, "15min", 1, DAY,
     "longest wait before sending again"},
    {"worker", AT(inquire_first_ms), KIND_MS, "10s", 1, HOUR,
     "first wait before asking how a refund went; doubles"},
    {"worker", AT(inquire_max_ms), KIND_MS, "1h", 1, DAY,
     "longest wait before asking again"},
    {"worker", AT(absent_after_ms), KIND_MS, "60s", 100, DAY,
     "since sending, before \"unknown to the gateway\" is believed; longer than request_timeout_ms"},
    {"worker", AT(review_after_ms), KIND_MS, "10d", 100, 365 * DAY,
     "a refund that is pending longer goes to manual review"},
    {"worker", AT(warn_after_ms), KIND_MS, "7d", 100, 365 * DAY,
     "a refund that is pending so long is told by mail; nothing is when review_after_ms comes first"},
    {"worker", AT(approval_expires_ms), KIND_MS, "7d", 100, 365 * DAY,
     "a refund that nobody approved in this time fails as expired"},
    {"worker", AT(sync_cool_ms), KIND_MS, "30s", 100, HOUR,
     "a refund's gateway is asked by hand no sooner again"},
    {"worker", AT(sync_wait_ms), KIND_MS, "10s", 0, 30 * SECOND,
     "how long a Sync of the API waits for the gateway's answer"},
    {"worker", AT(test_charge_wait_ms), KIND_MS, "2s", 0, 10 * SECOND,
     "how long POST /orders of a test merchant waits for the sandbox charge"},

    {"webhook", HOOK(allow_private), KIND_BOOL, "false", 0, 0,
     "endpoints may lie at private and loopback addresses, and be plain http"},
    {"webhook", HOOK(ca_file), KIND_OPTIONAL, "", 0, 0,
     "certificates to trust besides the system's (PEM), relative to the instance folder"},
    {"webhook", HOOK(timeout_ms), KIND_MS, "15s", 100, 5 * MINUTE,
     "for an endpoint's whole answer"},
    {"webhook", HOOK(lease_ms), KIND_MS, "30s", 100, HOUR,
     "a webhook is the worker's for so long; longer than timeout_ms"},
    {"webhook", HOOK(retry_unit_ms), KIND_MS, "1min", 1, HOUR,
     "the schedule's minute: again after 1, 5, 5, five times 10, five times 60, three times 360 of it"},
    {"webhook", HOOK(kept_ms), KIND_MS, "30d", 1, 3650 * DAY,
     "webhooks and their log are kept for so long, and until they are delivered or have failed"},

    {"simulator", "url", offsetof(struct config, simulator_url), KIND_URL, "http://127.0.0.1:8082", 0, 0,
     "where refunddesk-simgate listens"},

    {"mail", MAIL(host), KIND_OPTIONAL, "", 0, 0,
     "the mail server; without one, mails become files in mail.folder"},
    {"mail", MAIL(port), KIND_INT, "587", 1, 65535,
     "its port: 587 with starttls, 465 with tls, 25 with none"},
    {"mail", MAIL(tls), KIND_TLS, "starttls", 0, 0,
     "starttls, tls from the first byte, or none, which only a host on loopback may have"},
    {"mail", MAIL(ca_file), KIND_OPTIONAL, "", 0, 0,
     "certificates to trust instead of the system's (PEM), relative to the instance folder"},
    {"mail", MAIL(user), KIND_OPTIONAL, "", 0, 0,
     "who logs in there; without one, nobody"},
    {"mail", MAIL(password_file), KIND_OPTIONAL, "", 0, 0,
     "the user's password, relative to the instance folder; others may not read it"},
    {"mail", MAIL(from), KIND_TEXT, "refunddesk@localhost", 0, 0,
     "the address that mails come from"},
    {"mail", MAIL(folder), KIND_TEXT, "mail", 0, 0,
     "where mails go without a server, one .eml file each, relative to the instance folder"},
    {"mail", MAIL(timeout_ms), KIND_MS, "60s", 100, 10 * MINUTE,
     "for the whole sending of a mail"},
    {"mail", MAIL(lease_ms), KIND_MS, "2min", 100, HOUR,
     "a mail is the worker's for so long; longer than timeout_ms"},
    {"mail", MAIL(retry_first_ms), KIND_MS, "1min", 1, HOUR,
     "first wait before a mail is sent again; doubles"},
    {"mail", MAIL(retry_max_ms), KIND_MS, "1h", 1, DAY,
     "longest wait before a mail is sent again"},
    {"mail", MAIL(give_up_ms), KIND_MS, "3d", 1, 30 * DAY,
     "a mail that was tried for so long has failed"},
    {"mail", MAIL(pace_ms), KIND_MS, "1min", 0, HOUR,
     "of one kind an address gets 60 mails at once, then one in so long; the rest wait"},

    {"log", "level", offsetof(struct config, log_level), KIND_LEVEL, "info", 0, 0,
     "least level that is written: debug, info, warn or error"},
    {"log", AT(node), KIND_INT, "0", 0, 7,
     "tells machines apart that share a database: a number of its own for each"},
};

static const struct config_order ORDERS[] = {
#define ORDER(section, longer, than, equal) \
    {section "." #longer, section "." #than, offsetof(struct config, longer), offsetof(struct config, than), equal}
    ORDER("web", session_absolute_ms, session_idle_ms, true),
    ORDER("worker", lease_ms, request_timeout_ms, false),
    ORDER("worker", absent_after_ms, request_timeout_ms, false),
    ORDER("worker", request_timeout_ms, connect_timeout_ms, true),
    ORDER("worker", retry_max_ms, retry_first_ms, true),
    ORDER("worker", inquire_max_ms, inquire_first_ms, true),
    {"webhook.lease_ms", "webhook.timeout_ms", offsetof(struct config, webhook_lease_ms), offsetof(struct config, webhook_timeout_ms), false},
    {"mail.lease_ms", "mail.timeout_ms", offsetof(struct config, mail_lease_ms), offsetof(struct config, mail_timeout_ms), false},
    {"mail.retry_max_ms", "mail.retry_first_ms", offsetof(struct config, mail_retry_max_ms), offsetof(struct config, mail_retry_first_ms), true},
};

static const struct {
    const char *suffix;
    int64_t ms;
} UNITS[] = {{"d", DAY}, {"h", HOUR}, {"min", MINUTE}, {"s", SECOND}, {"ms", 1}};
/* clang-format on */

enum {
    KEY_COUNT = sizeof KEYS / sizeof *KEYS,
    ORDER_COUNT = sizeof ORDERS / sizeof *ORDERS,
    UNIT_COUNT = sizeof UNITS / sizeof *UNITS
};

const struct config_key *config_keys(size_t *count)
{
    *count = KEY_COUNT;
    return KEYS;
}

const struct config_order *config_orders(size_t *count)
{
    *count = ORDER_COUNT;
    return ORDERS;
}

static void *field_of(struct config *c, size_t offset)
{
    return (char *)c + offset;
}

int64_t config_ms_at(const struct config *c, size_t offset)
{
    int64_t ms;
    memcpy(&ms, (const char *)c + offset, sizeof ms);
    return ms;
}

bool config_parse_ms(const char *text, int64_t *ms)
{
    char digits[20];
    size_t n = strspn(text, "0123456789");
    if (n == 0 || n >= sizeof digits)
        return false;
    memcpy(digits, text, n);
    digits[n] = '\0';
    int64_t value, unit = text[n] ? 0 : 1;
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        if (strcmp(text + n, UNITS[i].suffix) == 0)
            unit = UNITS[i].ms;
    }
    return unit > 0 && str_parse_i64(digits, &value) && !__builtin_mul_overflow(value, unit, ms);
}

char *config_show_ms(struct arena *a, int64_t ms)
{
    size_t i = 0;
    while (i < UNIT_COUNT - 1 && (ms == 0 || ms % UNITS[i].ms != 0))
        i++;
    return arena_printf(a, "%" PRId64 "%s", ms / UNITS[i].ms, UNITS[i].suffix);
}

static bool is_url(const char *text)
{
    return (str_starts(text, "http://") && text[7]) || (str_starts(text, "https://") && text[8]);
}

const char *config_set(struct arena *a, struct config *c, const struct config_key *k,
                       const char *text)
{
    void *field = field_of(c, k->offset);
    int64_t number = 0;
    enum log_level level;
    bool ok = false;
    switch (k->kind) {
    case KIND_INT:
        ok = str_parse_i64(text, &number) && number >= k->min && number <= k->max;
        if (!ok)
            return arena_printf(a, "a whole number from %" PRId64 " to %" PRId64, k->min, k->max);
        memcpy(field, &number, sizeof number);
        return NULL;
    case KIND_MS:
        ok = config_parse_ms(text, &number) && number >= k->min && number <= k->max;
        if (!ok)
            return arena_printf(a,
                                "a time from %s to %s (a number of ms, or with ms, s, min, h, d)",
                                config_show_ms(a, k->min), config_show_ms(a, k->max));
        memcpy(field, &number, sizeof number);
        return NULL;
    case KIND_BOOL:
        if (!str_eq(text, "true") && !str_eq(text, "false"))
            return "true or false";
        *(bool *)field = str_eq(text, "true");
        return NULL;
    case KIND_TEXT:
        if (!*text || !str_utf8_valid(text, strlen(text)))
            return "a text in UTF-8, not empty";
        break;
    case KIND_OPTIONAL:
        if (!str_utf8_valid(text, strlen(text)))
            return "a text in UTF-8";
        break;
    case KIND_TLS:
        if (!str_eq(text, "none") && !str_eq(text, "starttls") && !str_eq(text, "tls"))
            return "none, starttls or tls";
        break;
    case KIND_LEVEL:
        if (!log_level_parse(text, &level))
            return "debug, info, warn or error";
        break;
    case KIND_URL:
        if (!is_url(text) || !str_printable_ascii(text) || strchr(text, ' '))
            return "an address that begins with http:// or https://";
        break;
    }
    *(const char **)field = k->kind == KIND_OPTIONAL && !*text ? NULL : arena_strdup(a, text);
    return NULL;
}
