"""The CPU that programs started here use, of which other programs that share the machine take nothing."""

from pathlib import Path


def read_children() -> float:
    """Return the seconds of CPU that the programs started here have used, where Linux tells; else 0."""
    used = 0
    for child in Path("/proc/self/task").glob("*/children"):
        for number in child.read_text("ascii").split():
            for thread in Path(f"/proc/{number}/task").glob("*/schedstat"):
                used += int(thread.read_text("ascii").split()[0])
    return used / 1e9
