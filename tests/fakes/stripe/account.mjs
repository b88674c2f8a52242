// One account at Stripe: its prices, customers and subscriptions, and the events
// that tell of them (https://docs.stripe.com/api/events/types).
import { randomBytes } from "node:crypto";
import { Refusal } from "./refusal.mjs";

export const KEY = "sk_test_51FakeFakeFakeFakeFakeFake";
export const PRICES = { pro: "price_1ProMonthly", team: "price_1TeamSeat" };
const MONTH = 30 * 86_400;

const id = (prefix) => `${prefix}_1${randomBytes(12).toString("hex")}`;

export class Account {
  /** Its clock, in seconds; time passes when a test says so. */
  now = 1_760_000_000;
  sessions = new Map();
  customers = new Map();
  subscriptions = new Map();
  events = [];

  /** POST /v1/checkout/sessions of a subscription. */
  checkout(fields, origin) {
    if (fields.mode !== "subscription") {
      throw new Refusal(400, "parameter_invalid", "This account sells subscriptions", "mode");
    }
    const price = fields["line_items[0][price]"];
    if (!price) {
      throw new Refusal(
        400,
        "parameter_missing",
        "Missing required param: line_items.",
        "line_items",
      );
    }
    if (!Object.values(PRICES).includes(price)) {
      const param = "line_items[0][price]";
      throw new Refusal(400, "resource_missing", `No such price: '${price}'`, param);
    }
    if (fields.customer && fields.customer_email) {
      throw new Refusal(
        400,
        null,
        "You may only specify one of these parameters: customer, customer_email.",
      );
    }
    if (fields.customer) this.customer(fields.customer);
    const session = {
      id: id("cs_test"),
      object: "checkout.session",
      cancel_url: fields.cancel_url ?? null,
      client_reference_id: fields.client_reference_id ?? null,
      created: this.now,
      customer: fields.customer ?? null,
      customer_email: fields.customer_email ?? null,
      expires_at: this.now + 86_400,
      livemode: false,
      metadata: fields.metadata ?? {},
      mode: "subscription",
      payment_status: "unpaid",
      status: "open",
      subscription: null,
      success_url: fields.success_url,
    };
    session.url = `${origin}/c/pay/${session.id}`;
    const quantity = Number(fields["line_items[0][quantity]"] ?? 1);
    const metadata = fields["subscription_data[metadata]"] ?? {};
    this.sessions.set(session.id, { session, price, quantity, metadata });
    return session;
  }

  /** POST /v1/billing_portal/sessions. */
  portal(fields, origin) {
    this.customer(fields.customer);
    const session = {
      id: id("bps"),
      object: "billing_portal.session",
      configuration: "bpc_1Default",
      created: this.now,
      customer: fields.customer,
      livemode: false,
      return_url: fields.return_url ?? null,
    };
    return { ...session, url: `${origin}/p/session/${session.id}` };
  }

  customer(wanted) {
    const customer = this.customers.get(wanted);
    if (customer) return customer;
    throw new Refusal(400, "resource_missing", `No such customer: '${wanted}'`, "customer");
  }

  /** GET /v1/subscriptions/{id}. */
  subscription(wanted) {
    const subscription = this.subscriptions.get(wanted);
    if (subscription) return subscription;
    throw new Refusal(404, "resource_missing", `No such subscription: '${wanted}'`, "id");
  }

  /** DELETE /v1/subscriptions/{id}: one that has ended is not found. */
  cancel(wanted) {
    if (this.subscription(wanted).status !== "canceled") return this.end(wanted, 0);
    throw new Refusal(404, "resource_missing", `No such subscription: '${wanted}'`, "id");
  }

