"""Every page, in light and dark, with things on it: it opens, and axe finds nothing serious."""

import pytest

from tests.console.axe import serious_findings
from tests.console.conftest import Visit
from tests.console.figures import Figures
from tests.console.scenery import PAGES, Scenery


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
async def test_a_page_shows_what_it_has_and_everybody_can_use_it(
    page: str, theme: str, scenery: Scenery, visit: Visit, figures: Figures
) -> None:
    visitor = await visit(PAGES[page].persona, theme=theme)
    await scenery.look_at(visitor, page)
    figures.pages.add(page)
    found = await serious_findings(visitor.page)
    figures.axe_serious += len(found)
    assert found == []
