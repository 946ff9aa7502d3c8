#include "notify/mail_send.h"

#include "core/limits.h"
#include "notify/mail_encode.h"
#include "notify/mail_file.h"
#include "refund/occasion.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define SENDER_BYTES (1u << 20)

struct mail_sender {
    struct arena *arena;
    const struct config *config;
    struct mail_stop stop;
    const char *folder;  /* of .eml files */
    const char *url;     /* of the server; NULL: the folder it is */
    const char *ca_file; /* NULL: the system's */
    char *password;      /* NULL: nobody logs in */
};

/* One mail on its way. */
struct sending {
    struct mail_sender *sender;
    const struct buf *message;
    size_t given; /* bytes of the message that curl took */
    curl_socket_t socket;
    bool about_mail; /* what the server says now it says about this mail */
    bool over;       /* the rest is good-bye */
    struct buf said; /* its last line */
    char why[CURL_ERROR_SIZE];
};

/* ---- opening and closing ---------------------------------------------------------------------
 */

static enum rc refuse(const char *text, const char *value, struct err *e)
{
    return ERR(e, RC_INVALID, text, "value %.100s", value);
}

static bool is_loopback(const char *host)
{
    return str_eq(host, "localhost") || str_eq(host, "[::1]") || str_eq(host, "127.0.0.1");
}

static bool is_host(const char *host)
{
    static const char NAME[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
    size_t n = strlen(host);
    if (*host == '[')
        return n > 2 && strspn(host + 1, "0123456789abcdefABCDEF:.") == n - 2 && host[n - 1] == ']';
    return n > 0 && strspn(host, NAME) == n;
}

static enum rc check_settings(const struct config *c, struct err *e)
{
    if (occasion_address_fault(c->mail_from) != NULL)
        return refuse("mail.from is no address: write one such as refunds@example.com.",
                      c->mail_from, e);
    if (c->mail_host == NULL)
        return RC_OK;
    if (!is_host(c->mail_host))
        return refuse("mail.host is no host: write a name, an IPv4 address or [an IPv6 address].",
                      c->mail_host, e);
    if (str_eq(c->mail_tls, "none") && !is_loopback(c->mail_host))
        return refuse("mail.tls = none is for a server on loopback: use starttls or tls.",
                      c->mail_host, e);
    if ((c->mail_user == NULL) != (c->mail_password_file == NULL))
        return refuse("mail.user and mail.password_file belong together: set both or none.",
                      str_or(c->mail_user, "(none)"), e);
    return RC_OK;
}

/* The first line. */
static enum rc read_password(struct mail_sender *s, int fd, const char *path, struct err *e)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return refuse("mail.password_file is no plain file.", path, e);
    if (st.st_mode & (S_IRWXG | S_IRWXO))
        return ERR(e, RC_DENIED,
                   "mail.password_file can be read by others: chmod 600, and change the password.",
                   "%s", path);
    s->password = arena_alloc(s->arena, LIMIT_PASSWORD_BYTES + 2);
    ssize_t n = read(fd, s->password, LIMIT_PASSWORD_BYTES + 1);
    s->password[strcspn(s->password, "\r\n")] = '\0';
    if (n <= 0 || *s->password == '\0' || strlen(s->password) > LIMIT_PASSWORD_BYTES)
        return refuse("mail.password_file has no password in its first line, or too long a one.",
                      path, e);
    return RC_OK;
}

static enum rc load_password(struct mail_sender *s, struct err *e)
{
    if (s->config->mail_host == NULL || s->config->mail_password_file == NULL)
        return RC_OK;
    const char *path = config_path(s->arena, s->config, s->config->mail_password_file);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ERR(e, RC_INVALID, "mail.password_file cannot be read.", "%s: %s", path,
                   strerror(errno));
    enum rc rc = read_password(s, fd, path, e);
    close(fd);
    return rc;
}

