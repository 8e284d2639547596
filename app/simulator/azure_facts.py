"""Regions, machine sizes and limits, read once from `resources/simulator/azure.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from msgspec import Struct, convert


class Location(Struct):
    name: str
    display: str
    pair: str = ""


class Size(Struct):
    """A virtual machine size of Azure."""

    name: str
    cores: int
    memory_gib: float
    data_disks: int
    nics: int
    generations: list[str]
    premium: bool = True
    family: str = ""


class Limits(Struct):
    os_disk_gib_generation_1: int
    os_disk_gib_generation_2: int
    data_disk_gib: int
    account_disk_gib: int
    churn_mib_s: float
    replication_skus: list[str]
    regional_cores: int
    machines: int
    disks: int
    storage_accounts: int
    networks: int
    nics: int
    skus_per_page: int


class AzureFacts(Struct):
    """The part of Azure that the practice vault knows.

    Attributes:
        zoned: the regions that have availability zones.
    """

    locations: list[Location]
    sizes: list[Size]
    limits: Limits
    providers: list[str]
    zoned: list[str]

    def location(self, name: str) -> Location | None:
        wanted = name.lower().replace(" ", "")
        return next((location for location in self.locations if location.name == wanted), None)

    def size(self, name: str) -> Size | None:
        return next((size for size in self.sizes if size.name.lower() == name.lower()), None)

    def size_for(self, cores: int, memory_mib: int, data_disks: int, nics: int, generation: int) -> Size:
        """The first size in the list that fits; the largest when none does."""
        for size in self.sizes:
            if (
                size.cores >= cores
                and size.memory_gib * 1024 >= memory_mib
                and size.data_disks >= data_disks
                and size.nics >= nics
                and f"V{generation}" in size.generations
            ):
                return size
        return max(self.sizes, key=lambda size: (size.cores, size.memory_gib))


@cache
def azure_facts() -> AzureFacts:
    text = (files("resources") / "simulator" / "azure.toml").read_text("utf-8")
    return convert(tomllib.loads(text), AzureFacts)
