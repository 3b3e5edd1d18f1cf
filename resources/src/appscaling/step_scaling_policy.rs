//! A step scaling policy.

use super::{RegisteredResource, ScalableDimension, ScalingPolicyId, ServiceNamespace};
#[cfg(feature = "aws")]
use crate::aws::ToSdk;
use crate::prelude::*;

choice!(
    /// The meaning of a step's adjustment.
    AdjustmentType of appscaling::AdjustmentType {
        /// The number that is added or, if negative, removed.
        ChangeInCapacity = "ChangeInCapacity",
        /// The number that there are afterwards.
        ExactCapacity = "ExactCapacity",
        /// The number that is added or removed, in percent of what there is.
        PercentChangeInCapacity = "PercentChangeInCapacity",
    }
);

choice!(
    /// The aggregation of the alarm's metric over a period.
    Aggregation of appscaling::MetricAggregationType {
        /// The mean.
        Average = "Average",
        /// The least value.
        Minimum = "Minimum",
        /// The greatest value.
        Maximum = "Maximum",
    }
);

/// A step: the adjustment for an interval of the metric, whose bounds are differences from the alarm's threshold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The lower bound. `None`: there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric_interval_lower_bound: Option<f64>,
    /// The upper bound. `None`: there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric_interval_upper_bound: Option<f64>,
    /// The adjustment, by the policy's adjustment type.
    pub scaling_adjustment: i32,
}

impl Step {
    /// The adjustment when the metric is `lower` or more above the threshold, without an upper bound.
    pub fn above(lower: f64, scaling_adjustment: i32) -> Self {
        Self {
            metric_interval_lower_bound: Some(lower),
            metric_interval_upper_bound: None,
            scaling_adjustment,
        }
    }

    /// The adjustment when the metric is at `upper` from the threshold or less, without a lower bound: `upper` is 0 or negative.
    pub fn below(upper: f64, scaling_adjustment: i32) -> Self {
        Self {
            metric_interval_lower_bound: None,
            metric_interval_upper_bound: Some(upper),
            scaling_adjustment,
        }
    }

    /// The adjustment between two differences from the threshold.
    pub fn between(lower: f64, upper: f64, scaling_adjustment: i32) -> Self {
        Self {
            metric_interval_lower_bound: Some(lower),
            metric_interval_upper_bound: Some(upper),
            scaling_adjustment,
        }
    }

    /// Finding about it as one of the values of `field`.
    // https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepAdjustment.html: "At least one bound", and the upper one
    // "must be greater than the lower bound".
    fn check(&self, field: &str) -> Option<String> {
        match (self.metric_interval_lower_bound, self.metric_interval_upper_bound) {
            (None, None) => Some(format!("`{field}` has a step without bounds: give it one")),
            (Some(lower), Some(upper)) if lower >= upper => Some(format!(
                "`{field}` has a step from {lower} to {upper}: its upper bound is greater than its lower one"
            )),
            _ => None,
        }
    }
}

/// A step scaling policy (a scaling policy by steps): when the alarm goes off whose action it is, capacity changes by the step in whose
/// interval the metric is. The alarm is another resource, with the output `arn` as its action.
///
/// ```
/// use tenon_resources::appscaling::{AdjustmentType, Step, StepScalingPolicy};
/// let steps = [Step::between(0.0, 20.0, 1), Step::above(20.0, 3)];
/// StepScalingPolicy::new("service/shop/web", AdjustmentType::ChangeInCapacity).steps(steps).cooldown(60);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource(
    "appscaling.step_scaling_policy",
    cfn = "AWS::ApplicationAutoScaling::ScalingPolicy"
)]
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeleteScalingPolicy.html#API_DeleteScalingPolicy_Errors
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html: "Creates or updates a scaling policy".
#[facts(gone("ObjectNotFoundException"), second_create = Overwritten)]
#[create(PutScalingPolicy: appscaling, puts, folds,
    with(
        service_namespace: ServiceNamespace = me.scalable_dimension.namespace(),
        policy_type: StepPolicyType = StepPolicyType::Step,
        step_scaling_policy_configuration: Stepwise = Stepwise::of(me)
    ),
    create_rules(
        .retry_on("ObjectNotFoundException", minutes(2))
        .retry_on("FailedResourceAccessException", minutes(2))
    ),
    rules(.retry_on("ConcurrentUpdateException", minutes(2))))]
