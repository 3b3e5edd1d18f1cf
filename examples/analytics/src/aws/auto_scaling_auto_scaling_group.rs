//! `AWS::AutoScaling::AutoScalingGroup`, from CloudFormation's schema. Written by `tenon add AWS::AutoScaling::AutoScalingGroup`; `tenon add AWS::AutoScaling::AutoScalingGroup --update` writes it anew.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "written by a tool; a stack uses its own part"
)]

use tenon::resources::{
    cfn, ec2, elb,
    value::{self, IntoInput},
};

/// The `AWS::AutoScaling::AutoScalingGroup` resource defines an Amazon EC2 Auto Scaling group,
/// which is a collection of Amazon EC2 instances that are treated as a logical grouping for
/// the purposes of automatic scaling and management.
#[derive(Clone, Debug, PartialEq)]
pub struct AutoScalingGroup(cfn::Properties);

impl AutoScalingGroup {
    /// With what AWS requires.
    pub fn new(max_size: impl IntoInput<String>, min_size: impl IntoInput<String>) -> Self {
        Self(
            cfn::Properties::new()
                .set("MaxSize", max_size.into_input())
                .set("MinSize", min_size.into_input()),
        )
    }

    /// The name of the Auto Scaling group. This name must be unique per Region per account.
    #[must_use]
    pub fn auto_scaling_group_name(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("AutoScalingGroupName", value.into_input()))
    }

    /// The EC2 instance capacity distribution across Availability Zones for the Auto Scaling
    /// group.
    #[must_use]
    pub fn availability_zone_distribution(self, value: AvailabilityZoneDistribution) -> Self {
        Self(self.0.set("AvailabilityZoneDistribution", value.0))
    }

    /// The Availability Zone IDs where the Auto Scaling group can launch instances.
    #[must_use]
    pub fn availability_zone_ids(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(self.0.list(
            "AvailabilityZoneIds",
            values.into_iter().map(IntoInput::into_input),
        ))
    }

    /// The Availability Zone impairment policy for the Auto Scaling group.
    #[must_use]
    pub fn availability_zone_impairment_policy(self, value: AvailabilityZoneImpairmentPolicy) -> Self {
        Self(self.0.set("AvailabilityZoneImpairmentPolicy", value.0))
    }

    /// A list of Availability Zones where instances in the Auto Scaling group can be created.
    #[must_use]
    pub fn availability_zones(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(
            self.0
                .list("AvailabilityZones", values.into_iter().map(IntoInput::into_input)),
        )
    }

    /// Indicates whether Capacity Rebalancing is enabled. Otherwise, Capacity Rebalancing is
    /// disabled.
    #[must_use]
    pub fn capacity_rebalance(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("CapacityRebalance", value.into_input()))
    }

    /// The capacity reservation specification for the Auto Scaling group.
    #[must_use]
    pub fn capacity_reservation_specification(self, value: CapacityReservationSpecification) -> Self {
        Self(self.0.set("CapacityReservationSpecification", value.0))
    }

    /// Reserved.
    #[must_use]
    pub fn context(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Context", value.into_input()))
    }

    /// *Only needed if you use simple scaling policies.* The amount of time, in seconds, between
    /// one scaling activity ending and another one starting due to simple scaling policies.
    #[must_use]
    pub fn cooldown(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Cooldown", value.into_input()))
    }

    /// The amount of time, in seconds, until a new instance is considered to have finished
    /// initializing and resource consumption to become stable after it enters the `InService`
    /// state.
    #[must_use]
    pub fn default_instance_warmup(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("DefaultInstanceWarmup", value.into_input()))
    }

    /// The deletion protection setting for the Auto Scaling group.
    #[must_use]
    pub fn deletion_protection(self, value: impl Into<DeletionProtection>) -> Self {
        Self(self.0.set("DeletionProtection", value.into().word()))
    }

    /// The desired capacity is the initial capacity of the Auto Scaling group at the time of its
    /// creation and the capacity it attempts to maintain. It can scale beyond this capacity if you
    /// configure automatic scaling.
    #[must_use]
    pub fn desired_capacity(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("DesiredCapacity", value.into_input()))
    }

    /// The unit of measurement for the value specified for desired capacity. Amazon EC2 Auto
    /// Scaling supports `DesiredCapacityType` for attribute-based instance type selection only.
    #[must_use]
    pub fn desired_capacity_type(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("DesiredCapacityType", value.into_input()))
    }

    /// The amount of time, in seconds, that Amazon EC2 Auto Scaling waits before checking the
    /// health status of an EC2 instance that has come into service and marking it unhealthy due to
    /// a failed health check.
    #[must_use]
    pub fn health_check_grace_period(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("HealthCheckGracePeriod", value.into_input()))
    }

    /// A comma-separated value string of one or more health check types. The valid values are
    /// `EC2`, `EBS`, `ELB`, and `VPC_LATTICE`.
    #[must_use]
    pub fn health_check_type(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("HealthCheckType", value.into_input()))
    }

    /// The ID of the instance used to base the launch configuration on. For more information, see
    /// Create an Auto Scaling group using an EC2 instance in the *Amazon EC2 Auto Scaling User
    /// Guide*.
    #[must_use]
    pub fn instance_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("InstanceId", value.into_input()))
    }

    /// The instance lifecycle policy for the Auto Scaling group.
    #[must_use]
    pub fn instance_lifecycle_policy(self, value: InstanceLifecyclePolicy) -> Self {
        Self(self.0.set("InstanceLifecyclePolicy", value.0))
    }

    /// An instance maintenance policy. For more information, see Set instance maintenance policy
    /// in the *Amazon EC2 Auto Scaling User Guide*.
    #[must_use]
    pub fn instance_maintenance_policy(self, value: InstanceMaintenancePolicy) -> Self {
        Self(self.0.set("InstanceMaintenancePolicy", value.0))
    }

    /// The name of the launch configuration to use to launch instances. Required only if you don't
    /// specify `LaunchTemplate`, `MixedInstancesPolicy`, or `InstanceId`.
    #[must_use]
    pub fn launch_configuration_name(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("LaunchConfigurationName", value.into_input()))
    }

    /// Information used to specify the launch template and version to use to launch instances. You
    /// can alternatively associate a launch template to the Auto Scaling group by specifying a
    /// `MixedInstancesPolicy`.
    #[must_use]
    pub fn launch_template(self, value: LaunchTemplateSpecification) -> Self {
        Self(self.0.set("LaunchTemplate", value.0))
    }

    /// One or more lifecycle hooks to add to the Auto Scaling group before instances are launched.
    #[must_use]
    pub fn lifecycle_hook_specification_list(
        self,
        values: impl IntoIterator<Item = LifecycleHookSpecification>,
    ) -> Self {
        Self(
            self.0
                .list("LifecycleHookSpecificationList", values.into_iter().map(|v| v.0)),
        )
    }

    /// A list of Classic Load Balancers associated with this Auto Scaling group. For Application
    /// Load Balancers, Network Load Balancers, and Gateway Load Balancers, specify the
    /// `TargetGroupARNs` property instead.
    #[must_use]
    pub fn load_balancer_names(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(
            self.0
                .list("LoadBalancerNames", values.into_iter().map(IntoInput::into_input)),
        )
    }

    /// The maximum amount of time, in seconds, that an instance can be in service. The default is
    /// null.
    #[must_use]
    pub fn max_instance_lifetime(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("MaxInstanceLifetime", value.into_input()))
    }

    /// Enables the monitoring of group metrics of an Auto Scaling group. By default, these metrics
    /// are disabled.
    #[must_use]
    pub fn metrics_collection(self, values: impl IntoIterator<Item = MetricsCollection>) -> Self {
        Self(self.0.list("MetricsCollection", values.into_iter().map(|v| v.0)))
    }

    /// An embedded object that specifies a mixed instances policy.
    #[must_use]
    pub fn mixed_instances_policy(self, value: MixedInstancesPolicy) -> Self {
        Self(self.0.set("MixedInstancesPolicy", value.0))
    }

    /// Indicates whether newly launched instances are protected from termination by Amazon EC2
    /// Auto Scaling when scaling in.
    #[must_use]
    pub fn new_instances_protected_from_scale_in(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("NewInstancesProtectedFromScaleIn", value.into_input()))
    }

    /// A structure that specifies an Amazon SNS notification configuration for the
    /// `NotificationConfigurations` property of the AWS::AutoScaling::AutoScalingGroup resource.
    #[must_use]
    pub fn notification_configuration(self, value: NotificationConfiguration) -> Self {
        Self(self.0.set("NotificationConfiguration", value.0))
    }

    /// Configures an Auto Scaling group to send notifications when specified events take place.
    #[must_use]
    pub fn notification_configurations(
        self,
        values: impl IntoIterator<Item = NotificationConfiguration>,
    ) -> Self {
        Self(
            self.0
                .list("NotificationConfigurations", values.into_iter().map(|v| v.0)),
        )
    }

    /// The name of the placement group into which to launch your instances. For more information,
    /// see Placement groups in the *Amazon EC2 User Guide*.
    #[must_use]
    pub fn placement_group(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("PlacementGroup", value.into_input()))
    }

    /// The Amazon Resource Name (ARN) of the service-linked role that the Auto Scaling group uses
    /// to call other AWS service on your behalf.
    #[must_use]
    pub fn service_linked_role_arn(self, value: impl IntoInput<value::Arn>) -> Self {
        Self(self.0.set("ServiceLinkedRoleARN", value.into_input()))
    }

    /// `SkipZonalShiftValidation`, which the schema does not describe.
    #[must_use]
    pub fn skip_zonal_shift_validation(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("SkipZonalShiftValidation", value.into_input()))
    }

    /// One or more tags. You can tag your Auto Scaling group and propagate the tags to the Amazon
    /// EC2 instances it launches.
    #[must_use]
    pub fn tags(self, value: impl Into<value::Tags>) -> Self {
        Self(self.0.set("Tags", value.into()))
    }

    /// The Amazon Resource Names (ARN) of the Elastic Load Balancing target groups to associate
    /// with the Auto Scaling group. Instances are registered as targets with the target groups.
    #[must_use]
    pub fn target_group_arns(
        self,
        values: impl IntoIterator<Item = impl IntoInput<elb::TargetGroupArn>>,
    ) -> Self {
        Self(
            self.0
                .list("TargetGroupARNs", values.into_iter().map(IntoInput::into_input)),
        )
    }

    /// A policy or a list of policies that are used to select the instance to terminate. These
    /// policies are executed in the order that you list them.
    #[must_use]
    pub fn termination_policies(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(self.0.list(
            "TerminationPolicies",
            values.into_iter().map(IntoInput::into_input),
        ))
    }

    /// The traffic sources associated with this Auto Scaling group.
    #[must_use]
    pub fn traffic_sources(self, values: impl IntoIterator<Item = TrafficSourceIdentifier>) -> Self {
        Self(self.0.list("TrafficSources", values.into_iter().map(|v| v.0)))
    }

    /// A list of subnet IDs for a virtual private cloud (VPC) where instances in the Auto Scaling
    /// group can be created.
    #[must_use]
    pub fn vpc_zone_identifier(
        self,
        values: impl IntoIterator<Item = impl IntoInput<ec2::SubnetId>>,
    ) -> Self {
        Self(
            self.0
                .list("VPCZoneIdentifier", values.into_iter().map(IntoInput::into_input)),
        )
    }
}

