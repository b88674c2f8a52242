// https://docs.stripe.com/api/errors
export class Refusal extends Error {
  constructor(status, code, message, param, { type = "invalid_request_error", headers = {} } = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.body = {
      error: {
        ...(code && {
          code,
          doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`,
        }),
        message,
        ...(param && { param }),
        type,
      },
    };
  }
}
