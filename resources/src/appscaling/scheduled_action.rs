//! A scheduled action of Application Auto Scaling.

use super::{RegisteredResource, ScalableDimension, ServiceNamespace};
#[cfg(feature = "aws")]
use crate::aws::ToSdk;
use crate::prelude::*;

id!(
    /// A scheduled action's id: its resource, its scalable dimension and its name, with bars between.
    ScheduledActionId
);

/// A scheduled action: at certain times, a scalable target gets another minimum or maximum capacity.
///
/// ```
/// use tenon_resources::appscaling::ScheduledAction;
/// ScheduledAction::new("service/shop/web", "cron(0 7 ? * MON-FRI *)").timezone("Europe/Berlin").min_capacity(4);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("appscaling.scheduled_action")]
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeleteScheduledAction.html#API_DeleteScheduledAction_Errors
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html: "Creates or updates a scheduled action".
#[facts(gone("ObjectNotFoundException"), second_create = Overwritten)]
// A scalable target may be unknown to this call for a while after it was registered, as it is to that of a scaling policy.
#[create(PutScheduledAction: appscaling, puts, folds,
    with(
        service_namespace: ServiceNamespace = me.scalable_dimension.namespace(),
        scalable_target_action: Limits = Limits::of(me)
    ),
    create_rules(.retry_on("ObjectNotFoundException", minutes(2))),
    rules(.retry_on("ConcurrentUpdateException", minutes(2))))]
#[delete(DeleteScheduledAction: appscaling, rules(.retry_on("ConcurrentUpdateException", minutes(2))),
    same(scheduled_action_name, resource, scalable_dimension), with(service_namespace: ServiceNamespace = me.scalable_dimension.namespace()))]
pub struct ScheduledAction {
    /// The resource: the output `registered` of its scalable target.
    #[immutable]
    #[member("resource_id")]
    #[cfn("")]
    #[sample("service/shop/a", "table/b")]
    #[length(1..=1600)]
    pub resource: Input<RegisteredResource>,
    /// The schedule: `cron(0 7 ? * MON-FRI *)`, `rate(12 hours)`, or once at `at(2026-12-24T08:00:00)`.
    #[cfn("")]
    #[sample("rate(12 hours)", "cron(0 7 ? * MON-FRI *)")]
    #[wrong_if(
        !["cron(", "rate(", "at("].iter().any(|begin| it.starts_with(begin)) || !it.ends_with(')'),
        "is `{it}`: write `cron(0 7 ? * MON-FRI *)`, `rate(12 hours)` or `at(2026-12-24T08:00:00)`"
    )]
    #[length(1..=1600)]
    pub schedule: String,
    /// The name, unique for the resource.
    #[immutable]
    #[cfn("")]
    // https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html: 1 to 256 characters.
    #[named(max = 256, also = "-_")]
    pub scheduled_action_name: Option<Input<String>>,
    /// The scalable dimension: the property of the resource that changes.
    #[immutable]
    #[cfn("")]
    #[default(ScalableDimension::EcsServiceDesiredCount)]
    #[sample(ScalableDimension::DynamodbTableReadCapacityUnits)]
    pub scalable_dimension: ScalableDimension,
    /// The time zone of the schedule, such as `Europe/Berlin`.
    #[cfn("")]
    #[default("UTC".into())]
    #[sample("Europe/Berlin")]
    #[length(1..=1600)]
    pub timezone: String,
    /// The minimum capacity from then on. Unset: it stays as it is.
    #[default(None)]
    #[cfn("")]
    #[member("")]
    #[in_struct(Limits)]
    #[sample(4, 1)]
    #[wrong_if(me.max_capacity.is_some_and(|max| *it > max), "is {it}, more than `max_capacity`: swap them")]
    pub min_capacity: Option<u32>,
    /// The maximum capacity from then on. Unset: it stays as it is.
    #[default(None)]
    #[cfn("")]
    #[member("")]
    #[in_struct(Limits)]
    #[sample(8, 2)]
    pub max_capacity: Option<u32>,
}

