//! From a Host to a hosted server. The Host decides before anything else: a
//! studio host gets the studio, `{slug}.{domain}` its server, and every other
//! Host 421, never the front end.

mod headers;

use std::rc::Rc;

use mcpengine_store::deployments::Access;
use mcpengine_store::hosting::{self, LiveServer, ValidToken};
use mcpengine_vault::token;
use wasm_bindgen::JsValue;
use web_sys::Request;
use worker::{Response, Url};

use crate::adapters::d1::D1;
use crate::app::App;
use crate::bindings;
use crate::calls::Meter;
use crate::clock;
use crate::config::Config;
use crate::error::{ApiError, shown};
use crate::gateway::headers::{header, names, preflight, with_cors};
use crate::hosted;

/// Who is meant by a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Studio,
    /// A hosted server and the path in it.
    Server {
        slug: String,
        path: String,
    },
    /// A Host that is nobody's.
    Nobody,
}

/// A request to a hosted server: where it came in, and what that means.
#[derive(Debug)]
pub(crate) struct Addressed {
    pub(crate) url: Url,
    pub(crate) slug: String,
    /// Of the server's own.
    pub(crate) path: String,
}

/// Reads the target off Host and path.
///
/// In development servers are also at `{slug}.localhost` and, because clients
/// outside browsers do not resolve that, at `/s/{slug}/…` of the studio.
pub(crate) fn target(config: &Config, host: &str, path: &str) -> Target {
    let host = host_name(host);
    if config.studio_hosts.contains(&host) {
        let by_path = path.strip_prefix("/s/").filter(|_| config.is_development());
        if let Some(rest) = by_path {
            let (slug, rest) = rest.split_once('/').unwrap_or((rest, ""));
            return Target::Server {
                slug: slug.to_owned(),
                path: format!("/{rest}"),
            };
        }
        return Target::Studio;
    }
    let slug = host
        .strip_suffix(&format!(".{}", config.servers_domain))
        .or_else(|| {
            if config.is_development() {
                host.strip_suffix(".localhost")
            } else {
                None
            }
        });
    match slug {
        Some(slug) if !slug.is_empty() && !slug.contains('.') => Target::Server {
            slug: slug.to_owned(),
            path: path.to_owned(),
        },
        _ => Target::Nobody,
    }
}

/// A Host header without its port and trailing dot, lower case.
fn host_name(host: &str) -> String {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name.trim_end_matches('.').to_ascii_lowercase()
}

/// What a server says of itself to those who look for servers (SEP-2127): where
/// it is and what it is called, not its tools.
const INTRODUCTIONS: [&str; 2] = ["/mcp/server-card", "/.well-known/ai-catalog.json"];

/// Answers a request to a hosted server:
/// 1. CORS preflight: any page may ask, because nothing here rests on cookies;
/// 2. the slug's live version, else 404 `server_not_found`, or 503
///    `server_stopped` where its owner stopped it;
/// 3. the endpoint token, else 401, except of what introduces the server
///    ([`INTRODUCTIONS`]);
/// 4. the path, else 404 with a pointer to `/mcp`;
/// 5. the isolate's own answer, else 502 `server_failed`; it is measured on its
///    way and recorded behind it (src/calls).
pub(crate) async fn serve(
    app: &Rc<App>,
    request: Request,
    server: &Addressed,
    request_id: &str,
) -> Result<Response, ApiError> {
    if request.method() == "OPTIONS" {
        return preflight(&request);
    }
    match answer(app, request, server).await {
        Ok(response) => with_cors(response),
        // What made an isolate fail is for its owner, who sees it at deployment.
        Err(mut error) => {
            if error.status >= 500 {
                error.details = None;
            }
            let challenge = (error.status == 401)
                .then(|| format!("Bearer realm=\"{}\", error=\"invalid_token\"", server.slug));
            let mut response = crate::http::error_response(&error, request_id);
            if let Some(challenge) = challenge {
                crate::http::set_header(&mut response, "www-authenticate", &challenge)?;
            }
            with_cors(response)
        }
    }
}

