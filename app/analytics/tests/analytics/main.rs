//! The tests of the analytics platform, in one binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod archive;
mod deploy;
mod document;
mod engine;
mod events;
mod mongo;
mod oracle;
mod platform;
mod sample;
