import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { initialSize } from "./vite/initial-size.ts";

/** The Worker that `vite dev` passes API and server calls on to. */
const WORKER = process.env.MCPENGINE_WORKER ?? "http://localhost:8787";

export default defineConfig({
  plugins: [react(), tailwindcss(), initialSize({ limitBytes: 250 * 1000 })],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // Where the Worker puts the nonce of each answer (src/site.rs).
  html: { cspNonce: "MCPENGINE_NONCE" },
  server: { proxy: { "^/(api|s|sample-api|dev-issuer)/": WORKER } },
  build: {
    target: "es2023",
    // The gzip figure that counts is the initial one, printed by our plugin.
    reportCompressedSize: false,
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}", "vite/**/*.test.ts"],
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
  },
});