/// Outputs of `AWS::AutoScaling::AutoScalingGroup`.
#[derive(Clone, Debug)]
pub struct AutoScalingGroupOutputs {
    /// The primary identifier: AutoScalingGroupName.
    pub id: value::Output<String>,
    /// `AutoScalingGroupARN`, which the schema does not describe.
    pub auto_scaling_group_arn: value::Output<String>,
}

impl cfn::Declare for AutoScalingGroup {
    type Refs = AutoScalingGroupOutputs;

    fn declare(self) -> Result<(&'static dyn cfn::ResourceType, cfn::Value), String> {
        cfn::Resource::new("AWS::AutoScaling::AutoScalingGroup", self.0.into()).declare()
    }

    fn refs(address: &str) -> Self::Refs {
        let handle = cfn::Handle::at(address);
        AutoScalingGroupOutputs {
            auto_scaling_group_arn: handle.get_as("AutoScalingGroupARN"),
            id: handle.id,
        }
    }
}

/// `AvailabilityZoneDistribution` is a property of the AWS::AutoScaling::AutoScalingGroup
/// resource.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AvailabilityZoneDistribution(cfn::Properties);

impl AvailabilityZoneDistribution {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// If launches fail in an Availability Zone, the following strategies are available. The
    /// default is `balanced-best-effort`.
    #[must_use]
    pub fn capacity_distribution_strategy(self, value: impl Into<CapacityDistributionStrategy>) -> Self {
        Self(self.0.set("CapacityDistributionStrategy", value.into().word()))
    }
}

impl From<AvailabilityZoneDistribution> for cfn::Value {
    fn from(it: AvailabilityZoneDistribution) -> Self {
        it.0.into()
    }
}

/// Describes an Availability Zone impairment policy.
#[derive(Clone, Debug, PartialEq)]
pub struct AvailabilityZoneImpairmentPolicy(cfn::Properties);

impl AvailabilityZoneImpairmentPolicy {
    /// With what AWS requires.
    pub fn new(
        impaired_zone_health_check_behavior: impl Into<ImpairedZoneHealthCheckBehavior>,
        zonal_shift_enabled: impl IntoInput<bool>,
    ) -> Self {
        Self(
            cfn::Properties::new()
                .set(
                    "ImpairedZoneHealthCheckBehavior",
                    impaired_zone_health_check_behavior.into().word(),
                )
                .set("ZonalShiftEnabled", zonal_shift_enabled.into_input()),
        )
    }
}

impl From<AvailabilityZoneImpairmentPolicy> for cfn::Value {
    fn from(it: AvailabilityZoneImpairmentPolicy) -> Self {
        it.0.into()
    }
}

/// The target for the Capacity Reservation. Specify Capacity Reservations IDs or Capacity
/// Reservation resource group ARNs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CapacityReservationTarget(cfn::Properties);

