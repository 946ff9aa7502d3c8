#include "view/template.h"

#include <ClearSilver/ClearSilver.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    TEMPLATES_MAX = 256,
    TEMPLATE_BYTES_MAX = 256 << 10,
    TEMPLATE_NAME_MAX = 120,
    TEMPLATE_DEPTH_MAX = 4
};

#define MAIL_FOLDER "mail"

struct template
{
    char name[TEMPLATE_NAME_MAX]; /* "page/orders" */
    CSPARSE *cs;
    HDF *config; /* of the set: html or plain */
};

struct templates {
    char root[PATH_MAX]; /* real path */
    HDF *html, *plain;   /* what cs_init reads; also the tree a parse belongs to between renders */
    struct template items[TEMPLATES_MAX];
    int count;
};

/* How many elements a list has, so that appending does not walk it. */
struct page_list {
    struct page_list *next;
    const char *key;
    HDF *hdf;
    unsigned count;
};

struct page_node {
    struct arena *arena;
    HDF *hdf;
    struct page_list *lists;
};

struct page {
    const char *name;
    HDF *hdf;
    struct page_node root;
};

/* Frees the chain and leaves its words (traceback with file and line) in out. */
static void neoerr_words(NEOERR *nerr, char *out, size_t size)
{
    STRING s;
    string_init(&s);
    nerr_error_string(nerr, &s);
    str_copy(out, size, str_or(s.buf, "unknown"));
    string_clear(&s);
    nerr_ignore(&nerr);
}

/* Out of memory is the only way these fail: like an arena at its end, that is not handled. */
static void neoerr_check(NEOERR *nerr)
{
    if (nerr != STATUS_OK)
        nerr_log_error(nerr);
    CHECK(nerr == STATUS_OK);
}

/* The text of a mail, and nothing else, is written as it is: no page is called that, and the set
 * that pages are rendered from has none of these. */
static bool is_mail_text(const char *name)
{
    return str_starts(name, MAIL_FOLDER "/") && str_ends(name, ".txt");
}

static HDF *hdf_new(bool plain)
{
    HDF *hdf = NULL;
    neoerr_check(hdf_init(&hdf));
    neoerr_check(hdf_set_value(hdf, "Config.VarEscapeMode", plain ? "none" : "html"));
    neoerr_check(hdf_set_value(hdf, "Config.TimeFooter", "0"));
    return hdf;
}

/* ---- files ------------------------------------------------------------------------------------
 */

static bool name_is_plain(const char *name)
{
    size_t n = strlen(name);
    if (n == 0 || n >= TEMPLATE_NAME_MAX || name[0] == '/' || strstr(name, ".."))
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_/.") == n && str_ends(name, ".cs");
}

/* Indentation serves the reader of the template, not the wire. Newlines stay, for line numbers. */
static void strip_indentation(char *text)
{
    char *to = text;
    bool line_start = true;
    for (const char *from = text; *from; from++) {
        if (line_start && (*from == ' ' || *from == '\t'))
            continue;
        line_start = *from == '\n';
        *to++ = *from;
    }
    *to = '\0';
}

static char *read_whole(int fd, size_t size)
{
    char *text = malloc(size + 1);
    size_t have = 0;
    while (text && have < size) {
        ssize_t n = read(fd, text + have, size - have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            free(text);
            return NULL;
        }
        have += (size_t)n;
    }
    if (text)
        text[size] = '\0';
    return text;
}

/* ClearSilver's file loader: it would open any path on disk, this one only serves the folder.
 * Never NERR_NOT_FOUND: include: takes that as "then without it". */
