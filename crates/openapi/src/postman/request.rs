//! One request: method, address, parameters.

use serde_json::{Map, Value, json};

use super::{
    Reader, description,
    folders::Found,
    merge::Draft,
    names::clean,
    text::{clean_name, is_part_of_path, literal, replace_parts, replace_variables},
    url::{Address, Entry, address, entries, from_text},
    values::variable_name,
};
use crate::{
    node::Node,
    outline::{
        Field, Place, Sketch, is_key_query, is_own_header, is_plain_id, is_secret, method_named,
        name_ids,
    },
    place::{Place as At, shorten},
};

/// Why an address cannot be used.
struct Unusable(String);

impl<'n, 'd> Reader<'n, 'd> {
    /// The operation that a request shows; `None`, reported, where it shows none.
    pub(super) fn request(&mut self, found: &Found<'n, 'd>) -> Option<Draft> {
        let at = format!("{}/request", found.pointer);
        let written = found.item.get("request");
        let (method, place) = match written {
            Some(request) if request.as_str().is_some() => (None, from_text(request.as_str()?)),
            Some(request) => (request.text("method"), address(request.get("url"))),
            None => (None, None),
        };
        let named = method.unwrap_or("GET");
        let Some(method) = method_named(named) else {
            self.report.error(
                "unsupported-method",
                &At::At(&at),
                format!(
                    "The method `{}` cannot be called by a generated server.",
                    shorten(named)
                ),
                "Send the request with a standard method.",
            );
            return None;
        };
        let settled = match place {
            Some(place) => self.settle(place),
            None => Err(Unusable("has no address".to_owned())),
        };
        let (place, server) = match settled {
            Ok(settled) => settled,
            Err(Unusable(what)) => {
                self.leave_out(found, &at, &what);
                return None;
            }
        };
        let about = written.and_then(description);
        let mut sketch = Sketch {
            method,
            path: self.path(&place),
            summary: found.item.text("name").map(|name| clean(name).to_owned()),
            description: about.or_else(|| description(found.item)),
            server,
            at,
            ..Sketch::default()
        };
        self.name_ids(&mut sketch);
        self.path_fields(&mut sketch, &place);
        self.query_fields(&mut sketch, &place);
        if let Some(request) = written.filter(|request| request.as_object().is_some()) {
            self.contents(&mut sketch, request, found, &place);
        } else {
            self.security(&mut sketch, None, found.folder, &[], &[]);
        }
        self.answers(&mut sketch, found);
        let call = written.and_then(|request| self.call(&mut sketch, request));
        Some(Draft {
            sketch,
            folder: found.folder,
            call,
        })
    }

    fn leave_out(&mut self, found: &Found<'n, 'd>, at: &str, what: &str) {
        let name = found.item.text("name").unwrap_or_default();
        self.report.error(
            "postman-url",
            &At::At(at),
            format!("The request `{}` is left out: it {what}.", shorten(name)),
            "Give it a URL with a host or base variable and a path, such as `{{baseUrl}}/pets`.",
        );
    }

    /// What a request holds besides its address.
    fn contents(
        &mut self,
        sketch: &mut Sketch,
        request: &'n Node<'d>,
        found: &Found<'n, 'd>,
        place: &Address,
    ) {
        let headers = headers(request, "header");
        let usable = headers.iter().filter(|header| !header.disabled);
        for header in usable {
            if !is_own_header(&header.name)
                && !crate::outline::is_key_header(&header.name)
                && self.pay()
            {
                sketch.parameter(self.field(header, Place::Header, &sketch.at));
            }
        }
        self.security(sketch, Some(request), found.folder, &headers, &place.query);
        self.body(sketch, request, &headers);
    }

    /// Remembers which variables stand before paths.
    pub(super) fn find_bases(&mut self, requests: &[Found<'n, 'd>]) {
        for found in requests {
            let request = found.item.get("request");
            let place = match request {
                Some(request) if request.as_str().is_some() => request.as_str().and_then(from_text),
                Some(request) => address(request.get("url")),
                None => None,
            };
            if let Some(place) = place
                && place.segments.iter().any(|segment| !segment.is_empty())
                && let Some(name) = variable_name(&place.start)
            {
                self.bases.insert(name.to_owned());
            }
        }
    }

