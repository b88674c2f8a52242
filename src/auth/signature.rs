//! Signatures by the platform (Web Crypto).

use js_sys::{Array, Object, Reflect, Uint8Array};
use mcpengine_identity::{Algorithm, Jwk};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::CryptoKey;

use crate::digest::subtle;

/// Whether the signature is this key's. A key that the platform does not take is
/// nobody's.
pub(super) async fn verify(key: &Jwk, signed: &[u8], signature: &[u8]) -> bool {
    let verified = async {
        let algorithm = parameters(key.algorithm)?;
        let imported = import(&key.to_json(), &algorithm, "verify").await?;
        let promise = subtle()?.verify_with_object_and_u8_array_and_u8_array(
            &algorithm, &imported, signature, signed,
        )?;
        Ok::<_, JsValue>(JsFuture::from(promise).await?.is_truthy())
    };
    verified.await.unwrap_or(false)
}

/// The signature of a private ES256 key, given as a JWK: `r` and `s`.
pub(super) async fn sign(private: &Value, text: &str) -> Result<Vec<u8>, JsValue> {
    let algorithm = parameters(Algorithm::Es256)?;
    let key = import(private, &algorithm, "sign").await?;
    let promise = subtle()?.sign_with_object_and_u8_array(&algorithm, &key, text.as_bytes())?;
    Ok(Uint8Array::new(&JsFuture::from(promise).await?).to_vec())
}

async fn import(jwk: &Value, algorithm: &Object, usage: &str) -> Result<CryptoKey, JsValue> {
    let jwk = js_sys::JSON::parse(&jwk.to_string())?.unchecked_into::<Object>();
    let usages = Array::of1(&usage.into());
    let promise =
        subtle()?.import_key_with_object("jwk", &jwk, algorithm, false, usages.as_ref())?;
    Ok(JsFuture::from(promise).await?.unchecked_into())
}

/// For importing and for using a key alike.
fn parameters(algorithm: Algorithm) -> Result<Object, JsValue> {
    let (name, hash, curve) = match algorithm {
        Algorithm::Rs256 => ("RSASSA-PKCS1-v1_5", Some("SHA-256"), None),
        Algorithm::Es256 => ("ECDSA", Some("SHA-256"), Some("P-256")),
        Algorithm::EdDsa => ("Ed25519", None, None),
    };
    let parameters = Object::new();
    for (member, value) in [("name", Some(name)), ("hash", hash), ("namedCurve", curve)] {
        if let Some(value) = value {
            Reflect::set(&parameters, &member.into(), &value.into())?;
        }
    }
    Ok(parameters)
}
