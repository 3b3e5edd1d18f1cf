//! The shop's program over the wire, against emulators, as a person drives it: `--endpoint` is all that differs from AWS.
//!
//! What it needs, and what emulators cannot do, is said in `stack/tests/wire`, whose harness it shares.

#![cfg(feature = "aws")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "how much was shown is for people to read")]

#[path = "../../../../stack/tests/wire/harness.rs"]
#[expect(dead_code, reason = "the tests of each type need more of it")]
#[expect(
    clippy::print_stderr,
    reason = "what the executor does is told when it is asked for"
)]
mod harness;
#[cfg(feature = "kms")]
mod sealed;
mod shop;
mod whole;

use harness::{
    book, cbor, cloudwatch, ecs, emulators, form, gaps, insights, mischief, operation, pages, place, proxy,
    rules, translate, words,
};
