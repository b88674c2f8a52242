//! `METHOD /path` in a text.

use super::target::{Target, target_at};
use crate::outline::method_named;

/// Matches in one text that are looked at.
const MAX_MATCHES: usize = 50;
/// Between a method and its path there are at most this many marks.
const MAX_MARKS: usize = 12;

/// Methods before one path.
const MAX_METHODS: usize = 8;

/// A method with its path.
#[derive(Debug, PartialEq)]
pub(super) struct Match {
    pub(super) methods: Vec<&'static str>,
    pub(super) target: Target,
    /// Where the match starts and ends in the text.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// All matches in `text`, from left to right.
pub(super) fn find(text: &str) -> Vec<Match> {
    let mut found = Vec::new();
    let mut at = 0;
    while found.len() < MAX_MATCHES
        && let Some(start) = next_upper(text, at)
    {
        match match_at(text, start) {
            Some(one) => {
                at = one.end;
                found.push(one);
            }
            None => at = start + word_length(text, start),
        }
    }
    found
}

/// The next word that starts with an upper-case letter.
fn next_upper(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    (from..bytes.len()).find(|at| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        bytes.get(*at).is_some_and(u8::is_ascii_uppercase)
            && !before.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_-./".contains(byte))
    })
}

fn word_length(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    rest.bytes()
        .take_while(u8::is_ascii_alphabetic)
        .count()
        .max(1)
}

/// A method word in capitals, as its length and its name.
fn method_at(text: &str, start: usize) -> Option<(usize, &'static str)> {
    let length = word_length(text, start);
    let word = text.get(start..start + length)?;
    let is_upper = word.bytes().all(|byte| byte.is_ascii_uppercase());
    let behind = text.as_bytes().get(start + length);
    if !is_upper || behind.is_some_and(|byte| byte.is_ascii_digit() || *byte == b'_') {
        return None;
    }
    Some((length, method_named(word)?))
}

fn match_at(text: &str, start: usize) -> Option<Match> {
    let mut methods = Vec::new();
    let mut at = start;
    // `GET, POST /users` and `GET/POST /users`.
    while let Some((length, method)) = method_at(text, at) {
        methods.push(method);
        at += length;
        let next = at + marks(text, at, " \t,/|`&");
        match method_at(text, next) {
            Some(_) if next > at && methods.len() < MAX_METHODS => at = next,
            _ => break,
        }
    }
    if methods.is_empty() {
        return None;
    }
    methods.dedup();
    let mut next = at + marks(text, at, " \t:|`*\"'()[]>\u{2192}\u{2013}\u{2014}-=");
    if let Some(words) = request_words(text.get(next..)?) {
        next += words;
    }
    let (target, length) = target_at(text.get(next..)?)?;
    // `GET/users` is a match, `GETs` is not; a lone `/` is only one at an end.
    if target.path == "/" && target.origin.is_none() {
        let behind = text
            .get(next + length..)?
            .trim_start_matches(['`', ' ', '*']);
        if behind.starts_with(|c: char| c.is_alphanumeric()) {
            return None;
        }
    }
    Some(Match {
        methods,
        target,
        start,
        end: next + length,
    })
}

/// Bytes of the marks at `at`.
fn marks(text: &str, at: usize, known: &str) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.chars()
        .take(MAX_MARKS)
        .take_while(|letter| known.contains(*letter))
        .map(char::len_utf8)
        .sum()
}

/// `request to the endpoint`, which stands between method and path in sentences.
fn request_words(text: &str) -> Option<usize> {
    const WORDS: [&str; 12] = [
        "request", "requests", "call", "calls", "to", "on", "at", "against", "the", "endpoint",
        "url", "method",
    ];
    let mut used = 0;
    let mut count = 0;
    loop {
        let rest = text.get(used..)?;
        let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let word = rest.get(..length)?.to_ascii_lowercase();
        if !WORDS.contains(&word.as_str()) || count > 5 {
            break;
        }
        count += 1;
        used += length + marks(text, used + length, " :`*");
    }
    (count > 0).then_some(used)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> String {
        find(text)
            .iter()
            .map(|one| {
                let Target {
                    origin,
                    path,
                    query,
                } = &one.target;
                let origin = origin.as_deref().unwrap_or_default();
                let query: Vec<&str> = query.iter().map(|(name, _)| name.as_str()).collect();
                format!(
                    "{} {origin}{path} {}\n",
                    one.methods.join("+"),
                    query.join(",")
                )
            })
            .collect()
    }

    #[test]
    fn endpoints_are_found() {
        let text = "GET /users/:id/posts and `POST /users`.\n**PUT** `/users/{id}`: x\n\
            DELETE https://api.example.com/v1/users/<user id>?force={force}&deep=1\n\
            GET, POST /a | PATCH | /b/{id:int} | HEAD api.example.com/c/<int:n>.json\n\
            send a GET request to the endpoint `/d` GET {{base}}/e GET $API/f/${id}\n\
            GET /g{?page,size} GET /h/YOUR_USER_ID GET /i[?x=1] GET /j(.:format) OPTIONS /\n\
            GET https://ann:secret@a.example/k/(id or name)/l/#{m} GET /n/:user-id/:from-:to";
        expect_test::expect![[r#"
            get /users/{id}/posts 
            post /users 
            put /users/{id} 
            delete https://api.example.com/v1/users/{user_id} force,deep
            get+post /a 
            patch /b/{id} 
            head https://api.example.com/c/{n}.json 
            get /d 
            get /e 
            get /f/{id} 
            get /g page,size
            get /h/{user_id} 
            get /i x
            get /j 
            options / 
            get https://a.example/k/{id_or_name}/l/{m} 
            get /n/{user-id}/{from}-:to 
        "#]]
        .assert_eq(&found(text));
    }

    #[test]
    fn words_are_no_endpoints() {
        for text in [
            "GET and POST are methods",
            "Get /users",
            "TARGET /x",
            "GET_ALL /x",
            "GET / POST requests",
            "POST // comment",
            "PUT it away /now",
            "GET",
            "GET {",
            "DELETE http://",
        ] {
            assert_eq!(found(text), "", "{text}");
        }
    }
}
