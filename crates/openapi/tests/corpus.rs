//! Reads every real document of a corpus, where `MCPENGINE_SPECS` names one: a
//! folder with a `MANIFEST.tsv` (path, source, bytes, version, operations).
#![expect(
    clippy::disallowed_methods,
    reason = "the corpus lives outside of the repository"
)]

mod common;

use std::{env, fs, path::PathBuf, time::Instant};

use common::read;
use mcpengine_openapi::Limits;

#[test]
fn every_document_with_operations_is_read() {
    let Ok(folder) = env::var("MCPENGINE_SPECS").map(PathBuf::from) else {
        return;
    };
    let manifest =
        fs::read_to_string(folder.join("MANIFEST.tsv")).expect("the corpus has a manifest");
    let mut failures = Vec::new();
    let mut documents = 0;
    let mut total = 0.0;
    for line in manifest.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (path, expected) = (fields[0], fields[4].parse::<usize>().expect("a count"));
        let bytes = fs::read(folder.join(path)).expect("the document is there");
        let start = Instant::now();
        let result = read(&bytes, &Limits::WORKER);
        let seconds = start.elapsed().as_secs_f64();
        total += seconds;
        documents += 1;
        match result {
            Ok((api, diagnostics)) => {
                common::assert_sound(&api, &diagnostics);
                println!(
                    "{path}\t{} operations\t{} schemas\t{} diagnostics\t{:.1} ms",
                    api.operations.len(),
                    api.schemas.len(),
                    diagnostics.len(),
                    seconds * 1e3
                );
                if env::var("MCPENGINE_SPECS_VERBOSE").is_ok() {
                    for found in &diagnostics {
                        println!(
                            "    {:?} {} {} {}",
                            found.severity, found.code, found.pointer, found.message
                        );
                    }
                }
                if api.operations.len() != expected {
                    failures.push(format!(
                        "{path}: {} operations, not {expected}",
                        api.operations.len()
                    ));
                }
            }
            Err(refusal) => failures.push(format!("{path}: {} {refusal}", refusal.code)),
        }
    }
    println!("{documents} documents in {:.0} ms", total * 1e3);
    assert_eq!(failures, Vec::<String>::new());
}
