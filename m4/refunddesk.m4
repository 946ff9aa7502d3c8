# Small macros of this project.

# RD_LIBRARY(NAME, PKG-CONFIG MODULES, DEBIAN PACKAGE)
# Sets NAME_CFLAGS and NAME_LIBS, or notes the package as missing (RD_REPORT_MISSING ends configure).
AC_DEFUN([RD_LIBRARY], [
    PKG_CHECK_MODULES([$1], [$2], [], [RD_MISSING([$3])])
])

# RD_MISSING(DEBIAN PACKAGE)
AC_DEFUN([RD_MISSING], [rd_missing="$rd_missing $1"])

# RD_REPORT_MISSING: all that is missing in one message.
AC_DEFUN([RD_REPORT_MISSING], [
    AS_IF([test -n "$rd_missing"],
          [AC_MSG_ERROR([these Debian packages are missing:$rd_missing
    apt-get install --no-install-recommends$rd_missing])])
])

# RD_FLAG(VARIABLE, FLAG): appends FLAG to VARIABLE when the C compiler and linker take it.
AC_DEFUN([RD_FLAG], [
    AS_VAR_PUSHDEF([rd_cached], [rd_cv_flag_$2])
    AC_CACHE_CHECK([whether $CC takes $2], [rd_cached], [
        rd_saved_CFLAGS=$CFLAGS
        CFLAGS="$CFLAGS -Werror $2"
        AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [AS_VAR_SET([rd_cached], [yes])],
                       [AS_VAR_SET([rd_cached], [no])])
        CFLAGS=$rd_saved_CFLAGS
    ])
    AS_VAR_IF([rd_cached], [yes], [$1="${$1} $2"])
    AS_VAR_POPDEF([rd_cached])
])
