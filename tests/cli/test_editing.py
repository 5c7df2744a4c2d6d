"""`kantoor lsp` as an editor starts and leaves it."""

import os
import pty
import subprocess
import sys

PROGRAM = (sys.executable, "-m", "kantoor.cli", "lsp")


def test_on_a_terminal_it_says_who_starts_it() -> None:
    master, terminal = pty.openpty()
    try:
        done = subprocess.run(PROGRAM, stdin=terminal, capture_output=True, text=True, timeout=100)
    finally:
        os.close(master)
        os.close(terminal)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "Error: kantoor lsp is started by an editor, which speaks with it over standard input\n"
        "docs/editor.md has the settings for VS Code and Neovim.\n"
    )


def test_when_the_editor_is_gone_it_leaves_without_a_word() -> None:
    done = subprocess.run((*PROGRAM, "--stdio"), input=b"", capture_output=True, timeout=100)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


def test_what_is_no_message_ends_nothing() -> None:
    words = b"geen bericht"
    message = b"Content-Length: %d\r\n\r\n%s" % (len(words), words)
    done = subprocess.run(PROGRAM, input=message * 2, capture_output=True, timeout=100)
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"window/showMessage" in done.stdout
