// Writes package-lock.json in a clean folder, see `cargo xtask lock`.
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "lock-"));
const { workspaces } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const files = ["package.json", ".npmrc", ...workspaces.map((name) => `${name}/package.json`)];
for (const file of files.filter((file) => existsSync(join(root, file)))) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  cpSync(join(root, file), join(folder, file));
}
// The old lock keeps the versions that still fit.
if (!process.argv.includes("--upgrade") && existsSync(join(root, "package-lock.json"))) {
  copyFileSync(join(root, "package-lock.json"), join(folder, "package-lock.json"));
}
execFileSync("npm", ["install", "--package-lock-only", "--no-audit", "--no-fund"], {
  cwd: folder,
  stdio: "inherit",
});

const file = join(folder, "package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8"));
const workerd = lock.packages["node_modules/workerd"];
for (const [name, version] of Object.entries(workerd.optionalDependencies)) {
  const [, system, cpu] = name.match(/workerd-(\w+)-(\w+)$/);
  lock.packages[`node_modules/${name}`] ??= {
    version,
    cpu: [cpu === "64" ? "x64" : cpu],
    dev: true,
    optional: true,
    os: [system === "windows" ? "win32" : system],
  };
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
);
writeFileSync(join(root, "package-lock.json"), `${JSON.stringify(lock, null, 2)}\n`);
rmSync(folder, { recursive: true });
