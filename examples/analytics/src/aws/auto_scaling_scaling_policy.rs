//! `AWS::AutoScaling::ScalingPolicy`, from CloudFormation's schema. Written by `tenon add AWS::AutoScaling::ScalingPolicy`; `tenon add AWS::AutoScaling::ScalingPolicy --update` writes it anew.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "written by a tool; a stack uses its own part"
)]

use tenon::resources::{
    cfn,
    value::{self, IntoInput},
};

/// The AWS::AutoScaling::ScalingPolicy resource specifies an Amazon EC2 Auto Scaling scaling
/// policy so that the Auto Scaling group can scale the number of instances available for your
/// application.
#[derive(Clone, Debug, PartialEq)]
pub struct ScalingPolicy(cfn::Properties);

impl ScalingPolicy {
    /// With what AWS requires.
    pub fn new(auto_scaling_group_name: impl IntoInput<String>) -> Self {
        Self(cfn::Properties::new().set("AutoScalingGroupName", auto_scaling_group_name.into_input()))
    }

    /// Specifies how the scaling adjustment is interpreted. The valid values are ChangeInCapacity,
    /// ExactCapacity, and PercentChangeInCapacity.
    #[must_use]
    pub fn adjustment_type(self, value: impl Into<AdjustmentType>) -> Self {
        Self(self.0.set("AdjustmentType", value.into().word()))
    }

    /// The duration of the policy's cooldown period, in seconds. When a cooldown period is
    /// specified here, it overrides the default cooldown period defined for the Auto Scaling
    /// group.
    #[must_use]
    pub fn cooldown(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Cooldown", value.into_input()))
    }

    /// The estimated time, in seconds, until a newly launched instance can contribute to the
    /// CloudWatch metrics. If not provided, the default is to use the value from the default
    /// cooldown period for the Auto Scaling group.
    #[must_use]
    pub fn estimated_instance_warmup(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("EstimatedInstanceWarmup", value.into_input()))
    }

    /// The aggregation type for the CloudWatch metrics. The valid values are Minimum, Maximum, and
    /// Average.
    #[must_use]
    pub fn metric_aggregation_type(self, value: impl Into<MetricAggregationType>) -> Self {
        Self(self.0.set("MetricAggregationType", value.into().word()))
    }

    /// The minimum value to scale by when the adjustment type is PercentChangeInCapacity. For
    /// example, suppose that you create a step scaling policy to scale out an Auto Scaling group
    /// by 25 percent and you specify a MinAdjustmentMagnitude of 2.
    #[must_use]
    pub fn min_adjustment_magnitude(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("MinAdjustmentMagnitude", value.into_input()))
    }

    /// One of the following policy types: TargetTrackingScaling, StepScaling, SimpleScaling
    /// (default), PredictiveScaling
    #[must_use]
    pub fn policy_type(self, value: impl Into<PolicyType>) -> Self {
        Self(self.0.set("PolicyType", value.into().word()))
    }

    /// A predictive scaling policy. Includes support for predefined metrics only.
    #[must_use]
    pub fn predictive_scaling_configuration(self, value: PredictiveScalingConfiguration) -> Self {
        Self(self.0.set("PredictiveScalingConfiguration", value.0))
    }

    /// The amount by which to scale, based on the specified adjustment type. A positive value adds
    /// to the current capacity while a negative number removes from the current capacity.
    #[must_use]
    pub fn scaling_adjustment(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("ScalingAdjustment", value.into_input()))
    }

    /// A set of adjustments that enable you to scale based on the size of the alarm breach.
    /// Required if the policy type is StepScaling.
    #[must_use]
    pub fn step_adjustments(self, values: impl IntoIterator<Item = StepAdjustment>) -> Self {
        Self(self.0.list("StepAdjustments", values.into_iter().map(|v| v.0)))
    }

    /// A target tracking scaling policy. Includes support for predefined or customized metrics.
    #[must_use]
    pub fn target_tracking_configuration(self, value: TargetTrackingConfiguration) -> Self {
        Self(self.0.set("TargetTrackingConfiguration", value.0))
    }
}

