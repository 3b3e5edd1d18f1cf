//! The bytes of assets: found before the first call, and given to the call that sends them.

use crate::{Error, Plan};
use serde_json::Value;
use std::collections::BTreeMap;
use tenon_resources::asset::{self, Shelf, Source};

/// Finds the bytes that the calls of `plan` send, each with the digest that was planned. Returns where they are, by digest.
///
/// # Errors
/// Some are not there, or are others.
pub fn find_assets(plan: &Plan, shelf: &Shelf) -> Result<BTreeMap<String, Source>, Error> {
    let mut found = BTreeMap::new();
    for call in plan.mutating() {
        for sha256 in asset::digests(&call.step.params.value()) {
            if found.contains_key(&sha256) {
                continue;
            }
            let source = shelf.find(&sha256, plan.basis.assets.get(&sha256));
            let source = source.map_err(|source| Error::Asset {
                address: call.address.clone(),
                source,
            })?;
            found.insert(sha256, source);
        }
    }
    Ok(found)
}

/// Says in a call that is about to be sent where the bytes of its assets are.
pub(super) fn put_sources(params: &mut Value, found: &BTreeMap<String, Source>) {
    asset::put_sources(params, &|sha256| found.get(sha256).cloned());
}
