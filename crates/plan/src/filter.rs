//! Filters: which tools somebody asks for, by tag, method, path or name.

use std::collections::BTreeSet;

use mcpengine_openapi::{ApiDescription, Operation};

use crate::{DisabledBecause, ServerPlan, Tool, planner};

/// Which tools to take: a tool has to fit one value of each kind that has any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Tags of the document, or ids of groups; case does not matter.
    pub tags: Vec<String>,
    /// HTTP methods; case does not matter.
    pub methods: Vec<String>,
    /// Path templates; `*` stands for anything within a segment, `**` for
    /// anything, `?` for one character.
    pub paths: Vec<String>,
    /// Names of tools, or their keys (`GET /pets`). What is named is on, also
    /// where the document or the default selection turns it off.
    pub tools: Vec<String>,
    /// Only tools that change nothing.
    pub read_only: bool,
}

/// A filter that no tool fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    /// The option: `--tag`, …; empty where each fits some tool, but none fits all.
    pub option: &'static str,
    pub value: String,
    /// What the caller may have meant, nearest first.
    pub near: Vec<String>,
}

/// Near misses that are told.
const NEAR: usize = 5;

impl Filter {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn fits(&self, operation: &Operation<'_>, tool: &Tool) -> bool {
        let any = |values: &[String], fits: &dyn Fn(&str) -> bool| {
            values.is_empty() || values.iter().any(|value| fits(value))
        };
        (!self.read_only || tool.annotations.read_only_hint)
            && any(&self.tags, &|tag| has_tag(operation, tool, tag))
            && any(&self.methods, &|method| {
                tool.request.method.eq_ignore_ascii_case(method)
            })
            && any(&self.paths, &|glob| matches(glob, &tool.request.path))
            && any(&self.tools, &|name| is_called(tool, name))
    }

    /// Whether a tool is asked for by its name.
    pub(crate) fn names(&self, tool: &Tool) -> bool {
        self.tools.iter().any(|name| is_called(tool, name))
    }

    /// Turns off what does not fit, and on what is named. `api` is the document
    /// of the tools, operation by tool.
    pub(crate) fn apply(&self, api: &ApiDescription<'_>, tools: &mut [Tool]) {
        if self.is_empty() {
            return;
        }
        for (operation, tool) in api.operations.iter().zip(tools) {
            if !self.fits(operation, tool) {
                tool.enabled = false;
                tool.disabled_because
                    .get_or_insert(DisabledBecause::NotSelected);
            } else if !self.tools.is_empty() {
                tool.enabled = true;
                tool.disabled_because = None;
            }
        }
    }

    /// The values that no tool fits; where there is none, but no tool fits all
    /// of them, that. Empty where some tool fits.
    #[must_use]
    pub fn misses(&self, api: &ApiDescription<'_>, plan: &ServerPlan) -> Vec<Miss> {
        let found = Pairs::of(api, plan);
        let mut misses = Vec::new();
        let mut look = |option: &'static str,
                        values: &[String],
                        fits: &dyn Fn(&Operation<'_>, &Tool, &str) -> bool,
                        known: &dyn Fn() -> BTreeSet<String>| {
            for value in values {
                if !found.any(|operation, tool| fits(operation, tool, value)) {
                    misses.push(Miss {
                        option,
                        value: value.clone(),
                        near: nearest(value, known()),
                    });
                }
            }
        };
        let all = |of: &dyn Fn(&Operation<'_>, &Tool) -> Vec<String>| -> BTreeSet<String> {
            found
                .0
                .iter()
                .flat_map(|(operation, tool)| of(operation, tool))
                .collect()
        };
        look(
            "--tag",
            &self.tags,
            &|operation, tool, tag| has_tag(operation, tool, tag),
            &|| {
                all(&|operation, tool| match operation.tags.is_empty() {
                    true => vec![tool.group.clone()],
                    false => operation.tags.iter().map(|tag| (*tag).to_owned()).collect(),
                })
            },
        );
        look(
            "--method",
            &self.methods,
            &|_, tool, method| tool.request.method.eq_ignore_ascii_case(method),
            &|| all(&|_, tool| vec![tool.request.method.clone()]),
        );
        look(
            "--path",
            &self.paths,
            &|_, tool, glob| matches(glob, &tool.request.path),
            &|| all(&|_, tool| vec![tool.request.path.clone()]),
        );
        look(
            "--tool",
            &self.tools,
            &|_, tool, name| is_called(tool, name),
            &|| all(&|_, tool| vec![tool.name.clone()]),
        );
        if misses.is_empty() && !self.is_empty() && !found.any(|op, tool| self.fits(op, tool)) {
            misses.push(Miss {
                option: "",
                value: String::new(),
                near: Vec::new(),
            });
        }
        misses
    }
}

/// Operations with their tools: a plan has one of each that is described once.
struct Pairs<'a>(Vec<(&'a Operation<'a>, &'a Tool)>);

