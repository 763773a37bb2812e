"""Images whose work is known by their name: stores, caches, brokers, proxies, monitoring."""

import re
from dataclasses import dataclass

from roadworthy.model.component import ComponentKind as K


@dataclass(frozen=True, slots=True)
class KnownImage:
    """What an image is for; `data` are the folders in which it keeps what must not be lost, `port` where it answers."""

    kind: K
    product: str
    port: int | None = None
    data: tuple[str, ...] = ()


def _store(product: str, port: int, *data: str) -> KnownImage:
    return KnownImage(K.STORE, product, port, data)


_POSTGRES = _store("postgres", 5432, "/var/lib/postgresql", "/bitnami/postgresql", "/home/postgres/pgdata")
_MYSQL = _store("mysql", 3306, "/var/lib/mysql", "/bitnami/mysql")
_MARIADB = _store("mariadb", 3306, "/var/lib/mysql", "/bitnami/mariadb", "/config")
_MONGO = _store("mongodb", 27017, "/data/db", "/bitnami/mongodb")
_REDIS = KnownImage(K.CACHE, "redis", 6379, ("/data", "/bitnami/redis/data", "/bitnami/valkey/data"))

_EXACT: dict[str, KnownImage] = {
    "postgres": _POSTGRES,
    "postgresql": _POSTGRES,
    "postgis": _POSTGRES,
    "pgvector": _POSTGRES,
    "timescaledb": _POSTGRES,
    "timescaledb-ha": _POSTGRES,
    "spilo": _POSTGRES,
    "mysql": _MYSQL,
    "mysql-server": _MYSQL,
    "percona": _MYSQL,
    "mariadb": _MARIADB,
    "mongo": _MONGO,
    "mongodb": _MONGO,
    "mongodb-community-server": _MONGO,
    "cockroach": _store("cockroachdb", 26257, "/cockroach/cockroach-data"),
    "cassandra": _store("cassandra", 9042, "/var/lib/cassandra"),
    "scylla": _store("scylladb", 9042, "/var/lib/scylla"),
    "elasticsearch": _store("elasticsearch", 9200, "/usr/share/elasticsearch/data"),
    "opensearch": _store("opensearch", 9200, "/usr/share/opensearch/data"),
    "clickhouse": _store("clickhouse", 8123, "/var/lib/clickhouse"),
    "clickhouse-server": _store("clickhouse", 8123, "/var/lib/clickhouse"),
    "minio": _store("minio", 9000, "/data", "/bitnami/minio/data"),
    "influxdb": _store("influxdb", 8086, "/var/lib/influxdb", "/var/lib/influxdb2"),
    "neo4j": _store("neo4j", 7687, "/data"),
    "couchdb": _store("couchdb", 5984, "/opt/couchdb/data"),
    "qdrant": _store("qdrant", 6333, "/qdrant/storage"),
    "weaviate": _store("weaviate", 8080, "/var/lib/weaviate"),
    "meilisearch": _store("meilisearch", 7700, "/meili_data"),
    "mssql": _store("sqlserver", 1433, "/var/opt/mssql"),
    "surrealdb": _store("surrealdb", 8000, "/data"),
    "rethinkdb": _store("rethinkdb", 28015, "/data"),
    "etcd": _store("etcd", 2379, "/etcd-data", "/bitnami/etcd"),
    "redis": _REDIS,
    "redis-stack": _REDIS,
    "redis-stack-server": _REDIS,
    "valkey": _REDIS,
    "valkey-bundle": _REDIS,
    "keydb": _REDIS,
    "dragonfly": _REDIS,
    "garnet": _REDIS,
    "memcached": KnownImage(K.CACHE, "memcached", 11211),
    "rabbitmq": KnownImage(K.CACHE, "rabbitmq", 5672, ("/var/lib/rabbitmq", "/bitnami/rabbitmq/mnesia")),
    "nats": KnownImage(K.CACHE, "nats", 4222),
    "kafka": KnownImage(K.CACHE, "kafka", 9092, ("/var/lib/kafka", "/bitnami/kafka", "/tmp/kafka-logs")),  # noqa: S108
    "cp-kafka": KnownImage(K.CACHE, "kafka", 9092, ("/var/lib/kafka/data",)),
    "redpanda": KnownImage(K.CACHE, "kafka", 9092, ("/var/lib/redpanda/data",)),
    "zookeeper": KnownImage(K.OTHER, "zookeeper", 2181),
    "cp-zookeeper": KnownImage(K.OTHER, "zookeeper", 2181),
    "eclipse-mosquitto": KnownImage(K.CACHE, "mosquitto", 1883),
    "activemq": KnownImage(K.CACHE, "activemq", 61616),
    "nginx": KnownImage(K.PROXY, "nginx", 80),
    "nginx-unprivileged": KnownImage(K.PROXY, "nginx", 8080),
    "traefik": KnownImage(K.PROXY, "traefik", 80),
    "caddy": KnownImage(K.PROXY, "caddy", 80),
    "haproxy": KnownImage(K.PROXY, "haproxy"),
    "envoy": KnownImage(K.PROXY, "envoy"),
    "httpd": KnownImage(K.PROXY, "httpd", 80),
    "kong": KnownImage(K.PROXY, "kong", 8000),
    "nginx-proxy": KnownImage(K.PROXY, "nginx", 80),
    "nginx-proxy-manager": KnownImage(K.PROXY, "nginx", 80),
    "oauth2-proxy": KnownImage(K.PROXY, "oauth2-proxy", 4180),
    "cloudflared": KnownImage(K.PROXY, "cloudflared"),
    "acme-companion": KnownImage(K.PROXY, "acme-companion"),
    "certbot": KnownImage(K.PROXY, "certbot"),
    "pgbouncer": KnownImage(K.PROXY, "pgbouncer", 6432),
    "prometheus": KnownImage(K.MONITORING, "prometheus", 9090),
    "alertmanager": KnownImage(K.MONITORING, "alertmanager", 9093),
    "grafana": KnownImage(K.MONITORING, "grafana", 3000),
    "grafana-oss": KnownImage(K.MONITORING, "grafana", 3000),
    "grafana-enterprise": KnownImage(K.MONITORING, "grafana", 3000),
    "loki": KnownImage(K.MONITORING, "loki", 3100),
    "promtail": KnownImage(K.MONITORING, "promtail", 9080),
    "alloy": KnownImage(K.MONITORING, "alloy", 12345),
    "tempo": KnownImage(K.MONITORING, "tempo", 3200),
    "mimir": KnownImage(K.MONITORING, "mimir", 8080),
    "victoria-metrics": KnownImage(K.MONITORING, "victoria-metrics", 8428),
    "vmagent": KnownImage(K.MONITORING, "vmagent", 8429),
    "vmalert": KnownImage(K.MONITORING, "vmalert", 8880),
    "pyroscope": KnownImage(K.MONITORING, "pyroscope", 4040),
    "jaeger": KnownImage(K.MONITORING, "jaeger", 16686),
    "all-in-one": KnownImage(K.MONITORING, "jaeger", 16686),
    "zipkin": KnownImage(K.MONITORING, "zipkin", 9411),
    "opentelemetry-collector": KnownImage(K.MONITORING, "opentelemetry-collector"),
    "opentelemetry-collector-contrib": KnownImage(K.MONITORING, "opentelemetry-collector"),
    "kibana": KnownImage(K.MONITORING, "kibana", 5601),
    "logstash": KnownImage(K.MONITORING, "logstash"),
    "filebeat": KnownImage(K.MONITORING, "filebeat"),
    "fluentd": KnownImage(K.MONITORING, "fluentd"),
    "fluent-bit": KnownImage(K.MONITORING, "fluent-bit"),
    "flower": KnownImage(K.MONITORING, "flower", 5555),
    "uptime-kuma": KnownImage(K.MONITORING, "uptime-kuma", 3001),
    "cadvisor": KnownImage(K.EXPORTER, "cadvisor", 8080),
    "pushgateway": KnownImage(K.EXPORTER, "pushgateway", 9091),
    "statsd-exporter": KnownImage(K.EXPORTER, "statsd-exporter", 9102),
    "adminer": KnownImage(K.OTHER, "adminer", 8080),
    "pgadmin4": KnownImage(K.OTHER, "pgadmin", 80),
    "phpmyadmin": KnownImage(K.OTHER, "phpmyadmin", 80),
    "mongo-express": KnownImage(K.OTHER, "mongo-express", 8081),
    "redis-commander": KnownImage(K.OTHER, "redis-commander", 8081),
    "redisinsight": KnownImage(K.OTHER, "redisinsight", 5540),
    "mailhog": KnownImage(K.OTHER, "mailhog", 8025),
    "mailpit": KnownImage(K.OTHER, "mailpit", 8025),
    "mailcatcher": KnownImage(K.OTHER, "mailcatcher", 1080),
    "localstack": KnownImage(K.OTHER, "localstack", 4566),
    "portainer-ce": KnownImage(K.OTHER, "portainer", 9000),
    "dozzle": KnownImage(K.OTHER, "dozzle", 8080),
    "watchtower": KnownImage(K.OTHER, "watchtower"),
    "keycloak": KnownImage(K.OTHER, "keycloak", 8080),
    "mc": KnownImage(K.JOB, "mc"),
    "busybox": KnownImage(K.OTHER, "busybox"),
    "postgres-backup-local": KnownImage(K.JOB, "postgres-backup"),
    "postgres-backup-s3": KnownImage(K.JOB, "postgres-backup"),
    "mysql-backup": KnownImage(K.JOB, "mysql-backup"),
    "docker-volume-backup": KnownImage(K.JOB, "volume-backup"),
    "offen": KnownImage(K.JOB, "volume-backup"),
    "volumerize": KnownImage(K.JOB, "volume-backup"),
    "restic": KnownImage(K.JOB, "restic"),
    "borgmatic": KnownImage(K.JOB, "borgmatic"),
    "flyway": KnownImage(K.JOB, "flyway"),
    "liquibase": KnownImage(K.JOB, "liquibase"),
    "migrate": KnownImage(K.JOB, "migrate"),
    "curl": KnownImage(K.JOB, "curl"),
    "k6": KnownImage(K.JOB, "k6"),
}
_EXPORTER = re.compile(r".*[-_]exporter")


def repository(image: str) -> str:
    """Return an image's name without registry, tag and digest: `ghcr.io/acme/api:1@sha256:…` is `acme/api`."""
    name = image.partition("@")[0]
    head, slash, last = name.rpartition("/")
    name = head + slash + last.partition(":")[0]
    first, slash, rest = name.partition("/")
    return rest if slash and ("." in first or ":" in first or first == "localhost") else name


def basename(image: str) -> str:
    """Return the last part of an image's name: `ghcr.io/acme/api:1` is `api`."""
    return repository(image).rpartition("/")[2]


def known(image: str) -> KnownImage | None:
    """Return what is known of an image, None where nothing is."""
    name = basename(image).lower()
    if name == "server" and "mssql" in image:
        name = "mssql"
    if found := _EXACT.get(name):
        return found
    if _EXPORTER.fullmatch(name):
        return KnownImage(K.EXPORTER, name)
    return None
