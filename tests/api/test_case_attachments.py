"""Files of cases: how large, of what kind, under what name, and how they come back."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text

from models.domain.attachment import LARGEST_FILE, flaw_of_name, media_type_of
from tests.desk_cases import Desk

PDF = b"%PDF-1.7\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


async def attach(
    desk: Desk,
    content: bytes,
    name: str = "filename=seen.txt",
    *,
    kind: str = "application/octet-stream",
    by: str = "first",
    key: str | None = None,
) -> httpx.Response:
    headers = {"Content-Disposition": f"attachment; {name}", "Content-Type": kind}
    if key:
        headers["Idempotency-Key"] = key
    path = f"/cases/{desk.case.id}/attachments"
    return await desk.ask(by, "POST", path, headers=headers, content=content)


async def test_a_file_comes_back_as_it_was_to_be_saved_and_never_shown(desk: Desk) -> None:
    attached = await attach(desk, PDF, "filename*=UTF-8''Pl%C3%A4ne%20B.pdf")
    assert attached.status_code == 201, attached.text
    told = attached.json()
    assert (told["filename"], told["media_type"]) == ("Pläne B.pdf", "application/pdf")
    assert told["size"] == len(PDF)
    (shown,) = (await desk.read())["attachments"]
    assert shown == told
    path = f"/cases/{desk.case.id}/attachments/{told['id']}"
    got = await desk.ask("support", "GET", path)
    assert (got.content, got.headers["content-type"]) == (PDF, "application/pdf")
    assert got.headers["content-disposition"] == (
        "attachment; filename=\"Pl_ne B.pdf\"; filename*=UTF-8''Pl%C3%A4ne%20B.pdf"
    )
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]
    assert (await desk.ask("second", "GET", path)).status_code == 404


@pytest.mark.parametrize(("more", "status"), [(0, 201), (1, 413)])
async def test_20_mb_are_taken_and_one_byte_more_is_not(desk: Desk, more: int, status: int) -> None:
    content = PDF + b"x" * (LARGEST_FILE - len(PDF) + more)
    reply = await attach(desk, content, "filename=large.pdf")
    assert reply.status_code == status, reply.text[:200]
    if status == 413:
        assert reply.json()["type"] == "/problems/attachment-too-large"
        assert "20 MB" in reply.json()["detail"]


async def test_a_stream_of_untold_length_is_cut_off_at_the_limit(desk: Desk) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield PDF
        while sent < 4 * LARGEST_FILE:
            sent += 1_000_000
            yield b"x" * 1_000_000

    headers = {"Content-Disposition": "attachment; filename=a.pdf", "Idempotency-Key": "endless"}
    reply = await desk.client.post(
        f"/api/v1/cases/{desk.case.id}/attachments",
        content=endless(),
        headers=dict(desk.who["first"]) | headers,
    )
    assert reply.status_code == 413


@pytest.mark.parametrize(
    ("content", "name", "kind", "status"),
    [
        (b"MZ\x90\x00", "tool.exe", "application/octet-stream", 415),
        (b"MZ\x90\x00", "plan.pdf", "application/pdf", 415),
        (PDF, "plan.png", "image/png", 415),
        (PNG, "plan.png", "image/jpeg", 415),
        (PNG, "plan.png", "image/png", 201),
        (b"<html><script>x</script>", "seen.txt", "text/plain", 415),
        (b"\xff\xfe\x00", "seen.txt", "text/plain", 415),
        (b"", "seen.txt", "text/plain", 415),
        (b"a,b\n1,2\n", "seen.csv", "text/csv", 201),
        (b"PK\x03\x04", "all.zip", "application/zip", 415),
        (PDF, "plan", "application/pdf", 415),
        (b"<svg onload=x>", "pic.svg", "image/svg+xml", 415),
        (PDF, "plan.pdf", "multipart/form-data", 415),
    ],
)
async def test_only_what_its_content_and_its_name_say_alike_is_taken(
    desk: Desk, content: bytes, name: str, kind: str, status: int
) -> None:
    reply = await attach(desk, content, f'filename="{name}"', kind=kind)
    assert reply.status_code == status, reply.text


@pytest.mark.parametrize(
    "name",
    [
        'filename="../../etc/passwd.txt"',
        'filename="C:\\\\x.txt"',
        'filename="a/b.txt"',
        'filename=".txt"',
        'filename="CON.txt"',
        'filename="nul.pdf"',
        "filename*=UTF-8''a%E2%80%AEfdp.txt",
        "filename*=UTF-8''a%0D%0Ab.txt",
        "filename*=UTF-8''a%00.txt",
        f'filename="{"a" * 200}.txt"',
        "",
    ],
)
async def test_a_name_that_could_do_harm_is_refused(desk: Desk, name: str) -> None:
    reply = await attach(desk, b"Seen.", name)
    assert reply.status_code in {415, 422}, reply.text
    assert (await desk.read())["attachments"] == []


async def test_a_repeated_upload_attaches_once(desk: Desk) -> None:
    first = await attach(desk, b"Seen.", key="one")
    again = await attach(desk, b"Seen.", key="one")
    other = await attach(desk, b"Other.", key="one")
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()
    assert len((await desk.read())["attachments"]) == 1


async def test_several_upload_at_once(desk: Desk) -> None:
    replies = await asyncio.gather(*(attach(desk, b"Seen.", key=f"k{n}") for n in range(8)))
    assert {reply.status_code for reply in replies} == {201}


async def test_a_file_is_not_read_before_its_sender_is_known(desk: Desk) -> None:
    read = False

    async def never() -> AsyncIterator[bytes]:
        nonlocal read
        read = True
        yield b"Seen."

    reply = await desk.client.post(
        f"/api/v1/cases/{desk.case.id}/attachments",
        content=never(),
        headers={"Authorization": "Bearer x", "Content-Disposition": "attachment; filename=a.txt"},
    )
    assert (reply.status_code, read) == (401, False)


async def test_a_closed_case_takes_no_more_files(desk: Desk) -> None:
    await desk.resolve()
    await desk.run("UPDATE cases SET status = 'closed', closed_at = now() WHERE id = :case_id")
    assert (await attach(desk, b"Seen.")).json()["type"] == "/problems/case-over"


async def test_a_case_takes_so_many_files_and_no_more(desk: Desk) -> None:
    await desk.run(
        "INSERT INTO case_attachments (case_id, author, filename, media_type, content) "
        "SELECT :case_id, 'test', 'a.txt', 'text/plain', 'x' FROM generate_series(1, 50)"
    )
    assert (await attach(desk, b"Seen.")).json()["type"] == "/problems/case-full"


async def test_the_database_keeps_the_limit_as_well(desk: Desk) -> None:
    insert = (
        "INSERT INTO case_attachments (case_id, author, filename, media_type, content) "
        "VALUES (:case_id, 'test', 'a.txt', 'text/plain', repeat('x', 20971521)::bytea)"
    )
    async with desk.sessions() as session:
        with pytest.raises(Exception, match="content_at_most_20_mb"):
            await session.execute(text(insert), {"case_id": desk.case.id})


def test_kinds_are_told_by_content_and_name() -> None:
    assert media_type_of("a.JPG", b"\xff\xd8\xff\xe0") == "image/jpeg"
    assert media_type_of("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ") == "image/webp"
    assert media_type_of("a.log", "<13>Nov 22 Zoë \x1b[31mred".encode()) == "text/plain"
    assert media_type_of("a.json", b'\xef\xbb\xbf{"a": 1}') == "application/json"
    assert media_type_of("a.txt", b"\xef\xbb\xbf  <!DOCTYPE html>") is None
    assert flaw_of_name("Zeichnung (2) Büro.pdf") is None
