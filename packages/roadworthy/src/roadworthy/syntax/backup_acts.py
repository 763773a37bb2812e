"""What one command of a script does about backups: dumps, checks, encrypts, sends away, deletes, tells, restores."""

import re
from dataclasses import dataclass

from roadworthy.syntax.backup_tools import backups_of
from roadworthy.syntax.command_line import base

MAXIMUM_TEXT = 2_000
_GATES = frozenset(
    """
    docker docker-compose podman nerdctl kubectl oc ssh sudo sh bash ash dash env nice ionice timeout gosu su su-exec
    exec flock xargs time runuser setpriv python python3 heroku flyctl fly railway chroot nsenter eval if
    """.split()
)
_NOT_RUNNING = frozenset(
    {"shellcheck", "chmod", "ls", "git", "shfmt", "install", "apt-get", "apk", "pip", "source", ".", ":"}
)
_SAYING = frozenset({"echo", "printf", "log", "logger", "info", "warn", "error", "die", "fail", "cat", "print", "grep"})
_VERIFY = re.compile(
    r"pg_restore\b.*(?:\s--list\b|\s-l\b)|\b(?:gzip|gunzip|zstd|unzstd|xz|bzip2|lz4|pigz)\b.*\s(?:-\w*t\w*|--test)\b|"
    r"\bunzip\s+-\w*t|\btar\b\s+-?\w*t\w*f|\btar\b.*--list\b|"
    r"\b(?:sha\d+sum|shasum|md5sum|b2sum)\b.*\s(?:-c|--check|-\w+c)\b|\brestic\b.*\bcheck\b|\bborg(?:matic)?\b.*\bcheck\b|"
    r"\bpg_verifybackup\b|\bpgbackrest\b.*\b(?:verify|check)\b|\bkopia\b.*\bverify\b|\bhead-object\b|--dryRun\b|"
    r"\bintegrity_check\b|\bopenssl\b.*\bdgst\b.*-verify|\bgpg\b.*--verify\b|\brclone\s+check\b|^(?:diff|cmp)\s|"
    r"\bwc\s+-[cl]|\bstat\b.*(?:%s|%z|--printf|-c)|dump complete|\bdu\s+-\w*b|"
    r"(?:^|/|\s)[\w.-]*(?:verify|check|validate)[\w-]*(?:\.sh)?(?:\s|$)"
)
_ENCRYPT = re.compile(
    r"\bgpg2?\b.*(?:\s-\w*[ec]\w*\b|--encrypt\b|--symmetric\b|\s-r\s|--recipient\b)|"
    r"(?<![\w-])r?age\b\s+(?!.*(?:\s-d\b|--decrypt\b)).*-|\bopenssl\b\s+(?:enc|smime|cms|aes\S*)\b(?!.*\s-d(?:ecrypt)?\b)|"
    r"\b(?:restic|borg|borgmatic|kopia|duplicity)\b|"
    r"--sse\b|--server-side-encryption|--enc-(?:s3|kms|c)\b|--encrypt-key|\bs3cmd\b.*(?:\s-e\b|--encrypt)|--kms|"
    r"encryption_key|--encryption-scope|\b7z\w?\b.*\s-p|\bzip\b.*\s(?:-e|-P|--encrypt)|\bccrypt\b|\bsops\b.*(?:-e|--encrypt)|"
    r"--cipher|crypt:"
)
_DECRYPT = re.compile(
    r"\bgpg2?\b.*(?:\s-\w*d\w*\b|--decrypt\b)|(?<![\w-])r?age\b.*(?:\s-d\b|--decrypt\b)|"
    r"\bopenssl\b\s+(?:enc|smime|cms|aes\S*)\b.*\s-d(?:ecrypt)?\b"
)
_UPLOAD = re.compile(
    r"\baws\b.*\bs3\b\s+(?:cp|mv|sync)\b|\baws\b.*\bs3api\s+put-object\b|\bs3cmd\b.*\s(?:put|sync)\s|"
    r"\brclone\b.*\s(?:copy|copyto|sync|move|moveto|rcat)\b|\bgsutil\b.*\s(?:cp|rsync|mv)\b|"
    r"\bgcloud\s+storage\s+(?:cp|rsync|mv)\b|\baz\s+storage\s+(?:blob|file)\s+upload\w*|\bazcopy\s+(?:copy|sync)|"
    r"(?<![\w-])mc\b.*\s(?:cp|mirror|pipe|mv|put)\b|(?<![\w-])scp\b|(?<![\w-])sftp\b|\brsync\b.*\S+:\S*|"
    r"\bs5cmd\b.*\s(?:cp|pipe|sync)\b|\bb2\b.*\bupload|\bswift\s+upload|\blftp\b|\bcurl\b.*(?:\s-T\b|--upload-file)|"
    r"\b(?:restic|borg|kopia|duplicity)\b.*\b(?:backup|create)\b|\bduplicity\b|\bdoctl\b.*\bupload|(?<![\w-])ssh\b.*\bcat\s*>"
)
_DOWNLOAD = re.compile(
    r"\b(?:s3|gsutil|storage)\s+(?:cp|mv|sync|rsync)\s+(?:-\S+\s+(?:\S+\s+)?)*[\"']?(?:s3|gs)://\S+\s+[^\s:]*(?:\s|$)|"
    r"(?<![\w-])scp\s+(?:-\S+\s+)*\S+:\S+\s+[^\s:]+$|\baz\s+storage\s+blob\s+download"
)
_DELETE = re.compile(
    r"\bfind\b.*(?:-delete\b|-exec\s+(?:\S*/)?rm\b)|\baws\b.*\bs3\b\s+rm\b|\brestic\b.*\bforget\b|\bborg\b.*\bprune\b|"
    r"(?<![\w-])mc\b.*\s(?:rm|find .*--exec .*rm)\b|\brclone\b.*\s(?:delete|purge)\b|\bgsutil\b.*\srm\b|"
    r"\bxargs\b.*\brm\b|\btmpwatch\b|\btmpreaper\b|\bs3cmd\b.*\sdel\b|\baz\s+storage\s+blob\s+delete|\bkopia\b.*\bexpire\b"
)
_REMOVED = re.compile(r"\*|\bold|(?<![A-Z])OLD(?![A-Z])|\$\{?(?:f|file|dump|backup)\b")
_SCRATCH = re.compile(r"/?tmp|temp|work|TMP|WORK|scratch|SCRATCH|\.lock|lock|partial")
_NOTIFY = re.compile(
    r"hc-ping|healthchecks\.io|cronitor|deadmanssnitch|nosnch|uptime|heartbeat|snitch|betterstack|betteruptime|pushgateway|"
    r"/metrics/job/|PUSHGATEWAY|HEALTHCHECK|HEARTBEAT|PING_URL|\bPING\b|MONITOR_URL|WEBHOOK|hooks\.slack|SLACK|/ping|"
    r"\bsendmail\b|\bmailx?\s+-s|\bntfy\b|\bsentry-cli\b|\.prom\b|INSERT\s+INTO\s+\w*backup|put-metric-data|backup_run",
    re.IGNORECASE,
)
_RESTORE = re.compile(
    r"\bpg_restore\b(?!.*(?:--list\b|\s-l\b|--version))|\bmongorestore\b|\brestic\b.*\brestore\b|\bborg\b.*\bextract\b|"
    r"\bpgbackrest\b.*\brestore\b|\bwal-[ge]\b.*\bbackup-fetch\b|\bkopia\b.*\brestore\b|\bduplicity\b.*\brestore\b|"
    r"\bredis-cli\b.*\s--pipe\b|\bvelero\b.*\brestore\b|\blitestream\b.*\brestore\b|\bsqlite3\b.*\.restore\b|"
    r"(?:^|/|\s)[\w-]*restore[\w-]*\.(?:sh|py|ts|js)\b"
)
_LOADER = re.compile(r"(?<![\w-])(?:psql|mysql|mariadb)\b(?!.*\s(?:-c|--command|-e|--execute)\b)")
_DROP = re.compile(
    r"(?<![\w-])dropdb\b|\bDROP\s+(?:DATABASE|SCHEMA)\b|\bmysqladmin\b.*\bdrop\b|\bFLUSHALL\b|\bdropDatabase\b|"
    r"\brm\s+(?:-\S+\s+)*-?\S*[rR]\S*\s.*(?:/var/lib/(?:postgresql|mysql|mongodb|redis)|PGDATA|pgdata|/data/db)|"
    r"\bpg_restore\b.*\s(?:--clean|-\w*c\w*)(?=\s|$)|--drop\b|"
    r"\bdocker\s+volume\s+(?:rm|prune)\b|\bcompose\b.*\sdown\b.*\s(?:-v|--volumes)\b|"
    r"\bkubectl\b.*\bdelete\b.*\b(?:pvc|persistentvolumeclaims?|statefulset|sts|namespace|ns)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a command does."""

    act: str
    tool: str
    product: str = ""
    remote: bool = False


def acts_of(words: tuple[str, ...], *, files: bool = False, reads_file: bool = False) -> list[Act]:
    """Return what a command does about backups. `files` tells that copying files counts as a backup here, `reads_file` that
    it is fed from a file or a pipe."""
    program = base(words[0])
    text = " ".join(words)[:MAXIMUM_TEXT]
    if program in _NOT_RUNNING:
        return []
    if program in _SAYING:
        return [Act("notify", program)] if _NOTIFY.search(text) and program == "logger" else []
    found: list[Act] = []
    for tool, product in backups_of(text):
        if not _starts(program, tool):
            continue
        if product != "files":
            found.append(Act("dump", tool, product))
        elif files:
            found.append(Act("dump", tool))
    if _VERIFY.search(text):
        found.append(Act("verify", program))
    if _DECRYPT.search(text):
        found.append(Act("decrypt", program))
    elif _ENCRYPT.search(text):
        found.append(Act("encrypt", program))
    if _UPLOAD.search(text) and not _DOWNLOAD.search(text):
        found.append(Act("upload", program, remote=True))
    if _DELETE.search(text) or (program == "rm" and _REMOVED.search(text) and not _SCRATCH.search(text)):
        found.append(Act("delete", program))
    if _NOTIFY.search(text) and program not in ("source", ".", "export"):
        found.append(Act("notify", program))
    if _RESTORE.search(text) or (reads_file and _LOADER.search(text)):
        found.append(Act("restore", program))
    if _DROP.search(text):
        found.append(Act("drop", program))
    if program in ("mv", "cp", "tee"):
        found.append(Act("write", program))
    return found


def _starts(program: str, tool: str) -> bool:
    """Tell whether a command whose first word is `program` can run `tool`, and does not merely name it."""
    return (
        program in _GATES
        or program in tool
        or program.partition(".")[0]
        in (
            "pg_dumpall",
            "wal-g",
            "wal-e",
            "pgbackrest",
            "mariadb-dump",
            "mysqlpump",
            "mydumper",
            "xtrabackup",
            "mariabackup",
            "valkey-cli",
            "influxd",
            "borgmatic",
            "aws",
            "manage",
        )
    )


def dumps_of(words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the tools and products of the backups a command line makes, "files" for what merely copies files."""
    if not words or not words[0].split():
        return []
    program, text = base(words[0].split()[0]), " ".join(words)
    if program in _SAYING or program in _NOT_RUNNING:
        return []
    return [(tool, product) for tool, product in backups_of(text) if " " in words[0] or _starts(program, tool)]