impl CapacityReservationTarget {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The Capacity Reservation IDs to launch instances into.
    #[must_use]
    pub fn capacity_reservation_ids(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(self.0.list(
            "CapacityReservationIds",
            values.into_iter().map(IntoInput::into_input),
        ))
    }

    /// The resource group ARNs of the Capacity Reservation to launch instances into.
    #[must_use]
    pub fn capacity_reservation_resource_group_arns(
        self,
        values: impl IntoIterator<Item = impl IntoInput<String>>,
    ) -> Self {
        Self(self.0.list(
            "CapacityReservationResourceGroupArns",
            values.into_iter().map(IntoInput::into_input),
        ))
    }
}

impl From<CapacityReservationTarget> for cfn::Value {
    fn from(it: CapacityReservationTarget) -> Self {
        it.0.into()
    }
}

/// Describes the Capacity Reservation preference and targeting options. If you specify `open`
/// or `none` for `CapacityReservationPreference`, do not specify a
/// `CapacityReservationTarget`.
#[derive(Clone, Debug, PartialEq)]
pub struct CapacityReservationSpecification(cfn::Properties);

impl CapacityReservationSpecification {
    /// With what AWS requires.
    pub fn new(capacity_reservation_preference: impl Into<CapacityReservationPreference>) -> Self {
        Self(cfn::Properties::new().set(
            "CapacityReservationPreference",
            capacity_reservation_preference.into().word(),
        ))
    }

    /// Describes a target Capacity Reservation or Capacity Reservation resource group.
    #[must_use]
    pub fn capacity_reservation_target(self, value: CapacityReservationTarget) -> Self {
        Self(self.0.set("CapacityReservationTarget", value.0))
    }
}

impl From<CapacityReservationSpecification> for cfn::Value {
    fn from(it: CapacityReservationSpecification) -> Self {
        it.0.into()
    }
}

/// Defines the specific triggers that cause instances to be retained in a Retained state
/// rather than terminated. Each trigger corresponds to a different failure scenario during the
/// instance lifecycle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RetentionTriggers(cfn::Properties);

impl RetentionTriggers {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Specifies the action when a termination lifecycle hook is abandoned due to failure,
    /// timeout, or explicit abandonment (calling CompleteLifecycleAction). Set to `retain` to move
    /// instances to a retained state.
    #[must_use]
    pub fn terminate_hook_abandon(self, value: impl Into<TerminateHookAbandon>) -> Self {
        Self(self.0.set("TerminateHookAbandon", value.into().word()))
    }
}

impl From<RetentionTriggers> for cfn::Value {
    fn from(it: RetentionTriggers) -> Self {
        it.0.into()
    }
}

/// The instance lifecycle policy for the Auto Scaling group. This policy controls instance
/// behavior when an instance transitions through its lifecycle states.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InstanceLifecyclePolicy(cfn::Properties);

impl InstanceLifecyclePolicy {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Specifies the conditions that trigger instance retention behavior. These triggers determine
    /// when instances should move to a `Retained` state instead of automatic termination.
    #[must_use]
    pub fn retention_triggers(self, value: RetentionTriggers) -> Self {
        Self(self.0.set("RetentionTriggers", value.0))
    }
}

impl From<InstanceLifecyclePolicy> for cfn::Value {
    fn from(it: InstanceLifecyclePolicy) -> Self {
        it.0.into()
    }
}

/// `InstanceMaintenancePolicy` is a property of the AWS::AutoScaling::AutoScalingGroup
/// resource. For more information, see Instance maintenance policies in the *Amazon EC2 Auto
/// Scaling User Guide*.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InstanceMaintenancePolicy(cfn::Properties);

impl InstanceMaintenancePolicy {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Specifies the upper threshold as a percentage of the desired capacity of the Auto Scaling
    /// group.
    #[must_use]
    pub fn max_healthy_percentage(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("MaxHealthyPercentage", value.into_input()))
    }

    /// Specifies the lower threshold as a percentage of the desired capacity of the Auto Scaling
    /// group.
    #[must_use]
    pub fn min_healthy_percentage(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("MinHealthyPercentage", value.into_input()))
    }
}

impl From<InstanceMaintenancePolicy> for cfn::Value {
    fn from(it: InstanceMaintenancePolicy) -> Self {
        it.0.into()
    }
}

/// Specifies a launch template to use when provisioning EC2 instances for an Auto Scaling
/// group. You must specify the following: The ID or the name of the launch template, but not
/// both.
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchTemplateSpecification(cfn::Properties);

impl LaunchTemplateSpecification {
    /// With what AWS requires.
    pub fn new(version: impl IntoInput<String>) -> Self {
        Self(cfn::Properties::new().set("Version", version.into_input()))
    }

    /// The ID of the launch template. You must specify the `LaunchTemplateID` or the
    /// `LaunchTemplateName`, but not both.
    #[must_use]
    pub fn launch_template_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("LaunchTemplateId", value.into_input()))
    }

    /// The name of the launch template. You must specify the `LaunchTemplateName` or the
    /// `LaunchTemplateID`, but not both.
    #[must_use]
    pub fn launch_template_name(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("LaunchTemplateName", value.into_input()))
    }
}

impl From<LaunchTemplateSpecification> for cfn::Value {
    fn from(it: LaunchTemplateSpecification) -> Self {
        it.0.into()
    }
}

/// `LifecycleHookSpecification` specifies a lifecycle hook for the
/// `LifecycleHookSpecificationList` property of the AWS::AutoScaling::AutoScalingGroup
/// resource.
#[derive(Clone, Debug, PartialEq)]
pub struct LifecycleHookSpecification(cfn::Properties);

impl LifecycleHookSpecification {
    /// With what AWS requires.
    pub fn new(
        lifecycle_hook_name: impl IntoInput<String>,
        lifecycle_transition: impl IntoInput<String>,
    ) -> Self {
        Self(
            cfn::Properties::new()
                .set("LifecycleHookName", lifecycle_hook_name.into_input())
                .set("LifecycleTransition", lifecycle_transition.into_input()),
        )
    }

    /// The action the Auto Scaling group takes when the lifecycle hook timeout elapses or if an
    /// unexpected failure occurs. The default value is `ABANDON`.
    #[must_use]
    pub fn default_result(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("DefaultResult", value.into_input()))
    }

    /// The maximum time, in seconds, that can elapse before the lifecycle hook times out. The
    /// range is from `30` to `7200` seconds.
    #[must_use]
    pub fn heartbeat_timeout(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("HeartbeatTimeout", value.into_input()))
    }

    /// Additional information that you want to include any time Amazon EC2 Auto Scaling sends a
    /// message to the notification target.
    #[must_use]
    pub fn notification_metadata(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("NotificationMetadata", value.into_input()))
    }

    /// The Amazon Resource Name (ARN) of the notification target that Amazon EC2 Auto Scaling
    /// sends notifications to when an instance is in a wait state for the lifecycle hook. You can
    /// specify an Amazon SNS topic or an Amazon SQS queue.
    #[must_use]
    pub fn notification_target_arn(self, value: impl IntoInput<value::Arn>) -> Self {
        Self(self.0.set("NotificationTargetARN", value.into_input()))
    }

    /// The ARN of the IAM role that allows the Auto Scaling group to publish to the specified
    /// notification target.
    #[must_use]
    pub fn role_arn(self, value: impl IntoInput<value::Arn>) -> Self {
        Self(self.0.set("RoleARN", value.into_input()))
    }
}

