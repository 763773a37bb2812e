# docker build --file backup.Dockerfile --tag questionnaire-backup:local .

FROM postgres:16.9-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends openssl \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/questionnaire
COPY scripts/backup.sh scripts/restore.sh scripts/verify-restore.sh scripts/database.sh ./scripts/
USER 999:999
ENTRYPOINT []
CMD ["/opt/questionnaire/scripts/backup.sh"]
