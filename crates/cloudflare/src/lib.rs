//! Cloudflare's Workers scripts API: what is sent and what its answers mean.
//!
//! Pure: whoever sends gives the boundary of the form and the random part of a
//! wait. Sources: <https://developers.cloudflare.com/api/resources/workers/subresources/scripts/>,
//! <https://developers.cloudflare.com/workers/configuration/multipart-upload-metadata/>.
//!
//! * [`names`]: account ids, names and tokens, checked before they enter an
//!   address or a header.
//! * [`Script`]: where a script is, in an account or in a dispatch namespace.
//! * [`Metadata`] and [`Multipart`]: the form of an upload.
//! * [`answer`]: the envelope of every answer; a [`Failure`] says what went
//!   wrong, what Cloudflare's code for it means and what helps.
//! * [`retry`]: whether and when the same request is sent again.

pub mod answer;
mod failure;
mod metadata;
mod multipart;
pub mod names;
pub mod retry;
mod script;
#[cfg(test)]
mod tests;

pub use failure::{Failure, Kind};
pub use metadata::{Binding, Limits, Metadata};
pub use multipart::{JAVASCRIPT_MODULE, Multipart};
pub use script::{Script, account_subdomain_path};

/// The API, without a slash at its end.
pub const API_URL: &str = "https://api.cloudflare.com/client/v4";