impl From<LifecycleHookSpecification> for cfn::Value {
    fn from(it: LifecycleHookSpecification) -> Self {
        it.0.into()
    }
}

/// `MetricsCollection` is a property of the AWS::AutoScaling::AutoScalingGroup resource that
/// describes the group metrics that an Amazon EC2 Auto Scaling group sends to Amazon
/// CloudWatch.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricsCollection(cfn::Properties);

impl MetricsCollection {
    /// With what AWS requires.
    pub fn new(granularity: impl IntoInput<String>) -> Self {
        Self(cfn::Properties::new().set("Granularity", granularity.into_input()))
    }

    /// Identifies the metrics to enable.
    #[must_use]
    pub fn metrics(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(
            self.0
                .list("Metrics", values.into_iter().map(IntoInput::into_input)),
        )
    }
}

impl From<MetricsCollection> for cfn::Value {
    fn from(it: MetricsCollection) -> Self {
        it.0.into()
    }
}

/// Use this structure to specify the capacity types that Amazon EC2 Auto Scaling prioritizes
/// when it launches instances.
#[derive(Clone, Debug, PartialEq)]
pub struct DistributionSegment(cfn::Properties);

impl DistributionSegment {
    /// With what AWS requires.
    pub fn new(target_capacity_types: impl IntoIterator<Item = impl Into<TargetCapacityTypes>>) -> Self {
        Self(cfn::Properties::new().list(
            "TargetCapacityTypes",
            target_capacity_types.into_iter().map(|v| v.into().word()),
        ))
    }
}

impl From<DistributionSegment> for cfn::Value {
    fn from(it: DistributionSegment) -> Self {
        it.0.into()
    }
}

/// Use this structure to specify the distribution of On-Demand Instances and Spot Instances
/// and the allocation strategies used to fulfill On-Demand and Spot capacities for a mixed
/// instances policy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InstancesDistribution(cfn::Properties);

impl InstancesDistribution {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The Distribution Segments configuration. Each segment contains an ordered list of capacity
    /// types to prioritize.
    #[must_use]
    pub fn distribution_segments(self, values: impl IntoIterator<Item = DistributionSegment>) -> Self {
        Self(
            self.0
                .list("DistributionSegments", values.into_iter().map(|v| v.0)),
        )
    }

    /// The allocation strategy to apply to your On-Demand Instances when they are launched.
    /// Possible instance types are determined by the launch template overrides that you specify.
    #[must_use]
    pub fn on_demand_allocation_strategy(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("OnDemandAllocationStrategy", value.into_input()))
    }

    /// The minimum amount of the Auto Scaling group's capacity that must be fulfilled by On-Demand
    /// Instances. This base portion is launched first as your group scales.
    #[must_use]
    pub fn on_demand_base_capacity(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("OnDemandBaseCapacity", value.into_input()))
    }

    /// Controls the percentages of On-Demand Instances and Spot Instances for your additional
    /// capacity beyond `OnDemandBaseCapacity`. Expressed as a number (for example, 20 specifies
    /// 20% On-Demand Instances, 80% Spot Instances).
    #[must_use]
    pub fn on_demand_percentage_above_base_capacity(self, value: impl IntoInput<i64>) -> Self {
        Self(
            self.0
                .set("OnDemandPercentageAboveBaseCapacity", value.into_input()),
        )
    }

    /// The allocation strategy to apply to your Spot Instances when they are launched. Possible
    /// instance types are determined by the launch template overrides that you specify.
    #[must_use]
    pub fn spot_allocation_strategy(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("SpotAllocationStrategy", value.into_input()))
    }

    /// The number of Spot Instance pools across which to allocate your Spot Instances. The Spot
    /// pools are determined from the different instance types in the overrides.
    #[must_use]
    pub fn spot_instance_pools(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("SpotInstancePools", value.into_input()))
    }

    /// The maximum price per unit hour that you are willing to pay for a Spot Instance. If your
    /// maximum price is lower than the Spot price for the instance types that you selected, your
    /// Spot Instances are not launched.
    #[must_use]
    pub fn spot_max_price(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("SpotMaxPrice", value.into_input()))
    }
}

impl From<InstancesDistribution> for cfn::Value {
    fn from(it: InstancesDistribution) -> Self {
        it.0.into()
    }
}

/// `AcceleratorCountRequest` is a property of the `InstanceRequirements` property of the
/// AWS::AutoScaling::AutoScalingGroup LaunchTemplateOverrides property type that describes the
/// minimum and maximum number of accelerators for an instance typ
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AcceleratorCountRequest(cfn::Properties);

impl AcceleratorCountRequest {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The maximum value.
    #[must_use]
    pub fn max(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Max", value.into_input()))
    }

    /// The minimum value.
    #[must_use]
    pub fn min(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Min", value.into_input()))
    }
}

impl From<AcceleratorCountRequest> for cfn::Value {
    fn from(it: AcceleratorCountRequest) -> Self {
        it.0.into()
    }
}

/// `AcceleratorTotalMemoryMiBRequest` is a property of the `InstanceRequirements` property of
/// the AWS::AutoScaling::AutoScalingGroup LaunchTemplateOverrides property type that describes
/// the minimum and maximum total memory size for the acceler
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AcceleratorTotalMemoryMiBRequest(cfn::Properties);

impl AcceleratorTotalMemoryMiBRequest {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The memory maximum in MiB.
    #[must_use]
    pub fn max(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Max", value.into_input()))
    }

    /// The memory minimum in MiB.
    #[must_use]
    pub fn min(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Min", value.into_input()))
    }
}

impl From<AcceleratorTotalMemoryMiBRequest> for cfn::Value {
    fn from(it: AcceleratorTotalMemoryMiBRequest) -> Self {
        it.0.into()
    }
}

/// `BaselineEbsBandwidthMbpsRequest` is a property of the `InstanceRequirements` property of
/// the AWS::AutoScaling::AutoScalingGroup LaunchTemplateOverrides property type that describes
/// the minimum and maximum baseline bandwidth performance for
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BaselineEbsBandwidthMbpsRequest(cfn::Properties);

impl BaselineEbsBandwidthMbpsRequest {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The maximum value in Mbps.
    #[must_use]
    pub fn max(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Max", value.into_input()))
    }

    /// The minimum value in Mbps.
    #[must_use]
    pub fn min(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Min", value.into_input()))
    }
}

impl From<BaselineEbsBandwidthMbpsRequest> for cfn::Value {
    fn from(it: BaselineEbsBandwidthMbpsRequest) -> Self {
        it.0.into()
    }
}

/// Specify an instance family to use as the baseline reference for CPU performance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PerformanceFactorReferenceRequest(cfn::Properties);

impl PerformanceFactorReferenceRequest {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The instance family to use as a baseline reference. Make sure that you specify the correct
    /// value for the instance family.
    #[must_use]
    pub fn instance_family(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("InstanceFamily", value.into_input()))
    }
}

impl From<PerformanceFactorReferenceRequest> for cfn::Value {
    fn from(it: PerformanceFactorReferenceRequest) -> Self {
        it.0.into()
    }
}

