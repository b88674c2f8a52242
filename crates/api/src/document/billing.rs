//! What is bought, and what others tell by webhook.

use crate::{Billing, BillingPage, ErrorEnvelope, OpenPortal, StartCheckout, WebhookReceipt};

/// What you have bought, for yourself and for the teams that you own.
#[utoipa::path(get, path = "/api/billing", tag = "billing", operation_id = "get_billing",
    security(("bearer" = ["session"])),
    responses(
        (status = 200, description = "Also where nothing can be bought here", body = Billing),
        (status = 403, description = "Not by a personal token", body = ErrorEnvelope),
    ))]
pub(super) fn get_billing() {}

/// Start to subscribe; the browser goes to the page at `url`.
#[utoipa::path(post, path = "/api/billing/checkout", tag = "billing", operation_id = "start_checkout",
    security(("bearer" = ["session"])),
    request_body = StartCheckout,
    responses(
        (status = 200, description = "The page at Stripe", body = BillingPage),
        (status = 400, description = "Invalid field", body = ErrorEnvelope),
        (status = 403, description = "Not by a personal token, or not the team's owner", body = ErrorEnvelope),
        (status = 404, description = "No such team", body = ErrorEnvelope),
        (status = 409, description = "Subscribed already, or billing is not configured", body = ErrorEnvelope),
        (status = 429, description = "Stripe takes no more requests for now", body = ErrorEnvelope),
        (status = 502, description = "Stripe refused or did not answer", body = ErrorEnvelope),
    ))]
pub(super) fn start_checkout() {}

/// Change or end a subscription; the browser goes to the page at `url`.
#[utoipa::path(post, path = "/api/billing/portal", tag = "billing", operation_id = "open_billing_portal",
    security(("bearer" = ["session"])),
    request_body = OpenPortal,
    responses(
        (status = 200, description = "The page at Stripe", body = BillingPage),
        (status = 400, description = "Invalid field", body = ErrorEnvelope),
        (status = 403, description = "Not by a personal token, or not the team's owner", body = ErrorEnvelope),
        (status = 404, description = "No such team", body = ErrorEnvelope),
        (status = 409, description = "Nothing bought yet, or billing is not configured", body = ErrorEnvelope),
        (status = 429, description = "Stripe takes no more requests for now", body = ErrorEnvelope),
        (status = 502, description = "Stripe refused or did not answer", body = ErrorEnvelope),
    ))]
pub(super) fn open_billing_portal() {}

/// Clerk tells of people, organisations and memberships. Signed as Standard Webhooks
/// says; `svix-…` is as good as `webhook-…`.
#[utoipa::path(post, path = "/api/webhooks/clerk", tag = "webhooks", operation_id = "receive_clerk_webhook",
    security(()),
    params(
        ("webhook-id" = Option<String>, Header, description = "The same each time a message is sent"),
        ("webhook-timestamp" = Option<String>, Header, description = "Seconds since 1970"),
        ("webhook-signature" = Option<String>, Header, description = "`v1,` and base64, several between spaces"),
    ),
    request_body(content = Object, content_type = "application/json"),
    responses(
        (status = 200, description = "Taken in", body = WebhookReceipt),
        (status = 400, description = "Not signed by who may send, or no event", body = ErrorEnvelope),
        (status = 413, description = "Over 256 kB", body = ErrorEnvelope),
        (status = 415, description = "With a content encoding", body = ErrorEnvelope),
        (status = 503, description = "No secret is configured", body = ErrorEnvelope),
    ))]
pub(super) fn receive_clerk_webhook() {}

/// Stripe tells of checkouts, subscriptions and invoices.
#[utoipa::path(post, path = "/api/webhooks/stripe", tag = "webhooks", operation_id = "receive_stripe_webhook",
    security(()),
    params(("Stripe-Signature" = Option<String>, Header, description = "`t=…,v1=…`")),
    request_body(content = Object, content_type = "application/json"),
    responses(
        (status = 200, description = "Taken in", body = WebhookReceipt),
        (status = 400, description = "Not signed by who may send, or no event", body = ErrorEnvelope),
        (status = 413, description = "Over 256 kB", body = ErrorEnvelope),
        (status = 415, description = "With a content encoding", body = ErrorEnvelope),
        (status = 503, description = "No secret is configured", body = ErrorEnvelope),
    ))]
pub(super) fn receive_stripe_webhook() {}
