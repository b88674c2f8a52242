//! What the walk over the blocks collects.

use std::collections::HashMap;

use super::{
    auth::Auth, base::Bases, endpoint::Match, inline::folded, label::Part, target::Target,
};
use crate::{
    diagnostic::Limits,
    outline::{Answer, Field, MAX_OPERATIONS, Place, Sketch, key_of, typed},
    report::Report,
};

/// The most of one description that is kept.
pub(super) const MAX_TEXT: usize = 4_000;
/// A heading.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) level: u8,
    pub(super) text: String,
    pub(super) parent: Option<usize>,
    /// Endpoints that stand right below.
    pub(super) endpoints: usize,
}

/// An endpoint, and what stands around it.
pub(super) struct Endpoint {
    pub(super) sketch: Sketch,
    pub(super) line: usize,
    pub(super) origin: Option<String>,
    pub(super) head: Option<usize>,
    /// Stands in a list, table or code among others: the heading is the group's.
    pub(super) is_listed: bool,
    /// Its summary goes on from the endpoint: `GET /users` returns the users.
    pub(super) is_continued: bool,
    /// Only an example shows it: its path is that of one request.
    pub(super) is_shown: bool,
    /// Its only mention so far shows values: `GET /users?page=2`.
    pub(super) is_example: bool,
    /// The paragraph between its heading and itself.
    pub(super) before: Option<String>,
    /// Parameters whose place was guessed.
    pub(super) guessed: Vec<String>,
    pub(super) is_public: bool,
}

impl Endpoint {
    fn new(method: &'static str, path: String, line: usize) -> Self {
        Self {
            sketch: Sketch {
                at: format!("/line/{line}"),
                method,
                path,
                ..Sketch::default()
            },
            line,
            origin: None,
            head: None,
            is_listed: true,
            is_continued: false,
            is_shown: false,
            is_example: false,
            before: None,
            guessed: Vec::new(),
            is_public: false,
        }
    }
}

pub(super) struct Builder {
    pub(super) heads: Vec<Head>,
    pub(super) open: Vec<usize>,
    pub(super) endpoints: Vec<Endpoint>,
    pub(super) by_key: HashMap<String, usize>,
    pub(super) current: Option<usize>,
    pub(super) part: Part,
    pub(super) pending: Option<String>,
    /// A few words below an endpoint; what follows says whether they describe it.
    pub(super) words: Option<String>,
    /// Those that the line defined that was read last.
    pub(super) newest: Vec<usize>,
    /// Endpoints that followed one another in the list that is being read.
    pub(super) run: usize,
    /// A method or a path that waits for its other half.
    pub(super) half: (Option<String>, Option<String>),
    /// The path of a blueprint's resource, and the level of its heading.
    pub(super) resource: Option<(String, u8)>,
    pub(super) page_title: Option<String>,
    pub(super) about: Option<String>,
    /// Endpoints that sentences mention.
    pub(super) mentions: Vec<(Match, usize, Option<usize>)>,
    pub(super) bases: Bases,
    /// Base URLs that examples show, with the lines of their endpoints.
    pub(super) shown_bases: Vec<(String, usize)>,
    pub(super) auth: Auth,
    pub(super) report: Report,
    pub(super) learnt: usize,
    fields: usize,
}

