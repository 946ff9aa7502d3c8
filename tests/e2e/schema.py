"""As much of JSON Schema 2020-12 as src/api/openapi.json uses; what is not known is an error."""
import re

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
TALK = {"description", "examples", "default"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def is_type(value, name):
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


class Schemas:
    """strict: a member that no schema names is wrong, too."""

    def __init__(self, document, strict):
        self.document, self.strict = document, strict

    def resolve(self, node):
        while "$ref" in node:
            path = node["$ref"].split("/")
            assert path[0] == "#", node
            node = self.document
            for part in path[1:]:
                node = node[part]
        return node

    def check(self, schema, value, at="$"):
        """What is wrong, a line each."""
        schema = self.resolve(schema)
        wrong = []
        for keyword, wanted in schema.items():
            if keyword in TALK:
                continue
            rule = getattr(self, "rule_" + keyword, None)
            if rule is None:
                wrong.append("%s: the keyword %s is not known" % (at, keyword))
            else:
                wrong += rule(wanted, value, at, schema)
        return wrong

    def rule_type(self, wanted, value, at, schema):
        names = wanted if isinstance(wanted, list) else [wanted]
        return [] if any(is_type(value, n) for n in names) else ["%s: %r is no %s" % (at, value, wanted)]

    def rule_enum(self, wanted, value, at, schema):
        return [] if value in wanted else ["%s: %r is none of the values" % (at, value)]

    def rule_const(self, wanted, value, at, schema):
        return [] if value == wanted else ["%s: %r is not %r" % (at, value, wanted)]

    def rule_format(self, wanted, value, at, schema):
        assert wanted == "date-time", wanted
        return [] if value is None or ISO.fullmatch(value) else ["%s: %r is no time" % (at, value)]

    def rule_required(self, wanted, value, at, schema):
        if not isinstance(value, dict):
            return []
        return ["%s: %s is missing" % (at, name) for name in wanted if name not in value]

    def rule_properties(self, wanted, value, at, schema):
        if not isinstance(value, dict):
            return []
        wrong = []
        for name, member in value.items():
            if name in wanted:
                wrong += self.check(wanted[name], member, at + "." + name)
            elif self.strict:
                wrong.append("%s: %s is not described" % (at, name))
        return wrong

    def rule_items(self, wanted, value, at, schema):
        if not isinstance(value, list):
            return []
        return [w for i, x in enumerate(value) for w in self.check(wanted, x, "%s[%d]" % (at, i))]

    def rule_maxLength(self, wanted, value, at, schema):
        return ["%s: too long" % at] if isinstance(value, str) and len(value) > wanted else []

    def rule_minLength(self, wanted, value, at, schema):
        return ["%s: too short" % at] if isinstance(value, str) and len(value) < wanted else []

    def rule_maxItems(self, wanted, value, at, schema):
        return ["%s: too many" % at] if isinstance(value, list) and len(value) > wanted else []

    def rule_maximum(self, wanted, value, at, schema):
        return ["%s: too large" % at] if is_type(value, "number") and value > wanted else []

    def rule_minimum(self, wanted, value, at, schema):
        return ["%s: too small" % at] if is_type(value, "number") and value < wanted else []
