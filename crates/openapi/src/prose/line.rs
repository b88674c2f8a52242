//! What a line of Markdown is.

use super::inline;

/// Whether a line starts with a tag of HTML; such pages are indented at will.
pub(super) fn starts_with_tag(line: &str) -> bool {
    let Some(inner) = line.strip_prefix('<') else {
        return false;
    };
    let name = inner.trim_start_matches('/');
    let end = name.find(|c: char| !c.is_ascii_alphanumeric());
    end.and_then(|end| name.get(..end))
        .is_some_and(inline::is_tag)
}

/// The line without the marks of a quotation.
pub(super) fn quoted(line: &str) -> &str {
    let mut line = line;
    for _ in 0..8 {
        match line.trim_start().strip_prefix('>') {
            Some(inner) => line = inner.strip_prefix(' ').unwrap_or(inner),
            None => break,
        }
    }
    line
}

/// The mark of a fence and how often it stands there.
pub(super) fn fence(line: &str) -> Option<(u8, usize)> {
    let mark = *line.as_bytes().first()?;
    let count = line.bytes().take_while(|byte| *byte == mark).count();
    let info = line.get(count..).unwrap_or_default();
    (matches!(mark, b'`' | b'~') && count >= 3 && !info.contains('`')).then_some((mark, count))
}

pub(super) fn heading(line: &str) -> Option<(u8, &str)> {
    let count = line.bytes().take_while(|byte| *byte == b'#').count();
    let text = line.get(count..)?;
    if !(1..=6).contains(&count) || !(text.is_empty() || text.starts_with([' ', '\t'])) {
        return None;
    }
    let level = u8::try_from(count).ok()?;
    let text = without_anchor(text.trim());
    Some((level, text.trim_end_matches('#').trim_end()))
}

/// The heading without the anchor behind it: `{#name}`.
fn without_anchor(text: &str) -> &str {
    let anchor = text.strip_suffix('}').and_then(|text| text.rfind("{#"));
    anchor
        .and_then(|at| text.get(..at))
        .filter(|before| before.is_empty() || before.ends_with(' '))
        .map_or(text, str::trim_end)
}

/// `[name]: target`, which links elsewhere in the text refer to.
pub(super) fn is_link_definition(line: &str) -> bool {
    let Some((name, target)) = line
        .strip_prefix('[')
        .and_then(|inner| inner.split_once("]:"))
    else {
        return false;
    };
    let mut words = target.split_whitespace();
    let is_target = words.next().is_some();
    is_target
        && !name.contains([']', '['])
        && words
            .next()
            .is_none_or(|title| title.starts_with(['"', '\'', '(']))
}

/// `import Tabs from '@theme/Tabs'`, with which a page of MDX begins.
pub(super) fn is_import(line: &str) -> bool {
    line.strip_prefix("import ").is_some_and(|rest| {
        let names = rest
            .split_once(" from ")
            .map(|(names, source)| (names, source.trim_start()));
        names.is_some_and(|(names, source)| {
            source.starts_with(['"', '\'']) && (names.starts_with('{') || !names.contains(' '))
        })
    })
}

pub(super) fn is_rule(line: &str) -> bool {
    let marks = line.bytes().filter(|byte| *byte != b' ').count();
    let first = line.bytes().next().unwrap_or_default();
    marks >= 3
        && matches!(first, b'-' | b'*' | b'_')
        && line.bytes().all(|byte| byte == first || byte == b' ')
}

/// `|---|:-:|`, the line below a table's head.
pub(super) fn is_delimiter(line: &str) -> bool {
    line.contains('-') && line.contains('|') && line.bytes().all(|byte| b" |:-\t".contains(&byte))
}

pub(super) fn item(line: &str) -> Option<&str> {
    if let Some(text) = line.strip_prefix(['-', '*', '+', '\u{2022}']) {
        return text.strip_prefix([' ', '\t']).map(str::trim);
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=4).contains(&digits) {
        return None;
    }
    let text = line.get(digits..)?.strip_prefix(['.', ')'])?;
    text.strip_prefix([' ', '\t']).map(str::trim)
}

/// The cells of a row; `\|` is no border.
pub(super) fn cells(line: &str) -> impl Iterator<Item = String> {
    let inner = line.strip_prefix('|').unwrap_or(line);
    let inner = match inner.strip_suffix('|') {
        Some(cut) if !cut.ends_with('\\') => cut,
        _ => inner,
    };
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for letter in inner.chars() {
        match letter {
            '|' if !escaped => cells.push(String::new()),
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            letter => {
                if let Some(cell) = cells.last_mut() {
                    if escaped && letter != '|' {
                        cell.push('\\');
                    }
                    cell.push(letter);
                }
            }
        }
        escaped = false;
    }
    cells.into_iter().map(|cell| mark_required(cell.trim()))
}

/// A star behind a name says that it is required; as markup it would be lost.
fn mark_required(cell: &str) -> String {
    let is_mark = cell.ends_with('*') && cell.bytes().filter(|byte| *byte == b'*').count() == 1;
    let text = inline::markdown(cell);
    if is_mark { format!("{text}*") } else { text }
}
