"""What is said about running things: how compose, Kubernetes and a Procfile declare them, and what they need."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Resources:
    """What a container asks for and may use, as written; "" where nothing is said."""

    cpu_request: str = ""
    cpu_limit: str = ""
    memory_request: str = ""
    memory_limit: str = ""


@dataclass(frozen=True, slots=True)
class Workload:
    """A running thing as one artifact declares it (Kind.SERVICE, defines).

    `artifact` is "compose", "kubernetes" or "procfile"; `form` is "service", the Kubernetes kind in lower case, "process",
    or "sidecar" and "init" for further containers of a pod, whose `pod` is then the name of the workload they belong to.
    `image` is "" when unknown; `context` is the folder it is built from (None when it is not built here), `dockerfile`
    relative to the repository, `target` the stage. `labels` are those of its pods, `selector` those it selects.
    `one_shot` marks what is meant to end. `schedule` is that of a CronJob. `deployed` tells that a plain deployment
    starts it (no compose profile, not suspended). `network` is "host" or another service where it has no network of its own.
    """

    artifact: str
    form: str
    image: str = ""
    context: str | None = None
    dockerfile: str = ""
    target: str = ""
    pod: str = ""
    namespace: str = ""
    replicas: int | None = None
    labels: tuple[tuple[str, str], ...] = ()
    selector: tuple[tuple[str, str], ...] = ()
    resources: Resources = Resources()
    grace_seconds: int | None = None
    stop_delay_seconds: int | None = None
    restart: str = ""
    profiles: tuple[str, ...] = ()
    one_shot: bool = False
    schedule: str = ""
    deployed: bool = True
    network: str = ""


@dataclass(frozen=True, slots=True)
class DependsOn:
    """One compose service waits for another (Kind.SERVICE, refers). `condition` is as compose names it."""

    condition: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class HostName:
    """A name under which a component answers on the network (Kind.HOST, defines, for all components).

    `component` is the one that answers ("" for several or none known), `by` is "compose service", "alias",
    "container_name", "hostname", "external", "Service"; `namespace` and `selector` are those of a Kubernetes Service.
    """

    component: str
    by: str
    namespace: str = ""
    selector: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class WorkloadChosen:
    """Something else chooses pods or a workload (Kind.SERVICE, refers).

    `by` is "Service", "PodDisruptionBudget", "HorizontalPodAutoscaler"; `labels` are those it selects by (empty when by
    name), `minimum` is the smallest number of replicas an autoscaler keeps or a budget leaves, `maximum` the largest.

    `target` is the kind of what an autoscaler scales and `measures` the resources by whose share it does; `unavailable`
    is a budget's `maxUnavailable` as written, `share` its `minAvailable` where that is a percentage.
    """

    by: str
    namespace: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    target: str = ""
    unavailable: str = ""
    share: str = ""
    measures: tuple[str, ...] = ()
