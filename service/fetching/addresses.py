"""Which IP addresses lie outside, on the public internet, and which may lead into the house."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_GLOBAL_UNICAST_6 = IPv6Network("2000::/3")
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_SHUT_6 = (
    *_NAT64,
    IPv6Network("2001::/23"),  # protocol assignments: Teredo, ORCHID, benchmarking
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("2002::/16"),  # 6to4 carries any IPv4 address
    IPv6Network("3fff::/20"),  # documentation
)
_SHUT_4 = (
    IPv4Network("0.0.0.0/8"),
    IPv4Network("100.64.0.0/10"),  # carrier-grade NAT
    IPv4Network("192.0.0.0/24"),  # protocol assignments
    IPv4Network("192.88.99.0/24"),  # 6to4 relays
    IPv4Network("198.18.0.0/15"),  # benchmarking
    IPv4Network("168.63.129.16/32"),  # a cloud's metadata service on an address that counts as public
)


def is_public(address: str) -> bool:
    """Whether the address is one of the public internet, by the registries of RFC 6890 and stricter.

    IPv6 addresses that carry an IPv4 address in them (mapped, compatible, 6to4, Teredo, NAT64) are not: what they
    reach depends on the network that translates them.

    Raises:
        ValueError: it is no address; one with a zone id (`fe80::1%eth0`) is not public.
    """
    if "%" in address:
        return False
    parsed = ip_address(address)
    if isinstance(parsed, IPv4Address):
        return _ordinary(parsed) and not any(parsed in network for network in _SHUT_4)
    inside_unicast = parsed in _GLOBAL_UNICAST_6 and not any(parsed in network for network in _SHUT_6)
    return inside_unicast and _ordinary(parsed)


def _ordinary(address: Address) -> bool:
    return address.is_global and not (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )
