// A studio as a process of its own, so that it can be killed. Started by
// crash.mjs with the folder that keeps its state; answers questions about what is
// stored.
import { startWorkerd } from "./workerd.mjs";

const workerd = await startWorkerd({
  persist: process.argv[2],
  // Tokens are issued by whoever asks.
  vars: { DEV_ISSUER_KEY: process.argv[3] },
});

const questions = {
  async query(sql, ...values) {
    const { results } = await workerd.database
      .prepare(sql)
      .bind(...values)
      .all();
    return results;
  },
  async object(key) {
    const found = await workerd.bucket.get(key);
    return found === null ? null : found.text();
  },
  async scheduled() {
    const { outcome } = await workerd.scheduled();
    return outcome;
  },
};

process.on("message", async ({ id, name, args }) => {
  try {
    process.send({ id, answer: await questions[name](...args) });
  } catch (error) {
    process.send({ id, error: error.message });
  }
});
// Whoever started it is gone.
process.on("disconnect", () => process.exit());
process.send({ origin: workerd.origin });
