"""Shape rules that import-linter and ruff cannot express."""

import ast
from pathlib import Path

import pytest

from models.domain.decommission import TaskKind
from models.tables.all import METADATA
from workflows.names import activity_queues, queue_of
from workflows.policies import POLICIES

ROOT = Path(__file__).parents[1]
FIRST_PARTY = ("activities", "api", "deploy", "estate", "models", "workflows")
ROOMS = [path for room in FIRST_PARTY for path in sorted((ROOT / room).rglob("*.py"))]
WIRING = [ROOT / "cli.py", ROOT / "worker.py"]
SOURCES = [*(path for path in ROOMS if "versions" not in path.parts), *WIRING]


@pytest.mark.parametrize("path", SOURCES, ids=[str(path.relative_to(ROOT)) for path in SOURCES])
def test_a_file_is_one_thing_of_at_most_300_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


def test_the_wiring_defines_no_class() -> None:
    for path in WIRING:
        tree = ast.parse(path.read_text())
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)], path


def test_packages_are_marked_by_empty_files() -> None:
    assert [path for path in ROOMS if path.name == "__init__.py" and path.read_text()] == []


def test_every_kind_of_task_has_a_policy_and_a_queue() -> None:
    assert set(POLICIES) == set(TaskKind)
    served = {kind for kinds in activity_queues().values() for kind in kinds}
    assert served == set(TaskKind)
    assert all(kind in activity_queues()[queue_of(kind)] for kind in TaskKind)


def test_every_constraint_and_index_has_a_name() -> None:
    for table in METADATA.tables.values():
        assert all(constraint.name for constraint in table.constraints), table.name
        assert all(index.name for index in table.indexes), table.name
