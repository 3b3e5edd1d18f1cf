//! A scaling policy: a metric, and the value at which it is kept.

use super::{Metric, RegisteredResource, ScalableDimension, ServiceNamespace};
use crate::prelude::*;

id!(
    /// A scaling policy's id: its resource, its scalable dimension and its name, with bars between.
    ScalingPolicyId
);

/// A scaling policy for target tracking: it adds and removes capacity to keep a metric at its target value. Application Auto Scaling makes
/// the alarms that it needs.
///
/// ```
/// use tenon_resources::appscaling::{Metric, ScalingPolicy};
/// ScalingPolicy::new("service/shop/web", Metric::EcsServiceAverageCpu, 60.0).scale_in_cooldown(120);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource(
    "appscaling.scaling_policy",
    cfn = "AWS::ApplicationAutoScaling::ScalingPolicy"
)]
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeleteScalingPolicy.html#API_DeleteScalingPolicy_Errors
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html: "Creates or updates a scaling policy".
// A second policy on a metric: https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking.html
#[facts(gone("ObjectNotFoundException"), second_create = Overwritten, exists("ValidationException", "Only one TargetTrackingScaling policy"))]
// A scalable target may be unknown to this call for a while after it was registered: Terraform retries for 2 minutes.
#[create(PutScalingPolicy: appscaling, puts, folds, also(
        "cloudwatch:PutMetricAlarm on arn:aws:cloudwatch:{region}:{account}:alarm:TargetTracking-*",
        "cloudwatch:DescribeAlarms on arn:aws:cloudwatch:{region}:{account}:alarm:TargetTracking-*"
    ),
    with(
        service_namespace: ServiceNamespace = me.scalable_dimension.namespace(),
        policy_type: PolicyType = PolicyType::TargetTracking,
        target_tracking_scaling_policy_configuration: Tracking = Tracking::of(me)
    ),
    create_rules(
        .retry_on("ObjectNotFoundException", minutes(2))
        .retry_on("FailedResourceAccessException", minutes(2))
    ),
    rules(.retry_on("ConcurrentUpdateException", minutes(2))))]
#[delete(DeleteScalingPolicy: appscaling, also("cloudwatch:DeleteAlarms on arn:aws:cloudwatch:{region}:{account}:alarm:TargetTracking-*"), rules(.retry_on("ConcurrentUpdateException", minutes(2))),
    same(policy_name, resource, scalable_dimension), with(service_namespace: ServiceNamespace = me.scalable_dimension.namespace()))]
pub struct ScalingPolicy {
    /// The resource: the output `registered` of its scalable target.
    #[immutable]
    #[member("resource_id")]
    #[cfn("ResourceId")]
    #[sample("service/shop/a", "table/b")]
    #[length(1..=1600)]
    pub resource: Input<RegisteredResource>,
    /// The metric.
    #[member("")]
    #[cfn("TargetTrackingScalingPolicyConfiguration")]
    #[sample(Metric::EcsServiceAverageCpu, Metric::Predefined("DynamoDBReadCapacityUtilization".into()))]
    #[in_struct(Tracking)]
    pub metric: Metric,
    /// The target value of the metric.
    #[member("")]
    #[cfn("TargetTrackingScalingPolicyConfiguration")]
    #[sample(60.0, 70.0)]
    #[wrong_if(!it.is_finite() || *it <= 0.0, "is {it}, and a metric is kept above 0")]
    #[in_struct(Tracking)]
    pub target_value: f64,
    /// The name, unique for the resource.
    #[immutable]
    #[named(max = 256, also = "-_")]
    pub policy_name: Option<Input<String>>,
    /// The scalable dimension: the property of the resource that changes.
    #[immutable]
    #[default(ScalableDimension::EcsServiceDesiredCount)]
    #[sample(ScalableDimension::DynamodbTableReadCapacityUnits)]
    pub scalable_dimension: ScalableDimension,
    /// The scale-in cooldown: the time between two scale-in activities, in seconds.
    #[default(300)]
    #[member("")]
    #[cfn("TargetTrackingScalingPolicyConfiguration")]
    #[sample(120)]
    #[in_struct(Tracking)]
    pub scale_in_cooldown: u32,
    /// The scale-out cooldown: the time to wait for a scale-out activity to take effect, in seconds.
    #[default(300)]
    #[member("")]
    #[cfn("TargetTrackingScalingPolicyConfiguration")]
    #[sample(30)]
    #[in_struct(Tracking)]
    pub scale_out_cooldown: u32,
    /// Scale-in is disabled: the policy never removes capacity.
    #[default(false)]
    #[member("")]
    #[cfn("TargetTrackingScalingPolicyConfiguration")]
    #[sample(true)]
    #[in_struct(Tracking)]
    pub disable_scale_in: bool,
}

