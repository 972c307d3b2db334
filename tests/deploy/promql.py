"""What a PromQL expression asks for: metrics and labels, read strictly enough to find a slip.

`promtool check rules` knows the language; it does not know which metrics there are.
"""

import re
from dataclasses import dataclass

WORDS = frozenset({"and", "or", "unless", "by", "without", "on", "ignoring", "bool", "offset"})
FUNCTIONS = frozenset(
    {
        "absent",
        "count",
        "histogram_quantile",
        "increase",
        "max",
        "min",
        "rate",
        "sum",
        "time",
        "topk",
        "vector",
    }
)

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_GROUPING = re.compile(r"\b(?:by|without|on|ignoring)\s*\(([^()]*)\)")
_SELECTOR = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)\s*\{([^{}]*)\}")
_MATCHER = re.compile(r"([a-zA-Z_][a-zA-Z0-9_]*)\s*(?:=~|!~|!=|=)\s*S")
_RANGE = re.compile(r"\[[^\]]*\]")
_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*(?!\w)(\s*\()?")


@dataclass(frozen=True)
class Asked:
    """The metrics of an expression, each with the labels it is selected or grouped by."""

    metrics: frozenset[str]
    matched: frozenset[tuple[str, str]]  # metric and label
    grouped: frozenset[str]


def asked(expression: str) -> Asked:
    """Read an expression; ValueError for a function or word that no rule of ours uses."""
    text = _RANGE.sub("", _STRING.sub("S", expression))
    _check_brackets(text)
    grouped = {
        label.strip() for labels in _GROUPING.findall(text) for label in labels.split(",") if label
    }
    text = _GROUPING.sub(" ", text)
    matched = {
        (metric, label)
        for metric, matchers in _SELECTOR.findall(text)
        for label in _MATCHER.findall(matchers)
    }
    text = _SELECTOR.sub(r" \1 ", text)
    metrics = set()
    for found in _NAME.finditer(text):
        name = found.group().rstrip("( ")
        if found.group(1):
            if name not in FUNCTIONS | WORDS:
                raise ValueError(f"unknown function {name} in {expression}")
        elif name not in WORDS:
            metrics.add(name)
    return Asked(frozenset(metrics), frozenset(matched), frozenset(grouped))


def _check_brackets(text: str) -> None:
    closing = {")": "(", "}": "{"}
    stack: list[str] = []
    for character in text:
        if character in closing.values():
            stack.append(character)
        elif character in closing and (not stack or stack.pop() != closing[character]):
            raise ValueError(f"unbalanced {character} in {text}")
    if stack:
        raise ValueError(f"unbalanced {stack} in {text}")
