noinst_LIBRARIES += libctl.a
libctl_a_SOURCES = \
	src/ctl/cmd_api_key.c \
	src/ctl/cmd_backup.c \
	src/ctl/cmd_fsck.c \
	src/ctl/cmd_gateway.c \
	src/ctl/cmd_init.c \
	src/ctl/cmd_merchant.c \
	src/ctl/cmd_user.c \
	src/ctl/commands.h \
	src/ctl/common.c \
	src/ctl/ctl.c src/ctl/ctl.h \
	src/ctl/secrets.c src/ctl/secrets.h
