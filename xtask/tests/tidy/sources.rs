//! What the sources of pure crates may name, and how long files may be.

use std::path::{Path, PathBuf};

use crate::{none, read, tracked};

/// Nothing pure reads a clock, a disk, a socket or a source of randomness. The
/// address types of `std::net` are only data.
const IMPURE: [&str; 10] = [
    "std::time::Instant",
    "std::time::SystemTime",
    "std::fs",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "ToSocketAddrs",
    "std::env",
    "std::process",
    "getrandom",
];

/// The one crate below `crates/` that does I/O.
const NATIVE: &str = "crates/cli/";

const MAX_LINES: usize = 450;

/// Longer files, each with its reason.
const LONG: [(&str, &str); 0] = [];

/// Folders whose files follow from others.
const GENERATED: [&str; 3] = ["frontend/src/api/schema.ts", "/golden/", "/fixtures/"];

fn starts(path: &Path, prefix: &str) -> bool {
    path.to_string_lossy().starts_with(prefix)
}

fn is_test(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.contains("/tests/") || text.contains("tests.rs") || text.contains(".test.")
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension()
        .is_some_and(|extension| extensions.iter().any(|known| extension == *known))
}

/// A source without its unit tests, which stand at its end.
fn before_tests(source: &str) -> impl Iterator<Item = &str> {
    source
        .lines()
        .take_while(|line| !line.starts_with("#[cfg(test)]"))
}

/// The same without comments, with line numbers.
fn code(source: &str) -> impl Iterator<Item = (usize, &str)> {
    before_tests(source)
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(at, line)| (at + 1, line))
}

#[test]
fn pure_crates_name_nothing_impure() {
    let mut problems = Vec::new();
    let pure = tracked().into_iter().filter(|path| {
        starts(path, "crates/")
            && !starts(path, NATIVE)
            && path.to_string_lossy().contains("/src/")
            && has_extension(path, &["rs"])
            && !is_test(path)
    });
    for path in pure {
        let source = read(&path);
        for (line, text) in code(&source) {
            if let Some(name) = IMPURE.iter().find(|name| text.contains(**name)) {
                problems.push(format!("{}:{line} names {name}", path.display()));
            }
        }
    }
    none("pure crates that touch the world", &problems);
}

/// Routes are called by the router and call the rest of the edge, never the other
/// way: what both need is a module of its own.
#[test]
fn only_the_router_names_routes() {
    let mut problems = Vec::new();
    for path in tracked() {
        let edge = starts(&path, "src/") && has_extension(&path, &["rs"]);
        if !edge || starts(&path, "src/routes/") || path == Path::new("src/router.rs") {
            continue;
        }
        for (line, text) in code(&read(&path)) {
            if text.contains("crate::routes") {
                problems.push(format!("{}:{line}: {}", path.display(), text.trim()));
            }
        }
    }
    none("files of the edge that name a route", &problems);
}

/// How the edge can reach the network, and the one file, each with its reason, that
/// may say so. All that a user names an address of goes through the first.
const NETWORK: [(&str, &[&str]); 6] = [
    // The guarded fetch; Cloudflare's API, at an address that only vars give.
    (
        "Fetch::",
        &["src/adapters/fetch.rs", "src/adapters/cloudflare_api.rs"],
    ),
    // What a hosted server sends, judged per request; a version's own Worker, whose
    // address is made from vars and a row of ours.
    (
        "fetch_with_",
        &["src/outbound.rs", "src/adapters/dispatch.rs"],
    ),
    // The binding of the front end's files.
    ("Fetcher", &["src/site.rs"]),
    // Isolates and user Workers, which have no network but `Outbound`.
    (
        "fn fetch(this",
        &["src/adapters/loader.rs", "src/adapters/dispatch.rs"],
    ),
    ("Socket", &[]),
    ("EventSource", &[]),
];

/// Nothing is fetched but at the places above.
#[test]
fn the_network_has_one_door() {
    let mut problems = Vec::new();
    let mut seen = Vec::new();
    for path in tracked() {
        if !starts(&path, "src/") || !has_extension(&path, &["rs"]) {
            continue;
        }
        for (line, text) in code(&read(&path)) {
            for (name, files) in NETWORK.iter().filter(|(name, _)| text.contains(name)) {
                match files.iter().find(|file| path == Path::new(file)) {
                    Some(file) => seen.push((*name, *file)),
                    None => problems.push(format!("{}:{line} names {name}", path.display())),
                }
            }
        }
    }
    for (name, files) in NETWORK {
        for file in files {
            if !seen.contains(&(name, file)) {
                problems.push(format!("{file} does not name {name} any more"));
            }
        }
    }
    none("ways to the network", &problems);
}

/// JavaScript beside the Rust: it hands requests on, and sends none of its own.
#[test]
fn scripts_of_the_edge_fetch_nothing() {
    let mut problems = Vec::new();
    for path in tracked() {
        let script = starts(&path, "src/") && has_extension(&path, &["mjs", "js", "ts"]);
        if !script {
            continue;
        }
        for (line, text) in code(&read(&path)) {
            // A method that answers is no call.
            let answers = text.trim_start().starts_with("fetch(request");
            let calls = text.contains("fetch(") || text.contains("connect(");
            if calls && !answers {
                problems.push(format!("{}:{line}: {}", path.display(), text.trim()));
            }
        }
    }
    none("scripts of the edge that reach out", &problems);
}

#[test]
fn files_are_short() {
    let mut problems = Vec::new();
    let counted = tracked().into_iter().filter(|path: &PathBuf| {
        let text = path.to_string_lossy();
        ["src/", "crates/", "xtask/", "frontend/src/"]
            .iter()
            .any(|folder| starts(path, folder))
            && has_extension(path, &["rs", "ts", "tsx"])
            && !is_test(path)
            && !GENERATED.iter().any(|part| text.contains(part))
    });
    for path in counted {
        let lines = before_tests(&read(&path)).count();
        let excused = LONG.iter().any(|(long, _)| path == Path::new(long));
        if lines > MAX_LINES && !excused {
            problems.push(format!("{}: {lines} lines", path.display()));
        }
    }
    none("files over 450 lines: split them", &problems);
}
