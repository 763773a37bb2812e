"""Whatever a proxy's configuration, a limit, a pool or a query looks like, reading it ends in statements or one problem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.engine.catalogue import collectors
from roadworthy.model.source import SourceFile
from roadworthy.model.words import FileRole
from roadworthy.syntax.problem import SyntaxProblem

NGINX = [
    "server {", "}", "location ~ ^/a(b|c)$ {", "listen 443 ssl;", "proxy_pass http://a:80/;", "set $a b;", "upstream a {",
    "proxy_pass $a$request_uri;", "server_name é;", "'", '"', "\\", "# x\n", "content_by_lua_block {", "}}", "ssl_ciphers A:B;",
    "client_max_body_size 1z;", "proxy_read_timeout 99999999999999s;", "http {", "include *;", "${", ";", "proxy_pass ;",
]  # fmt: skip
CADDY = [
    "a.com {",
    "reverse_proxy b:80",
    "}",
    "request_body {",
    "max_size 9MB",
    "{$X}",
    "handle_path /é/* {",
    "to",
    "`",
    '"',
]
PYTHON = [
    "from slowapi import Limiter", "Limiter(key_func=f, **k)", "Limiter()", "MAX_UPLOAD_BYTES = 1 << 99", "MAX_BODY_MB = int(x)",
    "@router.post('/é')", "def f(a: UploadFile, *b: str):", "    a.read()", "    x.execute(f\"SELECT '{a}'\")", "    token == API_TOKEN",
    "create_engine(pool_size=-1)", "jwt.encode(x)", "jwt.encode({}, exp=1)", "hashlib.md5()", "class A(BaseSettings):",
    "    db_pool_size: int = Field()", "op.create_index()", "op.create_table('a', sa.Column())", "select(A).where(A.b == 1)",
    "MIDDLEWARE = [*x]", "REST_FRAMEWORK = {'DEFAULT_THROTTLE_CLASSES': []}", "@retry", "cache.set(redis)", "'''", "DEBUG = env(",
]  # fmt: skip
SCRIPT = [
    "import rateLimit from 'express-rate-limit'", "rateLimit()", "rateLimit({...x})", "const p = new Pool({ max: 1e9 })", "multer()",
    "app.set('trust proxy')", "router.post('/a', x, (req) => {", "})", "jwt.sign()", "req.headers['x-user-id'] === process.env.A",
    "pool.query(`SELECT ${req.query.a}`)", "`", "${", "res.status(500).json({e: err.message})", "helmet()", "é", "/*",
]  # fmt: skip
SQL = [
    "CREATE TABLE a (",
    "b int PRIMARY KEY,",
    ");",
    "CREATE INDEX ON",
    "CREATE UNIQUE INDEX x ON a (b)",
    "UNIQUE (c)",
    "'",
    "é",
]
READ = {
    "nginx": ("nginx/a.conf", NGINX),
    "caddyfile": ("Caddyfile", CADDY),
    "sql-indexes": ("a.sql", SQL),
    **{
        f"python/{name}": ("app/a.py", PYTHON)
        for name in (
            "limits",
            "uploads",
            "pools",
            "security",
            "guards",
            "headers",
            "indexes",
            "cache-uses",
            "requests-taken",
            "retries",
            "switched-off",
        )
    },
    **{f"javascript/{name}": ("src/a.ts", SCRIPT) for name in ("limits", "pools", "guards", "security")},
}


@pytest.mark.parametrize("name", sorted(READ))
@given(data=st.data())
def test_any_text_is_read_within_its_bounds(name: str, data: st.DataObject) -> None:
    path, lines = READ[name]
    text = data.draw(st.lists(st.sampled_from(lines) | st.text(max_size=10), max_size=12).map("\n".join))
    collector = next(collector for collector in collectors() if collector.name == name)
    file = SourceFile(path, text, FileRole.PROD)

    try:
        statements = list(collector.collect(file)) if collector.recognises(file) else []
    except SyntaxProblem as problem:
        assert problem.line >= 1
        assert problem.column >= 1
        return

    for statement in statements:
        assert statement.at.path == path
        assert (
            1
            <= statement.at.line
            <= statement.at.end_line
            <= text.count("\n") + text.count("\r") + text.count("\f") + 2
        )