impl<'a> Pairs<'a> {
    fn of(api: &'a ApiDescription<'a>, plan: &'a ServerPlan) -> Self {
        let mut tools = plan.tools.iter();
        let mut pairs = Vec::with_capacity(plan.tools.len());
        // Both are in the document's order.
        let mut next = tools.next();
        for operation in &api.operations {
            if let Some(tool) = next
                && tool.key == planner::key(operation)
            {
                pairs.push((operation, tool));
                next = tools.next();
            }
        }
        Self(pairs)
    }

    fn any(&self, fits: impl Fn(&Operation<'_>, &Tool) -> bool) -> bool {
        self.0.iter().any(|(operation, tool)| fits(operation, tool))
    }
}

fn has_tag(operation: &Operation<'_>, tool: &Tool, tag: &str) -> bool {
    let is = |text: &str| text.trim().to_lowercase() == tag.trim().to_lowercase();
    operation.tags.iter().any(|tag| is(tag)) || is(&tool.group)
}

fn is_called(tool: &Tool, name: &str) -> bool {
    tool.name.eq_ignore_ascii_case(name) || tool.key.eq_ignore_ascii_case(name)
}

/// Whether a path fits a pattern. Work is bounded by the product of their
/// lengths, whatever the pattern.
fn matches(glob: &str, path: &str) -> bool {
    let glob = pattern(glob);
    let text: Vec<char> = path.chars().collect();
    // `open[at]`: what was read of the pattern fits the first `at` characters.
    let mut open = vec![false; text.len() + 1];
    if let Some(first) = open.first_mut() {
        *first = true;
    }
    for part in &glob {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            let here = open.get(at).copied().unwrap_or_default();
            let before = at.checked_sub(1);
            let c = before.and_then(|before| text.get(before)).copied();
            let came = |from: &[bool]| before.and_then(|before| from.get(before)).copied();
            let fits = match part {
                Part::Exactly(wanted) => came(&open) == Some(true) && c == Some(*wanted),
                Part::One => came(&open) == Some(true) && c != Some('/'),
                Part::Some => here || (came(&next) == Some(true) && c != Some('/')),
                Part::All => here || came(&next) == Some(true),
            };
            if let Some(slot) = next.get_mut(at) {
                *slot = fits;
            }
        }
        open = next;
    }
    open.last() == Some(&true)
}

enum Part {
    Exactly(char),
    One,
    Some,
    All,
}

fn pattern(glob: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut characters = glob.trim().chars().peekable();
    while let Some(c) = characters.next() {
        parts.push(match c {
            '*' if characters.peek() == Some(&'*') => {
                while characters.next_if_eq(&'*').is_some() {}
                Part::All
            }
            '*' => Part::Some,
            '?' => Part::One,
            c => Part::Exactly(c),
        });
    }
    parts
}

/// What is most like a value: what contains it, then what takes the fewest
/// changes of a letter.
fn nearest(value: &str, known: BTreeSet<String>) -> Vec<String> {
    let wanted: Vec<char> = value.to_lowercase().chars().take(100).collect();
    let text: String = wanted.iter().collect();
    let mut ranked: Vec<(usize, String)> = known
        .into_iter()
        .map(|name| {
            let lower = name.to_lowercase();
            let contains = !text.is_empty() && (lower.contains(&text) || text.contains(&lower));
            let rank = if contains {
                0
            } else {
                distance(&wanted, &lower)
            };
            (rank, name)
        })
        .collect();
    ranked.sort();
    ranked.truncate(NEAR);
    ranked.into_iter().map(|(_, name)| name).collect()
}

