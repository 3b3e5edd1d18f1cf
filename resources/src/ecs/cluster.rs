//! A cluster: the services and tasks that run together.

use super::CapacityShare;
use crate::prelude::*;

id!(
    /// A cluster's name, unique in its account and region.
    ClusterName
);

choice!(
    /// The setting of `CloudWatch` Container Insights.
    ContainerInsights {
        /// No metrics beyond those that are free.
        Disabled = "disabled",
        /// Metrics of clusters, services and tasks. Priced by the metric.
        Enabled = "enabled",
        /// Enhanced observability: metrics of containers, too. Priced by the metric.
        Enhanced = "enhanced",
    }
);

/// The configuration of ECS Exec: the encryption and the log of its sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecuteCommand {
    /// The KMS key that encrypts sessions, beyond TLS.
    pub kms_key: Option<Input<Arn>>,
    /// The log group that sessions are written to; unset: the `awslogs` log group of each container.
    pub log_group: Option<Input<String>>,
}

/// A cluster: the services and tasks that run together.
///
/// ```
/// use tenon_resources::ecs::{CapacityShare, Cluster, ContainerInsights};
/// Cluster::new()
///     .container_insights(ContainerInsights::Enhanced)
///     .capacity_providers(["FARGATE", "FARGATE_SPOT"])
///     .default_capacity([CapacityShare::new("FARGATE", 1)]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ecs.cluster", cfn = "AWS::ECS::Cluster", ready = 10)]
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html#API_DeleteCluster_Errors
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html: the create of a name that exists returns that cluster.
#[facts(
    gone("ClusterNotFoundException"),
    in_use("ClusterContainsServicesException", 600),
    in_use("ClusterContainsTasksException", 600),
    in_use("ClusterContainsContainerInstancesException", 600),
    in_use("ClusterContainsCapacityProviderException", 600),
    second_create = Returned
)]
#[on("arn:aws:ecs:{region}:{account}:cluster/{id}")]
// The first cluster of an account creates ECS's service-linked role, which is unknown for a while.
#[create(CreateCluster: ecs, also("ecs:TagResource", "iam:CreateServiceLinkedRole to ecs.amazonaws.com"), on = "*", rules(
    .retry_on_message("InvalidParameterException", "Unable to assume the service linked role", minutes(2))
))]
#[update(UpdateCluster: ecs, folds, by(cluster))]
// The call sets both the capacity providers and the default strategy.
#[update(PutClusterCapacityProviders: ecs, folds, whole, by(cluster), rules(
    .retry_on("UpdateInProgressException", minutes(10))
    .retry_on("ResourceInUseException", minutes(10))
))]
#[delete(DeleteCluster: ecs, by(cluster), rules(.retry_on("UpdateInProgressException", minutes(10)).until_gone(minutes(10))))]
#[retag(TagResource, UntagResource: ecs, by(resource_arn = "arn"), on = "*")]
#[sdk(ecs::Cluster)]
pub struct Cluster {
    /// The name, unique in its account and region.
    #[immutable]
    #[named(max = 255, id, also = "-_")]
    pub cluster_name: Option<Input<String>>,
    /// `CloudWatch` Container Insights.
    #[default(ContainerInsights::Disabled)]
    #[member("settings")]
    #[sent_as(Vec<Setting>, vec![Setting::of(me.container_insights)])]
    #[read(insights(item))]
    #[cfn("ClusterSettings")]
    #[sample(ContainerInsights::Enhanced)]
    pub container_insights: ContainerInsights,
    /// The capacity providers: `FARGATE`, `FARGATE_SPOT`, or the names of one's own.
    #[updated_by(PutClusterCapacityProviders)]
    #[sample(["FARGATE", "FARGATE_SPOT"])]
    pub capacity_providers: BTreeSet<Input<String>>,
    /// The default capacity provider strategy: that of services and tasks without a launch type and a strategy of their own.
    #[member("default_capacity_provider_strategy")]
    #[updated_by(PutClusterCapacityProviders)]
    #[cfn("DefaultCapacityProviderStrategy")]
    #[sample([CapacityShare::new("FARGATE", 1).base(1), CapacityShare::new("FARGATE_SPOT", 3)])]
    #[checked(CapacityShare::check(it, field))]
    #[checked(me.strays().map(|stray| format!("`{field}` has {stray:?}, which is not in `capacity_providers`: add it there")))]
    pub default_capacity: BTreeSet<CapacityShare>,
    /// The configuration of ECS Exec: the encryption and the log of its sessions. Unset: TLS, and the log of each container.
    #[default(None)]
    #[member("configuration")]
    #[create_with(Option<ExecuteCommand>, me.execute_command.clone())]
    #[sent_as(ExecuteCommand, me.execute_command.clone().unwrap_or_default())]
    #[read(sessions(item))]
    #[cfn("Configuration")]
    #[sample(ExecuteCommand { kms_key: Some("key-1".into_input()), log_group: Some("/ecs/sessions".into_input()), })]
    pub execute_command: Option<ExecuteCommand>,
    /// Tags.
    pub tags: Tags,
}

