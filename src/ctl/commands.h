/*
 * The functions behind the table of ctl.c, one file for each family.
 */
#ifndef CTL_COMMANDS_H
#define CTL_COMMANDS_H

#include "ctl/ctl.h"

ctl_run cmd_init, cmd_migrate;
ctl_run cmd_demo;

ctl_run cmd_merchant_add, cmd_merchant_list;
ctl_run cmd_user_add, cmd_user_list, cmd_user_disable, cmd_user_password, cmd_user_email;
ctl_run cmd_api_key_add, cmd_api_key_list, cmd_api_key_revoke;
ctl_run cmd_gateway_add, cmd_gateway_list, cmd_gateway_show, cmd_gateway_hook_secret,
    cmd_gateway_pause, cmd_gateway_resume;
ctl_run cmd_fsck, cmd_audit_verify;
ctl_run cmd_backup;
ctl_run cmd_import;

extern const struct ctl_option init_options[], demo_options[], merchant_add_options[],
    user_add_options[], password_options[], merchant_options[], api_key_add_options[],
    gateway_add_options[], import_options[];

#endif