    /// The address with its server. A lone variable is a base URL where other
    /// requests use it as one; else its value has to be a whole address.
    fn settle(&self, place: Address) -> Result<(Address, Option<Value>), Unusable> {
        let has_path = place.segments.iter().any(|segment| !segment.is_empty());
        let lone =
            variable_name(&place.start).filter(|name| !has_path && !self.bases.contains(*name));
        if let Some(name) = lone {
            let whole = self.resolved(&place.start).and_then(from_text);
            let Some(whole) = whole.filter(|whole| whole.start.contains("://")) else {
                let name = shorten(name);
                return Err(Unusable(format!(
                    "is sent to `{{{{{name}}}}}`, which is only known when it is sent"
                )));
            };
            let whole = Address {
                query: whole.query.into_iter().chain(place.query).collect(),
                ..whole
            };
            let server = self.server(&whole.start)?;
            return Ok((whole, Some(server)));
        }
        if place.start.is_empty() {
            return if has_path {
                Ok((place, None))
            } else {
                Err(Unusable("has no address".to_owned()))
            };
        }
        let server = self.server(&place.start)?;
        Ok((place, Some(server)))
    }

    /// The Server Object for the start of an address.
    fn server(&self, start: &str) -> Result<Value, Unusable> {
        let mut text = start.trim_end_matches('/').to_owned();
        for _ in 0..5 {
            let scheme = text.find("://").map_or(0, |at| at + 3);
            let (scheme, rest) = text.split_at_checked(scheme).unwrap_or(("", &text));
            let host = rest.split('/').next().unwrap_or_default();
            let value = variable_name(host).and_then(|name| self.variables.get(name));
            let Some(value) = value.filter(|value| value.len() <= 2_048) else {
                break;
            };
            let tail = rest.get(host.len()..).unwrap_or_default();
            let value = value.trim().trim_end_matches('/');
            text = match value.contains("://") {
                true => format!("{value}{tail}"),
                false => format!("{scheme}{value}{tail}"),
            };
        }
        match text.split_once("://") {
            Some((scheme, _)) if is_http(scheme) => {}
            Some((scheme, _)) => {
                let scheme = shorten(scheme);
                return Err(Unusable(format!("is sent by `{scheme}`, not by HTTP")));
            }
            None if text.starts_with("{{") => {}
            // A base path alone, relative to where the collection is used.
            None if text.starts_with('/') && !text.starts_with("//") => {}
            None => {
                let host = text.trim_start_matches('/');
                let scheme = if is_local(host) { "http" } else { "https" };
                text = format!("{scheme}://{host}");
            }
        }
        let mut variables = Map::new();
        let url = replace_variables(&text, |name| {
            let value = self.variables.get(name);
            if let Some(part) = value.filter(|value| is_part_of_path(value)) {
                return part.trim_matches('/').to_owned();
            }
            let mut variable = Map::new();
            if let Some(value) = value.filter(|_| !is_secret(name)) {
                variable.insert("default".to_owned(), json!(value));
            }
            let about = format!("The variable `{name}` of the Postman collection");
            variable.insert("description".to_owned(), json!(about));
            let name = clean_name(name);
            variables.insert(name.clone(), Value::Object(variable));
            format!("{{{name}}}")
        });
        Ok(json!({ "url": url, "variables": variables }))
    }

    /// The server that most requests have becomes the document's.
    pub(super) fn place_servers(&mut self, drafts: &mut [Draft]) {
        let mut counts: indexmap::IndexMap<String, (usize, Value)> = indexmap::IndexMap::new();
        for server in drafts
            .iter()
            .filter_map(|draft| draft.sketch.server.as_ref())
        {
            let known = counts.entry(server.to_string());
            known.or_insert_with(|| (0, server.clone())).0 += 1;
        }
        // Of two that are equally common, the first.
        let most = counts.into_values().rev().max_by_key(|(count, _)| *count);
        let Some((_, most)) = most else {
            return;
        };
        for draft in drafts {
            draft.sketch.server.take_if(|server| *server == most);
        }
        self.outline.servers.push(most);
    }

    fn path(&self, place: &Address) -> String {
        let mut path = String::new();
        for segment in &place.segments {
            path.push('/');
            path.push_str(&self.segment(segment));
        }
        if path.is_empty() {
            path.push('/');
        }
        path
    }

