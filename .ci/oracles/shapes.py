"""The shapes of the requests that Tenon makes, from botocore's models: names of members alone, which is what a plan is shown with.

    shapes.py DUMP.json > resources/data/shapes.json

By service: for each operation the name of its input; and each shape by its name: a structure as an object of members, a list as a
list of one, a map as an object with `*`, and a scalar as a word.
"""

import importlib.metadata
import json
import sys

import botocore.session

SERVICES = {"elb": "elbv2", "appscaling": "application-autoscaling"}


def model(service):
    return botocore.session.Session().get_service_model(SERVICES.get(service, service))


def form(shape, out):
    """The reference to a shape; what it consists of goes into `out`."""
    if shape.type_name not in ("structure", "list", "map"):
        return "." + shape.type_name
    if shape.name not in out:
        out[shape.name] = None
        if shape.type_name == "structure":
            out[shape.name] = {name: form(member, out) for name, member in shape.members.items()}
        elif shape.type_name == "list":
            out[shape.name] = [form(shape.member, out)]
        else:
            out[shape.name] = {"*": form(shape.value, out)}
    return shape.name


def operations(dump):
    calls = dump["samples"] + [c for p in dump["plans"] for c in p["calls"]]
    return sorted({(c["service"], c["operation"]) for c in calls} | {tuple(c) for c in dump["calls"]})


def extract(dump):
    services = {}
    for service, operation in operations(dump):
        of = services.setdefault(service, {"operations": {}, "shapes": {}})
        shape = model(service).operation_model(operation).input_shape
        of["operations"][operation] = form(shape, of["shapes"])
    return services


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        services = extract(json.load(file))
    version = importlib.metadata.version("botocore")
    print(f'{{"source": "botocore {version}", "services": {{')
    lines = []
    for name, service in services.items():
        lines.append(f' "{name}": {json.dumps(service, separators=(",", ":"), sort_keys=True)}')
    print(",\n".join(lines))
    print("}}")


if __name__ == "__main__":
    main()
