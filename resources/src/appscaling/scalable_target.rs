//! A scalable target: something whose number may change, and within which bounds.

use crate::prelude::*;

id!(
    /// Names something whose number can change, as its service writes it: `service/cluster/name`.
    ScalableResource
);

id!(
    /// Names something whose number can change, and that is registered: only a scalable target gives one, so that a
    /// policy cannot come before its target.
    RegisteredResource
);

id!(
    /// Names a scalable target: its resource, a bar, and what of it changes.
    ScalableTargetId
);

choice!(
    /// What of a resource changes.
    ScalableDimension of appscaling::ScalableDimension {
        /// The number of a service's tasks.
        EcsServiceDesiredCount = "ecs:service:DesiredCount",
        /// The number of an Aurora cluster's replicas.
        RdsClusterReadReplicaCount = "rds:cluster:ReadReplicaCount",
        /// What a table can be read.
        DynamodbTableReadCapacityUnits = "dynamodb:table:ReadCapacityUnits",
        /// What a table can be written.
        DynamodbTableWriteCapacityUnits = "dynamodb:table:WriteCapacityUnits",
        /// How many of a function are kept ready.
        LambdaFunctionProvisionedConcurrency = "lambda:function:ProvisionedConcurrency",
    }
);

choice!(
    /// Whose resource it is.
    ServiceNamespace of appscaling::ServiceNamespace {
        /// ECS's.
        Ecs = "ecs",
        /// RDS's.
        Rds = "rds",
        /// `DynamoDB`'s.
        Dynamodb = "dynamodb",
        /// Lambda's.
        Lambda = "lambda",
    }
);

impl ScalableDimension {
    /// Whose it is.
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

/// Lets the number of something change, and within which bounds. It carries no tags: whose it is, its resource says.
///
/// ```
/// use tenon_resources::appscaling::ScalableTarget;
/// ScalableTarget::new("service/shop/web", 2u32, 10u32);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource(
    "appscaling.scalable_target",
    cfn = "AWS::ApplicationAutoScaling::ScalableTarget"
)]
pub struct ScalableTarget {
    /// What scales.
    #[immutable]
    #[cfn("ResourceId")]
    pub resource: Input<ScalableResource>,
    /// The fewest there may be.
    pub min_capacity: u32,
    /// The most there may be.
    pub max_capacity: u32,
    /// What of it changes.
    #[immutable]
    #[default(ScalableDimension::EcsServiceDesiredCount)]
    pub scalable_dimension: ScalableDimension,
    /// Policies take none away.
    #[default(false)]
    #[cfn("SuspendedState")]
    pub suspend_scale_in: bool,
    /// Policies add none.
    #[default(false)]
    #[cfn("SuspendedState")]
    pub suspend_scale_out: bool,
    /// Schedules change nothing.
    #[default(false)]
    #[cfn("SuspendedState")]
    pub suspend_scheduled: bool,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ScalableTargetOutputs {
    /// Its resource, a bar, and what of it changes.
    #[shape("{resource}|{scalable_dimension}")]
    pub id: ScalableTargetId,
    /// What scales, now that it may.
    #[shape("{resource}")]
    pub registered: RegisteredResource,
}

impl Lifecycle for ScalableTarget {
    const CALLS: &'static [CallInfo] = &[RegisterScalableTarget::INFO, DeregisterScalableTarget::INFO];
    const READ: Read = Read {
        service: "appscaling",
        operation: "DescribeScalableTargets",
        batch: 50,
        actions: &["application-autoscaling:DescribeScalableTargets"],
    };

    fn identity(&self) -> Identity {
        Identity::Natural(text!("{}|{}", &self.resource, self.scalable_dimension.as_str()))
    }

    fn create(&self) -> Steps {
        // Terraform retries a service that is not seen yet, and a role that is not known yet, for 2 min.
        Steps::create(self.register())
            .retry_on_message("ValidationException", "ECS service doesn't exist", minutes(2))
            .retry_on_message("ValidationException", "Unable to assume IAM role", minutes(2))
            .retry_on("ConcurrentUpdateException", minutes(2))
    }

