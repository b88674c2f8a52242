//! Rate limits: what extensions, headers, status codes and prose say of them.

use std::collections::BTreeSet;

use mcpengine_openapi::ApiDescription;

use crate::RateLimits;
use crate::text::plain;

/// Statements kept; a document that has more repeats itself.
const MAX_STATEMENTS: usize = 8;
/// Of one text, what is looked at.
const MAX_PROSE: usize = 16 << 10;
/// How far behind the words `rate limit` rates such as `3/s` stand.
const NEAR: usize = 160;
/// Words between a number and its unit.
const REACH: usize = 6;

pub(crate) fn plan(api: &ApiDescription<'_>) -> RateLimits {
    let mut headers = BTreeSet::new();
    let mut documents_429 = false;
    for response in api
        .operations
        .iter()
        .flat_map(|operation| &operation.responses)
    {
        documents_429 |= response.status == "429";
        let names = response.headers.iter().map(|(name, _)| *name);
        for name in names.filter(|name| is_limit_header(name)) {
            if !headers.contains(name) {
                headers.insert(name.to_owned());
            }
        }
    }
    RateLimits {
        headers: headers.into_iter().collect(),
        documents_429,
        statements: statements(api),
    }
}

fn is_limit_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let name = name.strip_prefix("x-").unwrap_or(&name);
    name == "retry-after" || name.starts_with("ratelimit") || name.contains("rate-limit")
}

/// What is said anywhere, the most general first: in extensions, of the API,
/// of its tags, of single operations and their responses.
fn statements(api: &ApiDescription<'_>) -> Vec<String> {
    let mut found = Found::default();
    for text in &api.rate_limits {
        found.read(text, Context::Limit);
    }
    found.read_prose(api.description);
    for tag in &api.tags {
        found.read_prose(tag.description);
    }
    // What is said of one operation is not more general than what is said of
    // another: the order of operations does not matter.
    let mut of_operations = BTreeSet::new();
    let mut read = |prose: Option<&str>| {
        let mut here = Found::default();
        here.read_prose(prose);
        of_operations.extend(here.0);
        while of_operations.len() > MAX_STATEMENTS {
            of_operations.pop_last();
        }
    };
    for operation in &api.operations {
        read(operation.summary);
        read(operation.description);
        for response in &operation.responses {
            if response.status == "429" {
                read(response.description);
            }
            for (name, description) in response.headers {
                if is_limit_header(name) {
                    read(*description);
                }
            }
        }
    }
    of_operations
        .into_iter()
        .for_each(|statement| found.add(statement));
    found.0
}

/// Where a text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Prose,
    /// It is about limits anyway: `100 per minute` is of requests.
    Limit,
}

/// Statements without repetition.
#[derive(Default)]
struct Found(Vec<String>);

impl Found {
    fn add(&mut self, statement: String) {
        if self.0.len() < MAX_STATEMENTS && !self.0.contains(&statement) {
            self.0.push(statement);
        }
    }

    fn read_prose(&mut self, prose: Option<&str>) {
        let Some(prose) = prose else { return };
        let head = prose
            .get(..prose.floor_char_boundary(MAX_PROSE))
            .unwrap_or(prose);
        // Most prose is about something else: one look finds that out.
        let has = |parts: &[&str]| parts.iter().any(|part| head.contains(part));
        let speaks = has(&["equest", "call", "quer", "req/"])
            && has(&["second", "minute", "hour", "day", "month", "/s", "/min"])
            && head.bytes().any(|byte| byte.is_ascii_digit());
        let is_rate =
            |three: &[u8]| matches!(three, [b'0'..=b'9', b'/', b's' | b'm' | b'h' | b'd']);
        let lists = head.as_bytes().windows(3).any(is_rate) && has(&["ate limit", "ate Limit"]);
        if !(speaks || lists) {
            return;
        }
        let text = plain(head);
        if speaks {
            self.read(&text, Context::Prose);
        }
        if lists {
            self.read_rates(&text);
        }
    }

