//! `curl` commands and raw HTTP messages in code.

use super::target::{Target, target, target_at};
use crate::outline::method_named;

/// Commands in one block of code.
const MAX_COMMANDS: usize = 20;
/// Words of one command.
const MAX_WORDS: usize = 400;

/// A request that an example shows.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Shown {
    pub(super) method: &'static str,
    pub(super) target: Target,
    pub(super) headers: Vec<(String, String)>,
    /// A body as it is sent.
    pub(super) data: Option<String>,
    /// Fields of a form; the value of a file is `None`.
    pub(super) form: Vec<(String, Option<String>)>,
    pub(super) is_multipart: bool,
    pub(super) has_basic: bool,
}

/// All `curl` commands in a block of code.
pub(super) fn commands(code: &str) -> Vec<Shown> {
    let mut found = Vec::new();
    let mut rest = code;
    while found.len() < MAX_COMMANDS
        && let Some(at) = command_start(rest)
    {
        let behind = rest.get(at..).unwrap_or_default();
        let (words, used) = words(behind);
        found.extend(command(words));
        rest = behind.get(used.max(1)..).unwrap_or_default();
    }
    found
}

/// Where the arguments of the next command start.
fn command_start(code: &str) -> Option<usize> {
    code.match_indices("curl").find_map(|(at, word)| {
        let before = code.get(..at)?.chars().next_back();
        let end = at + word.len();
        let behind = code.get(end..)?.chars().next();
        let starts = before.is_none_or(|c| c.is_whitespace() || "$`(;&|>".contains(c));
        (starts && behind.is_some_and(|c| c == ' ' || c == '\\' || c == '\t')).then_some(end)
    })
}

/// The words of a shell command up to its end, and the bytes that they take.
fn words(text: &str) -> (Vec<String>, usize) {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        // Backticks quote in Markdown's examples; at the end of a line, PowerShell goes on.
        let goes_on = matches!(letters.peek(), None | Some((_, '\n' | '\r')));
        let is_quote =
            matches!(letter, '\'' | '"') || (letter == '`' && word.is_none() && !goes_on);
        match letter {
            '\\' | '^' | '`' if !is_quote => {
                let next = letters.peek().map(|(_, next)| *next);
                match next {
                    Some('\n' | '\r') => {
                        words.extend(word.take());
                        while letters.next_if(|(_, c)| matches!(c, '\r' | '\n')).is_some() {}
                    }
                    Some(next) if letter == '\\' => {
                        word.get_or_insert_default().push(next);
                        letters.next();
                    }
                    _ => word.get_or_insert_default().push(letter),
                }
            }
            _ if is_quote => {
                let quoted = word.get_or_insert_default();
                while let Some((_, inner)) = letters.next() {
                    match inner {
                        inner if inner == letter => break,
                        '\\' if letter == '"' => {
                            let next = letters.next().map(|(_, next)| next);
                            match next {
                                Some(next @ ('"' | '\\' | '$' | '`')) => quoted.push(next),
                                Some('\n') | None => {}
                                Some(next) => quoted.extend(['\\', next]),
                            }
                        }
                        inner => quoted.push(inner),
                    }
                }
            }
            '\n' | '|' | ';' => {
                words.extend(word.take());
                return (words, at);
            }
            letter if letter.is_whitespace() => words.extend(word.take()),
            letter => word.get_or_insert_default().push(letter),
        }
        if words.len() > MAX_WORDS {
            return (words, at + letter.len_utf8());
        }
    }
    words.extend(word);
    (words, text.len())
}

/// Options with a value that says nothing about the API.
const WITH_VALUE: [&str; 22] = [
    "-o",
    "-A",
    "-e",
    "-b",
    "-c",
    "-m",
    "-w",
    "-x",
    "-E",
    "-T",
    "--output",
    "--user-agent",
    "--referer",
    "--cookie",
    "--cookie-jar",
    "--max-time",
    "--write-out",
    "--proxy",
    "--cert",
    "--key",
    "--cacert",
    "--connect-timeout",
];

