//! Facts about a resource type of AWS, as data.

use serde_json::Value;
use std::time::Duration;

/// An operation, and what its members must be.
pub(in crate::sandbox) struct Op {
    pub(super) operation: &'static str,
    pub(super) when: When,
}

/// A condition on the members of a call.
pub(super) enum When {
    Always,
    /// The member at this path is this text.
    Is(&'static str, &'static str),
    /// The member at this path is not set.
    Unset(&'static str),
}

/// Every call of an operation.
pub(super) const fn op(operation: &'static str) -> Op {
    Op {
        operation,
        when: When::Always,
    }
}

/// Calls of an operation whose member at `path` is `text`.
pub(super) const fn op_if(operation: &'static str, path: &'static str, text: &'static str) -> Op {
    Op {
        operation,
        when: When::Is(path, text),
    }
}

/// Calls of an operation without the member at `path`.
pub(super) const fn op_without(operation: &'static str, path: &'static str) -> Op {
    Op {
        operation,
        when: When::Unset(path),
    }
}

/// Origin of an id.
#[derive(Clone, Copy)]
pub(in crate::sandbox) enum Id {
    /// AWS makes it up.
    Assigned,
    /// The member of the create call that holds it.
    Member(&'static str),
    /// AWS has none: a resource is known by the ids of those it joins, and the engine joins them.
    Composite,
}

/// A state of a new resource on its way.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct Stage {
    /// AWS's word.
    pub(in crate::sandbox) word: &'static str,
    pub(in crate::sandbox) seconds: u64,
    /// Outputs that a read does not return in it, by their names.
    pub(in crate::sandbox) unshown: &'static [&'static str],
}

/// AWS's words for the states of a resource on its way, and the seconds that they last.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct States {
    /// The stages of a create, one after the other.
    pub(in crate::sandbox) create: &'static [Stage],
    pub(in crate::sandbox) change: (&'static str, u64),
    pub(in crate::sandbox) delete: (&'static str, u64),
}

impl States {
    /// The seconds from the create call to the resource being ready.
    pub(in crate::sandbox) fn until_ready(self) -> u64 {
        self.create.iter().map(|stage| stage.seconds).sum()
    }

    /// The stage of a create that was made `seconds` ago; once all have passed, the last.
    pub(in crate::sandbox) fn stage(self, seconds: u64) -> Option<&'static Stage> {
        let mut end = 0;
        let under_way = self.create.iter().find(|stage| {
            end += stage.seconds;
            seconds < end
        });
        under_way.or(self.create.last())
    }
}

/// Ready, changed and gone with the reply of the call.
pub(in crate::sandbox) const AT_ONCE: States = States {
    create: &[],
    change: ("", 0),
    delete: ("", 0),
};

/// The answer about one that does not exist.
#[derive(Clone, Copy)]
pub(in crate::sandbox) enum Absent {
    /// Refused with this code.
    Refused(&'static str),
    /// Refused with this code, but for a delete, which succeeds.
    DeleteSucceeds(&'static str),
}

impl Absent {
    pub(in crate::sandbox) fn code(self) -> &'static str {
        match self {
            Self::Refused(code) | Self::DeleteSucceeds(code) => code,
        }
    }
}

/// The idempotency token of a create call.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct Token {
    /// The member that holds it.
    pub(in crate::sandbox) member: &'static str,
    /// The answer to a token that was used before.
    pub(in crate::sandbox) repeat: Repeat,
    /// The seconds for which AWS knows it; `None`: for ever.
    pub(in crate::sandbox) lives: Option<u64>,
    /// True if it can be read back.
    pub(in crate::sandbox) readable: bool,
}

/// The answer to a token that was used before.
#[derive(Clone, Copy)]
pub(in crate::sandbox) enum Repeat {
    /// The same request is answered as the first was; another is refused with this code.
    Answered(&'static str),
    /// Refused with this code, whatever the request is.
    Refused(&'static str),
}

/// A key that only one resource of a type may hold.
pub(in crate::sandbox) struct Unique {
    /// Members that make the key; without one of them there is no key. The first holds text.
    pub(super) of: &'static [&'static str],
    /// Further members of the key, which may be unset.
    pub(super) with: &'static [&'static str],
    /// The answer to a create with a key that is taken.
    pub(in crate::sandbox) second: Second,
}

/// A key of members that are all set.
pub(super) const fn unique(of: &'static [&'static str], second: Second) -> Unique {
    Unique {
        of,
        with: &[],
        second,
    }
}

/// The answer to a create with a key that is taken.
#[derive(Clone, Copy)]
pub(in crate::sandbox) enum Second {
    /// Refused with this code and message.
    Refused(&'static str, &'static str),
    /// The existing one is returned as if it had been created.
    Returned(Differs),
    /// The existing one is overwritten; its tags stay.
    Overwritten,
}

/// The refusal of a second create that differs from the existing one; without a code the difference is ignored.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct Differs {
    pub(in crate::sandbox) settings: Option<(&'static str, &'static str)>,
    pub(in crate::sandbox) tags: Option<(&'static str, &'static str)>,
}

/// The time for which a deleted resource holds its name.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct Held {
    pub(in crate::sandbox) code: &'static str,
    pub(in crate::sandbox) message: &'static str,
    /// The time, from the members of the delete call.
    pub(in crate::sandbox) time: fn(&Value) -> Duration,
}

/// The refusal of a delete while others use the resource.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct InUse {
    pub(in crate::sandbox) code: &'static str,
    pub(in crate::sandbox) by: &'static [Use],
}

/// A reference: resources of a type whose member at a path holds the id or the ARN of another.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct Use {
    pub(in crate::sandbox) kind: &'static str,
    pub(in crate::sandbox) member: &'static str,
}

/// A reference from resources of type `kind` through their member at path `member`.
pub(super) const fn by(kind: &'static str, member: &'static str) -> Use {
    Use { kind, member }
}

/// The refusal of some operations while the resource is not ready.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct Busy {
    pub(in crate::sandbox) operations: &'static [&'static str],
    pub(in crate::sandbox) code: &'static str,
}

/// The answer of an operation while what its member at a path names is not visible to it yet.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct Unseen {
    pub(super) operation: &'static str,
    pub(super) member: &'static str,
    pub(super) code: &'static str,
    pub(super) message: &'static str,
    /// The member names IAM roles, which cannot be assumed or named as principals for some seconds after their creation.
    pub(super) role: bool,
}

/// An operation to which the resource at `member` is not visible yet.
pub(super) const fn unseen(
    operation: &'static str,
    member: &'static str,
    code: &'static str,
    message: &'static str,
) -> Unseen {
    Unseen {
        operation,
        member,
        code,
        message,
        role: false,
    }
}

/// An operation to which an IAM role at `member` is not known yet.
pub(super) const fn unseen_role(
    operation: &'static str,
    member: &'static str,
    code: &'static str,
    message: &'static str,
) -> Unseen {
    Unseen {
        operation,
        member,
        code,
        message,
        role: true,
    }
}

/// A refusal: AWS's error code and a message.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Refusal {
    pub(in crate::sandbox) code: &'static str,
    pub(in crate::sandbox) message: String,
}

/// A refusal with `code`.
pub(super) fn refused(code: &'static str, message: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal {
        code,
        message: message.into(),
    })
}

/// True if a member holds tags.
pub(in crate::sandbox) fn is_tag(member: &str) -> bool {
    matches!(
        member,
        "tags" | "tags_list" | "tag_specifications" | "tagging" | "add_tags" | "remove_tag_keys" | "tag_keys"
    )
}
