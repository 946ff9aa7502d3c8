noinst_LIBRARIES += librefund.a
librefund_a_SOURCES = \
	src/refund/account.c src/refund/account.h \
	src/refund/announce.c src/refund/announce.h \
	src/refund/announce_names.c \
	src/refund/apply.c src/refund/apply.h \
	src/refund/approve.c src/refund/approve.h \
	src/refund/ask.c \
	src/refund/autorefund.c src/refund/autorefund.h \
	src/refund/autorefund_act.c src/refund/autorefund_parts.h \
	src/refund/autorefund_judge.c \
	src/refund/batch.h \
	src/refund/batch_act.c \
	src/refund/batch_judge.c \
	src/refund/batch_map.c src/refund/batch_map.h \
	src/refund/batch_rows.c src/refund/batch_rows.h \
	src/refund/batch_retry.c src/refund/batch_run.c \
	src/refund/batch_sums.c src/refund/batch_sweep.c src/refund/batch_sync.c src/refund/batch_sync.h \
	src/refund/batch_upload.c \
	src/refund/batch_whole.c \
	src/refund/batch_csv.c src/refund/batch_csv.h \
	src/refund/cancel.c \
	src/refund/cause.c src/refund/cause.h \
	src/refund/conflict_form.c src/refund/conflict_form.h src/refund/conflict_save.c src/refund/conflict_would.c \
	src/refund/country.c src/refund/country.h \
	src/refund/create.c src/refund/create.h \
	src/refund/decision.c src/refund/decision.h \
	src/refund/endpoint_act.c \
	src/refund/endpoint_form.c src/refund/endpoint_form.h \
	src/refund/endpoint_gone.c src/refund/endpoint_gone.h \
	src/refund/endpoint_seen.c \
	src/refund/endpoint_parts.h \
	src/refund/endpoint_rules.c src/refund/endpoint_rules.h \
	src/refund/endpoint_test.c \
	src/refund/foreign.c src/refund/foreign.h \
	src/refund/intake.c src/refund/intake.h \
	src/refund/keys.c src/refund/keys.h \
	src/refund/machine.c src/refund/machine.h \
	src/refund/mask.c src/refund/mask.h \
	src/refund/occasion.c src/refund/occasion.h \
	src/refund/occasion_facts.c src/refund/occasion_facts.h \
	src/refund/order_body.c src/refund/order_body.h \
	src/refund/payout.c src/refund/payout.h \
	src/refund/profile.c src/refund/profile.h \
	src/refund/refund_body.c src/refund/refund_body.h \
	src/refund/order_facts.c src/refund/order_facts.h \
	src/refund/order_update.c src/refund/order_update.h \
	src/refund/order_view.c \
	src/refund/order_news.h \
	src/refund/order_news_apply.c \
	src/refund/order_news_fields.c \
	src/refund/order_news_judge.c \
	src/refund/order_news_parts.h \
	src/refund/order_news_read.c src/refund/order_news_read.h \
	src/refund/order_news_rows.c \
	src/refund/order_news_split.c \
	src/refund/settings.c src/refund/settings.h \
	src/refund/settings_change.c src/refund/settings_change.h \
	src/refund/sync.c src/refund/sync.h \
	src/refund/split.c src/refund/split.h \
	src/refund/terms.c \
	src/refund/sheet.c src/refund/sheet.h \
	src/refund/txn_news.c \
	src/refund/validate.c src/refund/validate.h