/// Outputs of `AWS::AutoScaling::ScalingPolicy`.
#[derive(Clone, Debug)]
pub struct ScalingPolicyOutputs {
    /// The primary identifier: Arn.
    pub id: value::Output<String>,
    /// The ARN of the AutoScaling scaling policy
    pub arn: value::Output<value::Arn>,
    /// `PolicyName`, which the schema does not describe.
    pub policy_name: value::Output<String>,
}

impl cfn::Declare for ScalingPolicy {
    type Refs = ScalingPolicyOutputs;

    fn declare(self) -> Result<(&'static dyn cfn::ResourceType, cfn::Value), String> {
        cfn::Resource::new("AWS::AutoScaling::ScalingPolicy", self.0.into()).declare()
    }

    fn refs(address: &str) -> Self::Refs {
        let handle = cfn::Handle::at(address);
        ScalingPolicyOutputs {
            arn: handle.get_as("Arn"),
            policy_name: handle.get_as("PolicyName"),
            id: handle.id,
        }
    }
}

/// `MetricDimension`, which the schema does not describe.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricDimension(cfn::Properties);

impl MetricDimension {
    /// With what AWS requires.
    pub fn new(name: impl IntoInput<String>, value: impl IntoInput<String>) -> Self {
        Self(
            cfn::Properties::new()
                .set("Name", name.into_input())
                .set("Value", value.into_input()),
        )
    }
}

impl From<MetricDimension> for cfn::Value {
    fn from(it: MetricDimension) -> Self {
        it.0.into()
    }
}

/// `Metric`, which the schema does not describe.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric(cfn::Properties);

impl Metric {
    /// With what AWS requires.
    pub fn new(metric_name: impl IntoInput<String>, namespace: impl IntoInput<String>) -> Self {
        Self(
            cfn::Properties::new()
                .set("MetricName", metric_name.into_input())
                .set("Namespace", namespace.into_input()),
        )
    }

    /// `Dimensions`, which the schema does not describe.
    #[must_use]
    pub fn dimensions(self, values: impl IntoIterator<Item = MetricDimension>) -> Self {
        Self(self.0.list("Dimensions", values.into_iter().map(|v| v.0)))
    }
}

impl From<Metric> for cfn::Value {
    fn from(it: Metric) -> Self {
        it.0.into()
    }
}

/// `MetricStat`, which the schema does not describe.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricStat(cfn::Properties);

impl MetricStat {
    /// With what AWS requires.
    pub fn new(metric: Metric, stat: impl IntoInput<String>) -> Self {
        Self(
            cfn::Properties::new()
                .set("Metric", metric.0)
                .set("Stat", stat.into_input()),
        )
    }

    /// `Unit`, which the schema does not describe.
    #[must_use]
    pub fn unit(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Unit", value.into_input()))
    }
}

impl From<MetricStat> for cfn::Value {
    fn from(it: MetricStat) -> Self {
        it.0.into()
    }
}

/// `MetricDataQuery`, which the schema does not describe.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricDataQuery(cfn::Properties);

impl MetricDataQuery {
    /// With what AWS requires.
    pub fn new(id: impl IntoInput<String>) -> Self {
        Self(cfn::Properties::new().set("Id", id.into_input()))
    }

    /// `Expression`, which the schema does not describe.
    #[must_use]
    pub fn expression(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Expression", value.into_input()))
    }

    /// `Label`, which the schema does not describe.
    #[must_use]
    pub fn label(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Label", value.into_input()))
    }

    /// `MetricStat`, which the schema does not describe.
    #[must_use]
    pub fn metric_stat(self, value: MetricStat) -> Self {
        Self(self.0.set("MetricStat", value.0))
    }

    /// `ReturnData`, which the schema does not describe.
    #[must_use]
    pub fn return_data(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("ReturnData", value.into_input()))
    }
}

