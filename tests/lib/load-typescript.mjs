// The tools of a generated project as its sources have them, without a build: Node
// strips the types. Nothing of it may need a package.
import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith(".") && specifier.endsWith(".js")) {
      const source = new URL(specifier.replace(/\.js$/, ".ts"), context.parentURL);
      if (existsSync(fileURLToPath(source))) return { url: source.href, shortCircuit: true };
    }
    return next(specifier, context);
  },
});

/** The tools of the project in `folder`, and what makes requests of their inputs. */
export async function loadTypescript(folder) {
  const load = (file) => import(pathToFileURL(path.join(folder, "src", file)).href);
  const { tools } = await load("tools/index.ts");
  const { buildRequest } = await load("http/request.ts");
  return { tools, buildRequest };
}
