"""Which hosts are this machine and no other, whatever a name server says."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Say whether a host is `localhost` or a loopback address; no other name is looked up or believed.

    An IPv6 address may be put in brackets, as in a URL.
    """
    try:
        return ip_address(host.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