impl From<MetricDataQuery> for cfn::Value {
    fn from(it: MetricDataQuery) -> Self {
        it.0.into()
    }
}

/// `PredictiveScalingCustomizedCapacityMetric`, which the schema does not describe.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictiveScalingCustomizedCapacityMetric(cfn::Properties);

impl PredictiveScalingCustomizedCapacityMetric {
    /// With what AWS requires.
    pub fn new(metric_data_queries: impl IntoIterator<Item = MetricDataQuery>) -> Self {
        Self(cfn::Properties::new().list("MetricDataQueries", metric_data_queries.into_iter().map(|v| v.0)))
    }
}

impl From<PredictiveScalingCustomizedCapacityMetric> for cfn::Value {
    fn from(it: PredictiveScalingCustomizedCapacityMetric) -> Self {
        it.0.into()
    }
}

/// `PredictiveScalingCustomizedLoadMetric`, which the schema does not describe.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictiveScalingCustomizedLoadMetric(cfn::Properties);

impl PredictiveScalingCustomizedLoadMetric {
    /// With what AWS requires.
    pub fn new(metric_data_queries: impl IntoIterator<Item = MetricDataQuery>) -> Self {
        Self(cfn::Properties::new().list("MetricDataQueries", metric_data_queries.into_iter().map(|v| v.0)))
    }
}

impl From<PredictiveScalingCustomizedLoadMetric> for cfn::Value {
    fn from(it: PredictiveScalingCustomizedLoadMetric) -> Self {
        it.0.into()
    }
}

/// `PredictiveScalingCustomizedScalingMetric`, which the schema does not describe.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictiveScalingCustomizedScalingMetric(cfn::Properties);

impl PredictiveScalingCustomizedScalingMetric {
    /// With what AWS requires.
    pub fn new(metric_data_queries: impl IntoIterator<Item = MetricDataQuery>) -> Self {
        Self(cfn::Properties::new().list("MetricDataQueries", metric_data_queries.into_iter().map(|v| v.0)))
    }
}

impl From<PredictiveScalingCustomizedScalingMetric> for cfn::Value {
    fn from(it: PredictiveScalingCustomizedScalingMetric) -> Self {
        it.0.into()
    }
}

/// `PredictiveScalingPredefinedLoadMetric`, which the schema does not describe.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictiveScalingPredefinedLoadMetric(cfn::Properties);

impl PredictiveScalingPredefinedLoadMetric {
    /// With what AWS requires.
    pub fn new(predefined_metric_type: impl Into<PredefinedMetricType>) -> Self {
        Self(cfn::Properties::new().set("PredefinedMetricType", predefined_metric_type.into().word()))
    }

    /// `ResourceLabel`, which the schema does not describe.
    #[must_use]
    pub fn resource_label(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("ResourceLabel", value.into_input()))
    }
}

impl From<PredictiveScalingPredefinedLoadMetric> for cfn::Value {
    fn from(it: PredictiveScalingPredefinedLoadMetric) -> Self {
        it.0.into()
    }
}

/// `PredictiveScalingPredefinedMetricPair`, which the schema does not describe.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictiveScalingPredefinedMetricPair(cfn::Properties);

impl PredictiveScalingPredefinedMetricPair {
    /// With what AWS requires.
    pub fn new(predefined_metric_type: impl Into<PredefinedMetricTypeSettings>) -> Self {
        Self(cfn::Properties::new().set("PredefinedMetricType", predefined_metric_type.into().word()))
    }

    /// `ResourceLabel`, which the schema does not describe.
    #[must_use]
    pub fn resource_label(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("ResourceLabel", value.into_input()))
    }
}

impl From<PredictiveScalingPredefinedMetricPair> for cfn::Value {
    fn from(it: PredictiveScalingPredefinedMetricPair) -> Self {
        it.0.into()
    }
}

