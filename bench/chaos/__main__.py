"""`python -m bench.chaos`: SEED, ROUNDS, FILINGS and KILLS come from the environment; see `make chaos`."""

import asyncio
import os
import shutil
import sys
import tempfile
from pathlib import Path

from ..office import quiet
from .printed import report
from .run import Ran, Wanted, run


def main() -> int:
    """Run, print the report, and keep the office's folder when something is violated."""
    wanted = Wanted(
        seed=int(os.environ.get("SEED", "1")),
        rounds=int(os.environ.get("ROUNDS", "5")),
        filings=int(os.environ.get("FILINGS", "12")),
        kills=int(os.environ.get("KILLS", "6")),
    )
    quiet()
    folder = Path(tempfile.mkdtemp(prefix="kantoor-chaos-"))
    keep = bool(os.environ.get("KEEP"))
    try:
        ran: Ran = asyncio.run(run(wanted, folder / "home", lambda line: print(line, flush=True)))
        text, violations = report(ran)
        print(f"\n{text}")
        keep = keep or violations > 0
        return 1 if violations else 0
    except KeyboardInterrupt:
        return 130
    except BaseException:
        keep = True
        raise
    finally:
        if keep:
            print(f"\nThe office's folder is kept: {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # A process that used temporalio may abort when it exits (DESIGN 7).
    os._exit(status)
