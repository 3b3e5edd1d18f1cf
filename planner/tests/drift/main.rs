//! Drift in classes: nothing that differs is missed, and nothing that is only shown late is reported.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the figures are the result")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

mod blue_green;
#[path = "../common/mod.rs"]
mod common;
mod cure;
mod deploy;
mod late;
mod recall;
mod who;
