"""Where a request comes from, as far as it can be trusted."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# What one household or office gets of the new addresses; within it everybody can have any.
NETWORK_BITS = 64


def client_of(request: HttpRequest) -> str:
    """The address that a request came from; of IPv6 the network, ``2001:db8:1:2::/64``.

    Each proxy adds to the end of ``X-Forwarded-For`` whom it was asked by. So behind
    ``TRUSTED_PROXIES`` of them the client is that many from the right; what stands before, anybody
    can have written. A header that is shorter than that did not come through them, and counts for
    nothing.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    told = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
    proxies = settings.TRUSTED_PROXIES
    if proxies and len(told) >= proxies:
        return _network(told[-proxies]) or _network(direct)
    return _network(direct)


def _network(text: str) -> str:
    """The address or network in ``text``, which may have a port; empty for anything else."""
    host = text
    if text.startswith("["):
        host = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        host = text.partition(":")[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((address, NETWORK_BITS), strict=False))
    return str(address)
