"""Every diagram of the tests, changed at random: findings or a refusal come out, never anything else."""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest
from lxml import etree

from tests.bpmn.test_foreign_files import EXPECTED, FOLDER
from tests.bpmn.test_fuzz import judge
from tests.bpmn.test_rules import EXAMPLES

ROUNDS = int(os.environ.get("WUXING_MUTATIONS", "2"))
TEXTS = [
    "",
    " ",
    "0",
    "-1",
    "true",
    "x:y",
    "R/PT1H",
    "=",
    "a.b",
    "${a}",
    "“",
    "a" * 300,
    "null",
    "1e999",
    "\n\n",
]
SEEDS: dict[str, bytes] = {
    **{name: (FOLDER / name).read_bytes() for name in EXPECTED if EXPECTED[name]["verdict"] != "unsafe"},
    **{f"{code} bad": EXAMPLES[code].bad for code in EXAMPLES},
    **{f"{code} good": EXAMPLES[code].good for code in EXAMPLES},
}

Elements = list[etree._Element]
Mutation = Callable[[Elements, random.Random], None]


def lose_attribute(elements: Elements, chance: random.Random) -> None:
    """Take an attribute away."""
    element = chance.choice(elements)
    if element.attrib:
        del element.attrib[chance.choice(list(element.attrib))]


def exchange_value(elements: Elements, chance: random.Random) -> None:
    """Give an attribute the value of another one, or a strange one."""
    element, other = chance.choice(elements), chance.choice(elements)
    if element.attrib:
        values = [*other.attrib.values(), chance.choice(TEXTS)]
        element.set(chance.choice(list(element.attrib)), chance.choice(values))


def copy_attribute(elements: Elements, chance: random.Random) -> None:
    """Write an attribute where it does not belong."""
    element, other = chance.choice(elements), chance.choice(elements)
    for name, value in list(other.attrib.items())[:1]:
        element.set(name, value)


def lose_element(elements: Elements, chance: random.Random) -> None:
    """Take an element and all in it away."""
    element = chance.choice(elements)
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def move_element(elements: Elements, chance: random.Random) -> None:
    """Put an element somewhere else, at times a second time."""
    element, place = chance.choice(elements), chance.choice(elements)
    if element.getparent() is not None and element is not place and element not in place.iterancestors():
        copied = etree.fromstring(etree.tostring(element))
        place.insert(chance.randint(0, len(place)), copied if chance.random() < 0.5 else element)


def exchange_tag(elements: Elements, chance: random.Random) -> None:
    """Call an element what another one is called."""
    element, other = chance.choice(elements), chance.choice(elements)
    if element.getparent() is not None:
        element.tag = other.tag


def exchange_text(elements: Elements, chance: random.Random) -> None:
    """Write another text, also where there was none."""
    element, other = chance.choice(elements), chance.choice(elements)
    element.text = chance.choice([other.text or "", other.get("id") or "", chance.choice(TEXTS)])


MUTATIONS: list[Mutation] = [
    lose_attribute,
    exchange_value,
    exchange_value,
    copy_attribute,
    lose_element,
    move_element,
    exchange_tag,
    exchange_text,
]


def mutant(content: bytes, seed: int) -> bytes:
    """Return the file with one to four changes."""
    chance = random.Random(seed)
    root = etree.fromstring(content)
    for _ in range(chance.randint(1, 4)):
        elements = [each for each in root.iter() if isinstance(each.tag, str)]
        chance.choice(MUTATIONS)(elements, chance)
    return etree.tostring(root)


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_mutants_are_judged(name: str) -> None:
    for seed in range(ROUNDS):
        judge(mutant(SEEDS[name], hash_of(name) + seed))


def hash_of(name: str) -> int:
    """Return a number for a name that is the same in every run."""
    return sum((index + 1) * ord(letter) for index, letter in enumerate(name)) * 1_000
