//! Digests as lower-case hex.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Crypto;

use crate::error::ApiError;

/// The platform's SHA-256 (Web Crypto): of a large description our own would take
/// longer than reading it.
///
/// # Errors
/// `internal`, where the platform has none.
pub(crate) async fn sha256_hex(bytes: &[u8]) -> Result<String, ApiError> {
    let digest = async {
        let crypto: Crypto = Reflect::get(&js_sys::global(), &"crypto".into())?.unchecked_into();
        let promise = crypto
            .subtle()
            .digest_with_str_and_u8_array("SHA-256", bytes)?;
        Ok::<_, JsValue>(Uint8Array::new(&JsFuture::from(promise).await?).to_vec())
    };
    match digest.await {
        Ok(digest) => Ok(hex(&digest)),
        Err(error) => Err(ApiError::internal(&format!("no digest: {error:?}"))),
    }
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
