#!/usr/bin/env python3
"""The tree's own rules, as far as a program can see them.

Prints a line for each violation, `path:line: rule: what`, and ends "N passed, N failed": a rule
counts once, and each planted violation that a rule must catch (and each innocent that it must let
through) once more. A file over 400 lines is only noted.
"""
import os
import re
import sys
from pathlib import Path

ROOT = Path(os.environ.get("SRCDIR") or Path(__file__).resolve().parents[2])

# Who may include whom; a room may include itself.
ARROWS = {
    "core": "",
    "sql": "core",
    "store": "sql core",
    "refund": "store core",
    "gateway": "core",
    "view": "core",
    "notify": "gateway refund view store core",
    "worker": "refund gateway notify store core",
    "web": "view store core",
    "portal": "web view refund store core",
    "api": "web refund gateway store core",
    "ctl": "refund store sql core",
    "simgate": "sql core",
}
EVERYTHING = {"bin"}
# The connection, `struct sql *` and the generated names of statements are what a store function is
# written in: whoever may use the store may name them.
WITH_STORE = {"sql/sql.h", "sql/queries.h"}

PRIVATE_HEADERS = {
    r"sqlite3(ext)?\.h": r"src/sql/sql_sqlite\.c",
    r"(ClearSilver|neo_cgi|neo_cs|cs|cgi|util)/.*\.h|ClearSilver\.h": r"src/view/template\.c",
    r"fcgi(app|_stdio|os|misc)\.h": r"src/web/fcgi\.c",
    r"curl/.*": r"src/gateway/http\.c|src/notify/.*",
    r"csv\.h": r"src/refund/batch_csv\.c",
    r"microhttpd\.h": r"src/simgate/.*",
}

BANNED_CALLS = """strcpy strcat sprintf vsprintf stpcpy gets atoi atol atoll atof strtod strtof
    strtold scanf fscanf sscanf vscanf vfscanf vsscanf localtime localtime_r gmtime ctime ctime_r
    asctime asctime_r strtok system popen alloca rand srand random srandom tmpnam mktemp""".split()

FUNCTION_LINES = 70
FILE_LINES_NOTE = 400
FILE_LINES = 800
SCRIPT_LINES = 300

TEMPLATE_COMMANDS = {"if", "elif", "else", "each", "call", "include", "def", "var", "set"}
TEMPLATE_CALLS = {"first", "last"}


# ---- C source -----------------------------------------------------------------------------------

C_PIECE = re.compile(r"""(/\*.*?\*/|//[^\n]*)|("(?:\\.|[^"\\\n])*")|('(?:\\.|[^'\\\n])*')""", re.S)


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    return C_PIECE.sub(lambda m: blank(m[0]) if m[1] else m[0], text)


def only_code(text):
    """Comments and the insides of strings are blank; lines stay where they are."""

    def replace(m):
        return blank(m[0]) if m[1] else m[0][0] + blank(m[0][1:-1]) + m[0][-1]

    return C_PIECE.sub(replace, text)


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def find_all(pattern, text, message, flags=0):
    for m in re.finditer(pattern, text, flags):
        yield line_of(text, m.start()), message(m) if callable(message) else message


def includes(text):
    for m in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', without_comments(text), re.M):
        yield line_of(text, m.start()), m[1], m[2]


def rule_arrows(path, text):
    room = path.split("/")[1]
    if room in EVERYTHING:
        return
    if room not in ARROWS:
        yield 1, f"src/{room} is not a room of the architecture"
        return
    allowed = {room, *ARROWS[room].split()}
    for line, quote, name in includes(text):
        if quote != '"':
            continue
        if "/" not in name:
            yield line, f'"{name}" must be named by its room: "<room>/{name}"'
        elif name.split("/")[0] in allowed or ("store" in allowed and name in WITH_STORE):
            continue
        else:
            yield line, f"{room} may not include {name}"


def rule_private_headers(path, text):
    for line, _, name in includes(text):
        for header, place in PRIVATE_HEADERS.items():
            if re.fullmatch(header, name) and not re.fullmatch(place, path):
                yield line, f"{name} is only for {place}".replace("\\", "")


