//! Path templates: `/pets/{petId}` and what people write in their stead.

use std::collections::HashSet;

use super::Walker;
use crate::{
    model::{Location, Parameter, Server},
    node::Entry,
    place::{Place, shorten},
};

/// A path in the form that operations have, before parameters are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template {
    /// Starts with `/`; placeholders are `{name}`.
    pub(super) path: String,
    /// Names of placeholders that take reserved characters (`{+name}`).
    pub(super) reserved: Vec<String>,
    /// Names that stood in the path's query part: `/x?id={id}`.
    pub(super) query: Vec<String>,
    /// Names with a fixed value there: `/x?action=list`.
    pub(super) fixed: Vec<String>,
}

impl Template {
    /// Puts the names that the query asks for behind the path, as a fragment: it is
    /// never sent, and other documents write it there themselves.
    fn tell_apart(&mut self) {
        if self.query.is_empty() || self.path.contains('#') {
            return;
        }
        let names = self.query.join("&").replace(['{', '}', '#'], "");
        self.path.push('#');
        self.path.push_str(&names);
    }
}

/// The paths that stand in `paths` several times, with different queries behind
/// them: `/current?city={city}` and `/current?lat={lat}&lon={lon}`.
pub(super) fn overloaded<'d>(paths: &[Entry<'d>]) -> HashSet<&'d str> {
    if paths.iter().all(|(path, _)| !path.contains('?')) {
        return HashSet::new();
    }
    let mut once = HashSet::new();
    let before = paths.iter().map(|(path, _)| {
        let (_, path) = split_origin(path.trim());
        path.split(['?', '#']).next().unwrap_or(path)
    });
    before.filter(|path| !once.insert(*path)).collect()
}

/// One piece of a path.
enum Piece<'p> {
    Text(&'p str),
    Placeholder(&'p str),
}

impl<'d> Walker<'d> {
    /// Brings a key of `paths` into form. A path that is a whole URL gives its
    /// origin as a server.
    pub(super) fn path_template(
        &mut self,
        written: &str,
        place: &Place<'_>,
    ) -> (Template, Option<Server>) {
        let trimmed = written.trim();
        let (origin, path) = split_origin(trimmed);
        if origin.is_some() || !path.starts_with('/') {
            self.report.warn(
                "path-form",
                place,
                format!("The path `{}` does not start with `/`.", shorten(written)),
                "Write the path with a leading slash, and the host under `servers`.",
            );
        }
        let mut template = Template {
            path: String::new(),
            reserved: Vec::new(),
            query: Vec::new(),
            fixed: Vec::new(),
        };
        if !path.starts_with('/') {
            template.path.push('/');
        }
        let (before, query) = path
            .split_once('?')
            .map_or((path, None), |(p, q)| (p, Some(q)));
        self.push_pieces(&mut template, before, place);
        if let Some(query) = query {
            self.query_part(&mut template, query, place);
            if self.overloads.contains(before) {
                template.tell_apart();
            }
        }
        let server = origin.map(|origin| Server {
            url: origin.to_owned(),
            description: None,
            variables: Vec::new(),
        });
        (template, server)
    }

    fn push_pieces(&mut self, template: &mut Template, text: &str, place: &Place<'_>) {
        let open =
            |piece: &Piece<'_>| matches!(piece, Piece::Text(text) if text.contains(['{', '}']));
        if pieces(text).iter().any(open) {
            self.report.warn(
                "path-placeholder",
                place,
                "A brace in the path has no partner; it is taken for text.".to_owned(),
                "Write placeholders as `{name}`.",
            );
        }
        for piece in pieces(text) {
            let inner = match piece {
                Piece::Text(text) => {
                    template.path.push_str(text);
                    continue;
                }
                Piece::Placeholder(inner) => inner,
            };
            // Operators of RFC 6570, and the `{proxy+}` of AWS.
            let name = inner
                .trim()
                .trim_start_matches(['+', '#', '/', '.', ';', '?', '&']);
            let name = name.trim_end_matches(['*', '+']);
            if inner.starts_with(['+', '#', '/']) || inner.ends_with('+') {
                template.reserved.push(name.to_owned());
            }
            if name.is_empty() {
                self.report.warn(
                    "path-placeholder",
                    place,
                    "The path has a placeholder without a name.".to_owned(),
                    "Name it and declare a path parameter of that name.",
                );
            }
            let name = if name.is_empty() { "param" } else { name };
            template.path.push('{');
            template.path.push_str(name);
            template.path.push('}');
        }
    }

    /// A query in the path: fixed pairs stay, as they tell operations apart;
    /// `id={id}` becomes a query parameter.
    fn query_part(&mut self, template: &mut Template, query: &str, place: &Place<'_>) {
        self.report.info(
            "path-query",
            place,
            "The path holds a query string.".to_owned(),
            "Declare its parts as query parameters.",
        );
        let (query, fragment) = query.split_once('#').map_or((query, ""), |(q, f)| (q, f));
        let mut kept: Vec<&str> = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let placeholder = value
                .strip_prefix('{')
                .and_then(|value| value.strip_suffix('}'));
            match placeholder {
                Some(_) => template.query.push(name.to_owned()),
                None if name.contains('{') => {
                    // `{?page,size}` and the like.
                    let names = name.trim_matches(|c: char| "{}?&*".contains(c));
                    template
                        .query
                        .extend(names.split(',').map(|name| name.trim().to_owned()));
                }
                None => {
                    template.fixed.push(name.to_owned());
                    kept.push(pair);
                }
            }
        }
        if !kept.is_empty() {
            template.path.push('?');
            template
                .path
                .push_str(&kept.join("&").replace(['{', '}'], ""));
        }
        if !fragment.is_empty() {
            template.path.push('#');
            template.path.push_str(&fragment.replace(['{', '}'], ""));
        }
    }

    /// Makes `parameters` and the placeholders of `template` agree, and returns
    /// the path that they agree on.
    pub(super) fn settle_path(
        &mut self,
        template: &Template,
        parameters: &mut Vec<Parameter<'d>>,
        place: &Place<'_>,
    ) -> String {
        self.settle_query(template, parameters);
        let mut path = colon_segments(&template.path, parameters);
        let mut names = placeholders(&path);
        for name in &mut names {
            if has_path(parameters, name) {
                continue;
            }
            // `{petid}` and a parameter `petId` mean each other.
            let alike = parameters.iter().find(|parameter| {
                parameter.location == Location::Path && same_letters(parameter.name, name)
            });
            if let Some(declared) = alike {
                path = path.replace(&format!("{{{name}}}"), &format!("{{{}}}", declared.name));
                declared.name.clone_into(name);
                continue;
            }
            self.report.warn(
                "undeclared-path-parameter",
                place,
                format!("`{{{name}}}` in the path is not declared; it is taken for a string."),
                "Declare it under `parameters` with `in: path`.",
            );
            parameters.push(Parameter::bare(
                self.source.arena.text(name),
                Location::Path,
            ));
        }
        let unused = |parameter: &Parameter<'_>| {
            parameter.location == Location::Path && !names.iter().any(|name| name == parameter.name)
        };
        for parameter in parameters.iter().filter(|parameter| unused(parameter)) {
            self.report.warn(
                "unused-path-parameter",
                place,
                format!(
                    "The path has no `{{{}}}` for the parameter of that name.",
                    parameter.name
                ),
                "Remove the parameter, or put it into the path.",
            );
        }
        parameters.retain(|parameter| !unused(parameter));
        for parameter in parameters.iter_mut() {
            if parameter.location == Location::Path
                && template.reserved.iter().any(|name| name == parameter.name)
            {
                parameter.allow_reserved = true;
            }
        }
        path
    }

    /// What the path's query part says of query parameters.
    fn settle_query(&self, template: &Template, parameters: &mut Vec<Parameter<'d>>) {
        parameters.retain(|parameter| {
            parameter.location != Location::Query
                || !template.fixed.iter().any(|name| name == parameter.name)
        });
        for name in &template.query {
            let declared = parameters
                .iter_mut()
                .find(|parameter| parameter.name == name.as_str());
            match declared {
                // `in: path` for a placeholder that stands behind the `?`.
                Some(parameter) if parameter.location == Location::Path => {
                    let Parameter { style, explode, .. } = Parameter::bare("", Location::Query);
                    parameter.location = Location::Query;
                    (parameter.style, parameter.explode) = (style, explode);
                }
                Some(parameter) if parameter.location == Location::Query => {}
                _ => parameters.push(Parameter::bare(
                    self.source.arena.text(name),
                    Location::Query,
                )),
            }
        }
    }
}

