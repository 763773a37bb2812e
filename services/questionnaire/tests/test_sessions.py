"""Sessions and answers over HTTP, on a real database."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from conftest import give_consent
from golden import exact, read_golden


def save(client: httpx.Client, session: str, item: int, **body: object) -> httpx.Response:
    return client.put(f"/api/v1/sessions/{session}/answers/{item}", json=body)


def test_an_answer_is_read_back(client: httpx.Client, session: str) -> None:
    saved = save(client, session, 1, value=2, source="voice")

    read = client.get(f"/api/v1/sessions/{session}")

    assert saved.status_code == 200
    assert saved.headers["etag"] == '"1"'
    assert [(a["item"], a["value"], a["revision"]) for a in read.json()["answers"]] == [(1, 2, 1)]


def test_the_same_answer_again_changes_nothing(client: httpx.Client, session: str) -> None:
    body = {"value": 2, "source": "touch", "confidence": 0.7}

    first, second = (save(client, session, 1, **body) for _ in range(2))

    assert first.json() == second.json()
    assert second.json()["revision"] == 1


def test_another_answer_is_a_correction_with_history(
    client: httpx.Client, session: str, consenting_subject: str
) -> None:
    save(client, session, 29, value=7)

    corrected = save(client, session, 29, status="skipped")

    assert corrected.json()["revision"] == 2
    export = client.get(f"/api/v1/subjects/{consenting_subject}/data-export").json()
    history = export["sessions"][0]["history"]
    assert [(entry["revision"], entry["value"], entry["status"]) for entry in history] == [
        (1, 7, "answered"),
        (2, None, "skipped"),
    ]


def test_simultaneous_first_answers_become_revisions(client: httpx.Client, session: str) -> None:
    with ThreadPoolExecutor(8) as threads:
        responses = list(threads.map(lambda value: save(client, session, 30, value=value), range(1, 8)))

    assert [response.status_code for response in responses] == [200] * 7
    assert sorted(response.json()["revision"] for response in responses) == list(range(1, 8))


def test_a_stale_revision_is_refused(client: httpx.Client, session: str) -> None:
    path = f"/api/v1/sessions/{session}/answers/5"
    client.put(path, json={"value": 1})
    client.put(path, json={"value": 2}, headers={"If-Match": '"1"'})

    stale = client.put(path, json={"value": 3}, headers={"If-Match": '"1"'})

    assert (stale.status_code, stale.json()["code"]) == (409, "STALE_REVISION")


@pytest.mark.parametrize(
    ("item", "body", "status"),
    [
        (1, {"value": 5}, 422),
        (1, {"value": 0}, 422),
        (29, {"value": 8}, 422),
        (31, {"value": 1}, 404),
        (0, {"value": 1}, 422),
        (1, {"value": "1"}, 422),
        (1, {"value": 1.5}, 422),
        (1, {"value": True}, 422),
        (1, {"value": 10**30}, 422),
        (1, {"value": None}, 422),
        (1, {"value": 1, "status": "skipped"}, 422),
        (1, {"value": 1, "source": "telepathy"}, 422),
        (1, {"value": 1, "confidence": 2}, 422),
        (1, {"value": 1, "surprise": 1}, 422),
    ],
)
def test_an_impossible_answer_is_refused(
    client: httpx.Client, session: str, item: int, body: dict[str, object], status: int
) -> None:
    assert save(client, session, item, **body).status_code == status
    assert client.get(f"/api/v1/sessions/{session}").json()["answers"] == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"value": NaN}',
        b'{"value": 1, "confidence": NaN}',
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"value":1,"transcript":"\\ud800"}',
        b'{"value": 1, "transcript": "a\\u0000b"}',
        b"",
        b'{"value": ' + b"9" * 5_000 + b"}",
    ],
)
def test_a_malformed_body_is_the_callers_error(client: httpx.Client, session: str, body: bytes) -> None:
    response = client.put(
        f"/api/v1/sessions/{session}/answers/1", content=body, headers={"Content-Type": "application/json"}
    )

    assert 400 <= response.status_code < 500


def test_an_answer_needs_consent(client: httpx.Client, subject: str) -> None:
    session = client.post("/api/v1/sessions", json={"subjectId": subject}).json()["sessionId"]

    refused = save(client, session, 1, value=1)
    give_consent(client, subject, "data_processing")
    accepted = save(client, session, 1, value=1)
    give_consent(client, subject, "data_processing", given=False)
    withdrawn = save(client, session, 2, value=1)

    assert [refused.status_code, accepted.status_code, withdrawn.status_code] == [403, 200, 403]
    assert refused.json()["code"] == "CONSENT_REQUIRED"


def test_a_transcript_needs_audio_consent_and_goes_with_it(
    client: httpx.Client, session: str, consenting_subject: str
) -> None:
    body = {"value": 2, "source": "voice", "transcript": "un peu"}
    refused = save(client, session, 1, **body)
    give_consent(client, consenting_subject, "audio")
    accepted = save(client, session, 1, **body)

    give_consent(client, consenting_subject, "audio", given=False)

    export = client.get(f"/api/v1/subjects/{consenting_subject}/data-export")
    assert (refused.status_code, refused.json()["code"]) == (403, "AUDIO_CONSENT_REQUIRED")
    assert accepted.json()["transcript"] == "un peu"
    assert "un peu" not in export.text
    assert export.json()["sessions"][0]["answers"][0]["value"] == 2


def test_an_unknown_mode_is_refused(client: httpx.Client, subject: str) -> None:
    response = client.post("/api/v1/sessions", json={"subjectId": subject, "mode": "Standard"})

    assert response.status_code == 422


@pytest.mark.parametrize("path", ["", "/scores"])
def test_an_unknown_session_is_not_found(client: httpx.Client, path: str) -> None:
    assert client.get(f"/api/v1/sessions/{uuid.uuid4()}{path}").status_code == 404
    assert client.get(f"/api/v1/sessions/not-a-uuid{path}").status_code == 422


def test_scores_over_http_equal_a_golden_vector(client: httpx.Client, session: str) -> None:
    row = next(row for row in read_golden() if row["SUM"] and not row["q3"])
    for item in range(1, 31):
        if row[f"q{item}"]:
            assert save(client, session, item, value=int(row[f"q{item}"])).status_code == 200

    scores = client.get(f"/api/v1/sessions/{session}/scores").json()

    computed = {entry["alias"]: entry["value"] for entry in scores["scales"]} | {"SUM": scores["summary"]["value"]}
    assert len(computed) == 16
    assert all(abs(value - float(exact(row[code]))) <= 1e-9 for code, value in computed.items())


def test_a_session_without_answers_has_no_scores(client: httpx.Client, session: str) -> None:
    scores = client.get(f"/api/v1/sessions/{session}/scores").json()

    assert {entry["value"] for entry in scores["scales"]} == {None}
    assert scores["summary"]["value"] is None


def test_the_questions_carry_no_wording(client: httpx.Client) -> None:
    questions = client.get("/api/v1/questions").json()

    assert [item["label"] for item in questions["items"]] == [f"Item {number}" for number in range(1, 31)]
    assert [len(item["options"]) for item in questions["items"]] == [4] * 28 + [7] * 2


def test_saved_answers_are_counted_by_source(client: httpx.Client, session: str) -> None:
    def count() -> float:
        for line in client.get("/metrics").text.splitlines():
            if line.startswith('questionnaire_answers_saved_total{source="paper"}'):
                return float(line.split()[-1])
        return 0.0

    before = count()
    save(client, session, 1, value=1, source="paper")

    deadline = time.monotonic() + 10
    while count() != before + 1:
        assert time.monotonic() < deadline