/// `PredictiveScalingPredefinedScalingMetric`, which the schema does not describe.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictiveScalingPredefinedScalingMetric(cfn::Properties);

impl PredictiveScalingPredefinedScalingMetric {
    /// With what AWS requires.
    pub fn new(predefined_metric_type: impl Into<PredefinedMetricTypeSettingsSettings>) -> Self {
        Self(cfn::Properties::new().set("PredefinedMetricType", predefined_metric_type.into().word()))
    }

    /// `ResourceLabel`, which the schema does not describe.
    #[must_use]
    pub fn resource_label(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("ResourceLabel", value.into_input()))
    }
}

impl From<PredictiveScalingPredefinedScalingMetric> for cfn::Value {
    fn from(it: PredictiveScalingPredefinedScalingMetric) -> Self {
        it.0.into()
    }
}

/// `PredictiveScalingMetricSpecification`, which the schema does not describe.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictiveScalingMetricSpecification(cfn::Properties);

impl PredictiveScalingMetricSpecification {
    /// With what AWS requires.
    pub fn new(target_value: impl IntoInput<f64>) -> Self {
        Self(cfn::Properties::new().set("TargetValue", target_value.into_input()))
    }

    /// `CustomizedCapacityMetricSpecification`, which the schema does not describe.
    #[must_use]
    pub fn customized_capacity_metric_specification(
        self,
        value: PredictiveScalingCustomizedCapacityMetric,
    ) -> Self {
        Self(self.0.set("CustomizedCapacityMetricSpecification", value.0))
    }

    /// `CustomizedLoadMetricSpecification`, which the schema does not describe.
    #[must_use]
    pub fn customized_load_metric_specification(self, value: PredictiveScalingCustomizedLoadMetric) -> Self {
        Self(self.0.set("CustomizedLoadMetricSpecification", value.0))
    }

    /// `CustomizedScalingMetricSpecification`, which the schema does not describe.
    #[must_use]
    pub fn customized_scaling_metric_specification(
        self,
        value: PredictiveScalingCustomizedScalingMetric,
    ) -> Self {
        Self(self.0.set("CustomizedScalingMetricSpecification", value.0))
    }

    /// `PredefinedLoadMetricSpecification`, which the schema does not describe.
    #[must_use]
    pub fn predefined_load_metric_specification(self, value: PredictiveScalingPredefinedLoadMetric) -> Self {
        Self(self.0.set("PredefinedLoadMetricSpecification", value.0))
    }

    /// `PredefinedMetricPairSpecification`, which the schema does not describe.
    #[must_use]
    pub fn predefined_metric_pair_specification(self, value: PredictiveScalingPredefinedMetricPair) -> Self {
        Self(self.0.set("PredefinedMetricPairSpecification", value.0))
    }

    /// `PredefinedScalingMetricSpecification`, which the schema does not describe.
    #[must_use]
    pub fn predefined_scaling_metric_specification(
        self,
        value: PredictiveScalingPredefinedScalingMetric,
    ) -> Self {
        Self(self.0.set("PredefinedScalingMetricSpecification", value.0))
    }
}

impl From<PredictiveScalingMetricSpecification> for cfn::Value {
    fn from(it: PredictiveScalingMetricSpecification) -> Self {
        it.0.into()
    }
}

/// `PredictiveScalingConfiguration`, which the schema does not describe.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictiveScalingConfiguration(cfn::Properties);

impl PredictiveScalingConfiguration {
    /// With what AWS requires.
    pub fn new(
        metric_specifications: impl IntoIterator<Item = PredictiveScalingMetricSpecification>,
    ) -> Self {
        Self(cfn::Properties::new().list(
            "MetricSpecifications",
            metric_specifications.into_iter().map(|v| v.0),
        ))
    }

    /// `MaxCapacityBreachBehavior`, which the schema does not describe.
    #[must_use]
    pub fn max_capacity_breach_behavior(self, value: impl Into<MaxCapacityBreachBehavior>) -> Self {
        Self(self.0.set("MaxCapacityBreachBehavior", value.into().word()))
    }