/// The CPU performance to consider, using an instance family as the baseline reference.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CpuPerformanceFactorRequest(cfn::Properties);

impl CpuPerformanceFactorRequest {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Specify an instance family to use as the baseline reference for CPU performance.
    #[must_use]
    pub fn references(self, values: impl IntoIterator<Item = PerformanceFactorReferenceRequest>) -> Self {
        Self(self.0.list("References", values.into_iter().map(|v| v.0)))
    }
}

impl From<CpuPerformanceFactorRequest> for cfn::Value {
    fn from(it: CpuPerformanceFactorRequest) -> Self {
        it.0.into()
    }
}

/// The baseline performance to consider, using an instance family as a baseline reference. The
/// instance family establishes the lowest acceptable level of performance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BaselinePerformanceFactorsRequest(cfn::Properties);

impl BaselinePerformanceFactorsRequest {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The CPU performance to consider, using an instance family as the baseline reference.
    #[must_use]
    pub fn cpu(self, value: CpuPerformanceFactorRequest) -> Self {
        Self(self.0.set("Cpu", value.0))
    }
}

impl From<BaselinePerformanceFactorsRequest> for cfn::Value {
    fn from(it: BaselinePerformanceFactorsRequest) -> Self {
        it.0.into()
    }
}

/// `MemoryGiBPerVCpuRequest` is a property of the `InstanceRequirements` property of the
/// AWS::AutoScaling::AutoScalingGroup LaunchTemplateOverrides property type that describes the
/// minimum and maximum amount of memory per vCPU for an instance
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemoryGiBPerVCpuRequest(cfn::Properties);

impl MemoryGiBPerVCpuRequest {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The memory maximum in GiB.
    #[must_use]
    pub fn max(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("Max", value.into_input()))
    }

    /// The memory minimum in GiB.
    #[must_use]
    pub fn min(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("Min", value.into_input()))
    }
}

impl From<MemoryGiBPerVCpuRequest> for cfn::Value {
    fn from(it: MemoryGiBPerVCpuRequest) -> Self {
        it.0.into()
    }
}

/// `MemoryMiBRequest` is a property of the `InstanceRequirements` property of the
/// AWS::AutoScaling::AutoScalingGroup LaunchTemplateOverrides property type that describes the
/// minimum and maximum instance memory size for an instance type, in MiB
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemoryMiBRequest(cfn::Properties);

impl MemoryMiBRequest {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The memory maximum in MiB.
    #[must_use]
    pub fn max(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Max", value.into_input()))
    }

    /// The memory minimum in MiB.
    #[must_use]
    pub fn min(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Min", value.into_input()))
    }
}

impl From<MemoryMiBRequest> for cfn::Value {
    fn from(it: MemoryMiBRequest) -> Self {
        it.0.into()
    }
}

/// `NetworkBandwidthGbpsRequest` is a property of the `InstanceRequirements` property of the
/// AWS::AutoScaling::AutoScalingGroup LaunchTemplateOverrides property type that describes the
/// minimum and maximum network bandwidth for an instance type
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkBandwidthGbpsRequest(cfn::Properties);

impl NetworkBandwidthGbpsRequest {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The maximum amount of network bandwidth, in gigabits per second (Gbps).
    #[must_use]
    pub fn max(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("Max", value.into_input()))
    }

    /// The minimum amount of network bandwidth, in gigabits per second (Gbps).
    #[must_use]
    pub fn min(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("Min", value.into_input()))
    }
}

impl From<NetworkBandwidthGbpsRequest> for cfn::Value {
    fn from(it: NetworkBandwidthGbpsRequest) -> Self {
        it.0.into()
    }
}

/// `NetworkInterfaceCountRequest` is a property of the `InstanceRequirements` property of the
/// AWS::AutoScaling::AutoScalingGroup LaunchTemplateOverrides property type that describes the
/// minimum and maximum number of network interfaces for an i
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkInterfaceCountRequest(cfn::Properties);

impl NetworkInterfaceCountRequest {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The maximum number of network interfaces.
    #[must_use]
    pub fn max(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Max", value.into_input()))
    }

    /// The minimum number of network interfaces.
    #[must_use]
    pub fn min(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Min", value.into_input()))
    }
}

impl From<NetworkInterfaceCountRequest> for cfn::Value {
    fn from(it: NetworkInterfaceCountRequest) -> Self {
        it.0.into()
    }
}

/// `TotalLocalStorageGBRequest` is a property of the `InstanceRequirements` property of the
/// AWS::AutoScaling::AutoScalingGroup LaunchTemplateOverrides property type that describes the
/// minimum and maximum total local storage size for an instanc
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TotalLocalStorageGBRequest(cfn::Properties);

impl TotalLocalStorageGBRequest {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The storage maximum in GB.
    #[must_use]
    pub fn max(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("Max", value.into_input()))
    }

    /// The storage minimum in GB.
    #[must_use]
    pub fn min(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("Min", value.into_input()))
    }
}

impl From<TotalLocalStorageGBRequest> for cfn::Value {
    fn from(it: TotalLocalStorageGBRequest) -> Self {
        it.0.into()
    }
}

/// `VCpuCountRequest` is a property of the `InstanceRequirements` property of the
/// AWS::AutoScaling::AutoScalingGroup LaunchTemplateOverrides property type that describes the
/// minimum and maximum number of vCPUs for an instance type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VCpuCountRequest(cfn::Properties);

impl VCpuCountRequest {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The maximum number of vCPUs.
    #[must_use]
    pub fn max(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Max", value.into_input()))
    }

    /// The minimum number of vCPUs.
    #[must_use]
    pub fn min(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Min", value.into_input()))
    }
}

impl From<VCpuCountRequest> for cfn::Value {
    fn from(it: VCpuCountRequest) -> Self {
        it.0.into()
    }
}

/// The attributes for the instance types for a mixed instances policy. Amazon EC2 Auto Scaling
/// uses your specified requirements to identify instance types.
#[derive(Clone, Debug, PartialEq)]
pub struct InstanceRequirements(cfn::Properties);

impl InstanceRequirements {
    /// With what AWS requires.
    pub fn new(memory_mib: MemoryMiBRequest, vcpu_count: VCpuCountRequest) -> Self {
        Self(
            cfn::Properties::new()
                .set("MemoryMiB", memory_mib.0)
                .set("VCpuCount", vcpu_count.0),
        )
    }

    /// The minimum and maximum number of accelerators (GPUs, FPGAs, or AWS Inferentia chips) for
    /// an instance type. To exclude accelerator-enabled instance types, set `Max` to `0`.
    #[must_use]
    pub fn accelerator_count(self, value: AcceleratorCountRequest) -> Self {
        Self(self.0.set("AcceleratorCount", value.0))
    }

    /// Indicates whether instance types must have accelerators by specific manufacturers. For
    /// instance types with NVIDIA devices, specify `nvidia`.
    #[must_use]
    pub fn accelerator_manufacturers(
        self,
        values: impl IntoIterator<Item = impl Into<AcceleratorManufacturers>>,
    ) -> Self {
        Self(self.0.list(
            "AcceleratorManufacturers",
            values.into_iter().map(|v| v.into().word()),
        ))
    }

