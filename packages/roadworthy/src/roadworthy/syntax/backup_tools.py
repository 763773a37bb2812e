"""Which commands make a backup, and of what. Restoring is something else."""

import re

_TOOLS: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (tool, product, re.compile(pattern))
    for tool, product, pattern in (
        ("pg_dump", "postgres", r"(?<![\w-])pg_dump(?:all)?(?![\w-])"),
        ("pg_basebackup", "postgres", r"(?<![\w-])pg_basebackup\b"),
        ("pgBackRest", "postgres", r"(?<![\w-])pgbackrest\b.*\bbackup\b"),
        ("WAL-G", "postgres", r"(?<![\w-])wal-[ge]\b.*\bbackup-push\b"),
        ("barman", "postgres", r"(?<![\w-])barman\b.*\bbackup\b"),
        ("mysqldump", "mysql", r"(?<![\w-])(?:mysqldump|mariadb-dump|mysqlpump|mydumper|xtrabackup|mariabackup)\b"),
        ("mongodump", "mongodb", r"(?<![\w-])mongodump\b"),
        ("redis-cli", "redis", r"(?<![\w-])(?:redis|valkey)-cli\b.*(?:--rdb\b|\b(?:bg)?save\b|\bBGSAVE\b|\bSAVE\b)"),
        ("sqlite3", "sqlite", r"(?<![\w-])sqlite3\b.*(?:\.backup\b|\.dump\b|VACUUM INTO)"),
        ("litestream", "sqlite", r"(?<![\w-])litestream\b.*\breplicate\b"),
        ("clickhouse-backup", "clickhouse", r"(?<![\w-])clickhouse-backup\b.*\bcreate"),
        ("influx", "influxdb", r"(?<![\w-])influxd?\b.*\bbackup\b"),
        ("neo4j-admin", "neo4j", r"(?<![\w-])neo4j-admin\b.*\b(?:dump|backup)\b"),
        ("etcdctl", "etcd", r"(?<![\w-])etcdctl\b.*\bsnapshot save\b"),
        ("mc", "minio", r"(?<![\w-])mc\b.*\bmirror\b"),
        ("manage.py dbbackup", "", r"\bmanage\.py\s+dbbackup\b"),
        ("restic", "", r"(?<![\w-])restic\b.*\bbackup\b"),
        ("borg", "", r"(?<![\w-])(?:borg\b.*\bcreate\b|borgmatic\b)"),
        ("kopia", "", r"(?<![\w-])kopia\b.*\bsnapshot\b.*\bcreate\b"),
        ("duplicity", "", r"(?<![\w-])duplicity\b(?!.*\brestore\b)"),
        ("velero", "", r"(?<![\w-])velero\b.*\b(?:backup|schedule)\b.*\bcreate\b|(?<![\w-])velero\b.*\bcreate\b"),
        ("snapshot", "", r"\b(?:create-db-snapshot|create-db-cluster-snapshot|create-snapshot|start-backup-job)\b"),
        ("gcloud", "", r"\bgcloud\b.*\bsql\b.*\b(?:backups create|export)\b"),
        ("tar", "files", r"(?<![\w-])tar\b\s+-{0,2}\w*c\w*"),
        ("docker cp", "files", r"(?<![\w-])(?:docker|podman|kubectl)\s+cp\b(?:\s+-\S+)*\s+[\"']?[^\s\"':]+:"),
        ("rclone", "files", r"(?<![\w-])rclone\b.*\b(?:sync|copy)\b"),
        ("rsync", "files", r"(?<![\w-])rsync\b"),
        ("aws s3 sync", "files", r"\baws\b.*\bs3\b.*\bsync\b"),
    )
)
_IMAGES = (
    (re.compile(r"postgres-backup|pg-?dump|pgbackrest|wal-g|postgres-backup-s3|pg-?backup", re.IGNORECASE), "postgres"),
    (re.compile(r"(mysql|mariadb)-backup", re.IGNORECASE), "mysql"),
    (re.compile(r"mongo(db)?-backup", re.IGNORECASE), "mongodb"),
    (re.compile(r"litestream", re.IGNORECASE), "sqlite"),
    (
        re.compile(r"docker-volume-backup|volumerize|borgmatic|restic|duplicati|velero|kopia|db-backup", re.IGNORECASE),
        "",
    ),
)


def backups_of(text: str) -> tuple[tuple[str, str], ...]:
    """Return the tools and products of the backups a command line makes.

    The product is "" for what saves any store, "files" for what merely copies files.
    """
    return tuple((tool, product) for tool, product, pattern in _TOOLS if pattern.search(text))


def backup_image(image: str) -> str | None:
    """Return what an image made for backups saves ("" for anything), None where it is no such image."""
    name = image.rpartition("/")[2].partition("@")[0].partition(":")[0]
    return next((product for pattern, product in _IMAGES if pattern.search(name)), None)
