//! Which credentials the tools ask for, and which of them together are enough.

use std::collections::{HashMap, HashSet};

use mcpengine_plan::{AuthKind, AuthScheme, ParamLocation, SecretSpec, ServerPlan, Tool};

use crate::documents::{Setting, one_line};
use crate::names::env_name;

/// Of what the tools need, and of the ways to give it, this much is told.
const MAX_TOLD: usize = 6;

/// An operation has one scheme that can be given in two ways: a plan that people made
/// must not make them a million.
const MAX_COMBINED: usize = 16;

/// A longer choice is not repeated beside each of its secrets, in bytes.
const MAX_NOTE: usize = 500;

/// The credentials of the enabled tools, as environment variables.
#[derive(Debug, Default)]
pub(crate) struct Credentials {
    /// Each secret that a tool can use, once.
    pub(crate) secrets: Vec<Setting>,
    /// What the tools need, what most of them need first.
    pub(crate) needs: Vec<Need>,
    /// Names of secrets with which every tool can be called.
    pub(crate) enough: Vec<String>,
    /// One of the secrets is an access token of OAuth, which expires.
    pub(crate) has_access_token: bool,
    /// Some are a client's, which gets its access tokens by itself.
    pub(crate) has_client: bool,
}

/// What a number of tools need.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Need {
    pub(crate) tools: usize,
    /// One of these is enough, each being names of secrets that go together; the
    /// one that is easiest to give comes first.
    pub(crate) ways: Vec<Vec<String>>,
}

/// When a setting has to be set.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Needed {
    Always,
    /// By some of the tools; where there is a choice, others take it or another.
    Sometimes {
        by: usize,
        tools: usize,
        choice: bool,
    },
    /// One of several is enough, which are these.
    Choice(String),
    Never,
}

impl Needed {
    /// Whether a tool cannot be called without.
    pub(crate) fn is_required(&self) -> bool {
        matches!(self, Self::Always | Self::Sometimes { .. })
    }

    /// For those who see the others beside it.
    pub(crate) fn in_short(&self) -> String {
        match self {
            Self::Always => "required".to_owned(),
            Self::Sometimes { by, tools, choice } => {
                let others = if *choice {
                    ", one of several for others"
                } else {
                    ""
                };
                format!("needed by {by} of {tools} tools{others}")
            }
            Self::Choice(_) => "one of several".to_owned(),
            Self::Never => "optional".to_owned(),
        }
    }

    /// For those who see this setting alone; nothing where it is always needed.
    pub(crate) fn note(&self) -> Option<String> {
        match self {
            Self::Always => None,
            Self::Sometimes { .. } | Self::Never => Some(self.in_short()),
            Self::Choice(choice) if choice.len() > MAX_NOTE => Some(self.in_short()),
            Self::Choice(choice) => Some(format!("needed: {choice}")),
        }
    }
}

impl Credentials {
    pub(crate) fn new(plan: &ServerPlan) -> Self {
        let schemes = Schemes::new(plan);
        let mut needs: Vec<Need> = Vec::new();
        let mut numbers: HashMap<Vec<Vec<String>>, usize> = HashMap::new();
        let mut used: HashSet<String> = HashSet::new();
        for tool in plan.tools.iter().filter(|tool| tool.enabled) {
            let ways = schemes.ways(tool);
            used.extend(ways.iter().flatten().cloned());
            if ways.is_empty() || ways.iter().any(Vec::is_empty) {
                continue;
            }
            let number = *numbers.entry(ways).or_insert_with_key(|ways| {
                needs.push(Need {
                    tools: 0,
                    ways: ways.clone(),
                });
                needs.len() - 1
            });
            if let Some(need) = needs.get_mut(number) {
                need.tools += 1;
            }
        }
        needs.sort_by_key(|need| std::cmp::Reverse(need.tools));
        let enough = enough(&needs);
        let secrets = secrets(plan, &used, &needs);
        let is_oauth = |scheme: &&AuthScheme| {
            matches!(
                scheme.kind,
                AuthKind::OAuth2 { .. } | AuthKind::OpenIdConnect { .. }
            )
        };
        let tokens = plan.auth.schemes.iter().filter(is_oauth);
        let has_access_token = tokens
            .flat_map(|scheme| &scheme.secrets)
            .any(|secret| used.contains(&env_name(&secret.name)));
        let clients = plan.auth.schemes.iter();
        let has_client = clients
            .filter_map(|scheme| scheme.client_credentials.as_ref())
            .flat_map(|client| &client.secrets)
            .any(|secret| used.contains(&env_name(&secret.name)));
        Self {
            has_access_token,
            has_client,
            secrets,
            needs,
            enough,
        }
    }