    /// One segment, with placeholders as `{name}`.
    fn segment(&self, segment: &str) -> String {
        let segment = segment.trim().replace("%7B", "{").replace("%7D", "}");
        if let Some(rest) = segment.strip_prefix(':').filter(|rest| !rest.is_empty()) {
            let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
            let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            let (name, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
            return format!("{{{}}}{}", clean_name(name), literal(behind));
        }
        if let Some(name) = segment
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix('>'))
        {
            return format!("{{{}}}", clean_name(name));
        }
        let single = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        if let Some(name) = single.filter(|name| !name.contains(['{', '}'])) {
            return format!("{{{}}}", clean_name(name));
        }
        replace_parts(&segment, literal, |name| {
            match self
                .variables
                .get(name)
                .filter(|value| is_part_of_path(value))
            {
                Some(value) => value.trim_matches('/').replace(['{', '}', '?', '#'], ""),
                None => format!("{{{}}}", clean_name(name)),
            }
        })
    }

    /// In `/users/17`, as somebody sent it, `17` stands for any user.
    fn name_ids(&mut self, sketch: &mut Sketch) {
        let Some((path, found)) = name_ids(&sketch.path, is_plain_id) else {
            return;
        };
        let names: Vec<String> = found
            .iter()
            .map(|(name, value)| format!("`{}` as `{{{name}}}`", shorten(value)))
            .collect();
        self.report.info(
            "postman-placeholder",
            &At::At(&sketch.at),
            format!(
                "{} is sent with ids in it; it reads {}.",
                shorten(&sketch.path),
                names.join(", ")
            ),
            "Write them as variables of the path: `/users/:id`.",
        );
        sketch.path = path;
        for (name, value) in found {
            let mut field = Field::new(&name, Place::Path).of_type("string");
            field.example = Some(json!(value));
            sketch.parameter(field);
        }
    }

    fn path_fields(&mut self, sketch: &mut Sketch, place: &Address) {
        for name in crate::outline::placeholders(&sketch.path.clone()) {
            let said = place
                .variables
                .iter()
                .find(|entry| clean_name(&entry.name) == name);
            let field = match said {
                Some(entry) => self.field(entry, Place::Path, &sketch.at),
                None => {
                    let value = self.variables.get(name).cloned();
                    let entry = Entry {
                        name: name.to_owned(),
                        value,
                        ..Entry::default()
                    };
                    self.field(&entry, Place::Path, &sketch.at)
                }
            };
            let field = Field {
                name: name.to_owned(),
                ..field
            };
            if self.pay() {
                sketch.parameter(field);
            }
        }
    }

    /// Entries that are switched off are parameters as well: the author wrote
    /// them down for somebody to switch them on. A name that comes twice is a list.
    fn query_fields(&mut self, sketch: &mut Sketch, place: &Address) {
        let mut seen: indexmap::IndexMap<&str, usize> = indexmap::IndexMap::new();
        for entry in &place.query {
            *seen.entry(&entry.name).or_default() += 1;
        }
        for entry in &place.query {
            if is_key_query(&entry.name) {
                continue;
            }
            if !self.pay() {
                return;
            }
            let mut field = self.field(entry, Place::Query, &sketch.at);
            if seen
                .get(entry.name.as_str())
                .is_some_and(|count| *count > 1)
            {
                let items = std::mem::take(&mut field.schema);
                field.schema.insert("type".to_owned(), json!("array"));
                field
                    .schema
                    .insert("items".to_owned(), Value::Object(items));
                field.example = None;
            }
            sketch.parameter(field);
        }
    }
}

/// Headers as a list, or as the lines of a text.
pub(super) fn headers(node: &Node<'_>, key: &str) -> Vec<Entry> {
    let Some(text) = node.get(key).and_then(Node::as_str) else {
        return entries(node, key, "");
    };
    let lines = text
        .lines()
        .take(1_000)
        .filter_map(|line| line.split_once(':'));
    lines
        .map(|(name, value)| Entry {
            name: name.trim().to_owned(),
            value: Some(value.trim().to_owned()),
            ..Entry::default()
        })
        .filter(|entry| !entry.name.is_empty())
        .collect()
}

fn is_http(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("http")
        || scheme.eq_ignore_ascii_case("https")
        || scheme.starts_with("{{")
}

fn is_local(host: &str) -> bool {
    ["localhost", "127.", "0.0.0.0", "[::1]"]
        .iter()
        .any(|start| host.starts_with(start))
}
