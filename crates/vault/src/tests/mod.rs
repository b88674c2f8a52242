//! Tests of envelopes, tokens and the primitives under them.
#![expect(clippy::string_slice, reason = "the sliced texts are ASCII constants")]

mod envelope;
mod token;
mod vectors;
mod webhook;
