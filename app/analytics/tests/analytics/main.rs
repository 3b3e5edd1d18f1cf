//! The tests of the analytics platform, in one binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod engine;
mod events;
mod oracle;
mod platform;
mod sample;
