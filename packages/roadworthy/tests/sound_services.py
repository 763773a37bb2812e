"""Three small sound services behind a proxy, in which tests plant one defect each."""

FASTAPI = {
    "app/main.py": """import hmac
import os

from fastapi import Depends, FastAPI, HTTPException, UploadFile
from slowapi import Limiter
from slowapi.util import get_remote_address
from app.auth import current_user
from app.settings import settings
from app.routers import orders

app = FastAPI()
limiter = Limiter(key_func=get_remote_address, storage_uri="redis://redis:6379/1")
app.include_router(orders.router, prefix="/api")

MAX_UPLOAD_BYTES = 5 * 1024 * 1024


@app.post("/api/login")
@limiter.limit("5/minute")
def login(request, name: str, password: str) -> dict[str, str]:
    return {"token": name}


@app.post("/api/photos")
async def photo(photo: UploadFile, user=Depends(current_user)) -> dict[str, int]:
    content = await photo.read(MAX_UPLOAD_BYTES + 1)
    if len(content) > MAX_UPLOAD_BYTES:
        raise HTTPException(413, "too large")
    return {"size": len(content)}
""",
    "app/__init__.py": "",
    "app/routers/__init__.py": "",
    "app/settings.py": """from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str
    db_pool_size: int = 5
    db_max_overflow: int = 5


settings = Settings()
""",
    "app/auth.py": """import hmac
from datetime import UTC, datetime, timedelta
import jwt
from fastapi import Header, HTTPException
from app.settings import settings


def current_user(authorization: str = Header()) -> str:
    if not hmac.compare_digest(authorization, settings.api_token):
        raise HTTPException(401)
    return "x"


def make(user: str) -> str:
    return jwt.encode({"sub": user, "exp": datetime.now(UTC) + timedelta(minutes=5)}, settings.key, algorithm="HS256")
""",
    "app/database.py": """from sqlalchemy import create_engine
from app.settings import settings

engine = create_engine(settings.database_url, pool_size=settings.db_pool_size, max_overflow=settings.db_max_overflow)
""",
    "app/routers/orders.py": """from fastapi import APIRouter, Depends
from sqlalchemy import select, text

from app.auth import current_user
from app.models import Order
from app.database import session

router = APIRouter(prefix="/orders")


@router.get("")
def listed(user: str = Depends(current_user)) -> list[str]:
    return session.execute(select(Order).where(Order.customer == user).limit(10)).all()


@router.get("/find")
def find(name: str, user: str = Depends(current_user)) -> list[str]:
    return session.execute(text("SELECT id FROM orders WHERE customer = :name"), {"name": name}).all()


@router.post("")
def add(name: str, user: str = Depends(current_user)) -> str:
    return name


@router.delete("/{number}")
def remove(number: int, user: str = Depends(current_user)) -> None:
    return None
""",
    "app/models.py": """from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    customer = Column(String, index=True)
""",
    "Dockerfile": """FROM python:3.12-slim
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY app app
USER 1000
CMD ["gunicorn", "app.main:app", "-k", "uvicorn.workers.UvicornWorker", "--bind", "0.0.0.0:8000", "--workers", "2", "--timeout", "30", "--forwarded-allow-ips", "172.20.0.0/16"]
""",
    "requirements.txt": "fastapi==0.115\ngunicorn==23.0\nuvicorn==0.30\nslowapi==0.1.9\n",
    "compose.yaml": """services:
  api:
    build: .
    environment:
      DATABASE_URL: postgresql://app@db:5432/app
      DB_POOL_SIZE: "5"
    depends_on:
      db: {condition: service_healthy}
    deploy:
      replicas: 2
      resources: {limits: {cpus: "1.0", memory: 512M}}
  nginx:
    image: nginx:1.27
    ports: ["443:443"]
    volumes:
      - ./nginx/nginx.conf:/etc/nginx/nginx.conf:ro
      - ./certs:/etc/nginx/certs:ro
  db:
    image: postgres:16
    ports: ["127.0.0.1:5432:5432"]
    volumes: ["data:/var/lib/postgresql/data"]
  redis:
    image: redis:7
    command: redis-server --maxmemory 64mb
volumes:
  data: {}
""",
    "nginx/nginx.conf": """events {}
http {
    upstream app {
        server api:8000;
        keepalive 16;
    }
    limit_req_zone $binary_remote_addr zone=login:10m rate=10r/s;
    server {
        listen 443 ssl;
        server_name example.com;
        ssl_certificate /etc/nginx/certs/fullchain.pem;
        ssl_certificate_key /etc/nginx/certs/privkey.pem;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256;
        client_max_body_size 6m;
        proxy_read_timeout 60s;
        location /api/ {
            limit_req zone=login burst=20;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_pass http://app;
        }
    }
}
""",
    "k8s/all.yaml": """apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  replicas: 2
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: api
          image: registry/api:1
          ports: [{containerPort: 8000}]
          readinessProbe: {httpGet: {path: /api/orders, port: 8000}, timeoutSeconds: 2, periodSeconds: 10}
          resources: {limits: {cpu: "1", memory: 512Mi}}
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8000}]}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: api}
spec: {secretName: api-tls}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: api
  annotations:
    nginx.ingress.kubernetes.io/proxy-body-size: 6m
    nginx.ingress.kubernetes.io/proxy-read-timeout: "60"
    nginx.ingress.kubernetes.io/limit-rps: "10"
spec:
  tls: [{hosts: [example.com], secretName: api-tls}]
  rules:
    - host: example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: api, port: {number: 80}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: api}
spec: {scaleTargetRef: {kind: Deployment, name: api}, minReplicas: 2, maxReplicas: 4}
""",
}

