"""What kind of service the repository holds: which artifact families it must have follows from this."""

import re

from roadworthy.link.draft import Draft
from roadworthy.model.component import ComponentKind
from roadworthy.model.detail.code import ClientCall
from roadworthy.model.detail.environment import EnvironmentRead, UrlParts
from roadworthy.model.detail.manifest import Dependency
from roadworthy.model.detail.table import TableDefined
from roadworthy.model.shape import Shape
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import FileRole

_STORE_PACKAGES = frozenset(
    """
    psycopg psycopg2 psycopg2-binary psycopg-binary asyncpg aiopg mysqlclient pymysql aiomysql asyncmy
    mysql-connector-python pymongo motor beanie odmantic mongoengine aiosqlite tortoise-orm pg pg-promise
    postgres mysql mysql2 mongodb mongoose sequelize typeorm @prisma/client knex drizzle-orm cassandra-driver
    elasticsearch clickhouse-driver cx-oracle oracledb pyodbc
    """.split()
)
_STORE_SCHEMES = tuple("postgres mysql mariadb mongodb cockroachdb mssql oracle clickhouse cassandra".split())
_CLIENT_PACKAGES = frozenset(
    """
    axios got node-fetch undici superagent ky stripe boto3 aioboto3 openai anthropic twilio sendgrid zeep
    grpcio @grpc/grpc-js mailgun slack-sdk pygithub
    """.split()
)
_CLIENT_LIBRARIES = frozenset({"httpx", "requests", "aiohttp", "urllib", "urllib3", "niquests"})
_INTERFACE_PACKAGES = frozenset(
    """
    react react-dom vue svelte @sveltejs/kit @angular/core next nuxt preact solid-js astro streamlit dash
    nicegui gradio htmx.org @remix-run/react
    """.split()
)
_PAGES = (".html", ".jinja", ".j2", ".vue", ".svelte", ".tsx", ".jsx", ".ejs", ".hbs", ".pug")
_PERSONAL = re.compile(
    r"(^|_)(e_?mails?|first_?names?|last_?names?|full_?names?|sur_?names?|given_?names?|family_?names?|phone(_?numbers?)?|"
    r"mobile(_?number)?|birth_?(date|day)|date_of_birth|dob|gender|sex|ssn|passport(_?number)?|national_id|iban|"
    r"ip_?address|(street|postal|home|billing|shipping)_?address|post_?code|zip_?code|patient(_id)?|diagnosis|health_\w+)($|_)",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"(^|_)(users?|persons?|people|patients?|customers?|members?|employees?|subjects?|accounts?|profiles?|participants?|"
    r"students?|contacts?|respondents?|auth_user)($|_)",
    re.IGNORECASE,
)


_STORE_VARIABLE = re.compile(r"(.*_)?(DATABASE|POSTGRES|PG|MYSQL|MARIADB|MONGO(DB)?|SQLALCHEMY_DATABASE)_(URL|URI|DSN)")


def derive(draft: Draft) -> None:
    """Tell from components, packages, tables and addresses what the service has."""
    packages = _packages(draft)
    draft.shape = Shape(
        store=_has_store(draft, packages),
        user_interface=_has_interface(draft, packages),
        personal_data=_has_personal_data(draft),
        outgoing_calls=_has_calls(draft, packages),
    )


def _packages(draft: Draft) -> set[str]:
    """Return what production code needs, as its manifests say."""
    return {
        str(s.name)
        for s in draft.symbols
        if isinstance(s.detail, Dependency) and s.role is FileRole.PROD and s.phase == "run"
    }


def _has_store(draft: Draft, packages: set[str]) -> bool:
    """Tell whether something is kept. An unread file that may declare a store is taken for one: what cannot be read must
    not make less be asked."""
    return (
        any(p.role is FileRole.PROD and Kind.SERVICE in p.hides for p in draft.problems)
        or any(
            isinstance(s.detail, EnvironmentRead) and _STORE_VARIABLE.fullmatch(str(s.name)) and _production(s)
            for s in draft.symbols
        )
        or any(c.kind is ComponentKind.STORE and c.role is FileRole.PROD for c in draft.components)
        or bool(packages & _STORE_PACKAGES)
        or any(isinstance(s.detail, TableDefined) and _production(s) for s in draft.symbols)
        or any(
            isinstance(s.detail, UrlParts) and s.detail.scheme.startswith(_STORE_SCHEMES) and _production(s)
            for s in draft.symbols
        )
    )


def _has_interface(draft: Draft, packages: set[str]) -> bool:
    roles = {FileRole.EXAMPLE, FileRole.DOCUMENT, FileRole.TEST}
    own = {a.path for a in draft.artifacts if a.role in roles}
    skipped = ("docs/", "doc/", "tests/", "test/", "examples/", "node_modules/", "htmlcov/", "coverage/")
    pages = any(
        f.lower().endswith(_PAGES)
        and f not in own
        and not any(f.startswith(s) or f"/{s}" in f for s in skipped)
        and not re.search(r"e?mail", f, re.IGNORECASE)
        for f in draft.files
    )
    return bool(draft.components) and (pages or bool(packages & _INTERFACE_PACKAGES))


def _has_personal_data(draft: Draft) -> bool:
    for symbol in draft.symbols:
        if symbol.action is not Action.DEFINES or not _production(symbol):
            continue
        table = symbol.detail
        if isinstance(table, TableDefined):
            if _PEOPLE.search(str(symbol.name).rpartition(".")[2]) or any(_PERSONAL.search(c) for c in table.columns):
                return True
        elif symbol.kind is Kind.COLUMN and _PERSONAL.search(str(symbol.name).rpartition(".")[2]):
            return True
    return False


def _has_calls(draft: Draft, packages: set[str]) -> bool:
    if packages & _CLIENT_PACKAGES:
        return True
    return any(
        isinstance(s.detail, ClientCall) and _production(s) and s.detail.library.partition(".")[0] in _CLIENT_LIBRARIES
        for s in draft.symbols
    )


def _production(symbol: Symbol) -> bool:
    return symbol.role is FileRole.PROD
