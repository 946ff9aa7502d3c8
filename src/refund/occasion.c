#include "refund/occasion.h"

#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "store/mails.h"
#include "store/merchants.h"
#include "store/users.h"

#include <ctype.h>
#include <string.h>

/* clang-format off */
static const struct occasion_row rows[OCCASION_COUNT] = {
    [OCCASION_STATUS_CONFLICT] = {"status_conflict", "Status conflict",
        "A payment succeeded too late, or besides another one of its order.",
        MODULE_ORDERS, RIGHT_READ, OCCASION_MAKER_CHOOSES, true},
    [OCCASION_AUTO_REFUND_DONE] = {"auto_refund_done", "Auto refund done",
        "A refund that the desk made by itself succeeded.",
        MODULE_REFUNDS, RIGHT_READ, OCCASION_MAKER_CHOOSES, false},
    [OCCASION_AUTO_REFUND_FAILED] = {"auto_refund_failed", "Auto refund failed",
        "The gateway failed it, or a rule of the desk refused it. The money is still here.",
        MODULE_REFUNDS, RIGHT_READ, OCCASION_MAKER_CHOOSES, true},
    [OCCASION_MANUAL_REVIEW] = {"manual_review", "Manual review needed",
        "A refund was pending for too long. Nothing is sent automatically any more.",
        MODULE_REFUNDS, RIGHT_READ, OCCASION_MAKER_CHOOSES, true},
    [OCCASION_DAY_7] = {"day_7", "Still pending",
        "A refund has not ended for days (7 by default) and comes close to manual review.",
        MODULE_REFUNDS, RIGHT_READ, OCCASION_MAKER_CHOOSES, false},
    [OCCASION_BATCH_FINISHED] = {"batch_finished", "Batch finished",
        "All rows of a batch have run: how many became refunds, how many failed.",
        MODULE_REFUNDS, RIGHT_READ, OCCASION_MAKER_ALWAYS, false},
    [OCCASION_APPROVAL_REQUESTED] = {"approval_requested", "Approval requested",
        "A batch or a refund of somebody else waits for a person who may approve it.",
        MODULE_APPROVALS, RIGHT_WRITE, OCCASION_MAKER_NEVER, true},
    [OCCASION_APPROVED] = {"approved", "Approved",
        "Somebody approved a batch or a refund.",
        MODULE_REFUNDS, RIGHT_READ, OCCASION_MAKER_ALWAYS, false},
    [OCCASION_REJECTED] = {"rejected", "Rejected",
        "Somebody rejected a batch or a refund, with the reason.",
        MODULE_REFUNDS, RIGHT_READ, OCCASION_MAKER_ALWAYS, false},
    [OCCASION_GATEWAY_PAUSED] = {"gateway_paused", "Gateway paused",
        "Refunds of a gateway wait until somebody resumes it.",
        MODULE_REFUNDS, RIGHT_READ, OCCASION_MAKER_CHOOSES, true},
    [OCCASION_ENDPOINT_DISABLED] = {"endpoint_disabled", "Webhook endpoint disabled",
        "An endpoint answered that it is gone. It gets no webhooks any more.",
        MODULE_SETTINGS, RIGHT_READ, OCCASION_MAKER_CHOOSES, true},
};
/* clang-format on */

const struct occasion_row *occasion_row(enum occasion_kind kind)
{
    CHECK((int)kind >= 0 && kind < OCCASION_COUNT);
    return &rows[kind];
}

bool occasion_allowed(enum occasion_kind kind, const unsigned char rights[MODULE_COUNT])
{
    const struct occasion_row *row = occasion_row(kind);
    return rights[row->module] >= row->right;
}

/* ---- addresses ---------------------------------------------------------------------------------
 */

#define SUCH_AS "write one such as refunds@example.com"

enum { LOCAL_BYTES = 64, LABEL_BYTES = 63, ADDRESS_SHOWN_BYTES = 60 };

/* RFC 5322 atext; what else a local part may be needs quotes, and no mailbox that people type has
 * them. */
