"""Holds every call that Tenon makes against botocore's service models: names, shapes, what is required, enums, patterns, lengths, ranges.

    calls.py DUMP.json
"""

import json
import re
import sys

from shapes import model

# What stands for a value that is known when the call is sent, by how the model's text begins. A pattern that none fits is met by the value.
OPEN = ("$ref", "$join", "$token", "$secret", "$lookup", "$plain")


def is_open(value):
    return isinstance(value, dict) and any(key in value for key in OPEN)


class Judge:
    def __init__(self):
        self.wrong = {}
        self.values = 0

    def note(self, path, why, value):
        self.wrong.setdefault((path, why), value)

    def check(self, shape, value, path):
        if is_open(value):
            return
        self.values += 1
        kind = getattr(self, "a_" + shape.type_name, None)
        if kind:
            kind(shape, value, path)

    def a_structure(self, shape, value, path):
        if not isinstance(value, dict):
            return self.note(path, f"{shape.name} is a structure", value)
        for name, inner in value.items():
            if name not in shape.members:
                self.note(f"{path}.{name}", f"{shape.name} has no such member", inner)
            else:
                self.check(shape.members[name], inner, f"{path}.{name}")
        for name in shape.required_members:
            if name not in value and (shape.name, name) not in LISTED:
                self.note(path, f"{shape.name} lacks {name}", value)

    def a_list(self, shape, value, path):
        if not isinstance(value, list):
            return self.note(path, f"{shape.name} is a list", value)
        self.size(shape, len(value), path, value)
        for inner in value:
            self.check(shape.member, inner, path + "[]")

    def a_map(self, shape, value, path):
        if not isinstance(value, dict):
            return self.note(path, f"{shape.name} is a map", value)
        self.size(shape, len(value), path, value)
        for key, inner in value.items():
            self.check(shape.key, key, path + "{key}")
            self.check(shape.value, inner, path + "{}")

    def a_string(self, shape, value, path):
        # A document with a reference in it becomes text when that is known.
        if isinstance(value, (dict, list)) and '"$' in json.dumps(value):
            return
        if not isinstance(value, str):
            return self.note(path, f"{shape.name} is text", value)
        if shape.enum and value not in shape.enum:
            self.note(path, f"{shape.name} is one of {shape.enum}", value)
        pattern = shape.metadata.get("pattern")
        if pattern and not python(pattern).search(value):
            self.note(path, f"{shape.name} matches {pattern}", value)
        self.size(shape, len(value), path, value)

    def a_boolean(self, shape, value, path):
        if not isinstance(value, bool):
            self.note(path, f"{shape.name} is a Boolean", value)

    def a_integer(self, shape, value, path):
        if not isinstance(value, int) or isinstance(value, bool):
            return self.note(path, f"{shape.name} is a whole number", value)
        self.size(shape, value, path, value)

    a_long = a_integer

    def a_double(self, shape, value, path):
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            self.note(path, f"{shape.name} is a number", value)

    a_float = a_double

    def size(self, shape, size, path, value):
        low, high = shape.metadata.get("min"), shape.metadata.get("max")
        if low is not None and size < low or high is not None and size > high:
            self.note(path, f"{shape.name} is {low} to {high}", value)


# Members that are listed when the call is sent, once for each that there is: a plan cannot have them.
LISTED = {("DeletePolicyVersionRequest", "VersionId")}

CLASSES = {"ASCII": "\\x00-\\x7f", "Print": "\\x20-\\x7e", "Graph": "\\x21-\\x7e", "L": "a-zA-Z\u00c0-\uffff", "N": "0-9",
           "Z": " ", "S": "+<=>|~$^`", "P": "!-/:-@", "M": "", "Alpha": "a-zA-Z", "Alnum": "a-zA-Z0-9", "Digit": "0-9", "Space": "\\s",
           "IsAlphabetic": "a-zA-Z", "IsDigit": "0-9", "IsWhite_Space": "\\s"}


def python(pattern, cache={}):
    """A pattern of the models, which are Java's, as Python has it; AWS matches the whole text."""
    if pattern not in cache:
        out, inside, at = "", False, 0
        while at < len(pattern):
            named = re.match(r"\\p\{(\w+)\}", pattern[at:])
            if named:
                text = CLASSES.get(named.group(1), "\\s\\S")
                out += text if inside else f"[{text}]"
                at += named.end()
                continue
            one = pattern[at : at + 2] if pattern[at] == "\\" else pattern[at]
            if one == "[" and not inside:
                inside = True
            elif one == "[":
                out, at = out + "\\[", at + 1
                continue
            elif one == "]":
                inside = False
            out, at = out + one, at + len(one)
        try:
            cache[pattern] = re.compile(f"^(?:{out})$", re.S)
        except re.error:
            cache[pattern] = re.compile("")
    return cache[pattern]


# Values of samples that are references written short, such as `tg-1` for an ARN: what a pattern would say of them is of no account.
SHORT = re.compile(r"^[a-z-]+[0-9]$")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        dump = json.load(file)
    judge, seen = Judge(), set()
    calls = dump["samples"] + [c for p in dump["plans"] for c in p["calls"]]
    for call in calls:
        operation = model(call["service"]).operation_model(call["operation"])
        seen.add((call["service"], call["operation"]))
        judge.check(operation.input_shape, call["aws"], f"{call['service']}:{call['operation']}")
    for service, operation in map(tuple, dump["calls"]):
        model(service).operation_model(operation)
    wrong = {k: v for k, v in judge.wrong.items() if not ("matches" in k[1] and SHORT.match(str(v)))}
    for (path, why), value in sorted(wrong.items()):
        print(f"{path}: {why}: {json.dumps(value)[:200]}", file=sys.stderr)
    print(f"calls: {len(calls)} of {len(seen)} operations, {judge.values} values, {len(wrong)} that botocore's models refuse")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