/// Outputs of a cluster.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ClusterOutputs {
    /// The name.
    #[shape("{cluster_name}")]
    pub id: ClusterName,
    /// The ARN.
    #[shape("arn:aws:ecs:{region}:{account}:cluster/{id}")]
    pub arn: Arn,
}

impl Lifecycle for Cluster {
    const READ: Read = Read::new(
        "ecs",
        "DescribeClusters",
        100,
        &["ecs:DescribeClusters", "ecs:ListClusters"],
    );

    const IMPAIRED_ENDS_WAIT: bool = true;

    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Cluster.html: another PutClusterCapacityProviders mends what failed.
    const STATUSES: &'static [StatusWords] = &[
        StatusWords {
            member: "status",
            words: &[
                ("ACTIVE", Meaning::Ready),
                ("PROVISIONING", Meaning::Pending),
                ("DEPROVISIONING", Meaning::Leaving),
                ("INACTIVE", Meaning::Gone),
                ("FAILED", Meaning::Impaired),
            ],
        },
        StatusWords {
            member: "attachmentsStatus",
            words: &[
                ("UPDATE_COMPLETE", Meaning::Ready),
                ("UPDATE_IN_PROGRESS", Meaning::Pending),
                ("UPDATE_FAILED", Meaning::Impaired),
            ],
        },
    ];

    fn create(&self) -> Steps {
        CreateCluster::steps(self)
    }

    fn set(&self, _: &Self, field: ClusterField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteCluster::steps(self)
    }
}

/// A cluster setting, as calls take it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Setting {
    name: String,
    value: String,
}

impl Cluster {
    /// The providers of the default strategy that are not the cluster's.
    fn strays(&self) -> impl Iterator<Item = &Input<String>> {
        let used = self.default_capacity.iter().map(|share| &share.capacity_provider);
        used.filter(|provider| !self.capacity_providers.contains(*provider))
    }
}

