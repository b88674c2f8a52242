// Forms as Stripe takes them: `a[b][0]=c`. Every member is one that the endpoint
// documents, others are refused (`parameter_unknown`), as are wrong values.
import { Refusal } from "./refusal.mjs";

const METADATA = { type: "map", keys: 50, key: 40, value: 500 };
const URL_FIELD = { type: "url" };

/** https://docs.stripe.com/api/checkout/sessions/create, of what a subscription needs. */
export const CHECKOUT = {
  mode: { type: "enum", values: ["payment", "setup", "subscription"], required: true },
  "line_items[*][price]": { type: "text" },
  "line_items[*][quantity]": { type: "integer" },
  client_reference_id: { type: "text", max: 200 },
  customer: { type: "text" },
  customer_email: { type: "email" },
  success_url: { ...URL_FIELD, required: true },
  cancel_url: URL_FIELD,
  allow_promotion_codes: { type: "enum", values: ["true", "false"] },
  metadata: METADATA,
  "subscription_data[metadata]": METADATA,
};

/** https://docs.stripe.com/api/customer_portal/sessions/create */
export const PORTAL = {
  customer: { type: "text", required: true },
  configuration: { type: "text" },
  return_url: URL_FIELD,
};

/** `{name: value}` by the names above, maps as objects, lists by index. */
export function readForm(text, fields) {
  const found = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const [field, rule, key] = ruleOf(name, fields);
    if (!rule) {
      throw new Refusal(400, "parameter_unknown", `Received unknown parameter: ${name}`, name);
    }
    if (rule.type === "map") {
      found[field] ??= {};
      found[field][key] = value;
      if (Object.keys(found[field]).length > rule.keys || key.length > rule.key) invalid(name);
      if (value.length > rule.value) invalid(name);
    } else {
      check(name, value, rule);
      found[name] = value;
    }
  }
  for (const [name, rule] of Object.entries(fields)) {
    if (rule.required && found[name] === undefined) {
      throw new Refusal(400, "parameter_missing", `Missing required param: ${name}.`, name);
    }
  }
  return found;
}

function ruleOf(name, fields) {
  const rule = fields[name] ?? fields[name.replace(/\[\d+\]/, "[*]")];
  if (rule && rule.type !== "map") return [name, rule];
  const map = /^(.+)\[([^[\]]+)\]$/.exec(name);
  const of = map && fields[map[1]];
  return of?.type === "map" ? [map[1], of, map[2]] : [];
}

function check(name, value, { type, values, max = 5_000 }) {
  const good = {
    text: () => value !== "" && value.length <= max,
    enum: () => values?.includes(value),
    integer: () => /^\d{1,9}$/.test(value),
    email: () => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value),
    url: () => /^https?:\/\//.test(value) && URL.canParse(value),
  }[type]();
  if (!good) invalid(name);
}

function invalid(name) {
  throw new Refusal(400, "parameter_invalid", `Invalid value for ${name}`, name);
}
