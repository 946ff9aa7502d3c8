#!/bin/sh
# What the generators of src/sql refuse, and that what they make says what the files say.
gen=${srcdir:-.}/src/sql
awk=${AWK:-awk}
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0
LC_ALL=C
export LC_ALL

note() { # name ok|not
    if [ "$2" = ok ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $1"
    fi
}

queries() { # mode files…
    mode=$1
    shift
    "$awk" -v mode="$mode" -v prefix=T_ -v catalog=t -v header=t.h -f "$gen/gen_queries.awk" \
        /dev/null "$@" 2>"$tmp/why"
}

migrations() {
    "$awk" -v prefix=T_ -v catalog=t -v header=t.h -f "$gen/gen_migrations.awk" "$@" 2>"$tmp/why"
}

# name, words of the message, text of the file
refuses() {
    printf '%b' "$3" >"$tmp/q.sql"
    if queries c "$tmp/q.sql" >/dev/null || ! grep -q -e "$2" "$tmp/why"; then
        note "$1" not
        cat "$tmp/why"
    else
        note "$1" ok
    fi
}

# name, line that must be in the table, text of the file
makes() {
    printf '%b' "$3" >"$tmp/q.sql"
    if queries c "$tmp/q.sql" >"$tmp/q.c" && grep -q -F -e "$2" "$tmp/q.c"; then
        note "$1" ok
    else
        note "$1" not
        cat "$tmp/why" "$tmp/q.c"
    fi
}

refuses second_argument_first 'comes before \$1' \
    '-- name: a\n-- in: i x, i y\nSELECT $2, $1;\n'
refuses gap_in_arguments 'comes before \$2' \
    '-- name: a\n-- in: i x, i y, i z\nSELECT $1, $3;\n'
refuses fewer_letters_than_arguments 'uses 2 arguments' \
    '-- name: a\n-- in: i x\nSELECT $1, $2;\n'
refuses more_letters_than_arguments 'uses 1 arguments' \
    '-- name: a\n-- in: i x, i y\nSELECT $1;\n'
refuses arguments_without_in 'uses 1 arguments' '-- name: a\nSELECT $1;\n'
refuses argument_only_in_quotes 'uses 0 arguments' "-- name: a\n-- in: i x\nSELECT '\$1';\n"
refuses argument_only_in_comment 'uses 0 arguments' '-- name: a\n-- in: i x\nSELECT 1; -- $1\n'
refuses question_mark 'not ?' '-- name: a\nSELECT ?;\n'
refuses dollar_without_number 'without a number' '-- name: a\nSELECT $x;\n'
refuses argument_zero 'without a number' '-- name: a\nSELECT $0;\n'
refuses unknown_letter 'not a letter' '-- name: a\n-- in: x id\nSELECT $1;\n'
refuses letter_without_name 'not a letter' '-- name: a\n-- out: i\nSELECT 1;\n'
refuses same_name_twice 'twice' '-- name: a\nSELECT 1;\n-- name: a\nSELECT 2;\n'
refuses name_and_fragment_twice 'twice' '-- name: a\nSELECT 1;\n-- fragment: a\nAND 1\n'
refuses same_name_for_all_and_one_engine 'twice for' \
    '-- name: a\nSELECT 1;\n-- name: a\n-- engine: sqlite\nSELECT 2;\n'
refuses capital_name 'lower case' '-- name: Big\nSELECT 1;\n'
refuses no_text 'no text' '-- name: a\n-- name: b\nSELECT 1;\n'
refuses two_statements 'goes on after' '-- name: a\nSELECT 1; SELECT 2;\n'
refuses open_quote 'inside a quoted' "-- name: a\nSELECT 'x;\n"
refuses header_after_text 'after the text' '-- name: a\nSELECT $1\n-- in: i x\n;\n'
refuses header_before_block 'before any' '-- in: i x\n'
refuses text_before_block 'before any' 'SELECT 1;\n'
refuses fragment_with_out 'has no' '-- fragment: a\n-- out: i x\nAND 1\n'

makes argument_used_twice '"SELECT $1, $2, $1"' '-- name: a\n-- in: i x, i y\nSELECT $1, $2, $1;\n'
makes letters '"itb", "bt", false' \
    '-- name: a\n-- in: i x, t y,b z\n-- out: b z, t y\nSELECT $1, $2, $3;\n'
makes headers_over_lines '"it", "", false' '-- name: a\n-- in: i x\n-- in: t y\nSELECT $1, $2\n'
makes fragment '"t", "", true' '-- fragment: a\n-- in: t y\nAND x = $1\n'
makes two_digit_arguments '$10"' \
    '-- name: a\n-- in: i a,i b,i c,i d,i e,i f,i g,i h,i j,i k\nSELECT $1,$2,$3,$4,$5,$6,$7,$8,$9,$10\n'
makes quoted_dashes "SELECT '--', 1\"" "-- name: a\nSELECT '--', 1;\n"
makes escapes_for_c '\"x\" = '"'\\\\\\\\'\"" "-- name: a\nSELECT \"x\" = '\\\\\\\\';\n"
makes dos_lines '"SELECT 1"' '-- name: a\r\nSELECT 1;\r\n'
makes engine_of_ours '"SELECT 2"' \
    '-- name: a\n-- engine: pg\nSELECT 1;\n-- name: a\n-- engine: sqlite\nSELECT 2;\n'

printf -- '-- name: one_row\nSELECT 1;\n-- fragment: part\nAND 1\n' >"$tmp/q.sql"
if queries h "$tmp/q.sql" >"$tmp/q.h" && grep -q '^    T_ONE_ROW,$' "$tmp/q.h" &&
    grep -q '^    T_PART,$' "$tmp/q.h" && grep -q 'T_BLOCK_COUNT' "$tmp/q.h"; then
    note enum ok
else
    note enum not
fi

# name, words of the message, files…
refuses_files() {
    name=$1
    words=$2
    shift 2
    mkdir "$tmp/m"
    for f in "$@"; do
        echo "SELECT 1;" >"$tmp/m/$f"
    done
    if migrations "$tmp"/m/* >/dev/null || ! grep -q -e "$words" "$tmp/why"; then
        note "$name" not
        cat "$tmp/why"
    else
        note "$name" ok
    fi
    rm -r "$tmp/m"
}

refuses_files gap_in_versions 'migration 2 is missing' 0001_a.sql 0003_c.sql
refuses_files version_twice 'taken' 0001_a.sql 0001_b.sql
refuses_files version_zero 'zero' 0000_a.sql
refuses_files strange_name 'not named' 1_a.sql
refuses_files triggers_alone 'missing' 0001_a.sqlite.sql
refuses_files triggers_of_another_name 'taken' 0001_a.sql 0001_b.sqlite.sql
: >"$tmp/0001_empty.sql"
if migrations "$tmp/0001_empty.sql" >/dev/null; then
    note empty_migration not
else
    note empty_migration ok
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
