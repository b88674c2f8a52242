// Teams in the studio: made, shared by a link, looked at at each width and in each scheme.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { developmentToken } from "../lib/identity.mjs";
import { startStudio } from "../lib/studio.mjs";
import { assertAccessible, assertFits, launch, openPage, shoot, VIEWPORTS } from "./browser.mjs";

let browser;
let studio;
before(async () => {
  [studio, browser] = await Promise.all([startStudio(), launch()]);
});
after(() => Promise.all([browser?.close(), studio?.close()]));

const bob = { authorization: `Bearer ${developmentToken({ sub: "bob", name: "Bob" })}` };

/** At 1440 and 390 px, light and dark: readable, inside its window, without a fault. */
async function look(pathname, name, ready) {
  for (const [width, viewport] of Object.entries(VIEWPORTS)) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await openPage(browser, { viewport, colorScheme });
      await page.goto(`${studio.origin}${pathname}`);
      await ready(page).waitFor();
      const where = `${name}-${width}-${colorScheme}`;
      await assertAccessible(page, where);
      await assertFits(page, where);
      await shoot(page, where);
      assert.deepEqual(page.faults, [], where);
      await page.context().close();
    }
  }
}

test("a team is made, shared by a link, and its roles are changed", async () => {
  const page = await openPage(browser);
  await page.goto(`${studio.origin}/teams`);
  await page.getByText("No team yet").waitFor();
  await page.getByRole("textbox", { name: "Name of the new team" }).fill("Harbour crew");
  await page.getByRole("button", { name: "Create team" }).click();
  await page.getByRole("link", { name: "Harbour crew" }).click();
  await page.getByRole("textbox", { name: /Email of whom/ }).fill("bob@example.com");
  await page.getByRole("button", { name: "Create link" }).click();
  const link = await page.getByTestId("invitation-link").textContent();
  const token = new URL(link).hash.slice(1);
  const joined = await studio.api("POST", "/api/invitations/accept", { token }, bob);
  assert.deepEqual([joined.status, joined.body.role], [200, "editor"]);
  await page.reload();
  await page.getByRole("combobox", { name: "Role of Bob" }).selectOption("viewer");
  await page.getByText("Open invitations").waitFor({ state: "detached" });
  const id = joined.body.id;
  const role = async () => (await studio.api("GET", `/api/teams/${id}`, undefined, bob)).body.role;
  for (let tries = 0; (await role()) !== "viewer"; tries += 1) assert.ok(tries < 100);
  assert.deepEqual(page.faults, []);
  await page.context().close();
  await look("/teams", "teams", (page) => page.getByRole("link", { name: "Harbour crew" }));
  await look(`/teams/${id}`, "team", (page) => page.getByRole("combobox", { name: "Role of Bob" }));
});

test("the link of an invitation leads into the team; who may only look is offered no more", async () => {
  const team = (await studio.api("POST", "/api/teams", { name: "Bob's boats" }, bob)).body;
  const project = { name: "Boats", teamId: team.id };
  const { id } = (await studio.api("POST", "/api/projects", project, bob)).body;
  const asked = { email: "local@example.com", role: "viewer" };
  const made = await studio.api("POST", `/api/teams/${team.id}/invitations`, asked, bob);
  const { pathname, hash } = new URL(made.body.url);
  await look(`${pathname}${hash}`, "invitation", (page) =>
    page.getByRole("button", { name: "Join the team" }),
  );
  const page = await openPage(browser);
  await page.goto(`${studio.origin}${pathname}${hash}`);
  await page.getByRole("button", { name: "Join the team" }).click();
  await page.getByRole("button", { name: "Leave team" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Create link" }).count(), 0);
  await page.goto(`${studio.origin}/projects/${id}`);
  await page.getByText("You may look, not change").waitFor();
  for (const name of ["Deploy", /^Move/, /^Delete/]) {
    assert.equal(await page.getByRole("button", { name }).count(), 0);
  }
  assert.equal(await page.getByRole("tab", { name: "Access tokens" }).count(), 0);
  assert.deepEqual(page.faults, []);
  await page.context().close();
  await look("/settings", "settings", (page) =>
    page.getByRole("button", { name: "Export everything" }),
  );
});
