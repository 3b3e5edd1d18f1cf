//! A scalable target: a resource whose capacity Application Auto Scaling may change, and within which limits.

use crate::prelude::*;

id!(
    /// A resource whose capacity can change, as its service writes it: `service/cluster/name`.
    ScalableResource
);

id!(
    /// A resource that is registered as a scalable target. Only `appscaling.scalable_target` has such an output, so that a policy cannot
    /// come before its target.
    RegisteredResource
);

id!(
    /// A scalable target's id: its resource, a bar, and its scalable dimension.
    ScalableTargetId
);

choice!(
    /// The scalable dimension: the property of a resource that changes.
    ScalableDimension of appscaling::ScalableDimension {
        /// The task count of an ECS service.
        EcsServiceDesiredCount = "ecs:service:DesiredCount",
        /// The number of Aurora Replicas in a DB cluster.
        RdsClusterReadReplicaCount = "rds:cluster:ReadReplicaCount",
        /// The read capacity of a `DynamoDB` table.
        DynamodbTableReadCapacityUnits = "dynamodb:table:ReadCapacityUnits",
        /// The write capacity of a `DynamoDB` table.
        DynamodbTableWriteCapacityUnits = "dynamodb:table:WriteCapacityUnits",
        /// The provisioned concurrency of a Lambda function.
        LambdaFunctionProvisionedConcurrency = "lambda:function:ProvisionedConcurrency",
    }
);

choice!(
    /// The namespace of the service that provides a resource.
    ServiceNamespace of appscaling::ServiceNamespace {
        /// ECS.
        Ecs = "ecs",
        /// RDS.
        Rds = "rds",
        /// `DynamoDB`.
        Dynamodb = "dynamodb",
        /// Lambda.
        Lambda = "lambda",
    }
);

impl ScalableDimension {
    /// The namespace of its service.
    pub fn namespace(self) -> ServiceNamespace {
        match self {
            Self::EcsServiceDesiredCount => ServiceNamespace::Ecs,
            Self::RdsClusterReadReplicaCount => ServiceNamespace::Rds,
            Self::DynamodbTableReadCapacityUnits | Self::DynamodbTableWriteCapacityUnits => {
                ServiceNamespace::Dynamodb
            }
            Self::LambdaFunctionProvisionedConcurrency => ServiceNamespace::Lambda,
        }
    }
}

/// A scalable target: a resource whose capacity Application Auto Scaling may change, within a minimum and a maximum. It carries no tags.
///
/// ```
/// use tenon_resources::appscaling::ScalableTarget;
/// ScalableTarget::new("service/shop/web", 2, 10);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource(
    "appscaling.scalable_target",
    cfn = "AWS::ApplicationAutoScaling::ScalableTarget"
)]
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeregisterScalableTarget.html#API_DeregisterScalableTarget_Errors
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html: "To update a scalable target, specify the
// parameters that you want to change."
#[facts(gone("ObjectNotFoundException"), second_create = Overwritten)]
// A service that exists may be unknown to this call for a while, and so may the service-linked role: Terraform retries for 2 minutes.
#[create(RegisterScalableTarget: appscaling, puts, folds, also("iam:CreateServiceLinkedRole to ecs.application-autoscaling.amazonaws.com", "ecs:DescribeServices", "ecs:UpdateService"),
    with(
        service_namespace: ServiceNamespace = me.scalable_dimension.namespace(),
        suspended_state: Suspended = Suspended::of(me)
    ),
    create_rules(
        .retry_on_message("ValidationException", "ECS service doesn't exist", minutes(2))
        .retry_on_message("ValidationException", "Unable to assume IAM role", minutes(2))
    ),
    rules(.retry_on("ConcurrentUpdateException", minutes(2))))]
#[delete(DeregisterScalableTarget: appscaling, rules(.retry_on("ConcurrentUpdateException", minutes(2))),
    same(resource, scalable_dimension), with(service_namespace: ServiceNamespace = me.scalable_dimension.namespace()))]
