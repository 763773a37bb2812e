"""Subjects: consent, export, erasure, authentication."""

import json
import uuid

import httpx
import psycopg
import pytest
from conftest import TOKEN, give_consent
from psycopg.sql import SQL, Identifier

ROUTES = [
    ("POST", "/api/v1/subjects"),
    ("POST", f"/api/v1/subjects/{uuid.uuid4()}/consents"),
    ("GET", f"/api/v1/subjects/{uuid.uuid4()}/data-export"),
    ("DELETE", f"/api/v1/subjects/{uuid.uuid4()}"),
    ("POST", "/api/v1/sessions"),
    ("GET", f"/api/v1/sessions/{uuid.uuid4()}"),
    ("GET", f"/api/v1/sessions/{uuid.uuid4()}/scores"),
    ("PUT", f"/api/v1/sessions/{uuid.uuid4()}/answers/1"),
    ("GET", "/api/v1/questions"),
]


def test_every_operation_of_the_interface_is_tried_without_a_token(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()

    assert len(ROUTES) == sum(len(operations) for operations in document["paths"].values())


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_request_without_the_token_is_refused(client: httpx.Client, method: str, path: str) -> None:
    wrong = ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", TOKEN]
    with httpx.Client(base_url=client.base_url) as stranger:
        responses = [stranger.request(method, path)]
        responses += [stranger.request(method, path, headers={"Authorization": given}) for given in wrong]

    assert {(response.status_code, response.json()["code"]) for response in responses} == {(401, "UNAUTHENTICATED")}


def test_a_token_of_odd_bytes_is_refused(client: httpx.Client) -> None:
    response = client.get("/api/v1/questions", headers=[(b"Authorization", b"Bearer \xff\xe9")])

    assert response.status_code == 401


def test_a_pseudonym_is_unique_in_its_study(client: httpx.Client) -> None:
    body = {"study": "S1", "pseudonym": "P-1"}
    first = client.post("/api/v1/subjects", json=body)

    second = client.post("/api/v1/subjects", json=body)

    other_study = client.post("/api/v1/subjects", json=body | {"study": "S2"})
    assert [first.status_code, second.status_code, other_study.status_code] == [201, 409, 201]


@pytest.mark.parametrize("pseudonym", ["", "   ", "a\x00b", "x" * 81, "\ud800", 7, None])
def test_an_impossible_pseudonym_is_refused(client: httpx.Client, pseudonym: object) -> None:
    response = client.post("/api/v1/subjects", content=json.dumps({"study": "S1", "pseudonym": pseudonym}))

    assert response.status_code == 422


def test_consents_are_kept_when_withdrawn(client: httpx.Client, consenting_subject: str) -> None:
    give_consent(client, consenting_subject, "data_processing", given=False)

    consents = client.get(f"/api/v1/subjects/{consenting_subject}/data-export").json()["consents"]

    assert len(consents) == 1
    assert consents[0]["withdrawnAt"] is not None


def test_the_export_holds_everything_stored(client: httpx.Client, consenting_subject: str, session: str) -> None:
    give_consent(client, consenting_subject, "audio")
    client.put(f"/api/v1/sessions/{session}/answers/1", json={"value": 3, "source": "voice", "transcript": "assez"})

    export = client.get(f"/api/v1/subjects/{consenting_subject}/data-export").json()

    assert export["subject"]["id"] == consenting_subject
    assert [consent["purpose"] for consent in export["consents"]] == ["data_processing", "audio"]
    assert export["sessions"][0]["id"] == session
    assert export["sessions"][0]["answers"][0]["transcript"] == "assez"
    assert export["sessions"][0]["scores"]["scales"][1]["code"] == "PF2"


def test_erasure_leaves_only_a_tombstone(client: httpx.Client, database_url: str) -> None:
    canary = f"canary-{uuid.uuid4().hex}"
    subject = client.post("/api/v1/subjects", json={"study": "S9", "pseudonym": canary}).json()["id"]
    for purpose in ("data_processing", "audio"):
        give_consent(client, subject, purpose)
    session = client.post("/api/v1/sessions", json={"subjectId": subject}).json()["sessionId"]
    for value in (1, 2):
        client.put(f"/api/v1/sessions/{session}/answers/1", json={"value": value, "transcript": f"said {canary}"})
    assert canary in dump(database_url)

    erased = client.delete(f"/api/v1/subjects/{subject}")

    left = dump(database_url)
    assert erased.status_code == 204
    assert not [
        word for word in (canary, subject, session, canary.encode().hex(), subject.encode().hex()) if word in left
    ]
    assert "GDPR article 17" in left


def test_an_erased_subject_is_gone_for_every_operation(
    client: httpx.Client, consenting_subject: str, session: str
) -> None:
    client.delete(f"/api/v1/subjects/{consenting_subject}")

    answers = [
        client.delete(f"/api/v1/subjects/{consenting_subject}"),
        client.get(f"/api/v1/subjects/{consenting_subject}/data-export"),
        client.post("/api/v1/sessions", json={"subjectId": consenting_subject}),
    ]
    assert [answer.status_code for answer in answers] == [410, 410, 410]
    assert client.put(f"/api/v1/sessions/{session}/answers/1", json={"value": 1}).status_code == 404
    assert client.get(f"/api/v1/subjects/{uuid.uuid4()}/data-export").status_code == 404


def dump(database_url: str) -> str:
    """Return every row of every table as text, bytes as hexadecimal digits."""
    with psycopg.connect(database_url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        queries = [SQL("SELECT t::text FROM {} t").format(Identifier(name)) for (name,) in tables]
        rows = [connection.execute(query).fetchall() for query in queries]
    return "\n".join(row[0] for table in rows for row in table)
