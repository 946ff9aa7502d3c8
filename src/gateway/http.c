#include "gateway/http.h"
#include "core/clock.h"
#include "core/limits.h"
#include "core/str.h"
#include "gateway/address.h"
#include <curl/curl.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>

#define FLIGHT_ARENA_BYTES (8u * LIMIT_HTTP_BODY_BYTES)

enum flight_state { FLIGHT_FREE, FLIGHT_OPEN, FLIGHT_LANDED };

struct flight {
    enum flight_state state;
    struct arena *arena; /* everything of one call; cleared when its result was handed out */
    void *tag;
    CURL *easy;
    CURLU *url;
    struct curl_slist *headers;
    struct buf body;
    size_t keep_bytes; /* of the body; 0: it must be whole */
    size_t header_n;
    bool headed;          /* the headers of the latest answer have ended */
    const char *refused;  /* an address that may not be called, or NULL */
    const char *too_much; /* which cap the answer broke, or NULL */
    int64_t started_ms;
    int64_t took_ms;
    uint64_t landed; /* landing order */
    CURLcode code;
    char why[CURL_ERROR_SIZE];
};

struct http {
    struct arena *arena;
    struct http_options options;
    CURLM *multi;
    uint64_t landings;
    int waiting; /* landed, not yet handed out */
    struct flight flights[LIMIT_WORKER_FLIGHTS];
};

/* ---- opening and closing -------------------------------------------------------------------- */

enum rc http_open(struct http **out, const struct http_options *options, struct err *e)
{
    struct arena *a;
    struct http *h;

    CHECK(options->connect_timeout_ms > 0 && options->request_timeout_ms > 0);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return ERR(e, RC_INTERNAL, "The HTTP client does not start.", "curl_global_init");
    a = arena_new(2 * sizeof *h);
    h = arena_alloc(a, sizeof *h);
    h->arena = a;
    h->options = *options;
    h->multi = curl_multi_init();
    if (!h->multi) {
        arena_free(a);
        curl_global_cleanup();
        return ERR(e, RC_INTERNAL, "The HTTP client does not start.", "curl_multi_init");
    }
    *out = h;
    return RC_OK;
}

static void flight_clear(struct http *h, struct flight *f)
{
    if (f->easy) {
        curl_multi_remove_handle(h->multi, f->easy);
        curl_easy_cleanup(f->easy);
    }
    curl_url_cleanup(f->url);
    curl_slist_free_all(f->headers);
    if (f->arena)
        arena_clear(f->arena);
    *f = (struct flight){.arena = f->arena};
}

void http_close(struct http *h)
{
    if (!h)
        return;
    for (struct flight *f = h->flights; f < h->flights + LIMIT_WORKER_FLIGHTS; f++) {
        flight_clear(h, f);
        arena_free(f->arena);
    }
    curl_multi_cleanup(h->multi);
    arena_free(h->arena);
    curl_global_cleanup();
}

int http_in_flight(const struct http *h)
{
    int n = 0;

    for (int i = 0; i < LIMIT_WORKER_FLIGHTS; i++)
        n += h->flights[i].state != FLIGHT_FREE;
    return n;
}

/* ---- what may be called --------------------------------------------------------------------- */

/* "" when the URL has no such part. */
static char *url_part(struct arena *a, CURLU *url, CURLUPart part)
{
    char *text = NULL;
    char *copy;

    (void)curl_url_get(url, part, &text, 0);
    copy = arena_strdup(a, str_or(text, ""));
    curl_free(text);
    return copy;
}

static bool url_is_allowed(const struct http *h, struct flight *f)
{
    const char *scheme = url_part(f->arena, f->url, CURLUPART_SCHEME);
    const char *host = url_part(f->arena, f->url, CURLUPART_HOST);

    if (*url_part(f->arena, f->url, CURLUPART_USER) ||
        *url_part(f->arena, f->url, CURLUPART_PASSWORD))
        return false;
    if (str_ieq(scheme, "https") || (h->options.allow_http && str_ieq(scheme, "http")))
        return true;
    return h->options.allow_loopback_http && str_ieq(scheme, "http") &&
           (str_eq(host, "127.0.0.1") || str_eq(host, "[::1]"));
}

