#!/usr/bin/env python3
"""src/api/openapi.json by itself and against the source: it is an OpenAPI 3.1 document, its examples
fit their schemas, fields and error codes are those of the code, and the manual has its routes.

Routes, scopes and path parameters are compared by t_openapi.c, answers by check_orders_api.py."""
import json
import os
import re
import sys
from pathlib import Path

ROOT = Path(os.environ.get("SRCDIR") or Path(__file__).resolve().parents[2])
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests/e2e"))

from schema import TALK, Schemas

METHODS = {"get", "post", "delete"}
FORM = "application/x-www-form-urlencoded"
# Members of JSON objects inside one field: read by refund/ from the object, not from the request.
NESTED = {"split_settlement_details"}
passed = failed = 0


def judge(fine, what):
    global passed, failed
    passed += bool(fine)
    failed += not fine
    if not fine:
        print("FAILED", what)


def source(*patterns):
    return {p.name: p.read_text() for pattern in patterns for p in sorted(ROOT.glob(pattern))}


def refuse_repeats(pairs):
    names = [name for name, _ in pairs]
    judge(len(names) == len(set(names)), "repeated: %s" % sorted(n for n in names if names.count(n) > 1))
    return dict(pairs)


def operations(doc):
    for path, item in doc["paths"].items():
        for method, operation in item.items():
            yield "%s %s" % (method.upper(), path), path, method, operation


# ---- the document by itself ---------------------------------------------------------------------


def walk(node, at=""):
    yield at, node
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) \
            if isinstance(node, list) else ():
        yield from walk(value, "%s/%s" % (at, key))


def test_structure(doc, schemas):
    judge(doc["openapi"] == "3.1.0" and {"title", "version"} <= set(doc["info"]), "openapi and info")
    for at, node in walk(doc):
        if isinstance(node, dict) and "$ref" in node:
            try:
                fine = len(node) == 1 and isinstance(schemas.resolve(node), dict)
            except KeyError:
                fine = False
            judge(fine, "%s: %s leads nowhere" % (at, node["$ref"]))
    used = {node["$ref"] for _, node in walk(doc) if isinstance(node, dict) and "$ref" in node}
    for kind in ("parameters", "schemas", "responses"):
        for name in doc["components"][kind]:
            judge("#/components/%s/%s" % (kind, name) in used, "%s %s is not used" % (kind, name))
    ids = [o["operationId"] for _, _, _, o in operations(doc)]
    judge(len(ids) == len(set(ids)), "operationId is unique")
    tags = {t["name"] for t in doc["tags"]}
    told = [item["post"] for item in doc["webhooks"].values()]
    judge(tags == {t for o in told + [o for _, _, _, o in operations(doc)] for t in o["tags"]}, "tags")


def test_webhooks(doc, schemas):
    for name, item in doc["webhooks"].items():
        body = item["post"]["requestBody"]["content"]["application/json"]
        wrong = schemas.check(body["schema"], body["example"])
        judge(not wrong, "webhook %s: %s" % (name, wrong))
    names = re.findall(r'^    {"([A-Z_]+)", "', source("src/refund/announce_names.c")["announce_names.c"], re.M)
    fields = doc["components"]["schemas"]["Webhook"]["properties"]
    judge(names and fields["event_name"]["enum"] == names, "events of webhooks")


def test_operations(doc, schemas):
    for what, path, method, o in operations(doc):
        judge(path.startswith("/") and method in METHODS and o.get("summary"), what)
        names = []
        for p in map(schemas.resolve, o.get("parameters", [])):
            judge({"name", "in", "description", "schema"} <= set(p), "%s: parameter %s" % (what, p))
            judge(p["in"] != "path" or (p.get("required") and "{%s}" % p["name"] in path),
                  "%s: path parameter %s" % (what, p["name"]))
            if "example" in p:
                judge(not schemas.check(p["schema"], p["example"]), "%s: example of %s" % (what, p["name"]))
            names.append((p["name"].lower(), p["in"]))
        judge(len(names) == len(set(names)), "%s: a parameter twice" % what)
        judge("200" in o["responses"], "%s: 200" % what)
        for status, response in o["responses"].items():
            response = schemas.resolve(response)
            content = response["content"]["application/json"]
            judge(re.fullmatch(r"200|4\d\d|503", status) and response["description"], what)
            if "example" in content:
                judge(not schemas.check(content["schema"], content["example"]),
                      "%s %s: %s" % (what, status, schemas.check(content["schema"], content["example"])))
        for kind, content in o.get("requestBody", {"content": {}})["content"].items():
            if kind != FORM:
                wrong = schemas.check(content["schema"], content["example"])
                judge(not wrong, "%s: example: %s" % (what, wrong))
            else:
                known = schemas.resolve(content["schema"])["properties"]
                for name in content["example"]:
                    judge(re.split(r"[\[.]", name)[0] in known, "%s: form example %s" % (what, name))


