//! Durable Objects. Their classes are in src/entry.mjs and hold nothing: each event
//! of an object comes to a function here, with the object's storage. So an object
//! survives a WebAssembly instance that was started afresh
//! (docs/decisions/0012-a-limiter-remembers-each-use.md).

pub(crate) mod limiter;
