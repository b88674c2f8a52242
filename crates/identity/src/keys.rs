//! Public keys of an issuer (JSON Web Key Set, RFC 7517).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Longest key set that is read.
pub const MAX_KEY_SET_BYTES: usize = 64 * 1024;
/// Keys of one set that are looked at.
const MAX_KEYS: usize = 64;
/// Shorter RSA keys are not accepted (RFC 7518 §3.3).
const MIN_RSA_BITS: usize = 2_048;
const MAX_RSA_BITS: usize = 8_192;

/// The algorithms that are accepted, by their names in RFC 7518 and RFC 8037.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl Algorithm {
    /// Names are compared as they are: `none` and `rs256` are none of them.
    pub(crate) fn of(name: &str) -> Option<Self> {
        [Self::Rs256, Self::Es256, Self::EdDsa]
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// One public key that may sign tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jwk {
    pub key_id: String,
    pub algorithm: Algorithm,
    material: Material,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Material {
    Rsa { n: String, e: String },
    P256 { x: String, y: String },
    Ed25519 { x: String },
}

impl Jwk {
    /// The key as the platform imports it: its own members and nothing else.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match &self.material {
            Material::Rsa { n, e } => json!({ "kty": "RSA", "n": n, "e": e }),
            Material::P256 { x, y } => json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y }),
            Material::Ed25519 { x } => json!({ "kty": "OKP", "crv": "Ed25519", "x": x }),
        }
    }
}

/// The keys of a set that can be used here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeySet {
    keys: Vec<Jwk>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    #[error("the key set is not JSON of the form {{\"keys\":[…]}}, or is too long")]
    Malformed,
    #[error("the key set has no key for RS256, ES256 or EdDSA with an id")]
    NoKey,
}

impl KeySet {
    /// Reads a key set. Keys of other kinds and uses are passed over, as RFC 7517
    /// §5 asks; so are keys without an id, and those that are too weak.
    ///
    /// # Errors
    /// See [`KeySetError`]: a set without any usable key is an error, so that a
    /// broken answer never replaces a good one.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeySetError> {
        if bytes.len() > MAX_KEY_SET_BYTES {
            return Err(KeySetError::Malformed);
        }
        let set: RawSet = serde_json::from_slice(bytes).map_err(|_| KeySetError::Malformed)?;
        let keys: Vec<Jwk> = set
            .keys
            .into_iter()
            .take(MAX_KEYS)
            .filter_map(|key| usable(serde_json::from_value(key).ok()?))
            .collect();
        if keys.is_empty() {
            return Err(KeySetError::NoKey);
        }
        Ok(Self { keys })
    }

    /// The key of this id, for this algorithm. An id alone does not do: a key is
    /// used with its own algorithm only (RFC 8725 §3.1).
    #[must_use]
    pub fn find(&self, key_id: &str, algorithm: Algorithm) -> Option<&Jwk> {
        self.keys
            .iter()
            .find(|key| key.key_id == key_id && key.algorithm == algorithm)
    }

    /// Ids of the keys, those of one id once for each algorithm.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|key| key.key_id.as_str())
    }

    /// Whether any key has this id.
    #[must_use]
    pub fn knows(&self, key_id: &str) -> bool {
        self.keys.iter().any(|key| key.key_id == key_id)
    }
}

#[derive(Deserialize)]
struct RawSet {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct RawKey {
    kty: String,
    kid: String,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

fn usable(key: RawKey) -> Option<Jwk> {
    let signs = key.usage.as_deref().is_none_or(|usage| usage == "sig");
    let verifies = key
        .key_ops
        .is_none_or(|operations| operations.iter().any(|name| name == "verify"));
    let (algorithm, material) = match (key.kty.as_str(), key.crv.as_deref()) {
        ("RSA", _) => (Algorithm::Rs256, rsa(key.n?, key.e?)?),
        ("EC", Some("P-256")) => {
            let (x, y) = (sized(key.x?, 32)?, sized(key.y?, 32)?);
            (Algorithm::Es256, Material::P256 { x, y })
        }
        ("OKP", Some("Ed25519")) => {
            let x = sized(key.x?, 32)?;
            (Algorithm::EdDsa, Material::Ed25519 { x })
        }
        _ => return None,
    };
    let named = key.alg.is_none_or(|alg| {
        // RFC 9864 gives Ed25519 a name of its own.
        alg == algorithm.name() || (algorithm == Algorithm::EdDsa && alg == "Ed25519")
    });
    (signs && verifies && named && !key.kid.is_empty()).then_some(Jwk {
        key_id: key.kid,
        algorithm,
        material,
    })
}

fn rsa(n: String, e: String) -> Option<Material> {
    let modulus = URL_SAFE_NO_PAD.decode(&n).ok()?;
    let first = modulus.iter().position(|byte| *byte != 0)?;
    let top = modulus.get(first)?;
    let bits = (modulus.len() - first) * 8 - top.leading_zeros() as usize;
    let exponent = URL_SAFE_NO_PAD.decode(&e).ok()?;
    let odd = exponent.last().is_some_and(|byte| byte % 2 == 1);
    let more_than_one = exponent.len() > 1 || exponent.first().is_some_and(|byte| *byte > 1);
    ((MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) && exponent.len() <= 8 && odd && more_than_one)
        .then_some(Material::Rsa { n, e })
}

/// A coordinate of so many bytes.
fn sized(text: String, bytes: usize) -> Option<String> {
    let decoded = URL_SAFE_NO_PAD.decode(&text).ok()?;
    (decoded.len() == bytes).then_some(text)
}