#[delete(DeleteScalingPolicy: appscaling, rules(.retry_on("ConcurrentUpdateException", minutes(2))),
    same(policy_name, resource, scalable_dimension), with(service_namespace: ServiceNamespace = me.scalable_dimension.namespace()))]
pub struct StepScalingPolicy {
    /// The resource: the output `registered` of its scalable target.
    #[immutable]
    #[member("resource_id")]
    #[cfn("ResourceId")]
    #[sample("service/shop/a", "table/b")]
    #[length(1..=1600)]
    pub resource: Input<RegisteredResource>,
    /// The adjustment type: what the number of a step means.
    #[member("")]
    #[cfn("StepScalingPolicyConfiguration")]
    #[in_struct(Stepwise)]
    #[sample(AdjustmentType::ChangeInCapacity, AdjustmentType::PercentChangeInCapacity)]
    pub adjustment_type: AdjustmentType,
    /// The steps, whose intervals touch and do not overlap.
    #[member("")]
    #[cfn("StepScalingPolicyConfiguration")]
    #[in_struct(Stepwise, step_adjustments)]
    #[sample([Step::above(0.0, 1)], [Step::between(-20.0, 0.0, -10), Step::below(-20.0, -30)])]
    #[missing_if(true, "is empty: say by how much capacity changes")]
    #[wrong_if(it.len() > 20, "has {} steps, and AWS takes up to 20", it.len())]
    #[checked(it.iter().filter_map(|step| step.check(field)))]
    pub steps: Vec<Step>,
    /// The name, unique for the resource.
    #[immutable]
    #[named(max = 256, also = "-_")]
    pub policy_name: Option<Input<String>>,
    /// The scalable dimension: the property of the resource that changes.
    #[immutable]
    #[default(ScalableDimension::EcsServiceDesiredCount)]
    #[sample(ScalableDimension::DynamodbTableReadCapacityUnits)]
    pub scalable_dimension: ScalableDimension,
    /// The cooldown: the time to wait for a previous activity to take effect, in seconds.
    #[default(300)]
    #[member("")]
    #[cfn("StepScalingPolicyConfiguration")]
    #[in_struct(Stepwise)]
    #[sample(60)]
    pub cooldown: u32,
    /// The aggregation of the alarm's metric.
    #[default(Aggregation::Average)]
    #[member("")]
    #[cfn("StepScalingPolicyConfiguration")]
    #[in_struct(Stepwise)]
    #[sample(Aggregation::Maximum)]
    pub metric_aggregation_type: Aggregation,
    /// The least number by which a percentage changes capacity. Unset: 1.
    #[default(None)]
    #[member("")]
    #[cfn("StepScalingPolicyConfiguration")]
    #[in_struct(Stepwise)]
    #[sample(2)]
    #[wrong_if(
        me.adjustment_type != AdjustmentType::PercentChangeInCapacity,
        "is set, and goes with `adjustment_type` PercentChangeInCapacity alone: drop it"
    )]
    pub min_adjustment_magnitude: Option<u32>,
}

/// Outputs of a step scaling policy.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct StepScalingPolicyOutputs {
    /// The resource, the scalable dimension and the name, with bars between.
    #[shape("{resource}|{scalable_dimension}|{policy_name}")]
    pub id: ScalingPolicyId,
    /// The ARN, for an alarm's action.
    #[shape(
        "arn:aws:autoscaling:{region}:{account}:scalingPolicy:{hex8}-{hex8}:resource/{resource}:policyName/{policy_name}"
    )]
    pub arn: Arn,
}