static bool is_local_char(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static const char *local_fault(const char *local, size_t n)
{
    if (n == 0)
        return "has nothing before the @; " SUCH_AS;
    if (n > LOCAL_BYTES)
        return "has more than 64 characters before the @";
    for (size_t i = 0; i < n; i++) {
        if (!is_local_char(local[i]))
            return "has a character before the @ that the desk does not write to; " SUCH_AS;
        if (local[i] == '.' && (i == 0 || i == n - 1 || local[i + 1] == '.'))
            return "has a dot at the wrong place before the @";
    }
    return NULL;
}

static bool label_is_fine(const char *label, size_t n)
{
    if (n == 0 || n > LABEL_BYTES || label[0] == '-' || label[n - 1] == '-')
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!isalnum((unsigned char)label[i]) && label[i] != '-')
            return false;
    }
    return true;
}

static const char *domain_fault(const char *domain)
{
    const char *label = domain;
    if (*domain == '\0')
        return "has nothing after the @; " SUCH_AS;
    for (;;) {
        size_t n = strcspn(label, ".");
        if (!label_is_fine(label, n))
            return "has no domain name after the @; " SUCH_AS;
        if (label[n] == '\0')
            break;
        label += n + 1;
    }
    if (label == domain && !str_ieq(domain, "localhost"))
        return "has a domain without a dot; " SUCH_AS;
    if (label[strspn(label, "0123456789")] == '\0')
        return "has a number where the domain ends; write the server's name, not its address";
    return NULL;
}

const char *occasion_address_fault(const char *address)
{
    if (str_empty(address))
        return "is empty; " SUCH_AS;
    if (strlen(address) > LIMIT_MAIL_ADDRESS)
        return "has more than 254 characters";
    for (const char *c = address; *c != '\0'; c++) {
        if (*c == '<' || *c == '>' || *c == '"' || *c == '(' || *c == ')')
            return "must be the bare address, without a name, quotes or brackets; " SUCH_AS;
        if (*c == ',' || *c == ';')
            return "is more than one address; separate several with commas, where several may be";
        if (*c == ' ')
            return "has a space in it; " SUCH_AS;
        if (*c == '\r' || *c == '\n')
            return "has a line break in it; " SUCH_AS;
        if (*c < ' ' || *c > '~')
            return "has a character that is not plain ASCII; " SUCH_AS;
    }
    const char *at = strchr(address, '@');
    if (at == NULL)
        return "has no @; " SUCH_AS;
    if (strchr(at + 1, '@') != NULL)
        return "has more than one @; separate several addresses with commas";
    const char *fault = local_fault(address, (size_t)(at - address));
    return fault != NULL ? fault : domain_fault(at + 1);
}

static bool is_among(const char **list, int count, const char *address)
{
    for (int i = 0; i < count; i++) {
        if (str_ieq(list[i], address))
            return true;
    }
    return false;
}

/* As much of it as a message bears, without what would break its line. */
static const char *shown(struct arena *a, const char *address)
{
    size_t n = str_utf8_cut(address, ADDRESS_SHOWN_BYTES);
    char *text = arena_strndup(a, address, n);
    for (char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
    }
    return text;
}

/* Only spaces: a line break within a list is no layout, it is an attack. */
static char *spaces_off(struct arena *a, const char *text, size_t n)
{
    while (n > 0 && *text == ' ') {
        text++;
        n--;
    }
    while (n > 0 && text[n - 1] == ' ')
        n--;
    return arena_strndup(a, text, n);
}

const char *occasion_addresses(struct arena *a, const char *text, const char ***list, int *count)
{
    const char *fault = NULL;
    *list = arena_array(a, LIMIT_MAIL_ADDRESSES, sizeof **list);
    *count = 0;
    for (const char *at = str_or(text, ""); *at != '\0'; at += *at == ',') {
        size_t n = strcspn(at, ",");
        const char *address = spaces_off(a, at, n);
        const char *wrong = occasion_address_fault(address);
        at += n;
        if (*address == '\0' || (wrong == NULL && is_among(*list, *count, address)))
            continue;
        if (wrong == NULL && *count == LIMIT_MAIL_ADDRESSES)
            return str_or(
                fault, arena_printf(a, "At most %d addresses can be given", LIMIT_MAIL_ADDRESSES));
        if (wrong == NULL)
            (*list)[(*count)++] = address;
        else if (fault == NULL)
            fault = arena_printf(a, "\"%s\" %s", shown(a, address), wrong);
    }
    if (*count == 0 && fault == NULL)
        fault = "An address is needed, such as refunds@example.com";
    return fault;
}

