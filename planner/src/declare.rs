//! Types of recorded and planned resources, by name.

use crate::Error;
use tenon_resources::{registry, resource::ResourceType};

/// The type called `name`, or what to say when there is none.
pub(crate) fn kind_of(name: &str, address: &str) -> Result<&'static dyn ResourceType, Error> {
    registry::find(name).ok_or_else(|| Error::UnknownKind {
        kind: name.into(),
        address: address.into(),
    })
}
