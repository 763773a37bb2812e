"""What is said about Grafana: its dashboards, how it finds them, and the data sources they ask."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A dashboard (Kind.DASHBOARD, defines, named by its title). `resource` and `key` tell the entry of a ConfigMap it
    is, "" for a file; `labels` are those of the ConfigMap."""

    uid: str
    panels: int
    resource: str = ""
    key: str = ""
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DashboardProvider:
    """A provider of dashboards (Kind.DASHBOARD, refers, named by the folder of Grafana's container it reads)."""

    resource: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class DatasourceGiven:
    """A data source provisioning gives (Kind.DASHBOARD, defines, named by its name). `uid` is "" where Grafana makes one
    up; `url` is the address Grafana asks."""

    type: str
    uid: str
    url: str = ""
    default: bool = False
    resource: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class DatasourceUse:
    """A dashboard or a rule of Grafana asks a data source (Kind.DASHBOARD, refers, named by its uid or name)."""

    user: str
    type: str = ""
