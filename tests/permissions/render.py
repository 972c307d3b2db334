"""Writes docs/permissions.md from docs/permissions.yaml: `python -m tests.permissions.render`."""

from tests.permissions.matrix import FILE, OK, Matrix, matrix

RENDERED = FILE.with_suffix(".md")

_HEAD = """# Who may do what, where

Written by `python -m tests.permissions.render` from [permissions.yaml](permissions.yaml), the one
matrix; `tests/permissions` sends every route as every identity in every scope and compares.

A cell names the scopes in which the request is done. Elsewhere the answer is 403 where the thing
is in sight, and otherwise 404, which is the same for what is hidden and what does not exist.
"""


def rendered(wanted: Matrix) -> str:
    """The whole document."""
    document = wanted.document
    parts = [_HEAD, "## Identities\n", *_pairs(document["identities"])]
    parts += ["\n## Scopes\n", *_pairs(document["scopes"]), "\n## Always refused\n"]
    parts += [f"- {name}: {status}" for name, status in document["refused"].items()]
    parts += ["\n## Routes about one thing\n", *_table(wanted)]
    parts += ["\n## Lists: 200 with what the identity sees\n"]
    parts += [f"- `{route}`: {kind}" for route, kind in document["lists"].items()]
    parts += ["\n## Without a token\n", *(f"- `{route}`" for route in document["public"])]
    return "\n".join(parts) + "\n"


def _pairs(told: dict[str, str]) -> list[str]:
    return [f"- **{name}**: {what}" for name, what in told.items()]


def _table(wanted: Matrix) -> list[str]:
    lines = [f"| Route | {' | '.join(wanted.members)} |", "|---" * (len(wanted.members) + 1) + "|"]
    for route, row in wanted.document["routes"].items():
        cells = []
        for identity in wanted.members:
            scopes = wanted.scopes(row["thing"])
            done = [scope for scope in scopes if wanted.status(route, identity, scope) == OK]
            cells.append(", ".join(done).replace("_", " ") or "-")
        lines.append(f"| `{route.replace('/api/v1', '')}` | {' | '.join(cells)} |")
    return lines


if __name__ == "__main__":
    RENDERED.write_text(rendered(matrix()))
