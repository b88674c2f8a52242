//! Test doubles: objects in memory, a database that fails on command, and, with
//! the `sqlite` feature, a real SQLite behind the same port.

mod faults;
mod objects;
#[cfg(any(test, feature = "sqlite"))]
mod sqlite;

pub use faults::{Fault, Faulty};
pub use objects::MemoryObjects;
#[cfg(any(test, feature = "sqlite"))]
pub use sqlite::SqliteDatabase;