def rule_banned_calls(_, text):
    calls = r"(?<![\w.>])(" + "|".join(BANNED_CALLS) + r")\s*\("
    return find_all(calls, only_code(text), lambda m: f"{m[1]} is banned")


def rule_no_floats(_, text):
    return find_all(r"\b(float|double)\b", only_code(text), lambda m: f"{m[1]}: money is int64")


def rule_no_struct_typedefs(_, text):
    return find_all(r"\btypedef\s+(struct|union|enum)\b[^;(]*(\{|;)", only_code(text), "a typedef of a struct")


def rule_function_length(_, text):
    begin = None
    for number, line in enumerate(only_code(text).split("\n"), 1):
        if line.rstrip() == "{":
            begin = number
        elif begin and line.startswith("}"):
            if line.rstrip() == "}" and number - begin + 1 > FUNCTION_LINES:
                yield begin, f"a function of {number - begin + 1} lines (at most {FUNCTION_LINES})"
            begin = None


def rule_file_length(_, text):
    lines = text.count("\n")
    if lines > FILE_LINES:
        yield lines, f"{lines} lines (at most {FILE_LINES})"


def rule_no_sql(path, text):
    if path.startswith("src/sql/"):
        return
    statement = (
        r'"\s*(SELECT\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\s|'
        r"CREATE\s+(TABLE|INDEX|TRIGGER|VIEW|UNIQUE)\b|DROP\s|ALTER\s|PRAGMA\s|BEGIN\b|COMMIT\b|"
        r"SAVEPOINT\b|ROLLBACK\b)"
    )
    yield from find_all(statement, without_comments(text), "SQL belongs into db/")


def rule_no_unfinished(_, text):
    return find_all(r"\b(TODO|FIXME|HACK)\b", text, lambda m: f"{m[1]} is unfinished work")


DECLARATION = re.compile(r"^(?!typedef|static|#|extern|struct\s+\w+\s*\{|enum\s+\w+\s*\{)[A-Za-z_][\w \t*]*?\**(\w+)\([^;{]*\)[^;{]*;", re.M | re.S)


def rule_documented(_, text):
    """A function has a comment above it or behind it, stands in a block of lines with one, or the
    file's comment names it."""
    code = only_code(text)
    lines = text.split("\n")
    about = text[: text.find("*/")] if text.startswith("/*") else ""
    for m in DECLARATION.finditer(code):
        first, last = line_of(code, m.start()) - 1, line_of(code, m.end() - 1) - 1
        while first > 0 and lines[first - 1].strip() and not lines[first - 1].startswith("#"):
            first -= 1
        while last + 1 < len(lines) and lines[last].find("/*") < 0 and lines[last + 1].startswith("    /*"):
            last += 1
        if re.search(rf"\b{m[1]}\b", about):
            continue
        if not any(mark in line for line in lines[first : last + 1] for mark in ("/*", "*/", "//")):
            yield line_of(code, m.start()), f"{m[1]} is not documented"


# ---- templates and scripts ------------------------------------------------------------------------

TAG = re.compile(r"<\?cs\s*(.*?)\s*\?>", re.S)


def template_expression(command, rest):
    """What is wrong with the expression of a tag, or None."""
    bare = re.sub(r'"[^"]*"|\'[^\']*\'', '""', rest)
    if command in ("def", "call"):
        inside = re.fullmatch(r"[:\s]*[\w.]+\s*\((.*)\)", bare, re.S)
        if not inside:
            return "not NAME(…)"
        bare = inside[1]
    for name in re.findall(r"([\w.]+)\s*\(", bare):
        if name not in TEMPLATE_CALLS:
            return f"{name}() in an expression"
    if re.search(r"[-+*/%<>#]", bare):
        return "arithmetic or a comparison of numbers: C passes text and flags"
    if re.search(r"[!=]=\s*\d|\d\s*[!=]=", bare):
        return "a comparison with a number"
    return None


def rule_template_tags(_, text):
    for m in TAG.finditer(text):
        line = line_of(text, m.start())
        tag = m[1]
        if tag.startswith("#") or re.fullmatch(r"/(if|each|def)", tag):
            continue
        command = re.match(r"\w*", tag)[0]
        if command not in TEMPLATE_COMMANDS:
            yield line, f"<?cs {tag.split(':')[0]} is banned"
            continue
        wrong = template_expression(command, tag[len(command) :])
        if wrong:
            yield line, f"<?cs {command}: {wrong}"


