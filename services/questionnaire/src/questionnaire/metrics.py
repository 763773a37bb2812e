"""The metrics of the service, beside those of the runtime."""

from roadworthy_runtime import Counter, Gauge

sessions_created = Counter("questionnaire_sessions_created_total", "Sessions created.", ("mode",))
answers_saved = Counter("questionnaire_answers_saved_total", "Answers stored, corrections included.", ("source",))
answers_corrected = Counter("questionnaire_answers_corrected_total", "Answers that replaced an earlier one.")
subjects_erased = Counter("questionnaire_subjects_erased_total", "Subjects erased on request.")
transactions_severed = Counter(
    "questionnaire_transactions_severed_total", "Transactions ended because the database did not answer in time."
)
last_backup = Gauge(
    "questionnaire_backup_last_success_timestamp_seconds", "When the last verified backup ended; 0 when there is none."
)
last_restore_test = Gauge(
    "questionnaire_restore_test_last_success_timestamp_seconds",
    "When a backup was last restored and compared; 0 when never.",
)
