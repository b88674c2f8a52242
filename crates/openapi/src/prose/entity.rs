//! Character references of HTML.

/// Those that documentation uses.
const NAMED: [(&str, char); 31] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("ensp", ' '),
    ("emsp", ' '),
    ("thinsp", ' '),
    ("ndash", '\u{2013}'),
    ("mdash", '\u{2014}'),
    ("hellip", '\u{2026}'),
    ("lsquo", '\u{2018}'),
    ("rsquo", '\u{2019}'),
    ("ldquo", '\u{201C}'),
    ("rdquo", '\u{201D}'),
    ("laquo", '\u{AB}'),
    ("raquo", '\u{BB}'),
    ("copy", '\u{A9}'),
    ("reg", '\u{AE}'),
    ("trade", '\u{2122}'),
    ("bull", '\u{2022}'),
    ("middot", '\u{B7}'),
    ("times", '\u{D7}'),
    ("rarr", '\u{2192}'),
    ("larr", '\u{2190}'),
    ("lbrace", '{'),
    ("rbrace", '}'),
    ("sol", '/'),
    ("colon", ':'),
    ("check", '\u{2713}'),
];

/// Decodes the reference at the start of `text`; the number of bytes it took.
pub(super) fn decode(text: &str, out: &mut String) -> Option<usize> {
    let near = text.get(1..text.floor_char_boundary(12))?;
    let end = near.find(';')?;
    let name = near.get(..end)?;
    let letter = match name.strip_prefix('#') {
        Some(number) => numeric(number)?,
        None => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    out.push(letter);
    Some(end + 2)
}

fn numeric(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    let letter = char::from_u32(code)?;
    Some(match letter {
        '\u{A0}' => ' ',
        letter if letter.is_control() && letter != '\n' && letter != '\t' => ' ',
        letter => letter,
    })
}

/// Decodes all references in `text`.
pub(super) fn decode_all(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let used = decode(after, out).unwrap_or_else(|| {
            out.push('&');
            1
        });
        rest = after.get(used..).unwrap_or_default();
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_decoded() {
        let mut out = String::new();
        decode_all(
            "a &lt;b&gt; &#123;c&#x7D; &nope; &amp &#xD800; & &nbsp;d",
            &mut out,
        );
        assert_eq!(out, "a <b> {c} &nope; &amp &#xD800; &  d");
    }
}
