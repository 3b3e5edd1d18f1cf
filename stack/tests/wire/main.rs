//! The SDK half, over the wire, against emulators: moto for everything, ministack for CloudWatch (the Rust client of
//! CloudWatch speaks a protocol that moto lacks) and for the few types that moto breaks.
//!
//! What an emulator cannot do is in [`gaps`], one list each, with the reason. What no emulator shows at all (slow states,
//! dependency errors, tokens) the sandbox models; see `tenon_planner::sandbox`.
//!
//! Needs Python packages: `moto[server]==5.2.5` and `ministack==1.5.33` with `cbor2`, each in its own environment;
//! `cargo verify` installs them under `target/emulators`. `TENON_EMULATORS` names another folder. For looking into a
//! failure: `TENON_WIRE_TYPE=ec2.r` tries the types of that beginning alone, and `TENON_WIRE_EVENTS=1` prints what the
//! executor does.

#![cfg(feature = "aws")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "how much was shown is for people to read")]
#![expect(
    clippy::print_stderr,
    reason = "what the executor does is told when it is asked for"
)]

mod canary;
mod each;
mod endless;
#[path = "harness.rs"]
mod harness;
mod image;
mod killed;
mod models;
mod support;
mod terraform;

use harness::{
    book, cbor, cloudwatch, ecs, emulators, form, gaps, insights, mischief, operation, pages, place, proxy,
    rules, translate, words,
};
