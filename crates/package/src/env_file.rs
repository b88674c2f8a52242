//! `.env.example` with some of its settings filled in.

use std::collections::BTreeMap;

use crate::PackageError;

/// Puts each setting into its own line, `NAME=` or `#NAME=…`, and those without
/// a line at the end.
///
/// Values stand without quotes, because `docker run --env-file` takes quotes as
/// they are.
///
/// # Errors
/// `Setting`, for a value that such a file cannot hold.
pub fn fill(example: &str, settings: &BTreeMap<String, String>) -> Result<String, PackageError> {
    for (name, value) in settings {
        check(value).map_err(|why| PackageError::setting(name, why))?;
    }
    let mut open: BTreeMap<&str, &str> = settings
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let mut out = String::with_capacity(example.len());
    for line in example.lines() {
        let name = line.trim_start_matches('#').split('=').next();
        match name.and_then(|name| open.remove_entry(name)) {
            Some((name, value)) if line.contains('=') => {
                out.push_str(&format!("{name}={value}"));
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    for (name, value) in open {
        out.push_str(&format!("{name}={value}\n"));
    }
    Ok(out)
}

fn check(value: &str) -> Result<(), &'static str> {
    if value.trim() != value {
        return Err("a file of settings keeps no space at the ends of a value");
    }
    if value
        .chars()
        .any(|it| it.is_control() || "#'\"`\\".contains(it))
    {
        return Err("a file of settings takes no quotes, `#`, backslashes or line breaks");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(example: &str, settings: &[(&str, &str)]) -> Result<String, PackageError> {
        let settings = settings
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        fill(example, &settings)
    }

    #[test]
    fn settings_go_into_their_lines() {
        let example = "# API_KEY=1 is no setting\nAPI_KEY=\n\n# Region\n#REGION=eu\n#OTHER=1\n";
        let expected =
            "# API_KEY=1 is no setting\nAPI_KEY=\n\n# Region\nREGION=us\n#OTHER=1\nNEW=a b\n";
        assert_eq!(
            filled(example, &[("REGION", "us"), ("NEW", "a b")]).as_deref(),
            Ok(expected)
        );
        assert_eq!(filled(example, &[]).as_deref(), Ok(example));
    }

    #[test]
    fn a_value_that_the_file_cannot_hold_is_refused() {
        for value in ["a\nSECOND=1", "a#b", "'a'", "\"a\"", " a", "a\\n", "\0"] {
            let refused = filled("A=\n", &[("A", value)]);
            assert!(
                matches!(refused, Err(PackageError::Setting { .. })),
                "{value:?}: {refused:?}"
            );
        }
    }
}
