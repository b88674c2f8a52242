// A program, run to its end.
import { spawn } from "node:child_process";

/** How long a program may take, in milliseconds. */
const TIMEOUT = 180_000;

/** `{stdout, stderr}`; throws with both where it fails. `options` are those of `spawn`. */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: TIMEOUT,
      killSignal: "SIGKILL",
      ...options,
    });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"]) {
      child[name].setEncoding("utf8").on("data", (text) => {
        output[name] += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve(output);
      else {
        const command = [program, ...args].join(" ");
        const error = new Error(
          `${command} ended with ${signal ?? code}:\n${output.stdout}\n${output.stderr}`,
        );
        reject(Object.assign(error, { code, ...output }));
      }
    });
  });
}
