//! Authors of drift: who made the last call on each resource that differs.

use super::Survey;
use crate::{execute::with_retry, places, recorded};
use tenon_resources::{
    cloud::{CallError, Cloud},
    declaration::{Place, is_global},
    registry,
};
use tenon_state::State;

/// The most resources whose authors are asked for: AWS answers two such questions a second.
/// <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>
const MOST: usize = 100;

/// The region in which calls to services that an account has once are recorded.
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events>
const GLOBAL: &str = "us-east-1";

/// `survey`, of `state`, with the last call that somebody made on each resource that differs, where the cloud knows of one; and the error
/// with which the cloud refused to say.
pub async fn with_authors(
    cloud: &dyn Cloud,
    state: &State,
    mut survey: Survey,
) -> (Survey, Option<CallError>) {
    let mut refused = None;
    for drifted in survey.drifted.iter_mut().take(MOST) {
        let (Some(kind), Some(id)) = (registry::find(&drifted.kind), drifted.id.as_deref()) else {
            continue;
        };
        let record = state.records.values().find(|r| r.address == drifted.address);
        let mut place = record.and_then(|r| recorded::place(r).ok()).unwrap_or_default();
        if is_global(kind.name()) {
            place = Place {
                region: Some(GLOBAL.into()),
                ..place
            };
        }
        let there = match places::reach(cloud, &place).await {
            Ok(there) => there,
            Err(error) => {
                refused.get_or_insert(error);
                continue;
            }
        };
        match with_retry(3, || there.traces(kind, id)).await {
            Ok(traces) => drifted.by = traces.into_iter().next(),
            Err(error) => {
                refused.get_or_insert(error);
            }
        }
    }
    (survey, refused)
}
