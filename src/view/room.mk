noinst_LIBRARIES += libview.a
libview_a_SOURCES = src/view/format.c src/view/format.h \
	src/view/format_slot.c src/view/format_slot.h src/view/format_time.c \
	src/view/template.c src/view/template.h
