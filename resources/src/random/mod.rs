//! Random values that are made when a stack is applied, and kept in its state.
//!
//! Nothing of AWS makes them: the executor does, from the id of the operation, which is durable before anything is sent that uses the
//! value. So a run that is cut off leaves no second value. They are no secrets: a password is
//! [made where it is kept](crate::value::Secret::generated).

mod id;
mod pet;

use crate::call::{Call, CallInfo, LOCAL};
pub use id::*;
pub use pet::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The step that makes a value.
#[derive(Serialize, Deserialize)]
struct Generate {
    byte_length: u8,
}

impl Call for Generate {
    const INFO: CallInfo = step("Generate");
}

/// The step that gives a value up.
#[derive(Serialize, Deserialize)]
struct Discard {}

impl Call for Discard {
    const INFO: CallInfo = step("Discard");
}

/// A step that is no call of AWS's, and needs no permission.
const fn step(operation: &'static str) -> CallInfo {
    CallInfo {
        service: LOCAL,
        operation,
        folds: false,
        actions: &[],
        needs: &[],
        on: "",
        not_yet: &[],
    }
}

/// As many bytes as asked for that follow from `seed`, which nobody can guess and is never used twice.
fn bytes(of: &str, seed: &str, length: usize) -> Vec<u8> {
    let blocks = (0_u32..).flat_map(|block| {
        let mut hash = Sha256::new();
        for part in [of.as_bytes(), b"\0", seed.as_bytes(), b"\0", &block.to_be_bytes()] {
            hash.update(part);
        }
        hash.finalize().to_vec()
    });
    blocks.take(length).collect()
}