async fn answer(app: &Rc<App>, request: Request, at: &Addressed) -> Result<Response, ApiError> {
    let (slug, path) = (at.slug.as_str(), at.path.as_str());
    let introduces = INTRODUCTIONS.contains(&path);
    let server = if introduces {
        hosting::resolve(&app.db, slug).await?
    } else {
        admitted(app, slug, &request).await?
    };
    let Some(server) = server else {
        return Err(nobody(app, slug).await?);
    };
    match path {
        _ if introduces => {}
        "/mcp" | "/" => {}
        "/sse" | "/messages" => {
            return Err(ApiError::new(
                410,
                "transport_gone",
                "The HTTP+SSE transport is gone. Use Streamable HTTP at /mcp",
            ));
        }
        _ => {
            return Err(ApiError::not_found(
                "no_such_path",
                "The server answers at /mcp",
            ));
        }
    }
    let meter = if introduces {
        None
    } else {
        Meter::start(&request, &server)
    };
    let inner = inner_request(&request, at, server.access)?;
    let answer = hosted::run(app, &server.try_into()?, &inner).await;
    let answer = match meter {
        Some(meter) => meter.watch(app, answer).await,
        None => answer,
    };
    answer.map(Response::from)
}

/// Why nobody answers at the name.
async fn nobody(app: &App, slug: &str) -> Result<ApiError, ApiError> {
    if hosting::is_stopped(&app.db, slug).await? {
        return Ok(ApiError::new(
            503,
            "server_stopped",
            format!(
                "The server at {} is stopped. Its owner can start it",
                shown(slug)
            ),
        ));
    }
    Ok(ApiError::not_found(
        "server_not_found",
        format!("No server is live at {}", shown(slug)),
    ))
}

/// The live server, where its caller may enter: a public one lets in everybody;
/// else the bearer token has to be one of the project's, compared by its hash.
async fn admitted(
    app: &App,
    slug: &str,
    request: &Request,
) -> Result<Option<LiveServer>, ApiError> {
    // Form and checksum first: a typing error costs no look-up of a token.
    let hash = header(request, "authorization")
        .and_then(|given| token::parse(token::ENDPOINT_PREFIX, token::bearer(&given)?));
    let found = match &hash {
        Some(hash) => hosting::resolve_with_token(&app.db, slug, hash).await?,
        None => hosting::resolve(&app.db, slug).await?.map(|it| (it, None)),
    };
    let Some((server, held)) = found else {
        return Ok(None);
    };
    if server.access == Access::Public {
        return Ok(Some(server));
    }
    match (held, hash) {
        (Some(held), Some(hash)) if token::same(&held.token_hash, &hash) => {
            note_use(app, held)?;
            Ok(Some(server))
        }
        _ => Err(ApiError::new(
            401,
            "invalid_token",
            "This server wants an endpoint token: Authorization: Bearer mcpe_…",
        )),
    }
}

/// Keeps when the token was used, behind the answer and at most once an hour.
fn note_use(app: &App, token: ValidToken) -> Result<(), ApiError> {
    let now = clock::now();
    if token.is_use_due(&now) {
        let db = D1(app.env.d1(bindings::DB)?);
        app.behind(async move {
            if let Err(error) = hosting::note_use(&db, &token, &now).await {
                crate::log::error!("the use of token {} is not noted: {error}", token.id);
            }
        });
    }
    Ok(())
}

