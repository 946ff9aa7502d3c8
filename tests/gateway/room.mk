check_PROGRAMS += tests/gateway/check_gateway
TESTS += tests/gateway/check_gateway
tests_gateway_check_gateway_SOURCES = \
	tests/gateway/main.c \
	tests/gateway/rig.c tests/gateway/rig.h \
	tests/gateway/server.c tests/gateway/server.h \
	tests/gateway/t_address.c \
	tests/gateway/t_gw_simulator.c \
	tests/gateway/t_gw_simulator_calls.c \
	tests/gateway/t_hook_verify.c \
	tests/gateway/t_hooks.c \
	tests/gateway/t_http.c \
	tests/gateway/t_http_webhooks.c \
	tests/gateway/t_http_calls.c
tests_gateway_check_gateway_LDADD = $(T_SUPPORT) libgateway.a libcore.a \
	$(GATEWAY_LIBS) $(CORE_LIBS) $(CHECK_LIBS)
