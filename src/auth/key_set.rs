//! The issuer's keys: fetched, kept by the isolate, and a copy in the object store
//! for isolates that start while the issuer is out of reach.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use mcpengine_identity::{Jwk, KeyCache, KeySet, MAX_KEY_SET_BYTES, Refused, Step, Unverified};
use mcpengine_store::{ObjectStore, keys};
use serde::{Deserialize, Serialize};
use worker::Delay;

use super::{built_in, refused};
use crate::adapters::fetch;
use crate::app::App;
use crate::clock;
use crate::digest::sha256_hex;
use crate::error::ApiError;

/// How long an issuer may take; a person is waiting.
const FETCH_SECS: u64 = 4;
/// How long a request waits for one that fetches. It asks again and again: to be
/// woken by another request would go on in that one's context, which may end.
const WAIT_MILLIS: u64 = 5_000;
const POLL: Duration = Duration::from_millis(20);

thread_local! {
    static CACHE: RefCell<KeyCache> = const { RefCell::new(KeyCache::new()) };
}

/// The key that the token names.
///
/// # Errors
/// `invalid_token` where the issuer has none, `sign_in_unavailable` (503).
pub(super) async fn find(app: &Rc<App>, token: &Unverified<'_>) -> Result<Jwk, ApiError> {
    let unknown = || refused(&Refused::new("key", "The token's key is not the issuer's"));
    let Some(url) = &app.config.authentication.key_set_url else {
        let set = built_in::key_set(app)?;
        let key = set.find(token.key_id(), token.algorithm());
        return key.cloned().ok_or_else(unknown);
    };
    let deadline = clock::now_millis() + WAIT_MILLIS;
    loop {
        let now = clock::now_millis();
        let step =
            CACHE.with_borrow_mut(|cache| cache.step(token.key_id(), token.algorithm(), now));
        match step {
            Step::Use(key) => return Ok(key),
            Step::UseAndFetch(key) => {
                let (app, url, id) = (Rc::clone(app), url.clone(), token.key_id().to_owned());
                let again = Rc::clone(&app);
                app.behind(async move { fetch(&again, &url, &id).await });
                return Ok(key);
            }
            Step::Fetch => fetch(app, url, token.key_id()).await,
            Step::Wait if now < deadline => Delay::from(POLL).await,
            Step::Wait | Step::Unavailable => return Err(unavailable()),
            Step::Unknown => return Err(unknown()),
        }
    }
}

/// Fetches the set for a token that names the key `wanted`, and tells the cache
/// how it went.
async fn fetch(app: &App, url: &str, wanted: &str) {
    let policy = app.config.issuer_policy();
    let fetched = fetch::within(&policy, url, MAX_KEY_SET_BYTES, FETCH_SECS)
        .await
        .and_then(|fetched| Ok((parse(&fetched.bytes)?, fetched.bytes)));
    let now = clock::now_millis();
    match fetched {
        Ok((set, bytes)) => {
            CACHE.with_borrow_mut(|cache| cache.fetched(set, wanted, now));
            if let Err(error) = keep(app, url, bytes, now).await {
                crate::log::error!("the key set is not kept: {}", error.message);
            }
        }
        Err(error) => {
            crate::log::error!("no key set from {url}: {} {}", error.code, error.message);
            let kept = if CACHE.with_borrow(|cache| cache.is_empty(now)) {
                restore(app, url).await
            } else {
                None
            };
            CACHE.with_borrow_mut(|cache| {
                cache.failed(now);
                if let Some((set, fetched_at)) = kept {
                    cache.restored(set, fetched_at);
                }
            });
        }
    }
}

fn parse(bytes: &[u8]) -> Result<KeySet, ApiError> {
    KeySet::parse(bytes).map_err(|error| ApiError::internal(&error.to_string()))
}

/// A key set as it came, with its time in milliseconds since the epoch.
#[derive(Serialize, Deserialize)]
struct Kept {
    fetched_at: u64,
    text: String,
}

async fn keep(app: &App, url: &str, bytes: Vec<u8>, fetched_at: u64) -> Result<(), ApiError> {
    let kept = Kept {
        fetched_at,
        text: String::from_utf8_lossy(&bytes).into_owned(),
    };
    let key = keys::key_set(&sha256_hex(url.as_bytes()).await?);
    let json = serde_json::to_vec(&kept)?;
    Ok(app.objects.put(&key, json, "application/json").await?)
}

async fn restore(app: &App, url: &str) -> Option<(KeySet, u64)> {
    let key = keys::key_set(&sha256_hex(url.as_bytes()).await.ok()?);
    let json = app.objects.get(&key).await.ok()??;
    let kept: Kept = serde_json::from_slice(&json).ok()?;
    Some((KeySet::parse(kept.text.as_bytes()).ok()?, kept.fetched_at))
}

fn unavailable() -> ApiError {
    ApiError::new(
        503,
        "sign_in_unavailable",
        "The sign-in service cannot be reached. Try again in a moment",
    )
}
