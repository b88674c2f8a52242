//! Text in ASCII, for the names that allow nothing else.

use std::borrow::Cow;

use icu_normalizer::DecomposingNormalizerBorrowed;

/// The text with its Latin letters in ASCII: `número` is `numero`, `Größe` is
/// `Grosse`. Letters of other scripts stay; who makes a name leaves them out.
#[must_use]
pub fn ascii_folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    let letters = DecomposingNormalizerBorrowed::new_nfd().normalize_iter(text.chars());
    for c in letters.filter(|c| !is_accent(*c)) {
        match latin(c) {
            Some(plain) => folded.push_str(plain),
            None => folded.push(c),
        }
    }
    Cow::Owned(folded)
}

/// Combining diacritical marks, which follow the letter that they belong to.
fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Letters that Unicode does not take apart.
fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'ẞ' => "SS",
        'æ' => "ae",
        'Æ' => "AE",
        'œ' => "oe",
        'Œ' => "OE",
        'ø' => "o",
        'Ø' => "O",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'ħ' => "h",
        'Ħ' => "H",
        'ı' => "i",
        'ł' => "l",
        'Ł' => "L",
        'ŋ' => "ng",
        'þ' => "th",
        'Þ' => "Th",
        '’' => "'",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::ascii_folded;

    #[test]
    fn latin_letters_become_ascii() {
        for (text, expected) in [
            ("plain", "plain"),
            ("número_pedido", "numero_pedido"),
            ("nu\u{301}mero", "numero"),
            ("Müller Grüße", "Muller Grusse"),
            ("Łódź", "Lodz"),
            ("Ærø", "AEro"),
            ("用户 id", "用户 id"),
        ] {
            assert_eq!(ascii_folded(text), expected);
        }
    }
}
