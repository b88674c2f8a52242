//! Names that leave the code: of files, packages, environment variables, URLs.

use std::collections::BTreeSet;

use mcpengine_plan::ascii_folded;

/// Device names of Windows, and `index`, which is a file of its own.
const TAKEN_FILE_NAMES: &[&str] = &["aux", "con", "index", "nul", "prn"];

/// File names without extension, unique without regard to case.
#[derive(Debug, Default)]
pub(crate) struct FileNames {
    used: BTreeSet<String>,
}

impl FileNames {
    /// `[a-z0-9-]{1,48}` made from `id`.
    pub(crate) fn unique(&mut self, id: &str) -> String {
        let mut base = slug(id, 48);
        let device = base.starts_with("com") || base.starts_with("lpt");
        if base.is_empty()
            || TAKEN_FILE_NAMES.contains(&base.as_str())
            || (device && base.len() == 4)
        {
            base = format!("{base}-tools").trim_matches('-').to_owned();
        }
        let mut name = base.clone();
        let mut count = 2_u32;
        while !self.used.insert(name.clone()) {
            name = format!("{base}-{count}");
            count = count.saturating_add(1);
        }
        name
    }
}

/// Lower-case letters, digits and single hyphens between them.
pub(crate) fn slug(text: &str, limit: usize) -> String {
    let mut out = String::new();
    for character in ascii_folded(text).chars() {
        if out.len() >= limit {
            break;
        }
        if character.is_ascii_alphanumeric() {
            out.push(character.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// The slug of the service, never empty.
pub(crate) fn service_slug(slug_of_plan: &str) -> String {
    let name = slug(slug_of_plan, 40);
    if name.is_empty() {
        "api".to_owned()
    } else {
        name
    }
}

/// The name of an environment variable: `[A-Za-z_][A-Za-z0-9_]*`.
pub(crate) fn env_name(name: &str) -> String {
    let mut out: String = name
        .chars()
        .take(128)
        .map(|it| if it.is_ascii_alphanumeric() { it } else { '_' })
        .collect();
    if !out.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_') {
        out.insert(0, '_');
    }
    out
}

/// A name that npm takes: the one asked for where it is valid.
pub(crate) fn package_name(wanted: Option<&str>, slug: &str) -> String {
    let part = |text: &str| {
        !text.is_empty()
            && !text.starts_with(['.', '_'])
            && text
                .chars()
                .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || "-._".contains(it))
    };
    match wanted {
        Some(name) if name.len() <= 214 => {
            let valid = match name.strip_prefix('@') {
                Some(scoped) => scoped
                    .split_once('/')
                    .is_some_and(|(a, b)| part(a) && part(b)),
                None => part(name),
            };
            if valid {
                name.to_owned()
            } else {
                format!("{slug}-mcp-server")
            }
        }
        _ => format!("{slug}-mcp-server"),
    }
}

/// A version as npm and the registry take it (`1.2.3`, `1.2.3-beta.1`); what is
/// not one becomes `1.0.0`.
pub(crate) fn version(wanted: Option<&str>, of_plan: &str) -> String {
    [wanted.unwrap_or_default(), of_plan]
        .into_iter()
        .map(|text| text.strip_prefix('v').unwrap_or(text))
        .find(|text| is_semver(text))
        .unwrap_or("1.0.0")
        .to_owned()
}

fn is_semver(text: &str) -> bool {
    let (core, pre) = text
        .split_once('-')
        .map_or((text, None), |(core, pre)| (core, Some(pre)));
    let number = |part: &str| {
        !part.is_empty()
            && part.len() <= 9
            && part.chars().all(|it| it.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let identifier = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || it == '-')
            && (!part.chars().all(|it| it.is_ascii_digit()) || number(part))
    };
    let numbers: Vec<&str> = core.split('.').collect();
    text.len() <= 100
        && numbers.len() == 3
        && numbers.iter().all(|part| number(part))
        && pre.is_none_or(|pre| pre.split('.').all(identifier))
}

/// The URL where it is one of http or https, without anything that could end a
/// string, a code block or a line.
pub(crate) fn plain_url(text: &str) -> Option<&str> {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))?;
    let plain = |it: char| it.is_ascii_alphanumeric() || "-._~:/?#[]@!$&+,;=%".contains(it);
    (!rest.is_empty() && text.len() <= 2_000 && rest.chars().all(plain)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{FileNames, env_name, package_name, plain_url, service_slug, slug, version};

    #[test]
    fn makes_file_names() {
        let mut names = FileNames::default();
        let made: Vec<_> = [
            "pets",
            "Pets",
            "index",
            "../../etc/passwd",
            "",
            "COM1",
            "a b",
        ]
        .iter()
        .map(|id| names.unique(id))
        .collect();
        assert_eq!(
            made,
            [
                "pets",
                "pets-2",
                "index-tools",
                "etc-passwd",
                "tools",
                "com1-tools",
                "a-b"
            ]
        );
    }

    #[test]
    fn makes_names_of_other_kinds() {
        assert_eq!(slug("--A  b--", 10), "a-b");
        assert_eq!(service_slug("***"), "api");
        assert_eq!(service_slug("Müller Grüße API"), "muller-grusse-api");
        assert_eq!(env_name("1A-b\nC"), "_1A_b_C");
        assert_eq!(package_name(Some("@acme/pets"), "x"), "@acme/pets");
        for bad in ["Pets", "@acme", "../x", "_x", ""] {
            assert_eq!(package_name(Some(bad), "x"), "x-mcp-server", "{bad}");
        }
        assert_eq!(
            plain_url("https://a.example/mcp"),
            Some("https://a.example/mcp")
        );
        for bad in [
            "javascript:alert(1)",
            "https://",
            "https://a`b",
            "https://a\nb",
            "https://a b",
        ] {
            assert_eq!(plain_url(bad), None, "{bad}");
        }
    }

    #[test]
    fn takes_semantic_versions_only() {
        assert_eq!(version(None, "v2.0.1-rc.1"), "2.0.1-rc.1");
        assert_eq!(version(Some("3.0.0"), "2.0.0"), "3.0.0");
        for bad in [
            "2023-01-01",
            "1.0",
            "01.0.0",
            "1.0.0-",
            "1.0.0-01",
            "1.0.0 ",
        ] {
            assert_eq!(version(None, bad), "1.0.0", "{bad}");
        }
    }
}
