//! A secret made from its bytes: it would be in the plan before anyone could stop it.

use tenon_resources::value::Secret;

fn main() {
    let _ = Secret::from("hunter2");
    let _: Secret = "hunter2".into();
}
