//! Access tokens that a hosted server gets with its client's id and secret (OAuth 2.0,
//! RFC 6749 §4.4). The isolate holds neither them nor the token, nor can it reach the
//! server that gives it.

use std::cell::RefCell;
use std::collections::HashMap;

use mcpengine_plan::{AuthScheme, ClientCredentials};
use serde_json::{Map, Value};
use url::form_urlencoded;
use worker::Method;

use super::base64;
use crate::adapters::fetch::{self, Answer, Outgoing};
use crate::clock;
use crate::config::Config;
use crate::digest;
use crate::error::ApiError;
use crate::secrets::Opened as Secrets;

/// Of what the authorization server answers.
const ANSWER_BYTES: usize = 64 << 10;
const TIMEOUT_SECS: u64 = 15;
/// A token is renewed this long before its end, or after half of its life.
const MARGIN_SECS: f64 = 60.0;
/// Of a token that does not say how long it lives, and the most that any is kept.
const DEFAULT_LIFE_SECS: f64 = 300.0;
const MAX_LIFE_SECS: f64 = 86_400.0;
const MAX_TOKEN_BYTES: usize = 16 << 10;
/// How many tokens an isolate keeps before it starts over.
const KEPT: usize = 1_000;
/// Of what the server says of a refusal.
const SHOWN_CHARS: usize = 300;

thread_local! {
    /// By a digest of the address, the id and the secret: who has no secret any more
    /// has no token.
    static TOKENS: RefCell<HashMap<String, Kept>> = RefCell::default();
}

#[derive(Debug, Clone)]
struct Kept {
    text: String,
    until_ms: u64,
}

/// A token as good as new.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) text: String,
    /// It was used before: another may be better where the API refuses it.
    pub(super) is_kept: bool,
    key: String,
}

impl Token {
    /// The next call gets another.
    pub(super) fn forget(&self) {
        TOKENS.with_borrow_mut(|tokens| {
            if tokens
                .get(&self.key)
                .is_some_and(|kept| kept.text == self.text)
            {
                tokens.remove(&self.key);
            }
        });
    }
}

/// What a scheme can get tokens with, where all of it is stored.
pub(super) fn client<'a>(
    scheme: &'a AuthScheme,
    secrets: &Secrets,
) -> Option<&'a ClientCredentials> {
    let client = scheme.client_credentials.as_ref()?;
    let is_stored = |it: &mcpengine_plan::SecretSpec| secrets.contains_key(&it.name);
    client.secrets.iter().all(is_stored).then_some(client)
}

/// # Errors
/// `no_access_token` (502) where the authorization server gives none; the message holds
/// no secret.
pub(super) async fn token(
    config: &Config,
    client: &ClientCredentials,
    secrets: &Secrets,
) -> Result<Token, ApiError> {
    let own = |index: usize| {
        let name = client.secrets.get(index).map(|it| it.name.as_str());
        let value = name.and_then(|name| secrets.get(name));
        (name.unwrap_or_default(), value.map_or("", String::as_str))
    };
    let ((id_name, id), (_, secret)) = (own(0), own(1));
    let asked = Asked {
        url: &client.token_url,
        id_name,
        id,
        secret,
        scope: client.scopes.join(" "),
    };
    let key = digest::sha256_hex(format!("{}\n{id}\n{secret}", asked.url).as_bytes()).await?;
    let kept = TOKENS.with_borrow(|tokens| tokens.get(&key).cloned());
    if let Some(kept) = kept.filter(|kept| kept.until_ms > clock::now_millis()) {
        return Ok(Token {
            text: kept.text,
            is_kept: true,
            key,
        });
    }
    let kept = asked.ask(config).await?;
    let text = kept.text.clone();
    TOKENS.with_borrow_mut(|tokens| {
        if tokens.len() >= KEPT {
            tokens.clear();
        }
        tokens.insert(key.clone(), kept);
    });
    Ok(Token {
        text,
        is_kept: false,
        key,
    })
}

struct Asked<'a> {
    url: &'a str,
    /// The variable that holds the id, for messages.
    id_name: &'a str,
    id: &'a str,
    secret: &'a str,
    /// Asked for where the server does not choose by itself.
    scope: String,
}

/// What RFC 6749 §5.1 and §5.2 let a server say. Nothing where it is no object.
struct Reply(Map<String, Value>);