choice!(
    /// The type of a scaling policy.
    StepPolicyType of appscaling::PolicyType {
        /// Step scaling.
        Step = "StepScaling",
    }
);

impl Lifecycle for StepScalingPolicy {
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

    fn create(&self) -> Steps {
        PutScalingPolicy::steps(self)
    }

    fn set(&self, _: &Self, field: StepScalingPolicyField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteScalingPolicy::steps(self)
    }
}

#[cfg(feature = "aws")]
mod wire {
    use super::{
        AdjustmentType, Aggregation, Input, ScalableDimension, Seen, Status, Step, StepScalingPolicy,
    };
    use super::{StepScalingPolicyOutputs, Stepwise, ToSdk};
    use crate::aws::sdk::appscaling::types as aws;

    impl ToSdk<aws::StepScalingPolicyConfiguration> for Stepwise {
        fn to_sdk(self) -> Option<aws::StepScalingPolicyConfiguration> {
            let configuration = aws::StepScalingPolicyConfiguration::builder()
                .set_adjustment_type(self.adjustment_type.to_sdk())
                .set_step_adjustments(self.step_adjustments.to_sdk())
                .set_cooldown(self.cooldown.to_sdk())
                .set_metric_aggregation_type(self.metric_aggregation_type.to_sdk())
                .set_min_adjustment_magnitude(self.min_adjustment_magnitude.to_sdk());
            Some(configuration.build())
        }
    }

    impl ToSdk<aws::StepAdjustment> for Step {
        fn to_sdk(self) -> Option<aws::StepAdjustment> {
            aws::StepAdjustment::builder()
                .set_metric_interval_lower_bound(self.metric_interval_lower_bound)
                .set_metric_interval_upper_bound(self.metric_interval_upper_bound)
                .scaling_adjustment(self.scaling_adjustment)
                .build()
                .ok()
        }
    }

    /// A policy for step scaling, or `None` for one of another type.
    pub(super) fn policy(item: aws::ScalingPolicy) -> Option<Seen<StepScalingPolicy>> {
        let dimension = ScalableDimension::word(item.scalable_dimension.as_str())?;
        let id = format!("{}|{dimension}|{}", item.resource_id, item.policy_name);
        let config = item.step_scaling_policy_configuration?;
        let number = |value: Option<i32>| value.and_then(|v| u32::try_from(v).ok());
        let steps = config.step_adjustments.into_iter().flatten().map(|step| Step {
            metric_interval_lower_bound: step.metric_interval_lower_bound,
            metric_interval_upper_bound: step.metric_interval_upper_bound,
            scaling_adjustment: step.scaling_adjustment,
        });
        let aggregation = config.metric_aggregation_type;
        Some(Seen {
            status: Status::Ready,
            inputs: StepScalingPolicy {
                resource: Input::Known(item.resource_id.into()),
                adjustment_type: AdjustmentType::word(config.adjustment_type?.as_str())?,
                steps: steps.collect(),
                policy_name: Some(Input::Known(item.policy_name)),
                scalable_dimension: dimension,
                cooldown: number(config.cooldown).unwrap_or(300),
                metric_aggregation_type: aggregation
                    .and_then(|a| Aggregation::word(a.as_str()))
                    .unwrap_or(Aggregation::Average),
                min_adjustment_magnitude: number(config.min_adjustment_magnitude),
            },
            outputs: StepScalingPolicyOutputs {
                id: id.as_str().into(),
                arn: item.policy_arn.into(),
            },
            id,
        })
    }
}

#[cfg(feature = "aws")]
impl Observe for StepScalingPolicy {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let policies = super::scaling_policy::listed(aws, by.ids().unwrap_or_default()).await?;
        Ok(policies.into_iter().filter_map(wire::policy).collect())
    }
}