    /// Lists the accelerators that must be on an instance type. For instance types with NVIDIA
    /// A100 GPUs, specify `a100`.
    #[must_use]
    pub fn accelerator_names(self, values: impl IntoIterator<Item = impl Into<AcceleratorNames>>) -> Self {
        Self(
            self.0
                .list("AcceleratorNames", values.into_iter().map(|v| v.into().word())),
        )
    }

    /// The minimum and maximum total memory size for the accelerators on an instance type, in MiB.
    /// Default: No minimum or maximum limits
    #[must_use]
    pub fn accelerator_total_memory_mib(self, value: AcceleratorTotalMemoryMiBRequest) -> Self {
        Self(self.0.set("AcceleratorTotalMemoryMiB", value.0))
    }

    /// Lists the accelerator types that must be on an instance type. For instance types with GPU
    /// accelerators, specify `gpu`.
    #[must_use]
    pub fn accelerator_types(self, values: impl IntoIterator<Item = impl Into<AcceleratorTypes>>) -> Self {
        Self(
            self.0
                .list("AcceleratorTypes", values.into_iter().map(|v| v.into().word())),
        )
    }

    /// The instance types to apply your specified attributes against. All other instance types are
    /// ignored, even if they match your specified attributes.
    #[must_use]
    pub fn allowed_instance_types(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(self.0.list(
            "AllowedInstanceTypes",
            values.into_iter().map(IntoInput::into_input),
        ))
    }

    /// Indicates whether bare metal instance types are included, excluded, or required. Default:
    /// `excluded`
    #[must_use]
    pub fn bare_metal(self, value: impl Into<BareMetal>) -> Self {
        Self(self.0.set("BareMetal", value.into().word()))
    }

    /// The minimum and maximum baseline bandwidth performance for an instance type, in Mbps. For
    /// more information, see Amazon EBS–optimized instances in the *Amazon EC2 User Guide*.
    #[must_use]
    pub fn baseline_ebs_bandwidth_mbps(self, value: BaselineEbsBandwidthMbpsRequest) -> Self {
        Self(self.0.set("BaselineEbsBandwidthMbps", value.0))
    }

    /// The baseline performance factors for the instance requirements.
    #[must_use]
    pub fn baseline_performance_factors(self, value: BaselinePerformanceFactorsRequest) -> Self {
        Self(self.0.set("BaselinePerformanceFactors", value.0))
    }

    /// Indicates whether burstable performance instance types are included, excluded, or required.
    /// For more information, see Burstable performance instances in the *Amazon EC2 User Guide*.
    #[must_use]
    pub fn burstable_performance(self, value: impl Into<BareMetal>) -> Self {
        Self(self.0.set("BurstablePerformance", value.into().word()))
    }

    /// Lists which specific CPU manufacturers to include. For instance types with Intel CPUs,
    /// specify `intel`.
    #[must_use]
    pub fn cpu_manufacturers(self, values: impl IntoIterator<Item = impl Into<CpuManufacturers>>) -> Self {
        Self(
            self.0
                .list("CpuManufacturers", values.into_iter().map(|v| v.into().word())),
        )
    }

    /// The instance types to exclude. You can use strings with one or more wild cards, represented
    /// by an asterisk (`*`), to exclude an instance family, type, size, or generation.
    #[must_use]
    pub fn excluded_instance_types(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(self.0.list(
            "ExcludedInstanceTypes",
            values.into_iter().map(IntoInput::into_input),
        ))
    }

    /// Indicates whether current or previous generation instance types are included. For current
    /// generation instance types, specify `current`.
    #[must_use]
    pub fn instance_generations(
        self,
        values: impl IntoIterator<Item = impl Into<InstanceGenerations>>,
    ) -> Self {
        Self(
            self.0
                .list("InstanceGenerations", values.into_iter().map(|v| v.into().word())),
        )
    }

    /// Indicates whether instance types with instance store volumes are included, excluded, or
    /// required. For more information, see Amazon EC2 instance store in the *Amazon EC2 User
    /// Guide*.
    #[must_use]
    pub fn local_storage(self, value: impl Into<BareMetal>) -> Self {
        Self(self.0.set("LocalStorage", value.into().word()))
    }

    /// Indicates the type of local storage that is required. For instance types with hard disk
    /// drive (HDD) storage, specify `hdd`.
    #[must_use]
    pub fn local_storage_types(self, values: impl IntoIterator<Item = impl Into<LocalStorageTypes>>) -> Self {
        Self(
            self.0
                .list("LocalStorageTypes", values.into_iter().map(|v| v.into().word())),
        )
    }

    /// \[Price protection\] The price protection threshold for Spot Instances, as a percentage of
    /// an identified On-Demand price.
    #[must_use]
    pub fn max_spot_price_as_percentage_of_optimal_on_demand_price(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set(
            "MaxSpotPriceAsPercentageOfOptimalOnDemandPrice",
            value.into_input(),
        ))
    }

    /// The minimum and maximum amount of memory per vCPU for an instance type, in GiB. Default: No
    /// minimum or maximum limits
    #[must_use]
    pub fn memory_gib_per_vcpu(self, value: MemoryGiBPerVCpuRequest) -> Self {
        Self(self.0.set("MemoryGiBPerVCpu", value.0))
    }

    /// The minimum and maximum amount of network bandwidth, in gigabits per second (Gbps).
    /// Default: No minimum or maximum limits
    #[must_use]
    pub fn network_bandwidth_gbps(self, value: NetworkBandwidthGbpsRequest) -> Self {
        Self(self.0.set("NetworkBandwidthGbps", value.0))
    }

    /// The minimum and maximum number of network interfaces for an instance type. Default: No
    /// minimum or maximum limits
    #[must_use]
    pub fn network_interface_count(self, value: NetworkInterfaceCountRequest) -> Self {
        Self(self.0.set("NetworkInterfaceCount", value.0))
    }

    /// \[Price protection\] The price protection threshold for On-Demand Instances, as a
    /// percentage higher than an identified On-Demand price.
    #[must_use]
    pub fn on_demand_max_price_percentage_over_lowest_price(self, value: impl IntoInput<i64>) -> Self {
        Self(
            self.0
                .set("OnDemandMaxPricePercentageOverLowestPrice", value.into_input()),
        )
    }

    /// Indicates whether instance types must provide On-Demand Instance hibernation support.
    /// Default: `false`
    #[must_use]
    pub fn require_hibernate_support(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("RequireHibernateSupport", value.into_input()))
    }

    /// \[Price protection\] The price protection threshold for Spot Instances, as a percentage
    /// higher than an identified Spot price.
    #[must_use]
    pub fn spot_max_price_percentage_over_lowest_price(self, value: impl IntoInput<i64>) -> Self {
        Self(
            self.0
                .set("SpotMaxPricePercentageOverLowestPrice", value.into_input()),
        )
    }

    /// The minimum and maximum total local storage size for an instance type, in GB. Default: No
    /// minimum or maximum limits
    #[must_use]
    pub fn total_local_storage_gb(self, value: TotalLocalStorageGBRequest) -> Self {
        Self(self.0.set("TotalLocalStorageGB", value.0))
    }
}

impl From<InstanceRequirements> for cfn::Value {
    fn from(it: InstanceRequirements) -> Self {
        it.0.into()
    }
}