fn has_path(parameters: &[Parameter<'_>], name: &str) -> bool {
    parameters
        .iter()
        .any(|p| p.location == Location::Path && p.name == name)
}

fn same_letters(left: &str, right: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars()
            .filter(|letter| letter.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    letters(left) == letters(right) && !letters(left).is_empty()
}

/// `/users/:id`, where `id` is a declared path parameter, as `/users/{id}`.
fn colon_segments(path: &str, parameters: &[Parameter<'_>]) -> String {
    if !path.contains("/:") {
        return path.to_owned();
    }
    let segments: Vec<String> = path
        .split('/')
        .map(|segment| match segment.strip_prefix(':') {
            Some(name) if has_path(parameters, name) => format!("{{{name}}}"),
            _ => segment.to_owned(),
        })
        .collect();
    segments.join("/")
}

/// Names of placeholders, each once, in order.
fn placeholders(path: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for piece in pieces(path) {
        if let Piece::Placeholder(name) = piece
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    }
    names
}

/// Splits at `{…}`; a brace without its partner is text.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((inner, behind)) = after.split_once('}') else {
            break;
        };
        if inner.contains(['{', '/']) && !inner.starts_with('/') {
            // `{a{b}`: the first brace is text.
            let cut = before.len() + 1;
            found.push(Piece::Text(rest.get(..cut).unwrap_or_default()));
            rest = rest.get(cut..).unwrap_or_default();
            continue;
        }
        found.push(Piece::Text(before));
        found.push(Piece::Placeholder(inner));
        rest = behind;
    }
    found.push(Piece::Text(rest));
    found
}

/// `https://host/path` as origin and path.
fn split_origin(text: &str) -> (Option<&str>, &str) {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    let scheme = if lower.starts_with("https://") {
        8
    } else if lower.starts_with("http://") {
        7
    } else {
        return (None, text);
    };
    let rest = text.get(scheme..).unwrap_or_default();
    let host = rest.find('/').unwrap_or(rest.len());
    if host == 0 {
        return (None, text);
    }
    (
        text.get(..scheme + host),
        rest.get(host..).unwrap_or_default(),
    )
}
