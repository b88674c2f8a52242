//! What has to hold of every document.

use std::collections::BTreeMap;
use std::time::Instant;

use mcpengine_openapi::{Arena, Diagnostic, Limits};
use mcpengine_plan::{PlanOptions, ServerPlan, ToolReport};
use serde_json::Value;

use crate::support::assert_sound;

/// The most that one tool may take in a client's context, everything counted.
const MAX_TOOL: usize = 16_000;
/// Up to here each tool may take that much; with more of them, all together may
/// take twice the document.
const MANY: usize = 400;

/// CPU time that a document may take, in an unoptimised build on a slow machine:
/// far above what is measured, far below what quadratic work takes.
fn ceiling(bytes: usize) -> f64 {
    5.0 + bytes as f64 * 100e-6
}

/// Seconds that this thread has run, whatever else the machine does; wall time
/// where the system does not tell.
fn cpu_seconds(start: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| start.elapsed().as_secs_f64(), |ns| ns / 1e9)
}

/// Half of what a test has, for unoptimised frames.
pub(crate) const STACK: usize = 1 << 20;

/// The plan, and the CPU time that it took.
fn timed(document: &[u8]) -> (Option<(ServerPlan, Vec<Diagnostic>)>, f64) {
    std::thread::scope(|scope| {
        let work = || {
            let start = Instant::now();
            let before = cpu_seconds(start);
            let planned = planned(document);
            (planned, cpu_seconds(start) - before)
        };
        let thread = std::thread::Builder::new().stack_size(STACK);
        let joined = thread.spawn_scoped(scope, work).unwrap().join();
        joined.unwrap_or_else(|why| std::panic::resume_unwind(why))
    })
}

fn planned(document: &[u8]) -> Option<(ServerPlan, Vec<Diagnostic>)> {
    match mcpengine_openapi::read(&Arena::new(), document, &Limits::WORKER) {
        Ok((api, mut diagnostics)) => {
            let (plan, more) = mcpengine_plan::plan(&api, &PlanOptions::default());
            assert!(plan.tools.len() <= api.operations.len());
            diagnostics.extend(more);
            Some((plan, diagnostics))
        }
        Err(refusal) => {
            assert!(!refusal.message.is_empty() && !refusal.help.is_empty());
            None
        }
    }
}

/// Of documents that may be refused.
pub(crate) fn any(document: &[u8]) {
    let (planned, took) = timed(document);
    let most = ceiling(document.len());
    assert!(took < most, "{took:.1} s, not {most:.1} s");
    if let Some((plan, diagnostics)) = planned {
        sound(document, plan, &diagnostics);
    }
}

/// Of a large one of many small operations: CPU time as of [`ceiling`], five times what
/// is measured and a third of what quadratic work takes.
pub(crate) fn quick(document: &[u8]) {
    const MOST: f64 = 10.0;
    let (planned, took) = timed(document);
    assert!(planned.is_some(), "the document was refused");
    assert!(took < MOST, "{took:.1} s");
}

/// Of documents that are well-formed: each operation is a tool.
pub(crate) fn whole(document: &[u8]) {
    any(document);
    assert!(planned(document).is_some(), "the document was refused");
}

fn sound(document: &[u8], plan: ServerPlan, diagnostics: &[Diagnostic]) {
    assert_sound(&plan);
    let again = planned(document).map(|(plan, _)| plan);
    assert_eq!(again.as_ref(), Some(&plan), "a second time is different");
    let tools = plan.tools.len();
    let mut sum = 0;
    for tool in plan.tools {
        let key = tool.key.clone();
        let bytes = serde_json::to_string(&ToolReport::from(tool))
            .unwrap()
            .len();
        assert!(bytes <= MAX_TOOL, "{key} takes {bytes} bytes");
        sum += bytes;
    }
    let most = 2 * document.len() + MAX_TOOL * tools.min(MANY);
    assert!(
        sum <= most,
        "{sum} bytes of {} are more than {most}",
        document.len()
    );
    for found in diagnostics {
        let is_code = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(found.code.chars().all(is_code), "{}", found.code);
        assert!(!found.message.is_empty() && !found.help.is_empty());
    }
}

/// The same paths in another order give the same names.
pub(crate) fn order(document: &[u8]) {
    let mut value: Value = serde_json::from_slice(document).unwrap();
    let (Some((before, found)), Some(paths)) = (planned(document), value.get_mut("paths")) else {
        return;
    };
    // Of two descriptions of one operation the first counts, whichever that is.
    let twice = ["duplicate-operation", "too-much-repetition"];
    if found.iter().any(|found| twice.contains(&found.code)) {
        return;
    }
    if let Value::Object(entries) = paths {
        *entries = std::mem::take(entries).into_iter().rev().collect();
    }
    let (after, _) = planned(value.to_string().as_bytes()).unwrap();
    assert_eq!(names(&before), names(&after));
}

fn names(plan: &ServerPlan) -> BTreeMap<&str, &str> {
    plan.tools
        .iter()
        .map(|tool| (tool.key.as_str(), tool.name.as_str()))
        .collect()
}
