"""An instrument is data: its items, its scales, its summary."""

from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

import yaml


class ScaleKind(StrEnum):
    """How a raw score becomes a score, and which end is good."""

    GLOBAL = "global"
    FUNCTIONAL = "functional"
    SYMPTOM = "symptom"

    @property
    def high_is_good(self) -> bool:
        """Say whether a high score is good for the patient."""
        return self is not ScaleKind.SYMPTOM


@dataclass(frozen=True, slots=True)
class Item:
    """One question: a number, a range of codes, a neutral label."""

    number: int
    link_id: str
    minimum: int
    maximum: int
    label: str

    def allows(self, value: int) -> bool:
        """Say whether the value is one of the codes of the item."""
        return self.minimum <= value <= self.maximum


@dataclass(frozen=True, slots=True)
class Scale:
    """A named group of items that share one range."""

    code: str
    alias: str
    name: str
    kind: ScaleKind
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """The score made of all scales but the excluded ones."""

    code: str
    name: str
    excludes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire, without its wording."""

    key: str
    version: str
    algorithm: str
    notice: str
    items: dict[int, Item]
    scales: tuple[Scale, ...]
    summary: Summary


def load_instrument(name: str = "qlq-c30-v3") -> Instrument:
    """Read an instrument that ships with the package; raise ValueError when its parts disagree."""
    document = yaml.safe_load(files("questionnaire").joinpath("instruments", f"{name}.yaml").read_text("utf-8"))
    items = {entry["number"]: Item(**entry) for entry in document["items"]}
    if len(items) != len(document["items"]):
        raise ValueError(f"{name}: an item number is given twice")
    scales = tuple(_scale(name, entry, items) for entry in document["scales"])
    summary = Summary(
        code=document["summary"]["code"],
        name=document["summary"]["name"],
        excludes=frozenset(document["summary"]["excludes"]),
    )
    unknown = summary.excludes - {scale.code for scale in scales}
    if unknown:
        raise ValueError(f"{name}: the summary excludes unknown scales: {', '.join(sorted(unknown))}")
    return Instrument(
        key=document["key"],
        version=document["version"],
        algorithm=document["algorithm"],
        notice=document["notice"],
        items=items,
        scales=scales,
        summary=summary,
    )


def _scale(name: str, entry: dict[str, object], items: dict[int, Item]) -> Scale:
    numbers = entry["items"]
    if not isinstance(numbers, list) or not numbers or any(number not in items for number in numbers):
        raise ValueError(f"{name}: scale {entry['code']} names an item that does not exist")
    members = tuple(items[number] for number in numbers)
    if len({(item.minimum, item.maximum) for item in members}) != 1:
        raise ValueError(f"{name}: the items of scale {entry['code']} differ in range")
    return Scale(
        code=str(entry["code"]),
        alias=str(entry["alias"]),
        name=str(entry["name"]),
        kind=ScaleKind(str(entry["kind"])),
        items=members,
    )