    /// `MaxCapacityBuffer`, which the schema does not describe.
    #[must_use]
    pub fn max_capacity_buffer(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("MaxCapacityBuffer", value.into_input()))
    }

    /// `Mode`, which the schema does not describe.
    #[must_use]
    pub fn mode(self, value: impl Into<Mode>) -> Self {
        Self(self.0.set("Mode", value.into().word()))
    }

    /// `SchedulingBufferTime`, which the schema does not describe.
    #[must_use]
    pub fn scheduling_buffer_time(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("SchedulingBufferTime", value.into_input()))
    }
}

impl From<PredictiveScalingConfiguration> for cfn::Value {
    fn from(it: PredictiveScalingConfiguration) -> Self {
        it.0.into()
    }
}

/// `StepAdjustment`, which the schema does not describe.
#[derive(Clone, Debug, PartialEq)]
pub struct StepAdjustment(cfn::Properties);

impl StepAdjustment {
    /// With what AWS requires.
    pub fn new(scaling_adjustment: impl IntoInput<i64>) -> Self {
        Self(cfn::Properties::new().set("ScalingAdjustment", scaling_adjustment.into_input()))
    }

    /// `MetricIntervalLowerBound`, which the schema does not describe.
    #[must_use]
    pub fn metric_interval_lower_bound(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("MetricIntervalLowerBound", value.into_input()))
    }

    /// `MetricIntervalUpperBound`, which the schema does not describe.
    #[must_use]
    pub fn metric_interval_upper_bound(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("MetricIntervalUpperBound", value.into_input()))
    }
}

impl From<StepAdjustment> for cfn::Value {
    fn from(it: StepAdjustment) -> Self {
        it.0.into()
    }
}

/// `TargetTrackingMetricStat`, which the schema does not describe.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetTrackingMetricStat(cfn::Properties);

impl TargetTrackingMetricStat {
    /// With what AWS requires.
    pub fn new(metric: Metric, stat: impl IntoInput<String>) -> Self {
        Self(
            cfn::Properties::new()
                .set("Metric", metric.0)
                .set("Stat", stat.into_input()),
        )
    }

    /// `Period`, which the schema does not describe.
    #[must_use]
    pub fn period(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Period", value.into_input()))
    }

    /// `Unit`, which the schema does not describe.
    #[must_use]
    pub fn unit(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Unit", value.into_input()))
    }
}

impl From<TargetTrackingMetricStat> for cfn::Value {
    fn from(it: TargetTrackingMetricStat) -> Self {
        it.0.into()
    }
}

/// `TargetTrackingMetricDataQuery`, which the schema does not describe.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetTrackingMetricDataQuery(cfn::Properties);

impl TargetTrackingMetricDataQuery {
    /// With what AWS requires.
    pub fn new(id: impl IntoInput<String>) -> Self {
        Self(cfn::Properties::new().set("Id", id.into_input()))
    }

    /// `Expression`, which the schema does not describe.
    #[must_use]
    pub fn expression(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Expression", value.into_input()))
    }

    /// `Label`, which the schema does not describe.
    #[must_use]
    pub fn label(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Label", value.into_input()))
    }

    /// `MetricStat`, which the schema does not describe.
    #[must_use]
    pub fn metric_stat(self, value: TargetTrackingMetricStat) -> Self {
        Self(self.0.set("MetricStat", value.0))
    }

    /// `Period`, which the schema does not describe.
    #[must_use]
    pub fn period(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Period", value.into_input()))
    }

    /// `ReturnData`, which the schema does not describe.
    #[must_use]
    pub fn return_data(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("ReturnData", value.into_input()))
    }
}

impl From<TargetTrackingMetricDataQuery> for cfn::Value {
    fn from(it: TargetTrackingMetricDataQuery) -> Self {
        it.0.into()
    }
}