/* curl keeps its own parsed URL, so what was judged is what is called. */
static enum rc flight_set_url(struct http *h, struct flight *f, const char *text, struct err *e)
{
    f->url = curl_url();
    CHECK(f->url);
    if (!str_printable_ascii(text) ||
        curl_url_set(f->url, CURLUPART_URL, text, CURLU_PATH_AS_IS) != CURLUE_OK ||
        !url_is_allowed(h, f))
        return ERR(e, RC_INVALID, "This address may not be called.", "url: %s", text);
    return RC_OK;
}

static bool header_is_sound(const char *header)
{
    size_t name_n = strcspn(header, ":");

    for (const char *p = header; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return false;
    return header[name_n] == ':' && name_n > 0 && strcspn(header, " \t") >= name_n &&
           strlen(header) <= LIMIT_HEADER_BYTES;
}

static void flight_add_header(struct flight *f, const char *header)
{
    struct curl_slist *longer = curl_slist_append(f->headers, header);

    CHECK(longer);
    f->headers = longer;
}

static enum rc flight_set_headers(struct flight *f, const struct http_call *call, struct err *e)
{
    CHECK(call->n_headers >= 0 && call->n_headers <= HTTP_MAX_HEADERS);
    for (int i = 0; i < call->n_headers; i++) {
        if (!header_is_sound(call->headers[i]))
            return ERR(e, RC_INVALID, "A header of the request is not well-formed.",
                       "header %d of %s", i + 1, call->url);
        flight_add_header(f, call->headers[i]);
    }
    flight_add_header(f, "Expect:");
    return RC_OK;
}

/* ---- the answer as it comes in --------------------------------------------------------------- */

static size_t take_header(char *data, size_t size, size_t n, void *arg)
{
    struct flight *f = arg;

    f->headed = data[0] == '\r' || data[0] == '\n';
    f->header_n += size * n;
    if (f->header_n <= LIMIT_HTTP_HEADER_BYTES)
        return size * n;
    f->too_much = "headers";
    return 0;
}

static size_t take_body(char *data, size_t size, size_t n, void *arg)
{
    struct flight *f = arg;

    if (f->keep_bytes > 0) {
        size_t room = f->keep_bytes - f->body.len;
        buf_add(&f->body, data, size * n < room ? size * n : room);
        return size * n <= room ? size * n : 0;
    }
    if (f->body.len + size * n <= LIMIT_HTTP_BODY_BYTES) {
        buf_add(&f->body, data, size * n);
        return size * n;
    }
    f->too_much = "body";
    return 0;
}

/* ---- where it leads ---------------------------------------------------------------------------
 */

/* curl asks for a socket to each address that it resolved. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct flight *f = arg;
    const char *kind = address_kind(&to->addr);

    (void)purpose;
    if (kind) {
        f->refused =
            arena_printf(f->arena, "the address %s is %s", address_text(f->arena, &to->addr), kind);
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* ---- starting ------------------------------------------------------------------------------- */

static struct flight *flight_free(struct http *h)
{
    for (int i = 0; i < LIMIT_WORKER_FLIGHTS; i++)
        if (h->flights[i].state == FLIGHT_FREE)
            return &h->flights[i];
    return NULL;
}

/* Options that take a long. On a reused connection that dies, curl sends a POST again by itself:
 * hence a fresh one for each call, never kept. */
static const struct {
    CURLoption option;
    long value;
} fixed_options[] = {
    {CURLOPT_FRESH_CONNECT, 1L},
    {CURLOPT_FORBID_REUSE, 1L},
    {CURLOPT_NOSIGNAL, 1L},
    {CURLOPT_QUICK_EXIT, 1L}, /* else the end of a call waits for its name server too */
    {CURLOPT_FOLLOWLOCATION, 0L},
    {CURLOPT_NETRC, CURL_NETRC_IGNORED},
    {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
    {CURLOPT_HTTP09_ALLOWED, 0L},
    {CURLOPT_PATH_AS_IS, 1L},
    {CURLOPT_SSL_VERIFYPEER, 1L},
    {CURLOPT_SSL_VERIFYHOST, 2L},
    {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
    {CURLOPT_SSL_SESSIONID_CACHE, 0L},
};

#define SET(option, value) (curl_easy_setopt(f->easy, (option), (value)) == CURLE_OK)

static bool flight_set_transport(const struct http_options *options, struct flight *f)
{
    for (size_t i = 0; i < sizeof fixed_options / sizeof *fixed_options; i++)
        if (!SET(fixed_options[i].option, fixed_options[i].value))
            return false;
    bool plain = options->allow_loopback_http || options->allow_http;
    if (options->internet_only &&
        !(SET(CURLOPT_OPENSOCKETFUNCTION, open_socket) && SET(CURLOPT_OPENSOCKETDATA, f)))
        return false;
    if (options->ca_file && !SET(CURLOPT_CAINFO, options->ca_file))
        return false;
    return SET(CURLOPT_CURLU, f->url) &&
           SET(CURLOPT_PROTOCOLS_STR, plain ? "http,https" : "https") && SET(CURLOPT_PROXY, "") &&
           SET(CURLOPT_USERAGENT, "refunddesk") &&
           SET(CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_timeout_ms) &&
           SET(CURLOPT_TIMEOUT_MS, (long)options->request_timeout_ms);
}

static bool flight_set_request(struct flight *f, const struct http_call *call)
{
    if (str_eq(call->method, "GET") && !SET(CURLOPT_HTTPGET, 1L))
        return false;
    if (str_eq(call->method, "POST") &&
        (!SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body_n) ||
         !SET(CURLOPT_COPYPOSTFIELDS, str_or(call->body, ""))))
        return false;
    return SET(CURLOPT_HTTPHEADER, f->headers) && SET(CURLOPT_HEADERFUNCTION, take_header) &&
           SET(CURLOPT_HEADERDATA, f) && SET(CURLOPT_WRITEFUNCTION, take_body) &&
           SET(CURLOPT_WRITEDATA, f) && SET(CURLOPT_ERRORBUFFER, f->why) && SET(CURLOPT_PRIVATE, f);
}

static size_t request_limit(const struct http *h)
{
    size_t limit = h->options.request_limit_bytes;

    return limit > 0 ? limit : LIMIT_HTTP_BODY_BYTES;
}

enum rc http_start(struct http *h, const struct http_call *call, void *tag, struct err *e)
{
    struct flight *f = flight_free(h);
    enum rc rc;

    if (!f)
        return ERR(e, RC_BUSY, "Too many calls are open.", "%d in flight", LIMIT_WORKER_FLIGHTS);
    if (!str_eq(call->method, "GET") && !str_eq(call->method, "POST"))
        return ERR(e, RC_INVALID, "Only GET and POST are made.", "method %s", call->method);
    if (call->body_n > request_limit(h))
        return ERR(e, RC_INVALID, "The request is too large.", "%zu bytes", call->body_n);
    if (!f->arena)
        f->arena = arena_new(FLIGHT_ARENA_BYTES);
    buf_init(&f->body, f->arena);
    f->keep_bytes = h->options.keep_bytes;
    if ((rc = flight_set_url(h, f, call->url, e)) != RC_OK ||
        (rc = flight_set_headers(f, call, e)) != RC_OK)
        goto out;
    f->easy = curl_easy_init();
    if (!f->easy || !flight_set_transport(&h->options, f) || !flight_set_request(f, call) ||
        curl_multi_add_handle(h->multi, f->easy) != CURLM_OK) {
        rc = ERR(e, RC_INTERNAL, "The call could not be prepared.", "curl refused an option");
        goto out;
    }
    f->tag = tag;
    f->started_ms = clock_mono_ms();
    f->state = FLIGHT_OPEN;
    return RC_OK;
out:
    flight_clear(h, f);
    return rc;
}

/* ---- moving on ------------------------------------------------------------------------------- */

static void land_all(struct http *h)
{
    CURLMsg *msg;
    int left;

    while ((msg = curl_multi_info_read(h->multi, &left))) {
        char *private = NULL;
        struct flight *f;

        if (msg->msg != CURLMSG_DONE)
            continue;
        CHECK(curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &private) == CURLE_OK);
        f = (void *)private;
        f->code = msg->data.result;
        f->took_ms = clock_mono_ms() - f->started_ms;
        f->landed = ++h->landings;
        h->waiting++;
        f->state = FLIGHT_LANDED;
    }
}

void http_poll(struct http *h, int wake_fd, int64_t timeout_ms, bool *woken)
{
    struct curl_waitfd wake = {.fd = wake_fd, .events = CURL_WAIT_POLLIN};
    int open;

    *woken = false;
    CHECK(curl_multi_perform(h->multi, &open) == CURLM_OK);
    land_all(h);
    if (h->waiting > 0 || timeout_ms < 0)
        timeout_ms = 0;
    timeout_ms = timeout_ms < INT_MAX ? timeout_ms : INT_MAX;
    if (curl_multi_poll(h->multi, &wake, wake_fd >= 0, (int)timeout_ms, NULL) == CURLM_OK)
        *woken = wake.revents != 0;
    CHECK(curl_multi_perform(h->multi, &open) == CURLM_OK);
    land_all(h);
}

/* ---- results --------------------------------------------------------------------------------- */

/* The only failures that prove that nothing was asked for. */
static bool never_sent(const struct flight *f)
{
    static const CURLcode before_sending[] = {CURLE_COULDNT_RESOLVE_PROXY,
                                              CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT,
                                              CURLE_SSL_CONNECT_ERROR};
    long sent_bytes = -1;

    if (curl_easy_getinfo(f->easy, CURLINFO_REQUEST_SIZE, &sent_bytes) != CURLE_OK || sent_bytes)
        return false;
    for (size_t i = 0; i < sizeof before_sending / sizeof *before_sending; i++)
        if (f->code == before_sending[i])
            return true;
    return false;
}

/* An answer without Content-Length that is not chunked ends when the connection does: nobody can
 * tell whether all of it came. */
static bool end_is_known(const struct flight *f, long status)
{
    struct curl_header *header;
    curl_off_t length = -1;

    if (status == 204 || status == 304)
        return true;
    if (curl_easy_getinfo(f->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length) == CURLE_OK &&
        length >= 0)
        return true;
    return curl_easy_header(f->easy, "Transfer-Encoding", 0, CURLH_HEADER, -1, &header) ==
               CURLHE_OK &&
           str_ieq(header->value, "chunked");
}

static void fill_result(const struct flight *f, struct arena *a, struct http_result *r)
{
    long status = 0;

    *r = (struct http_result){.end = HTTP_BROKEN, .body = "", .took_ms = f->took_ms};
    (void)curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
    r->status = (int)status;
    bool whole = f->code == CURLE_OK && end_is_known(f, status);
    if (status >= 200 && (f->keep_bytes > 0 ? f->headed : whole)) {
        r->end = HTTP_ANSWERED;
        r->body = arena_strndup(a, buf_text(&f->body), f->body.len);
        r->body_n = f->body.len;
        r->detail = arena_printf(a, "HTTP %ld", status);
        return;
    }
    if (never_sent(f))
        r->end = HTTP_NOT_SENT;
    if (f->too_much)
        r->detail = arena_printf(a, "The answer's %s too large.",
                                 str_eq(f->too_much, "body") ? "body is" : "headers are");
    else if (f->refused && f->code == CURLE_COULDNT_CONNECT)
        r->detail = arena_strdup(a, f->refused);
    else if (f->code == CURLE_OK)
        r->detail = arena_printf(a, "HTTP %ld without a length: its end is not known.", status);
    else
        r->detail = arena_printf(a, "curl %d: %s", (int)f->code,
                                 f->why[0] ? f->why : curl_easy_strerror(f->code));
}

bool http_finished(struct http *h, struct arena *a, struct http_result *result, void **tag)
{
    struct flight *first = NULL;

    for (struct flight *f = h->flights; f < h->flights + LIMIT_WORKER_FLIGHTS; f++)
        if (f->state == FLIGHT_LANDED && (!first || f->landed < first->landed))
            first = f;
    if (!first)
        return false;
    fill_result(first, a, result);
    *tag = first->tag;
    h->waiting--;
    flight_clear(h, first);
    return true;
}
