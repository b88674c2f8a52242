// Signing in and out in a browser: with the built-in issuer, and with an OpenID
// provider elsewhere.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { startIssuer } from "../lib/issuer.mjs";
import { startStudio } from "../lib/studio.mjs";
import {
  assertAccessible,
  assertFits,
  launch,
  openPage,
  shoot,
  tabTo,
  VIEWPORTS,
} from "./browser.mjs";

let browser;
let issuer;
let local;
let hosted;
before(async () => {
  issuer = await startIssuer();
  [browser, local, hosted] = await Promise.all([
    launch(),
    startStudio(),
    startStudio({ vars: issuer.vars }),
  ]);
});
after(async () => {
  await browser?.close();
  await Promise.all([local?.close(), hosted?.close(), issuer?.close()]);
});

let pages = [];
afterEach(async () => {
  for (const page of pages) await page.context().close();
  pages = [];
});

async function open(studio, path, options) {
  const page = await openPage(browser, options);
  pages.push(page);
  await page.goto(`http://localhost:${studio.port}${path}`);
  return page;
}

const heading = (page, name) => page.getByRole("heading", { level: 1, name });
const signIn = (page) => page.getByRole("button", { name: "Sign in" });
const account = (page) => page.getByRole("region", { name: "Account" });

test("at home nobody is asked, and an address leads to its page", async () => {
  const page = await open(local, "/settings");
  await heading(page, "Settings").waitFor();
  await account(page).getByText("Local user").waitFor();
  assert.equal(new URL(page.url()).pathname, "/settings");
  await page.reload();
  await account(page).getByText("Local user").waitFor();
  assert.deepEqual(page.faults, []);
});

test("who signs out stays out, and comes back as whoever they like, by keyboard", async () => {
  const page = await open(local, "/settings");
  await tabTo(page, page.getByRole("button", { name: "Sign out" }));
  await page.keyboard.press("Enter");
  await heading(page, "Sign in to MCPEngine Studio").waitFor();
  await page.reload();
  await heading(page, "Sign in to MCPEngine Studio").waitFor();
  await tabTo(page, signIn(page));
  await page.keyboard.press("Enter");
  await heading(page, "Sign in to your local studio").waitFor();
  await tabTo(page, page.getByText("Use another account"));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("textbox", { name: "Name" }));
  await page.keyboard.type("Grace");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Settings" }).click();
  await account(page).getByText("Grace", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Projects" }).click();
  await heading(page, "Projects").waitFor();
  assert.deepEqual(page.faults, []);
});

test("a provider elsewhere: there, back to the same page, renewed, ended", async () => {
  const page = await open(hosted, "/settings");
  await heading(page, "Sign in to MCPEngine Studio").waitFor();
  await signIn(page).click();
  // Ends within the time at which a token is renewed: each call takes a new one.
  await issuer.sessionsLast(30);
  await page.getByRole("button", { name: "Sign in with Acme" }).click();
  await account(page).getByText("Ada of Acme").waitFor();
  assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, "/settings");
  await page.getByRole("link", { name: "Projects" }).click();
  await page.getByText("No projects yet").waitFor();
  assert.deepEqual(page.faults, []);

  // The provider drops the key: no token of the session is accepted any more.
  await issuer.sessionsLast(600);
  await page.reload();
  await heading(page, "Projects").waitFor();
  await hosted.query("UPDATE users SET deleted_at = created_at");
  await page.reload();
  await page.getByText("account_deleted").first().waitFor();
});

test("a session whose tokens are refused ends on the sign-in page, with the cause", async () => {
  await hosted.query("UPDATE users SET deleted_at = NULL");
  const page = await open(hosted, "/projects");
  await signIn(page).click();
  await page.getByRole("button", { name: "Sign in with Acme" }).click();
  await heading(page, "Projects").waitFor();
  // The signature no longer fits, and what could renew the token is unknown.
  await page.evaluate(() => {
    for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith("oidc.user"))) {
      const user = JSON.parse(sessionStorage.getItem(key));
      user.id_token = `${user.id_token.slice(0, -8)}AAAAAAAA`;
      user.refresh_token = "unknown";
      sessionStorage.setItem(key, JSON.stringify(user));
    }
  });
  await page.reload();
  await page.getByText("invalid_token").waitFor();
  await heading(page, "Sign in to MCPEngine Studio").waitFor();
  await shoot(page, "sign-in-ended");
});

test("the reference is there without a sign-in, at each width and in each scheme", async () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const [width, viewport] of Object.entries(VIEWPORTS)) {
      const where = `reference-open-${colorScheme}-${width}`;
      const page = await open(hosted, "/docs/api", { colorScheme, viewport });
      await heading(page, "API reference").waitFor();
      await page.getByText("/api/analyze").first().waitFor();
      await signIn(page).waitFor();
      await assertFits(page, where);
      await assertAccessible(page, where);
      await shoot(page, where);
      assert.deepEqual(page.faults, [], where);
    }
  }
  const page = await open(hosted, "/projects");
  await page.getByRole("link", { name: "API reference" }).click();
  await page.getByText("/api/analyze").first().waitFor();
  // It leads to the way in, and back to where it was.
  await signIn(page).click();
  await page.waitForURL((url) => url.origin === issuer.origin || url.pathname === "/docs/api");
});

describe("the pages of a sign-in, in both themes and both widths", () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const [width, viewport] of Object.entries(VIEWPORTS)) {
      test(`${colorScheme}, ${viewport.width} px`, async () => {
        const page = await open(local, "/settings", { colorScheme, viewport });
        const check = async (name) => {
          await assertAccessible(page, name);
          await assertFits(page, name);
          await shoot(page, `${name}-${colorScheme}-${width}`);
        };
        await account(page).getByText("Local user").waitFor();
        await check("settings");
        await page.getByRole("button", { name: "Sign out" }).click();
        await heading(page, "Sign in to MCPEngine Studio").waitFor();
        await check("sign-in");
        await signIn(page).click();
        await heading(page, "Sign in to your local studio").waitFor();
        await page.getByText("Use another account").click();
        await check("built-in-issuer");
        assert.deepEqual(page.faults, []);
      });
    }
  }
});
