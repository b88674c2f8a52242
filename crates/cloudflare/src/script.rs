//! Where scripts are.

use crate::names::{Invalid, check_account_id, check_namespace, check_script_name};

/// A script of an account, or of one of its dispatch namespaces (Workers for
/// Platforms).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Script<'a> {
    account: &'a str,
    namespace: Option<&'a str>,
    name: &'a str,
}

impl<'a> Script<'a> {
    /// # Errors
    /// A part that could not be one, which is why none needs escaping later.
    pub fn new(
        account: &'a str,
        namespace: Option<&'a str>,
        name: &'a str,
    ) -> Result<Self, Invalid> {
        check_account_id(account)?;
        namespace.map_or(Ok(()), check_namespace)?;
        check_script_name(name)?;
        Ok(Self {
            account,
            namespace,
            name,
        })
    }

    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// Of the script, below [`API_URL`](crate::API_URL): `PUT` uploads it,
    /// `DELETE` takes it away.
    #[must_use]
    pub fn path(&self) -> String {
        let Self { account, name, .. } = self;
        match self.namespace {
            Some(namespace) => format!(
                "/accounts/{account}/workers/dispatch/namespaces/{namespace}/scripts/{name}"
            ),
            None => format!("/accounts/{account}/workers/scripts/{name}"),
        }
    }

    /// Of its settings: `GET` gives `{tags}` among others.
    #[must_use]
    pub fn settings_path(&self) -> String {
        let rest = if self.namespace.is_some() {
            "settings"
        } else {
            "script-settings"
        };
        format!("{}/{rest}", self.path())
    }

    /// Whether it answers below `workers.dev`: `POST {"enabled": true}`. Scripts of
    /// a namespace have no address of their own, so there is none for those.
    #[must_use]
    pub fn subdomain_path(&self) -> Option<String> {
        self.namespace
            .is_none()
            .then(|| format!("{}/subdomain", self.path()))
    }
}

/// Of the account's sub-domain of `workers.dev`: `GET` gives `{subdomain}`.
///
/// # Errors
/// The account's id could not be one.
pub fn account_subdomain_path(account: &str) -> Result<String, Invalid> {
    check_account_id(account)?;
    Ok(format!("/accounts/{account}/workers/subdomain"))
}
