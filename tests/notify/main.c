#include "support/suite.h"

suite_fn t_mail_encode_suite, t_mail_send_suite, t_mail_text_suite, t_mail_words_suite,
    t_webhook_suite;

int main(void)
{
    suite_fn *const suites[] = {t_mail_encode_suite, t_mail_send_suite, t_mail_text_suite,
                                t_mail_words_suite, t_webhook_suite};
    return suite_main("notify", suites, sizeof suites / sizeof suites[0]);
}
