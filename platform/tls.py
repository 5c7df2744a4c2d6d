"""TLS to what is outside: every context of the office's own connections is made here."""

import ssl


def make_client_context() -> ssl.SSLContext:
    """Return a context that trusts nobody yet, and checks the certificate and the name of the other side.

    Not `create_default_context`: that one writes the secrets of every connection to SSLKEYLOGFILE.
    """
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def make_server_context() -> ssl.SSLContext:
    """Return a context for a server, as of the simulator; its secrets are written nowhere either."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
