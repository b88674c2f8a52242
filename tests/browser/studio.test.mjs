// The main job in a browser: from a description to a tool that was called.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, test } from "node:test";
import { modernRpc } from "../lib/mcp.mjs";
import { stage } from "../lib/stage.mjs";
import { call } from "../lib/upstream.mjs";
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
let home;
const on = stage(
  async (on) => {
    browser = await launch();
    // As people open it; the address of the API it calls is another one.
    home = `http://localhost:${on.studio.port}/`;
  },
  () => browser?.close(),
);

/** Pages of the running test: closed after it, faultless at its end. */
let pages = [];
beforeEach(() => {
  pages = [];
});
afterEach(async () => {
  for (const page of pages) await page.context().close();
});

async function open(options) {
  const page = await openPage(browser, options);
  pages.push(page);
  await page.goto(home);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

const source = (page) => page.getByRole("textbox", { name: /API description/ });
const create = (page) => page.getByRole("button", { name: "Create server" });
const live = (page) => page.getByRole("heading", { name: /Your server is live/ });
const result = (page) => page.getByRole("region", { name: "Result" });

/** Gives what the form asks for, where it asks. */
async function configure(page, secrets = {}) {
  const form = page.getByRole("form", { name: /Connect your server|Before it goes live/ });
  await form.waitFor();
  for (const [name, value] of Object.entries(secrets)) {
    await form.locator(`input[name="${name}"]`).fill(value);
  }
  return form;
}

async function runTool(page, tool) {
  await page.getByRole("combobox", { name: "Tool" }).selectOption({ label: tool });
}

test("a pasted document becomes a server, and one of its tools answers", async () => {
  await on.upstream.reset();
  const page = await open();
  await assertFits(page, "landing");
  await source(page).fill(JSON.stringify(await on.upstream.document()));
  await create(page).click();
  const form = await configure(page, { HARBOUR_TOKEN: "canary-in-the-browser" });
  await form.getByRole("button", { name: "Continue" }).click();
  await live(page).waitFor();
  await page.getByText("20 tools").first().waitFor();

  await runTool(page, "create_ship");
  await page.getByRole("textbox", { name: /^name/i }).first().fill("Ariadne");
  await page.getByRole("button", { name: "Run" }).click();
  await result(page).getByText("The tool answered").waitFor();
  await result(page).getByText('"Ariadne"').first().waitFor();
  const [{ headers, body }, ...more] = (await on.upstream.requests()).map(call);
  assert.deepEqual(more, []);
  assert.equal(headers.authorization, "Bearer canary-in-the-browser");
  assert.deepEqual(JSON.parse(body), { name: "Ariadne" });
  assert.ok(!(await page.content()).includes("canary-in-the-browser"));
  assert.deepEqual(page.faults, []);
});

test("the address of a document, and both eras of the protocol", async () => {
  const page = await open();
  await source(page).fill(on.upstream.documentUrl);
  await source(page).press("Enter");
  const form = await configure(page);
  await form.getByRole("button", { name: "Skip for now" }).click();
  await live(page).waitFor();
  await runTool(page, "echo_value");
  for (const era of ["2026-07-28", "2025-11-25"]) {
    await page.getByRole("radio", { name: era }).click();
    await page.getByRole("textbox", { name: /^value/i }).fill(`in ${era}`);
    await page.getByRole("button", { name: "Run" }).click();
    await result(page).getByText(`"in ${era}"`).first().waitFor();
  }
  // A tool without its credential says what is missing.
  await runTool(page, "get_tides");
  await page.getByRole("button", { name: "Run" }).click();
  await result(page).getByText("The tool reports an error").waitFor();
  await result(page)
    .getByText(/HARBOUR_TIDE_KEY/)
    .first()
    .waitFor();
  assert.deepEqual(page.faults, []);
});

test("a file, dropped into the chooser", async () => {
  const page = await open();
  await page.locator('input[type="file"]').setInputFiles({
    name: "harbour.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify(await on.upstream.document())),
  });
  await configure(page);
  assert.deepEqual(page.faults, []);
});

test("the sample needs one button, and its project is found again", async () => {
  const page = await open();
  await page.getByRole("button", { name: "Try the sample API" }).click();
  await live(page).waitFor();
  await page.getByRole("button", { name: "Run" }).click();
  await result(page).getByText("The tool answered").waitFor();
  await shoot(page, "sample-live");

  await page.getByRole("link", { name: "Open project" }).click();
  await page.getByRole("heading", { level: 1, name: /^Sample Library/ }).waitFor();
  await page.getByRole("link", { name: "Projects" }).click();
  await page
    .getByRole("link", { name: /Sample Library/ })
    .first()
    .waitFor();
  assert.deepEqual(page.faults, []);
});

test("a run survives a reload", async () => {
  const page = await open();
  await page.getByRole("button", { name: "Try the sample API" }).click();
  await live(page).waitFor();
  await page.reload();
  await live(page).waitFor();
  assert.deepEqual(page.faults, []);
});

test("bad input is shown with its cause, its place and a way on", async () => {
  const page = await open();
  const text = '{\n  "openapi": "3.1.0",\n  "info" { }\n}';
  await source(page).fill(text);
  await create(page).click();
  const problem = page.getByRole("alert");
  await problem.getByText("document_syntax").waitFor();
  await problem
    .getByText(/line 3, column 10/)
    .first()
    .waitFor();
  await assertAccessible(page, "problem");
  await shoot(page, "problem");
  // What was typed is still there, to be put right.
  await page.getByRole("button", { name: "Start over" }).click();
  assert.equal(await source(page).inputValue(), text);
  await source(page).fill(JSON.stringify({ hello: "world" }));
  await create(page).click();
  await problem.getByText("not_an_api_description").waitFor();
  assert.deepEqual(page.faults, []);
});

test("the whole way with the keyboard alone", async () => {
  const page = await open();
  await tabTo(page, source(page));
  await page.keyboard.type(on.upstream.documentUrl);
  await page.keyboard.press("Enter");
  await configure(page);
  await tabTo(page, page.getByRole("button", { name: "Skip for now" }));
  await page.keyboard.press("Enter");
  await live(page).waitFor();
  const picker = page.getByRole("combobox", { name: "Tool" });
  await tabTo(page, picker);
  await page.keyboard.type("echo_value");
  await page.waitForFunction(
    (name) => document.activeElement?.selectedOptions?.[0]?.label === name,
    "echo_value",
  );
  await tabTo(page, page.getByRole("textbox", { name: /^value/i }));
  await page.keyboard.type("typed");
  await tabTo(page, page.getByRole("button", { name: "Run" }));
  await page.keyboard.press("Enter");
  await result(page).getByText('"typed"').first().waitFor();
  assert.deepEqual(page.faults, []);
});

/** A project with two versions, whose second has a tool by another name. */
async function twoVersions(config) {
  const { studio, upstream } = on;
  const server = await studio.publish({ specUrl: upstream.documentUrl }, config);
  const edit = { key: "GET /tides", path: ["name"], value: "tide_table", prev: "get_tides" };
  await studio.api("PATCH", `/api/projects/${server.projectId}`, { edits: [edit] });
  await studio.generate(server.projectId);
  const { live } = await studio.deploy(server.projectId, config);
  return { ...server, second: live.deploymentId };
}

async function openProject({ projectId }, tab, options) {
  const page = await open(options);
  await page.goto(new URL(`/projects/${projectId}?tab=${tab}`, home).href);
  await page.getByRole("heading", { level: 1, name: /^Harbour/ }).waitFor();
  return page;
}

const state = (page) => page.getByRole("region", { name: "Server" });
const listed = async ({ endpoint }, token) => {
  const { status, message } = await modernRpc(endpoint, "tools/list", {}, { token });
  return status === 200 ? message.result.tools.map(({ name }) => name) : message.error.code;
};

test("an earlier version is made live; the server is stopped and started", async () => {
  const server = await twoVersions({ access: "public" });
  const page = await openProject(server, "deployments");
  await state(page).getByText("Version 2 is live").waitFor();
  assert.ok((await listed(server)).includes("tide_table"));
  await page.getByRole("button", { name: "Make live: version 1" }).click();
  await state(page).getByText("Version 1 is live").waitFor();
  assert.ok((await listed(server)).includes("get_tides"));

  await state(page).getByRole("button", { name: "Stop" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  assert.ok((await listed(server)).includes("get_tides"));
  await state(page).getByRole("button", { name: "Stop" }).click();
  await page.getByRole("button", { name: "Stop server" }).click();
  await state(page).getByText("The server is stopped").waitFor();
  assert.equal(await listed(server), "server_stopped");
  await page.getByRole("heading", { level: 1, name: /Stopped/ }).waitFor();
  // The other tabs say why nothing can be called, and lead back.
  await page.getByRole("tab", { name: "Try it" }).click();
  await page.getByRole("link", { name: "Go to versions" }).click();
  await state(page).getByRole("button", { name: "Start" }).click();
  await state(page).getByText("Version 1 is live").waitFor();
  assert.ok((await listed(server)).includes("get_tides"));
  assert.deepEqual(page.faults, []);
});

test("a version that does not start any more says so, and nothing is lost", async () => {
  const server = await twoVersions({ access: "public" });
  const key = `bundles/${server.projectId}/${server.deploymentId}/modules.json`;
  const good = await on.studio.object(key);
  const rotten = { "worker.js": "throw new Error('rotten');" };
  await on.studio.putObject(key, JSON.stringify({ mainModule: "worker.js", modules: rotten }));
  const page = await openProject(server, "deployments");
  await page.getByRole("button", { name: "Make live: version 1" }).click();
  const problem = page.getByRole("alert");
  await problem.getByText("server_failed").waitFor();
  await assertAccessible(page, "rollback refused");
  await shoot(page, "rollback-refused");
  await state(page).getByText("Version 2 is live").waitFor();
  await on.studio.putObject(key, good);
  await problem.getByRole("button", { name: "Try again" }).click();
  await state(page).getByText("Version 1 is live").waitFor();
  // The one refusal is an answer that the browser notes.
  assert.deepEqual(
    page.faults.filter((fault) => !fault.includes("502")),
    [],
  );
});

test("a tab that an address opens is in sight on a phone", async () => {
  const server = await on.studio.publish({ specUrl: on.upstream.documentUrl });
  for (const [tab, name] of [
    ["findings", "Findings"],
    ["access", "Access tokens"],
    ["tools", "Tools"],
  ]) {
    const page = await openProject(server, tab, { viewport: VIEWPORTS.phone });
    const { x, width } = await page.getByRole("tab", { name }).boundingBox();
    assert.ok(x >= 0 && x + width <= VIEWPORTS.phone.width, `${name}: ${x} and ${width} px`);
    assert.deepEqual(page.faults, []);
  }
});

test("a token is made, shown once and revoked, with the keyboard alone", async () => {
  const server = await on.studio.publish({ specUrl: on.upstream.documentUrl }, { access: "token" });
  const page = await openProject(server, "access");
  await tabTo(page, page.getByRole("textbox", { name: /Name of the new token/ }));
  await page.keyboard.type("laptop");
  await page.keyboard.press("Enter");
  const made = page.getByRole("region", { name: "Your new token" });
  const token = await made.locator("code").textContent();
  assert.ok((await listed(server, token)).includes("get_tides"));
  await tabTo(page, page.getByRole("button", { name: "I have copied it" }));
  await page.keyboard.press("Enter");
  await made.waitFor({ state: "detached" });
  assert.ok(!(await page.content()).includes(token));

  await tabTo(page, page.getByRole("button", { name: "Revoke laptop" }));
  await page.keyboard.press("Enter");
  await page.getByRole("alertdialog", { name: /Revoke .laptop.\?/ }).waitFor();
  await assertAccessible(page, "revocation");
  await tabTo(page, page.getByRole("button", { name: "Revoke token" }));
  await page.keyboard.press("Enter");
  await page.getByText("1 revoked token").waitFor();
  assert.equal(await listed(server, token), "invalid_token");
  assert.ok((await listed(server, server.token)).includes("get_tides"));
  assert.deepEqual(page.faults, []);
});

test("calls are seen as they come, and the list stands still on request", async () => {
  const server = await on.studio.publish({ specUrl: on.upstream.documentUrl });
  const run = (name) => modernRpc(server.endpoint, "tools/call", { name, arguments: {} });
  const page = await openProject(server, "activity");
  await page.getByText("No tool calls in this time").waitFor();
  await page.getByText("No call has come in yet").waitFor();
  await assertAccessible(page, "activity, empty");
  await run("get_broken");
  const calls = page.getByRole("list", { name: "Calls" });
  await calls.getByText("The crane fell over").waitFor();
  await tabTo(page, page.getByRole("button", { name: "Pause" }));
  await page.keyboard.press("Enter");
  await page.getByText("Paused").waitFor();
  await run("get_office");
  await page.reload();
  await calls.getByText("get_office").waitFor();
  assert.equal(await calls.getByRole("listitem").count(), 2);
  const row = page.getByRole("row", { name: /^get_broken/ });
  await row.getByText("The API answered 500").waitFor();
  assert.deepEqual(page.faults, []);
});

test("the project is taken away as a file, which the list of versions keeps", async () => {
  const page = await open();
  await source(page).fill(JSON.stringify(await on.upstream.document()));
  await create(page).click();
  await (await configure(page)).getByRole("button", { name: "Skip for now" }).click();
  await live(page).waitFor();
  await page.getByRole("link", { name: "Open project" }).click();
  await page.getByRole("tab", { name: "Export" }).click();
  await page.getByRole("button", { name: "Make it" }).click();
  // A project whose name is taken has a longer one.
  const button = page.getByRole("button", { name: /^Download harbour.*\.zip$/ });
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  assert.match(download.suggestedFilename(), /^harbour[\w-]*\.zip$/);
  const archive = await readFile(await download.path());
  assert.equal(archive.subarray(0, 4).toString("latin1"), "PK\u0003\u0004");
  await page.getByRole("tab", { name: "Versions" }).click();
  await state(page).getByText("Version 1 is live").waitFor();
  const version = page.getByRole("article", { name: "version 2" });
  await version.getByText("latest").waitFor();
  const again = version.getByRole("button", { name: `Download ${download.suggestedFilename()}` });
  await again.waitFor();
  assert.deepEqual(page.faults, []);
});

describe("every page, in both themes and both widths", () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const [width, viewport] of Object.entries(VIEWPORTS)) {
      test(`${colorScheme}, ${viewport.width} px`, async () => {
        const page = await open({ colorScheme, viewport });
        const check = async (name) => {
          await assertAccessible(page, name);
          await assertFits(page, name);
          await shoot(page, `${name}-${colorScheme}-${width}`);
        };
        await check("landing");
        await source(page).fill(JSON.stringify(await on.upstream.document()));
        await create(page).click();
        const form = await configure(page);
        await check("configure");
        await form.getByRole("button", { name: "Skip for now" }).click();
        await live(page).waitFor();
        await runTool(page, "list_ships");
        await page.getByRole("button", { name: "Run" }).click();
        await result(page).getByText("The tool answered").waitFor();
        await check("live");
        await page.getByRole("link", { name: "Open project" }).click();
        await page.getByRole("heading", { level: 1, name: /^Harbour/ }).waitFor();
        await check("project");
        await page.getByRole("tab", { name: "Activity" }).click();
        await page.getByTestId("totals").waitFor();
        await page.getByRole("list", { name: "Calls" }).waitFor();
        await check("activity");
        await page.getByRole("tab", { name: "Versions" }).click();
        await page.getByText("Settings and log").click();
        await state(page).getByText("Version 1 is live").waitFor();
        await check("versions");
        await page.getByRole("tab", { name: "Access tokens" }).click();
        await page.getByRole("textbox", { name: /Name of the new token/ }).fill("laptop");
        await page.getByRole("button", { name: "Create token" }).click();
        await page.getByRole("button", { name: "Revoke laptop" }).waitFor();
        await check("tokens");
        await page.getByRole("tab", { name: "Export" }).click();
        await page.getByRole("radio", { name: /npm package/ }).check();
        await page.getByRole("button", { name: "Make it" }).click();
        await page.getByRole("heading", { name: /harbour.*\.tgz$/ }).waitFor();
        await check("export");
        await page.getByRole("link", { name: "Projects" }).click();
        await page.getByRole("heading", { level: 1, name: "Projects" }).waitFor();
        await page
          .getByRole("link", { name: /Harbour/ })
          .first()
          .waitFor();
        await check("projects");
        assert.deepEqual(page.faults, []);
      });
    }
  }
});
