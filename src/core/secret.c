#include "core/secret.h"
#include "core/digest.h"
#include "core/limits.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A key file is one line of hex. */
enum { KEY_BYTES = 32, HEX_CHARS = 64 };

struct piece {
    void *data;
    size_t n;
};

static enum rc fault(struct err *e, enum rc rc, const char *path, const char *what)
{
    char text[320];
    snprintf(text, sizeof text, "The key file %.120s %s.", path, what);
    return ERR(e, rc, text, "%s: %s", path, what);
}

/* Reads an open key file. */
static enum rc read_key(int fd, const char *path, uint8_t key[KEY_BYTES], struct err *e)
{
    char text[HEX_CHARS + 3];
    ssize_t n = read(fd, text, sizeof text - 1);
    if (n < 0)
        return fault(e, RC_IO, path, strerror(errno));
    if (n == HEX_CHARS + 1 && text[HEX_CHARS] == '\n')
        n = HEX_CHARS;
    text[n] = '\0';
    bool ok =
        n == HEX_CHARS && strlen(text) == HEX_CHARS && digest_unhex(text, key, KEY_BYTES) == 0;
    sodium_memzero(text, sizeof text);
    return ok ? RC_OK : fault(e, RC_INVALID, path, "does not hold a key of 64 hex digits");
}

static enum rc open_key(const char *path, int *fd, struct err *e)
{
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*fd >= 0)
        return RC_OK;
    char what[120];
    snprintf(what, sizeof what, "cannot be read (%s): refundctl init makes it", strerror(errno));
    return fault(e, errno == ENOENT ? RC_NOT_FOUND : RC_IO, path, what);
}

enum rc secret_load_public(const char *path, struct seal_public *out, struct err *e)
{
    int fd;
    enum rc rc = open_key(path, &fd, e);
    if (rc != RC_OK)
        return rc;
    struct seal_public key;
    rc = read_key(fd, path, key.key, e);
    close(fd);
    if (rc == RC_OK)
        *out = key;
    return rc;
}

enum rc secret_load_secret(const char *path, struct seal_secret *out, struct err *e)
{
    int fd;
    struct stat st;
    struct seal_secret key = {0};
    enum rc rc = open_key(path, &fd, e);
    if (rc != RC_OK)
        return rc;
    if (fstat(fd, &st) != 0)
        rc = fault(e, RC_IO, path, strerror(errno));
    else if (!S_ISREG(st.st_mode))
        rc = fault(e, RC_INVALID, path, "is not a plain file");
    else if (st.st_mode & (S_IRWXG | S_IRWXO))
        rc = fault(e, RC_DENIED, path, "can be read by others: chmod 600, and make new keys");
    else
        rc = read_key(fd, path, key.key, e);
    if (rc == RC_OK && crypto_scalarmult_base(key.pub.key, key.key) != 0)
        rc = fault(e, RC_INVALID, path, "does not hold a usable key");
    if (rc == RC_OK)
        *out = key;
    secret_wipe(&key);
    close(fd);
    return rc;
}

void secret_wipe(struct seal_secret *s)
{
    sodium_memzero(s, sizeof *s);
}

/* The whole file or none, never over an existing one: written aside, then linked. */
static enum rc write_key(const char *path, const uint8_t key[KEY_BYTES], mode_t mode, struct err *e)
{
    char aside[4096], line[HEX_CHARS + 2];
    int length = snprintf(aside, sizeof aside, "%s.%ld", path, (long)getpid());
    if (length < 0 || (size_t)length >= sizeof aside)
        return fault(e, RC_INVALID, path, "has too long a path");
    int fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return fault(e, RC_IO, path, strerror(errno));
    sodium_bin2hex(line, sizeof line, key, KEY_BYTES);
    line[HEX_CHARS] = '\n';
    bool ok =
        fchmod(fd, mode) == 0 && write(fd, line, HEX_CHARS + 1) == HEX_CHARS + 1 && fsync(fd) == 0;
    sodium_memzero(line, sizeof line);
    ok = close(fd) == 0 && ok && link(aside, path) == 0;
    int why = errno;
    unlink(aside);
    return ok ? RC_OK : fault(e, RC_IO, path, strerror(why));
}

static bool exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