    /// Whether a tool can be called with one credential or another.
    pub(crate) fn has_choice(&self) -> bool {
        self.needs.iter().any(|need| need.ways.len() > 1)
    }

    /// What has to be given, a line for each kind of tool; nothing where each
    /// secret is needed by all of them. `name` writes the name of a setting.
    pub(crate) fn in_words(&self, name: impl Fn(&str) -> String) -> Vec<String> {
        let mut lines: Vec<String> = match self.needs.as_slice() {
            [] => return Vec::new(),
            [only] if only.ways.len() == 1 => return Vec::new(),
            [only] => vec![choice(&only.ways, &name)],
            several => several
                .iter()
                .take(MAX_TOLD)
                .map(|need| {
                    let tools = if need.tools == 1 { "tool" } else { "tools" };
                    format!("{} {tools}: {}", need.tools, choice(&need.ways, &name))
                })
                .collect(),
        };
        if self.needs.len() > MAX_TOLD {
            lines.push(format!(
                "other tools: {} more kinds",
                self.needs.len() - MAX_TOLD
            ));
        }
        lines
    }
}

/// `A, or B and C`.
fn choice(ways: &[Vec<String>], name: &impl Fn(&str) -> String) -> String {
    let told: Vec<String> = ways
        .iter()
        .take(MAX_TOLD)
        .map(|way| {
            let names: Vec<String> = way.iter().take(MAX_TOLD).map(|it| name(it)).collect();
            let more = match way.len().saturating_sub(MAX_TOLD) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("{}{more}", names.join(" and "))
        })
        .collect();
    let more = ways.len().saturating_sub(MAX_TOLD);
    let more = if more > 0 {
        format!(", or {more} other ways")
    } else {
        String::new()
    };
    format!("{}{more}", told.join(", or "))
}

/// What is known of a plan's schemes by their ids.
struct Schemes<'a> {
    known: HashMap<&'a str, Scheme>,
}

struct Scheme {
    /// Its place in the plan.
    place: usize,
    /// One of them is enough.
    choices: Vec<Choice>,
}

/// Secrets that go together.
#[derive(Clone, Default)]
struct Choice {
    names: Vec<String>,
    /// Tokens of OAuth and cookies of a session expire, and this server does not
    /// fetch new ones.
    passing: bool,
}

impl Choice {
    fn new<'a>(secrets: impl IntoIterator<Item = &'a SecretSpec>, passing: bool) -> Self {
        let names = secrets.into_iter().map(|it| env_name(&it.name)).collect();
        Self { names, passing }
    }

    fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.add(other);
        both
    }

    fn add(&mut self, other: &Self) {
        self.names.extend(other.names.iter().cloned());
        self.passing |= other.passing;
    }
}

impl<'a> Schemes<'a> {
    fn new(plan: &'a ServerPlan) -> Self {
        let schemes = plan.auth.schemes.iter().enumerate();
        let known = schemes.filter_map(|(place, scheme)| {
            let passing = match &scheme.kind {
                AuthKind::Unsupported { .. } => return None,
                AuthKind::OAuth2 { .. } | AuthKind::OpenIdConnect { .. } => true,
                AuthKind::ApiKey { location, .. } => *location == ParamLocation::Cookie,
                AuthKind::Basic | AuthKind::Bearer { .. } => false,
            };
            let client = scheme.client_credentials.iter();
            let choices = client
                .map(|client| Choice::new(&client.secrets, false))
                .chain([Choice::new(&scheme.secrets, passing)])
                .collect();
            Some((scheme.id.as_str(), Scheme { place, choices }))
        });
        Self {
            known: known.collect(),
        }
    }

    /// The ways of a tool that a server can go, as names of secrets; an empty one
    /// where it can do without. The easiest comes first; a document that names
    /// them in another order gives the same.
    fn ways(&self, tool: &Tool) -> Vec<Vec<String>> {
        let mut ways: Vec<(bool, usize, Vec<usize>, Vec<String>)> = Vec::new();
        for way in &tool.auth {
            let schemes: Option<Vec<&Scheme>> =
                way.iter().map(|id| self.known.get(id.as_str())).collect();
            let Some(mut schemes) = schemes else { continue };
            schemes.sort_by_key(|scheme| scheme.place);
            let places: Vec<usize> = schemes.iter().map(|scheme| scheme.place).collect();
            for mut choice in combined(&schemes) {
                let mut seen = HashSet::new();
                choice.names.retain(|name| seen.insert(name.clone()));
                let (passing, names) = (choice.passing, choice.names);
                ways.push((passing, names.len(), places.clone(), names));
            }
        }
        ways.sort();
        let mut seen = HashSet::new();
        ways.into_iter()
            .map(|(.., names)| names)
            .filter(|names| seen.insert(names.clone()))
            .collect()
    }
}

