//! What an event works with: typed ports, built from the bindings once.

use std::cell::RefCell;
use std::rc::Rc;

use mcpengine_store::Principal;
use mcpengine_store::audit::{self, Action, Actor, NewEntry, Noted};
use mcpengine_vault::Keyring;
use worker::{Context, Env};

use crate::adapters::d1::D1;
use crate::adapters::r2::R2;
use crate::bindings;
use crate::clock;
use crate::config::Config;
use crate::error::ApiError;
use crate::log;

#[derive(Debug)]
pub(crate) struct App {
    pub(crate) env: Env,
    pub(crate) context: Context,
    pub(crate) config: Rc<Config>,
    pub(crate) db: D1,
    pub(crate) objects: R2,
    /// See [`App::resource_id`].
    reserved: RefCell<Option<String>>,
    /// As what the request's principal acts; `auth` says it.
    actor: RefCell<Actor>,
}

impl App {
    /// # Errors
    /// `misconfigured` where a binding or var is missing or wrong.
    pub(crate) fn new(env: Env, context: Context) -> Result<Self, ApiError> {
        let config = Config::of(&env)?;
        let db = D1(env.d1(bindings::DB).map_err(|_| missing(bindings::DB))?);
        let objects = R2(env
            .bucket(bindings::BUCKET)
            .map_err(|_| missing(bindings::BUCKET))?);
        Ok(Self {
            env,
            context,
            config,
            db,
            objects,
            reserved: RefCell::new(None),
            actor: RefCell::new(Actor::Session),
        })
    }

    /// The id of what the request makes: the one that its `Idempotency-Key` reserved,
    /// where it has one, so that another attempt makes the same thing.
    ///
    /// # Errors
    /// `unavailable` where the platform gives no randomness.
    pub(crate) fn resource_id(&self) -> Result<String, ApiError> {
        self.reserved.take().map_or_else(clock::new_id, Ok)
    }

    pub(crate) fn set_actor(&self, actor: Actor) {
        self.actor.replace(actor);
    }

    /// The database for one call of the store, whose effect goes into the audit log
    /// with it (`mcpengine_store::audit`).
    ///
    /// # Errors
    /// `unavailable` where the platform gives no randomness.
    pub(crate) fn noted(
        &self,
        principal: &Principal,
        action: Action,
        object_id: &str,
        project_id: Option<&str>,
        detail: Option<&str>,
    ) -> Result<Noted<'_, D1>, ApiError> {
        let request_id = log::current();
        let entry = NewEntry {
            id: &clock::new_id()?,
            action,
            object_id,
            project_id,
            detail,
            actor: &self.actor.borrow(),
            request_id: request_id.as_deref(),
        };
        Ok(audit::noted(&self.db, principal, &entry, &clock::now())?)
    }

    pub(crate) fn reserve_resource_id(&self, id: String) {
        self.reserved.replace(Some(id));
    }

    /// Runs on behind the answer; what it logs names the same request.
    pub(crate) fn behind(&self, future: impl Future<Output = ()> + 'static) {
        self.context.wait_until(log::carried(future));
    }

    /// The vault's keys; only what touches a secret asks for them.
    ///
    /// # Errors
    /// `misconfigured` where the secret is missing or malformed.
    pub(crate) fn keyring(&self) -> Result<Keyring, ApiError> {
        keyring(&self.env)
    }
}

/// See [`App::keyring`].
pub(crate) fn keyring(env: &Env) -> Result<Keyring, ApiError> {
    let text = env
        .secret(bindings::VAULT_KEYS)
        .map_err(|_| missing(bindings::VAULT_KEYS))?
        .to_string();
    Keyring::parse(&text).map_err(|error| ApiError::misconfigured(format!("VAULT_KEYS: {error}")))
}

fn missing(name: &str) -> ApiError {
    ApiError::misconfigured(format!("the binding {name} is not set"))
}
