FROM postgres:16.9-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends awscli ca-certificates curl openssl \
    && rm -rf /var/lib/apt/lists/*
COPY scripts/backup.sh scripts/restore.sh scripts/rehearse-restore.sh /opt/backup/
USER postgres
ENTRYPOINT []
CMD ["/opt/backup/backup.sh"]
