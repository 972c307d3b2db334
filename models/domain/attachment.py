"""What may be attached to a case: a few kinds of file, told by their content and their name.

Neither alone is trusted: a browser goes by the one, a person by the other.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

LARGEST_FILE = 20 * 1024 * 1024  # bytes
LONGEST_NAME = 200  # characters

_MARKUP = re.compile(rb"\s*<(?:!doctype|!--|\?xml|html|head|body|script|svg|iframe|math)\b", re.I)
# All but tab, ends of lines and pages, and the escape that colours logs of terminals.
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
# Names that Windows takes for a device, whatever follows the first dot.
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)", re.I
)


@dataclass(frozen=True, slots=True)
class _Kind:
    media_type: str
    is_it: Callable[[bytes], bool]


def _begins(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(starts)


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _is_text(content: bytes) -> bool:
    if _CONTROLS.search(content) or _MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


_JPEG = _Kind("image/jpeg", _begins(b"\xff\xd8\xff"))
_TEXT = _Kind("text/plain", _is_text)

KINDS: Mapping[str, _Kind] = {
    "pdf": _Kind("application/pdf", _begins(b"%PDF-")),
    "png": _Kind("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "gif": _Kind("image/gif", _begins(b"GIF87a", b"GIF89a")),
    "webp": _Kind("image/webp", _is_webp),
    "txt": _TEXT,
    "log": _TEXT,
    "csv": _Kind("text/csv", _is_text),
    "json": _Kind("application/json", _is_text),
}
"""The kinds of file by the end of their name. Archives and office files can hide programs."""


def media_type_of(name: str, content: bytes) -> str | None:
    """The kind of the file; `None` when it is none of ours, or another than its name says."""
    kind = KINDS.get(name.rpartition(".")[2].lower()) if "." in name else None
    if kind is None or not content or not kind.is_it(content):
        return None
    return kind.media_type


def flaw_of_name(name: str) -> str | None:
    """What is wrong with the name of a file, as the end of a sentence; `None` if nothing."""
    if not 1 <= len(name) <= LONGEST_NAME:
        return f"must have 1 to {LONGEST_NAME} characters"
    if set(name) & set('/\\:*?"<>|') or name != name.strip() or name.startswith("."):
        return "must be a plain file name, without a path"
    # Cc: controls. Cf: marks that turn the direction of writing, so that `fdp.exe` reads `exe.pdf`.
    if any(unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for one in name):
        return "must hold no invisible characters"
    if _DEVICE.match(name):
        return "must not be the name of a device"
    return None
