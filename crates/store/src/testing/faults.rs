//! A database, or an object store, whose n-th call fails.

use std::cell::Cell;

use crate::{Database, ObjectStore, Outcome, Statement, StoreError};

/// How the chosen call fails. After a lost answer the effect is there, and the
/// caller cannot know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    BeforeEffect,
    LostAnswer,
}

/// Wraps a port; calls are counted from 0.
#[derive(Debug)]
pub struct Faulty<T> {
    inner: T,
    failing: Cell<Option<(usize, Fault)>>,
    calls: Cell<usize>,
}

impl<T> Faulty<T> {
    pub const fn new(inner: T) -> Self {
        Self {
            inner,
            failing: Cell::new(None),
            calls: Cell::new(0),
        }
    }

    /// Starts counting anew; the n-th call from now on fails.
    pub fn fail_call(&self, n: usize, fault: Fault) {
        self.calls.set(0);
        self.failing.set(Some((n, fault)));
    }

    /// No more faults; returns how many calls were counted since the last change.
    pub fn heal(&self) -> usize {
        self.failing.set(None);
        self.calls.replace(0)
    }

    pub const fn inner(&self) -> &T {
        &self.inner
    }

    fn next(&self) -> Option<Fault> {
        let call = self.calls.get();
        self.calls.set(call + 1);
        self.failing
            .get()
            .filter(|(n, _)| *n == call)
            .map(|(_, fault)| fault)
    }
}

fn injected() -> StoreError {
    StoreError::Unavailable("injected fault".into())
}

macro_rules! guarded {
    ($faulty:ident, $call:expr) => {
        match $faulty.next() {
            None => $call.await,
            Some(Fault::BeforeEffect) => Err(injected()),
            Some(Fault::LostAnswer) => $call.await.and_then(|_| Err(injected())),
        }
    };
}

impl<T: Database> Database for Faulty<T> {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Outcome>, StoreError> {
        guarded!(self, self.inner.batch(statements))
    }
}

impl<T: ObjectStore> ObjectStore for Faulty<T> {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        guarded!(self, self.inner.get(key))
    }

    async fn put(&self, key: &str, bytes: Vec<u8>, content_type: &str) -> Result<(), StoreError> {
        guarded!(self, self.inner.put(key, bytes, content_type))
    }

    async fn delete(&self, keys: &[String]) -> Result<(), StoreError> {
        guarded!(self, self.inner.delete(keys))
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        guarded!(self, self.inner.list(prefix))
    }
}
