"""Counts how many of the refusals of AWS that cfn-lint knows a plan makes first, for the hand-written types.

    preflight.py stacks TYPES.json              stacks that AWS refuses, each beside one that it takes
    preflight.py judge TYPES.json ANSWERS.json  what a plan says of them

Two sources: what the schemas of CloudFormation, as the package cfn-lint ships them, allow of each property that is a field (words, ranges,
lengths, patterns), and the rules of cfn-lint across properties and resources, each with a stack that breaks it in refusals.json.
"""

import json
import pathlib
import re
import sys

import cfnlint

DATA = pathlib.Path(cfnlint.__file__).parent / "data/schemas"
RULES = pathlib.Path(cfnlint.__file__).parent / "rules/resources"
CASES = json.loads((pathlib.Path(__file__).parent / "refusals.json").read_text())
BOUNDS = ("enum", "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems")
# Texts of which most patterns forbid one.
STRANGE = ("\u00a7", "!", " ", "-", "a b", "?x", "/", "_", "A", "0", "a")


def schema(name):
    known = json.loads((DATA / "providers/us-east-1.json").read_text())
    return json.loads((DATA / f"resources/{known[name]}.json").read_text())


def resolved(whole, part):
    while isinstance(part, dict) and "$ref" in part:
        target = whole
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        part = {**target, **{k: v for k, v in part.items() if k != "$ref"}}
    return part


def fits(part, value):
    """Whether a value obeys the bounds of a property; None where it is of another shape."""
    kinds = part.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    shapes = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list}
    if not any(isinstance(value, shapes.get(t, ())) for t in kinds):
        return None
    if "enum" in part and value not in part["enum"]:
        return False
    if isinstance(value, str):
        if not part.get("minLength", 0) <= len(value) <= part.get("maxLength", len(value)):
            return False
        try:
            return "pattern" not in part or bool(re.search(part["pattern"], value))
        except re.error:
            return None
    if isinstance(value, list):
        return part.get("minItems", 0) <= len(value) <= part.get("maxItems", len(value))
    return part.get("minimum", value) <= value <= part.get("maximum", value)


def wrong(part, value):
    """Values that break one bound each, made from one that obeys all."""
    if "enum" in part:
        yield "enum", "nonsense" if isinstance(value, str) else -7
    if isinstance(value, str):
        without = {k: v for k, v in part.items() if k != "pattern"}
        if "pattern" in part:
            for text in [value + s for s in STRANGE] + list(STRANGE):
                if fits(part, text) is False and fits(without, text):
                    yield "pattern", text
                    break
        if part.get("minLength", 0) > 0:
            yield "minLength", value[: part["minLength"] - 1]
        if "maxLength" in part:
            yield "maxLength", (value + "a" * (part["maxLength"] + 1))[: part["maxLength"] + 1]
    elif isinstance(value, list):
        if part.get("minItems", 0) > 0:
            yield "minItems", value[: part["minItems"] - 1]
        if "maxItems" in part and part["maxItems"] < 1000 and value and isinstance(value[0], str):
            yield "maxItems", [f"{value[0]}{n}" for n in range(part["maxItems"] + 1)]
    elif not isinstance(value, bool):
        if "minimum" in part:
            yield "minimum", part["minimum"] - 1
        if "maximum" in part:
            yield "maximum", part["maximum"] + 1


def of_properties(types):
    """A stack for each bound of each property that is a field in the same shape."""
    for kind in types:
        if not kind["cfn"]:
            continue
        whole = schema(kind["cfn"])
        for field, name in kind["fields"].items():
            part = resolved(whole, whole["properties"].get(name, {}))
            if not any(bound in part for bound in BOUNDS):
                continue
            for sample in kind["samples"]:
                value = sample.get(field)
                if value is None or not fits(part, value):
                    continue
                for bound, bad in wrong(part, value):
                    stack = {"it": {"kind": kind["kind"], "inputs": {**sample, field: bad}}}
                    right = {"it": {"kind": kind["kind"], "inputs": sample}}
                    yield f"{kind['kind']}.{field}: {bound} of {name}", stack, right
                break


def edited(old, new):
    """A value, in which `$with` stands for the item of the sample at the same place, with some of its members changed."""
    if isinstance(new, list) and isinstance(old, list):
        pairs = zip(old + [None] * len(new), new)
        return [{**o, **n["$with"]} if isinstance(n, dict) and "$with" in n else n for o, n in pairs]
    return new


def of_rules(types):
    """The stacks of refusals.json, each beside the same without what breaks the rule."""
    samples = {kind["kind"]: kind["samples"] for kind in types}
    for rule, case in CASES["rules"].items():
        for n, one in enumerate(case.get("stacks", [])):
            def made(which, one=one):
                stack = {}
                for address, part in one.items():
                    sample = samples[part["kind"]][part.get("sample", 0)]
                    inputs = {**sample, **part.get("set", {}), **part.get(which, {})}
                    inputs = {field: edited(sample[field], value) for field, value in inputs.items()}
                    stack[address] = {"kind": part["kind"], "inputs": inputs}
                return stack

            yield f"{rule} ({n + 1}): {case['says']}", made("wrong"), made("right")


def listed(types):
    """Rule files and extensions about our types that refusals.json does not speak of."""
    ours = {kind["cfn"].lower().replace("::", "_") for kind in types if kind["cfn"]}
    files = {f"{p.parent.name}/{p.stem}" for p in (DATA / "extensions").glob("*/*.json") if p.parent.name in ours}
    known = {file for case in CASES["rules"].values() for file in case.get("files", [])}
    unknown = sorted(f"the extension {file}" for file in files - known - set(CASES["not_our_files"]))
    rules = set()
    for folder in CASES["folders"]:
        for path in (RULES / folder).glob("*.py"):
            rules |= set(re.findall(r'^    id = "(E\d+)"', path.read_text(), re.M))
    return unknown + sorted(f"rule {rule}" for rule in rules - set(CASES["rules"]) - set(CASES["not_ours"]))


def cases(types):
    return [*of_properties(types), *of_rules(types)]


def main():
    types = json.loads(pathlib.Path(sys.argv[2]).read_text())
    all_of_them = cases(types)
    if sys.argv[1] == "stacks":
        print(json.dumps([stack for _, wrong, right in all_of_them for stack in (wrong, right)]))
        return
    answers = json.loads(pathlib.Path(sys.argv[3]).read_text())
    faults = [f"refusals.json says nothing of {what}" for what in listed(types)]
    caught, known, missed = 0, 0, []
    for n, (name, _, _) in enumerate(all_of_them):
        wrong_one, right_one = answers[2 * n], answers[2 * n + 1]
        if right_one:
            faults.append(f"{name}: what AWS takes is refused: {right_one}")
        known += 1
        if wrong_one:
            caught += 1
        else:
            missed.append(name)
    rules = sum(1 for name, _, _ in all_of_them if re.match(r"E\d", name))
    print(f"preflight: {caught} of {known} refusals are made by the plan ({known - rules} of properties, {rules} of rules)")
    accepted = CASES["accepted"]
    for name in missed:
        reason = accepted.get(name)
        print(f"  not: {name}" + (f" ({reason})" if reason else ""))
        if not reason:
            faults.append(f"{name}: planned, and AWS refuses it")
    faults += [f"{name} is listed as planned, and is refused: take it out" for name in accepted if name not in missed]
    if faults:
        sys.exit("\n".join(faults))


main()
