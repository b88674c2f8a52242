//! Handlers, one file per resource. They decide nothing: decode, call, encode.

pub(crate) mod account;
pub(crate) mod analyze;
pub(crate) mod audit;
pub(crate) mod billing;
pub(crate) mod calls;
pub(crate) mod deploy;
pub(crate) mod deployments;
pub(crate) mod export;
pub(crate) mod generate;
pub(crate) mod invitations;
pub(crate) mod jobs;
pub(crate) mod limits;
pub(crate) mod personal_tokens;
pub(crate) mod projects;
pub(crate) mod secrets;
pub(crate) mod studio;
pub(crate) mod teams;
pub(crate) mod tokens;
pub(crate) mod webhooks;
