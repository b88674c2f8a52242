//! Where Stripe's API is and what is sold, from the vars of wrangler.toml.

use mcpengine_stripe::API_URL;
use url::{Host, Url};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StripeVars {
    /// Without a slash at its end. Stripe's own, except in development and tests,
    /// where a stand-in on loopback takes its place.
    pub(crate) api: String,
    /// `price_…` of the tier pro.
    pub(crate) price_pro: Option<String>,
    /// `price_…` of a seat in a team.
    pub(crate) price_team: Option<String>,
}

impl StripeVars {
    /// What is not set is not sold.
    ///
    /// # Errors
    /// A sentence: another address than Stripe's where loopback is not allowed, or
    /// one that is not on loopback.
    pub(crate) fn parse(
        api: Option<String>,
        price_pro: Option<String>,
        price_team: Option<String>,
        allow_loopback: bool,
    ) -> Result<Self, String> {
        let api = api.unwrap_or_else(|| API_URL.to_owned());
        let api = api.trim_end_matches('/').to_owned();
        if api != API_URL && !(allow_loopback && is_loopback(&api)) {
            return Err(format!(
                "STRIPE_API_URL is not {API_URL}; another is for development, on loopback"
            ));
        }
        Ok(Self {
            api,
            price_pro,
            price_team,
        })
    }
}

fn is_loopback(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else {
        return false;
    };
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::StripeVars;

    fn api(text: &str, allow_loopback: bool) -> Result<String, String> {
        let given = Some(text.to_owned()).filter(|text| !text.is_empty());
        StripeVars::parse(given, None, None, allow_loopback).map(|vars| vars.api)
    }

    #[test]
    fn it_is_stripe_s_own_or_on_loopback_where_that_is_allowed() {
        for allow_loopback in [true, false] {
            for text in ["", "https://api.stripe.com", "https://api.stripe.com/"] {
                let expected = Ok("https://api.stripe.com".to_owned());
                assert_eq!(api(text, allow_loopback), expected);
            }
            for text in [
                "http://api.stripe.com",
                "https://api.stripe.com.example.com",
                "https://example.com",
                "api.stripe.com",
            ] {
                assert!(api(text, allow_loopback).is_err(), "{text}");
            }
        }
        let loopback = "http://127.0.0.1:8080";
        assert_eq!(api(loopback, true), Ok(loopback.to_owned()));
        assert!(api(loopback, false).is_err());
    }
}