def rule_template_html(_, text):
    html = TAG.sub(lambda m: blank(m[0]), text)
    yield from find_all(r"<script\b(?![^>]*\bsrc=)[^>]*>", html, "an inline script", re.I)
    yield from find_all(r"<script\b[^>]*>(?!</script>)", html, "a script with a body", re.I)
    yield from find_all(r"<style\b", html, "an inline stylesheet", re.I)
    yield from find_all(r"<[^>]*\sstyle\s*=", html, "a style attribute", re.I)
    yield from find_all(r"<[^>]*\s(on\w+|hx-on[\w:-]*)\s*=", html, lambda m: f"{m[1]}= is a script", re.I)
    yield from find_all(r"javascript:", html, "a javascript: address", re.I)
    yield from find_all(r"""\b(src|href|action)\s*=\s*["'](https?:)?//""", html, "an address outside", re.I)


def rule_script_lines(tree):
    total = sum(text.count("\n") for path, text in tree.items() if path.startswith("static/js/"))
    if total >= SCRIPT_LINES:
        yield "static/js", 1, f"{total} lines of our own (under {SCRIPT_LINES})"


def rule_script_strict(_, text):
    yield from find_all(r"\b(eval|Function|document\.write)\s*\(|\.(inner|outer)HTML\b|\binsertAdjacentHTML\b", text, lambda m: f"{m[0]} is banned")


# pattern of the path, rule
RULES = [
    (r"src/.*\.[ch]", rule_arrows),
    (r"src/.*\.[ch]", rule_private_headers),
    (r"src/.*\.[ch]", rule_banned_calls),
    (r"src/.*\.[ch]", rule_no_floats),
    (r"src/.*\.[ch]", rule_no_struct_typedefs),
    (r"(src|tests)/.*\.[ch]", rule_function_length),
    (r"(src|tests)/.*\.[ch]", rule_file_length),
    (r"src/.*\.[ch]", rule_no_sql),
    (r"(src|tests|db|static|templates|lighttpd)/.*\.(c|h|awk|sql|js|css|cs|conf|mk|in|sh)", rule_no_unfinished),
    (r"src/.*\.h", rule_documented),
    (r"templates/.*\.cs", rule_template_tags),
    (r"templates/.*\.(cs|html)", rule_template_html),
    (r"static/js/.*\.js", rule_script_strict),
]


def violations(rule, pattern, tree):
    for path, text in tree.items():
        if re.fullmatch(pattern, path):
            for line, what in rule(path, text):
                yield path, line, what


