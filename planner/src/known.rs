//! Outputs that the state knows.

use serde_json::{Value, json};
use tenon_resources::value::Ref;
use tenon_state::State;

/// The value of a reference, as far as the records have it.
pub(crate) fn known(state: &State, r: &Ref) -> Option<Value> {
    let source = state.current(&r.resource)?;
    match (&source.outputs[&r.output], &source.id) {
        (Value::Null, Some(id)) if r.output == "id" => Some(json!(id)),
        (Value::Null, _) => None,
        (output, _) => Some(output.clone()),
    }
}
