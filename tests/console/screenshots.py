"""Takes a picture of every page, or of those named, in light and dark.

`make screenshots`, or `python -m tests.console.screenshots case systems`.

Large ones go to build/screenshots; a few small ones, which the README shows, to docs/screenshots.
"""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.async_api import Browser

from deploy.local.environment import PROJECT
from tests.console.chromium import chromium
from tests.console.scenery import PAGES, Scenery, build_scenery
from tests.console.town import Town
from tests.console.visitor import Theme, visiting
from tests.whole_stack import whole_stack

ALL = PROJECT / "build" / "screenshots"
SHOWN = PROJECT / "docs" / "screenshots"
IN_README = ("dialog", "decommission-failed", "case", "systems")
THEMES: tuple[Theme, ...] = ("light", "dark")


async def main(pages: Sequence[str]) -> None:
    """Set the scene once, then walk through the pages."""
    ALL.mkdir(parents=True, exist_ok=True)
    SHOWN.mkdir(parents=True, exist_ok=True)
    async with whole_stack() as stack, chromium() as browser:
        town = Town(stack)
        await town.build(is_nasty=False)
        scenery = await build_scenery(town)
        for number, page in enumerate(pages, 1):
            for theme in THEMES:
                picture = await take(browser, town, scenery, page, theme)
                if page in IN_README and theme == "light":
                    (SHOWN / f"{page}.png").write_bytes(picture.read_bytes())
            sys.stdout.write(f"{number:2} of {len(pages)}  {page}\n")


async def take(browser: Browser, town: Town, scenery: Scenery, page: str, theme: Theme) -> Path:
    """One picture; returns its file."""
    picture = ALL / f"{page}-{theme}.png"
    async with visiting(browser, town.address, PAGES[page].persona, theme, 1280) as visitor:
        await scenery.look_at(visitor, page)
        await visitor.page.screenshot(path=picture)
    return picture


if __name__ == "__main__":
    subprocess.run([PROJECT / "ui" / "build.sh"], check=True)
    asyncio.run(main(sys.argv[1:] or list(PAGES)))
