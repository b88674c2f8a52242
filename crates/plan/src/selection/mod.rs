//! The default selection: which tools of a large API are on at first.
//!
//! A client shows its model every tool of a server, and a thousand of them
//! leave no room for the task. So an API with more than [`MOST`] starts with
//! the ones that most tasks need, and people add what they miss.

mod deed;
mod path;
mod seen;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};

use mcpengine_openapi::{Diagnostic, Severity};

use crate::parallel;
use crate::words::split;
use crate::{DisabledBecause, Tool};
pub(crate) use deed::is_verb;
use deed::{Aside, Deed, aside};
use path::Need;
pub(crate) use path::Path;
use seen::Seen;

/// The most tools that are on where nobody asked for more: what clients and
/// models still choose well from.
pub(crate) const MOST: usize = 60;

/// Which tools are on at first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Selection {
    /// All of a small API; of a large one at most 60, chosen so that each
    /// important part of it can be used.
    #[default]
    Default,
    /// All but deprecated ones and those that the document turns off.
    All,
}

/// What the first tool of the heaviest group gains; the second gains half of
/// it, the third a third: seats go to groups by D'Hondt's method, roughly.
const VOICE: u32 = 30;
/// What a tool loses whose id comes from a list that is not chosen.
const MISSING: i64 = 5;
/// What a tool gains whose subject has one already: reading without writing,
/// or the other way round, is half a job.
const COMPLETES: i64 = 3;
/// What a search loses where there is a list of the same things.
const LISTED: i64 = 6;
/// What a second way to do the same to the same subject loses.
const REPEATS: i64 = 9;

/// Turns off what the default selection leaves out, and says how much that is.
/// `wished` are the tools that the document or the caller asks for. Tools are read on
/// so many threads at most.
pub(crate) fn select(tools: &mut [Tool], wished: &[bool], threads: usize) -> Option<Diagnostic> {
    let chosen = choose(tools, wished, threads)?;
    let candidates = tools.iter().filter(|tool| tool.enabled).count();
    for (at, tool) in tools.iter_mut().enumerate() {
        if tool.enabled && !chosen.contains(&at) {
            tool.enabled = false;
            tool.disabled_because = Some(DisabledBecause::NotSelected);
        }
    }
    let on = chosen.len();
    (on < candidates).then(|| Diagnostic {
        code: "default-selection",
        severity: Severity::Info,
        pointer: String::new(),
        message: format!(
            "{on} of {candidates} tools are on: more than {MOST} leave a model no room to choose well"
        ),
        help: "Turn others on or off in the list of tools, or let the server search among all of \
               them (`--mode dynamic`, in the studio \"Search and call\"). A document names its own \
               with `x-mcp: true`, the command line takes all with `--all`."
            .to_owned(),
    })
}

/// Chooses among the tools that are on: those in `wished`, and the best others
/// while there are at most [`MOST`]. `None` where all fit.
///
/// The choice is greedy: one tool after the other, each the best beside those
/// that were chosen before it. It depends on what the tools are, never on their
/// order. Work is bounded by `MOST` times the number of tools.
fn choose(tools: &[Tool], wished: &[bool], threads: usize) -> Option<HashSet<usize>> {
    let on = tools.iter().filter(|tool| tool.enabled).count();
    if on <= MOST {
        return None;
    }
    let mut field = Field::new(tools, threads);
    let mut chosen: HashSet<usize> = HashSet::new();
    for (at, (wished, tool)) in wished.iter().zip(tools).enumerate() {
        if *wished && tool.enabled {
            chosen.insert(at);
        }
    }
    for place in 0..field.candidates.len() {
        let is_wished = field
            .candidates
            .get(place)
            .is_some_and(|c| chosen.contains(&c.at));
        if is_wished {
            field.take(place);
        }
    }
    field.value_again(|_| true);
    while chosen.len() < MOST {
        let Some(place) = field.best() else { break };
        let Some(taken) = field.take(place) else {
            break;
        };
        chosen.insert(taken.at);
        field.value_again(|candidate| taken.concerns(candidate));
    }
    Some(chosen)
}

