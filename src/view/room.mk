noinst_LIBRARIES += libview.a
libview_a_SOURCES = src/view/csv.c src/view/csv.h src/view/day.c src/view/day.h \
	src/view/format.c src/view/format.h \
	src/view/format_slot.c src/view/format_slot.h src/view/format_time.c \
	src/view/template.c src/view/template.h
