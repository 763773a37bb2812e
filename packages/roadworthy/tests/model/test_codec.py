"""Facts survive being written and read, and the checks say the same from the file."""

import json
from pathlib import Path

import pytest

from repository import write
from roadworthy.engine import run_folder
from roadworthy.engine.catalogue import checks
from roadworthy.engine.inspect import gather, judge
from roadworthy.model.codec import decode, encode
from roadworthy.model.error import RoadworthyError
from roadworthy.model.facts import Facts
from roadworthy.model.place import Span

SERVICE = Path(__file__).resolve().parents[4] / "services" / "questionnaire"


def test_checks_say_the_same_from_the_facts_file(tmp_path: Path) -> None:
    facts = gather(SERVICE)
    run_folder.write_facts(tmp_path, facts)

    again = run_folder.read_facts(tmp_path)

    assert again == facts
    assert judge(again) == judge(facts)
    assert len(judge(again)) == len(checks())


def test_span_survives() -> None:
    span = Span("ä.py", 3, 4, 5, 6)

    assert decode(Span, json.loads(json.dumps(encode(span)))) == span


def test_foreign_facts_file_is_a_clear_error(tmp_path: Path) -> None:
    write({"facts.json": '{"$": "Facts"}'}, tmp_path)

    with pytest.raises(RoadworthyError, match="not written by this version"):
        run_folder.read_facts(tmp_path)


def test_decoding_never_guesses() -> None:
    with pytest.raises(RoadworthyError):
        decode(Facts, {"$": "Span"})
