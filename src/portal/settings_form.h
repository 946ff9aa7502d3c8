/*
 * The content of Settings > General: the values with what each is for, what was wrong beside its
 * field, and the second question before something grave.
 */
#ifndef PORTAL_SETTINGS_FORM_H
#define PORTAL_SETTINGS_FORM_H

#include "refund/settings.h"
#include "web/request.h"

/* Which of the page's forms was sent and is shown again as it was typed. */
enum settings_section { SECTION_NONE, SECTION_GENERAL, SECTION_CURRENCY, SECTION_SENDING };

struct settings_form {
    struct req *req;
    struct merchant merchant;
    struct merchant_currency *currencies; /* the default currency is always among them */
    int n_currencies;
    enum settings_section typed;
    struct settings_answer answer; /* the faults of the section that was typed */
    const char *title;             /* of a question's page; NULL: Settings · General */
};

/* A question before something grave is done: the form's fields again, hidden, and two buttons. */
struct settings_question {
    const char *title, *words, *act; /* act: what the button says */
    const char *action;              /* where it is sent */
};

/* The row of a currency, NULL when the merchant has none. */
const struct merchant_currency *settings_form_currency(const struct settings_form *form,
                                                       const char *currency);
/* The page; what req->form holds stands in the section that was typed. */
struct page *settings_form_page(const struct settings_form *form);
/* What a notice says of faults: "What to mend stands beside its field." */
const char *settings_form_advice(bool stale);
/* The second step; every field of req->form but the step goes along. */
struct page *settings_form_question(const struct settings_form *form,
                                    const struct settings_question *question);

#endif
