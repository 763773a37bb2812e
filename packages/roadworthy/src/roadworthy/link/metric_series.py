"""The series of a metric family, by its type."""


def series(family: str, type: str) -> tuple[str, ...]:  # noqa: A002 - Prometheus' own word
    """Return the names under which a family of this type is stored."""
    match type:
        case "histogram":
            return (f"{family}_bucket", f"{family}_sum", f"{family}_count", f"{family}_created")
        case "summary":
            return (family, f"{family}_sum", f"{family}_count", f"{family}_created")
        case "counter":
            stem = family.removesuffix("_total")
            return (f"{stem}_total", f"{stem}_created")
    return (family,)


def labels_of(series_name: str, type: str, labels: tuple[str, ...] | None) -> tuple[str, ...] | None:  # noqa: A002
    """Return the labels of one series: those of its family, and the one its type adds."""
    if labels is None:
        return None
    if type == "histogram" and series_name.endswith("_bucket"):
        return (*labels, "le")
    if type == "summary" and not series_name.endswith(("_sum", "_count", "_created")):
        return (*labels, "quantile")
    return labels
