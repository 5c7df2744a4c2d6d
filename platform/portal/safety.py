"""What every page is kept safe by: which hosts and origins are heard, headers, the cookie."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from ..settings import Settings

ONWARD = "naar"
"""What holds the page that somebody was on the way to, while they prove who they are."""
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
DOCUMENT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-same-origin"
)
"""For a document that a client approves: its own styles and nothing else, and only within our own pages.

Of our origin, so that the page can give its frame the height of what is in it; it runs no script of its own.
"""
PICTURE_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}
"""For a picture of ours that brings its own styles: it runs nothing and fetches nothing."""
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
DOCUMENT_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": DOCUMENT_POLICY,
    "X-Frame-Options": "SAMEORIGIN",
}


_OWN_PATH = re.compile(r"/(?:[A-Za-z0-9][A-Za-z0-9._~%@:+,=/-]*(?:\?[A-Za-z0-9._~%@:+,=&/-]*)?)?(?:#[\w-]*)?")


def own_path(path: str) -> str:
    """Return a path of our own as it is, and an empty text for anything that leads elsewhere.

    Browsers take `//host` and `/\\host` for other hosts.
    """
    return path if _OWN_PATH.fullmatch(path) else ""


def is_our_host(request: Request, settings: Settings) -> bool:
    """Say whether a call is for us: addresses in answers come from `base_url`, never from this header."""
    port = settings.portal.port
    ours = {
        urlsplit(settings.base_url).netloc.lower(),
        f"127.0.0.1:{port}",
        f"localhost:{port}",
        f"[::1]:{port}",
    }
    return request.headers.get("host", "").lower() in ours


def is_our_form(request: Request, settings: Settings) -> bool:
    """Say whether a form was sent by one of our own pages.

    A browser says so itself (Sec-Fetch-Site); an older one names the page's origin.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    base = urlsplit(settings.base_url)
    return request.headers.get("origin") == f"{base.scheme}://{base.netloc}"


def cookie_name(settings: Settings) -> str:
    """Return the name of the session's cookie; over HTTPS browsers hold it to this host alone."""
    return "__Host-kantoor" if settings.base_url.startswith("https://") else "kantoor"


def set_cookie(response: Response, settings: Settings, token: str) -> None:
    """Give a browser its session; with an empty token take it away."""
    secure = settings.base_url.startswith("https://")
    name = cookie_name(settings)
    if token:
        response.set_cookie(name, token, httponly=True, samesite="lax", secure=secure, path="/")
    else:
        response.delete_cookie(name, httponly=True, samesite="lax", secure=secure, path="/")
