"""Appointments of the Harbour Clinic."""
