# The programs: wiring only.
noinst_PROGRAMS += run-instance
run_instance_SOURCES = src/bin/run_instance.c \
    src/bin/run_children.c src/bin/run_children.h \
    src/bin/run_files.c src/bin/run_files.h
run_instance_CPPFLAGS = $(AM_CPPFLAGS) -DRUN_SOURCE_DIR='"$(abs_top_srcdir)"' \
    -DRUN_LIGHTTPD='"$(LIGHTTPD)"'
run_instance_LDADD = libcore.a $(CORE_LIBS)

# What portal, API and worker share.
PROGRAM_SOURCES = src/bin/program.c src/bin/program.h

sbin_PROGRAMS += refunddesk-worker

refunddesk_worker_SOURCES = src/bin/worker.c $(PROGRAM_SOURCES)
refunddesk_worker_LDADD = $(WORKER_LIBS)
WORKER_LIBS = libworker.a libnotify.a librefund.a libgateway.a libview.a libstore.a libsql.a libcore.a \
    $(GATEWAY_LIBS) $(VIEW_LIBS) $(CSV_LIBS) $(SQL_LIBS) $(CORE_LIBS)

sbin_PROGRAMS += refunddesk-portal refunddesk-api
SERVE_LIBS = libweb.a libview.a librefund.a libstore.a libsql.a libcore.a \
    $(WEB_LIBS) $(VIEW_LIBS) $(CSV_LIBS) $(SQL_LIBS) $(CORE_LIBS)

refunddesk_portal_SOURCES = src/bin/portal.c $(PROGRAM_SOURCES)
refunddesk_portal_LDADD = libportal.a $(SERVE_LIBS)

refunddesk_api_SOURCES = src/bin/api.c $(PROGRAM_SOURCES)
refunddesk_api_LDADD = libapi.a libgateway.a $(SERVE_LIBS)

sbin_PROGRAMS += refundctl
refundctl_SOURCES = src/bin/refundctl.c
refundctl_LDADD = libctl.a librefund.a libstore.a libsql.a libcore.a $(CSV_LIBS) $(SQL_LIBS) \
    $(CORE_LIBS)
