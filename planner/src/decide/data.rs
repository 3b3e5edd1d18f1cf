//! Data that a resource holds.

use tenon_resources::{call::Step, resource::ResourceType};
use tenon_state::Record;

/// `true` if deleting a resource would lose data: by its type, or by what its delete calls say of it.
pub(super) fn holds_data(kind: &'static dyn ResourceType, record: &Record) -> bool {
    let loses = |steps: Vec<Step>| steps.iter().any(|s| s.destroys.is_some());
    // Inputs that do not parse prove nothing, so they count as data.
    kind.stateful() || kind.delete(&record.inputs).map_or(true, loses)
}