enum rc secret_keys_create(const char *secret_path, const char *public_path, struct err *e)
{
    struct seal_secret pair;
    struct seal_public old;
    bool has_public = exists(public_path);
    enum rc rc = RC_OK;
    if (exists(secret_path)) {
        rc = secret_load_secret(secret_path, &pair, e);
        if (rc != RC_OK)
            return rc;
    } else if (has_public) {
        return fault(e, RC_CONFLICT, public_path,
                     "has no secret key beside it: restore that, or remove this one");
    } else {
        crypto_box_keypair(pair.pub.key, pair.key);
        rc = write_key(secret_path, pair.key, 0600, e);
    }
    if (rc == RC_OK && !has_public)
        rc = write_key(public_path, pair.pub.key, 0644, e);
    else if (rc == RC_OK && (rc = secret_load_public(public_path, &old, e)) == RC_OK &&
             memcmp(old.key, pair.pub.key, KEY_BYTES) != 0)
        rc = fault(e, RC_CONFLICT, public_path, "does not belong to the secret key");
    secret_wipe(&pair);
    return rc;
}

uint8_t *secret_seal(struct arena *a, const struct seal_public *to, const void *text, size_t n,
                     size_t *sealed_n)
{
    _Static_assert(KEY_BYTES == crypto_box_PUBLICKEYBYTES, "the size of a key");
    CHECK(n < SIZE_MAX / 2);
    uint8_t *sealed = arena_alloc(a, n + crypto_box_SEALBYTES);
    CHECK(crypto_box_seal(sealed, text, n, to->key) == 0);
    *sealed_n = n + crypto_box_SEALBYTES;
    return sealed;
}

static void wipe(void *piece)
{
    struct piece *p = piece;
    sodium_memzero(p->data, p->n);
}

char *secret_open(struct arena *a, const struct seal_secret *with, const void *sealed, size_t n,
                  size_t *text_n)
{
    if (n < crypto_box_SEALBYTES)
        return NULL;
    struct piece *p = arena_alloc(a, sizeof *p);
    p->n = n - crypto_box_SEALBYTES;
    p->data = arena_alloc(a, p->n + 1);
    if (crypto_box_seal_open(p->data, sealed, n, with->pub.key, with->key) != 0)
        return NULL;
    arena_defer(a, wipe, p);
    *text_n = p->n;
    return p->data;
}

enum rc secret_password_hash(const char *password, enum secret_cost cost, char out[SECRET_HASH_MAX],
                             struct err *e)
{
    _Static_assert(SECRET_HASH_MAX >= crypto_pwhash_STRBYTES, "room for a hash");
    size_t n = strlen(password);
    if (n == 0)
        return ERR(e, RC_INVALID, "The password is empty.", "empty password");
    if (n > LIMIT_PASSWORD_BYTES)
        return ERR(e, RC_TOO_LARGE, "The password is longer than 1024 bytes.", "password of %zu",
                   n);
    bool test = cost == SECRET_TEST;
    unsigned long long passes =
        test ? crypto_pwhash_OPSLIMIT_MIN : crypto_pwhash_OPSLIMIT_INTERACTIVE;
    size_t memory = test ? crypto_pwhash_MEMLIMIT_MIN : crypto_pwhash_MEMLIMIT_INTERACTIVE;
    char hash[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str(hash, password, n, passes, memory) != 0)
        return ERR(e, RC_BUSY, "There is not enough memory now. Try again.", "argon2id");
    memcpy(out, hash, sizeof hash);
    return RC_OK;
}

bool secret_password_verify(const char *hash, const char *password)
{
    /* Of a random password, at the cost of SECRET_INTERACTIVE. */
    static const char NOBODY[] = "$argon2id$v=19$m=65536,t=2,p=1$fqIDF6ZvD02SrKQvqcESJw$5+"
                                 "Jewm0xWJlbgT2XvHcichxpapft+ZQK1gnDbImWIaM";
    size_t n = strlen(password);
    bool known = hash && n <= LIMIT_PASSWORD_BYTES;
    bool matches = crypto_pwhash_str_verify(known ? hash : NOBODY, password,
                                            n <= LIMIT_PASSWORD_BYTES ? n : 0) == 0;
    return known && matches;
}