    /// `Rate limits: Burst: 3/s; Steady: 60/m`.
    fn read_rates(&mut self, text: &str) {
        let lower = text.to_ascii_lowercase();
        let mut end = 0;
        for (at, _) in lower.match_indices("rate limit") {
            if at < end {
                continue;
            }
            end = lower.floor_char_boundary(at + NEAR);
            let near = lower.get(at..end).unwrap_or_default();
            for word in near.split_whitespace() {
                let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
                let Some((count, time)) = word.split_once('/') else {
                    continue;
                };
                let count = count.replace(',', "");
                let is_count =
                    (1..12).contains(&count.len()) && count.bytes().all(|b| b.is_ascii_digit());
                if let Some(unit) = short_unit(time).filter(|_| is_count) {
                    self.add(format!("{count} requests per {unit}"));
                }
            }
        }
    }

    /// `100 requests per minute` and the like, as `<number> <noun> per <time>`.
    fn read(&mut self, text: &str, context: Context) {
        let words: Vec<String> = text
            .split(|c: char| c.is_whitespace() || c == '/')
            .map(|word| {
                word.trim_matches(|c: char| !c.is_ascii_alphanumeric())
                    .to_ascii_lowercase()
            })
            .filter(|word| !word.is_empty())
            .collect();
        for (at, word) in words.iter().enumerate() {
            let digits = word.replace(',', "");
            let is_count =
                (1..12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
            let rest = words.get(at + 1..).unwrap_or_default();
            if is_count && let Some(statement) = statement(&digits, rest, context) {
                self.add(statement);
            }
        }
    }
}

/// The statement that a number begins.
fn statement(count: &str, rest: &[String], context: Context) -> Option<String> {
    let window: Vec<&str> = rest.iter().take(REACH).map(String::as_str).collect();
    let unit = window.iter().position(|word| unit(word).is_some());
    let noun = window.iter().take(3).position(|word| noun(word).is_some());
    match (noun, unit, context) {
        (Some(at), Some(until), _) if at < until && until <= at + 3 => {
            let noun = noun_at(&window, at)?;
            let time = time(window.get(at + 1..=until)?)?;
            Some(format!("{count} {noun} per {time}"))
        }
        // `limit 100 period 60 seconds`, `100 per minute`; `60 seconds` is a time.
        (_, Some(until), Context::Limit) if until < 4 && !is_plural(window.first()) => {
            let time = time(window.get(..=until)?)?;
            Some(format!("{count} requests per {time}"))
        }
        // `limit 100 window 60`: such numbers are seconds.
        (_, None, Context::Limit) => {
            let at = window.iter().position(|word| {
                ["window", "period", "interval", "per", "duration"].contains(word)
            })?;
            let seconds = window.get(at + 1)?;
            let is_number = seconds.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| format!("{count} requests per {seconds} seconds"))
        }
        _ => None,
    }
}

fn is_plural(word: Option<&&str>) -> bool {
    word.is_some_and(|word| unit(word).is_some() && word.len() > 1 && word.ends_with('s'))
}

fn noun_at<'a>(window: &[&'a str], at: usize) -> Option<&'a str> {
    window.get(at).and_then(|word| noun(word))
}

fn noun(word: &str) -> Option<&str> {
    match word {
        "request" | "requests" | "req" | "reqs" => Some("requests"),
        "calls" | "queries" => Some(word),
        _ => None,
    }
}

/// A unit of time, written out.
fn unit(word: &str) -> Option<&str> {
    match word {
        "second" | "minute" | "hour" | "day" | "month" | "seconds" | "minutes" | "hours" => {
            Some(word)
        }
        "s" | "sec" => Some("second"),
        "min" => Some("minute"),
        "hr" => Some("hour"),
        _ => None,
    }
}

/// The unit of a rate such as `60/m`.
fn short_unit(word: &str) -> Option<&str> {
    match word {
        "m" => Some("minute"),
        "h" => Some("hour"),
        "d" => Some("day"),
        word => unit(word),
    }
}

