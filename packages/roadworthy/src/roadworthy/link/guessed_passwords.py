"""Servers whose administrator has a password that anyone tries first. Runs while the values of secrets are still there."""

import re

from roadworthy.link.draft import Draft
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.secret import PasswordGuessed
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole

_PASSWORD = re.compile(
    r"POSTGRES_PASSWORD|POSTGRESQL_PASSWORD|PGPASSWORD|(?:MYSQL|MARIADB)_(?:ROOT_)?PASSWORD|MONGO_INITDB_ROOT_PASSWORD"
    r"|RABBITMQ_DEFAULT_PASS|MINIO_ROOT_PASSWORD|MINIO_SECRET_KEY|GF_SECURITY_ADMIN_PASSWORD|REDIS_PASSWORD|VALKEY_PASSWORD"
    r"|PGADMIN_DEFAULT_PASSWORD|KEYCLOAK_ADMIN_PASSWORD|KC_BOOTSTRAP_ADMIN_PASSWORD|ELASTIC_PASSWORD"
    r"|DJANGO_SUPERUSER_PASSWORD|CLICKHOUSE_PASSWORD|SA_PASSWORD|MSSQL_SA_PASSWORD|ME_CONFIG_BASICAUTH_PASSWORD"
)
_GUESSED = frozenset(
    """
    admin administrator password passw0rd p@ssw0rd p@ssword root toor postgres postgresql pgsql mysql mariadb mongo mongodb
    redis rabbitmq guest user test example secret changeme changethis change-me change_me changeit change_it letmein welcome
    minio minioadmin minio123 grafana pass passwd pwd 1234 12345 123456 12345678 123456789 1234567890 qwerty abc123 default
    """.split()
)


def derive(draft: Draft) -> None:
    """Add each such password, by its place and the variable's name alone."""
    images = {component.id: component for component in draft.components}
    found: list[Symbol] = []
    for symbol in draft.of(Kind.ENVIRONMENT, Action.DEFINES):
        given = symbol.detail
        if (
            symbol.role is not FileRole.PROD
            or symbol.phase != "run"
            or not isinstance(given, EnvironmentGiven)
            or given.source
            or given.by not in ("compose", "kubernetes", "ConfigMap", "Secret", "ENV")
            or not isinstance(symbol.name, Exact)
            or not _PASSWORD.fullmatch(symbol.name.text)
            or (given.value or "").strip().lower() not in _GUESSED
        ):
            continue
        component = images.get(symbol.component)
        # A service of ours that is given it knocks with it; whoever lets in is the server.
        if component is None or component.role is not FileRole.PROD:
            continue
        if component.ours and symbol.name.text != "DJANGO_SUPERUSER_PASSWORD":
            continue
        detail = PasswordGuessed(given.by, component.image or component.id)
        place = Symbol(Kind.SECRET_KEY, Action.DEFINES, symbol.name, symbol.at, symbol.component, detail=detail)
        found.append(place)
    draft.symbols += found