/// `CustomizedMetricSpecification`, which the schema does not describe.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CustomizedMetricSpecification(cfn::Properties);

impl CustomizedMetricSpecification {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// `Dimensions`, which the schema does not describe.
    #[must_use]
    pub fn dimensions(self, values: impl IntoIterator<Item = MetricDimension>) -> Self {
        Self(self.0.list("Dimensions", values.into_iter().map(|v| v.0)))
    }

    /// `MetricName`, which the schema does not describe.
    #[must_use]
    pub fn metric_name(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("MetricName", value.into_input()))
    }

    /// `Metrics`, which the schema does not describe.
    #[must_use]
    pub fn metrics(self, values: impl IntoIterator<Item = TargetTrackingMetricDataQuery>) -> Self {
        Self(self.0.list("Metrics", values.into_iter().map(|v| v.0)))
    }

    /// `Namespace`, which the schema does not describe.
    #[must_use]
    pub fn namespace(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Namespace", value.into_input()))
    }

    /// `Period`, which the schema does not describe.
    #[must_use]
    pub fn period(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Period", value.into_input()))
    }

    /// `Statistic`, which the schema does not describe.
    #[must_use]
    pub fn statistic(self, value: impl Into<Statistic>) -> Self {
        Self(self.0.set("Statistic", value.into().word()))
    }

    /// `Unit`, which the schema does not describe.
    #[must_use]
    pub fn unit(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Unit", value.into_input()))
    }
}

impl From<CustomizedMetricSpecification> for cfn::Value {
    fn from(it: CustomizedMetricSpecification) -> Self {
        it.0.into()
    }
}

/// `PredefinedMetricSpecification`, which the schema does not describe.
#[derive(Clone, Debug, PartialEq)]
pub struct PredefinedMetricSpecification(cfn::Properties);

impl PredefinedMetricSpecification {
    /// With what AWS requires.
    pub fn new(predefined_metric_type: impl Into<PredefinedMetricTypeSettingsSettings>) -> Self {
        Self(cfn::Properties::new().set("PredefinedMetricType", predefined_metric_type.into().word()))
    }

    /// `ResourceLabel`, which the schema does not describe.
    #[must_use]
    pub fn resource_label(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("ResourceLabel", value.into_input()))
    }
}

impl From<PredefinedMetricSpecification> for cfn::Value {
    fn from(it: PredefinedMetricSpecification) -> Self {
        it.0.into()
    }
}

/// `TargetTrackingConfiguration`, which the schema does not describe.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetTrackingConfiguration(cfn::Properties);

impl TargetTrackingConfiguration {
    /// With what AWS requires.
    pub fn new(target_value: impl IntoInput<f64>) -> Self {
        Self(cfn::Properties::new().set("TargetValue", target_value.into_input()))
    }

    /// `CustomizedMetricSpecification`, which the schema does not describe.
    #[must_use]
    pub fn customized_metric_specification(self, value: CustomizedMetricSpecification) -> Self {
        Self(self.0.set("CustomizedMetricSpecification", value.0))
    }

    /// `DisableScaleIn`, which the schema does not describe.
    #[must_use]
    pub fn disable_scale_in(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("DisableScaleIn", value.into_input()))
    }

    /// `PredefinedMetricSpecification`, which the schema does not describe.
    #[must_use]
    pub fn predefined_metric_specification(self, value: PredefinedMetricSpecification) -> Self {
        Self(self.0.set("PredefinedMetricSpecification", value.0))
    }
}

