"""One stack for all kills: each test brings its own sites and occupiers, and leaves it whole."""

from collections.abc import AsyncIterator
from itertools import count

import pytest

from tests.kill.scene import Scene
from tests.whole_stack import WholeStack, whole_stack

_SEEDS = count(1)


@pytest.fixture(scope="package")
async def stack() -> AsyncIterator[WholeStack]:
    """`occupier up` on data of its own."""
    async with whole_stack() as running:
        yield running


@pytest.fixture
async def scene(stack: WholeStack) -> Scene:
    """Three occupiers at the same sites, two of which will leave; the estate answers slowly."""
    return await Scene.set_up(stack, next(_SEEDS))