/// Use this structure to let Amazon EC2 Auto Scaling do the following when the Auto Scaling
/// group has a mixed instances policy: Override the instance type that is specified in the
/// launch template. Use multiple instance types.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaunchTemplateOverrides(cfn::Properties);

impl LaunchTemplateOverrides {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The ID of the Amazon Machine Image (AMI) to use for instances launched with this override.
    /// When using Instance Refresh with `ReplaceRootVolume` strategy, this specifies the AMI for
    /// root volume replacement operations.
    #[must_use]
    pub fn image_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("ImageId", value.into_input()))
    }

    /// The instance requirements. Amazon EC2 Auto Scaling uses your specified requirements to
    /// identify instance types.
    #[must_use]
    pub fn instance_requirements(self, value: InstanceRequirements) -> Self {
        Self(self.0.set("InstanceRequirements", value.0))
    }

    /// The instance type, such as `m3.xlarge`. You must specify an instance type that is supported
    /// in your requested Region and Availability Zones.
    #[must_use]
    pub fn instance_type(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("InstanceType", value.into_input()))
    }

    /// Provides a launch template for the specified instance type or set of instance requirements.
    /// For example, some instance types might require a launch template with a different AMI.
    #[must_use]
    pub fn launch_template_specification(self, value: LaunchTemplateSpecification) -> Self {
        Self(self.0.set("LaunchTemplateSpecification", value.0))
    }

    /// If you provide a list of instance types to use, you can specify the number of capacity
    /// units provided by each instance type in terms of virtual CPUs, memory, storage, throughput,
    /// or other relative performance characteristic.
    #[must_use]
    pub fn weighted_capacity(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("WeightedCapacity", value.into_input()))
    }
}

impl From<LaunchTemplateOverrides> for cfn::Value {
    fn from(it: LaunchTemplateOverrides) -> Self {
        it.0.into()
    }
}

/// Use this structure to specify the launch templates and instance types (overrides) for a
/// mixed instances policy. `LaunchTemplate` is a property of the
/// AWS::AutoScaling::AutoScalingGroup MixedInstancesPolicy property type.
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchTemplate(cfn::Properties);

impl LaunchTemplate {
    /// With what AWS requires.
    pub fn new(launch_template_specification: LaunchTemplateSpecification) -> Self {
        Self(cfn::Properties::new().set("LaunchTemplateSpecification", launch_template_specification.0))
    }

    /// Any properties that you specify override the same properties in the launch template.
    #[must_use]
    pub fn overrides(self, values: impl IntoIterator<Item = LaunchTemplateOverrides>) -> Self {
        Self(self.0.list("Overrides", values.into_iter().map(|v| v.0)))
    }
}

impl From<LaunchTemplate> for cfn::Value {
    fn from(it: LaunchTemplate) -> Self {
        it.0.into()
    }
}

/// Use this structure to launch multiple instance types and On-Demand Instances and Spot
/// Instances within a single Auto Scaling group.
#[derive(Clone, Debug, PartialEq)]
pub struct MixedInstancesPolicy(cfn::Properties);

impl MixedInstancesPolicy {
    /// With what AWS requires.
    pub fn new(launch_template: LaunchTemplate) -> Self {
        Self(cfn::Properties::new().set("LaunchTemplate", launch_template.0))
    }

    /// The instances distribution.
    #[must_use]
    pub fn instances_distribution(self, value: InstancesDistribution) -> Self {
        Self(self.0.set("InstancesDistribution", value.0))
    }
}

impl From<MixedInstancesPolicy> for cfn::Value {
    fn from(it: MixedInstancesPolicy) -> Self {
        it.0.into()
    }
}

/// A structure that specifies an Amazon SNS notification configuration for the
/// `NotificationConfigurations` property of the AWS::AutoScaling::AutoScalingGroup resource.
#[derive(Clone, Debug, PartialEq)]
pub struct NotificationConfiguration(cfn::Properties);

impl NotificationConfiguration {
    /// With what AWS requires.
    pub fn new(topic_arn: impl Into<cfn::Value>) -> Self {
        Self(cfn::Properties::new().set("TopicARN", topic_arn.into()))
    }

    /// A list of event types that send a notification. Event types can include any of the
    /// following types.
    #[must_use]
    pub fn notification_types(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(
            self.0
                .list("NotificationTypes", values.into_iter().map(IntoInput::into_input)),
        )
    }
}

impl From<NotificationConfiguration> for cfn::Value {
    fn from(it: NotificationConfiguration) -> Self {
        it.0.into()
    }
}

/// Identifying information for a traffic source.
#[derive(Clone, Debug, PartialEq)]
pub struct TrafficSourceIdentifier(cfn::Properties);

