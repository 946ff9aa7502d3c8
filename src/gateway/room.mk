noinst_LIBRARIES += libgateway.a
libgateway_a_SOURCES = \
	src/gateway/gateway.c src/gateway/gateway.h \
	src/gateway/gw_simulator.c src/gateway/gw_simulator.h \
	src/gateway/gw_simulator_calls.c \
	src/gateway/http.c src/gateway/http.h
