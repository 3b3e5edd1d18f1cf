//! Systems Manager.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/systems-manager/latest/APIReference/>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Id, Second, op, op_if, unique},
};

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html: refused for one that exists,
    // unless it is to be overwritten.
    Entry {
        kind: "ssm.parameter",
        creates: &[op_if("PutParameter", "overwrite", "false")],
        deletes: &[op("DeleteParameter")],
        id: Id::Member("name"),
        states: AT_ONCE,
        absent: Absent::Refused("ParameterNotFound"),
        name: Some(("name", 1011)),
        token: None,
        unique: &[unique(
            &["name"],
            Second::Refused(
                "ParameterAlreadyExists",
                "The parameter already exists. To overwrite this value, set the overwrite option.",
            ),
        )],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
];