enum rc mail_sender_open(struct mail_sender **out, const struct config *c, struct mail_stop stop,
                         struct err *e)
{
    enum rc rc = check_settings(c, e);
    if (rc != RC_OK)
        return rc;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return ERR(e, RC_INTERNAL, "The mail client does not start.", "curl_global_init");
    struct arena *a = arena_new(SENDER_BYTES);
    struct mail_sender *s = arena_alloc(a, sizeof *s);
    *s = (struct mail_sender){.arena = a, .config = c, .stop = stop};
    s->folder = config_path(a, c, c->mail_folder);
    if (c->mail_host != NULL)
        s->url = arena_printf(a, "%s://%s:%lld", str_eq(c->mail_tls, "tls") ? "smtps" : "smtp",
                              c->mail_host, (long long)c->mail_port);
    if (c->mail_ca_file != NULL)
        s->ca_file = config_path(a, c, c->mail_ca_file);
    rc = load_password(s, e);
    if (rc == RC_OK)
        *out = s;
    else
        mail_sender_close(s);
    return rc;
}

void mail_sender_close(struct mail_sender *s)
{
    if (s == NULL)
        return;
    if (s->password != NULL)
        explicit_bzero(s->password, LIMIT_PASSWORD_BYTES);
    arena_free(s->arena);
    curl_global_cleanup();
}

/* ---- what curl asks and tells ------------------------------------------------------------------
 */

static size_t give(char *to, size_t size, size_t n, void *arg)
{
    struct sending *s = arg;
    size_t left = s->message->len - s->given, room = size * n;
    size_t take = left < room ? left : room;
    memcpy(to, s->message->data + s->given, take);
    s->given += take;
    return take;
}

static int look_up(void *arg, curl_off_t down_all, curl_off_t down, curl_off_t up_all,
                   curl_off_t up)
{
    const struct sending *s = arg;
    (void)down_all;
    (void)down;
    (void)up_all;
    (void)up;
    return s->sender->stop.stopping(s->sender->stop.arg);
}

/* Each line that the server sends. */
static size_t hear(char *line, size_t size, size_t n, void *arg)
{
    struct sending *s = arg;
    size_t length = size * n;
    if (!s->over) {
        s->said.len = 0;
        buf_add(&s->said, line, length < LIMIT_MAIL_SAID ? length : LIMIT_MAIL_SAID);
    }
    return length;
}

static bool begins(const char *data, size_t n, const char *word)
{
    return n >= strlen(word) && memcmp(data, word, strlen(word)) == 0;
}

/* Each command that curl sends. Nobody waits for the answer to a good-bye: curl would, for minutes,
 * and not look up meanwhile. */
static int notice(CURL *easy, curl_infotype type, char *data, size_t n, void *arg)
{
    struct sending *s = arg;
    (void)easy;
    if (type != CURLINFO_HEADER_OUT || s->over)
        return 0;
    if (!begins(data, n, "QUIT")) {
        s->about_mail =
            begins(data, n, "MAIL FROM") || begins(data, n, "RCPT TO") || begins(data, n, "DATA");
    } else {
        s->over = true;
        shutdown(s->socket, SHUT_RD);
    }
    return 0;
}

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct sending *s = arg;
    (void)purpose;
    s->socket = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    return s->socket == -1 ? CURL_SOCKET_BAD : s->socket;
}

/* ---- one mail ----------------------------------------------------------------------------------
 */

#define SET(option, value) (curl_easy_setopt(easy, (option), (value)) == CURLE_OK)

static bool set_transport(CURL *easy, const struct mail_sender *sender)
{
    static const struct {
        CURLoption option;
        long value;
    } FIXED[] = {
        {CURLOPT_FRESH_CONNECT, 1L},  {CURLOPT_FORBID_REUSE, 1L},
        {CURLOPT_NOSIGNAL, 1L},       {CURLOPT_NETRC, CURL_NETRC_IGNORED},
        {CURLOPT_SSL_VERIFYPEER, 1L}, {CURLOPT_SSL_VERIFYHOST, 2L},
        {CURLOPT_UPLOAD, 1L},         {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
        {CURLOPT_NOPROGRESS, 0L},     {CURLOPT_VERBOSE, 1L},
        {CURLOPT_QUICK_EXIT, 1L}, /* a stop does not wait for a name server */
    };
    const struct config *c = sender->config;
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof FIXED / sizeof *FIXED; i++)
        ok = SET(FIXED[i].option, FIXED[i].value);
    if (ok && sender->ca_file != NULL)
        ok = SET(CURLOPT_CAINFO, sender->ca_file) && SET(CURLOPT_CAPATH, NULL);
    if (ok && sender->password != NULL)
        ok = SET(CURLOPT_USERNAME, c->mail_user) && SET(CURLOPT_PASSWORD, sender->password);
    return ok && SET(CURLOPT_URL, sender->url) && SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps") &&
           SET(CURLOPT_PROXY, "") &&
           SET(CURLOPT_USE_SSL,
               (long)(str_eq(c->mail_tls, "none") ? CURLUSESSL_NONE : CURLUSESSL_ALL)) &&
           SET(CURLOPT_CONNECTTIMEOUT_MS, (long)c->connect_timeout_ms) &&
           SET(CURLOPT_TIMEOUT_MS, (long)c->mail_timeout_ms);
}

