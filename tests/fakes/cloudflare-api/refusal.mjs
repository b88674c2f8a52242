/** What the API answers in place of a result. */
export class Refusal extends Error {
  constructor(status, code, message, { chain, retryAfter } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.chain = chain;
    this.retryAfter = retryAfter;
  }

  get body() {
    const error = { code: this.code, message: this.message };
    if (this.chain) error.error_chain = this.chain;
    return { success: false, errors: [error], messages: [], result: null };
  }
}
