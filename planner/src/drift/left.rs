//! Resources that a destroy left behind: what has the tags of an environment without a state, and what AWS made by itself.

use super::AT_ONCE;
use crate::{
    execute::{find_with_retry, read_with_retry},
    ownership::tags,
    places, recorded,
    refresh::Unread,
};
use futures::{StreamExt, stream};
use tenon_resources::{
    cloud::{Cloud, Status},
    declaration::Place,
    registry::{self, TYPES},
    value::Owner,
};
use tenon_state::{Record, State};

/// A resource that is there and in no state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Left {
    /// The environment: of one that AWS made, that of the resource it was made for.
    pub env: String,
    /// The type.
    pub kind: String,
    /// The id.
    pub id: String,
    /// The reason for which it is there.
    pub why: String,
}

/// The resources with the ownership tags of environments of `stack` whose names begin with `prefix`, in the account and region of `cloud`,
/// and the types that could not be searched.
pub async fn of_family(cloud: &dyn Cloud, stack: &str, prefix: &str) -> (Vec<Left>, Vec<Unread>) {
    let owner = &Owner::of_family(stack, prefix);
    let kinds = TYPES.iter().copied().filter(|kind| kind.taggable());
    let searches = kinds.map(|kind| async move { (kind, find_with_retry(cloud, kind, owner).await) });
    let all: Vec<_> = stream::iter(searches).buffered(AT_ONCE).collect().await;
    let (mut left, mut unread) = (vec![], vec![]);
    for (kind, result) in all {
        let found = match result {
            Ok(found) => found,
            Err(error) => {
                unread.push(Unread::new(kind, error));
                continue;
            }
        };
        for observed in found.iter().filter(|o| !matches!(o.status, Status::Leaving(_))) {
            let tags = tags(observed);
            let whose = tags.0.get(Owner::STACK).and_then(|s| s.split_once('/'));
            if let Some((_, env)) = whose {
                left.push(Left {
                    env: env.into(),
                    kind: kind.name().into(),
                    id: observed.id.clone(),
                    why: tags.0.get(Owner::ADDRESS).cloned().unwrap_or_default(),
                });
            }
        }
    }
    left.sort();
    (left, unread)
}

/// The log groups that AWS makes by itself for a resource, when something is first written into them.
fn log_groups(record: &Record) -> Vec<String> {
    let name = |member: &str| {
        record.inputs[member]
            .as_str()
            .or(record.id.as_deref())
            .unwrap_or_default()
    };
    match record.kind.as_str() {
        // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
        "AWS::Lambda::Function" => {
            let function = name("FunctionName");
            vec![format!("/aws/lambda/{function}")]
        }
        // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-container-insights.html
        "ecs.cluster" => vec![format!(
            "/aws/ecs/containerinsights/{}/performance",
            name("cluster_name")
        )],
        // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html
        "rds.db_instance" => {
            let logs = record.inputs["enable_cloudwatch_logs_exports"].as_array();
            let logs = logs.into_iter().flatten().filter_map(|log| log.as_str());
            let of = name("db_instance_identifier");
            logs.map(|log| format!("/aws/rds/instance/{of}/{log}")).collect()
        }
        _ => vec![],
    }
}

/// The log groups that AWS made by itself for resources of `before`, the state before a destroy, and that are there still: nothing deletes
/// them with what they were made for, and they have no tags. Those that the state records are no such.
///
/// # Errors
/// They cannot be read.
pub async fn of_aws(cloud: &dyn Cloud, before: &State) -> Result<Vec<Left>, crate::Error> {
    let Some(kind) = registry::find("logs.log_group") else {
        return Ok(vec![]);
    };
    let mut left = vec![];
    let mut by_place: std::collections::BTreeMap<Place, Vec<(String, &Record)>> =
        std::collections::BTreeMap::new();
    for record in before.records.values() {
        let groups = log_groups(record).into_iter().map(|group| (group, &**record));
        let own = |id: &str| {
            before
                .records
                .values()
                .any(|r| r.kind == kind.name() && r.id.as_deref() == Some(id))
        };
        by_place
            .entry(recorded::place(record)?)
            .or_default()
            .extend(groups.filter(|(id, _)| !own(id)));
    }
    for (place, groups) in by_place.into_iter().filter(|(_, groups)| !groups.is_empty()) {
        let ids: Vec<String> = groups.iter().map(|(id, _)| id.clone()).collect();
        let there = places::reach(cloud, &place)
            .await
            .map_err(|error| Unread::new(kind, error))?;
        let found = read_with_retry(&*there, kind, &ids).await;
        for observed in found.map_err(|error| Unread::new(kind, error))? {
            // A read may return more than it was asked for, as by the beginning of a name.
            let of = groups.iter().find(|(id, _)| *id == observed.id);
            left.extend(of.map(|(_, record)| Left {
                env: before.env.clone(),
                kind: kind.name().into(),
                id: observed.id.clone(),
                why: format!("AWS made it for {}", record.address),
            }));
        }
    }
    Ok(left)
}
