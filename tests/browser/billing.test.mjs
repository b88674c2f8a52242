// Buying in the studio, as a person does it: Settings, Stripe's page, and back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startStripe } from "../lib/stripe.mjs";
import { startStudio } from "../lib/studio.mjs";
import { assertAccessible, assertFits, launch, openPage, shoot, VIEWPORTS } from "./browser.mjs";

const TEAM = "00000000-0000-4000-8000-0000000000f1";

let browser;
let studio;
let stripe;
before(async () => {
  stripe = await startStripe();
  studio = await startStudio({ vars: { ...stripe.vars, MINIMUM_TIER: "free" } });
  browser = await launch();
});
after(() => Promise.all([browser?.close(), studio?.close(), stripe?.close()]));

test("pro is bought on Stripe's page and shown in Settings, at each width and in each scheme", async () => {
  const page = await openPage(browser);
  await page.goto(`${studio.origin}/settings`);
  const billing = page.getByRole("region", { name: "Billing" });
  await billing.getByRole("button", { name: "Upgrade to Pro" }).click();
  await page.getByRole("heading", { name: "A page at Stripe" }).waitFor();
  await stripe.happen("complete", { session: page.url().split("/").at(-1) });
  const [{ data }] = (await stripe.events()).filter(({ type }) => type.startsWith("checkout"));
  await page.goto(data.object.success_url);
  await billing.getByRole("status").getByText("Thank you").waitFor();
  const ids = (await stripe.events()).map(({ id }) => id);
  await stripe.send(`${studio.origin}/api/webhooks/stripe`, ids);
  await billing.getByText("Active").waitFor();
  await billing.getByRole("button", { name: "Manage" }).waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();

  const { id } = await studio.get("/api/me");
  const now = "2026-11-24T00:00:00.000Z";
  await studio.query(
    `INSERT INTO teams (id, name, slug, owner_id, created_at) VALUES ('${TEAM}', 'Acme', 'acme', ?, '${now}')`,
    id,
  );
  await studio.query(
    `INSERT INTO team_members (team_id, user_id, role, created_at) VALUES ('${TEAM}', ?, 'owner', '${now}')`,
    id,
  );
  for (const [width, viewport] of Object.entries(VIEWPORTS)) {
    for (const colorScheme of ["light", "dark"]) {
      const look = await openPage(browser, { viewport, colorScheme });
      await look.goto(`${studio.origin}/settings`);
      await look.getByRole("form", { name: "Buy seats for Acme" }).waitFor();
      const where = `settings-billing-${width}-${colorScheme}`;
      await assertAccessible(look, where);
      await assertFits(look, where);
      await look.getByRole("region", { name: "Billing" }).scrollIntoViewIfNeeded();
      await shoot(look, where);
      assert.deepEqual(look.faults, []);
      await look.context().close();
    }
  }
});