/// Every choice of the first scheme with every one of the next, and so on.
fn combined(schemes: &[&Scheme]) -> Vec<Choice> {
    let mut ways = vec![Choice::default()];
    for scheme in schemes {
        let Some((last, others)) = scheme.choices.split_last() else {
            continue;
        };
        let mut branched: Vec<Choice> = Vec::new();
        for choice in others {
            branched.extend(ways.iter().map(|way| way.and(choice)));
        }
        // In place: a way may have a thousand schemes.
        for way in &mut ways {
            way.add(last);
        }
        branched.append(&mut ways);
        branched.truncate(MAX_COMBINED);
        ways = branched;
    }
    ways
}

/// Secrets that are in every way of a need.
fn unavoidable(need: &Need) -> Vec<&str> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for name in need.ways.iter().flatten() {
        *counts.entry(name).or_default() += 1;
    }
    let first = need.ways.first().into_iter().flatten();
    first
        .map(String::as_str)
        .filter(|name| counts.get(name) == Some(&need.ways.len()))
        .collect()
}

/// What cannot be avoided, and where that is not enough the first way.
fn enough(needs: &[Need]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut given: HashSet<String> = HashSet::new();
    let mut give = |name: &str, given: &mut HashSet<String>| {
        if given.insert(name.to_owned()) {
            names.push(name.to_owned());
        }
    };
    for need in needs {
        for name in unavoidable(need) {
            give(name, &mut given);
        }
    }
    for need in needs {
        let met = |way: &Vec<String>| way.iter().all(|name| given.contains(name));
        if let (false, Some(way)) = (need.ways.iter().any(met), need.ways.first()) {
            for name in way {
                give(name, &mut given);
            }
        }
    }
    names
}

/// The secrets that are used, in the order of their schemes.
fn secrets(plan: &ServerPlan, used: &HashSet<String>, needs: &[Need]) -> Vec<Setting> {
    let tools = plan.tools.iter().filter(|tool| tool.enabled).count();
    let needing: usize = needs.iter().map(|need| need.tools).sum();
    let mut needed_by: HashMap<&str, usize> = HashMap::new();
    let mut choice_of: HashMap<&str, &Need> = HashMap::new();
    for need in needs {
        let always: HashSet<&str> = unavoidable(need).into_iter().collect();
        for name in &always {
            *needed_by.entry(name).or_default() += need.tools;
        }
        for name in need.ways.iter().flatten() {
            if !always.contains(name.as_str()) {
                choice_of.entry(name).or_insert(need);
            }
        }
    }
    let mut out: Vec<Setting> = Vec::new();
    let mut listed: HashSet<String> = HashSet::new();
    let schemes = plan.auth.schemes.iter();
    for (scheme, secret) in schemes.flat_map(|it| it.all_secrets().map(move |secret| (it, secret)))
    {
        let name = env_name(&secret.name);
        if !used.contains(&name) || !listed.insert(name.clone()) {
            continue;
        }
        let by = needed_by.get(name.as_str()).copied().unwrap_or_default();
        let needed = match (by, choice_of.get(name.as_str())) {
            (0, None) => Needed::Never,
            (0, Some(need)) => Needed::Choice(choice(&need.ways, &str::to_owned)),
            (by, _) if by == needing => Needed::Always,
            (by, choice) => Needed::Sometimes {
                by,
                tools,
                choice: choice.is_some(),
            },
        };
        out.push(Setting {
            name,
            about: about(scheme, secret),
            needed,
            default: None,
            choices: Vec::new(),
        });
    }
    out
}

/// What a secret is. A key in the header `Authorization` is all that stands there,
/// and many an API wants a word in front of it.
fn about(scheme: &AuthScheme, secret: &SecretSpec) -> String {
    let whole = match &scheme.kind {
        AuthKind::ApiKey { name, location }
            if *location == ParamLocation::Header && name.eq_ignore_ascii_case("authorization") =>
        {
            " (the whole value of the header Authorization)"
        }
        _ => "",
    };
    let title = one_line(&secret.title, 80);
    match &secret.description {
        Some(text) => format!("{title}{whole}: {}", one_line(text, 200)),
        None => format!("{title}{whole}"),
    }
}
