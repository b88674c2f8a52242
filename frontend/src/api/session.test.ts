import { renderHook, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bearerOf } from "@/api/session";

const AUTH = {
  authority: "http://localhost:3000/issuer",
  metadataUrl: "http://localhost:3000/issuer/.well-known/openid-configuration",
  clientId: "client",
  scopes: "openid",
  builtIn: false,
};
const METADATA = {
  issuer: "urn:issuer",
  authorization_endpoint: "http://localhost:3000/issuer/authorize",
  token_endpoint: "http://localhost:3000/issuer/token",
};
const STORED = "oidc.user:http://localhost:3000/issuer:client";

/** What a tab has kept of a sign-in; `left` seconds before the token's end. */
function keep(token: string, left: number) {
  const expires_at = Math.floor(Date.now() / 1_000) + left;
  const user = { access_token: token, refresh_token: "r1", token_type: "Bearer", scope: "openid" };
  sessionStorage.setItem(STORED, JSON.stringify({ ...user, expires_at, profile: { sub: "u1" } }));
}

/** Answers by path; returns what was asked, with the token that came along. */
function network(
  answers: Record<string, (request: Request) => Response | Promise<Response>>,
): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (input: Request | URL | string, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(input, init);
    const { pathname } = new URL(request.url);
    const bearer = request.headers.get("authorization") ?? "";
    asked.push(`${pathname} ${bearer}`.trim());
    if (pathname === "/api/config") return Response.json({ auth: AUTH });
    if (pathname.endsWith("openid-configuration")) return Response.json(METADATA);
    return answers[pathname]?.(request) ?? new Response(null, { status: 404 });
  });
  return asked;
}

const refused = () =>
  Response.json(
    { error: { code: "token_expired", message: "Over", requestId: "r" } },
    { status: 401 },
  );
const issued = (token: string) => () =>
  Response.json({
    access_token: token,
    refresh_token: "r2",
    token_type: "Bearer",
    expires_in: 600,
  });

/** The module anew: it holds the session of a page. */
async function page() {
  vi.resetModules();
  const session = await import("@/api/session");
  await session.startSession();
  const call = () => session.fetchSignedIn(new Request("http://localhost:3000/api/me"));
  return { ...session, call };
}

beforeEach(() => sessionStorage.clear());
afterEach(() => vi.unstubAllGlobals());

describe("a session", () => {
  it("sends the token that the tab has kept", async () => {
    keep("a.b.c", 600);
    const asked = network({ "/api/me": () => Response.json({}) });
    const { call } = await page();
    expect((await call()).status).toBe(200);
    expect(asked).toEqual(["/api/config", "/api/me Bearer a.b.c"]);
  });

  it("renews a token before its end, once for all that ask", async () => {
    keep("a.b.c", 600);
    const asked = network({
      "/api/me": () => Response.json({}),
      "/issuer/token": issued("d.e.f"),
    });
    const { call } = await page();
    vi.useFakeTimers({ now: Date.now() + 560_000, toFake: ["Date"] });
    try {
      const answers = await Promise.all([call(), call(), call()]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    } finally {
      vi.useRealTimers();
    }
    expect(asked.filter((line) => line === "/issuer/token")).toHaveLength(1);
    expect(asked.slice(-3)).toEqual(Array(3).fill("/api/me Bearer d.e.f"));
  });

  it("answers a refused token with a new one, and asks again", async () => {
    keep("a.b.c", 600);
    const asked = network({
      "/api/me": ({ headers }) =>
        headers.get("authorization") === "Bearer d.e.f" ? Response.json({}) : refused(),
      "/issuer/token": issued("d.e.f"),
    });
    const { call } = await page();
    expect((await call()).status).toBe(200);
    expect(asked.filter((line) => line.startsWith("/api/me"))).toEqual([
      "/api/me Bearer a.b.c",
      "/api/me Bearer d.e.f",
    ]);
  });

  it("ends where no token is accepted, and forgets what it had", async () => {
    keep("a.b.c", 600);
    network({ "/api/me": refused, "/issuer/token": issued("d.e.f") });
    const { call } = await page();
    expect((await call()).status).toBe(401);
    expect(sessionStorage.getItem(STORED)).toBeNull();
  });

  it("says why it ended by the first refusal, not by one that the end cut off", async () => {
    keep("a.b.c", 600);
    let cutOff = () => {};
    const late = new Promise<Response>((resolve) => {
      cutOff = () => resolve(new Response(null, { status: 401 }));
    });
    let asked = 0;
    network({
      "/api/me": () => {
        asked += 1;
        return asked === 4 ? late : refused();
      },
      "/issuer/token": issued("d.e.f"),
    });
    const { call, useSession } = await page();
    const calls = [call(), call()];
    const { result } = renderHook(() => useSession());
    await waitFor(() => expect(result.current.phase).toBe("signed-out"));
    cutOff();
    await Promise.all(calls);
    expect(result.current).toMatchObject({ problem: { code: "token_expired" } });
  });

  it("is not there without a token, and sends none", async () => {
    const asked = network({ "/api/me": refused });
    const { call } = await page();
    expect((await call()).status).toBe(401);
    expect(asked).toEqual(["/api/config", "/api/me"]);
  });
});

it("an opaque access token is for its issuer: the ID token speaks for the user", () => {
  expect(bearerOf({ access_token: "a.b.c", id_token: "x.y.z" })).toBe("a.b.c");
  expect(bearerOf({ access_token: "oat_1", id_token: "x.y.z" })).toBe("x.y.z");
  expect(bearerOf({ access_token: "oat_1" })).toBe("oat_1");
});
