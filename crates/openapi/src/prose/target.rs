//! Addresses of every spelling: paths and URLs, with placeholders as people write them.

/// Longer paths are none.
const MAX_TARGET: usize = 1_000;

/// An address, taken apart.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Target {
    /// `https://api.example.com`; `None` for a path alone.
    pub(super) origin: Option<String>,
    /// With placeholders as `{name}`; starts with `/`.
    pub(super) path: String,
    pub(super) query: Vec<(String, Option<String>)>,
}

impl Target {
    /// Whether its query has values rather than placeholders.
    pub(super) fn shows_values(&self) -> bool {
        let is_value = |value: &String| !value.is_empty() && !value.contains(['{', '<', ':']);
        let mut values = self.query.iter().filter_map(|(_, value)| value.as_ref());
        values.any(is_value)
    }
}

/// The address at the start of `text`, and the bytes that it takes.
pub(super) fn target_at(text: &str) -> Option<(Target, usize)> {
    let starts_well = text.starts_with(['/', '{', '$', '<', '['])
        || starts_with_scheme(text)
        || starts_with_host(text);
    if !starts_well {
        return None;
    }
    let length = target_length(text);
    let written = text.get(..length)?;
    Some((target(written)?, length))
}

fn starts_with_scheme(text: &str) -> bool {
    let start = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    start.starts_with("http://") || start.starts_with("https://")
}

/// `api.example.com/…`, or `localhost:3000/…`.
fn starts_with_host(text: &str) -> bool {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || ".-:".contains(c)));
    let host = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    let behind = text.get(host.len()..).unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    let is_host = name == "localhost"
        || name.split('.').count() > 1 && name.split('.').all(|part| part.len() > 1);
    is_host && host.len() < 200 && behind.starts_with('/')
}

/// Up to what cannot be part of an address. Brackets are kept whole.
fn target_length(text: &str) -> usize {
    let mut depth = Vec::new();
    let mut end = 0;
    for (at, letter) in text.char_indices() {
        if at > MAX_TARGET {
            break;
        }
        let inside = !depth.is_empty();
        match letter {
            '{' => depth.push('}'),
            '<' => depth.push('>'),
            '(' => depth.push(')'),
            '[' => depth.push(']'),
            '}' | '>' | ')' | ']' if depth.pop() != Some(letter) => break,
            '\n' | '`' | '|' | '\t' => break,
            '"' | '\'' | ' ' | ',' if !inside => break,
            letter if letter.is_whitespace() && (!inside || at - end > 40) => break,
            _ => {}
        }
        if depth.is_empty() {
            end = at + letter.len_utf8();
        }
    }
    let whole = text.get(..end).unwrap_or_default();
    whole
        .trim_end_matches(['.', ',', ';', ':', '!', '*', '?', '\u{2026}'])
        .len()
}

/// Takes an address apart; `None` where it is none.
pub(super) fn target(written: &str) -> Option<Target> {
    // Ruby writes `#{id}`.
    let written = written.replace("#{", "{");
    let (before, query) = split_query(&written);
    let before = before.split('#').next().unwrap_or_default();
    let (origin, path) = split_origin(before)?;
    let mut out = String::new();
    for segment in path.split('/').skip(1) {
        out.push('/');
        out.push_str(&self::segment(segment)?);
    }
    if out.is_empty() {
        out.push('/');
    }
    Some(Target {
        origin,
        path: out,
        query: pairs(query),
    })
}

/// The query, which documentation writes as `?a=b`, `{?a,b}` or `[?a=b]`.
fn split_query(text: &str) -> (&str, &str) {
    for mark in ["{?", "[?", "(?", "?", "{&"] {
        if let Some((before, after)) = text.split_once(mark) {
            // `{id?}` is an optional placeholder.
            if mark == "?" && after.starts_with('}') {
                continue;
            }
            return (before, after.trim_end_matches(['}', ']', ')']));
        }
    }
    (text, "")
}

fn pairs(query: &str) -> Vec<(String, Option<String>)> {
    let is_template = !query.contains('=');
    let parts = query.split(['&', ',']).filter(|part| !part.is_empty());
    let parts = parts.filter_map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let name = name.trim().trim_matches(['{', '}', '[', '*', '.']);
        let name = name.replace("%5B", "[").replace("%5D", "]");
        let is_name = !name.is_empty()
            && name.len() < 100
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || "_-.[]$:".contains(c));
        let is_open = value.starts_with(['{', '<', ':', '$', '[']) || value.is_empty();
        let value = (!is_open && !is_template).then(|| value.to_owned());
        is_name.then_some((name, value))
    });
    parts.take(100).collect()
}