/* ---- writing -----------------------------------------------------------------------------------
 */

struct audience {
    const char **list;
    int n;
};

static void add(struct audience *to, const char *address)
{
    if (!is_among(to->list, to->n, address))
        to->list[to->n++] = address;
}

static void leave_out(struct audience *to, const char *address)
{
    int kept = 0;
    for (int i = 0; i < to->n; i++) {
        if (!str_ieq(to->list[i], address))
            to->list[kept++] = to->list[i];
    }
    to->n = kept;
}

/* *address NULL: no user of the merchant, disabled, or without one. */
static enum rc maker_address(struct sql *q, struct arena *a, const struct occasion *o,
                             const char **address, struct err *e)
{
    struct mail_choice choice;
    struct user u;
    *address = NULL;
    if (o->maker == NULL)
        return RC_OK;
    enum rc rc = users_by_name(q, a, o->maker, &u, e);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && (u.merchant != o->merchant || u.disabled)))
        return RC_OK;
    if (rc == RC_OK)
        rc = mails_choice(q, a, u.id, &choice, e);
    if (rc == RC_OK)
        *address = choice.email;
    return rc;
}

static enum rc heed_maker(struct sql *q, struct arena *a, const struct occasion *o,
                          struct audience *to, struct err *e)
{
    enum occasion_maker part = occasion_row(o->kind)->maker;
    const char *address;
    if (part == OCCASION_MAKER_CHOOSES || (part == OCCASION_MAKER_NEVER && to->n == 0))
        return RC_OK;
    enum rc rc = maker_address(q, a, o, &address, e);
    if (rc != RC_OK || address == NULL)
        return rc;
    if (part == OCCASION_MAKER_NEVER)
        leave_out(to, address);
    else
        add(to, address);
    return RC_OK;
}

static enum rc find_audience(struct sql *q, struct arena *a, const struct occasion *o,
                             struct audience *to, struct err *e)
{
    const struct occasion_row *row = occasion_row(o->kind);
    const char **readers, **also;
    int n_readers, n_also;
    enum rc rc = mails_readers(q, a, o->merchant, row->name, row->module, row->right, &readers,
                               &n_readers, e);
    if (rc != RC_OK)
        return rc;
    occasion_addresses(a, o->also, &also, &n_also);
    to->list = arena_array(a, (size_t)(n_readers + n_also + 1), sizeof *to->list);
    to->n = 0;
    for (int i = 0; i < n_readers; i++)
        add(to, readers[i]);
    for (int i = 0; i < n_also; i++)
        add(to, also[i]);
    return heed_maker(q, a, o, to, e);
}

enum rc occasion_write(struct sql *q, struct arena *a, const struct occasion *o, struct err *e)
{
    struct audience to;
    struct merchant m;
    enum rc rc = find_audience(q, a, o, &to, e);
    if (rc != RC_OK || to.n == 0)
        return rc;
    rc = merchants_get(q, a, o->merchant, &m, e);
    if (rc != RC_OK)
        return rc;
    json_put_text(o->facts, "merchant", m.name);
    json_put_bool(o->facts, "test_mode", m.test_mode);
    struct mail mail = {
        .merchant = o->merchant,
        .kind = occasion_row(o->kind)->name,
        .occasion = arena_printf(a, "%s/%s", occasion_row(o->kind)->name, o->subject),
        .facts = json_write(a, o->facts),
        .due_ms = o->now_ms,
        .created_ms = o->now_ms,
    };
    for (int i = 0; rc == RC_OK && i < to.n; i++) {
        mail.address = to.list[i];
        rc = mails_put(q, &mail, e);
    }
    return rc;
}

enum rc occasion_tell(struct sql *q, struct arena *a, int64_t merchant, enum occasion_kind kind,
                      const char *subject, struct json_object *facts, const char *also,
                      int64_t now_ms, struct err *e)
{
    const struct occasion o = {merchant, kind, subject, facts, also, NULL, now_ms};
    return occasion_write(q, a, &o, e);
}
