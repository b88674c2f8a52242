//! Test doubles: objects in memory, a database that fails on command, the suite
//! that every [`crate::Database`] must pass, and, with the `sqlite` feature, a
//! real SQLite behind the same port.

pub mod contract;
mod faults;
mod journey;
mod objects;
#[cfg(any(test, feature = "sqlite"))]
mod sqlite;

pub use faults::{Fault, Faulty};
pub use objects::MemoryObjects;
#[cfg(any(test, feature = "sqlite"))]
pub use sqlite::SqliteDatabase;
