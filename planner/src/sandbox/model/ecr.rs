//! Elastic Container Registry.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Id, Second, op, unique, unseen_role},
};

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
    Entry {
        kind: "ecr.repository",
        creates: &[op("CreateRepository")],
        deletes: &[op("DeleteRepository")],
        id: Id::Member("repository_name"),
        states: AT_ONCE,
        absent: Absent::Refused("RepositoryNotFoundException"),
        name: Some(("repository_name", 256)),
        token: None,
        unique: &[unique(
            &["repository_name"],
            Second::Refused(
                "RepositoryAlreadyExistsException",
                "The repository already exists in the registry",
            ),
        )],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen_role(
            "SetRepositoryPolicy",
            "policy_text.Statement.Principal.AWS",
            "InvalidParameterException",
            "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Principal not found'",
        )],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
];
