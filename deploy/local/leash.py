"""Becomes another program that the kernel signals when the stack dies, SIGKILL included.

The supervisor runs this file as a script. Giving up root clears the parent-death signal, so the
order matters: account first, signal next, then a look whether the parent died in between.
It stands alone (standard library, no package) so that it starts in milliseconds, needs no code
between fork and exec in the supervisor, and runs as root where the account cannot read the venv.

    python -I -S leash.py SIGNAL PARENT_PID UID:GID|- PROGRAM [ARGUMENT...]
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Take the account, ask for the signal, become the program."""
    number, parent, account, *argv = sys.argv[1:]
    if account != "-":
        uid, gid = (int(part) for part in account.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(number))
    if os.getppid() != int(parent):
        sys.exit("the stack is gone")
    os.execv(argv[0], argv)


if __name__ == "__main__":
    main()
