#include "core/clock.h"
#include "notify/mail_send.h"
#include "support/silent.h"
#include "support/suite.h"

static bool stopping(void *arg)
{
    (void)arg;
    return true;
}

START_TEST(a_stop_waits_for_no_name_server)
{
    struct config c = {.mail_host = SILENT_HOST,
                       .mail_port = 25,
                       .mail_tls = "starttls",
                       .mail_from = "desk@example.com",
                       .mail_folder = "mail",
                       .connect_timeout_ms = 10000,
                       .mail_timeout_ms = 20000};
    const struct mail m = {.id = 1, .address = "ann@example.com"};
    struct mail_sender *s;
    struct buf message;
    struct err e;
    buf_init(&message, suite_arena());
    buf_puts(&message, "Subject: x\r\n\r\nx\r\n");
    ck_assert_int_eq(mail_sender_open(&s, &c, (struct mail_stop){stopping, NULL}, &e), RC_OK);
    int64_t began_ms = clock_mono_ms();
    struct mail_answer answer = mail_send(suite_arena(), s, &m, &message);
    mail_sender_close(s);
    ck_assert_int_eq(answer.end, MAIL_STOPPED);
    ck_assert_int_lt(clock_mono_ms() - began_ms, silent_ms - 500);
}
END_TEST

suite_fn t_mail_send_suite;
Suite *t_mail_send_suite(void)
{
    TCase *t;
    Suite *s = suite_of("mail_send", &t);
    tcase_add_test(t, a_stop_waits_for_no_name_server);
    return s;
}
