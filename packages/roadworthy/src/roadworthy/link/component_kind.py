"""What a running thing is for: known images, what it starts, what it is called."""

import re

from roadworthy.link.known_images import KnownImage, known
from roadworthy.link.running import Running
from roadworthy.model.component import ComponentKind

_JOB_START = re.compile(
    r"\b(alembic\s+(-\S+\s+)*upgrade|manage\.py\s+(migrate|collectstatic|loaddata)|flask\s+db\s+upgrade|prisma\s+(migrate|db)"
    r"|knex\s+migrate|sequelize\S*\s+db:migrate|typeorm\s+migration:run|(pg_dump|mysqldump|mongodump)\b|aerich\s+upgrade"
    r"|(npm|pnpm|yarn)\s+(run\s+)?((db|prisma|typeorm):)?migrat\w*)"
)
_SERVER_START = re.compile(
    r"\b(uvicorn|gunicorn|hypercorn|daphne|granian|waitress-serve|runserver|flask\s+run|fastapi\s+(run|dev)|next\s+start"
    r"|node|npm|nginx|start-server|uwsgi|streamlit)\b"
)
_WORKER_START = re.compile(
    r"\b(celery\s.*\b(worker|beat)|rq\s+worker|rqworker|dramatiq|arq|huey_consumer\S*|taskiq\s+worker|faust\s.*worker"
    r"|manage\.py\s+(qcluster|rqworker|process_tasks|db_worker)|sidekiq|bullmq|run\s+(consumer|\w*worker))\b"
)
_JOB_NAME = re.compile(r"(^|[-_])(migrat\w*|init|setup|seed\w*|backup\w*|prestart|bootstrap|cron\w*|cleanup)([-_]|$)")
_WORKER_NAME = re.compile(
    r"(^|[-_])(\w*worker\w*|beat|\w*scheduler|consumer\w*|celery\w*|queue|dispatcher|daemon)([-_]|$)"
)
_MONITOR_START = re.compile(r"\b(celery\s.*\bflower|flower\s|rq-dashboard|arq-dashboard)\b")
# What stands in for another service, or tries this one.
_STAND_IN = re.compile(r"(^|[-_])(mock|fake|stub|load-?test\w*|e2e)([-_]|$)|[-_](mock|stub|emulator)$")
_MAIL_START = re.compile(r"(?:\S*/)?(maildev|mailhog|mailpit|mailcatcher)\b", re.IGNORECASE)
_BASE_START = re.compile(
    r"\b(docker-entrypoint(\.sh)?|postgres|redis-server|valkey-server|mysqld|mariadbd|mongod|nginx|traefik|caddy|haproxy|"
    r"prometheus|grafana|rabbitmq-server)\b(?![/.])"
)
_CLIENT_START = re.compile(
    r"\b(pg_dump(all)?|pg_basebackup|pg_restore|psql|mysqldump|mariadb-dump|mongodump|mongorestore|redis-cli|createdb)\b"
    r"|(^|[\s/])[\w-]*(backup|restore|dump)[\w-]*(\.\w+)?(\s|$)"
)
_SERVER_PROGRAM = re.compile(r"(^|[\s/])(postgres|redis-server|valkey-server|mysqld|mariadbd|mongod)(\s|$)")
_JOB_FORMS = frozenset({"job", "cronjob", "init"})


def kind_of(one: Running, waited_for: frozenset[str]) -> ComponentKind:
    """Return what a running thing is for; `waited_for` are the names of services whose end others wait for."""
    if not one.built and (found := known(one.image) if one.image else None):
        if found.kind is not ComponentKind.JOB and (one.name in waited_for or _is_client(one)):
            return ComponentKind.JOB
        return ComponentKind.JOB if _is_job(one) else found.kind
    if _is_job(one) or one.name in waited_for:
        return ComponentKind.JOB
    start = " ".join(one.starts)
    if _MONITOR_START.search(start):
        return ComponentKind.MONITORING
    if _MAIL_START.match(start):
        return ComponentKind.OTHER
    if _STAND_IN.search(one.name.lower()):
        return ComponentKind.OTHER
    if _WORKER_START.search(start):
        return ComponentKind.WORKER
    if _JOB_START.search(start) and not _SERVER_START.search(_JOB_START.sub(" ", start)):
        return ComponentKind.JOB
    starts_base = not start or _BASE_START.search(start) is not None
    if not one.sources and starts_base and (product := _base_product(one) or known(one.name)) is not None:
        return product.kind
    if _JOB_NAME.search(one.name.lower()) and not _SERVER_START.search(start):
        return ComponentKind.JOB
    if _WORKER_NAME.search(one.name.lower()) and not _SERVER_START.search(start):
        return ComponentKind.WORKER
    serves = one.built or bool(one.sources) or one.name == "web"
    return ComponentKind.SERVICE if serves else ComponentKind.OTHER


def _is_client(one: Running) -> bool:
    """Tell whether something runs the clients of a store's image, not its server."""
    start = " ".join(one.starts)[:4000]
    told = len(one.starts) >= len(one.declarations)
    return told and _CLIENT_START.search(start) is not None and _SERVER_PROGRAM.search(start) is None


def _is_job(one: Running) -> bool:
    workloads = one.workloads()
    return bool(workloads) and all(w.form in _JOB_FORMS or w.one_shot for w in workloads)


def _base_product(one: Running) -> KnownImage | None:
    found = [image for base in sorted(one.bases) if (image := known(base)) is not None]
    return found[0] if found else None
