# The simulator in the test's own process, called by the desk's own adapter and transport.
check_PROGRAMS += tests/simgate/check_simgate
TESTS += tests/simgate/check_simgate
tests_simgate_check_simgate_SOURCES = \
	tests/simgate/main.c \
	tests/simgate/t_protocol.c
tests_simgate_check_simgate_LDADD = $(T_SUPPORT) libsimgate.a libgateway.a libsql.a libcore.a \
	$(SIMGATE_LIBS) $(GATEWAY_LIBS) $(SQL_LIBS) $(CORE_LIBS) $(CHECK_LIBS)

# The program itself, from outside.
TESTS += tests/simgate/check_simgate.py tests/simgate/check_faults.py \
	tests/simgate/check_payouts.py
EXTRA_DIST += tests/simgate/simgate_rig.py \
	tests/simgate/check_simgate.py tests/simgate/check_faults.py \
	tests/simgate/check_payouts.py
