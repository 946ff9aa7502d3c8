#include "core/limits.h"
#include "core/secret.h"
#include "core/str.h"
#include "support/suite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *dir;

static const char *path(const char *name)
{
    return arena_printf(suite_arena(), "%s/%s", dir, name);
}

static void write_text(const char *name, const char *text)
{
    FILE *f = fopen(path(name), "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
    chmod(path(name), 0600);
}

static void setup(void)
{
    dir = suite_tmpdir();
}

static void teardown(void)
{
    free(dir);
}

static struct seal_secret make_keys(const char *name)
{
    struct err e;
    struct seal_secret key;
    const char *secret = path(name), *public = arena_printf(suite_arena(), "%s.pub", secret);
    ck_assert_int_eq(secret_keys_create(secret, public, &e), RC_OK);
    ck_assert_int_eq(secret_load_secret(secret, &key, &e), RC_OK);
    return key;
}

static mode_t mode_of(const char *name)
{
    struct stat st;
    ck_assert_int_eq(stat(path(name), &st), 0);
    return st.st_mode & 0777;
}

START_TEST(makes_two_files_with_their_modes)
{
    umask(0);
    struct seal_secret key = make_keys("k");
    struct seal_public pub;
    struct err e;
    ck_assert_uint_eq(mode_of("k"), 0600);
    ck_assert_uint_eq(mode_of("k.pub"), 0644);
    ck_assert_int_eq(secret_load_public(path("k.pub"), &pub, &e), RC_OK);
    ck_assert_mem_eq(pub.key, key.pub.key, sizeof pub.key);
    ck_assert_mem_ne(pub.key, key.key, sizeof pub.key);
}
END_TEST

START_TEST(makes_a_readable_public_key_under_a_tight_umask)
{
    umask(0077);
    (void)make_keys("k");
    ck_assert_uint_eq(mode_of("k.pub"), 0644);
}
END_TEST

START_TEST(leaves_existing_keys_alone)
{
    struct seal_secret first = make_keys("k"), again = make_keys("k");
    ck_assert_mem_eq(first.key, again.key, sizeof first.key);
}
END_TEST

START_TEST(makes_a_lost_public_key_again)
{
    struct seal_secret first = make_keys("k");
    struct seal_public pub;
    struct err e;
    unlink(path("k.pub"));
    (void)make_keys("k");
    ck_assert_int_eq(secret_load_public(path("k.pub"), &pub, &e), RC_OK);
    ck_assert_mem_eq(pub.key, first.pub.key, sizeof pub.key);
}
END_TEST

START_TEST(refuses_a_public_key_without_its_secret)
{
    struct err e;
    (void)make_keys("k");
    unlink(path("k"));
    ck_assert_int_eq(secret_keys_create(path("k"), path("k.pub"), &e), RC_CONFLICT);
    ck_assert_int_ne(access(path("k"), F_OK), 0);
    (void)make_keys("other");
    ck_assert_int_eq(secret_keys_create(path("other"), path("k.pub"), &e), RC_CONFLICT);
}
END_TEST

START_TEST(refuses_a_secret_that_others_may_read)
{
    static const mode_t MODES[] = {0640, 0604, 0644, 0660, 0601, 0666};
    struct seal_secret key;
    struct err e;
    (void)make_keys("k");
    for (size_t i = 0; i < sizeof MODES / sizeof *MODES; i++) {
        chmod(path("k"), MODES[i]);
        ck_assert_int_eq(secret_load_secret(path("k"), &key, &e), RC_DENIED);
        ck_assert_ptr_nonnull(strstr(e.text, "chmod 600"));
    }
    chmod(path("k"), 0400);
    ck_assert_int_eq(secret_load_secret(path("k"), &key, &e), RC_OK);
}
END_TEST

START_TEST(refuses_what_is_not_a_key_file)
{
    static const char *const TEXTS[] = {
        "",
        "\n",
        "secret",
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddee",
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff0",
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00",
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n\n",
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeefg",
    };
    struct seal_secret key;
    struct seal_public pub;
    struct err e;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        write_text("bad", TEXTS[i]);
        ck_assert_int_eq(secret_load_secret(path("bad"), &key, &e), RC_INVALID);
        ck_assert_int_eq(secret_load_public(path("bad"), &pub, &e), RC_INVALID);
        ck_assert_msg(!*TEXTS[i] || TEXTS[i][0] == '\n' || !strstr(e.text, TEXTS[i]),
                      "the key is in the error's text");
    }
    ck_assert_int_eq(secret_load_secret(path("none"), &key, &e), RC_NOT_FOUND);
    ck_assert_int_eq(secret_load_public(path("none"), &pub, &e), RC_NOT_FOUND);
    ck_assert_int_eq(mkdir(path("folder"), 0700), 0);
    ck_assert_int_eq(secret_load_secret(path("folder"), &key, &e), RC_INVALID);
}
END_TEST

START_TEST(opens_what_was_sealed)
{
    struct seal_secret key = make_keys("k");
    static const char *const TEXTS[] = {"", "x", "rzp_live_key:secret", "₹\n\t"};
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        size_t sealed_n, n = 99, length = strlen(TEXTS[i]);
        uint8_t *sealed = secret_seal(suite_arena(), &key.pub, TEXTS[i], length, &sealed_n);
        ck_assert_uint_gt(sealed_n, length);
        char *text = secret_open(suite_arena(), &key, sealed, sealed_n, &n);
        ck_assert_ptr_nonnull(text);
        ck_assert_uint_eq(n, length);
        ck_assert_str_eq(text, TEXTS[i]);
    }
}
END_TEST