def read_tree():
    tree = {}
    for top in ("src", "tests", "db", "static", "templates", "lighttpd"):
        for path in sorted((ROOT / top).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix == ".png" or not path.is_file():
                continue
            if "node_modules/" in name or name.startswith("static/vendor/"):
                continue
            tree[name] = path.read_text(encoding="utf-8", errors="replace")
    return tree


# ---- planted violations -----------------------------------------------------------------------------

LONG = "void f(void)\n{\n" + "    g();\n" * 69 + "}\n"
# rule, path, text, is it a violation?
PLANTED = [
    (rule_arrows, "src/core/x.c", '#include "sql/sql.h"\n', True),
    (rule_arrows, "src/gateway/x.c", '#include "store/orders.h"\n', True),
    (rule_arrows, "src/portal/x.c", '#include "gateway/http.h"\n', True),
    (rule_arrows, "src/portal/x.c", '#include "sql/private.h"\n', True),
    (rule_arrows, "src/store/x.c", '#include "orders.h"\n', True),
    (rule_arrows, "src/cellar/x.c", "", True),
    (rule_arrows, "src/store/x.c", '#include "sql/ops.h"\n#include "store/y.h"\n#include <x.h>\n', False),
    (rule_arrows, "src/refund/x.c", '#include "sql/sql.h"\n', False),
    (rule_arrows, "src/core/x.c", '/* #include "sql/sql.h" */\n', False),
    (rule_private_headers, "src/sql/sql.c", "#include <sqlite3.h>\n", True),
    (rule_private_headers, "src/view/format.c", "#include <ClearSilver/ClearSilver.h>\n", True),
    (rule_private_headers, "src/web/route.c", "# include <fcgiapp.h>\n", True),
    (rule_private_headers, "src/worker/x.c", "#include <curl/curl.h>\n", True),
    (rule_private_headers, "src/refund/batch.c", "#include <csv.h>\n", True),
    (rule_private_headers, "src/web/x.c", "#include <microhttpd.h>\n", True),
    (rule_private_headers, "src/sql/sql_sqlite.c", "#include <sqlite3.h>\n", False),
    (rule_private_headers, "src/notify/mail.c", "#include <curl/curl.h>\n", False),
    *((rule_banned_calls, "src/core/x.c", f"    {call}(a, b);\n", True) for call in BANNED_CALLS),
    (rule_banned_calls, "src/core/x.c", "x = atoi (a);\n", True),
    (rule_banned_calls, "src/core/x.c", '/* atoi(x) */ f("strcpy(a, b)"); gmtime_r(&t, &tm);\n', False),
    (rule_banned_calls, "src/core/x.c", "ops->system(a); my_rand(b); strtok_r(a, b, c);\n", False),
    (rule_no_floats, "src/core/x.c", "double d;\n", True),
    (rule_no_floats, "src/core/x.c", "/* a double click */\n", False),
    (rule_no_struct_typedefs, "src/core/x.h", "typedef struct x x;\n", True),
    (rule_no_struct_typedefs, "src/core/x.h", "typedef struct {\n    int i;\n} x;\n", True),
    (rule_no_struct_typedefs, "src/core/x.h", "typedef enum rc f(struct x *x);\n", False),
    (rule_no_struct_typedefs, "src/core/x.h", "typedef int64_t x;\n", False),
    (rule_function_length, "src/core/x.c", LONG, True),
    (rule_function_length, "src/core/x.c", LONG.replace("    g();\n", "", 1), False),
    (rule_function_length, "src/core/x.c", "static const int t[] = {\n" + "    1,\n" * 90 + "};\n", False),
    (rule_file_length, "src/core/x.c", "\n" * 801, True),
    (rule_file_length, "src/core/x.c", "\n" * 800, False),
    (rule_no_sql, "src/store/x.c", 'f("SELECT 1");\n', True),
    (rule_no_sql, "src/store/x.c", 'f("  DELETE FROM x");\n', True),
    (rule_no_sql, "src/store/x.c", 'f("PRAGMA x");\n', True),
    (rule_no_sql, "src/sql/migrate.c", 'f("SELECT 1");\n', False),
    (rule_no_sql, "src/store/x.c", 'f("Select a refund"); /* "SELECT 1" */\n', False),
    (rule_no_unfinished, "src/core/x.c", "/* TODO later */\n", True),
    (rule_documented, "src/core/x.h", "/* The file. */\n\nint f(void);\n", True),
    (rule_documented, "src/core/x.h", "/* Says f. */\nint f(void);\n\nint *g(int a,\n       int b);\n", True),
    (rule_documented, "src/core/x.h", "/* Says f and g. */\nint f(void);\nMUSTCHECK enum rc g(int a,\n    int b);\n", False),
    (rule_documented, "src/core/x.h", "int f(void); /* Says f. */\n", False),
    (rule_documented, "src/core/x.h", "/* About f(). */\n\nint f(void);\n", False),
    (rule_template_tags, "templates/page/x.cs", "<?cs alt:x ?>y<?cs /alt ?>", True),
    (rule_template_tags, "templates/page/x.cs", "<?cs uvar:x ?>", True),
    (rule_template_tags, "templates/page/x.cs", "<?cs lvar:x ?>", True),
    (rule_template_tags, "templates/page/x.cs", "<?cs evar:x ?>", True),
    (rule_template_tags, "templates/page/x.cs", "<?cs linclude:x ?>", True),
    (rule_template_tags, "templates/page/x.cs", "<?cs name:x ?>", True),
    (rule_template_tags, "templates/page/x.cs", '<?cs escape:"none" ?>', True),
    (rule_template_tags, "templates/page/x.cs", "<?cs loop:x = 1, 2 ?>", True),
    (rule_template_tags, "templates/page/x.cs", "<?cs with:x = y ?>", True),
    (rule_template_tags, "templates/page/x.cs", "<?cs var:html_escape(x) ?>", True),
    (rule_template_tags, "templates/page/x.cs", "<?cs var:url_escape('ok') + x ?>", True),
    (rule_template_tags, "templates/page/x.cs", "<?cs var:a + b ?>", True),
    (rule_template_tags, "templates/page/x.cs", "<?cs if:#a ?>", True),
    (rule_template_tags, "templates/page/x.cs", "<?cs if:a > b ?>", True),
    (rule_template_tags, "templates/page/x.cs", "<?cs if:a == 3 ?>", True),
    (rule_template_tags, "templates/page/x.cs", "<?cs call:f(a - b) ?>", True),
    (rule_template_tags, "templates/page/x.cs", '<?cs if:a == "x-y" ?><?cs elif:!?b ?><?cs else ?><?cs /if ?>', False),
    (rule_template_tags, "templates/page/x.cs", '<?cs each:m = menu ?><?cs call:row(m, "a/b") ?><?cs /each ?><?cs # a + b ?>', False),
    (rule_template_html, "templates/page/x.cs", "<script>f()</script>", True),
    (rule_template_html, "templates/page/x.cs", '<script src="/a.js">f()</script>', True),
    (rule_template_html, "templates/page/x.cs", "<p\n style='x'>", True),
    (rule_template_html, "templates/page/x.cs", "<style>p{}</style>", True),
    (rule_template_html, "templates/page/x.cs", '<a onclick="f()">', True),
    (rule_template_html, "templates/page/x.cs", '<a hx-on:click="f()">', True),
    (rule_template_html, "templates/page/x.cs", '<a href="javascript:f()">', True),
    (rule_template_html, "templates/page/x.cs", '<script src="https://cdn.example/x.js"></script>', True),
    (rule_template_html, "templates/page/x.cs", '<script src="/static/js/app.js" defer></script><a href="/orders">on = off</a>', False),
    (rule_script_strict, "static/js/x.js", "e.innerHTML = x;\n", True),
    (rule_script_strict, "static/js/x.js", "eval(x)\n", True),
    (rule_script_strict, "static/js/x.js", "e.textContent = x; swap({swap: 'innerHTML'});\n", False),
]


def self_test():
    failures = []
    patterns = {rule: pattern for pattern, rule in RULES}
    for rule, path, text, bad in PLANTED:
        if bool(list(violations(rule, patterns[rule], {path: text}))) != bad:
            word = "does not catch" if bad else "wrongly catches"
            failures.append(f"tests/tidy/tidy.py:1: self-test: {rule.__name__} {word} {text[:60]!r}")
    for lines, bad in ((SCRIPT_LINES, True), (SCRIPT_LINES - 1, False)):
        if bool(list(rule_script_lines({"static/js/a.js": "\n" * lines}))) != bad:
            failures.append("tests/tidy/tidy.py:1: self-test: rule_script_lines")
    untested = {rule for _, rule in RULES} - {planted[0] for planted in PLANTED if planted[3]}
    failures += [f"tests/tidy/tidy.py:1: self-test: nothing planted for {rule.__name__}" for rule in untested]
    return len(PLANTED) + 2 + len(RULES), failures


def main():
    tree = read_tree()
    checks, failures = self_test()
    failed = len(failures)
    for line in failures:
        print(line)
    results = [(rule, list(violations(rule, pattern, tree))) for pattern, rule in RULES]
    results.append((rule_script_lines, list(rule_script_lines(tree))))
    for rule, found in results:
        for path, line, what in found:
            print(f"{path}:{line}: {rule.__name__[5:].replace('_', ' ')}: {what}")
        failed += bool(found)
    for path, text in tree.items():
        if re.fullmatch(r"(src|tests)/.*\.[ch]", path) and FILE_LINES_NOTE < text.count("\n") <= FILE_LINES:
            print(f"note: {path} has {text.count(chr(10))} lines (aim at {FILE_LINES_NOTE})")
    print(f"{checks + len(results) - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