/// One tool that may be chosen.
struct Candidate<'a> {
    /// Among the tools.
    at: usize,
    key: &'a str,
    group: usize,
    deed: Deed,
    /// What it is about, e.g. `/pets`.
    subject: usize,
    /// By itself, whatever stands beside it.
    worth: i64,
    /// Ids that some list of this API yields.
    needs: Vec<Known>,
    gives: Option<Known>,
    taken: bool,
    /// Beside those that were chosen before it; see [`Field::value_again`].
    value: i64,
}

/// A [`Need`] whose texts have become numbers: all candidates are looked at for each
/// tool that is chosen.
#[derive(Clone, Copy)]
struct Known {
    collection: usize,
    noun: usize,
}

/// Texts, each with a number of its own, from 0.
#[derive(Default)]
struct Numbers(HashMap<String, usize>);

impl Numbers {
    fn of(&mut self, text: &str) -> usize {
        if let Some(known) = self.0.get(text) {
            return *known;
        }
        let next = self.0.len();
        self.0.insert(text.to_owned(), next);
        next
    }
}

/// The numbers of what candidates need, give and are about.
#[derive(Default)]
struct Register {
    collections: Numbers,
    nouns: Numbers,
    subjects: Numbers,
}

impl Register {
    fn known(&mut self, need: &Need) -> Known {
        Known {
            collection: self.collections.of(&need.collection),
            noun: self.nouns.of(&need.noun),
        }
    }
}

struct Group {
    weight: u32,
    chosen: u32,
}

/// Everything that can be chosen from, and what the chosen ones have changed.
struct Field<'a> {
    candidates: Vec<Candidate<'a>>,
    groups: Vec<Group>,
    heaviest: u32,
    given: Given,
    /// What is done already to each subject.
    done: Vec<Vec<Deed>>,
}

/// Ids that can be had, by the collection or by what they are ids of.
#[derive(Default)]
struct Given {
    collections: Vec<bool>,
    nouns: Vec<bool>,
}

impl Given {
    fn add(&mut self, known: Known) {
        mark(&mut self.collections, known.collection);
        mark(&mut self.nouns, known.noun);
    }

    fn has(&self, known: Known) -> bool {
        let is_marked = |marks: &[bool], at: usize| marks.get(at).copied().unwrap_or(false);
        is_marked(&self.collections, known.collection) || is_marked(&self.nouns, known.noun)
    }
}

fn mark(marks: &mut Vec<bool>, at: usize) {
    if marks.len() <= at {
        marks.resize(at + 1, false);
    }
    if let Some(mark) = marks.get_mut(at) {
        *mark = true;
    }
}

