"""Regular expressions of CloudFormation's schemas, as the crate regex-lite reads them.

What it cannot say (look-around, Unicode classes, long repetitions) is taken wider: a preflight may miss a mistake, and never invents one.
"""

import re

# Everything beyond ASCII belongs to letters, digits, punctuation and spaces alike.
BEYOND = r"\u{80}-\u{10FFFF}"
CLASSES = {
    "L": "a-zA-Z" + BEYOND,
    "N": "0-9" + BEYOND,
    "Z": " " + BEYOND,
    "P": r"!-/:-@\[-`{-~" + BEYOND,
    "S": r"$+<=>\^`|\~" + BEYOND,
    "M": BEYOND,
    "C": r"\u{0}-\u{1F}\u{7F}" + BEYOND,
}
ESCAPES = set("dwsDWSbBntrfv")


class Unsayable(Exception):
    """A pattern that is not taken at all."""


def relaxed(pattern):
    """The pattern for regex-lite, or None where there is no use in it."""
    try:
        out, at = sequence(pattern, 0, 0)
    except (Unsayable, IndexError):
        return None
    if at != len(pattern) or re.fullmatch(r"\^?\(*(\.|\[\\s\\S\])[*+]\)*\$?", out):
        return None
    return out


def sequence(text, at, depth):
    """Alternatives up to the end of their group."""
    out = ""
    while at < len(text):
        char = text[at]
        if char == ")":
            if depth == 0:
                raise Unsayable
            return out, at
        if char == "[":
            atom, at = bracket(text, at + 1)
        elif char == "(":
            atom, at = group(text, at, depth)
        elif char == "\\":
            atom, at = escape(text, at, inside=False)
        elif char in "|^$":
            out, at = out + char, at + 1
            continue
        elif char in "{}":
            atom, at = "\\" + char, at + 1
        else:
            atom, at = char, at + 1
        times, at = repetition(text, at)
        out += (atom + times) if atom else ""
    if depth:
        raise Unsayable
    return out, at


def group(text, at, depth):
    if text.startswith("(?", at) and text[at + 2] in "=!<" and not re.match(r"\(\?P?<[A-Za-z]", text[at:]):
        start = at + (4 if text[at + 2] == "<" else 3)
        _, end = sequence(text, start, depth + 1)
        return "", end + 1
    if found := re.match(r"\(\?P?<\w+>", text[at:]):
        head = "(?:"
        at += found.end()
    elif found := re.match(r"\(\?[ims]*:", text[at:]):
        head = found.group()
        at += found.end()
    elif found := re.match(r"\(\?[ims]+\)", text[at:]):
        return found.group(), at + found.end()
    elif text.startswith("(?", at):
        raise Unsayable
    else:
        head, at = "(?:", at + 1
    inner, end = sequence(text, at, depth + 1)
    return f"{head}{inner})", end + 1


def repetition(text, at):
    found = re.match(r"(?:[*+?]|\{(\d+)(,(\d*))?\})[?+]?", text[at:])
    if not found:
        return "", at
    low, comma, high = found.groups()
    end = at + found.end()
    if low is None:
        return found.group()[0], end
    # Lengths are checked on their own, and long repetitions make large programs.
    if max(int(low), int(high or 0)) > 64:
        return ("*" if int(low) == 0 else "+"), end
    return "{" + low + (comma or "") + "}", end


def escape(text, at, inside):
    char = text[at + 1]
    if char in "pP":
        found = re.match(r"\\([pP])(?:\{(\^?)([^}]+)\}|(\w))", text[at:])
        name = found and (found.group(3) or found.group(4))
        members = found and found.group(1) == "p" and not found.group(2) and CLASSES.get(name[:1])
        if not members or name in ("Cn",) or len(name) > 2 and not name.startswith(("Letter", "Punct", "Number", "Symbol", "Mark")):
            alias = {"IsAlphabetic": "L", "ASCII": None, "Graph": None, "Print": None, "Alnum": None}.get(name or "")
            members = CLASSES.get(alias or "")
        if not members:
            raise Unsayable
        return (members if inside else f"[{members}]"), at + found.end()
    if char == "u" and (found := re.match(r"\\u\{?([0-9a-fA-F]{4,6})\}?", text[at:])):
        code = int(found.group(1), 16)
        # Half of a character of UTF-16 stands for everything beyond 16 bits.
        wide = (r"\u{10000}-\u{10FFFF}" if inside else r"[\u{10000}-\u{10FFFF}]") if 0xD800 <= code <= 0xDFFF else f"\\u{{{code:X}}}"
        return wide, at + found.end()
    if char == "x" and (found := re.match(r"\\x\{?([0-9a-fA-F]+)\}?", text[at:])):
        return f"\\u{{{int(found.group(1)[:6], 16):X}}}", at + found.end()
    if char in ESCAPES:
        if inside and char in "bB":
            raise Unsayable
        return "\\" + char, at + 2
    if char == "A":
        return "^", at + 2
    if char in "zZ":
        return "$", at + 2
    if char.isalnum():
        raise Unsayable
    return literal(char, inside), at + 2


def literal(char, inside):
    special = "\\[]^-&~" if inside else "\\.+*?()|[]{}^$"
    return "\\" + char if char in special else char


def bracket(text, at):
    """A class of characters, with everything in it that has a meaning in Rust and none in ECMAScript escaped."""
    out, first = "[", True
    if text[at] == "^":
        out, at = "[^", at + 1
    while True:
        char = text[at]
        if char == "]" and not first:
            break
        if found := re.match(r"\[:\^?\w+:\]", text[at:]):
            out, at = out + found.group(), at + found.end()
        elif char == "\\":
            item, at = escape(text, at, inside=True)
            out += item
        elif char == "-" and not first and text[at + 1] != "]" and not out.endswith(("\\d", "\\w", "\\s", "}")) and text[at + 1] != "\\":
            out, at = out + "-", at + 1
        elif char == "-" and text[at + 1 : at + 2] == "\\" and text[at + 2 : at + 3] in ("u", "x") and not first:
            out, at = out + "-", at + 1
        else:
            out, at = out + literal(char, True), at + 1
        first = False
    return out + "]", at + 1
