//! The resources that a read is about.

use super::sdk;
use crate::value::Owner;

/// The resources that a read is about.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// Those with these ids.
    Ids(&'a [String]),
    /// Those that carry this owner's tags. A read may return more; what is not the owner's is left out afterwards.
    Owner(&'a Owner),
}

impl<'a> By<'a> {
    /// The ids, when it is about ids.
    pub fn ids(&self) -> Option<&'a [String]> {
        match self {
            Self::Ids(ids) => Some(ids),
            Self::Owner(_) => None,
        }
    }

    /// The EC2 filters of each call: `id_filter` with up to 200 ids, or the owner's tags. A filter and no list of ids:
    /// one missing id fails a list, and merely shortens a filter.
    pub fn filters(&self, id_filter: &str) -> Vec<Vec<sdk::ec2::types::Filter>> {
        let filter = |name: &str, values: &[String]| {
            sdk::ec2::types::Filter::builder()
                .name(name)
                .set_values(Some(values.to_vec()))
                .build()
        };
        match self {
            Self::Ids(ids) => ids.chunks(200).map(|ids| vec![filter(id_filter, ids)]).collect(),
            Self::Owner(owner) => {
                vec![
                    owner
                        .tags()
                        .0
                        .into_iter()
                        .map(|(k, v)| filter(&format!("tag:{k}"), &[v]))
                        .collect(),
                ]
            }
        }
    }
}
