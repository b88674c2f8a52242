// A real Chromium on the studio, and what every page of it has to keep to.
import assert from "node:assert/strict";
import { accessSync, constants } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { root } from "../lib/paths.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const SHOTS = path.join(root, "test-results/browser");

/** The widths that are looked at: a laptop and a phone. */
export const VIEWPORTS = {
  wide: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
};

function executable() {
  if (process.env.CHROME) return process.env.CHROME;
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    for (const name of NAMES) {
      const file = path.join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here: the next one.
      }
    }
  }
  return assert.fail("there is no Chromium: set CHROME to one, or install the package chromium");
}

/** No other argument: some of the usual ones switch off what is tested (CSP). */
export function launch() {
  return chromium.launch({
    executablePath: executable(),
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
}

/**
 * A page in a context of its own. `page.faults` collects what no page may do:
 * errors on the console, exceptions, violations of the content security policy.
 */
export async function openPage(browser, { viewport = VIEWPORTS.wide, colorScheme = "light" } = {}) {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
  context.setDefaultTimeout(20_000);
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (message) => {
    if (message.type() === "error") page.faults.push(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => page.faults.push(String(error)));
  return page;
}

/** Nothing serious for those who use assistive technology (WCAG 2.2 AA by axe). */
export async function assertAccessible(page, where) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => ({ id, at: nodes.map(({ target }) => target.join(" ")) }));
  assert.deepEqual(serious, [], where);
}

/** The page fits its window: nothing is reached by scrolling sideways only. */
export async function assertFits(page, where) {
  const [content, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  assert.ok(content <= window, `${where}: ${content} px in a window of ${window}`);
}

export async function shoot(page, name) {
  await mkdir(SHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SHOTS, `${name}.png`), fullPage: true });
}

/** Presses Tab until the element has the focus, which has to be visible on the way. */
export async function tabTo(page, locator, most = 60) {
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await locator.evaluate((element) => element === document.activeElement);
    if (focused) {
      const outline = await locator.evaluate((element) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
        return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
      });
      assert.ok(outline, `the focus of ${locator} cannot be seen`);
      return;
    }
  }
  assert.fail(`${locator} was not reached with ${most} presses of Tab`);
}
