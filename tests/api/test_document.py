"""`python -m api.document`: the OpenAPI document as programs read it."""

import json
from pathlib import Path

import pytest

from api.document import document


def test_it_is_written_without_leaving_anything_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = json.loads(document())
    assert "/api/v1/occupiers" in found["paths"]
    assert list(tmp_path.iterdir()) == []