fn command(words: Vec<String>) -> Option<Shown> {
    let mut shown = Shown::default();
    let mut method = None;
    let mut url: Option<String> = None;
    let mut in_query = false;
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let (option, attached) = split_option(&word);
        if !word.starts_with('-') || word == "-" {
            if url.is_none() && target_at(&word).is_some() {
                url = Some(word);
            }
            continue;
        }
        let takes_value = WITH_VALUE.contains(&option) || is_known(option);
        let value = match attached {
            Some(value) => value.to_owned(),
            None if takes_value => words.next()?,
            None => String::new(),
        };
        match option {
            "-X" | "--request" => method = method_named(&value),
            "-G" | "--get" => in_query = true,
            "-I" | "--head" => method = method.or(Some("head")),
            "--url" => url = Some(value),
            "-H" | "--header" => shown.headers.extend(header(&value)),
            "-u" | "--user" => shown.has_basic = true,
            "-F" | "--form" | "--form-string" => {
                shown.is_multipart = true;
                shown.form.extend(form_field(&value));
            }
            "--data-urlencode" => shown.form.extend(form_field(&value)),
            "--json" => {
                let json = ("Content-Type".to_owned(), "application/json".to_owned());
                shown.headers.push(json);
                shown.data = Some(value);
            }
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-ascii" => {
                match &mut shown.data {
                    Some(data) => {
                        data.push('&');
                        data.push_str(&value);
                    }
                    None => shown.data = Some(value),
                }
            }
            _ => {}
        }
    }
    let (target, _) = target_at(&url?)?;
    shown.target = target;
    settle(&mut shown, in_query);
    let has_body = shown.data.is_some() || !shown.form.is_empty();
    shown.method = method.unwrap_or(if has_body && !in_query { "post" } else { "get" });
    Some(shown)
}

/// Puts `a=b&c=d` where it belongs: into the query with `-G`, else into a form
/// unless it is JSON or something else.
fn settle(shown: &mut Shown, in_query: bool) {
    let is_json = shown
        .headers
        .iter()
        .any(|(name, value)| name.eq_ignore_ascii_case("content-type") && value.contains("json"));
    let is_pairs = |data: &&mut String| {
        !is_json
            && !data.trim_start().starts_with(['{', '[', '<', '@'])
            && data.split('&').all(|pair| pair.contains('='))
    };
    if let Some(data) = shown.data.as_mut().filter(is_pairs) {
        let data = std::mem::take(data);
        shown
            .form
            .extend(data.split('&').take(MAX_WORDS).filter_map(form_field));
        shown.data = None;
    }
    if in_query {
        let form = std::mem::take(&mut shown.form);
        shown.target.query.extend(form);
    }
}

fn is_known(option: &str) -> bool {
    const KNOWN: [&str; 16] = [
        "-X",
        "--request",
        "--url",
        "-H",
        "--header",
        "-u",
        "--user",
        "-F",
        "--form",
        "--form-string",
        "--data-urlencode",
        "--json",
        "-d",
        "--data",
        "--data-raw",
        "--data-binary",
    ];
    KNOWN.contains(&option) || option == "--data-ascii"
}

/// `-XPOST` and `--request=POST` as option and value; `-sSL` as its last letter.
fn split_option(word: &str) -> (&str, Option<&str>) {
    if word.starts_with("--") {
        return match word.split_once('=') {
            Some((option, value)) => (option, Some(value)),
            None => (word, None),
        };
    }
    let Some((option, rest)) = word.split_at_checked(2) else {
        return (word, None);
    };
    if rest.is_empty() {
        return (option, None);
    }
    if is_known(option) || WITH_VALUE.contains(&option) {
        return (option, Some(rest));
    }
    // `-sX POST`
    match rest.chars().next_back() {
        Some('X') => ("-X", None),
        Some('H') => ("-H", None),
        Some('d') => ("-d", None),
        Some('G') => ("-G", None),
        Some('u') => ("-u", None),
        Some('o') => ("-o", None),
        _ => (option, None),
    }
}

fn header(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once(':')?;
    let name = name.trim();
    let is_name = !name.is_empty()
        && name.len() < 100
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    is_name.then(|| (name.to_owned(), value.trim().to_owned()))
}

fn form_field(text: &str) -> Option<(String, Option<String>)> {
    let (name, value) = text.split_once('=')?;
    let name = name.trim();
    if name.is_empty() || name.len() > 100 {
        return None;
    }
    let value = (!value.starts_with('@')).then(|| value.to_owned());
    Some((name.to_owned(), value))
}

/// A raw HTTP request: `POST /users HTTP/1.1`, headers, a body.
pub(super) fn message(code: &str) -> Option<Shown> {
    let code = code.trim_start();
    let (first, rest) = code.split_once('\n').unwrap_or((code, ""));
    let mut words = first.split_whitespace();
    let word = words.next()?;
    let method =
        method_named(word).filter(|_| word.bytes().all(|byte| byte.is_ascii_uppercase()))?;
    let mut shown = Shown {
        method,
        target: target(words.next()?)?,
        ..Shown::default()
    };
    if words
        .next()
        .is_some_and(|version| !version.starts_with("HTTP/"))
    {
        return None;
    }
    let (headers, body) = split_message(rest);
    shown.headers = headers;
    let host = shown
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("host"));
    if let Some((_, host)) = host.filter(|_| shown.target.origin.is_none()) {
        shown.target.origin = Some(format!("https://{host}"));
    }
    shown.data = body.map(str::to_owned);
    settle(&mut shown, false);
    Some(shown)
}