/// The client's request as the isolate sees it: our path, no credential, no
/// cookie, nothing of the platform's but the address that clients know it by and
/// whether they need a token.
fn inner_request(outer: &Request, at: &Addressed, access: Access) -> Result<Request, ApiError> {
    let mut url = at.url.clone();
    let before = url
        .path()
        .strip_suffix(at.path.as_str())
        .unwrap_or_default();
    let mut endpoint = url.clone();
    endpoint.set_path(&format!("{before}/mcp"));
    endpoint.set_query(None);
    url.set_path(&at.path);
    let make = || -> Result<Request, JsValue> {
        let headers = web_sys::Headers::new_with_headers(&outer.headers())?;
        for name in ["authorization", "cookie"] {
            headers.delete(name)?;
        }
        let ours = ["cf-", "x-forwarded-", "x-real-ip", "mcpengine-"];
        for name in names(&headers) {
            if ours.iter().any(|prefix| name.starts_with(prefix)) {
                headers.delete(&name)?;
            }
        }
        headers.set("mcpengine-endpoint", endpoint.as_str())?;
        headers.set("mcpengine-access", access.as_str())?;
        // Not made from the client's request as a whole: that has in `cf` where
        // its sender is.
        let init = web_sys::RequestInit::new();
        init.set_method(&outer.method());
        init.set_headers(&headers);
        init.set_signal(Some(&outer.signal()));
        if let Some(body) = outer.body() {
            init.set_body(&body);
        }
        Request::new_with_str_and_init(url.as_str(), &init)
    };
    make().map_err(|error| ApiError::internal(&format!("inner request: {error:?}")))
}

/// 421 for a Host that is nobody's.
pub(crate) fn misdirected(host: &str) -> ApiError {
    ApiError::new(
        421,
        "misdirected_request",
        format!("Nothing is served for {}", shown(host)),
    )
}

#[cfg(test)]
mod tests {
    use mcpengine_api::Environment;

    use super::*;
    use crate::cloudflare_urls::CloudflareUrls;
    use crate::config::DeployAdapter;

    fn config(environment: Environment) -> Config {
        Config {
            minimum_tier: mcpengine_tiers::Tier::Free,
            environment,
            servers_domain: "mcpengine.run".to_owned(),
            studio_hosts: ["localhost", "127.0.0.1", "[::1]"]
                .map(str::to_owned)
                .to_vec(),
            cors_origins: Vec::new(),
            allow_loopback: false,
            authentication: crate::auth::Authentication::built_in(String::new()),
            adapter: DeployAdapter::Loader,
            cloudflare: CloudflareUrls::parse(None, None, false).expect("Cloudflare's own"),
            cloudflare_account: None,
            stripe: crate::stripe_vars::StripeVars::parse(None, None, None, true)
                .expect("Stripe's own"),
        }
    }

    fn check(environment: Environment, host: &str, path: &str, expected: Option<(&str, &str)>) {
        let expected = expected.map_or(Target::Nobody, |(slug, path)| match slug {
            "" => Target::Studio,
            _ => Target::Server {
                slug: slug.to_owned(),
                path: path.to_owned(),
            },
        });
        assert_eq!(
            target(&config(environment), host, path),
            expected,
            "{host}{path}"
        );
    }

    #[test]
    fn the_host_decides() {
        let dev = Environment::Development;
        for (host, path, expected) in [
            ("localhost:8787", "/", Some(("", ""))),
            ("LOCALHOST.", "/api/health", Some(("", ""))),
            ("[::1]:8787", "/", Some(("", ""))),
            ("127.0.0.1", "/x", Some(("", ""))),
            ("pets.mcpengine.run", "/mcp", Some(("pets", "/mcp"))),
            ("Pets.MCPEngine.run:443", "/", Some(("pets", "/"))),
            ("pets.localhost:8787", "/mcp", Some(("pets", "/mcp"))),
            ("localhost:8787", "/s/pets/mcp", Some(("pets", "/mcp"))),
            ("localhost:8787", "/s/pets", Some(("pets", "/"))),
            ("a.pets.mcpengine.run", "/mcp", None),
            (".mcpengine.run", "/mcp", None),
            ("mcpengine.run", "/", None),
            ("mcpengine.run.example.com", "/", None),
            ("example.com", "/s/pets/mcp", None),
            ("", "/", None),
        ] {
            check(dev, host, path, expected);
        }
    }

    #[test]
    fn development_s_addresses_are_not_production_s() {
        let production = Environment::Production;
        check(production, "pets.localhost", "/mcp", None);
        check(production, "localhost", "/s/pets/mcp", Some(("", "")));
        check(
            production,
            "pets.mcpengine.run",
            "/mcp",
            Some(("pets", "/mcp")),
        );
    }
}
