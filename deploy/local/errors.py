"""What can go wrong with the local stack, each with a message for the person at the terminal."""


class StackError(Exception):
    """The local stack cannot do what was asked; the message says what to change."""


class StackInUseError(StackError):
    """Another stack holds the data directory."""


class PortTakenError(StackError):
    """A port of the stack belongs to another program."""


class NotReadyError(StackError):
    """A child did not answer yet; the supervisor tries again."""


class ChildFailedError(StackError):
    """A child did not become ready in all its attempts; the message ends with its last lines."""


class StackInterruptedError(StackError):
    """A signal asked the stack to stop before the work in it was over."""
