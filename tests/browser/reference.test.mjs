// The reference of the API, and what the account did, in a browser.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { stage } from "../lib/stage.mjs";
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
const on = stage(
  async () => {
    browser = await launch();
  },
  () => browser?.close(),
);

let pages = [];
afterEach(async () => {
  for (const page of pages) await page.context().close();
  pages = [];
});

async function open(path, options) {
  const page = await openPage(browser, options);
  pages.push(page);
  await page.goto(`http://localhost:${on.studio.port}${path}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

for (const colorScheme of ["light", "dark"]) {
  for (const [width, viewport] of Object.entries(VIEWPORTS)) {
    test(`the reference, ${colorScheme}, ${viewport.width} px`, async () => {
      const page = await open("/docs/api", { colorScheme, viewport });
      const where = `reference-${colorScheme}-${width}`;
      await page.getByText("/api/analyze").first().waitFor();
      await assertFits(page, where);
      await page.getByText("/api/analyze").first().click();
      await page.getByText('-H "authorization: Bearer $TOKEN"').first().waitFor();
      await assertFits(page, `${where}, opened`);
      await assertAccessible(page, where);
      await shoot(page, where);
      assert.deepEqual(page.faults, [], where);
    });
  }
}

test("an operation is found and opened with the keyboard alone", async () => {
  const page = await open("/docs/api");
  const filter = page.getByRole("searchbox", { name: "Filter" });
  await tabTo(page, filter);
  await page.keyboard.type("patch project");
  await page.getByText(/^1 of \d+ operations$/).waitFor();
  const found = page.locator("#update_project > summary");
  await tabTo(page, found);
  await page.keyboard.press("Enter");
  await page.getByText("If-Match").first().waitFor();
  assert.deepEqual(page.faults, []);
});

test("the account's activity is in the settings", async () => {
  const wanted = { name: "watched", scopes: ["projects:read"] };
  const { status, body } = await on.studio.api("POST", "/api/tokens", wanted);
  assert.equal(status, 201, JSON.stringify(body));
  const { entries } = await on.studio.get("/api/audit");
  assert.deepEqual(
    entries.map(({ action, objectId, tokenId }) => [action, objectId, tokenId]),
    [["personal_token.created", body.id, null]],
  );
  assert.match(entries[0].requestId, /^[0-9a-f-]{36}$/);
  const page = await open("/settings", { viewport: VIEWPORTS.phone });
  const activity = page.getByRole("region", { name: "Activity of the account" });
  await activity.getByText("Personal access token created").waitFor();
  await assertFits(page, "settings");
  await assertAccessible(page, "settings");
  await shoot(page, "settings-activity-phone");
  assert.deepEqual(page.faults, []);
});