/// The origin, and the path from its first slash on. What stands for a base URL
/// (`{{baseUrl}}`, `$API`) is dropped.
fn split_origin(text: &str) -> Option<(Option<String>, &str)> {
    if text.starts_with('/') {
        return (!text.starts_with("//")).then_some((None, text));
    }
    if starts_with_scheme(text) {
        let scheme = text.find("://").map_or(0, |at| at + 3);
        let rest = text.get(scheme..)?;
        let host = rest.find('/').unwrap_or(rest.len());
        if host == 0 {
            return None;
        }
        let origin = without_user(text.get(..scheme + host)?)
            .replace(['<', '['], "{")
            .replace(['>', ']'], "}");
        return Some((Some(origin), text.get(scheme + host..)?));
    }
    let slash = text.find('/')?;
    let (start, path) = text.split_at_checked(slash)?;
    if starts_with_host(text) {
        let is_local = start.starts_with("localhost");
        let scheme = if is_local { "http" } else { "https" };
        return Some((Some(format!("{scheme}://{start}")), path));
    }
    let is_base = start.starts_with('$') || start.ends_with(['}', '>', ']']);
    is_base.then_some((None, path))
}

/// An origin without the credential that an example may have before its host.
pub(super) fn without_user(origin: &str) -> String {
    match origin.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.rsplit('@').next().unwrap_or(rest);
            format!("{scheme}://{host}")
        }
        None => origin.to_owned(),
    }
}

/// One segment in the walker's form; `None` where it cannot be part of a path.
fn segment(text: &str) -> Option<String> {
    let text = text.replace("%7B", "{").replace("%7D", "}");
    // Rails writes the format behind the path.
    let text = text.replace("(.:format)", "");
    let known = |c: char| c.is_alphanumeric() || "_-.~%+=&@!*,;:'$()[]{}<>| ".contains(c);
    if !text.chars().all(known) {
        return None;
    }
    // Docker writes `(id)` and `(id or name)`.
    let inner = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'));
    let inner = inner.map(|name| name.trim_end_matches('*'));
    if let Some(name) = inner.filter(|name| {
        name.split(" or ")
            .all(|name| name_length(name) == name.len())
    }) {
        return placeholder(name);
    }
    let mut out = String::new();
    let mut rest = text.as_str();
    if let Some(name) = rest.strip_prefix(':').or_else(|| rest.strip_prefix('$')) {
        let name = name.trim_start_matches('{');
        let end = name_length(name);
        if end > 0 {
            out.push_str(&placeholder(name.get(..end)?)?);
            rest = name.get(end..)?.trim_start_matches(['}', '?', '+', '*']);
        }
    }
    while let Some(at) = rest.find(['{', '<', '[']) {
        let (before, after) = rest.split_at_checked(at)?;
        out.push_str(before);
        let inner = after.trim_start_matches(['{', '<', '[']);
        let end = inner.find(['}', '>', ']'])?;
        out.push_str(&placeholder(inner.get(..end)?)?);
        rest = inner.get(end..)?.trim_start_matches(['}', '>', ']']);
    }
    out.push_str(rest);
    if out.contains(' ') {
        return None;
    }
    Some(shouted(&out).unwrap_or(out))
}

/// Bytes of the name at the start; a hyphen is part of it between letters.
fn name_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_word = |at: usize| {
        bytes
            .get(at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii())
    };
    let is_joint = |at: usize| bytes.get(at) == Some(&b'-') && at > 0 && is_word(at + 1);
    (0..bytes.len())
        .find(|at| !is_word(*at) && !is_joint(*at))
        .unwrap_or(bytes.len())
}

/// `YOUR_USER_ID` stands for a value.
fn shouted(segment: &str) -> Option<String> {
    let is_shouted = segment == "ID"
        || segment.len() > 3
            && segment
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
            && (segment.contains("ID") || segment.starts_with("YOUR_"));
    let name = segment.trim_start_matches("YOUR_").to_ascii_lowercase();
    is_shouted.then(|| format!("{{{name}}}"))
}

/// The name in a placeholder: `id`, `id:int`, `int:id`, `id?`, `user id`, `*path`.
fn placeholder(inner: &str) -> Option<String> {
    const TYPES: [&str; 8] = [
        "int", "string", "str", "uuid", "path", "float", "slug", "any",
    ];
    let inner = inner
        .trim()
        .trim_matches(['{', '}', '*', '+', '?', '$', ':']);
    let name = match inner.split_once(':') {
        Some((kind, name)) if TYPES.contains(&kind) => name,
        Some((name, _)) => name,
        None => inner,
    };
    let name: String = name
        .trim()
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || "_-.".contains(c) {
                c
            } else {
                '_'
            }
        })
        .take(60)
        .collect();
    (!name.is_empty()).then(|| format!("{{{name}}}"))
}
