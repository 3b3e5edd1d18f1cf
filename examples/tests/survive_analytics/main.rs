//! As the tests `survive`, of the event analytics platform: half of its resources are of types that Tenon has no file for, whose
//! calls AWS accepts first and ends later. `cargo test -p tenon-examples --test survive_analytics`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the figures are the result")]

#[path = "../survive/cut.rs"]
mod cut;
#[path = "../survive/faults.rs"]
mod faults;
#[path = "../survive/full.rs"]
mod full;
#[path = "../survive/oracle.rs"]
mod oracle;
mod stack;
#[path = "../survive/sweep.rs"]
mod sweep;
