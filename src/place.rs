//! Where a version runs. A version stays where it was deployed to, whatever new
//! ones are deployed to since.

use crate::config::Config;
use crate::error::ApiError;
use url::Url;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// In our own loader.
    Isolate,
    /// In a dispatch namespace of Cloudflare's. It has no address.
    Dispatched { namespace: String, script: String },
    /// A Worker with an address of its own, in our account or its owner's.
    Worker { subdomain: String, script: String },
}

impl Place {
    /// Reads the deployment's `worker_id`.
    ///
    /// # Errors
    /// `internal`: we write no other.
    pub(crate) fn parse(worker_id: Option<&str>) -> Result<Self, ApiError> {
        let Some(text) = worker_id else {
            return Ok(Self::Isolate);
        };
        let parts: Vec<&str> = text.split('/').collect();
        match parts.as_slice() {
            ["dispatch", namespace, script] => Ok(Self::Dispatched {
                namespace: (*namespace).to_owned(),
                script: (*script).to_owned(),
            }),
            ["workers.dev", subdomain, script] => Ok(Self::Worker {
                subdomain: (*subdomain).to_owned(),
                script: (*script).to_owned(),
            }),
            _ => Err(ApiError::internal(&format!("worker_id {text}"))),
        }
    }

    /// As it is stored; `None` for our own loader.
    pub(crate) fn worker_id(&self) -> Option<String> {
        match self {
            Self::Isolate => None,
            Self::Dispatched { namespace, script } => {
                Some(format!("dispatch/{namespace}/{script}"))
            }
            Self::Worker { subdomain, script } => Some(format!("workers.dev/{subdomain}/{script}")),
        }
    }

    /// The script's namespace and name; `None` for our own loader.
    pub(crate) fn script(&self) -> Option<(Option<&str>, &str)> {
        match self {
            Self::Isolate => None,
            Self::Dispatched { namespace, script } => Some((Some(namespace), script)),
            Self::Worker { script, .. } => Some((None, script)),
        }
    }

    /// The address of its own, without a slash at its end, where it has one.
    ///
    /// # Errors
    /// `internal`: names were checked before they were stored.
    pub(crate) fn address(&self, config: &Config) -> Result<Option<Url>, ApiError> {
        let Self::Worker { subdomain, script } = self else {
            return Ok(None);
        };
        let url = config.cloudflare.worker(script, subdomain);
        url.map(Some)
            .map_err(|error| ApiError::internal(&format!("address of {script}: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let text = |text: &str| text.to_owned();
        for (place, written) in [
            (Place::Isolate, None),
            (
                Place::Dispatched {
                    namespace: text("servers"),
                    script: text("mcpe-1"),
                },
                Some("dispatch/servers/mcpe-1"),
            ),
            (
                Place::Worker {
                    subdomain: text("mine"),
                    script: text("pets"),
                },
                Some("workers.dev/mine/pets"),
            ),
        ] {
            assert_eq!(place.worker_id().as_deref(), written);
            assert_eq!(Place::parse(written).expect("a place"), place);
        }
    }
}
