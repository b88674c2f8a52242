//! Rate limits: what headers, status codes and prose say of them.

use std::collections::BTreeSet;

use mcpengine_openapi::ApiDescription;

use crate::RateLimits;

/// Statements kept; a document that has more repeats itself.
const MAX_STATEMENTS: usize = 8;

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
    let statements = api.description.map(statements).unwrap_or_default();
    RateLimits {
        headers: headers.into_iter().collect(),
        documents_429,
        statements,
    }
}

fn is_limit_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let name = name.strip_prefix("x-").unwrap_or(&name);
    name == "retry-after" || name.starts_with("ratelimit") || name.contains("rate-limit")
}

/// `100 requests per minute` and the like, as `<number> <noun> per <time>`.
fn statements(prose: &str) -> Vec<String> {
    let words: Vec<String> = crate::text::plain(prose)
        .split(|c: char| c.is_whitespace() || c == '/')
        .map(|word| {
            word.trim_matches(|c: char| !c.is_ascii_alphanumeric())
                .to_ascii_lowercase()
        })
        .filter(|word| !word.is_empty())
        .collect();
    let mut found: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let digits = word.replace(',', "");
        let is_count =
            !digits.is_empty() && digits.len() < 12 && digits.bytes().all(|b| b.is_ascii_digit());
        if !is_count {
            continue;
        }
        let window: Vec<&str> = words
            .iter()
            .skip(at + 1)
            .take(6)
            .map(String::as_str)
            .collect();
        let noun = window
            .iter()
            .take(3)
            .position(|w| ["requests", "calls", "request", "queries"].contains(w));
        let unit = window.iter().position(|w| {
            [
                "second", "minute", "hour", "day", "month", "seconds", "minutes", "hours",
            ]
            .contains(w)
        });
        if let (Some(noun), Some(unit)) = (noun, unit)
            && noun < unit
            && unit <= noun + 3
            && let (Some(noun_word), Some(time)) = (window.get(noun), window.get(noun + 1..=unit))
        {
            let time: Vec<&str> = time
                .iter()
                .copied()
                .filter(|w| !["per", "a", "an", "each", "every", "in", "one"].contains(w))
                .collect();
            let plural = if *noun_word == "request" {
                "requests"
            } else {
                noun_word
            };
            let statement = format!("{digits} {plural} per {}", time.join(" "));
            if !found.contains(&statement) && found.len() < MAX_STATEMENTS {
                found.push(statement);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{api, operation, response};
    use mcpengine_openapi::Method;

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
}