START_TEST(opens_nothing_that_was_altered)
{
    struct seal_secret key = make_keys("k");
    size_t sealed_n, n;
    uint8_t *sealed = secret_seal(suite_arena(), &key.pub, "secret", 6, &sealed_n);
    for (size_t i = 0; i < sealed_n; i++) {
        sealed[i] ^= 1;
        ck_assert_ptr_null(secret_open(suite_arena(), &key, sealed, sealed_n, &n));
        sealed[i] ^= 1;
    }
    for (size_t cut = 0; cut < sealed_n; cut++)
        ck_assert_ptr_null(secret_open(suite_arena(), &key, sealed, cut, &n));
    ck_assert_ptr_nonnull(secret_open(suite_arena(), &key, sealed, sealed_n, &n));
}
END_TEST

START_TEST(opens_nothing_with_another_key)
{
    struct seal_secret key = make_keys("k"), other = make_keys("o");
    size_t sealed_n, n;
    uint8_t *sealed = secret_seal(suite_arena(), &key.pub, "secret", 6, &sealed_n);
    ck_assert_ptr_null(secret_open(suite_arena(), &other, sealed, sealed_n, &n));
}
END_TEST

START_TEST(forgets_opened_text_and_wiped_keys)
{
    struct seal_secret key = make_keys("k"), zero = {0};
    size_t sealed_n, n;
    struct arena *a = arena_new(LIMIT_ARENA_JOB_BYTES);
    uint8_t *sealed = secret_seal(suite_arena(), &key.pub, "secret", 6, &sealed_n);
    ck_assert_ptr_nonnull(secret_open(a, &key, sealed, sealed_n, &n));
    arena_free(a);
    secret_wipe(&key);
    ck_assert_mem_eq(&key, &zero, sizeof key);
}
END_TEST

START_TEST(verifies_passwords)
{
    char hash[SECRET_HASH_MAX], twin[SECRET_HASH_MAX];
    struct err e;
    ck_assert_int_eq(secret_password_hash("pässword", SECRET_TEST, hash, &e), RC_OK);
    ck_assert_int_eq(secret_password_hash("pässword", SECRET_TEST, twin, &e), RC_OK);
    ck_assert(str_starts(hash, "$argon2id$"));
    ck_assert_str_ne(hash, twin);
    ck_assert(secret_password_verify(hash, "pässword"));
    ck_assert(!secret_password_verify(hash, "pässwore"));
    ck_assert(!secret_password_verify(hash, ""));
    ck_assert(!secret_password_verify("", ""));
    ck_assert(!secret_password_verify("$argon2id$broken", "pässword"));
    ck_assert(!secret_password_verify(NULL, "pässword"));
}
END_TEST

START_TEST(limits_the_length_of_a_password)
{
    char hash[SECRET_HASH_MAX], text[LIMIT_PASSWORD_BYTES + 2];
    struct err e;
    memset(text, 'x', sizeof text);
    text[LIMIT_PASSWORD_BYTES] = '\0';
    ck_assert_int_eq(secret_password_hash(text, SECRET_TEST, hash, &e), RC_OK);
    ck_assert(secret_password_verify(hash, text));
    text[LIMIT_PASSWORD_BYTES] = 'x';
    text[LIMIT_PASSWORD_BYTES + 1] = '\0';
    ck_assert(!secret_password_verify(hash, text));
    ck_assert_int_eq(secret_password_hash(text, SECRET_TEST, hash, &e), RC_TOO_LARGE);
    ck_assert_int_eq(secret_password_hash("", SECRET_TEST, hash, &e), RC_INVALID);
}
END_TEST

START_TEST(hashes_at_the_interactive_cost)
{
    char hash[SECRET_HASH_MAX];
    struct err e;
    ck_assert_int_eq(secret_password_hash("x", SECRET_INTERACTIVE, hash, &e), RC_OK);
    ck_assert(str_starts(hash, "$argon2id$v=19$m=65536,t=2,p=1$"));
    ck_assert(secret_password_verify(hash, "x"));
}
END_TEST

suite_fn t_secret_suite;

Suite *t_secret_suite(void)
{
    TCase *t;
    Suite *s = suite_of("secret", &t);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, makes_two_files_with_their_modes);
    tcase_add_test(t, makes_a_readable_public_key_under_a_tight_umask);
    tcase_add_test(t, leaves_existing_keys_alone);
    tcase_add_test(t, makes_a_lost_public_key_again);
    tcase_add_test(t, refuses_a_public_key_without_its_secret);
    tcase_add_test(t, refuses_a_secret_that_others_may_read);
    tcase_add_test(t, refuses_what_is_not_a_key_file);
    tcase_add_test(t, opens_what_was_sealed);
    tcase_add_test(t, opens_nothing_that_was_altered);
    tcase_add_test(t, opens_nothing_with_another_key);
    tcase_add_test(t, forgets_opened_text_and_wiped_keys);
    tcase_add_test(t, verifies_passwords);
    tcase_add_test(t, limits_the_length_of_a_password);
    tcase_add_test(t, hashes_at_the_interactive_cost);
    return s;
}
