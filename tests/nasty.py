"""Texts that have broken systems, each with what it is about."""

NASTY: dict[str, str] = {
    "right to left": "\u202egnp.exe",
    "zero width": "Har\u200bbour\u2060",
    "combining": "e" + "\u0301" * 150,
    "emoji family": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "homoglyph": "\u041d\u0430rbour Ltd",
    "composed": "Caf\u00e9 \u00c5ngstr\u00f6m",
    "decomposed": "Cafe\u0301 A\u030angstro\u0308m",
    "leading space": " Harbour Ltd",
    "trailing space": "Harbour Ltd ",
    "no-break space": "Harbour\u00a0Ltd",
    "SQL": "'; DROP TABLE occupiers; --",
    "LIKE": "%_\\%",
    "script": "<script>alert(1)</script>",
    "image": '<img src=x onerror="alert(1)">',
    "template": "{{7*7}} ${7*7} %(x)s {0}",
    "formula": "=cmd|' /C calc'!A0",
    "header lines": "Harbour\r\nSet-Cookie: evil=1",
    "terminal": "\x1b[2J\x1b[31mred\x07",
    "path": "../../etc/passwd",
    "null": "null",
    "not a number": "NaN",
    "a year": "0000-00-00T99:99:99Z",
    "quotes": 'O\'Neill & "S\u00f8n" `x` \u2018y\u2019',
    "beyond the plane": "\U00010000\U0010fffd",
    "private use": "\ue000\uf8ff\ufffd\ufeff",
    "one space": " ",
}

UNSTORABLE = {"NUL": "Harbour\x00Ltd", "lone surrogate": "Harbour\ud800Ltd"}