EXPRESS = {
    "src/server.ts": """import express from "express";
import helmet from "helmet";
import multer from "multer";
import jwt from "jsonwebtoken";
import crypto from "crypto";
import rateLimit from "express-rate-limit";
import { RedisStore } from "rate-limit-redis";
import { Pool } from "pg";
import { requireAuth } from "./auth";
import ordersRouter from "./orders";

const app = express();
app.set("trust proxy", 1);
app.use(helmet());
app.use(express.json({ limit: "5mb" }));
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const limiter = rateLimit({ windowMs: 60000, max: 10, store: new RedisStore({ sendCommand }) });
const upload = multer({ limits: { fileSize: 5 * 1024 * 1024 } });

app.post("/api/login", limiter, async (req, res) => {
  const token = jwt.sign({ sub: req.body.name }, process.env.JWT_SECRET, { expiresIn: "15m" });
  res.json({ token });
});

app.post("/api/photos", requireAuth, upload.single("photo"), (req, res) => {
  res.json({ ok: true });
});

app.post("/api/webhook", (req, res) => {
  const given = req.headers["x-webhook-secret"];
  if (!crypto.timingSafeEqual(Buffer.from(given), Buffer.from(process.env.WEBHOOK_SECRET))) return res.status(401).end();
  res.status(204).end();
});

app.use("/api/orders", ordersRouter);
const server = app.listen(3000);
""",
    "src/auth.ts": "export function requireAuth(req, res, next) { next(); }\n",
    "src/orders.ts": """import { Router } from "express";
import { requireAuth } from "./auth";
import { pool } from "./db";

const router = Router();

router.get("/", requireAuth, async (req, res) => {
  const rows = await pool.query("SELECT id FROM orders WHERE customer = $1", [req.query.name]);
  res.json(rows);
});

router.post("/", requireAuth, async (req, res) => {
  res.status(201).json({});
});

router.delete("/:id", requireAuth, async (req, res) => {
  try {
    await remove(req.params.id);
    res.status(204).end();
  } catch (err) {
    res.status(500).json({ error: "internal error" });
  }
});

export default router;
""",
    "package.json": '{"name":"api","scripts":{"start":"node dist/server.js","dev":"nodemon src/server.ts"},"dependencies":{"express":"4","pg":"8","helmet":"7","multer":"1","jsonwebtoken":"9","express-rate-limit":"7","rate-limit-redis":"4"}}',
    "Dockerfile": """FROM node:22-alpine
ENV NODE_ENV=production
WORKDIR /app
COPY package.json .
COPY dist dist
COPY src src
USER node
CMD ["node", "dist/server.js"]
""",
    "compose.yaml": FASTAPI["compose.yaml"].replace(
        "    deploy:\n      replicas: 2\n", "    deploy:\n      replicas: 3\n"
    ),
    "nginx/nginx.conf": FASTAPI["nginx/nginx.conf"].replace("api:8000", "api:3000"),
    "k8s/all.yaml": FASTAPI["k8s/all.yaml"].replace("8000", "3000"),
}

DJANGO = {
    "manage.py": "import os\n",
    "shop/__init__.py": "",
    "orders/__init__.py": "",
    "shop/settings.py": """import os

DEBUG = os.environ.get("DEBUG", "false") == "true"
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["django.contrib.admin", "rest_framework", "orders"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": os.environ["REDIS_URL"]}}
REST_FRAMEWORK = {
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anon": "10/min"},
    "NUM_PROXIES": 1,
}
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 60}}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
""",
    "shop/urls.py": """from django.urls import path
from orders import views

urlpatterns = [path("api/orders/", views.orders), path("api/login/", views.login)]
""",
    "orders/models.py": """from django.db import models


class Order(models.Model):
    customer = models.CharField(max_length=50, db_index=True)
""",
    "orders/views.py": """from django.db import connection
from django.http import JsonResponse
from orders.models import Order


def orders(request):
    rows = Order.objects.filter(customer=request.GET["name"])
    return JsonResponse({"n": len(rows)})


def login(request):
    return JsonResponse({})
""",
    "Dockerfile": FASTAPI["Dockerfile"]
    .replace("COPY app app", "COPY . .")
    .replace("app.main:app", "shop.wsgi")
    .replace('"-k", "uvicorn.workers.UvicornWorker", ', ""),
    "requirements.txt": "Django==5.1\ngunicorn==23.0\ndjangorestframework==3.15\n",
    "compose.yaml": FASTAPI["compose.yaml"].replace(
        '      DB_POOL_SIZE: "5"\n', '      DEBUG: "false"\n      REDIS_URL: redis://redis:6379/0\n'
    ),
    "nginx/nginx.conf": FASTAPI["nginx/nginx.conf"],
    "k8s/all.yaml": FASTAPI["k8s/all.yaml"].replace("/api/orders,", "/api/orders/,"),
}


STACKS = {"fastapi": FASTAPI, "express": EXPRESS, "django": DJANGO}
Change = tuple[str, str, str]


def planted(stack: str, *changes: Change) -> dict[str, str]:
    """Return the files of a service with some text replaced; every change must find what it replaces."""
    files = dict(STACKS[stack])
    for path, old, new in changes:
        assert old in files[path], f"{path} does not hold {old!r}"
        files[path] = files[path].replace(old, new, 1)
    return files
