// What a tier has and what of it is used, in a browser: the table for everybody, the
// bars of who is signed in, and a run that meets its limit.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { startIssuer } from "../lib/issuer.mjs";
import { description } from "../lib/refusal.mjs";
import { readAll } from "../lib/sse.mjs";
import { startStudio } from "../lib/studio.mjs";
import { assertAccessible, assertFits, launch, openPage, shoot, VIEWPORTS } from "./browser.mjs";

let browser;
let issuer;
let studio;
let hosted;
before(async () => {
  issuer = await startIssuer();
  [browser, studio, hosted] = await Promise.all([
    launch(),
    startStudio({ vars: { MINIMUM_TIER: "free" } }),
    startStudio({ vars: issuer.vars }),
  ]);
});
after(async () => {
  await browser?.close();
  await Promise.all([studio?.close(), hosted?.close(), issuer?.close()]);
});

let pages = [];
afterEach(async () => {
  for (const page of pages) await page.context().close();
  pages = [];
});

async function open(at, path, options) {
  const page = await openPage(browser, options);
  pages.push(page);
  await page.goto(`http://localhost:${at.port}${path}`);
  return page;
}

const LOOKS = Object.entries(VIEWPORTS).flatMap(([name, viewport]) =>
  ["light", "dark"].map((colorScheme) => ({ name: `${name}-${colorScheme}`, viewport, colorScheme })),
);

/** Looks at the page in every way that people do. */
async function look(at, path, what, ready) {
  for (const { name, ...options } of LOOKS) {
    const page = await open(at, path, options);
    await ready(page);
    await shoot(page, `${what}-${name}`);
    await assertFits(page, `${what} ${name}`);
    await assertAccessible(page, `${what} ${name}`);
    assert.deepEqual(page.faults, [], `${what} ${name}`);
  }
}

const tier = (page, name) => page.getByRole("listitem", { name, exact: true });
const specFile = JSON.stringify(description());

test("prices are no secret: the tiers are there without a sign-in", async () => {
  await look(hosted, "/pricing", "pricing-open", async (page) => {
    await page.getByRole("heading", { level: 1, name: /What each tier/ }).waitFor();
    await tier(page, "Free").getByText("5 analyses an hour").waitFor();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
  });
  const page = await open(hosted, "/projects");
  await page.getByRole("link", { name: "What each tier has" }).click();
  await tier(page, "Team").getByText("50 deployments a day").waitFor();
});

test("who is signed in sees their tier, and the way to more", async () => {
  await look(studio, "/pricing", "pricing", async (page) => {
    await tier(page, "Free").getByText("Your tier").waitFor();
    await tier(page, "Enterprise").getByText("Unlimited deployments").waitFor();
  });
  const page = await open(studio, "/");
  await page.getByRole("link", { name: "Pricing" }).click();
  await tier(page, "Pro").getByRole("link", { name: "Upgrade" }).click();
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  assert.equal(new URL(page.url()).hash, "#billing");
});

test("a run that meets the limit says when it works again, and Settings what is used", async () => {
  for (let n = 0; n < 5; n += 1) {
    const answer = await studio.post("/api/analyze", { specFile });
    assert.equal((await readAll(answer)).at(-1).event, "analysis:complete");
  }
  await look(studio, "/settings", "usage", async (page) => {
    const usage = page.getByRole("region", { name: "Usage" });
    await usage.getByText("5 of 5").waitFor();
    await usage.getByText(/^The next is possible (at|on \w+ at) \d\d:\d\d\.$/).waitFor();
    await usage.getByText(/^5 jobs in 30 days/).waitFor();
  });
  await look(studio, "/", "limited", async (page) => {
    await page.getByRole("textbox", { name: /API description/ }).fill(specFile);
    await page.getByRole("button", { name: "Create server" }).click();
    const problem = page.getByTestId("problem");
    await problem.getByText("rate_limited").waitFor();
    await problem.getByText(/^It works again .* The pro tier has 50\.$/).waitFor();
    // The browser itself logs every answer that is not 2xx.
    page.faults = page.faults.filter((fault) => !fault.includes("429"));
  });
  const page = pages.at(-1);
  await page.getByTestId("problem").getByRole("link", { name: "What each tier has" }).click();
  await tier(page, "Free").waitFor();
});