/// Outputs of a scaling policy.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ScalingPolicyOutputs {
    /// The resource, the scalable dimension and the name, with bars between.
    #[shape("{resource}|{scalable_dimension}|{policy_name}")]
    pub id: ScalingPolicyId,
    /// The ARN, for an alarm's action.
    #[shape(
        "arn:aws:autoscaling:{region}:{account}:scalingPolicy:{hex8}-{hex8}:resource/{resource}:policyName/{policy_name}"
    )]
    pub arn: Arn,
}

impl Lifecycle for ScalingPolicy {
    const READ: Read = Read::new(
        "appscaling",
        "DescribeScalingPolicies",
        50,
        &["application-autoscaling:DescribeScalingPolicies"],
    );

    fn identity(&self) -> Identity {
        match &self.policy_name {
            Some(name) => Identity::Natural(text!(
                "{}|{}|{}",
                &self.resource,
                self.scalable_dimension.as_str(),
                name
            )),
            None => Identity::Assigned,
        }
    }

    // https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking.html: "You can have multiple
    // target tracking scaling policies for a scalable target at the same time, provided that each of them uses a different metric".
    fn claims(&self) -> Vec<Claim> {
        let dimension = self.scalable_dimension.as_str();
        vec![
            Claim::of("tracking of the metric", &self.metric)
                .within(&self.resource)
                .within(dimension),
        ]
    }

    fn create(&self) -> Steps {
        PutScalingPolicy::steps(self)
    }

    fn set(&self, _: &Self, field: ScalingPolicyField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteScalingPolicy::steps(self)
    }
}

choice!(
    /// The type of a scaling policy.
    PolicyType of appscaling::PolicyType {
        /// Target tracking: a metric is kept at its target value.
        TargetTracking = "TargetTrackingScaling",
    }
);

#[cfg(feature = "aws")]
impl Observe for ScalingPolicy {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let policies = listed(aws, by.ids().unwrap_or_default()).await?;
        Ok(policies.into_iter().filter_map(from_item).collect())
    }
}

/// The scaling policies with these ids, of either type.
#[cfg(feature = "aws")]
pub(super) async fn listed(
    aws: &Aws,
    ids: &[String],
) -> Result<Vec<sdk::appscaling::types::ScalingPolicy>, CallError> {
    let mut asked: BTreeMap<(ScalableDimension, String), Vec<String>> = BTreeMap::new();
    for id in ids {
        let mut parts = id.splitn(3, '|');
        if let (Some(resource), Some(dimension), Some(name)) = (parts.next(), parts.next(), parts.next())
            && let Some(dimension) = ScalableDimension::word(dimension)
        {
            asked
                .entry((dimension, resource.into()))
                .or_default()
                .push(name.into());
        }
    }
    let read = crate::aws::each(asked, |((dimension, resource), names)| async move {
        let namespace = dimension.namespace().as_str().into();
        let request = aws
            .appscaling
            .describe_scaling_policies()
            .service_namespace(namespace);
        let request = request
            .scalable_dimension(dimension.as_str().into())
            .resource_id(resource);
        let pages = items!(request.set_policy_names(Some(names)));
        aws.all("appscaling", "DescribeScalingPolicies", pages)
            .await
            .map(Some)
    });
    Ok(read.await?.into_iter().flatten().collect())
}

/// A policy for target tracking, or `None` for one of another type.
#[cfg(feature = "aws")]
fn from_item(item: sdk::appscaling::types::ScalingPolicy) -> Option<Seen<ScalingPolicy>> {
    let dimension = ScalableDimension::word(item.scalable_dimension.as_str())?;
    let id = format!("{}|{dimension}|{}", item.resource_id, item.policy_name);
    let config = item.target_tracking_scaling_policy_configuration?;
    let seconds = |value: Option<i32>| value.and_then(|v| v.try_into().ok()).unwrap_or(300);
    Some(Seen {
        status: Status::Ready,
        inputs: ScalingPolicy {
            resource: Input::Known(item.resource_id.into()),
            metric: Metric::from_sdk(&config)?,
            target_value: config.target_value,
            policy_name: Some(Input::Known(item.policy_name)),
            scalable_dimension: dimension,
            scale_in_cooldown: seconds(config.scale_in_cooldown),
            scale_out_cooldown: seconds(config.scale_out_cooldown),
            disable_scale_in: config.disable_scale_in.unwrap_or(false),
        },
        outputs: ScalingPolicyOutputs {
            id: id.as_str().into(),
            arn: item.policy_arn.into(),
        },
        id,
    })
}
