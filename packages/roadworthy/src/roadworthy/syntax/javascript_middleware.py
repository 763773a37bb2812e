"""What packages bring when an application is given them: nothing but middleware, paths, or what nobody can tell."""

import re

from tree_sitter import Node

from roadworthy.syntax import javascript_paths as paths
from roadworthy.syntax.javascript import Module
from roadworthy.syntax.javascript_tree import unwrapped

NOTHING = "-"
FILES = "files"
_QUIET = frozenset(
    """
    helmet cors morgan compression body-parser cookie-parser express-session cookie-session express-rate-limit
    rate-limiter-flexible express-slow-down hpp xss-clean express-xss-sanitizer express-mongo-sanitize csurf csrf-csrf
    passport pino-http express-pino-logger pino-logger express-winston express-validator i18next-http-middleware i18n
    multer express-fileupload method-override response-time connect-timeout express-request-id cls-rtracer
    express-http-context dd-trace express-async-errors express-useragent request-ip express-jwt nocache lusca
    express-basic-auth errorhandler express-oauth2-jwt-bearer connect-flash express-flash express-ejs-layouts
    connect-redis connect-mongo express-mysql-session connect-pg-simple serve-favicon express-jwt-permissions
    express-openapi-validator express-requests-logger express-list-endpoints on-finished on-headers vary
    elastic-apm-node newrelic swagger-stats-none express-handlebars express-bearer-token express-ip-filter
    koa-bodyparser koa-body @koa/bodyparser @koa/cors koa-cors koa-helmet koa-logger koa-compress koa-session
    koa-passport koa-json koa-ratelimit koa-pino-logger koa-response-time koa-onerror koa-error koa-conditional-get
    koa-etag koa-x-request-id koa-compose kcors koa-views koa-convert koa-better-error-handler koa-jwt
    fastify-plugin fastify-cors fastify-helmet fastify-jwt fastify-rate-limit fastify-sensible fastify-cookie
    fastify-formbody fastify-multipart fastify-env fastify-compress fastify-graceful-shutdown fastify-type-provider-zod
    fastify-raw-body fastify-print-routes fastify-axios @sentry/node @sentry/tracing express-ws express-correlation-id
    express-prometheus-middleware-none prom-client winston pino http-graceful-shutdown stoppable http-terminator
    lightship class-validator reflect-metadata hono/cors hono/logger hono/secure-headers hono/pretty-json hono/csrf
    hono/timing hono/etag hono/compress hono/request-id hono/timeout hono/body-limit hono/jwt hono/bearer-auth
    hono/basic-auth hono/cookie hono/context-storage @hono/zod-validator hono-rate-limiter hono-pino
    @hono/sentry tiny-csrf express-enforces-ssl express-sslify express-force-https toobusy-js serve-timing server-timing
    http-errors cookie-encrypter express-sanitizer express-unless express-busboy express-boom connect-history
    @godaddy/terminus tsyringe zod celebrate joi connect-livereload express-status-codes express-naked-redirect
    """.split()
)
_QUIET_FASTIFY = frozenset(
    f"@fastify/{name}"
    for name in """
    cors helmet rate-limit sensible jwt cookie formbody multipart env postgres redis compress mongodb mysql session auth
    secure-session caching etag csrf-protection accepts bearer-auth basic-auth circuit-breaker request-context kafka
    leveldb elasticsearch awilix view view-next throttle url-data websocket error type-provider-typebox swagger
    type-provider-zod diagnostics-channel response-validation schedule otel early-hints funky restartable
    """.split()
)
# Packages that serve below the path they are put at, or below one of their own.
_SERVING = {
    "serve-static": FILES,
    "koa-static": FILES,
    "@hono/node-server/serve-static": FILES,
    "hono/bun": FILES,
    "koa-mount": "",
    "@fastify/static": FILES,
    "fastify-static": FILES,
    "@fastify/swagger-ui": "/documentation",
    "@scalar/fastify-api-reference": "/reference",
    "fastify-metrics": "/metrics",
    "fastify-healthcheck": "/health",
    "@fastify/under-pressure": "/status",
    "express-prom-bundle": "/metrics",
    "express-status-monitor": "/status",
    "express-prometheus-middleware": "/metrics",
    "swagger-stats": "/swagger-stats",
    "connect-history-api-fallback": "",
    "http-proxy-middleware": "",
    "express-http-proxy": "",
    "@fastify/http-proxy": "",
    "http-proxy": "",
    "koa-proxies": "",
    "koa-better-http-proxy": "",
    "next": "",
    "vite-express": "",
    "express-healthcheck": "",
    "express-actuator": "/info",
    "@promster/express": NOTHING,
}
# The option that changes the path of those that have one of their own.
PATH_OPTIONS = {
    "express-prom-bundle": ("metricsPath",),
    "express-prometheus-middleware": ("metricsPath",),
    "fastify-metrics": ("endpoint",),
    "express-status-monitor": ("path",),
    "swagger-stats": ("uriPath",),
    "express-actuator": ("basePath",),
    "fastify-healthcheck": ("healthcheckUrl",),
    "@fastify/under-pressure": ("exposeStatusRoute",),
    "@fastify/swagger-ui": ("routePrefix",),
    "@scalar/fastify-api-reference": ("routePrefix",),
}
# They serve nothing unless the option is given.
SILENT = frozenset({"@fastify/under-pressure"})
AUTOLOAD = frozenset({"@fastify/autoload", "fastify-autoload"})
_LEFT_ALONE = frozenset(
    """
    http https http2 node:http node:https node:http2 supertest chai-http socket.io ws express-ws serverless-http
    stoppable http-terminator http-graceful-shutdown @godaddy/terminus lightship @sentry/node @hono/node-server
    @vendia/serverless-express aws-serverless-express @codegenie/serverless-express light-my-request passport
    class-validator express-list-endpoints winston pino morgan spdy hono/testing vite pino-http body-parser events
    util node:util node:events console assert @nestjs/platform-express @nestjs/platform-fastify hono/adapter
    hono/vercel hono/aws-lambda @hono/vite-dev-server hono/dev @opentelemetry/api prom-client express-async-errors
    """.split()
)
_UNREAD = {
    **dict.fromkeys(
        """
        @hapi/hapi hapi restify sails @feathersjs/express @feathersjs/koa @feathersjs/feathers @adonisjs/core
        @adonisjs/http-server elysia nitropack h3 nuxt @remix-run/node @remix-run/express @sveltejs/kit moleculer-web
        routing-controllers tsoa inversify-express-utils @tsed/common @tsed/platform-express express-openapi
        express-file-routing express-openapi-validator/dist/resolvers @loopback/rest json-server payload
        @keystone-6/core parse-server egg midway @midwayjs/core @midwayjs/koa thinkjs actionhero @foal/core
        @apollo/server/standalone apollo-server graphql-yoga @trpc/server/adapters/standalone uWebSockets.js
        @hono/zod-openapi @ts-rest/express @ts-rest/fastify @ts-rest/nest find-my-way micro @marblejs/http
        @strapi/strapi @medusajs/medusa @medusajs/framework directus n8n-core @vendure/core @backstage/backend-common
        express-automatic-routes bullmq-board @astrojs/node
        """.split(),
        "",
    ),
    "apollo-server-express": "**/graphql**",
    "apollo-server-fastify": "**/graphql**",
    "mercurius": "**/graphi*l**",
    "socket.io": "/socket.io**",
    "@nestjs/graphql": "**/graphql**",
    "@bull-board/express": "**queue**",
    "better-auth/node": "**/auth/**",
    "swagger-ui-express": "**/*doc*/**",
}


