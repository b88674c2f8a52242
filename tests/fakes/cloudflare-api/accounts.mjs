// Who there is: ids and tokens are the examples of Cloudflare's documentation, or
// of their form.

/** Its token may edit Workers; it has a workers.dev subdomain and a namespace. */
const READY = {
  id: "023e105f4ecef8ad9ca31a8372d0c353",
  token: "Sn3lZJTBX6kkg7OdcBUAxOO963GEIyGQqnFTOFYY",
  subdomain: "my-subdomain",
  namespaces: ["servers"],
};

/** As `READY`, and somebody else's. */
const OTHER = {
  id: "9a7806061c88ada191ed06f989cc3dac",
  token: "8M7wS6hCpXVc-DoRnPPY_UCWPgy8aea4Wy6kCe5T",
  subdomain: "their-subdomain",
  namespaces: [],
};

/** Nobody has opened Workers & Pages in it yet. */
const NEW = {
  id: "f037e56e89293a057740de681ac9abbe",
  token: "YQSn-xWAQiiEh9qM58wZNnyQS7FUdoqGIUAbrh7T",
  subdomain: undefined,
  namespaces: [],
};

export const ACCOUNTS = { ready: READY, other: OTHER, new: NEW };

export function accountOf(id) {
  return Object.values(ACCOUNTS).find((account) => account.id === id);
}

export function ownerOf(token) {
  return Object.values(ACCOUNTS).find((account) => account.token === token);
}
