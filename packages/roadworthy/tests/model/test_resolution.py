"""The nearest names, also among thousands; what is asked twice is looked up once."""

from repository import gathered
from roadworthy.model.place import Span
from roadworthy.model.resolution import Missing, Rung, nearest
from roadworthy.model.symbol import Action, Exact, Kind, Symbol


def _defined(name: str) -> Symbol:
    return Symbol(Kind.METRIC, Action.DEFINES, Exact(name), Span("a.py"))


def test_the_nearest_of_thousands_is_found() -> None:
    many = [_defined(f"other_{number}_total") for number in range(5000)]

    found = nearest("orders_totl", [*many, _defined("orders_total")])

    assert found.rung is Rung.SPELLING
    assert [str(symbol.name) for symbol in found.nearest] == ["orders_total"]


def test_the_same_question_gets_the_same_answer_for_another_place() -> None:
    facts = gathered({"a.py": 'from prometheus_client import Counter\nC = Counter("orders_total", "x")\n'})
    asked = [Symbol(Kind.METRIC, Action.REFERS, Exact("orders_totl"), Span("r.yml", line)) for line in (1, 2)]

    first, second = (facts.resolve(one) for one in asked)

    assert isinstance(first, Missing)
    assert first is second
