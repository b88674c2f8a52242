import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const SRC = dirname(dirname(fileURLToPath(import.meta.url)));

interface Source {
  /** Relative to `src`, with `/`. */
  readonly path: string;
  readonly text: string;
}

const sources: Source[] = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => ({
    path: path.split(sep).join("/"),
    text: readFileSync(join(SRC, path), "utf8"),
  }));

/** Own files that a source imports, relative to `src`. */
function imports({ path, text }: Source): string[] {
  const found = text.matchAll(/(?:from\s+|import\s*\(?\s*)["']((?:@\/|\.)[^"']+)["']/g);
  return [...found].map(([, target = ""]) =>
    target.startsWith("@/") ? target.slice(2) : posix.join(posix.dirname(path), target),
  );
}

/** `app`, `features/<name>` or `shared`. */
function layer(path: string): string {
  const feature = /^features\/([^/]+)\//.exec(path);
  if (feature) return `features/${feature[1]}`;
  return /^(app\/|main)/.test(path) ? "app" : "shared";
}

describe("imports go shared -> features -> app", () => {
  it.each(sources.filter(({ path }) => !path.includes(".test.")))("$path", (source) => {
    const own = layer(source.path);
    for (const target of imports(source)) {
      const other = layer(target);
      const allowed = own === "app" || other === "shared" || other === own;
      expect(allowed, `${source.path} imports ${target}`).toBe(true);
    }
  });

  it("sees the imports at all", () => {
    const page = sources.find(({ path }) => path === "app/server-card.tsx");
    expect(page && imports(page)).toContain("features/connect/connect-panel");
  });
});

it("no source writes markup from text", () => {
  const names = ["dangerouslySet" + "InnerHTML", "inner" + "HTML", "document." + "write"];
  for (const { path, text } of sources) {
    for (const name of names) expect(text.includes(name), `${path}: ${name}`).toBe(false);
  }
});

describe("colours", () => {
  const css = readFileSync(join(SRC, "styles.css"), "utf8");
  const themes = {
    light: /:root \{([^}]+)\}/.exec(css)?.[1] ?? "",
    dark: /\[data-theme="dark"\] \{([^}]+)\}/.exec(css)?.[1] ?? "",
  };
  const texts: [string, string[]][] = [
    ["ink", ["canvas", "surface", "raised", "code", "accent-wash", "bad-wash"]],
    ["ink-soft", ["canvas", "surface", "raised", "code", "accent-wash", "bad-wash"]],
    ["accent", ["canvas", "surface", "accent-wash", "raised"]],
    ["on-accent", ["accent", "accent-strong"]],
    ["good", ["surface", "canvas", "good-wash", "code"]],
    ["warn", ["surface", "canvas", "warn-wash"]],
    ["bad", ["surface", "canvas", "bad-wash"]],
    ["info", ["surface", "canvas", "info-wash"]],
  ];

  it.each(["light", "dark"] as const)("have the contrast of WCAG AA in %s", (theme) => {
    const colour = (name: string) => {
      const hex = new RegExp(`--${name}: (#[0-9a-f]{6})`).exec(themes[theme])?.[1];
      if (!hex) throw new Error(`${theme} has no ${name}`);
      return hex;
    };
    for (const [text, grounds] of texts) {
      for (const ground of grounds) {
        const ratio = contrast(colour(text), colour(ground));
        expect(ratio, `${text} on ${ground}: ${ratio.toFixed(2)}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    for (const ground of ["surface", "canvas"]) {
      const ratio = contrast(colour("control"), colour(ground));
      expect(ratio, `control on ${ground}: ${ratio.toFixed(2)}`).toBeGreaterThanOrEqual(3);
    }
  });
});

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(left: string, right: string): number {
  const luminance = (hex: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
      const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
      return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark = 0, light = 0] = [luminance(left), luminance(right)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

it("finds its own files", () => {
  expect(relative(SRC, join(SRC, "main.tsx"))).toBe("main.tsx");
  expect(sources.length).toBeGreaterThan(50);
});