static NEOERR *load_file(void *ctx, HDF *hdf, const char *filename, char **contents)
{
    const struct templates *t = ctx;
    char path[PATH_MAX + TEMPLATE_NAME_MAX + 2], real[PATH_MAX];
    struct stat st;
    size_t root_n = strlen(t->root);

    (void)hdf;
    if (!name_is_plain(filename))
        return nerr_raise(NERR_IO, "not a template's name: %s", filename);
    snprintf(path, sizeof path, "%s/%s", t->root, filename);
    if (!realpath(path, real))
        return nerr_raise(NERR_IO, "no template %s", filename);
    if (strncmp(real, t->root, root_n) != 0 || real[root_n] != '/')
        return nerr_raise(NERR_IO, "template outside the folder: %s", filename);
    int fd = open(real, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > TEMPLATE_BYTES_MAX) {
        if (fd >= 0)
            close(fd);
        return nerr_raise(NERR_IO, "cannot read template %s", filename);
    }
    *contents = read_whole(fd, (size_t)st.st_size);
    close(fd);
    if (!*contents)
        return nerr_raise(NERR_IO, "cannot read template %s", filename);
    strip_indentation(*contents);
    return STATUS_OK;
}

/* ---- the set ----------------------------------------------------------------------------------
 */

static enum rc parse_one(struct templates *t, const char *file, struct err *e)
{
    char words[400];
    if (t->count == TEMPLATES_MAX)
        return ERR(e, RC_TOO_LARGE, "There are too many templates.", "over %d", TEMPLATES_MAX);
    struct template *item = &t->items[t->count];
    size_t n = strlen(file) - strlen(".cs");
    memcpy(item->name, file, n);
    item->name[n] = '\0';

    item->config = is_mail_text(item->name) ? t->plain : t->html;
    NEOERR *nerr = cs_init(&item->cs, item->config);
    if (nerr == STATUS_OK) {
        t->count++;
        cs_register_fileload(item->cs, t, load_file);
        nerr = cs_parse_file(item->cs, file);
    }
    if (nerr == STATUS_OK)
        return RC_OK;
    neoerr_words(nerr, words, sizeof words);
    return ERR(e, RC_INTERNAL, "A page template is broken.", "%s/%s: %s", t->root, file, words);
}

/* Pieces are parsed with each page that includes them, they need not stand alone; mails are a set
 * of their own. */
static bool is_skipped(const char *folder)
{
    return str_eq(folder, "parts") || str_eq(folder, "layout") || str_eq(folder, MAIL_FOLDER);
}

static enum rc parse_folder(struct templates *t, const char *folder, int depth, struct err *e)
{
    char path[PATH_MAX + TEMPLATE_NAME_MAX + 2];
    enum rc rc = RC_OK;

    snprintf(path, sizeof path, "%s/%s", t->root, folder);
    DIR *dir = opendir(path);
    if (!dir)
        return ERR(e, RC_IO, "The templates cannot be read.", "%s: %s", path, strerror(errno));
    for (struct dirent *d; rc == RC_OK && (d = readdir(dir));) {
        char name[TEMPLATE_NAME_MAX];
        struct stat st;
        if (d->d_name[0] == '.')
            continue;
        int n = snprintf(name, sizeof name, "%s%s%s", folder, *folder ? "/" : "", d->d_name);
        if (n < 0 || (size_t)n >= sizeof name) {
            rc = ERR(e, RC_TOO_LARGE, "A template's name is too long.", "%s", d->d_name);
        } else if (fstatat(dirfd(dir), d->d_name, &st, 0) != 0) {
            rc = ERR(e, RC_IO, "The templates cannot be read.", "%s: %s", name, strerror(errno));
        } else if (S_ISDIR(st.st_mode)) {
            if (depth < TEMPLATE_DEPTH_MAX && !is_skipped(name))
                rc = parse_folder(t, name, depth + 1, e);
        } else if (name_is_plain(name)) {
            rc = parse_one(t, name, e);
        }
    }
    closedir(dir);
    return rc;
}

