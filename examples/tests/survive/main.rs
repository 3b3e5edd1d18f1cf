//! An apply that is cut off anywhere, and the run after it.
//!
//! A run is a sequence of moments: before and after each write of the journal, each mutating call, each read, each
//! snapshot. It is repeated once for every moment, dies there, and is run again; then the world must be as if nothing
//! had happened. Virtual time, in process: `cargo test -p tenon-examples --test survive`.
//!
//! The moments are those of a fault matrix of eight boundaries: before the intent is written, after it, the call sent
//! but not executed, executed with its reply lost, the reply not journalled, journalled but not in the snapshot, inside
//! a wait, and around the snapshot itself.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the figures are the result")]

mod cut;
mod faults;
mod full;
mod made;
mod oracle;
mod stack;
mod sweep;
