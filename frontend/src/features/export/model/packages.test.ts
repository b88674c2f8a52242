import { describe, expect, it } from "vitest";
import { EMPTY_FORM, requestFor } from "./packages";

describe("requestFor", () => {
  it("asks for archives by their format", () => {
    expect(requestFor("zip", EMPTY_FORM)).toEqual({
      target: "download",
      config: { download: { format: "zip" } },
    });
    expect(requestFor("mcpb", EMPTY_FORM)).toEqual({
      target: "download",
      config: { download: { format: "mcpb" } },
    });
  });

  it("sends what was given, and nothing of another package", () => {
    const form = { ...EMPTY_FORM, image: " acme/pets ", version: "1.0.0", token: "t" };
    expect(requestFor("docker", form)).toEqual({
      target: "docker",
      config: { docker: { image: "acme/pets" } },
    });
    expect(requestFor("npm", form)).toEqual({
      target: "npm",
      config: { npm: { version: "1.0.0", token: "t" } },
    });
    expect(requestFor("cloudflare", { ...form, accountId: "0".repeat(32) })).toEqual({
      target: "cloudflare",
      config: { cloudflare: { accountId: "0".repeat(32) } },
    });
  });
});
