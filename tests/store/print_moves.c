/*
 * Prints every move that the machine knows, "FROM>TO" a line, for t_schema.py.
 */
#include "refund/machine.h"
#include <stdio.h>

static void print_moves(enum refund_state from, bool sent)
{
    for (int event = 0; event < EVENT_COUNT; event++) {
        struct machine_step step = machine_step(from, (enum refund_event)event, sent);
        if (step.verdict == VERDICT_MOVE)
            printf("%s>%s\n", machine_state_name(from), machine_state_name(step.to));
    }
}

int main(void)
{
    for (int from = 0; from < STATE_COUNT; from++) {
        print_moves((enum refund_state)from, false);
        print_moves((enum refund_state)from, true);
    }
    return 0;
}
