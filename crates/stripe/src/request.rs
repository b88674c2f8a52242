//! Requests that are made, as forms (`application/x-www-form-urlencoded`).

use url::form_urlencoded::Serializer;

use crate::Owner;
use crate::event::is_id;

/// `POST /v1/checkout/sessions`.
pub const CHECKOUT_PATH: &str = "/v1/checkout/sessions";

/// `POST /v1/billing_portal/sessions`.
pub const PORTAL_PATH: &str = "/v1/billing_portal/sessions";

/// A page on which somebody subscribes
/// (<https://docs.stripe.com/api/checkout/sessions/create>).
#[derive(Debug, Clone, Copy)]
pub struct Checkout<'a> {
    pub owner: &'a Owner,
    /// `price_…`, one that recurs.
    pub price: &'a str,
    /// Seats.
    pub quantity: u32,
    /// One that has bought before.
    pub customer: Option<&'a str>,
    /// Fills in the form of one that has not.
    pub email: Option<&'a str>,
    /// Where the browser goes afterwards.
    pub success_url: &'a str,
    /// Where it goes when nothing was bought.
    pub cancel_url: &'a str,
}

impl Checkout<'_> {
    /// The owner is written into the session and into the subscription that comes of
    /// it, so that every event says whose it is.
    #[must_use]
    pub fn form(&self) -> String {
        let (member, id) = self.owner.entry();
        let mut form = Serializer::new(String::new());
        form.append_pair("mode", "subscription")
            .append_pair("line_items[0][price]", self.price)
            .append_pair("line_items[0][quantity]", &self.quantity.to_string())
            .append_pair("client_reference_id", id)
            .append_pair(&format!("metadata[{member}]"), id)
            .append_pair(&format!("subscription_data[metadata][{member}]"), id)
            .append_pair("success_url", self.success_url)
            .append_pair("cancel_url", self.cancel_url);
        // Stripe takes one of the two.
        match (self.customer, self.email) {
            (Some(customer), _) => form.append_pair("customer", customer),
            (None, Some(email)) => form.append_pair("customer_email", email),
            (None, None) => &mut form,
        };
        form.finish()
    }
}

/// The form of a page on which a customer changes or ends what they have
/// (<https://docs.stripe.com/api/customer_portal/sessions/create>).
#[must_use]
pub fn portal_form(customer: &str, return_url: &str) -> String {
    Serializer::new(String::new())
        .append_pair("customer", customer)
        .append_pair("return_url", return_url)
        .finish()
}

/// `GET /v1/subscriptions/{id}`, and `DELETE` to end it at once; `None` where the id
/// is none (<https://docs.stripe.com/api/subscriptions/cancel>).
#[must_use]
pub fn subscription_path(id: &str) -> Option<String> {
    is_id(id).then(|| format!("/v1/subscriptions/{id}"))
}
