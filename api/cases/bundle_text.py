"""A bundle as Markdown, for pasting into a ticket."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]  # Any: what JSON holds; `BundleOut` says what is in it


def markdown_of(bundle: Json) -> str:
    """The bundle, one document."""
    return "\n".join(_document(bundle)) + "\n"


def _document(bundle: Json) -> Iterator[str]:
    subject = f": {bundle['subject']}" if bundle["subject"] else ""
    yield f"# Case {bundle['number']}{subject}"
    yield ""
    reopened = f", opened again {bundle['times_reopened']} times" * bool(bundle["times_reopened"])
    yield f"Status {_words(bundle['status'])}, opened {_time(bundle['opened_at'])}{reopened}."
    if bundle["cause"]:
        yield f"Cause: `{bundle['cause']}`."
    if bundle["meaning"]:
        yield bundle["meaning"]
    yield ""
    yield f"**What to do next**{_who(bundle['next_step'])}: {bundle['next_step']['text']}"
    yield from _attempted(bundle)
    yield from _errors(bundle)
    for story in bundle["stories"]:
        yield from _story(story)
    if bundle["tasks"] > len(bundle["stories"]):
        yield ""
        yield f"{bundle['tasks'] - len(bundle['stories'])} more tasks are counted, but not told."


def _attempted(bundle: Json) -> Iterator[str]:
    yield ""
    yield "## What was attempted"
    yield ""
    if not bundle["attempted"]:
        yield "No task is in this case."
        return
    yield "| task | state | tasks | done | of | failed items |"
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    for one in bundle["attempted"]:
        figures = f"{one['tasks']} | {one['done']} | {one['total']} | {one['failed_items']}"
        yield f"| {_words(one['kind'])} | {one['state']} | {figures} |"


def _errors(bundle: Json) -> Iterator[str]:
    yield ""
    yield "## Attempts and errors"
    yield ""
    if not bundle["errors"]:
        yield "No attempt has failed."
    for one in bundle["errors"]:
        yield (
            f"- {_words(one['failure'])}: {one['attempts']} attempts for {one['tasks']} tasks, "
            f"from {_time(one['first_at'])} to {_time(one['last_at'])}. "
            f"Last: {one['last_message']}"
        )


def _story(story: Json) -> Iterator[str]:
    yield ""
    yield f"## Task {story['task_id']}"
    yield ""
    yield story["headline"]
    yield f"{story['doing']} {story['happens_next']} {story['clocks']}"
    yield f"What to do next{_who(story['next_step'])}: {story['next_step']['text']}"
    yield ""
    yield f"- site: {story['site_id'] or 'all'}"
    yield f"- last sign of life: {_time(story['heartbeat_at'])}"
    yield f"- last progress: {_time(story['progress_at'])}, {story['done']} of {story['total']}"
    if engine := story["engine"]:
        yield f"- worker: {engine['worker'] or 'none yet'}"
        yield f"- code: {engine['code_version'] or 'unknown'}"
        yield f"- history: {engine['history_url']}"
        yield from (f"- `{command}`" for command in engine["commands"])
    yield ""
    for line in story["lines"]:
        until = f" to {_time(line['until'])}" if line["until"] else ""
        yield f"- {_time(line['at'])}{until}: {line['text']}"


def _who(step: Json) -> str:
    return f" ({step['audience']})" if step["audience"] else ""


def _words(name: str) -> str:
    return name.replace("_", " ")


def _time(moment: str | None) -> str:
    return f"{moment[:19].replace('T', ' ')} UTC" if moment else "never"
