/*
 * refundctl: what a person does to an instance from the command line.
 */
#include "ctl/ctl.h"

int main(int argc, char **argv)
{
    return ctl_main(argc, argv);
}
