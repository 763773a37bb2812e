"""What the owner declares in roadworthy.toml can make more be asked, and turn a finding into a doubt, and no more."""

import pytest

from repository import gathered, inspected
from roadworthy.model.error import RoadworthyError
from roadworthy.model.words import Outcome

SERVICE = '[service]\nname = "shop"\nstart = "uvicorn app:app --port {port}"\n'
FILES = {
    "app.py": "from prometheus_client import Counter\nC = Counter('shop_orders_total', 'x')\nC.inc()\n",
    "requirements.txt": "fastapi\n",
    "rules.yml": "groups:\n- name: a\n  rules:\n  - alert: A\n    expr: node_thing_total > 1\n",
}


def test_declared_name_is_a_doubt_and_no_finding() -> None:
    defines = '[[defines]]\nkind = "metric"\nname = "node_thing_total"\nby = "the platform"\n'

    alone = inspected({**FILES, "roadworthy.toml": SERVICE, "rules.yml": FILES["rules.yml"].replace("node_", "own_")},
                      "monitoring/unknown-metric")  # fmt: skip
    declared = inspected({**FILES, "roadworthy.toml": SERVICE + defines}, "monitoring/unknown-metric")

    assert alone.outcome is Outcome.FAILED
    assert declared.outcome is Outcome.INCONCLUSIVE
    assert "the platform" in declared.reason


def test_declared_dependency_makes_more_be_asked() -> None:
    dependency = '[[dependency]]\nname = "db"\nkind = "postgres"\nenv = "DATABASE_URL"\n'

    shape = gathered({**FILES, "roadworthy.toml": SERVICE + dependency}).shape

    assert shape.store
    assert shape.outgoing_calls


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[service\n", "roadworthy.toml"),
        (SERVICE + "strat = 1\n", "did you mean 'start'?"),
        (SERVICE + '[[defines]]\nkind = "metrik"\nname = "a"\nby = "b"\n', "no kind of name"),
        ("", "service: missing"),
    ],
)
def test_wrong_configuration_is_one_clear_error(text: str, says: str) -> None:
    with pytest.raises(RoadworthyError) as caught:
        gathered({**FILES, "roadworthy.toml": text})

    assert says in str(caught.value)
