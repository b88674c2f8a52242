/** A vault key for tests; no other studio has it. 32 bytes. */
export const VAULT_KEY = Buffer.alloc(32, "mcpengine tests ");
