//! Calls that are measured and not yet kept. The database writes one batch at a
//! time, and what is read for the next call waits for it: one write for each call
//! would cost every caller its time.
//!
//! So each call waits a moment behind its answer, and the first to wake writes
//! all that wait. Each looks after its own: a call whose request the platform
//! ends early is written by any that waits still, and none relies on a promise of
//! another request, which workerd forbids.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::Duration;

use mcpengine_store::calls::{self, Call, MAX_CALLS, Outcome};
use worker::{Delay, Env};

use crate::adapters::d1::D1;
use crate::bindings;
use crate::error::ApiError;

/// How long a call waits for others. The live tail looks every second.
const WINDOW: Duration = Duration::from_millis(200);

/// What there is to keep of a call.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) deployment_id: String,
    pub(super) at: String,
    pub(super) method: &'static str,
    pub(super) tool: String,
    pub(super) outcome: Outcome,
    pub(super) duration_ms: u32,
    pub(super) bytes_out: i64,
    /// Redacted.
    pub(super) error: Option<String>,
}

/// In the order in which they ended.
#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Measured>,
    /// How many have ever been taken; calls are numbered from 0.
    taken: u64,
}

impl Queue {
    /// The number of the call.
    fn push(&mut self, call: Measured) -> u64 {
        self.waiting.push_back(call);
        self.taken + self.waiting.len() as u64 - 1
    }

    /// The next to be written, while the call of this number still waits.
    fn take_for(&mut self, number: u64) -> Vec<Measured> {
        if self.taken > number {
            return Vec::new();
        }
        let count = self.waiting.len().min(MAX_CALLS);
        self.taken += count as u64;
        self.waiting.drain(..count).collect()
    }
}

thread_local! {
    static QUEUE: RefCell<Queue> = RefCell::default();
}

/// Keeps the call, with those that wait beside it; returns once it is no longer
/// waiting.
pub(super) async fn keep(env: &Env, call: Measured) {
    let number = QUEUE.with_borrow_mut(|queue| queue.push(call));
    Delay::from(WINDOW).await;
    loop {
        let batch = QUEUE.with_borrow_mut(|queue| queue.take_for(number));
        if batch.is_empty() {
            return;
        }
        if let Err(error) = write(env, &batch).await {
            // Not again: where only the answer was lost, they would count twice.
            let count = batch.len();
            crate::log::error!("{count} calls are not kept: {}", error.message);
        }
    }
}

async fn write(env: &Env, batch: &[Measured]) -> Result<(), ApiError> {
    let db = D1(env.d1(bindings::DB)?);
    let rows: Vec<Call<'_>> = batch
        .iter()
        .map(|call| Call {
            deployment_id: &call.deployment_id,
            at: &call.at,
            method: call.method,
            tool: &call.tool,
            outcome: call.outcome,
            duration_ms: call.duration_ms,
            bytes_out: call.bytes_out,
            error: call.error.as_deref(),
        })
        .collect();
    Ok(calls::record(&db, &rows).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(tool: usize) -> Measured {
        Measured {
            deployment_id: "d".to_owned(),
            at: "2026-11-23T02:00:00.000Z".to_owned(),
            method: calls::TOOLS_CALL,
            tool: tool.to_string(),
            outcome: Outcome::Ok,
            duration_ms: 1,
            bytes_out: 1,
            error: None,
        }
    }

    fn tools(batch: &[Measured]) -> Vec<usize> {
        let number = |call: &Measured| call.tool.parse().expect("a number");
        batch.iter().map(number).collect()
    }

    #[test]
    fn the_first_to_wake_takes_all_and_the_others_nothing() {
        let mut queue = Queue::default();
        let numbers: Vec<u64> = (0..3).map(|tool| queue.push(call(tool))).collect();
        assert_eq!(numbers, [0, 1, 2]);
        assert_eq!(tools(&queue.take_for(0)), [0, 1, 2]);
        assert_eq!(queue.push(call(3)), 3);
        // The second wakes: its call is taken. That of the fourth waits on.
        assert!(queue.take_for(1).is_empty() && queue.take_for(2).is_empty());
        assert_eq!(tools(&queue.take_for(3)), [3]);
        assert!(queue.take_for(3).is_empty());
    }

    #[test]
    fn each_call_is_taken_once_in_batches_that_the_store_takes() {
        let mut queue = Queue::default();
        let count = MAX_CALLS * 2 + 7;
        let numbers: Vec<u64> = (0..count).map(|tool| queue.push(call(tool))).collect();
        let mut taken = Vec::new();
        // Even where those that came first were ended by the platform.
        for number in numbers.into_iter().skip(150) {
            loop {
                let batch = queue.take_for(number);
                assert!(batch.len() <= MAX_CALLS);
                if batch.is_empty() {
                    break;
                }
                taken.extend(tools(&batch));
            }
        }
        assert!(taken.into_iter().eq(0..count));
    }
}