    fn set(&self, _was: &Self, field: ScalableTargetField) -> Steps {
        match field {
            // One call registers, and registers anew.
            ScalableTargetField::MinCapacity
            | ScalableTargetField::MaxCapacity
            | ScalableTargetField::SuspendScaleIn
            | ScalableTargetField::SuspendScaleOut
            | ScalableTargetField::SuspendScheduled => {
                Steps::update(self.register()).retry_on("ConcurrentUpdateException", minutes(2))
            }
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeregisterScalableTarget {
            service_namespace: self.scalable_dimension.namespace(),
            resource_id: self.resource.clone(),
            scalable_dimension: self.scalable_dimension,
        })
        .ok_on("ObjectNotFoundException")
        .retry_on("ConcurrentUpdateException", minutes(2))
    }

    fn check(&self) -> Vec<String> {
        if self.min_capacity > self.max_capacity {
            return vec![format!(
                "`min_capacity` is {}, more than `max_capacity`, {}: swap them",
                self.min_capacity, self.max_capacity
            )];
        }
        vec![]
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("service/shop/a", 1u32, 4u32),
            Self::new("table/b", 2u32, 10u32)
                .scalable_dimension(ScalableDimension::DynamodbTableReadCapacityUnits)
                .suspend_scale_in(true)
                .suspend_scale_out(true)
                .suspend_scheduled(true),
        ]
    }
}

impl ScalableTarget {
    fn register(&self) -> RegisterScalableTarget {
        RegisterScalableTarget {
            service_namespace: self.scalable_dimension.namespace(),
            resource_id: self.resource.clone(),
            scalable_dimension: self.scalable_dimension,
            min_capacity: self.min_capacity,
            max_capacity: self.max_capacity,
            suspended_state: Suspended {
                scale_in: self.suspend_scale_in,
                scale_out: self.suspend_scale_out,
                scheduled: self.suspend_scheduled,
            },
        }
    }
}

/// What is held back, as a call takes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Suspended {
    scale_in: bool,
    scale_out: bool,
    scheduled: bool,
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

#[derive(Call, Serialize, Deserialize)]
#[call(
    appscaling,
    folds,
    also("iam:CreateServiceLinkedRole", "ecs:DescribeServices", "ecs:UpdateService")
)]
struct RegisterScalableTarget {
    service_namespace: ServiceNamespace,
    resource_id: Input<ScalableResource>,
    scalable_dimension: ScalableDimension,
    min_capacity: u32,
    max_capacity: u32,
    suspended_state: Suspended,
}

#[derive(Call, Serialize, Deserialize)]
#[call(appscaling)]
struct DeregisterScalableTarget {
    service_namespace: ServiceNamespace,
    resource_id: Input<ScalableResource>,
    scalable_dimension: ScalableDimension,
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
        Ok(read.await?.into_iter().flatten().filter_map(see).collect())
    }
}

#[cfg(feature = "aws")]
fn see(item: sdk::appscaling::types::ScalableTarget) -> Option<Seen<ScalableTarget>> {
    let dimension = ScalableDimension::word(item.scalable_dimension.as_str())?;
    let resource = item.resource_id;
    let id = format!("{resource}|{dimension}");
    let state = item.suspended_state;
    let held = |which: fn(&sdk::appscaling::types::SuspendedState) -> Option<bool>| {
        state.as_ref().and_then(which).unwrap_or(false)
    };
    Some(Seen {
        status: Status::Ready,
        inputs: ScalableTarget {
            resource: Input::Known(resource.as_str().into()),
            min_capacity: item.min_capacity.try_into().unwrap_or_default(),
            max_capacity: item.max_capacity.try_into().unwrap_or_default(),
            scalable_dimension: dimension,
            suspend_scale_in: held(|s| s.dynamic_scaling_in_suspended),
            suspend_scale_out: held(|s| s.dynamic_scaling_out_suspended),
            suspend_scheduled: held(|s| s.scheduled_scaling_suspended),
        },
        outputs: ScalableTargetOutputs {
            id: id.as_str().into(),
            registered: resource.into(),
        },
        id,
    })
}
