import request from "supertest";
import { describe, expect, it } from "vitest";
import { createApp } from "../src/app.js";
import { registry } from "../src/metrics.js";

const app = createApp();

describe("health", () => {
  it("is ready with the database", async () => {
    const answer = await request(app).get("/health/ready");

    expect(answer.status).toBe(200);
    expect(answer.body.database).toBe("up");
  });

  it("counts requests", async () => {
    await request(app).get("/health/live");

    expect(await registry.metrics()).toContain('route="/health/live"');
  });
});
