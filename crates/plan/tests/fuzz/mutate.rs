//! Golden documents with a few bytes changed.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

/// What is put in: the marks of both syntaxes, and words of descriptions.
const TOKENS: [&str; 44] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "'",
    "\n",
    "\n  ",
    "- ",
    "&a ",
    "*a",
    "<<: ",
    "|\n",
    "? ",
    "#",
    "~",
    "null",
    "true",
    "-1",
    "1e999",
    "0x",
    "\\u",
    "\\ud800",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "$ref: '#'",
    "\"$ref\": \"#/\"",
    "allOf",
    "oneOf",
    "properties",
    "type: [",
    "{a}",
    "/../",
    "%2f",
    "__proto__",
    "name",
    "schema: {}",
    "in: path",
    "enum: []",
    "!!binary ",
    "\t",
];

fn collect(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            collect(&path, ending, found);
        } else if name.ends_with(ending) && !name.ends_with(".tools.json") {
            found.push(path);
        }
    }
}

fn fixtures(ending: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    collect(&root.join("tests/golden"), ending, &mut found);
    collect(&root.join("../openapi/tests/fixtures"), ending, &mut found);
    found.sort();
    let documents: Vec<_> = found
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    assert!(documents.len() > 8, "{} documents", documents.len());
    documents
}

/// One change, its places as shares of the document's length.
#[derive(Debug, Clone)]
enum Change {
    Flip(f64, u8),
    Insert(f64, usize),
    Delete(f64, usize),
    /// A piece is repeated elsewhere, as often as said.
    Repeat(f64, f64, usize, usize),
    Cut(f64),
}

fn change() -> impl Strategy<Value = Change> {
    let at = || 0.0..1.0_f64;
    prop_oneof![
        3 => (at(), any::<u8>()).prop_map(|(at, byte)| Change::Flip(at, byte)),
        4 => (at(), 0..TOKENS.len()).prop_map(|(at, token)| Change::Insert(at, token)),
        3 => (at(), 1..40_usize).prop_map(|(at, length)| Change::Delete(at, length)),
        2 => (at(), at(), 1..200_usize, 1..4_usize)
            .prop_map(|(from, to, length, times)| Change::Repeat(from, to, length, times)),
        1 => (at(), at(), 1..30_usize, 50..400_usize)
            .prop_map(|(from, to, length, times)| Change::Repeat(from, to, length, times)),
        1 => at().prop_map(Change::Cut),
    ]
}

fn apply(document: &mut Vec<u8>, change: &Change) {
    let place = |share: f64, length: usize| ((length as f64 * share) as usize).min(length);
    let length = document.len();
    match change {
        Change::Flip(at, byte) => {
            if let Some(found) = document.get_mut(place(*at, length)) {
                *found ^= byte;
            }
        }
        Change::Insert(at, token) => {
            let at = place(*at, length);
            document.splice(
                at..at,
                TOKENS.get(*token).copied().unwrap_or_default().bytes(),
            );
        }
        Change::Delete(at, count) => {
            let at = place(*at, length);
            document.drain(at..(at + count).min(length));
        }
        Change::Repeat(from, to, count, times) => {
            let from = place(*from, length);
            let piece = document.get(from..(from + count).min(length));
            let piece = piece.unwrap_or_default().repeat(*times);
            let to = place(*to, length);
            document.splice(to..to, piece);
        }
        Change::Cut(at) => document.truncate(place(*at, length)),
    }
}

/// Documents whose names end with `ending`, changed in up to six places.
pub(crate) fn documents(ending: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let document = prop::sample::select(fixtures(ending));
    (document, prop::collection::vec(change(), 1..6)).prop_map(|(mut document, changes)| {
        for change in &changes {
            apply(&mut document, change);
        }
        document
    })
}
