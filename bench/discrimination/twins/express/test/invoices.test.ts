import { randomUUID } from "node:crypto";
import argon2 from "argon2";
import request from "supertest";
import { beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../src/app.js";
import { prisma } from "../src/db.js";

const app = createApp();
const secret = "s".repeat(40);
let bearer = "";

beforeEach(async () => {
  const client = await prisma.apiClient.create({ data: { name: "shop", secretHash: await argon2.hash(secret) } });
  const answer = await request(app).post("/api/tokens").send({ clientId: client.id, clientSecret: secret });
  bearer = `Bearer ${answer.body.token}`;
});

async function registered(): Promise<string> {
  const answer = await request(app)
    .post("/api/customers")
    .set("Authorization", bearer)
    .send({ email: "grace@example.org", name: "Grace", consentTextVersion: "3" });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

async function invoiced(customerId: string) {
  return request(app)
    .post("/api/invoices")
    .set("Authorization", bearer)
    .send({ customerId, number: "2030-0001", currency: "EUR", cents: 1250, dueAt: "2030-01-31" });
}

describe("invoices", () => {
  it("can be read back", async () => {
    const created = await invoiced(await registered());

    const read = await request(app).get(`/api/invoices/${created.body.id}`).set("Authorization", bearer);

    expect(created.status).toBe(201);
    expect(read.body.cents).toBe(1250);
  });

  it("have numbers of their own", async () => {
    const customer = await registered();
    await invoiced(customer);

    const again = await invoiced(customer);

    expect(again.status).toBe(409);
  });

  it("are not shown without a token", async () => {
    const answer = await request(app).get(`/api/invoices/${randomUUID()}`);

    expect(answer.status).toBe(401);
  });
});

describe("customers", () => {
  it("can be erased, and their invoices stay without them", async () => {
    const customer = await registered();
    const created = await invoiced(customer);

    const erased = await request(app).delete(`/api/customers/${customer}`).set("Authorization", bearer);
    const shown = await request(app).get(`/api/customers/${customer}/export`).set("Authorization", bearer);
    const invoice = await prisma.invoice.findUnique({ where: { id: created.body.id } });

    expect(erased.status).toBe(204);
    expect(shown.status).toBe(404);
    expect(invoice?.customerId).toBeNull();
  });
});