#[sdk(appscaling::ScalableTarget)]
pub struct ScalableTarget {
    /// The resource.
    #[immutable]
    #[member("resource_id")]
    #[cfn("ResourceId")]
    #[sample("service/shop/a", "table/b")]
    #[length(1..=1600)]
    pub resource: Input<ScalableResource>,
    /// The minimum capacity.
    #[sample(1, 2)]
    #[wrong_if(*it > me.max_capacity, "is {it}, more than `max_capacity`, {}: swap them", me.max_capacity)]
    pub min_capacity: u32,
    /// The maximum capacity.
    #[sample(4, 10)]
    pub max_capacity: u32,
    /// The scalable dimension: the property of the resource that changes.
    #[immutable]
    #[default(ScalableDimension::EcsServiceDesiredCount)]
    #[sample(ScalableDimension::DynamodbTableReadCapacityUnits)]
    pub scalable_dimension: ScalableDimension,
    /// Scale-in by scaling policies is suspended.
    #[default(false)]
    #[member("")]
    #[read(suspended(item, |state| state.dynamic_scaling_in_suspended))]
    #[cfn("SuspendedState")]
    #[sample(true)]
    #[in_struct(Suspended, scale_in)]
    pub suspend_scale_in: bool,
    /// Scale-out by scaling policies is suspended.
    #[default(false)]
    #[member("")]
    #[read(suspended(item, |state| state.dynamic_scaling_out_suspended))]
    #[cfn("SuspendedState")]
    #[sample(true)]
    #[in_struct(Suspended, scale_out)]
    pub suspend_scale_out: bool,
    /// Scheduled scaling is suspended.
    #[default(false)]
    #[member("")]
    #[read(suspended(item, |state| state.scheduled_scaling_suspended))]
    #[cfn("SuspendedState")]
    #[sample(true)]
    #[in_struct(Suspended, scheduled)]
    pub suspend_scheduled: bool,
}

/// Outputs of a scalable target.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ScalableTargetOutputs {
    /// The resource, a bar, and the scalable dimension.
    #[shape("{resource}|{scalable_dimension}")]
    pub id: ScalableTargetId,
    /// The resource, now that it is registered.
    #[shape("{resource}")]
    pub registered: RegisteredResource,
}

impl Lifecycle for ScalableTarget {
    const READ: Read = Read::new(
        "appscaling",
        "DescribeScalableTargets",
        50,
        &["application-autoscaling:DescribeScalableTargets"],
    );

    fn identity(&self) -> Identity {
        Identity::Natural(text!("{}|{}", &self.resource, self.scalable_dimension.as_str()))
    }

    fn create(&self) -> Steps {
        RegisterScalableTarget::steps(self)
    }

    fn set(&self, _: &Self, field: ScalableTargetField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeregisterScalableTarget::steps(self)
    }

    fn misfits(&self, look: Look<'_>) -> Vec<String> {
        let service = serde_json::to_value(&self.resource).unwrap_or_default();
        let counted = self.scalable_dimension == ScalableDimension::EcsServiceDesiredCount
            && look(&service, "desired_count").is_some_and(|count| !count.is_null());
        // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html: scaling changes the desired count.
        let finding = || "`resource` is a service whose `desired_count` is set, too: scaling changes it, and every apply would set it back; leave it out there, and say the lowest with `min_capacity`; or, where it is the number to begin with, declare the service with `s.owned_elsewhere(ecs::Service::DESIRED_COUNT)`";
        counted.then(finding).into_iter().map(Into::into).collect()
    }
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::appscaling::types::SuspendedState> for Suspended {
    fn to_sdk(self) -> Option<sdk::appscaling::types::SuspendedState> {
        let state = sdk::appscaling::types::SuspendedState::builder();
        let state = state.dynamic_scaling_in_suspended(self.scale_in);
        let state = state.dynamic_scaling_out_suspended(self.scale_out);
        Some(state.scheduled_scaling_suspended(self.scheduled).build())
    }
}

#[cfg(feature = "aws")]
impl Observe for ScalableTarget {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut asked: BTreeMap<ScalableDimension, Vec<String>> = BTreeMap::new();
        for (resource, dimension) in by
            .ids()
            .unwrap_or_default()
            .iter()
            .filter_map(|id| id.split_once('|'))
        {
            if let Some(dimension) = ScalableDimension::word(dimension) {
                asked.entry(dimension).or_default().push(resource.into());
            }
        }
        let read = crate::aws::each(asked, |(dimension, resources)| async move {
            let request = aws
                .appscaling
                .describe_scalable_targets()
                .service_namespace(dimension.namespace().as_str().into());
            let request = request
                .scalable_dimension(dimension.as_str().into())
                .set_resource_ids(Some(resources));
            let pages = items!(request);
            aws.all("appscaling", "DescribeScalableTargets", pages)
                .await
                .map(Some)
        });
        let targets = read.await?.into_iter().flatten();
        targets
            .map(|item| from_item(&item).map_err(broken::<Self>))
            .collect()
    }
}

#[cfg(feature = "aws")]
fn suspended(
    item: &sdk::appscaling::types::ScalableTarget,
    activity: fn(&sdk::appscaling::types::SuspendedState) -> Option<bool>,
) -> bool {
    item.suspended_state.as_ref().and_then(activity).unwrap_or(false)
}

#[cfg(feature = "aws")]
fn from_item(item: &sdk::appscaling::types::ScalableTarget) -> Result<Seen<ScalableTarget>, Missing> {
    let id = format!("{}|{}", item.resource_id, item.scalable_dimension.as_str());
    Ok(Seen {
        status: Status::Ready,
        inputs: ScalableTarget::from_sdk(item)?,
        outputs: ScalableTargetOutputs {
            id: id.as_str().into(),
            registered: item.resource_id.as_str().into(),
        },
        id,
    })
}