impl Setting {
    fn of(insights: ContainerInsights) -> Self {
        Self {
            name: "containerInsights".into(),
            value: insights.to_string(),
        }
    }
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::ecs::types::ClusterSetting> for Setting {
    fn to_sdk(self) -> Option<sdk::ecs::types::ClusterSetting> {
        let setting = sdk::ecs::types::ClusterSetting::builder().name(self.name.as_str().into());
        Some(setting.value(self.value).build())
    }
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::ecs::types::ClusterConfiguration> for ExecuteCommand {
    fn to_sdk(self) -> Option<sdk::ecs::types::ClusterConfiguration> {
        use sdk::ecs::types::{
            ClusterConfiguration, ExecuteCommandConfiguration, ExecuteCommandLogConfiguration,
            ExecuteCommandLogging as Logging,
        };
        let log = self.log_group.map(|group| {
            ExecuteCommandLogConfiguration::builder()
                .set_cloud_watch_log_group_name(group.to_sdk())
                .build()
        });
        let config = ExecuteCommandConfiguration::builder()
            .set_kms_key_id(self.kms_key.to_sdk())
            .logging(if log.is_some() {
                Logging::Override
            } else {
                Logging::Default
            })
            .set_log_configuration(log);
        Some(
            ClusterConfiguration::builder()
                .execute_command_configuration(config.build())
                .build(),
        )
    }
}

#[cfg(feature = "aws")]
impl Observe for Cluster {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        use sdk::ecs::types::ClusterField as Field;
        let names = match by {
            By::Ids(ids) => ids.to_vec(),
            By::Owner(_) => {
                let pages = items!(aws.ecs.list_clusters());
                aws.all("ecs", "ListClusters", pages).await?
            }
        };
        let mut observed = vec![];
        for names in names.chunks(Self::READ.batch) {
            let request = aws.ecs.describe_clusters().set_clusters(Some(names.to_vec()));
            let request = request
                .include(Field::Settings)
                .include(Field::Configurations)
                .include(Field::Tags);
            let reply = request.send().await;
            let reply = reply.map_err(|e| crate::aws::call_error("ecs", "DescribeClusters", e))?;
            // A deleted cluster stays listed for a while.
            let active = |item: &&sdk::ecs::types::Cluster| item.status.as_deref() != Some("INACTIVE");
            for item in reply.clusters().iter().filter(active) {
                observed.push(read(item).map_err(broken::<Self>)?);
            }
        }
        Ok(observed)
    }
}

#[cfg(feature = "aws")]
fn read(item: &sdk::ecs::types::Cluster) -> Result<Seen<Cluster>, Missing> {
    let id = item.cluster_name.clone().ok_or(Missing("cluster_name"))?;
    Ok(Seen {
        status: status(item),
        inputs: Cluster::from_sdk(item)?,
        outputs: ClusterOutputs {
            id: id.clone().into(),
            arn: item.cluster_arn.clone().unwrap_or_default().into(),
        },
        id,
    })
}

#[cfg(feature = "aws")]
fn status(item: &sdk::ecs::types::Cluster) -> Status {
    let [status, attachments] = Cluster::STATUSES else {
        return Status::Ready;
    };
    let whole = item.status.as_deref().unwrap_or("ACTIVE");
    let whole = status.status(
        whole,
        Some("its capacity providers could not be made").filter(|_| whole == "FAILED"),
    );
    let attaching = item.attachments_status.as_deref().filter(|word| !word.is_empty());
    let attaching = attaching.unwrap_or("UPDATE_COMPLETE");
    let failed = (attaching == "UPDATE_FAILED").then_some("its capacity providers could not be attached");
    match whole.unwrap_or(Status::Ready) {
        Status::Ready => attachments.status(attaching, failed).unwrap_or(Status::Ready),
        other => other,
    }
}

#[cfg(feature = "aws")]
fn insights(item: &sdk::ecs::types::Cluster) -> ContainerInsights {
    let is_insights = |s: &&sdk::ecs::types::ClusterSetting| {
        s.name.as_ref().is_some_and(|n| n.as_str() == "containerInsights")
    };
    let setting = item.settings().iter().find(is_insights);
    let value = setting.and_then(|setting| ContainerInsights::word(setting.value()?));
    value.unwrap_or(ContainerInsights::Disabled)
}

/// The configuration of ECS Exec; the default one, which AWS may write out, is none.
#[cfg(feature = "aws")]
fn sessions(item: &sdk::ecs::types::Cluster) -> Option<ExecuteCommand> {
    let configuration = item.configuration.as_ref();
    let exec = configuration.and_then(|c| c.execute_command_configuration.clone())?;
    let log = exec.log_configuration.and_then(|l| l.cloud_watch_log_group_name);
    let sessions = ExecuteCommand {
        kms_key: exec.kms_key_id.map(|key| Input::Known(key.into())),
        log_group: log.map(Input::Known),
    };
    Some(sessions).filter(|sessions| *sessions != ExecuteCommand::default())
}
