noinst_LIBRARIES += libctl.a
libctl_a_SOURCES = \
	src/ctl/cmd_api_key.c \
	src/ctl/cmd_backup.c \
	src/ctl/cmd_demo.c \
	src/ctl/cmd_fsck.c \
	src/ctl/cmd_gateway.c \
	src/ctl/cmd_init.c \
	src/ctl/cmd_merchant.c \
	src/ctl/cmd_user.c \
	src/ctl/commands.h \
	src/ctl/common.c \
	src/ctl/ctl.c src/ctl/ctl.h \
	src/ctl/demo.h \
	src/ctl/demo_accounts.c \
	src/ctl/demo_facts.c \
	src/ctl/demo_history.c \
	src/ctl/demo_order.c \
	src/ctl/demo_plan.c \
	src/ctl/demo_random.c \
	src/ctl/demo_refund.c \
	src/ctl/demo_source.c \
	src/ctl/demo_terms.c \
	src/ctl/demo_write.c src/ctl/demo_write.h \
	src/ctl/secrets.c src/ctl/secrets.h