impl Reply {
    fn of(bytes: &[u8]) -> Self {
        Self(serde_json::from_slice(bytes).unwrap_or_default())
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    fn is_error(&self, code: &str) -> bool {
        self.text("error") == Some(code)
    }

    /// One that a header can hold.
    fn token(&self) -> Option<&str> {
        let text = self.text("access_token")?;
        let fits = text.len() <= MAX_TOKEN_BYTES;
        (fits && text.bytes().all(|byte| byte.is_ascii_graphic())).then_some(text)
    }

    /// For how many milliseconds the token is used. Some servers write a string.
    fn kept_ms(&self) -> u64 {
        let told = self.0.get("expires_in");
        let told = told.and_then(|it| it.as_f64().or_else(|| it.as_str()?.trim().parse().ok()));
        let life = told.filter(|life| *life > 0.0).unwrap_or(DEFAULT_LIFE_SECS);
        let life = life.min(MAX_LIFE_SECS);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between nothing and a day"
        )]
        let kept = ((life / 2.0).max(life - MARGIN_SECS) * 1000.0) as u64;
        kept
    }
}

impl Asked<'_> {
    /// Servers take the secret in a header (RFC 6749 §2.3.1) or in the body, and few
    /// say which; some want to be told a scope, and others refuse one.
    async fn ask(&self, config: &Config) -> Result<Kept, ApiError> {
        let (mut in_body, mut scoped) = (false, false);
        let mut refusals: Vec<String> = Vec::new();
        loop {
            let answer = self.post(config, in_body, scoped).await?;
            let reply = Reply::of(&answer.bytes);
            if let (Some(token), ..300) = (reply.token(), answer.status) {
                return Ok(Kept {
                    text: token.to_owned(),
                    until_ms: clock::now_millis() + reply.kept_ms(),
                });
            }
            let refusal = self.refusal(answer.status, &reply);
            if !refusals.contains(&refusal) {
                refusals.push(refusal);
            }
            let misses_scope =
                reply.is_error("invalid_scope") || (in_body && reply.is_error("invalid_request"));
            if misses_scope && !scoped && !self.scope.is_empty() {
                scoped = true;
            } else if !in_body && matches!(answer.status, 400 | 401 | 403) {
                in_body = true;
            } else {
                return Err(self.no_token(&refusals.join("; asked in another way, ")));
            }
        }
    }

    async fn post(&self, config: &Config, in_body: bool, scoped: bool) -> Result<Answer, ApiError> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        if scoped {
            form.append_pair("scope", &self.scope);
        }
        let mut headers = vec![
            ("accept", "application/json"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let basic = base64(&format!("{}:{}", encoded(self.id), encoded(self.secret)));
        let basic = format!("Basic {basic}");
        if in_body {
            form.append_pair("client_id", self.id);
            form.append_pair("client_secret", self.secret);
        } else {
            headers.push(("authorization", &basic));
        }
        let outgoing = Outgoing {
            method: Method::Post,
            headers: &headers,
            body: form.finish().into_bytes(),
        };
        let sent = fetch::send_within(config, self.url, outgoing, ANSWER_BYTES, TIMEOUT_SECS);
        sent.await.map_err(|error| self.no_token(&error.message))
    }

    fn refusal(&self, status: u16, reply: &Reply) -> String {
        let told = ["error", "error_description"].into_iter();
        let told: Vec<&str> = told.filter_map(|name| reply.text(name)).collect();
        if told.is_empty() {
            return format!("HTTP {status}, and no access token");
        }
        mcpengine_vault::redact(&told.join(": "), &[self.secret], SHOWN_CHARS)
    }

    fn no_token(&self, why: &str) -> ApiError {
        let host = url::Url::parse(self.url).ok();
        let host = host.as_ref().and_then(|url| url.host_str());
        ApiError::new(
            502,
            "no_access_token",
            format!(
                "No access token was given for {} by {}: {why}",
                self.id_name,
                host.unwrap_or_default()
            ),
        )
    }
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_what_a_header_can_hold() {
        for (text, expected) in [
            (r#"{"access_token":"a.b-c~d=="}"#, Some("a.b-c~d==")),
            (r#"{"access_token":""}"#, None),
            (r#"{"access_token":"a b"}"#, None),
            (r#"{"access_token":"a\nb"}"#, None),
            (r#"{"access_token":["a"]}"#, None),
            (r#"["access_token"]"#, None),
            ("<html>", None),
        ] {
            assert_eq!(Reply::of(text.as_bytes()).token(), expected, "{text}");
        }
        let long = format!(
            r#"{{"access_token":"{}"}}"#,
            "a".repeat(MAX_TOKEN_BYTES + 1)
        );
        assert_eq!(Reply::of(long.as_bytes()).token(), None);
    }

    #[test]
    fn a_token_is_kept_for_less_than_it_lives() {
        for (told, seconds) in [
            ("3600", 3540),
            (r#""3600""#, 3540),
            ("100", 50),
            ("0", 240),
            ("-5", 240),
            ("null", 240),
            (r#""soon""#, 240),
            ("1e300", 86_340),
        ] {
            let reply = Reply::of(format!(r#"{{"expires_in":{told}}}"#).as_bytes());
            assert_eq!(reply.kept_ms(), seconds * 1000, "{told}");
        }
    }
}