/// `5 minutes` of `in 5 minutes`; `None` where other words stand between.
fn time(words: &[&str]) -> Option<String> {
    const FILLERS: [&str; 13] = [
        "per", "a", "an", "each", "every", "in", "one", "period", "window", "interval", "unit",
        "within", "any",
    ];
    let kept: Vec<&str> = words
        .iter()
        .filter(|word| !FILLERS.contains(word))
        .map(|word| unit(word).unwrap_or(word))
        .collect();
    (!kept.is_empty()).then(|| kept.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{api, operation, response};
    use mcpengine_openapi::{Method, Tag};

    #[test]
    fn limits_are_read_from_prose_headers_and_statuses() {
        let mut call = operation(Method::Get, "/x", None);
        let mut ok = response("200", Vec::new());
        ok.headers = &[("X-RateLimit-Remaining", None), ("Link", None)];
        call.responses = vec![ok, response("429", Vec::new())];
        let mut api = api(vec![call]);
        api.description = Some(
            "Limited to **1,000 API requests per hour**; 5 calls/second. In 2024 we had 3 requests from users.",
        );
        assert_eq!(
            plan(&api),
            RateLimits {
                headers: vec!["X-RateLimit-Remaining".to_owned()],
                documents_429: true,
                statements: vec![
                    "1000 requests per hour".to_owned(),
                    "5 calls per second".to_owned()
                ],
            }
        );
    }

    #[test]
    fn what_is_said_of_all_comes_before_what_is_said_of_one() {
        let mut call = operation(Method::Get, "/x", None);
        call.description = Some("At most 7 requests every 5 minutes.");
        let mut many = response("429", Vec::new());
        many.description = Some("More than 2 requests per second.");
        many.headers = &[(
            "RateLimit",
            Some("60 req/min, and 7 requests every 5 minutes"),
        )];
        call.responses = vec![many];
        let mut api = api(vec![call]);
        api.tags.push(Tag {
            name: "x",
            description: Some("Counts: 10 queries per day."),
        });
        api.rate_limits = vec!["requests 100 window 60".to_owned()];
        assert_eq!(
            plan(&api).statements,
            [
                "100 requests per 60 seconds",
                "10 queries per day",
                "2 requests per second",
                "60 requests per minute",
                "7 requests per 5 minutes",
            ]
        );
    }

    #[test]
    fn rates_are_read_where_limits_are_spoken_of() {
        let mut call = operation(Method::Get, "/x", None);
        call.description = Some("Get it.<br><br>*Rate limits*:<br>Burst: `3/s`<br>Steady: `60/m`");
        let mut other = operation(Method::Get, "/y", None);
        other.description = Some("Moves at 5/s, on 3/d of a page.");
        let found = plan(&api(vec![call, other])).statements;
        assert_eq!(found, ["3 requests per second", "60 requests per minute"]);
    }

    #[test]
    fn extensions_say_it_in_many_shapes() {
        for (text, expected) in [
            ("100/minute", Some("100 requests per minute")),
            ("100 requests per hour", Some("100 requests per hour")),
            ("limit 50 period minute", Some("50 requests per minute")),
            (
                "limit 50 interval 10 seconds",
                Some("50 requests per 10 seconds"),
            ),
            ("limit 50 window 3600", Some("50 requests per 3600 seconds")),
            ("tier 2", None),
            ("true", None),
        ] {
            let mut api = api(Vec::new());
            api.rate_limits = vec![text.to_owned()];
            let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(plan(&api).statements, expected, "{text}");
        }
    }

    #[test]
    fn statements_are_bounded() {
        let mut api = api(Vec::new());
        let all: Vec<String> = (0..5_000)
            .map(|n| format!("{n} requests per day"))
            .collect();
        let all = all.join(". ");
        api.description = Some(&all);
        assert_eq!(plan(&api).statements.len(), MAX_STATEMENTS);
    }
}
