//! Unicode properties: `\p{…}`.

/// POSIX names of Java and Perl.
pub(super) fn posix(name: &str) -> Option<&'static str> {
    Some(match name {
        "Alpha" | "IsAlphabetic" => "Alphabetic",
        "Digit" => "Nd",
        "Upper" => "Uppercase",
        "Lower" => "Lowercase",
        "Space" => "White_Space",
        "Punct" => "P",
        "IsLetter" => "L",
        _ => return None,
    })
}

/// General categories, scripts by their usual names, and the binary properties
/// that are in use.
pub(super) fn is_known(name: &str) -> bool {
    const KNOWN: &str = "L Lu Ll Lt LC Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc \
        Sk So Z Zs Zl Zp C Cc Cf Cs Co Cn Letter Uppercase_Letter Lowercase_Letter Mark Number \
        Decimal_Number Punctuation Symbol Separator Space_Separator Other Control Any ASCII \
        Alphabetic Uppercase Lowercase White_Space Emoji Emoji_Presentation \
        Extended_Pictographic ID_Start ID_Continue XID_Start XID_Continue Ideographic \
        ASCII_Hex_Digit Hex_Digit";
    const SCRIPTS: &str = "Latin Greek Cyrillic Han Hiragana Katakana Hangul Arabic Hebrew Thai \
        Devanagari Common Latn Grek Cyrl Hira Kana Arab Hebr";
    let is_one_of = |list: &str, name: &str| list.split_whitespace().any(|known| known == name);
    match name.split_once('=') {
        Some(("Script" | "sc" | "Script_Extensions" | "scx", script)) => is_one_of(SCRIPTS, script),
        Some(("General_Category" | "gc", category)) => is_one_of(KNOWN, category),
        Some(_) => false,
        None => is_one_of(KNOWN, name),
    }
}
