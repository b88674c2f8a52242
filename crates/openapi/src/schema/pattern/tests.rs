//! What `new RegExp(…, "u")` gets of a pattern.

use super::{Word, ecma, word};

#[test]
fn valid_patterns_are_kept() {
    let kept = [
        "^[a-zA-Z0-9_-]+$",
        "^\\d{4}-\\d{2}$",
        "a|b|",
        "(?:x)+?",
        "(?=a)b",
        "(?<!a)b",
        "(?<n>a)\\k<n>",
        "(a)\\1",
        "\\p{L}\\P{Script=Latin}",
        "[^\\s\\S]",
        "\\u{1F600}\\u0041\\x41",
        "[\\w.-]",
        "[a\\-z]",
        "a{2}b{2,}c{2,3}",
        "\\cA",
        "[]",
        "[+--]",
        "",
        "\\/",
        "[-a-z]",
        "(?<=a)b",
        "\\b\\B\\0",
        "/pets/[0-9]+/groups",
        "/",
        "/a\\/",
    ];
    for pattern in kept {
        assert_eq!(ecma(pattern).as_deref(), Ok(pattern));
    }
}

#[test]
fn slips_are_repaired() {
    let repaired = [
        ("a\\-b\\_c\\@", "a-b_c@"),
        ("/^a$/g", "^a$"),
        ("/^[0-9]{5}$/i", "^[0-9]{5}$"),
        ("/[a-z]+/", "[a-z]+"),
        ("^{a}$", "^\\{a\\}$"),
        ("\\Aab\\z", "^ab$"),
        ("(?P<name>a)", "(?<name>a)"),
        ("[[:alpha:]_]", "[a-zA-Z_]"),
        ("[]a]", "[\\]a]"),
        ("[\\w-.]", "[\\w\\-.]"),
        ("\\pL\\p{Alpha}", "\\p{L}\\p{Alphabetic}"),
        ("\\h\\e", "[ \\t]\\x1B"),
        ("a]", "a\\]"),
        ("\u{e9}\\\u{e9}", "\u{e9}\u{e9}"),
    ];
    for (pattern, expected) in repaired {
        assert_eq!(ecma(pattern).as_deref(), Ok(expected));
    }
}

#[test]
fn what_cannot_be_compiled_is_refused() {
    let refused = [
        "(",
        ")",
        "[a",
        "a**",
        "*a",
        "^*",
        "a{3,2}",
        "{2}",
        "(?i)a",
        "/^a$/i",
        "/^a b$/x",
        "(?>a)",
        "a++",
        "\\",
        "[\\",
        "\\q",
        "\\p{Nope}",
        "\\p{L",
        "\\u12",
        "\\u{110000}",
        "\\k<x>",
        "\\2(a)",
        "[z-a]",
        "[a--]",
        "[a-\\e]",
        "[a-\\d]",
        "[\\1]",
        "\\01",
        "(?<a>x)(?<a>y)",
        "(?<1>x)",
        "\\c1",
        "(?=a)*",
        "\\x4",
    ];
    for pattern in refused {
        assert!(ecma(pattern).is_err(), "{pattern}");
    }
    assert!(ecma(&"a".repeat(5_000)).is_err());
    assert!(ecma(&"(".repeat(100)).is_err());
}

#[test]
fn a_word_is_no_pattern() {
    let is = |pattern: &str| match word(pattern) {
        Some(Word::Format) => "format",
        Some(Word::Prose) => "prose",
        None => "pattern",
    };
    for (pattern, expected) in [
        ("date-time", "format"),
        ("uuid", "format"),
        ("YYYY-MM", "prose"),
        ("dd/mm/yyyy", "prose"),
        ("HH:mm", "prose"),
        ("a-z, A-Z, 0-9, /, _, -", "prose"),
        ("fixed", "pattern"),
        ("", "pattern"),
        ("date|time", "pattern"),
        ("YYYY-[0-9]+", "pattern"),
        ("SHHH", "pattern"),
    ] {
        assert_eq!(is(pattern), expected, "{pattern}");
    }
}
