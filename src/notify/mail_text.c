#include "notify/mail_text.h"

#include "core/digest.h"
#include "core/limits.h"
#include "notify/mail_encode.h"
#include "refund/occasion.h"

#include <string.h>

enum { ID_BYTES = 16 };

/* ---- texts from templates ---------------------------------------------------------------------
 */

struct mail_words {
    const char *subject;
    const char *text, *html;
};

static enum rc render(struct arena *a, const struct mail_desk *desk, const struct mail *m,
                      struct json_object *facts, const char *format, const char *subject,
                      const char **out, struct err *e)
{
    struct page *page = page_new(a, arena_printf(a, "mail/%s.%s", m->kind, format));
    struct buf text;
    buf_init(&text, a);
    enum rc rc = mail_facts_put(a, desk, page_root(page), facts, e);
    if (rc != RC_OK)
        return rc;
    struct page_node *own = page_child(page_root(page), "mail");
    page_set(own, "subject", subject);
    page_set(own, "portal", mail_portal(a, desk->portal_url, ""));
    page_set(own, "profile", mail_portal(a, desk->portal_url, "/profile"));
    rc = template_render(desk->templates, page, &text, e);
    *out = buf_text(&text);
    return rc;
}

/* Blank lines that templates leave behind: none at the beginning, never two together. */
static const char *without_gaps(struct arena *a, const char *text)
{
    struct buf out;
    bool blank = true;
    buf_init(&out, a);
    while (*text) {
        size_t n = strcspn(text, "\n");
        bool empty = strspn(text, " \t\r") == n;
        if (!empty) {
            if (blank && out.len > 0)
                buf_putc(&out, '\n');
            buf_add(&out, text, n);
            buf_putc(&out, '\n');
        }
        blank = empty;
        text += n;
        text += *text == '\n';
    }
    return buf_text(&out);
}

static const char *subject_of(struct arena *a, const char *line)
{
    const char *subject = str_trim(a, mail_clean(a, line));
    if (strlen(subject) <= LIMIT_MAIL_SUBJECT)
        return subject;
    return arena_printf(a, "%.*s\xe2\x80\xa6", (int)str_utf8_cut(subject, LIMIT_MAIL_SUBJECT - 3),
                        subject);
}

static enum rc find_words(struct arena *a, const struct mail_desk *desk, const struct mail *m,
                          struct mail_words *out, struct err *e)
{
    struct json_object *facts;
    const char *text;
    enum rc rc = json_read(a, m->facts, strlen(m->facts), &facts, e);
    if (rc == RC_OK && !json_object_is_type(facts, json_type_object))
        rc = ERR(e, RC_INVALID, "This mail cannot be written: its facts are no object.", "facts");
    if (rc == RC_OK)
        rc = render(a, desk, m, facts, "txt", NULL, &text, e);
    if (rc != RC_OK)
        return rc;
    size_t first = strcspn(text, "\n");
    out->subject = subject_of(a, arena_strndup(a, text, first));
    out->text = without_gaps(a, text + first);
    if (*out->subject == '\0')
        return ERR(e, RC_INTERNAL, "This mail has no subject.", "mail/%s.txt", m->kind);
    return render(a, desk, m, facts, "html", out->subject, &out->html, e);
}

/* ---- the message ------------------------------------------------------------------------------
 */

/* 32 hex digits: the same for the same merchant, occasion and address. */
static const char *identity(struct arena *a, const struct mail *m)
{
    uint8_t digest[DIGEST_BYTES];
    struct buf b;
    buf_init(&b, a);
    buf_printf(&b, "%lld", (long long)m->merchant);
    buf_add(&b, m->occasion, strlen(m->occasion) + 1);
    buf_puts(&b, m->address);
    digest_sha256(b.data, b.len, digest);
    return digest_hex(a, digest, ID_BYTES);
}

const char *mail_message_id(struct arena *a, const struct mail *m, const char *from)
{
    return arena_printf(a, "<%s%s>", identity(a, m), str_or(strchr(from, '@'), "@localhost"));
}

static void put_part(struct buf *out, const char *boundary, const char *type, const char *text)
{
    buf_printf(out,
               "--%s\r\nContent-Type: %s; charset=utf-8\r\n"
               "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
               boundary, type);
    mail_put_body(out, text);
    buf_puts(out, "\r\n"); /* the boundary's own; the text keeps its last line end */
}

static enum rc check_address(const char *what, const char *address, struct err *e)
{
    const char *fault = occasion_address_fault(address);
    if (fault == NULL)
        return RC_OK;
    return ERR(e, RC_INVALID, "This mail has an address to which nothing can be sent.",
               "the address %s %s", what, fault);
}

enum rc mail_compose(struct arena *a, const struct mail_desk *desk, const struct mail *m,
                     struct buf *out, struct err *e)
{
    struct mail_words words = {"", "", ""};
    enum rc rc = check_address("it goes to", m->address, e);
    if (rc == RC_OK)
        rc = check_address("it comes from", desk->from, e);
    if (rc == RC_OK)
        rc = find_words(a, desk, m, &words, e);
    if (rc != RC_OK)
        return rc;
    /* "=_" is nothing that quoted-printable writes */
    const char *boundary = arena_printf(a, "=_%s", identity(a, m));
    buf_printf(out, "Date: %s\r\nFrom: %s\r\nTo: %s\r\n", mail_date(a, m->created_ms), desk->from,
               m->address);
    mail_put_header(out, "Subject", words.subject);
    buf_printf(out,
               "Message-ID: %s\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
               "Content-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n",
               mail_message_id(a, m, desk->from), boundary);
    put_part(out, boundary, "text/plain", words.text);
    put_part(out, boundary, "text/html", words.html);
    buf_printf(out, "--%s--\r\n", boundary);
    return RC_OK;
}
