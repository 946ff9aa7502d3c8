noinst_LIBRARIES += libctl.a
libctl_a_SOURCES = \
	src/ctl/cmd_api_key.c \
	src/ctl/cmd_backup.c \
	src/ctl/cmd_demo.c \
	src/ctl/cmd_fsck.c \
	src/ctl/cmd_gateway.c \
	src/ctl/cmd_import.c \
	src/ctl/cmd_init.c \
	src/ctl/cmd_merchant.c \
	src/ctl/cmd_user.c \
	src/ctl/commands.h \
	src/ctl/common.c \
	src/ctl/ctl.c src/ctl/ctl.h \
	src/ctl/demo.h \
	src/ctl/demo_accounts.c \
	src/ctl/demo_batch.c \
	src/ctl/demo_conflict.c \
	src/ctl/demo_facts.c \
	src/ctl/demo_history.c \
	src/ctl/demo_order.c \
	src/ctl/demo_plan.c \
	src/ctl/demo_random.c \
	src/ctl/demo_refund.c \
	src/ctl/demo_source.c \
	src/ctl/demo_terms.c \
	src/ctl/demo_write.c src/ctl/demo_write.h \
	src/ctl/import.h \
	src/ctl/import_ahead.c \
	src/ctl/import_apply.c \
	src/ctl/import_csv.c \
	src/ctl/import_file.c \
	src/ctl/import_lines.c \
	src/ctl/import_report.c \
	src/ctl/progress.c src/ctl/progress.h \
	src/ctl/secrets.c src/ctl/secrets.h