impl From<TargetTrackingConfiguration> for cfn::Value {
    fn from(it: TargetTrackingConfiguration) -> Self {
        it.0.into()
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdjustmentType {
    /// `ChangeInCapacity`
    ChangeInCapacity,
    /// `ExactCapacity`
    ExactCapacity,
    /// `PercentChangeInCapacity`
    PercentChangeInCapacity,
    /// Another word.
    Other(String),
}

impl AdjustmentType {
    fn word(self) -> String {
        match self {
            Self::ChangeInCapacity => "ChangeInCapacity".into(),
            Self::ExactCapacity => "ExactCapacity".into(),
            Self::PercentChangeInCapacity => "PercentChangeInCapacity".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for AdjustmentType {
    fn from(word: &str) -> Self {
        match word {
            "ChangeInCapacity" => Self::ChangeInCapacity,
            "ExactCapacity" => Self::ExactCapacity,
            "PercentChangeInCapacity" => Self::PercentChangeInCapacity,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetricAggregationType {
    /// `Average`
    Average,
    /// `Maximum`
    Maximum,
    /// `Minimum`
    Minimum,
    /// Another word.
    Other(String),
}

impl MetricAggregationType {
    fn word(self) -> String {
        match self {
            Self::Average => "Average".into(),
            Self::Maximum => "Maximum".into(),
            Self::Minimum => "Minimum".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for MetricAggregationType {
    fn from(word: &str) -> Self {
        match word {
            "Average" => Self::Average,
            "Maximum" => Self::Maximum,
            "Minimum" => Self::Minimum,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyType {
    /// `PredictiveScaling`
    PredictiveScaling,
    /// `SimpleScaling`
    SimpleScaling,
    /// `StepScaling`
    StepScaling,
    /// `TargetTrackingScaling`
    TargetTrackingScaling,
    /// Another word.
    Other(String),
}

impl PolicyType {
    fn word(self) -> String {
        match self {
            Self::PredictiveScaling => "PredictiveScaling".into(),
            Self::SimpleScaling => "SimpleScaling".into(),
            Self::StepScaling => "StepScaling".into(),
            Self::TargetTrackingScaling => "TargetTrackingScaling".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for PolicyType {
    fn from(word: &str) -> Self {
        match word {
            "PredictiveScaling" => Self::PredictiveScaling,
            "SimpleScaling" => Self::SimpleScaling,
            "StepScaling" => Self::StepScaling,
            "TargetTrackingScaling" => Self::TargetTrackingScaling,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MaxCapacityBreachBehavior {
    /// `HonorMaxCapacity`
    HonorMaxCapacity,
    /// `IncreaseMaxCapacity`
    IncreaseMaxCapacity,
    /// Another word.
    Other(String),
}

impl MaxCapacityBreachBehavior {
    fn word(self) -> String {
        match self {
            Self::HonorMaxCapacity => "HonorMaxCapacity".into(),
            Self::IncreaseMaxCapacity => "IncreaseMaxCapacity".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for MaxCapacityBreachBehavior {
    fn from(word: &str) -> Self {
        match word {
            "HonorMaxCapacity" => Self::HonorMaxCapacity,
            "IncreaseMaxCapacity" => Self::IncreaseMaxCapacity,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PredefinedMetricType {
    /// `ALBTargetGroupRequestCount`
    ALBTargetGroupRequestCount,
    /// `ASGTotalCPUUtilization`
    ASGTotalCPUUtilization,
    /// `ASGTotalNetworkIn`
    ASGTotalNetworkIn,
    /// `ASGTotalNetworkOut`
    ASGTotalNetworkOut,
    /// Another word.
    Other(String),
}

impl PredefinedMetricType {
    fn word(self) -> String {
        match self {
            Self::ALBTargetGroupRequestCount => "ALBTargetGroupRequestCount".into(),
            Self::ASGTotalCPUUtilization => "ASGTotalCPUUtilization".into(),
            Self::ASGTotalNetworkIn => "ASGTotalNetworkIn".into(),
            Self::ASGTotalNetworkOut => "ASGTotalNetworkOut".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for PredefinedMetricType {
    fn from(word: &str) -> Self {
        match word {
            "ALBTargetGroupRequestCount" => Self::ALBTargetGroupRequestCount,
            "ASGTotalCPUUtilization" => Self::ASGTotalCPUUtilization,
            "ASGTotalNetworkIn" => Self::ASGTotalNetworkIn,
            "ASGTotalNetworkOut" => Self::ASGTotalNetworkOut,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PredefinedMetricTypeSettings {
    /// `ALBRequestCount`
    ALBRequestCount,
    /// `ASGCPUUtilization`
    ASGCPUUtilization,
    /// `ASGNetworkIn`
    ASGNetworkIn,
    /// `ASGNetworkOut`
    ASGNetworkOut,
    /// Another word.
    Other(String),
}

impl PredefinedMetricTypeSettings {
    fn word(self) -> String {
        match self {
            Self::ALBRequestCount => "ALBRequestCount".into(),
            Self::ASGCPUUtilization => "ASGCPUUtilization".into(),
            Self::ASGNetworkIn => "ASGNetworkIn".into(),
            Self::ASGNetworkOut => "ASGNetworkOut".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for PredefinedMetricTypeSettings {
    fn from(word: &str) -> Self {
        match word {
            "ALBRequestCount" => Self::ALBRequestCount,
            "ASGCPUUtilization" => Self::ASGCPUUtilization,
            "ASGNetworkIn" => Self::ASGNetworkIn,
            "ASGNetworkOut" => Self::ASGNetworkOut,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PredefinedMetricTypeSettingsSettings {
    /// `ALBRequestCountPerTarget`
    ALBRequestCountPerTarget,
    /// `ASGAverageCPUUtilization`
    ASGAverageCPUUtilization,
    /// `ASGAverageNetworkIn`
    ASGAverageNetworkIn,
    /// `ASGAverageNetworkOut`
    ASGAverageNetworkOut,
    /// Another word.
    Other(String),
}

impl PredefinedMetricTypeSettingsSettings {
    fn word(self) -> String {
        match self {
            Self::ALBRequestCountPerTarget => "ALBRequestCountPerTarget".into(),
            Self::ASGAverageCPUUtilization => "ASGAverageCPUUtilization".into(),
            Self::ASGAverageNetworkIn => "ASGAverageNetworkIn".into(),
            Self::ASGAverageNetworkOut => "ASGAverageNetworkOut".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for PredefinedMetricTypeSettingsSettings {
    fn from(word: &str) -> Self {
        match word {
            "ALBRequestCountPerTarget" => Self::ALBRequestCountPerTarget,
            "ASGAverageCPUUtilization" => Self::ASGAverageCPUUtilization,
            "ASGAverageNetworkIn" => Self::ASGAverageNetworkIn,
            "ASGAverageNetworkOut" => Self::ASGAverageNetworkOut,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `ForecastAndScale`
    ForecastAndScale,
    /// `ForecastOnly`
    ForecastOnly,
    /// Another word.
    Other(String),
}

impl Mode {
    fn word(self) -> String {
        match self {
            Self::ForecastAndScale => "ForecastAndScale".into(),
            Self::ForecastOnly => "ForecastOnly".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for Mode {
    fn from(word: &str) -> Self {
        match word {
            "ForecastAndScale" => Self::ForecastAndScale,
            "ForecastOnly" => Self::ForecastOnly,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// `Average`
    Average,
    /// `Maximum`
    Maximum,
    /// `Minimum`
    Minimum,
    /// `SampleCount`
    SampleCount,
    /// `Sum`
    Sum,
    /// Another word.
    Other(String),
}

impl Statistic {
    fn word(self) -> String {
        match self {
            Self::Average => "Average".into(),
            Self::Maximum => "Maximum".into(),
            Self::Minimum => "Minimum".into(),
            Self::SampleCount => "SampleCount".into(),
            Self::Sum => "Sum".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for Statistic {
    fn from(word: &str) -> Self {
        match word {
            "Average" => Self::Average,
            "Maximum" => Self::Maximum,
            "Minimum" => Self::Minimum,
            "SampleCount" => Self::SampleCount,
            "Sum" => Self::Sum,
            other => Self::Other(other.into()),
        }
    }
}
