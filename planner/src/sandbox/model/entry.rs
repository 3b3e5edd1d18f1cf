//! The behaviour of AWS for one resource type: facts, and functions where data cannot say it.

use super::{
    facts::{Absent, Busy, Held, Id, InUse, Op, Refusal, States, Token, Unique, Unseen, Use, is_tag},
    view::{Call, View},
};
use serde_json::Value;

/// The behaviour of AWS for one resource type. Every fact is stated for every type: none has a default.
pub(in crate::sandbox) struct Entry {
    /// The name of the type in the registry.
    pub(in crate::sandbox) kind: &'static str,
    /// Operations that create one.
    pub(super) creates: &'static [Op],
    /// Operations that delete one. Every other operation changes one.
    pub(super) deletes: &'static [Op],
    /// Origin of the id.
    pub(in crate::sandbox) id: Id,
    /// States on the way, and how long they last.
    pub(in crate::sandbox) states: States,
    /// The error code for one that does not exist, and whether a delete of it succeeds all the same.
    pub(in crate::sandbox) absent: Absent,
    /// The member that holds the name, and the most characters that it may have.
    pub(in crate::sandbox) name: Option<(&'static str, usize)>,
    /// The idempotency token of the create call.
    pub(in crate::sandbox) token: Option<Token>,
    /// Names and other keys that only one may hold.
    pub(in crate::sandbox) unique: &'static [Unique],
    /// The time for which a deleted one holds its name.
    pub(in crate::sandbox) held: Option<Held>,
    /// The refusal of a delete while others use it.
    pub(in crate::sandbox) in_use: Option<InUse>,
    /// Resources that AWS deletes together with it.
    pub(in crate::sandbox) owns: &'static [Use],
    /// The refusal of a change while it is not ready.
    pub(in crate::sandbox) busy: Option<Busy>,
    /// Answers of calls to which something they need is not visible yet.
    pub(in crate::sandbox) unseen: &'static [Unseen],
    /// The change that a call makes to the members that are kept of it.
    pub(in crate::sandbox) merge: fn(&mut Value, &Call<'_>),
    /// Every other refusal, of a create, a change or a delete.
    pub(in crate::sandbox) refuse: fn(&Call<'_>, &View<'_>) -> Result<(), Refusal>,
    /// The reason for which a create that was accepted fails afterwards.
    pub(in crate::sandbox) fails: fn(&Call<'_>, &View<'_>) -> Option<String>,
}

/// Nothing else is refused.
#[expect(
    clippy::unnecessary_wraps,
    reason = "it stands where other types have a function that refuses"
)]
pub(super) fn accepts(_: &Call<'_>, _: &View<'_>) -> Result<(), Refusal> {
    Ok(())
}

/// No create that was accepted fails.
pub(super) fn succeeds(_: &Call<'_>, _: &View<'_>) -> Option<String> {
    None
}

/// The members of a call replace those of the same name.
pub(super) fn replace(members: &mut Value, call: &Call<'_>) {
    let Value::Object(set) = call.params else { return };
    for (member, value) in set.iter().filter(|(member, _)| !is_tag(member)) {
        members[member] = value.clone();
    }
}
