"""Every route, as every identity, in every scope (docs/permissions.yaml)."""

import pytest

from api.app import create_app
from models.settings import Settings
from tests.permissions.matrix import matrix, routes_of
from tests.permissions.recipes import RECIPES
from tests.permissions.render import RENDERED, rendered
from tests.permissions.run import run_cases

PARTS = 6  # of the routes, so that the processes of a test run share them


def test_every_route_has_a_row_and_every_row_a_route(settings: Settings) -> None:
    routes, rows = routes_of(create_app(settings)), matrix().rows
    assert not routes - rows, (
        f"no row in docs/permissions.yaml for {sorted(routes - rows)}: add each under `routes`, "
        "with the thing that its path names and a rule (`lists` or `public` if it names none)"
    )
    assert not rows - routes, f"docs/permissions.yaml has rows for no route: {rows - routes}"


def test_every_unsafe_route_has_a_recipe() -> None:
    unsafe = {route for route in matrix().document["routes"] if not route.startswith("GET ")}
    assert unsafe == set(RECIPES), (
        f"tests/permissions/recipes.py lacks, or has for no row: {unsafe ^ set(RECIPES)}; a recipe "
        "is a valid body, so that only permissions are in the way"
    )


async def test_every_list_shows_everybody_what_the_matrix_lets_them_see(settings: Settings) -> None:
    result = await run_cases(settings, [])
    assert result.requests >= 200
    assert result.failures == []


@pytest.mark.parametrize("part", range(PARTS))
async def test_every_identity_gets_in_every_scope_what_the_matrix_says(
    settings: Settings, part: int
) -> None:
    routes = sorted(matrix().document["routes"])[part::PARTS]
    cases = [case for case in matrix().cases(short=True) if case.route in routes]
    result = await run_cases(settings, cases, lists=False)  # `make gate` sends all of it
    assert result.requests >= len(cases) >= 300
    assert result.failures == []


def test_the_rendered_matrix_is_that_of_the_file() -> None:
    assert RENDERED.read_text() == rendered(matrix()), "run `python -m tests.permissions.render`"
