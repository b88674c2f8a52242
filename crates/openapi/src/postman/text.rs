//! Texts with variables in them, as parts of paths.

/// A version or a piece of a path is part of the address, not an argument.
pub(super) fn is_part_of_path(value: &str) -> bool {
    let value = value.trim();
    let version = value.strip_prefix(['v', 'V']).unwrap_or_default();
    let is_version = version.starts_with(|c: char| c.is_ascii_digit())
        && version
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_path = value.contains('/') && !value.contains("://") && !value.contains("{{");
    value.len() <= 200 && (is_version || is_path)
}

/// Only what a placeholder may be called.
pub(super) fn clean_name(name: &str) -> String {
    let name: String = name
        .trim()
        .chars()
        .map(|letter| match letter {
            '-' | '_' | '.' => letter,
            letter if letter.is_alphanumeric() => letter,
            _ => '_',
        })
        .take(100)
        .collect();
    if name.is_empty() {
        "param".to_owned()
    } else {
        name
    }
}

/// Text that must not be taken for a placeholder, a query or a fragment.
pub(super) fn literal(text: &str) -> String {
    text.replace(['{', '}'], "")
        .replace('?', "%3F")
        .replace('#', "%23")
        .replace(' ', "%20")
}

pub(super) fn replace_variables(text: &str, named: impl FnMut(&str) -> String) -> String {
    replace_parts(text, |plain| plain.replace(['{', '}'], ""), named)
}

/// The text with every `{{name}}`, and what is between them, replaced.
pub(super) fn replace_parts(
    text: &str,
    plain: impl Fn(&str) -> String,
    mut named: impl FnMut(&str) -> String,
) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, behind)) = after.split_once("}}") else {
            break;
        };
        out.push_str(&plain(before));
        out.push_str(&named(name.trim().trim_start_matches('$')));
        rest = behind;
    }
    out.push_str(&plain(rest));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_belong_to_the_path_are_told_from_arguments() {
        for value in ["v1", "v2.1", "api/v1", "/rest"] {
            assert!(is_part_of_path(value), "{value}");
        }
        for value in ["123", "abc", "https://a.example/b", "v", "{{a}}/b", ""] {
            assert!(!is_part_of_path(value), "{value}");
        }
    }
}