impl Builder {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            heads: Vec::new(),
            open: Vec::new(),
            endpoints: Vec::new(),
            by_key: HashMap::new(),
            current: None,
            part: Part::Open,
            pending: None,
            words: None,
            newest: Vec::new(),
            run: 0,
            half: (None, None),
            resource: None,
            page_title: None,
            about: None,
            mentions: Vec::new(),
            bases: Bases::default(),
            shown_bases: Vec::new(),
            auth: Auth::default(),
            report: Report::default(),
            learnt: limits.nodes / 8,
            fields: limits.nodes / 16,
        }
    }

    pub(super) fn current_endpoint(&mut self) -> Option<&mut Endpoint> {
        self.endpoints.get_mut(self.current?)
    }

    /// Makes the endpoint the one that is spoken of, new or known.
    pub(super) fn define(
        &mut self,
        found: Match,
        line: usize,
        head: Option<usize>,
        is_listed: bool,
    ) {
        self.define_all(vec![found], line, head, is_listed);
    }

    pub(super) fn define_all(
        &mut self,
        found: Vec<Match>,
        line: usize,
        head: Option<usize>,
        is_listed: bool,
    ) {
        self.newest.clear();
        for one in found {
            for method in one.methods {
                self.open_endpoint(method, one.target.clone(), line, head, is_listed);
                self.newest.extend(self.current);
            }
        }
        self.part = Part::Open;
    }

    pub(super) fn open_endpoint(
        &mut self,
        method: &'static str,
        target: Target,
        line: usize,
        head: Option<usize>,
        is_listed: bool,
    ) {
        let is_example = target.shows_values();
        let path = match target.origin {
            Some(_) => target.path,
            None => self.bases.placed(target.path),
        };
        let key = key_of(method, &path);
        let is_new = !self.by_key.contains_key(&key);
        let at = match self.by_key.get(&key) {
            Some(at) => *at,
            None if self.endpoints.len() >= MAX_OPERATIONS => return,
            None => {
                self.by_key.insert(key, self.endpoints.len());
                self.endpoints.push(Endpoint::new(method, path, line));
                self.endpoints.len() - 1
            }
        };
        self.current = Some(at);
        let pending = self.pending.take();
        let Some(one) = self.endpoints.get_mut(at) else {
            return;
        };
        if one.origin.is_none() {
            one.origin = target.origin;
        }
        let was_example = std::mem::take(&mut one.is_example);
        let was_shown = std::mem::take(&mut one.is_shown) || was_example;
        let was_shown = was_shown && one.head != head;
        if was_shown {
            // What stood around the example was about something else.
            (one.sketch.summary, one.sketch.description, one.before) = (None, None, None);
        }
        // A section of its own says more than a row in a list of all.
        if one.head.is_none() || was_shown || (one.is_listed && !is_listed) {
            one.head = head;
            one.is_listed = is_listed;
            one.line = line;
            one.sketch.at = format!("/line/{line}");
            if let Some(head) = head.and_then(|at| self.heads.get_mut(at)) {
                head.endpoints += 1;
            }
        }
        if one.before.is_none() {
            one.before = pending;
        }
        one.is_example = is_example && (is_new || was_example);
        self.query(at, target.query);
    }

    /// Parameters that an address shows.
    pub(super) fn query(&mut self, at: usize, pairs: Vec<(String, Option<String>)>) {
        for (name, value) in pairs {
            if crate::outline::is_key_query(&name) {
                let line = self.endpoints.get(at).map_or(1, |one| one.line);
                self.auth.query(&name, line);
                continue;
            }
            if !self.pay() {
                return;
            }
            let Some(one) = self.endpoints.get_mut(at) else {
                return;
            };
            let mut field = Field::new(&name, Place::Query);
            match value.filter(|value| value.len() < 200) {
                Some(value) => {
                    let (kind, example) = typed(&name, &value);
                    field = field.of_type(kind);
                    field.example = Some(example);
                }
                None => field = field.of_type("string"),
            }
            one.sketch.parameter(field);
        }
    }

    /// Pays for one field; `false` when there have been too many.
    pub(super) fn pay(&mut self) -> bool {
        let left = self.fields.checked_sub(1);
        self.fields = left.unwrap_or_default();
        left.is_some()
    }

    pub(super) fn answer(&mut self, status: &str, about: &str, line: usize) {
        if !self.pay() {
            return;
        }
        let Some(current) = self.current_endpoint() else {
            return;
        };
        let answer: &mut Answer = current.sketch.answers.entry(status.to_owned()).or_default();
        if answer.at.is_empty() {
            answer.at = format!("/line/{line}");
        }
        let about = folded(about);
        if answer.description.is_none() && !about.is_empty() {
            let kept = about.get(..about.floor_char_boundary(MAX_TEXT));
            answer.description = kept.map(str::to_owned);
        }
    }

    pub(super) fn head(&self) -> Option<usize> {
        self.open.last().copied()
    }
}
