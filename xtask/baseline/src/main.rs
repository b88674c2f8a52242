//! `baseline FILE`: parses a JSON document and prints how many microseconds
//! `serde_json::from_slice::<Value>` took.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a native program of the benchmark: it reads a file and a clock"
)]

use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("name a file")?;
    let document = std::fs::read(file)?;
    let start = Instant::now();
    let value: serde_json::Value = serde_json::from_slice(&document)?;
    println!("{}", start.elapsed().as_micros());
    // Freeing it is no part of reading it.
    std::mem::forget(value);
    Ok(())
}
