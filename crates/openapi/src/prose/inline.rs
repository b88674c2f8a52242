//! Text within a block: markup away, code spans kept in backticks.

/// Tags of HTML that stand within text. Everything else in angle brackets is
/// text: `/users/<id>`.
const TAGS: &str = " a abbr b big br button center cite code dd del details div dl dt em font \
    footer h1 h2 h3 h4 h5 h6 header hr i img input ins kbd label li mark nav ol p picture pre s \
    samp section small source span strike strong sub summary sup table tbody td tfoot th thead \
    tr tt u ul var wbr aside article main body html head title figure figcaption blockquote \
    form fieldset legend select option textarea time video audio iframe script style noscript \
    svg path template link meta ";

pub(super) fn is_tag(name: &str) -> bool {
    !name.is_empty()
        && !name.contains(' ')
        && TAGS.contains(&format!(" {} ", name.to_ascii_lowercase()))
}

/// Tags whose content is code.
pub(super) fn is_code_tag(name: &str) -> bool {
    ["code", "kbd", "tt", "samp"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

/// Longer tags, entities and link targets are text.
const MAX_PIECE: usize = 400;

/// The start of `text`, within which a closing mark is looked for.
fn near(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MAX_PIECE))
        .unwrap_or(text)
}

/// Markdown's inline markup as plain text with code spans.
pub(super) fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let used = match letter {
            '`' => code_span(rest, &mut out),
            '\\' => escaped(rest, &mut out),
            '[' | '!' => link(rest, &mut out),
            '<' => tag(rest, &mut out),
            '{' => shortcode(rest, &mut out),
            '&' => super::entity::decode(rest, &mut out),
            '*' | '~' => Some(1),
            '_' => emphasis(rest, &out),
            _ => None,
        };
        let used = used.unwrap_or_else(|| {
            out.push(letter);
            letter.len_utf8()
        });
        rest = rest.get(used..).unwrap_or_default();
    }
    out
}

/// A code span of any number of backticks, as one of one.
fn code_span(text: &str, out: &mut String) -> Option<usize> {
    let count = text.bytes().take_while(|byte| *byte == b'`').count();
    let marks = text.get(..count)?;
    let inner = near(text.get(count..)?);
    let end = inner.find(marks)?;
    out.push('`');
    out.push_str(inner.get(..end)?.trim());
    out.push('`');
    Some(count + end + count)
}

fn escaped(text: &str, out: &mut String) -> Option<usize> {
    // A line that is broken by hand.
    if text.starts_with("\\\n") {
        out.push('\n');
        return Some(2);
    }
    let next = text.chars().nth(1).filter(char::is_ascii_punctuation)?;
    out.push(next);
    Some(1 + next.len_utf8())
}

/// `[text](target)` and `[text][name]` as their text, an image as nothing.
fn link(text: &str, out: &mut String) -> Option<usize> {
    let is_image = text.starts_with("![");
    let start = if is_image { 2 } else { 1 };
    if !text.starts_with('[') && !is_image {
        return None;
    }
    let inner = near(text.get(start..)?);
    let close = inner.find(']')?;
    let words = inner.get(..close)?;
    let behind = inner.get(close + 1..)?;
    if words.contains('[') {
        return None;
    }
    let target = match behind.chars().next()? {
        '(' => behind.find(')')?,
        '[' if !words.is_empty() => {
            let end = behind.find(']')?;
            let is_name = |c: char| c.is_alphanumeric() || "-_ ".contains(c);
            behind.get(1..end)?.chars().all(is_name).then_some(end)?
        }
        _ => return None,
    };
    if !is_image {
        out.push_str(&words.replace(['*', '\\'], ""));
    }
    Some(start + close + 1 + target + 1)
}

/// `{{< name >}}`, `{{% name %}}` and `{% name %}` of site generators as nothing;
/// what they mark as required stays so.
fn shortcode(text: &str, out: &mut String) -> Option<usize> {
    let near = near(text);
    let (open, close) = [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}")]
        .into_iter()
        .find(|(open, _)| near.starts_with(open))?;
    let inner = near.get(open.len()..)?;
    let end = inner.find(close)?;
    if inner.get(..end)?.trim().eq_ignore_ascii_case("required") {
        out.push_str("required");
    }
    Some(open.len() + end + close.len())
}

fn tag(text: &str, out: &mut String) -> Option<usize> {
    if let Some(comment) = text.strip_prefix("<!--") {
        return Some("<!--".len() + near(comment).find("-->")? + "-->".len());
    }
    let inner = near(text.get(1..)?);
    let end = inner.find('>')?;
    let body = inner.get(..end)?;
    if body.starts_with("http://") || body.starts_with("https://") {
        out.push_str(body);
        return Some(end + 2);
    }
    let name = body.trim_start_matches('/');
    let stop = name
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(name.len());
    let name = name.get(..stop)?;
    if !is_tag(name) {
        return None;
    }
    if is_code_tag(name) {
        out.push('`');
    } else if name.eq_ignore_ascii_case("br") {
        out.push(' ');
    }
    Some(end + 2)
}

/// An underscore at the edge of a word is markup, one within it is not.
fn emphasis(text: &str, out: &str) -> Option<usize> {
    let is_word = |letter: Option<char>| letter.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let before = is_word(out.chars().next_back());
    let after = is_word(text.chars().nth(1));
    (!(before && after)).then_some(1)
}

/// The text without its backticks.
pub(super) fn bare(text: &str) -> String {
    text.replace('`', "")
}

/// White space folded to single spaces.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_and_code_stays() {
        let cases = [
            ("**GET** `/a/{b}`", "GET `/a/{b}`"),
            ("[List](#list) ![x](y.png)_all_ user_id", "List all user_id"),
            ("``a ` b`` \\*c\\* &lt;d&gt; &amp;", "`a ` b` *c* <d> &"),
            ("/users/<id>/<b>x</b><br/>y", "/users/<id>/x y"),
            (
                "<code>z</code> <https://a.example> [open",
                "`z` https://a.example [open",
            ),
            ("`open", "`open"),
            ("a\\\nb", "a\nb"),
            ("[See][1] [it][]", "See it"),
            ("a {{< b c=\"d\" >}}{{%e%}}{% f %}g {{h}}", "a g {{h}}"),
            ("{{<required>}} String. <!-- x -->i", "required String. i"),
            ("a [b] (c)", "a [b] (c)"),
        ];
        for (text, wanted) in cases {
            assert_eq!(markdown(text), wanted, "{text}");
        }
    }
}