/// A raw HTTP response: its status and body.
pub(super) fn response(code: &str) -> Option<(String, Option<&str>)> {
    let code = code.trim_start();
    let (first, rest) = code.split_once('\n').unwrap_or((code, ""));
    let mut words = first.split_whitespace();
    if !words.next()?.starts_with("HTTP/") {
        return None;
    }
    let status = words.next()?;
    let is_status = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
    is_status.then(|| (status.to_owned(), split_message(rest).1))
}

/// Header lines, and what follows the first line that is none.
fn split_message(text: &str) -> (Vec<(String, String)>, Option<&str>) {
    let mut headers = Vec::new();
    let mut rest = text;
    while let Some((line, behind)) = rest
        .split_once('\n')
        .or((!rest.is_empty()).then_some((rest, "")))
    {
        let Some(found) = header(line) else {
            break;
        };
        headers.push(found);
        rest = behind;
        if headers.len() > 100 {
            break;
        }
    }
    let body = rest.trim();
    (headers, (!body.is_empty()).then_some(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(code: &str) -> String {
        let all = commands(code).into_iter().chain(message(code));
        all.map(|one| {
            let names: Vec<&str> = one.headers.iter().map(|(name, _)| name.as_str()).collect();
            format!(
                "{} {}{} q={:?} h={names:?} d={:?} f={:?} {}{}\n",
                one.method,
                one.target.origin.unwrap_or_default(),
                one.target.path,
                one.target.query,
                one.data,
                one.form,
                if one.is_multipart { "multipart " } else { "" },
                if one.has_basic { "basic" } else { "" },
            )
        })
        .collect()
    }

    #[test]
    fn commands_are_understood() {
        let code = "$ curl -sS https://a.example/v1/x?y=1 -u key: \\\n  -H 'Accept: text/plain' | jq .\n\
            curl -XPOST \"https://a.example/x\" -H \"Content-Type: application/json\" -d '{\n  \"a\": \"b;c\"\n}'\n\
            curl https://a.example/f -d a=1 -d 'b=2&c=3'\n\
            curl --request PUT --url https://a.example/g -F photo=@x.png -F name=y -o out\n\
            curl -G https://a.example/s --data-urlencode \"q=a b\" -d n=1\n\
            curl -I https://a.example/h; curl --json '{}' $API/j/${ID}\n\
            libcurl https://a.example/no\ncurl --help\n";
        expect_test::expect![[r#"
            get https://a.example/v1/x q=[("y", Some("1"))] h=["Accept"] d=None f=[] basic
            post https://a.example/x q=[] h=["Content-Type"] d=Some("{\n  \"a\": \"b;c\"\n}") f=[] 
            post https://a.example/f q=[] h=[] d=None f=[("a", Some("1")), ("b", Some("2")), ("c", Some("3"))] 
            put https://a.example/g q=[] h=[] d=None f=[("photo", None), ("name", Some("y"))] multipart 
            get https://a.example/s q=[("q", Some("a b")), ("n", Some("1"))] h=[] d=None f=[] 
            head https://a.example/h q=[] h=[] d=None f=[] 
            post /j/{ID} q=[] h=["Content-Type"] d=Some("{}") f=[] 
        "#]]
        .assert_eq(&shown(code));
    }

    #[test]
    fn messages_are_understood() {
        let code = "POST /users?x=1 HTTP/1.1\nHost: a.example\nX-API-Key: k\n\n{\"a\": 1}\n";
        expect_test::expect![[r#"
            post https://a.example/users q=[("x", Some("1"))] h=["Host", "X-API-Key"] d=Some("{\"a\": 1}") f=[] 
        "#]]
        .assert_eq(&shown(code));
        assert_eq!(
            response("HTTP/1.1 404 Not Found\nA: b\n\n{}"),
            Some(("404".to_owned(), Some("{}")))
        );
        assert_eq!(response("HTTP/1.1\n"), None);
    }

    #[test]
    fn what_is_open_ends_with_the_text() {
        for code in [
            "curl 'https://a.example/x",
            "curl -H",
            "curl \\",
            "curl \"\\",
            "curl -d",
        ] {
            assert!(commands(code).len() <= 1, "{code}");
        }
    }
}
