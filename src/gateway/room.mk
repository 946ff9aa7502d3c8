noinst_LIBRARIES += libgateway.a
libgateway_a_SOURCES = \
	src/gateway/address.c src/gateway/address.h \
	src/gateway/gateway.c src/gateway/gateway.h \
	src/gateway/gw_simulator.c src/gateway/gw_simulator.h \
	src/gateway/gw_simulator_calls.c \
	src/gateway/hook.c src/gateway/hook.h \
	src/gateway/hook_razorpay.c \
	src/gateway/hook_stripe.c \
	src/gateway/hook_verify.c src/gateway/hook_verify.h \
	src/gateway/http.c src/gateway/http.h