/// Outputs of a scheduled action.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ScheduledActionOutputs {
    /// The resource, the scalable dimension and the name, with bars between.
    #[shape("{resource}|{scalable_dimension}|{scheduled_action_name}")]
    pub id: ScheduledActionId,
}

impl Lifecycle for ScheduledAction {
    const READ: Read = Read::new(
        "appscaling",
        "DescribeScheduledActions",
        50,
        &["application-autoscaling:DescribeScheduledActions"],
    );

    fn identity(&self) -> Identity {
        match &self.scheduled_action_name {
            Some(name) => Identity::Natural(text!(
                "{}|{}|{}",
                &self.resource,
                self.scalable_dimension.as_str(),
                name
            )),
            None => Identity::Assigned,
        }
    }

    fn create(&self) -> Steps {
        PutScheduledAction::steps(self)
    }

    fn set(&self, _: &Self, field: ScheduledActionField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteScheduledAction::steps(self)
    }

    fn check(&self) -> Vec<String> {
        let none = self.min_capacity.is_none() && self.max_capacity.is_none();
        let none = none.then(|| "`min_capacity` and `max_capacity` are unset: say what changes".to_owned());
        none.into_iter().collect()
    }
}

#[cfg(feature = "aws")]
impl ToSdk<sdk::appscaling::types::ScalableTargetAction> for Limits {
    fn to_sdk(self) -> Option<sdk::appscaling::types::ScalableTargetAction> {
        let action = sdk::appscaling::types::ScalableTargetAction::builder();
        let action = action.set_min_capacity(self.min_capacity.to_sdk());
        Some(action.set_max_capacity(self.max_capacity.to_sdk()).build())
    }
}

#[cfg(feature = "aws")]
impl Observe for ScheduledAction {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut asked: BTreeMap<(ScalableDimension, String), Vec<String>> = BTreeMap::new();
        for id in by.ids().unwrap_or_default() {
            let mut parts = id.splitn(3, '|');
            if let (Some(resource), Some(dimension), Some(name)) = (parts.next(), parts.next(), parts.next())
                && let Some(dimension) = ScalableDimension::word(dimension)
            {
                let of = asked.entry((dimension, resource.into())).or_default();
                of.push(name.into());
            }
        }
        let read = crate::aws::each(asked, |((dimension, resource), names)| async move {
            let namespace = dimension.namespace().as_str().into();
            let request = aws.appscaling.describe_scheduled_actions();
            let request = request.service_namespace(namespace).resource_id(resource);
            let request = request.scalable_dimension(dimension.as_str().into());
            let pages = items!(request.set_scheduled_action_names(Some(names)));
            aws.all("appscaling", "DescribeScheduledActions", pages)
                .await
                .map(Some)
        });
        let actions = read.await?.into_iter().flatten();
        Ok(actions.filter_map(from_item).collect())
    }
}

#[cfg(feature = "aws")]
fn from_item(item: sdk::appscaling::types::ScheduledAction) -> Option<Seen<ScheduledAction>> {
    let dimension = ScalableDimension::word(item.scalable_dimension?.as_str())?;
    let id = format!("{}|{dimension}|{}", item.resource_id, item.scheduled_action_name);
    let limits = item.scalable_target_action;
    let count = |n: Option<i32>| n.and_then(|n| n.try_into().ok());
    Some(Seen {
        status: Status::Ready,
        inputs: ScheduledAction {
            resource: Input::Known(item.resource_id.into()),
            schedule: item.schedule,
            scheduled_action_name: Some(Input::Known(item.scheduled_action_name)),
            scalable_dimension: dimension,
            timezone: item.timezone.unwrap_or_else(|| "UTC".into()),
            min_capacity: count(limits.as_ref().and_then(|l| l.min_capacity)),
            max_capacity: count(limits.as_ref().and_then(|l| l.max_capacity)),
        },
        outputs: ScheduledActionOutputs {
            id: id.as_str().into(),
        },
        id,
    })
}
