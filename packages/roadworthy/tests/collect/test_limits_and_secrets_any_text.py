"""Whatever a file of code or of tests holds, reading it for limits, names, secrets and queries ends in statements."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.engine.catalogue import collectors
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.problem import SyntaxProblem

PATHS = {
    "compression": "nginx/nginx.conf",
    "javascript/logged-secrets": "src/a.ts",
    "javascript/nest-guards": "src/a.controller.ts",
    "javascript/placed-limits": "src/a.ts",
    "javascript/queries": "src/a.ts",
    "javascript/unbound-names": "src/a.ts",
    "python/django-guards": "shop/views.py",
    "python/exception-handlers": "app/a.py",
    "python/gunicorn": "gunicorn.conf.py",
    "python/logged-secrets": "app/a.py",
    "python/placed-limits": "app/a.py",
    "python/queries": "app/a.py",
    "python/unbound-names": "app/a.py",
    "test-settings": "tests/conftest.py",
}
WORDS = st.sampled_from(
    [
        "import express from 'express';\nimport { rateLimit } from 'express-rate-limit';\n",
        "const limiter = rateLimit({ limit: 5, skip: (r) => r.path === '/health' });\n",
        "app.use('/a', limiter, router);\n",
        "app.get('/health', async (req, res) => { await db.ping(); });\n",
        "@Controller('a') @UseGuards(G) class A { @Get() @SkipThrottle() b() {} }\n",
        "providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }]\n",
        "logger.info({ password, key: config.API_KEY }, process.env);\n",
        "for (const x of xs) { await prisma.a.findUnique({ where: { id: x } }); }\n",
        "limiter = Limiter(default_limits=['1/m'])\n",
        "@app.middleware('http')\nasync def limit(request, call_next):\n    return 429\n",
        "@limiter.exempt\n@app.get('/health')\ndef health(request):\n    for x in y:\n        session.execute(select(x))\n",
        "class RateLimitMiddleware:\n    def __call__(self, request):\n        return request.path\n",
        "logger.info(f'{token} {settings.api_token.get_secret_value()}', extra={'password': password})\n",
        "bind = ['0.0.0.0:1']\nworkers = 3\n",
        "match a:\n    case {'b': [c, *d], **e}:\n        print(c, unknown)\n",
        "Settings(a=1)\nload_dotenv()\n",
        "gzip on;\n",
        "    ",
        "(",
        "}",
        "'",
    ]
)


@pytest.mark.parametrize("name", sorted(PATHS))
@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=8).map("".join)))
def test_any_text_gives_statements_within_the_file(name: str, text: str) -> None:
    collector = next(collector for collector in collectors() if collector.name == name)
    role = FileRole.TEST if name == "test-settings" else FileRole.PROD
    file = SourceFile(PATHS[name], text, role)
    lines = text.count("\n") + 1 + text.count("\r") + text.count("\x0c")

    try:
        found = list(collector.collect(file)) if collector.wants(file.path) and collector.recognises(file) else []
    except SyntaxProblem as problem:
        assert problem.line >= 1
        return

    for statement in found:
        assert 1 <= statement.at.line <= lines, statement
        assert not isinstance(statement, Symbol) or statement.at.column >= 1