def test_schemas(doc, schemas):
    keywords = {name[5:] for name in dir(Schemas) if name.startswith("rule_")} | TALK | {"$ref"}

    def look(node, at):
        judge(set(node) <= keywords, "%s: %s" % (at, sorted(set(node) - keywords)))
        properties = node.get("properties", {})
        judge(set(node.get("required", ())) <= set(properties), "%s: required, not described" % at)
        for example in node.get("examples", ()):
            judge(not schemas.check(node, example), "%s: example %r" % (at, example))
        for name, child in properties.items():
            look(child, at + "." + name)
        if "items" in node:
            look(node["items"], at + "[]")

    for name, node in doc["components"]["schemas"].items():
        look(node, name)


# ---- against the source -------------------------------------------------------------------------


def test_codes(doc):
    enum = doc["components"]["schemas"]["ErrorCode"]["enum"]
    cause = source("src/refund/cause.c")["cause.c"]
    rows = re.findall(r'\{CAUSE_(?!NONE)\w+,\s*"([^"]*)",\s*"([^"]*)"', cause)
    judge(len(rows) > 15, "rows of cause.c")
    api = source("src/api/*.c")
    wanted = {code for row in rows for code in row}
    wanted |= set(re.findall(r'\{\d{3}, "([A-Z_]+)"', api["errors.c"]))
    for text in api.values():
        wanted |= set(re.findall(r'(?:errors_coded|refuse)\([^;]*?\d{3},\s*"([A-Z_]+)"', text))
    wanted |= set(re.findall(r'\{"[A-Z][a-z ]+", "([A-Z_]+)"\}', api["api_batches.c"]))
    wanted.add("INTERNAL_ERROR")
    for line in (ROOT / "lighttpd/errors.tsv").read_text().splitlines():
        if not line.startswith("#"):
            wanted.add(line.split("\t")[3])
    judge(set(enum) == wanted, "error codes: %s" % sorted(set(enum) ^ wanted))
    judge(len(enum) == len(set(enum)), "an error code twice")


def handler_names():
    """The names of fields that src/api asks requests for, and those of its tables."""
    calls = re.compile(r'(?:fields_text(?:_in)?|form_(?:object|field|get)|object_of|req_value|'
                       r'list_query_(?:text|number|flag)|read_time|read_amount|object_in)'
                       r'\((?:[^;()]|\([^()]*\))*?"([A-Za-z_]\w*)"')
    names = set()
    for text in source("src/api/*.c").values():
        names |= set(calls.findall(text))
        for table in re.findall(r"const char \*const TEXTS\[\] = \{([^}]*)\}", text):
            names |= set(re.findall(r'"(\w+)"', table))
    facts = source("src/refund/order_facts.c")["order_facts.c"]
    names |= set(re.findall(r'"(udf\d+)"', facts))
    names |= set(re.findall(r'\{"(\w+)", LIMIT', facts))
    for suffix in re.findall(r'\{kind "(\w+)"', facts):
        names |= {"billing" + suffix, "shipping" + suffix}
    return names


def described_names(doc, schemas):
    names = set()
    for _, _, _, o in operations(doc):
        for p in map(schemas.resolve, o.get("parameters", [])):
            if p["in"] == "query":
                names.add(p["name"])
        content = o.get("requestBody", {"content": {}})["content"]
        if FORM in content:
            names |= set(schemas.resolve(content[FORM]["schema"])["properties"])
    return names


def test_fields(doc, schemas):
    read, described = handler_names(), described_names(doc, schemas)
    judge(len(read) > 60, "names that are read: %d" % len(read))
    judge(not read - described - NESTED, "read, not described: %s" % sorted(read - described - NESTED))
    judge(not described - read, "described, not read: %s" % sorted(described - read))


def test_members(doc, schemas):
    """A member that answers are said to have is written somewhere."""
    written = handler_names()
    for text in source("src/refund/*.c", "src/api/*.c").values():
        for literal in re.findall(r'"((?:[^"\\\n]|\\.)*)"', text):
            written |= set(re.findall(r"\w+", literal))

    def look(node, at):
        node = schemas.resolve(node) if "$ref" not in node else {}
        for name, child in node.get("properties", {}).items():
            judge(name in written, "%s: nobody writes %s" % (at, name))
            look(child, at + "." + name)
        if "items" in node:
            look(node["items"], at + "[]")

    for name, node in doc["components"]["schemas"].items():
        if not name.startswith("Hook"):
            look(node, name)


def test_manual(doc):
    page = (ROOT / "man/refunddesk-api.8").read_text()
    said = set(re.findall(r"^\.It Li ((?:GET|POST|DELETE) /\S*)$", page, re.M))
    known = {"%s %s" % (method.upper(), path) for _, path, method, _ in operations(doc)}
    judge(said == known, "routes of refunddesk-api(8): %s" % sorted(said ^ known))


def main():
    text = (ROOT / "src/api/openapi.json").read_text()
    doc = json.loads(text, object_pairs_hook=refuse_repeats)
    schemas = Schemas(doc, strict=False)
    test_structure(doc, schemas)
    test_operations(doc, schemas)
    test_webhooks(doc, schemas)
    test_schemas(doc, schemas)
    test_codes(doc)
    test_fields(doc, schemas)
    test_members(doc, schemas)
    test_manual(doc)
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(1 if failed else 0)


main()
