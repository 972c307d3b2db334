"""What axe-core finds on a page: only what is serious or critical."""

from pathlib import Path

from playwright.async_api import Page

_SOURCE = Path(__file__).parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations
    .filter((each) => ["serious", "critical"].includes(each.impact))
    .flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.target.join(" ")} `
      + `${node.any.map((check) => check.message).join("; ")}`));
}"""


async def serious_findings(page: Page) -> list[str]:
    """One line per element, with its selector and what is wrong."""
    await page.evaluate(_SOURCE.read_text() + "; undefined")
    found: list[str] = await page.evaluate(_RUN)
    return found
