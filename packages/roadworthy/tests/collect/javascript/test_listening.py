"""Ports that JavaScript code opens."""

import pytest

from roadworthy.collect.javascript import listening, modules
from roadworthy.model.detail.module import PortNamed, PortTaken
from roadworthy.model.detail.port import PortUse
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Symbol
from roadworthy.model.words import FileRole

UNREAD = "(the code opens a port that cannot be read)"


@pytest.mark.parametrize(
    ("text", "port", "variable"),
    [
        ("app.listen(3000);", "3000", ""),
        ("const PORT = 3000; app.listen(PORT, () => {});", "3000", ""),
        ("app.listen(process.env.PORT || 3000);", "3000", "PORT"),
        ('server.listen({ port: Number(process.env.PORT ?? "8080"), host: "0.0.0.0" });', "8080", "PORT"),
        ("const { PORT = 4000 } = process.env; app.listen(PORT);", "4000", "PORT"),
        ('app.set("port", normalizePort(process.env.PORT || "3000")); server.listen(app.get("port"));', "3000", "PORT"),
        ("app.listen(+process.env.PORT);", UNREAD, "PORT"),
        ("app.listen(process.env.PORT ? parseInt(process.env.PORT, 10) : 3000);", "3000", "PORT"),
        ("app.listen(port());", UNREAD, ""),
        ("Bun.serve({ port: 5000, fetch() {} });", "5000", ""),
        ("Bun.serve({ fetch() {} });", "3000", ""),
        ('import { serve } from "@hono/node-server"; serve({ fetch: app.fetch, port: 5000 });', "5000", ""),
        ('await app.listen(configService.get<number>("PORT", 3000));', "3000", "PORT"),
        ('const e = env.get("PORT").default(3000).asPortNumber(); app.listen(e);', "3000", "PORT"),
    ],
)
def test_ports_are_read(text: str, port: str, variable: str) -> None:
    file = SourceFile("src/server.ts", text, FileRole.PROD)
    found = [one for one in listening.collect(file) if isinstance(one, Symbol)]

    assert [(str(one.name), one.detail.variable) for one in found if isinstance(one.detail, PortUse)] == [
        (port, variable)
    ]
    assert {one.phase for one in found} == {"script"}


@pytest.mark.parametrize("text", ['map.listen("/x");', "emitter.listen(() => {});", 'server.listen("/run/app.sock");'])
def test_what_opens_no_port_is_left_out(text: str) -> None:
    file = SourceFile("src/server.ts", text, FileRole.PROD)

    assert list(listening.collect(file)) == []


def test_a_port_of_another_module_is_known_by_its_name() -> None:
    server = SourceFile("src/server.ts", 'import { config } from "./config"; app.listen(config.port);', FileRole.PROD)
    config = SourceFile(
        "src/config.ts", "export const config = { port: Number(process.env.PORT) || 80 };", FileRole.PROD
    )

    taken = [one for one in listening.collect(server) if isinstance(one, Symbol) and isinstance(one.detail, PortTaken)]
    named = [one for one in modules.collect(config) if isinstance(one, Symbol) and isinstance(one.detail, PortNamed)]

    assert [str(one.name) for one in taken] == ["/src/config:config.port"]
    assert [(str(one.name), one.detail) for one in named] == [("src/config.ts:config.port", PortNamed(80, "PORT"))]
