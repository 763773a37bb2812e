"""What is said about Prometheus itself: its configuration, how it finds rules, and what it scrapes."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A file of rules (Kind.RULE_FILE, defines, named by its path).

    `form` is "file", "PrometheusRule" or "ConfigMap", whose `resource` and `key` are given; `alerts` and `records` count.
    """

    form: str
    alerts: int
    records: int
    resource: str = ""
    key: str = ""
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RuleFileLoad:
    """A `rule_files` entry (Kind.RULE_FILE, refers): the pattern as written, inside the container or beside the
    configuration. `resource` and `key` are those of the ConfigMap that holds the configuration, "" for a file.

    A Prometheus resource of the operator names no files: `selects` are the labels of the PrometheusRules it loads.
    """

    pattern: str
    resource: str = ""
    key: str = ""
    selects: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class PrometheusConfiguration:
    """A configuration of Prometheus (Kind.CONSTRUCT, defines, named "prometheus").

    `loads` tells that it names rule files, `alerts_to` whom it sends alerts to (None where this is not written here),
    `labels` the labels its targets get besides job and instance, None where discovery or relabelling decides.
    """

    loads: bool
    alerts_to: tuple[str, ...] | None
    labels: tuple[str, ...] | None
    jobs_known: bool
    resource: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class ScrapeTarget:
    """A scrape job's target (Kind.JOB, defines, named by the job). `port` is None where the address names none.

    `form` is "static", "dns", "discovery" (whose targets are not written here), "ServiceMonitor", "PodMonitor" or
    "annotation". A monitor chooses by the labels `selects` (None where it does so in another way). `interval_seconds` is the time between two scrapes, None where it cannot be read.
    `beside` tells where the Prometheus runs that has this job ("compose", "kubernetes", "" where that is not known).
    `port_name` is how a monitor calls the port it asks, "" where it gives no name.
    """

    job: str
    host: str
    port: int | None
    path: str
    scheme: str = "http"
    path_at: Span | None = None
    form: str = "static"
    selects: tuple[tuple[str, str], ...] | None = None
    interval_seconds: float | None = None
    interval_at: Span | None = None
    beside: str = ""
    port_name: str = ""
    port_at: Span | None = None


@dataclass(frozen=True, slots=True)
class FileMounted:
    """A configuration or rule file as a container sees it (Kind.FILE, defines, named by its path in the container;
    derived). `path`, `resource` and `key` tell which file of the repository or entry of a ConfigMap it is."""

    path: str
    resource: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class ServiceLabelled:
    """The labels of a Kubernetes Service, by which monitors choose it (Kind.JOB, refers, named by the Service)."""

    labels: tuple[tuple[str, str], ...]
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class ScrapeReach:
    """A scrape job reaches a component (Kind.JOB, refers, named by the job; derived). `form` is that of its target,
    `host` the address it asks, "" where it finds each instance for itself; `through` is how that name is known."""

    form: str
    host: str = ""
    through: str = ""
    interval_seconds: float | None = None
    interval_at: Span | None = None