/// Levenshtein's distance, of texts cut to 100 characters.
fn distance(one: &[char], other: &str) -> usize {
    let other: Vec<char> = other.chars().take(100).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, a) in one.iter().enumerate() {
        let mut diagonal = std::mem::replace(row.first_mut().unwrap_or(&mut 0), at + 1);
        for (place, b) in other.iter().enumerate() {
            let left = row.get(place).copied().unwrap_or_default();
            let Some(slot) = row.get_mut(place + 1) else {
                break;
            };
            let above = *slot;
            let replaced = diagonal + usize::from(a != b);
            *slot = replaced.min(above + 1).min(left + 1);
            diagonal = above;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{api, operation};
    use crate::{PlanOptions, Selection, plan};
    use mcpengine_openapi::Method;

    fn shop() -> ApiDescription<'static> {
        let mut operations = vec![
            operation(Method::Get, "/pets", Some("listPets")),
            operation(Method::Post, "/pets", Some("createPet")),
            operation(Method::Get, "/pets/{id}", Some("getPet")),
            operation(Method::Get, "/pets/{id}/photos/{photo}", Some("getPhoto")),
            operation(Method::Delete, "/shops/{id}", Some("deleteShop")),
        ];
        for operation in operations.iter_mut().take(4) {
            operation.tags = vec!["Pets", "Public"];
        }
        operations[4].deprecated = true;
        api(operations)
    }

    fn names(filter: Filter) -> Vec<String> {
        let options = PlanOptions {
            filter,
            selection: Selection::Default,
            ..PlanOptions::default()
        };
        let (plan, _) = plan(&shop(), &options);
        let enabled = plan.tools.into_iter().filter(|tool| tool.enabled);
        enabled.map(|tool| tool.name).collect()
    }

    fn filter(tags: &[&str], methods: &[&str], paths: &[&str], tools: &[&str]) -> Filter {
        let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        Filter {
            tags: owned(tags),
            methods: owned(methods),
            paths: owned(paths),
            tools: owned(tools),
            read_only: false,
        }
    }

    #[test]
    fn one_of_each_kind_has_to_fit() {
        for (filter, expected) in [
            (
                filter(&["pets"], &[], &[], &[]),
                "list_pets create_pet get_pet get_photo",
            ),
            (
                filter(&["public"], &["post", "delete"], &[], &[]),
                "create_pet",
            ),
            (filter(&[], &[], &["/pets/*"], &[]), "get_pet"),
            (
                filter(&[], &[], &["/pets/**", "/shops"], &[]),
                "get_pet get_photo",
            ),
            (
                filter(&[], &["GET"], &["**"], &[]),
                "list_pets get_pet get_photo",
            ),
            (
                filter(&[], &[], &[], &["list_pets", "GET /pets/{id}"]),
                "list_pets get_pet",
            ),
            // Named, and so on; filtered, and so not turned on.
            (filter(&[], &[], &[], &["delete_shop"]), "delete_shop"),
            (filter(&["shops"], &[], &[], &[]), ""),
        ] {
            assert_eq!(names(filter.clone()).join(" "), expected, "{filter:?}");
        }
        let reads = Filter {
            read_only: true,
            ..Filter::default()
        };
        assert_eq!(names(reads).join(" "), "list_pets get_pet get_photo");
    }

    #[test]
    fn what_fits_nothing_is_told_with_what_is_like_it() {
        let api = shop();
        let (plan, _) = plan(&api, &PlanOptions::default());
        let misses = |filter: Filter| -> Vec<(&'static str, Vec<String>)> {
            let misses = filter.misses(&api, &plan);
            misses
                .into_iter()
                .map(|miss| (miss.option, miss.near))
                .collect()
        };
        assert_eq!(misses(Filter::default()), []);
        assert_eq!(misses(filter(&["pets"], &["get"], &[], &[])), []);
        let strings =
            |names: &[&str]| -> Vec<String> { names.iter().map(|n| (*n).to_owned()).collect() };
        assert_eq!(
            misses(filter(
                &["pts"],
                &["PATH"],
                &["/pet"],
                &["list_pet", "get_pet"]
            )),
            [
                ("--tag", strings(&["Pets", "shops", "Public"])),
                ("--method", strings(&["GET", "POST", "DELETE"])),
                (
                    "--path",
                    strings(&[
                        "/pets",
                        "/pets/{id}",
                        "/pets/{id}/photos/{photo}",
                        "/shops/{id}"
                    ])
                ),
                (
                    "--tool",
                    strings(&[
                        "list_pets",
                        "get_pet",
                        "create_pet",
                        "get_photo",
                        "delete_shop"
                    ])
                ),
            ]
        );
        assert_eq!(
            misses(filter(&["pets"], &["DELETE"], &[], &[])),
            [("", Vec::new())]
        );
    }

    #[test]
    fn globs_stay_within_their_segment() {
        for (glob, path, expected) in [
            ("/pets", "/pets", true),
            ("/pets", "/pets/{id}", false),
            ("/p?ts", "/pets", true),
            ("/*", "/pets/{id}", false),
            ("/*/{*}", "/pets/{id}", true),
            ("/**", "/pets/{id}", true),
            ("/**/photos/*", "/pets/{id}/photos/{photo}", true),
            ("**photo**", "/pets/{id}/photos/{photo}", true),
            ("*", "", true),
            ("", "/pets", false),
        ] {
            assert_eq!(matches(glob, path), expected, "{glob} {path}");
        }
        let stars = "*a".repeat(200);
        assert!(!matches(&stars, &"a".repeat(150)));
    }
}
