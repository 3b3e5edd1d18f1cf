//! The SDK half, over the wire, against emulators: moto for everything, ministack for CloudWatch (the Rust client of
//! CloudWatch speaks a protocol that moto lacks).
//!
//! What an emulator cannot do is in [`gaps`], one list each, with the reason. What no emulator shows at all (slow states,
//! dependency errors, tokens) the sandbox models; see `tenon_planner::sandbox`.
//!
//! Needs Python packages: `moto[server]==5.2.5` and `ministack==1.5.33` with `cbor2`, each in its own environment;
//! `cargo verify` installs them under `target/emulators`. `TENON_EMULATORS` names another folder.

#![cfg(feature = "aws")]

mod each;
mod emulators;
mod gaps;
mod place;
mod proxy;
