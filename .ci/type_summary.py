"""What a refresh of the schemas changes, in Markdown, for the one who reviews it."""

MARKS = {
    "createOnly": "now replaces the resource",
    "writeOnly": "is now write-only",
    "readOnly": "is now read-only",
    "secrets": "is now taken as a secret only",
}


def of_type(name, was, now):
    """Sentences about one type."""
    lines = []
    old, new = (set(kind["schema"].get("properties", {})) for kind in (was, now))
    if new - old:
        lines.append(f"`{name}` has new properties: {listed(new - old)}")
    if old - new:
        lines.append(f"`{name}` **lost** properties: {listed(old - new)}")
    for mark, text in MARKS.items():
        before, after = set(was.get(mark, [])), set(now.get(mark, []))
        lines += [f"`{name}`: `{path}` {text}" for path in sorted(after - before) if path.split("/")[0] in old]
        lines += [f"`{name}`: `{path}` no longer: {text}" for path in sorted(before - after) if path.split("/")[0] in new]
    if was.get("id") != now.get("id"):
        lines.append(f"`{name}`: the identifier was {was.get('id')} and is {now.get('id')}")
    if set(was["schema"].get("required", [])) != set(now["schema"].get("required", [])):
        lines.append(f"`{name}`: required was {was['schema'].get('required', [])} and is {now['schema'].get('required', [])}")
    return lines


def listed(names):
    names = sorted(names)
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(f"`{n}`" for n in names[:8]) + more


def summary(before, kinds, provisionable):
    """The whole summary; `before` has None for types without handlers."""
    now = {name: kind for name, kind in kinds.items() if provisionable(kind)}
    was = {name: kind for name, kind in before.items() if kind}
    head = [f"{len(now)} types with create, read and delete handlers, of {len(kinds)}."]
    if new := set(now) - set(was):
        head.append(f"{len(new)} new: {listed(new)}.")
    if gone := set(was) - set(now):
        head.append(f"{len(gone)} **gone**: {listed(gone)}.")
    lines = [line for name in sorted(set(was) & set(now)) if was[name] != now[name] for line in of_type(name, was[name], now[name])]
    return "\n".join([*head, "", *(f"- {line}" for line in lines)]).strip()