def package(module: Module, node: Node | None) -> str | None:
    """Return the package an expression is taken from; None where it is this repository's own or has no name."""
    inner = unwrapped(node)
    for _ in range(20):
        if inner is None:
            return None
        match inner.type:
            case "identifier":
                imported = module.imports.get(module.text(inner))
                if imported is not None:
                    return None if paths.is_own(imported.module) else imported.module
                binding = module.lookup(inner)
                if binding is None or not binding.constant or binding.value is None:
                    return None
                value = unwrapped(binding.value)
                if value is None or value.type not in ("call_expression", "new_expression", "member_expression"):
                    return None
                inner = value
            case "member_expression":
                inner = unwrapped(inner.child_by_field_name("object"))
            case "call_expression" | "new_expression":
                dotted = module.dotted(inner)
                if dotted and not dotted.endswith("()"):
                    return None if paths.is_own(dotted) else dotted
                inner = unwrapped(inner.child_by_field_name("function") or inner.child_by_field_name("constructor"))
            case _:
                return None
    return None


def serves(package: str, name: str) -> str | None:
    """Return the path below which what a package brings serves: NOTHING, FILES, "" for anywhere; None if unknown."""
    if package in ("express", "polka"):
        return FILES if ".static" in name else NOTHING
    if package.startswith(("@sentry/", "@opentelemetry/", "@clerk/", "node:", "@kinde", "hono/")):
        return _SERVING.get(package, NOTHING)
    return NOTHING if package in _QUIET or package in _QUIET_FASTIFY else _SERVING.get(package)


def leaves_alone(package: str, name: str) -> bool:
    """Tell whether a function of a package adds no path to the application it is given."""
    return package in _LEFT_ALONE or package in _QUIET or package.startswith(("@sentry/", "@opentelemetry/", "node:"))


def passes_on(parameters: list[str]) -> bool:
    """Tell by its parameters whether a function is middleware, which hands requests on."""
    return any(re.fullmatch(r"_*(?:next|done|nxt|cb)_*", name) for name in parameters) or len(parameters) >= 4


def unread(module: str) -> str | None:
    """Return which paths a framework that is not read may serve, "" for any; None where it is none of these."""
    return _UNREAD.get(module)
