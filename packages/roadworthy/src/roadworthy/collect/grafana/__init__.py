"""Grafana: dashboards, and the files that provision dashboards, data sources and alerts."""