  /** Somebody pays on the page of a session: its three events, all of one second. */
  complete(sessionId) {
    const { session, price, quantity, metadata } = this.sessions.get(sessionId) ?? {};
    if (!session)
      throw new Refusal(404, "resource_missing", `No such checkout.session: '${sessionId}'`);
    if (session.status !== "open") throw new Refusal(400, null, "This Session is not open.");
    session.customer ??= id("cus");
    this.customers.set(session.customer, {
      id: session.customer,
      object: "customer",
      email: session.customer_email,
    });
    const subscription = this.subscribe({ customer: session.customer, price, quantity, metadata });
    this.change(subscription.id, 0, { status: "active" });
    Object.assign(session, {
      payment_status: "paid",
      status: "complete",
      subscription: subscription.id,
      url: null,
    });
    this.#tell("checkout.session.completed", session);
    return session;
  }

  /** A subscription that waits for its first payment. */
  subscribe({ customer, price = PRICES.pro, quantity = 1, metadata = {} }) {
    const subscription = {
      id: id("sub"),
      object: "subscription",
      billing_mode: { type: "flexible" },
      cancel_at: null,
      cancel_at_period_end: false,
      canceled_at: null,
      collection_method: "charge_automatically",
      created: this.now,
      currency: "usd",
      customer,
      description: null,
      ended_at: null,
      items: {
        object: "list",
        data: [
          {
            id: id("si"),
            object: "subscription_item",
            current_period_end: this.now + MONTH,
            current_period_start: this.now,
            price: {
              id: price,
              object: "price",
              currency: "usd",
              recurring: { interval: "month" },
            },
            quantity,
          },
        ],
        has_more: false,
      },
      livemode: false,
      metadata,
      start_date: this.now,
      status: "incomplete",
    };
    this.subscriptions.set(subscription.id, subscription);
    this.customers.set(
      customer,
      this.customers.get(customer) ?? { id: customer, object: "customer" },
    );
    this.#tell("customer.subscription.created", subscription);
    return subscription;
  }

  /** So many seconds later: members of the subscription, or `quantity`, `renew`. */
  change(wanted, later, { quantity, renew, ...members }) {
    this.now += later;
    const subscription = this.subscription(wanted);
    const before = structuredClone(subscription);
    const [item] = subscription.items.data;
    for (const name of Object.keys(members)) {
      if (!(name in subscription))
        throw new Refusal(400, "parameter_unknown", `Received unknown parameter: ${name}`, name);
    }
    Object.assign(subscription, members);
    if (quantity !== undefined) item.quantity = quantity;
    if (renew) {
      item.current_period_start = item.current_period_end;
      item.current_period_end += MONTH;
    }
    const previous = Object.fromEntries(
      Object.entries(before).filter(
        ([name, value]) => JSON.stringify(value) !== JSON.stringify(subscription[name]),
      ),
    );
    if (Object.keys(previous).length > 0) {
      this.#tell("customer.subscription.updated", subscription, previous);
    }
    return subscription;
  }

  end(wanted, later) {
    this.now += later;
    const subscription = this.subscription(wanted);
    Object.assign(subscription, { status: "canceled", canceled_at: this.now, ended_at: this.now });
    this.#tell("customer.subscription.deleted", subscription);
    return subscription;
  }

  /** A payment does not go through: the invoice's event, then the subscription's. */
  fail(wanted, later) {
    this.now += later;
    const subscription = this.subscription(wanted);
    this.#tell("invoice.payment_failed", {
      id: id("in"),
      object: "invoice",
      attempt_count: 1,
      billing_reason: "subscription_cycle",
      customer: subscription.customer,
      parent: {
        quote_details: null,
        subscription_details: { metadata: subscription.metadata, subscription: wanted },
        type: "subscription_details",
      },
      status: "open",
    });
    return this.change(wanted, 0, { status: "past_due" });
  }

  #tell(type, object, previous) {
    this.events.push({
      id: id("evt"),
      object: "event",
      api_version: "2026-07-29.dahlia",
      created: this.now,
      data: structuredClone({ object, ...(previous && { previous_attributes: previous }) }),
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      type,
    });
  }
}