static int by_name(const void *a, const void *b)
{
    const struct template *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static enum rc load_set(struct templates **out, const char *dir, const char *folder, struct err *e)
{
    struct templates *t = calloc(1, sizeof *t);
    CHECK(t);
    if (!realpath(dir, t->root)) {
        int why = errno;
        free(t);
        return ERR(e, RC_IO, "The templates cannot be read.", "%s: %s", dir, strerror(why));
    }
    t->html = hdf_new(false);
    t->plain = hdf_new(true);
    enum rc rc = parse_folder(t, folder, 0, e);
    if (rc != RC_OK) {
        templates_free(t);
        return rc;
    }
    qsort(t->items, (size_t)t->count, sizeof t->items[0], by_name);
    *out = t;
    return RC_OK;
}

enum rc templates_load(struct templates **out, const char *dir, struct err *e)
{
    return load_set(out, dir, "", e);
}

enum rc templates_load_mails(struct templates **out, const char *dir, struct err *e)
{
    return load_set(out, dir, MAIL_FOLDER, e);
}

void templates_free(struct templates *t)
{
    if (!t)
        return;
    for (int i = 0; i < t->count; i++)
        cs_destroy(&t->items[i].cs);
    hdf_destroy(&t->html);
    hdf_destroy(&t->plain);
    free(t);
}

static const struct template *find(const struct templates *t, const char *name)
{
    struct template key;
    if (!str_copy(key.name, sizeof key.name, name))
        return NULL;
    return bsearch(&key, t->items, (size_t)t->count, sizeof t->items[0], by_name);
}

/* ---- the page ---------------------------------------------------------------------------------
 */

static void destroy_hdf(void *ptr)
{
    HDF *hdf = ptr;
    hdf_destroy(&hdf);
}

struct page *page_new(struct arena *a, const char *name)
{
    struct page *p = arena_alloc(a, sizeof *p);
    p->name = arena_strdup(a, name);
    p->hdf = hdf_new(is_mail_text(name));
    arena_defer(a, destroy_hdf, p->hdf);
    p->root = (struct page_node){.arena = a, .hdf = p->hdf};
    return p;
}

struct page_node *page_root(struct page *p)
{
    return &p->root;
}

/* A dot would make a path and a colon or blank other syntax: a key is the program's constant. */
static void check_key(const char *key)
{
    const char *c = key;
    while ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_')
        c++;
    CHECK(c > key && *c == '\0');
}

static struct page_node *node_for(struct arena *a, HDF *hdf)
{
    struct page_node *n = arena_alloc(a, sizeof *n);
    *n = (struct page_node){.arena = a, .hdf = hdf};
    return n;
}

struct page_node *page_child(struct page_node *n, const char *key)
{
    HDF *hdf = NULL;
    check_key(key);
    neoerr_check(hdf_get_node(n->hdf, key, &hdf));
    return node_for(n->arena, hdf);
}

struct page_node *page_add(struct page_node *n, const char *key)
{
    struct page_list *list = n->lists;
    HDF *hdf = NULL;
    char index[16];

    while (list && !str_eq(list->key, key))
        list = list->next;
    if (!list) {
        check_key(key);
        list = arena_alloc(n->arena, sizeof *list);
        *list = (struct page_list){.next = n->lists, .key = key};
        neoerr_check(hdf_get_node(n->hdf, key, &list->hdf));
        n->lists = list;
    }
    snprintf(index, sizeof index, "%u", list->count++);
    neoerr_check(hdf_get_node(list->hdf, index, &hdf));
    return node_for(n->arena, hdf);
}

void page_set(struct page_node *n, const char *key, const char *text)
{
    if (!text)
        return;
    check_key(key);
    neoerr_check(hdf_set_value(n->hdf, key, text));
}

void page_flag(struct page_node *n, const char *key, bool on)
{
    if (on)
        page_set(n, key, "1");
}

static NEOERR *to_buf(void *ctx, char *text)
{
    buf_puts(ctx, text);
    return STATUS_OK;
}

enum rc template_render(struct templates *t, struct page *p, struct buf *out, struct err *e)
{
    const struct template *item = find(t, p->name);
    size_t before = out->len;
    char words[400];

    if (!item)
        return ERR(e, RC_INTERNAL, "This page is missing.", "no template %s", p->name);
    item->cs->hdf = p->hdf;
    NEOERR *nerr = cs_render(item->cs, out, to_buf);
    item->cs->hdf = item->config;
    item->cs->locals = NULL; /* an error inside each: leaves its map of the C stack here */
    if (nerr == STATUS_OK)
        return RC_OK;
    out->len = before;
    if (out->data)
        out->data[before] = '\0';
    neoerr_words(nerr, words, sizeof words);
    return ERR(e, RC_INTERNAL, "This page cannot be shown.", "%s: %s", p->name, words);
}
