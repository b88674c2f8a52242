//! A hosted version: where it runs; and of one in our own loader which modules its
//! isolate is made of, what it may see, and under which name it is loaded.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use mcpengine_plan::AuthScheme;
use mcpengine_store::StoreError;
use mcpengine_store::deployments::{Deployment, DeploymentConfig};
use mcpengine_store::hosting::LiveServer;
use serde::{Deserialize, Serialize};

use crate::adapters::dispatch;
use crate::adapters::loader::{self, Code};
use crate::app::App;
use crate::error::ApiError;
use crate::json::to_json;
use crate::place::Place;
use crate::secrets;

/// One complete version of a server, live or about to be.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) project_id: String,
    pub(crate) deployment_id: String,
    pub(crate) modules_key: String,
    pub(crate) config: DeploymentConfig,
    pub(crate) place: Place,
    /// What a version with an address of its own asks for; the gateway's is looked up
    /// where it is not known yet.
    pub(crate) token: Option<String>,
}

impl TryFrom<LiveServer> for Version {
    type Error = ApiError;

    fn try_from(server: LiveServer) -> Result<Self, ApiError> {
        Ok(Self {
            place: Place::parse(server.worker_id.as_deref())?,
            project_id: server.project_id,
            deployment_id: server.deployment_id,
            modules_key: server.modules_key,
            config: server.config,
            token: None,
        })
    }
}

/// `deployment_not_found` where its modules were never written.
impl TryFrom<Deployment> for Version {
    type Error = ApiError;

    fn try_from(deployment: Deployment) -> Result<Self, ApiError> {
        let modules_key = deployment.modules_key;
        Ok(Self {
            place: Place::parse(deployment.worker_id.as_deref())?,
            token: None,
            project_id: deployment.project_id,
            deployment_id: deployment.id,
            modules_key: modules_key.ok_or(StoreError::NotFound("deployment"))?,
            config: deployment.config,
        })
    }
}

/// The compiled project as it is stored in R2 before its version goes live: the
/// JSON of `{mainModule, modules: {name: source}}`, in pieces. Only JavaScript
/// reads it, see [`Code`].
#[derive(Debug)]
pub(crate) struct CompiledModules {
    count: usize,
    pieces: Vec<Vec<u8>>,
}

impl CompiledModules {
    pub(crate) fn new(main_module: &str) -> Self {
        let main_module = serde_json::Value::from(main_module);
        let head = format!("{{\"mainModule\":{main_module},\"modules\":{{");
        Self {
            count: 0,
            pieces: vec![head.into_bytes()],
        }
    }

    /// Adds a module, whose name no other has.
    ///
    /// # Errors
    /// Those of writing JSON.
    pub(crate) fn push(&mut self, name: &str, source: &str) -> Result<(), ApiError> {
        let comma = if self.count == 0 { "" } else { "," };
        let name = serde_json::Value::from(name);
        self.pieces.push(format!("{comma}{name}:").into_bytes());
        self.pieces.push(to_json(source)?);
        self.count += 1;
        Ok(())
    }

    /// How many modules.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Length of the JSON.
    pub(crate) fn bytes(&self) -> usize {
        self.pieces.iter().map(Vec::len).sum()
    }

    pub(crate) fn into_pieces(mut self) -> Vec<Vec<u8>> {
        self.pieces.push(b"}}".to_vec());
        self.pieces
    }
}

/// What the outbound entrypoint is told of the server behind a request. Only
/// the host can set it; the isolate has no handle on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OutboundProps {
    pub(crate) project_id: String,
    pub(crate) deployment_id: String,
    pub(crate) hosts: Vec<String>,
    pub(crate) schemes: Vec<AuthScheme>,
}

thread_local! {
    /// How many names each deployment has spent. The platform remembers a load
    /// under its name, a failed one for good, so the next has to have another.
    static SPENT: RefCell<HashMap<String, u32>> = RefCell::default();
}

/// How many deployments [`SPENT`] keeps before it starts over.
const SPENT_KEPT: usize = 1_000;

/// Hands `request` to the version, wherever it runs.
///
/// # Errors
/// `server_failed` (502) where it does not start or its handler throws.
pub(crate) async fn run(
    app: &Rc<App>,
    version: &Version,
    request: &web_sys::Request,
) -> Result<web_sys::Response, ApiError> {
    match &version.place {
        Place::Isolate => in_isolate(app, version, request).await,
        Place::Dispatched { script, .. } => {
            dispatch::in_namespace(&app.env, script, &props(version)?, request).await
        }
        Place::Worker { .. } => at_its_address(app, version, request).await,
    }
}

async fn at_its_address(
    app: &App,
    version: &Version,
    request: &web_sys::Request,
) -> Result<web_sys::Response, ApiError> {
    let address = version.place.address(&app.config)?;
    let address = address.ok_or_else(|| ApiError::internal("a version without an address"))?;
    let token = match &version.token {
        Some(token) => Some(token.clone()),
        None => secrets::open(&app.env, &version.project_id, &version.deployment_id)
            .await?
            .remove(secrets::GATEWAY_TOKEN),
    };
    dispatch::at_address(&address, token.as_deref(), request).await
}

fn props(version: &Version) -> Result<String, ApiError> {
    let props = OutboundProps {
        project_id: version.project_id.clone(),
        deployment_id: version.deployment_id.clone(),
        hosts: version.config.allowed_hosts.clone(),
        schemes: version.config.auth_schemes.clone(),
    };
    Ok(serde_json::to_string(&props)?)
}

/// Loads the version's isolate where it is not loaded.
async fn in_isolate(
    app: &Rc<App>,
    version: &Version,
    request: &web_sys::Request,
) -> Result<web_sys::Response, ApiError> {
    let name = load_name(&version.deployment_id);
    let code = load(Rc::clone(app), version.clone());
    let result = loader::run(&app.env, &name, code, request).await;
    if result.is_err() {
        load_anew(&version.deployment_id);
    }
    result
}

async fn load(app: Rc<App>, version: Version) -> Result<Code, ApiError> {
    let outbound = loader::outbound(&app.context, &props(&version)?)?;
    let compiled = app
        .objects
        .get_json(&version.modules_key)
        .await?
        .ok_or_else(|| ApiError::internal(&format!("{} is missing", version.modules_key)))?;
    let mut env = version.config.variables;
    env.insert("API_BASE_URL".to_owned(), version.config.base_url);
    env.insert("MCPENGINE_HOSTED".to_owned(), "1".to_owned());
    Ok(Code {
        compiled,
        env,
        outbound,
    })
}

/// One isolate a version and attempt. A deployment's id never comes again, so a
/// name never means other code.
fn load_name(deployment_id: &str) -> String {
    let spent = SPENT.with_borrow(|map| map.get(deployment_id).copied().unwrap_or_default());
    format!("{deployment_id}:{spent}")
}

/// The next request loads the version under a new name. A check before a switch
/// tests what is stored, not what happens to be loaded still.
pub(crate) fn load_anew(deployment_id: &str) {
    SPENT.with_borrow_mut(|map| {
        if map.len() >= SPENT_KEPT {
            map.clear();
        }
        *map.entry(deployment_id.to_owned()).or_default() += 1;
    });
}
