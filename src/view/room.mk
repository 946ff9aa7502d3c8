noinst_LIBRARIES += libview.a
libview_a_SOURCES = src/view/format.c src/view/format.h src/view/template.c src/view/template.h
