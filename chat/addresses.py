"""What counts as one address where tries are counted."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

# The least that a provider gives one subscriber, so whoever counted single addresses would count nothing.
_SUBSCRIBER_BITS = 64
_LONGEST = 64


def is_one(address: str) -> bool:
    """Whether it is the address of a machine, and no other word."""
    try:
        ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return True


def counted(address: str) -> str:
    """The address as tries from it are counted: of IPv6, the network of one subscriber."""
    if ":" not in address:
        return address[:_LONGEST]
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:_LONGEST]
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((found, _SUBSCRIBER_BITS), strict=False))
    return str(found)
