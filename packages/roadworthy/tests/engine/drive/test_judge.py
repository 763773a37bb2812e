"""An answer against what its step declares."""

from roadworthy.engine.drive.judge import captured, wrong
from roadworthy.model.subject import Step
from roadworthy.model.trial import Answer


def answer(status: int | None, text: str = "", problem: str = "") -> Answer:
    return Answer("GET /x", 0.0, 0.1, status, text, problem)


def test_answer_as_declared_has_nothing_wrong() -> None:
    step = Step("GET", "/x", (200,), capture=(("id", "id"),), contains=("{name}",), equals=(("n.0", 1.0),))

    assert wrong(step, answer(200, '{"id": 7, "n": [1], "name": "ada"}'), {}, {"name": "ada"}) == ""


def test_each_way_to_be_wrong_is_named() -> None:
    step = Step("GET", "/x", (200, 204), capture=(("id", "data.id"),), contains=("ada",), equals=(("n", "{n}"),))

    said = [
        wrong(step, each, {}, {"n": 2})
        for each in (
            answer(None, problem="the connection was refused"),
            answer(500, "oops"),
            answer(200, "{}"),
            answer(200, '{"data": {"id": 1}}'),
            answer(200, '{"data": {"id": 1}, "by": "ada"}'),
            answer(200, '{"data": {"id": 1}, "by": "ada", "n": 3}'),
        )
    ]

    assert said == [
        "the connection was refused",
        "answered 500, not 200 or 204: oops",
        "answered 200 without 'data.id': {}",
        'answered 200 without \'ada\': {"data": {"id": 1}}',
        'answered 200 without \'n\': {"data": {"id": 1}, "by": "ada"}',
        "answered n = 3, not 2",
    ]


def test_headers_can_be_captured() -> None:
    step = Step("POST", "/x", (201,), capture=(("where", "header:Location"),))

    assert captured(step, answer(201), {"location": "/x/1"}) == {"where": "/x/1"}
    assert wrong(step, answer(201), {}, {}) == "answered 201 without 'header:Location'"
