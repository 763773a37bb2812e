"""Rules of security that compare several modules, or what code says with what the deployment says."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

APP = """import express from "express";
import { authenticate } from "./guard.js";
import { limit } from "./limit.js";
import { orders } from "./routes/orders.js";
import { parts } from "./routes/parts.js";
import { sessions } from "./routes/sessions.js";
const app = express();
app.use(limit);
app.use("/api/login", sessions);
app.use("/api/orders", authenticate, orders);
app.use("/api/parts", authenticate, parts);
app.listen(3000);
"""
ROUTER = """import { Router } from "express";
export const NAME = Router();
NAME.get("/:id", (req, res) => { res.json({}); });
NAME.delete("/:id", (req, res) => { res.status(204).end(); });
"""
SESSIONS = """import { Router } from "express";
export const sessions = Router();
sessions.post("/", (req, res) => { res.status(201).end(); });
"""
LIMIT = 'import { rateLimit } from "express-rate-limit";\nexport const limit = rateLimit({ windowMs: 60000 });\n'


def service(app: str = APP) -> dict[str, str]:
    """Return an Express service with two routers and a limiter."""
    return {
        "package.json": '{"name": "shop", "dependencies": {"express": "5.0.0", "express-rate-limit": "7.0.0"}}',
        "Dockerfile": 'FROM node:22\nCOPY . .\nCMD ["node", "src/app.js"]\n',
        "src/app.js": app,
        "src/limit.js": LIMIT,
        "src/routes/orders.js": ROUTER.replace("NAME", "orders"),
        "src/routes/parts.js": ROUTER.replace("NAME", "parts"),
        "src/routes/sessions.js": SESSIONS,
    }


def test_router_that_is_mounted_without_the_guard_of_its_siblings_is_found() -> None:
    bare = service(APP.replace('"/api/parts", authenticate, parts', '"/api/parts", parts'))
    result = inspected(bare, "security/unauthenticated-route")

    assert [str(finding.at).partition(":")[0] for finding in result.findings] == ["src/routes/parts.js"]
    assert inspected(service(), "security/unauthenticated-route").findings == ()


def test_guard_that_stands_before_all_guards_all() -> None:
    before = APP.replace("authenticate, ", "").replace("app.use(limit);", "app.use(limit);\napp.use(authenticate);")

    assert inspected(service(before), "security/unauthenticated-route").findings == ()


def test_limiter_that_nothing_uses_bounds_nothing() -> None:
    unused = service(APP.replace("app.use(limit);\n", ""))
    result = inspected(unused, "security/missing-rate-limit")

    assert "src/limit.js" in [side.at.path for side in result.findings[0].related]
    assert inspected(service(), "security/missing-rate-limit").findings == ()


@pytest.mark.parametrize(
    ("code", "rule", "failed"),
    [
        ("if (client.secretHash !== clientSecret) { x(); }", "security/weak-password-storage", True),
        ("if (user.passwordHash === hash(password)) { x(); }", "security/weak-password-storage", False),
        (
            'const digest = (id) => createHash("md5").update(id).digest("hex");',
            "security/weak-hash",
            True,
        ),
        ('const etag = createHash("md5").update(body).digest("hex");', "security/weak-hash", False),
        ('jwt.sign({}, secret, { audience: "a" });', "security/unexpiring-token", True),
        ("jwt.sign({ id, expiresAt }, secret);", "security/unexpiring-token", False),
    ],
)
def test_constructs_of_javascript(code: str, rule: str, failed: bool) -> None:
    text = f'import {{ createHash }} from "node:crypto";\nimport jwt from "jsonwebtoken";\n// password\n{code}\n'

    assert (inspected({"src/a.js": text}, rule).outcome is Outcome.FAILED) == failed


@pytest.mark.parametrize(
    ("code", "rule", "failed"),
    [
        (
            "def subject_digest(customer_id):\n    return hashlib.md5(customer_id.bytes).hexdigest()",
            "security/weak-hash",
            True,
        ),
        (
            "def cache_digest(customer_id):\n    return hashlib.md5(customer_id.bytes).hexdigest()",
            "security/weak-hash",
            False,
        ),
        (
            "def check(user, password):\n    return user.password_hash == password",
            "security/weak-password-storage",
            True,
        ),
        (
            "def check(credentials, expected):\n    return credentials.credentials.encode() != expected",
            "security/unsafe-comparison",
            True,
        ),
    ],
)
def test_constructs_of_python(code: str, rule: str, failed: bool) -> None:
    assert (inspected({"app/a.py": f"import hashlib\n\n{code}\n"}, rule).outcome is Outcome.FAILED) == failed
