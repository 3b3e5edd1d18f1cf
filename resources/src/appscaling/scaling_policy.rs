//! A scaling policy: how many there are, by how busy they are.

use super::{Metric, RegisteredResource, ScalableDimension, ServiceNamespace, metric::Tracking};
use crate::prelude::*;

id!(
    /// Names a scaling policy: its resource, what of it changes, and its own name, with bars between.
    ScalingPolicyId
);

/// Keeps a metric at its target, by adding and taking away. It makes the alarms that it needs.
///
/// ```
/// use tenon_resources::appscaling::{Metric, ScalingPolicy};
/// ScalingPolicy::new("service/shop/web", Metric::EcsServiceAverageCpu, 60.0).scale_in_cooldown(120u32);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource(
    "appscaling.scaling_policy",
    cfn = "AWS::ApplicationAutoScaling::ScalingPolicy"
)]
pub struct ScalingPolicy {
    /// What scales: a scalable target's `registered`.
    #[immutable]
    #[cfn("ResourceId")]
    pub resource: Input<RegisteredResource>,
    /// How busy it is.
    #[cfn("TargetTrackingScalingPolicyConfiguration")]
    pub metric: Metric,
    /// What the metric is kept at.
    #[cfn("TargetTrackingScalingPolicyConfiguration")]
    pub target_value: f64,
    /// Its name, unique for its resource.
    #[immutable]
    #[named(max = 256, also = "-_")]
    pub policy_name: Option<Input<String>>,
    /// What of it changes.
    #[immutable]
    #[default(ScalableDimension::EcsServiceDesiredCount)]
    pub scalable_dimension: ScalableDimension,
    /// How long after taking away before it takes more, in seconds.
    #[default(300)]
    #[cfn("TargetTrackingScalingPolicyConfiguration")]
    pub scale_in_cooldown: u32,
    /// How long after adding before it adds more, in seconds.
    #[default(300)]
    #[cfn("TargetTrackingScalingPolicyConfiguration")]
    pub scale_out_cooldown: u32,
    /// Never take away.
    #[default(false)]
    #[cfn("TargetTrackingScalingPolicyConfiguration")]
    pub disable_scale_in: bool,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ScalingPolicyOutputs {
    /// Its resource, what of it changes, and its own name, with bars between.
    #[shape("{resource}|{scalable_dimension}|{policy_name}")]
    pub id: ScalingPolicyId,
    /// Its ARN, for an alarm's action.
    #[shape(
        "arn:aws:autoscaling:{region}:{account}:scalingPolicy:{hex8}-{hex8}:resource/{resource}:policyName/{policy_name}"
    )]
    pub arn: Arn,
}

impl Lifecycle for ScalingPolicy {
    const CALLS: &'static [CallInfo] = &[PutScalingPolicy::INFO, DeleteScalingPolicy::INFO];
    const READ: Read = Read {
        service: "appscaling",
        operation: "DescribeScalingPolicies",
        batch: 50,
        actions: &["application-autoscaling:DescribeScalingPolicies"],
    };

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
        // A target that was registered a moment ago may not be seen yet: Terraform retries for 2 min.
        Steps::create(self.put())
            .retry_on("ObjectNotFoundException", minutes(2))
            .retry_on("FailedResourceAccessException", minutes(2))
            .retry_on("ConcurrentUpdateException", minutes(2))
    }

    fn set(&self, _was: &Self, field: ScalingPolicyField) -> Steps {
        match field {
            // One call makes it, and makes it anew.
            ScalingPolicyField::Metric
            | ScalingPolicyField::TargetValue
            | ScalingPolicyField::ScaleInCooldown
            | ScalingPolicyField::ScaleOutCooldown
            | ScalingPolicyField::DisableScaleIn => {
                Steps::update(self.put()).retry_on("ConcurrentUpdateException", minutes(2))
            }
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteScalingPolicy {
            policy_name: self.policy_name.clone(),
            service_namespace: self.scalable_dimension.namespace(),
            resource_id: self.resource.clone(),
            scalable_dimension: self.scalable_dimension,
        })
        .ok_on("ObjectNotFoundException")
        .retry_on("ConcurrentUpdateException", minutes(2))
    }

    fn check(&self) -> Vec<String> {
        if !self.target_value.is_finite() || self.target_value <= 0.0 {
            return vec![format!(
                "`target_value` is {}, and a metric is kept above 0",
                self.target_value
            )];
        }
        vec![]
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("service/shop/a", Metric::EcsServiceAverageCpu, 60.0).policy_name("a"),
            Self::new(
                "table/b",
                Metric::Predefined("DynamoDBReadCapacityUtilization".into()),
                70.0,
            )
            .policy_name("b")
            .scalable_dimension(ScalableDimension::DynamodbTableReadCapacityUnits)
            .scale_in_cooldown(120u32)
            .scale_out_cooldown(30u32)
            .disable_scale_in(true),
        ]
    }
}

impl ScalingPolicy {
    fn put(&self) -> PutScalingPolicy {
        PutScalingPolicy {
            policy_name: self.policy_name.clone(),
            service_namespace: self.scalable_dimension.namespace(),
            resource_id: self.resource.clone(),
            scalable_dimension: self.scalable_dimension,
            policy_type: PolicyType::TargetTracking,
            target_tracking_scaling_policy_configuration: Tracking {
                metric: self.metric.clone(),
                target_value: self.target_value,
                scale_in_cooldown: self.scale_in_cooldown,
                scale_out_cooldown: self.scale_out_cooldown,
                disable_scale_in: self.disable_scale_in,
            },
        }
    }
}

choice!(
    /// How a policy decides.
    PolicyType of appscaling::PolicyType {
        /// It keeps a metric at its target.
        TargetTracking = "TargetTrackingScaling",
    }
);

#[derive(Call, Serialize, Deserialize)]
#[call(
    appscaling,
    folds,
    also("cloudwatch:PutMetricAlarm", "cloudwatch:DescribeAlarms")
)]
struct PutScalingPolicy {
    policy_name: Option<Input<String>>,
    service_namespace: ServiceNamespace,
    resource_id: Input<RegisteredResource>,
    scalable_dimension: ScalableDimension,
    policy_type: PolicyType,
    target_tracking_scaling_policy_configuration: Tracking,
}

#[derive(Call, Serialize, Deserialize)]
#[call(appscaling, also("cloudwatch:DeleteAlarms"))]
struct DeleteScalingPolicy {
    policy_name: Option<Input<String>>,
    service_namespace: ServiceNamespace,
    resource_id: Input<RegisteredResource>,
    scalable_dimension: ScalableDimension,
}

#[cfg(feature = "aws")]
impl Observe for ScalingPolicy {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut asked: BTreeMap<(ScalableDimension, String), Vec<String>> = BTreeMap::new();
        for id in by.ids().unwrap_or_default() {
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
        Ok(read.await?.into_iter().flatten().filter_map(see).collect())
    }
}

#[cfg(feature = "aws")]
fn see(item: sdk::appscaling::types::ScalingPolicy) -> Option<Seen<ScalingPolicy>> {
    let dimension = ScalableDimension::word(item.scalable_dimension.as_str())?;
    let id = format!("{}|{dimension}|{}", item.resource_id, item.policy_name);
    let config = item.target_tracking_scaling_policy_configuration?;
    let seconds = |value: Option<i32>| value.and_then(|v| v.try_into().ok()).unwrap_or(300);
    Some(Seen {
        status: Status::Ready,
        inputs: ScalingPolicy {
            resource: Input::Known(item.resource_id.into()),
            metric: Metric::seen(&config)?,
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
