/*
 * A mail's bytes: the facts of its row, put into the templates of its kind, as an RFC 5322 message.
 *
 * templates/mail/<kind>.txt.cs: the first line is the subject, what follows the text.
 * templates/mail/<kind>.html.cs: the same as HTML, between layout/mail_head and layout/mail_foot.
 * Both are filled with the facts and with mail.subject, mail.portal and mail.profile (addresses).
 *
 * A fact is a member of the row's JSON object, named [a-z0-9_]+, and says by its shape what it is:
 *     "text"                            as it is; control characters become blanks
 *     12                                a count, grouped: "12,000"
 *     true                              a flag
 *     {"minor":123456,"currency":"INR"} money: "1,234.56 INR"
 *     {"at_ms":1795270860000}           a time of the merchant's zone: "21 Nov 2026, 14:31:00 IST"
 *     {"path":["orders","O 1"]}         an address in the portal: "https://…/orders/O%201"
 *     {…} without those names           a node: <?cs var:node.member ?>
 *     [{…}, …]                          a list of nodes
 * Null is absent.
 */
#ifndef NOTIFY_MAIL_TEXT_H
#define NOTIFY_MAIL_TEXT_H

#include "core/json.h"
#include "core/str.h"
#include "store/mails.h"
#include "view/format.h"
#include "view/template.h"

struct mail_desk {
    struct templates *templates; /* of templates_load_mails */
    const char *from;            /* one address */
    const char *portal_url;
    struct format format; /* of the mail's merchant */
};

/* The whole message, lines ended by CRLF, none longer than 78 bytes but the
 * addresses' own; the same bytes for the same row each time. RC_INVALID: the row cannot be made a
 * mail (its address, its facts); RC_INTERNAL: no template of that kind, or a broken one. */
MUSTCHECK enum rc mail_compose(struct arena *a, const struct mail_desk *desk, const struct mail *m,
                               struct buf *out, struct err *e);

/* What `mail_compose` fills templates with: the facts of an object into a node. RC_INVALID names
 * the fact that is none of the above. */
MUSTCHECK enum rc mail_facts_put(struct arena *a, const struct mail_desk *desk,
                                 struct page_node *node, struct json_object *facts, struct err *e);

/* A path of the portal ("/profile", or "") behind its address. */
const char *mail_portal(struct arena *a, const char *portal_url, const char *path);

/* "<32 hex@domain of from>": the same for the same merchant, occasion and address. */
const char *mail_message_id(struct arena *a, const struct mail *m, const char *from);

#endif