impl<'a> Field<'a> {
    fn new(tools: &'a [Tool], threads: usize) -> Self {
        let all = tools.iter().enumerate();
        let enabled: Vec<(usize, &'a Tool)> = all.filter(|(_, tool)| tool.enabled).collect();
        let seen: Vec<Seen<'a>> =
            parallel::map(&enabled, threads, |(at, tool)| Seen::of(*at, tool));
        let mut below: HashMap<&str, u32> = HashMap::new();
        let mut sizes: BTreeMap<&str, u32> = BTreeMap::new();
        let mut available = Given::default();
        let mut register = Register::default();
        for seen in &seen {
            *sizes.entry(&seen.tool.group).or_default() += 1;
            for prefix in &seen.collections {
                *below.entry(prefix).or_default() += 1;
            }
            if let Some(gives) = &seen.gives {
                available.add(register.known(gives));
            }
        }
        let places: HashMap<&str, usize> = sizes.keys().copied().zip(0..).collect();
        let groups: Vec<Group> = sizes
            .iter()
            .map(|(id, size)| Group {
                weight: weight(id, *size),
                chosen: 0,
            })
            .collect();
        let mut candidates: Vec<Candidate<'a>> = seen
            .iter()
            .map(|seen| {
                let tool = seen.tool;
                let needs = seen.needs.iter().map(|need| register.known(need));
                let needs = needs.filter(|need| available.has(*need)).collect();
                Candidate {
                    at: seen.at,
                    key: &tool.key,
                    group: places.get(tool.group.as_str()).copied().unwrap_or_default(),
                    deed: seen.deed,
                    worth: seen.worth(&below),
                    subject: register.subjects.of(&seen.subject),
                    gives: seen.gives.as_ref().map(|gives| register.known(gives)),
                    needs,
                    taken: false,
                    value: 0,
                }
            })
            .collect();
        put_behind_lists(&mut candidates);
        Self {
            candidates,
            heaviest: groups
                .iter()
                .map(|group| group.weight)
                .max()
                .unwrap_or(1)
                .max(1),
            groups,
            given: Given::default(),
            done: vec![Vec::new(); register.subjects.0.len()],
        }
    }

    /// Of those that are worth most, the first by its key.
    fn best(&self) -> Option<usize> {
        let open = || {
            self.candidates
                .iter()
                .enumerate()
                .filter(|(_, it)| !it.taken)
        };
        let most = open().map(|(_, candidate)| candidate.value).max()?;
        open()
            .filter(|(_, candidate)| candidate.value == most)
            .min_by_key(|(_, candidate)| candidate.key)
            .map(|(place, _)| place)
    }

    /// Values the candidates that are concerned once more.
    fn value_again(&mut self, is_concerned: impl Fn(&Candidate<'_>) -> bool) {
        for place in 0..self.candidates.len() {
            let candidate = self.candidates.get(place).filter(|it| is_concerned(it));
            let value = candidate.map(|candidate| self.value(candidate));
            if let (Some(candidate), Some(value)) = (self.candidates.get_mut(place), value) {
                candidate.value = value;
            }
        }
    }

    /// What a candidate is worth beside those that were chosen.
    fn value(&self, candidate: &Candidate<'_>) -> i64 {
        let voice = self.groups.get(candidate.group).map_or(0, |group| {
            VOICE * group.weight / (self.heaviest * (group.chosen + 1))
        });
        let missing = candidate
            .needs
            .iter()
            .filter(|need| !self.given.has(**need))
            .count();
        let missing = i64::try_from(missing).unwrap_or_default();
        let beside = match self.done.get(candidate.subject) {
            Some(done) if done.contains(&candidate.deed) => -REPEATS,
            Some(done) if !done.is_empty() => COMPLETES,
            _ => 0,
        };
        candidate.worth + i64::from(voice) + beside - MISSING * missing
    }

    /// Takes a candidate. Those that it concerns are to be valued once more.
    fn take(&mut self, place: usize) -> Option<Taken> {
        let candidate = self.candidates.get_mut(place)?;
        candidate.taken = true;
        let taken = Taken {
            at: candidate.at,
            group: candidate.group,
            subject: candidate.subject,
            gives: candidate.gives.is_some(),
        };
        if let Some(group) = self.groups.get_mut(taken.group) {
            group.chosen += 1;
        }
        if let Some(gives) = candidate.gives {
            self.given.add(gives);
        }
        if let Some(done) = self.done.get_mut(taken.subject) {
            done.push(candidate.deed);
        }
        Some(taken)
    }
}

/// A candidate that was taken.
struct Taken {
    /// Among the tools.
    at: usize,
    group: usize,
    subject: usize,
    /// It yields ids.
    gives: bool,
}

impl Taken {
    /// Whether another may be worth more or less now.
    fn concerns(&self, other: &Candidate<'_>) -> bool {
        other.group == self.group
            || other.subject == self.subject
            || (self.gives && !other.needs.is_empty())
    }
}

/// Lists find the same things as searches, and ask for less.
fn put_behind_lists(candidates: &mut [Candidate<'_>]) {
    let is_list = |candidate: &&Candidate<'_>| candidate.deed == Deed::List;
    let lists = candidates.iter().filter(is_list).map(|it| it.subject);
    let listed: HashSet<usize> = lists.collect();
    for candidate in candidates {
        if candidate.deed == Deed::Search && listed.contains(&candidate.subject) {
            candidate.worth -= LISTED;
        }
    }
}

/// A group's weight: by its size, less for what only administrators look at.
fn weight(id: &str, size: u32) -> u32 {
    let weight = (size * 100).isqrt();
    match aside(&split(id)) {
        Aside::No => weight,
        Aside::Rather => weight / 2,
        Aside::Certainly => weight / 4,
    }
}