static bool set_mail(CURL *easy, struct sending *s, const struct curl_slist *to)
{
    return SET(CURLOPT_MAIL_FROM, s->sender->config->mail_from) && SET(CURLOPT_MAIL_RCPT, to) &&
           SET(CURLOPT_READFUNCTION, give) && SET(CURLOPT_READDATA, s) &&
           SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)s->message->len) &&
           SET(CURLOPT_XFERINFOFUNCTION, look_up) && SET(CURLOPT_XFERINFODATA, s) &&
           SET(CURLOPT_HEADERFUNCTION, hear) && SET(CURLOPT_HEADERDATA, s) &&
           SET(CURLOPT_DEBUGFUNCTION, notice) && SET(CURLOPT_DEBUGDATA, s) &&
           SET(CURLOPT_OPENSOCKETFUNCTION, open_socket) && SET(CURLOPT_OPENSOCKETDATA, s) &&
           SET(CURLOPT_ERRORBUFFER, s->why);
}

/* 530 to 539 are about who may send at all: that is mended in the settings, and the mail goes. */
static bool is_final(const char *said)
{
    return said[0] == '5' && !(said[1] == '3');
}

static struct mail_answer judge(struct arena *a, struct sending *s, CURLcode code)
{
    const char *said = str_trim(a, mail_clean(a, buf_text(&s->said)));
    if (code == CURLE_OK)
        return (struct mail_answer){MAIL_SENT, said};
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return (struct mail_answer){MAIL_STOPPED, "The worker was stopped."};
    if (s->about_mail && is_final(said) && code != CURLE_OPERATION_TIMEDOUT)
        return (struct mail_answer){MAIL_REFUSED, said};
    const char *why = *s->why ? s->why : curl_easy_strerror(code);
    return (struct mail_answer){MAIL_LATER, *said ? arena_printf(a, "%s (%s)", why, said)
                                                  : arena_strdup(a, why)};
}

static struct mail_answer send_by_smtp(struct arena *a, struct mail_sender *sender,
                                       const struct mail *m, const struct buf *message)
{
    struct sending s = {.sender = sender, .message = message, .socket = -1};
    buf_init(&s.said, a);
    CURL *easy = curl_easy_init();
    struct curl_slist *to = curl_slist_append(NULL, m->address);
    CHECK(easy != NULL && to != NULL);
    CHECK(set_transport(easy, sender) && set_mail(easy, &s, to));
    CURLcode code = curl_easy_perform(easy);
    struct mail_answer answer = judge(a, &s, code);
    curl_easy_cleanup(easy);
    curl_slist_free_all(to);
    return answer;
}

struct mail_answer mail_send(struct arena *a, struct mail_sender *s, const struct mail *m,
                             const struct buf *message)
{
    struct err e;
    const char *path;
    const char *fault = occasion_address_fault(m->address);
    if (fault != NULL)
        return (struct mail_answer){MAIL_REFUSED, arena_printf(a, "The address %s.", fault)};
    if (s->url != NULL)
        return send_by_smtp(a, s, m, message);
    if (mail_file_write(a, s->folder, m->id, message, &path, &e) != RC_OK)
        return (struct mail_answer){MAIL_LATER, arena_strdup(a, e.detail)};
    return (struct mail_answer){MAIL_SENT, arena_printf(a, "written to %s", path)};
}