impl TrafficSourceIdentifier {
    /// With what AWS requires.
    pub fn new(identifier: impl IntoInput<String>, r#type: impl IntoInput<String>) -> Self {
        Self(
            cfn::Properties::new()
                .set("Identifier", identifier.into_input())
                .set("Type", r#type.into_input()),
        )
    }
}

impl From<TrafficSourceIdentifier> for cfn::Value {
    fn from(it: TrafficSourceIdentifier) -> Self {
        it.0.into()
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CapacityDistributionStrategy {
    /// `balanced-best-effort`
    BalancedBestEffort,
    /// `balanced-only`
    BalancedOnly,
    /// `reservations-then-balanced`
    ReservationsThenBalanced,
    /// Another word.
    Other(String),
}

impl CapacityDistributionStrategy {
    fn word(self) -> String {
        match self {
            Self::BalancedBestEffort => "balanced-best-effort".into(),
            Self::BalancedOnly => "balanced-only".into(),
            Self::ReservationsThenBalanced => "reservations-then-balanced".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for CapacityDistributionStrategy {
    fn from(word: &str) -> Self {
        match word {
            "balanced-best-effort" => Self::BalancedBestEffort,
            "balanced-only" => Self::BalancedOnly,
            "reservations-then-balanced" => Self::ReservationsThenBalanced,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImpairedZoneHealthCheckBehavior {
    /// `IgnoreUnhealthy`
    IgnoreUnhealthy,
    /// `ReplaceUnhealthy`
    ReplaceUnhealthy,
    /// Another word.
    Other(String),
}

impl ImpairedZoneHealthCheckBehavior {
    fn word(self) -> String {
        match self {
            Self::IgnoreUnhealthy => "IgnoreUnhealthy".into(),
            Self::ReplaceUnhealthy => "ReplaceUnhealthy".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for ImpairedZoneHealthCheckBehavior {
    fn from(word: &str) -> Self {
        match word {
            "IgnoreUnhealthy" => Self::IgnoreUnhealthy,
            "ReplaceUnhealthy" => Self::ReplaceUnhealthy,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CapacityReservationPreference {
    /// `capacity-reservations-first`
    CapacityReservationsFirst,
    /// `capacity-reservations-only`
    CapacityReservationsOnly,
    /// `default`
    Default,
    /// `none`
    None,
    /// Another word.
    Other(String),
}

impl CapacityReservationPreference {
    fn word(self) -> String {
        match self {
            Self::CapacityReservationsFirst => "capacity-reservations-first".into(),
            Self::CapacityReservationsOnly => "capacity-reservations-only".into(),
            Self::Default => "default".into(),
            Self::None => "none".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for CapacityReservationPreference {
    fn from(word: &str) -> Self {
        match word {
            "capacity-reservations-first" => Self::CapacityReservationsFirst,
            "capacity-reservations-only" => Self::CapacityReservationsOnly,
            "default" => Self::Default,
            "none" => Self::None,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeletionProtection {
    /// `none`
    None,
    /// `prevent-all-deletion`
    PreventAllDeletion,
    /// `prevent-force-deletion`
    PreventForceDeletion,
    /// Another word.
    Other(String),
}

impl DeletionProtection {
    fn word(self) -> String {
        match self {
            Self::None => "none".into(),
            Self::PreventAllDeletion => "prevent-all-deletion".into(),
            Self::PreventForceDeletion => "prevent-force-deletion".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for DeletionProtection {
    fn from(word: &str) -> Self {
        match word {
            "none" => Self::None,
            "prevent-all-deletion" => Self::PreventAllDeletion,
            "prevent-force-deletion" => Self::PreventForceDeletion,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TerminateHookAbandon {
    /// `retain`
    Retain,
    /// `terminate`
    Terminate,
    /// Another word.
    Other(String),
}

impl TerminateHookAbandon {
    fn word(self) -> String {
        match self {
            Self::Retain => "retain".into(),
            Self::Terminate => "terminate".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for TerminateHookAbandon {
    fn from(word: &str) -> Self {
        match word {
            "retain" => Self::Retain,
            "terminate" => Self::Terminate,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetCapacityTypes {
    /// `on-demand-capacity-reservation`
    OnDemandCapacityReservation,
    /// `capacity-block`
    CapacityBlock,
    /// `interruptible-capacity-reservation`
    InterruptibleCapacityReservation,
    /// `on-demand`
    OnDemand,
    /// Another word.
    Other(String),
}

impl TargetCapacityTypes {
    fn word(self) -> String {
        match self {
            Self::OnDemandCapacityReservation => "on-demand-capacity-reservation".into(),
            Self::CapacityBlock => "capacity-block".into(),
            Self::InterruptibleCapacityReservation => "interruptible-capacity-reservation".into(),
            Self::OnDemand => "on-demand".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for TargetCapacityTypes {
    fn from(word: &str) -> Self {
        match word {
            "on-demand-capacity-reservation" => Self::OnDemandCapacityReservation,
            "capacity-block" => Self::CapacityBlock,
            "interruptible-capacity-reservation" => Self::InterruptibleCapacityReservation,
            "on-demand" => Self::OnDemand,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AcceleratorManufacturers {
    /// `amazon-web-services`
    AmazonWebServices,
    /// `amd`
    Amd,
    /// `nvidia`
    Nvidia,
    /// `xilinx`
    Xilinx,
    /// Another word.
    Other(String),
}

impl AcceleratorManufacturers {
    fn word(self) -> String {
        match self {
            Self::AmazonWebServices => "amazon-web-services".into(),
            Self::Amd => "amd".into(),
            Self::Nvidia => "nvidia".into(),
            Self::Xilinx => "xilinx".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for AcceleratorManufacturers {
    fn from(word: &str) -> Self {
        match word {
            "amazon-web-services" => Self::AmazonWebServices,
            "amd" => Self::Amd,
            "nvidia" => Self::Nvidia,
            "xilinx" => Self::Xilinx,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AcceleratorNames {
    /// `a100`
    A100,
    /// `k80`
    K80,
    /// `m60`
    M60,
    /// `radeon-pro-v520`
    RadeonProV520,
    /// `t4`
    T4,
    /// `v100`
    V100,
    /// `vu9p`
    Vu9p,
    /// Another word.
    Other(String),
}

impl AcceleratorNames {
    fn word(self) -> String {
        match self {
            Self::A100 => "a100".into(),
            Self::K80 => "k80".into(),
            Self::M60 => "m60".into(),
            Self::RadeonProV520 => "radeon-pro-v520".into(),
            Self::T4 => "t4".into(),
            Self::V100 => "v100".into(),
            Self::Vu9p => "vu9p".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for AcceleratorNames {
    fn from(word: &str) -> Self {
        match word {
            "a100" => Self::A100,
            "k80" => Self::K80,
            "m60" => Self::M60,
            "radeon-pro-v520" => Self::RadeonProV520,
            "t4" => Self::T4,
            "v100" => Self::V100,
            "vu9p" => Self::Vu9p,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AcceleratorTypes {
    /// `fpga`
    Fpga,
    /// `gpu`
    Gpu,
    /// `inference`
    Inference,
    /// Another word.
    Other(String),
}

impl AcceleratorTypes {
    fn word(self) -> String {
        match self {
            Self::Fpga => "fpga".into(),
            Self::Gpu => "gpu".into(),
            Self::Inference => "inference".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for AcceleratorTypes {
    fn from(word: &str) -> Self {
        match word {
            "fpga" => Self::Fpga,
            "gpu" => Self::Gpu,
            "inference" => Self::Inference,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BareMetal {
    /// `excluded`
    Excluded,
    /// `included`
    Included,
    /// `required`
    Required,
    /// Another word.
    Other(String),
}

impl BareMetal {
    fn word(self) -> String {
        match self {
            Self::Excluded => "excluded".into(),
            Self::Included => "included".into(),
            Self::Required => "required".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for BareMetal {
    fn from(word: &str) -> Self {
        match word {
            "excluded" => Self::Excluded,
            "included" => Self::Included,
            "required" => Self::Required,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CpuManufacturers {
    /// `amazon-web-services`
    AmazonWebServices,
    /// `amd`
    Amd,
    /// `apple`
    Apple,
    /// `intel`
    Intel,
    /// Another word.
    Other(String),
}

impl CpuManufacturers {
    fn word(self) -> String {
        match self {
            Self::AmazonWebServices => "amazon-web-services".into(),
            Self::Amd => "amd".into(),
            Self::Apple => "apple".into(),
            Self::Intel => "intel".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for CpuManufacturers {
    fn from(word: &str) -> Self {
        match word {
            "amazon-web-services" => Self::AmazonWebServices,
            "amd" => Self::Amd,
            "apple" => Self::Apple,
            "intel" => Self::Intel,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InstanceGenerations {
    /// `current`
    Current,
    /// `previous`
    Previous,
    /// Another word.
    Other(String),
}

impl InstanceGenerations {
    fn word(self) -> String {
        match self {
            Self::Current => "current".into(),
            Self::Previous => "previous".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for InstanceGenerations {
    fn from(word: &str) -> Self {
        match word {
            "current" => Self::Current,
            "previous" => Self::Previous,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalStorageTypes {
    /// `hdd`
    Hdd,
    /// `ssd`
    Ssd,
    /// Another word.
    Other(String),
}

impl LocalStorageTypes {
    fn word(self) -> String {
        match self {
            Self::Hdd => "hdd".into(),
            Self::Ssd => "ssd".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for LocalStorageTypes {
    fn from(word: &str) -> Self {
        match word {
            "hdd" => Self::Hdd,
            "ssd" => Self::Ssd,
            other => Self::Other(other.into()),
        }
    }
}
