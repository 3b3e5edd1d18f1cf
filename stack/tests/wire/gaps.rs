//! What the emulators cannot do, one list each, with the reason; and what samples need to stand on.

use serde_json::Value;
use std::collections::BTreeMap;
use tenon_planner::Declared;

/// Types that an emulator cannot show at all.
const NO_TYPES: &[(&str, &str)] = &[
    ("ec2.network_acl", "moto has no filter `network-acl-id`"),
    (
        "ec2.network_acl_association",
        "moto has no filter `network-acl-id`",
    ),
    ("ec2.vpc_endpoint", "moto has no filter `vpc-endpoint-id`"),
];

/// Fields that moto does not keep or give back.
const MOTO_FIELDS: &[(&str, &str, &str)] = &[];

/// Why a type is left out, if it is.
pub(crate) fn kind(name: &str) -> Option<&'static str> {
    NO_TYPES.iter().find(|(n, _)| *n == name).map(|(_, why)| *why)
}

/// Whether a field is left out.
pub(crate) fn field(kind: &str, field: &str) -> bool {
    MOTO_FIELDS.iter().any(|(k, f, _)| *k == kind && *f == field)
}

/// The operation of a call that was seen on the wire, as plans spell it.
pub(crate) fn operation(seen: &str) -> String {
    seen.split_once(':')
        .map_or(seen, |(_, operation)| operation)
        .to_owned()
}

/// What the samples of further types stand on.
pub(crate) fn more_support(_declared: &mut Declared, _declare: &dyn Fn(&mut Declared, &str, &str, Value)) {}

/// Makes a sample fit what it stands on.
pub(crate) fn adapt(_kind: &str, _n: usize, _inputs: &mut Value, _ids: &BTreeMap<String, String>) {}
