//! Digests by the platform.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Crypto, SubtleCrypto};

use crate::error::ApiError;

/// SHA-256 as lower-case hex, see [`digest`].
pub(crate) async fn sha256_hex(bytes: &[u8]) -> Result<String, ApiError> {
    Ok(hex(&digest("SHA-256", bytes).await?))
}

/// A digest by its name in Web Crypto, `SHA-1`, `SHA-256`, `SHA-512`: of a large
/// description our own would take longer than reading it.
///
/// # Errors
/// `internal`, where the platform has none.
pub(crate) async fn digest(name: &str, bytes: &[u8]) -> Result<Vec<u8>, ApiError> {
    let digest = async {
        let promise = subtle()?.digest_with_str_and_u8_array(name, bytes)?;
        Ok::<_, JsValue>(Uint8Array::new(&JsFuture::from(promise).await?).to_vec())
    };
    digest
        .await
        .map_err(|error| ApiError::internal(&format!("no digest: {error:?}")))
}

/// The platform's Web Crypto.
pub(crate) fn subtle() -> Result<SubtleCrypto, JsValue> {
    let crypto: Crypto = Reflect::get(&js_sys::global(), &"crypto".into())?.unchecked_into();
    Ok(crypto.subtle())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
