//! Where Cloudflare's API is, and where its Workers answer. Both are Cloudflare's
//! own, except in development and tests, where a stand-in on loopback takes its place.

use mcpengine_cloudflare::API_URL;
use url::{Host, Url};

const WORKERS_URL: &str = "https://{script}.{subdomain}.workers.dev";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CloudflareUrls {
    /// Without a slash at its end.
    pub(crate) api: String,
    /// With `{script}` and `{subdomain}`.
    workers: String,
}

impl CloudflareUrls {
    /// Reads the vars; what is not set is Cloudflare's own.
    ///
    /// # Errors
    /// A sentence: one is no address, plain http, or on loopback where that is not
    /// allowed.
    pub(crate) fn parse(
        api: Option<String>,
        workers: Option<String>,
        allow_loopback: bool,
    ) -> Result<Self, String> {
        let urls = Self {
            api: api.map_or_else(
                || API_URL.to_owned(),
                |api| api.trim_end_matches('/').to_owned(),
            ),
            workers: workers.unwrap_or_else(|| WORKERS_URL.to_owned()),
        };
        check("CLOUDFLARE_API_URL", &urls.api, allow_loopback)?;
        if !["{script}", "{subdomain}"]
            .iter()
            .all(|part| urls.workers.contains(part))
        {
            return Err("WORKERS_DEV_URL has no {script} or no {subdomain}".to_owned());
        }
        let sample = urls.fill("sample", "sample");
        check("WORKERS_DEV_URL", &sample, allow_loopback)?;
        Ok(urls)
    }

    /// The address of a Worker, without a slash at its end. Both names are DNS
    /// labels (`mcpengine_cloudflare::names`).
    pub(crate) fn worker(&self, script: &str, subdomain: &str) -> Result<Url, url::ParseError> {
        Url::parse(&self.fill(script, subdomain))
    }

    fn fill(&self, script: &str, subdomain: &str) -> String {
        self.workers
            .replace("{script}", script)
            .replace("{subdomain}", subdomain)
    }
}

fn check(name: &str, text: &str, allow_loopback: bool) -> Result<(), String> {
    let url = Url::parse(text).map_err(|error| format!("{name}: {error}"))?;
    let is_loopback = match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost" || domain.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match (is_loopback, url.scheme()) {
        (true, "http" | "https") if allow_loopback => Ok(()),
        (true, _) => Err(format!("{name} is on loopback, which is not allowed here")),
        (false, "https") => Ok(()),
        (false, _) => Err(format!("{name} is not https")),
    }
}

#[cfg(test)]
mod tests {
    use super::CloudflareUrls;

    fn parse(api: &str, workers: &str, allow_loopback: bool) -> Result<CloudflareUrls, String> {
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        CloudflareUrls::parse(given(api), given(workers), allow_loopback)
    }

    #[test]
    fn without_vars_they_are_cloudflare_s_own() {
        let urls = parse("", "", false).expect("Cloudflare's own");
        assert_eq!(urls.api, "https://api.cloudflare.com/client/v4");
        let worker = urls.worker("pets", "my-subdomain").expect("an address");
        assert_eq!(worker.as_str(), "https://pets.my-subdomain.workers.dev/");
    }

    #[test]
    fn loopback_is_for_where_it_is_allowed() {
        let (api, workers) = (
            "http://127.0.0.1:8080/client/v4/",
            "http://localhost:8081/{subdomain}/{script}",
        );
        let urls = parse(api, workers, true).expect("development's");
        assert_eq!(urls.api, "http://127.0.0.1:8080/client/v4");
        let worker = urls.worker("pets", "mine").expect("an address");
        assert_eq!(worker.as_str(), "http://localhost:8081/mine/pets");
        for (api, workers) in [
            (api, ""),
            ("", workers),
            ("https://[::1]/", ""),
            ("https://127.1.2.3/", ""),
            ("https://a.localhost/", ""),
        ] {
            assert!(parse(api, workers, false).is_err(), "{api} {workers}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for (api, workers) in [
            ("api.cloudflare.com", ""),
            ("http://api.cloudflare.com/client/v4", ""),
            ("ftp://localhost/", ""),
            ("", "https://{script}.workers.dev"),
            ("", "https://{subdomain}.workers.dev"),
            ("", "http://{script}.{subdomain}.workers.dev"),
        ] {
            assert!(parse(api, workers, true).is_err(), "{api} {workers}");
        }
    }
}
