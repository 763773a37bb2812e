"""Tables that JavaScript declares, and what its code deletes of them."""

import pytest

from repository import gathered, inspected
from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.detail.table import TableDefined
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Outcome

SCHEMA = """datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL") // where
}

model User {
  id     Int     @id
  email  String  @unique @map("e_mail")
  orders Order[]
  @@map("users")
}

model Order {
  id     Int  @id
  userId Int  @map("user_id")
  user   User @relation(fields: [userId], references: [id]%s)
  @@map("orders")
}
"""


def _outcome(code: str, schema: str, path: str = "prisma/schema.prisma") -> Outcome:
    files = {"package.json": "{}", path: schema, "src/users.ts": code}
    return inspected(files, "compliance/incomplete-erasure").outcome


def test_schema_gives_tables_columns_and_variables() -> None:
    facts = gathered({"prisma/schema.prisma": SCHEMA % ""})

    tables = {str(s.name): s.detail for s in facts.details(Kind.TABLE, Action.DEFINES, TableDefined)}
    assert tables == {
        "users": TableDefined("prisma", ("id", "e_mail")),
        "orders": TableDefined("prisma", ("id", "user_id")),
    }
    (read,) = facts.details(Kind.ENVIRONMENT, Action.REFERS, EnvironmentRead)
    assert (str(read.name), read.at.line, read.at.column) == ("DATABASE_URL", 3, 19)


@pytest.mark.parametrize(
    "code",
    [
        "export async function erase(id) { await prisma.user.delete({ where: { id } }); }",
        "export async function erase(id) { await this.prisma.user.deleteMany({ where: { id } }); }",
        'export async function erase(id) { await pool.query("DELETE FROM users WHERE id = $1", [id]); }',
        "export const erase = async (id) => { await sql(`DELETE FROM users WHERE id = ${id}`); };",
    ],
)
def test_erasure_that_leaves_a_table_behind_is_found(code: str) -> None:
    assert _outcome(code, SCHEMA % "") is Outcome.FAILED
    assert _outcome(code, SCHEMA % ", onDelete: Cascade") is Outcome.PASSED


def test_erasure_of_every_table_is_sound() -> None:
    code = """export async function erase(id) {
  await prisma.order.deleteMany({ where: { userId: id } });
  await prisma.user.delete({ where: { id } });
}
"""

    assert _outcome(code, SCHEMA % "") is Outcome.PASSED


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        (
            """import { pgTable, serial, integer } from "drizzle-orm/pg-core";
export const users = pgTable("users", { id: serial("id") });
export const orders = pgTable("orders", { userId: integer("user_id").references(() => users.id) });
""",
            "export async function erase(id) { await db.delete(users).where(eq(users.id, id)); }",
        ),
        (
            """exports.up = (knex) => knex.schema
  .createTable("users", (t) => { t.increments("id"); t.string("email"); })
  .createTable("orders", (t) => { t.integer("user_id").references("id").inTable("users"); });
exports.down = (knex) => knex.schema.dropTable("users");
""",
            'export async function erase(id) { await knex("users").where({ id }).del(); }',
        ),
        (
            """import { Entity, Column, ManyToOne } from "typeorm";
@Entity("users") export class User { @Column() email: string; }
@Entity("orders") export class Order { @ManyToOne(() => User, (u) => u.orders) user: User; }
""",
            "export class A { async erase(id) { await this.userRepository.delete(id); } }",
        ),
    ],
)
def test_tables_of_other_libraries_are_read(schema: str, code: str) -> None:
    assert _outcome(code, schema, "src/schema.ts") is Outcome.FAILED


def test_person_that_nothing_erases_is_found() -> None:
    files = {"prisma/schema.prisma": SCHEMA % "", "package.json": "{}", "src/a.ts": "export const a = 1;\n"}

    assert inspected(files, "compliance/missing-erasure").outcome is Outcome.FAILED


def test_row_that_is_only_marked_is_not_erased() -> None:
    files = {
        "package.json": '{"dependencies": {"@prisma/client": "5"}}',
        "prisma/schema.prisma": SCHEMA % "",
        "src/users.ts": "export class Users {\n  constructor(private readonly users: Repository<User>) {}\n"
        "  async remove(id: number) { await this.users.softDelete(id); }\n}\n",
    }

    assert inspected(files, "compliance/incomplete-erasure").outcome is Outcome.NOT_APPLICABLE
    assert inspected(files, "compliance/missing-erasure").outcome is not Outcome.PASSED
