//! A cluster: where tasks run together.

use super::{CapacityShare, RETAG, retag};
use crate::prelude::*;

id!(
    /// Names a cluster in its account and region.
    ClusterName
);

choice!(
    /// How closely `CloudWatch` watches a cluster.
    ContainerInsights {
        /// Not at all, beyond what is free.
        Disabled = "disabled",
        /// Clusters, services and tasks. Costs by the metric.
        Enabled = "enabled",
        /// Containers, too. Costs by the metric.
        Enhanced = "enhanced",
    }
);

/// How sessions inside containers are encrypted and logged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecuteCommand {
    /// The key that encrypts sessions, beyond TLS.
    pub kms_key: Option<Input<Arn>>,
    /// The log group that sessions are written to; unset is each container's own.
    pub log_group: Option<Input<String>>,
}

/// Where tasks run together.
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
pub struct Cluster {
    /// Its name.
    #[immutable]
    #[named(max = 255, also = "-_")]
    pub cluster_name: Option<Input<String>>,
    /// How closely `CloudWatch` watches it.
    #[default(ContainerInsights::Disabled)]
    #[cfn("ClusterSettings")]
    pub container_insights: ContainerInsights,
    /// What its tasks may run on: `FARGATE`, `FARGATE_SPOT`, or the names of one's own.
    pub capacity_providers: BTreeSet<Input<String>>,
    /// What tasks run on whose service says nothing.
    #[cfn("DefaultCapacityProviderStrategy")]
    pub default_capacity: BTreeSet<CapacityShare>,
    /// How sessions inside containers are encrypted and logged; unset is AWS's way.
    #[default(None)]
    #[cfn("Configuration")]
    pub execute_command: Option<ExecuteCommand>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ClusterOutputs {
    /// Its name.
    #[shape("{cluster_name}")]
    pub id: ClusterName,
    /// Its ARN.
    #[shape("arn:aws:ecs:{region}:{account}:cluster/{id}")]
    pub arn: Arn,
}

impl Lifecycle for Cluster {
    const CALLS: &'static [CallInfo] = &[
        CreateCluster::INFO,
        UpdateCluster::INFO,
        PutClusterCapacityProviders::INFO,
        DeleteCluster::INFO,
        RETAG[0],
        RETAG[1],
    ];
    const READ: Read = Read {
        service: "ecs",
        operation: "DescribeClusters",
        batch: 100,
        actions: &["ecs:DescribeClusters", "ecs:ListClusters"],
    };

    fn identity(&self) -> Identity {
        Identity::named(self.cluster_name.as_ref())
    }

    fn create(&self) -> Steps {
        Steps::create(CreateCluster {
            cluster_name: self.cluster_name.clone(),
            settings: vec![Setting::of(self.container_insights)],
            capacity_providers: self.capacity_providers.clone(),
            default_capacity_provider_strategy: self.default_capacity.clone(),
            configuration: self.execute_command.clone(),
            tags: self.tags.clone(),
        })
        // The first cluster of an account makes ECS's role, which takes a while to be known.
        .retry_on_message(
            "InvalidParameterException",
            "Unable to assume the service linked role",
            minutes(2),
        )
    }

    fn set(&self, was: &Self, field: ClusterField) -> Steps {
        match field {
            ClusterField::ContainerInsights => Steps::update(UpdateCluster {
                cluster: this(),
                settings: Some(vec![Setting::of(self.container_insights)]),
                configuration: None,
            }),
            ClusterField::ExecuteCommand => Steps::update(UpdateCluster {
                cluster: this(),
                settings: None,
                configuration: Some(self.execute_command.clone().unwrap_or_default()),
            }),
            // One call takes both, and sets both.
            ClusterField::CapacityProviders | ClusterField::DefaultCapacity => {
                Steps::update(PutClusterCapacityProviders {
                    cluster: this(),
                    capacity_providers: self.capacity_providers.clone(),
                    default_capacity_provider_strategy: self.default_capacity.clone(),
                })
                .retry_on("UpdateInProgressException", minutes(10))
                .retry_on("ResourceInUseException", minutes(10))
            }
            ClusterField::Tags => retag(own("arn"), &self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteCluster { cluster: this() })
            .ok_on("ClusterNotFoundException")
            .retry_on("ClusterContainsServicesException", minutes(10))
            .retry_on("ClusterContainsTasksException", minutes(10))
            .retry_on("ClusterContainsContainerInstancesException", minutes(10))
            .retry_on("ClusterContainsCapacityProviderException", minutes(10))
            .retry_on("UpdateInProgressException", minutes(10))
            .until_gone(minutes(10))
    }

    fn check(&self) -> Vec<String> {
        let mut findings = CapacityShare::check(&self.default_capacity, "default_capacity");
        for share in &self.default_capacity {
            if !self.capacity_providers.contains(&share.capacity_provider) {
                findings.push(format!(
                    "`default_capacity` has {:?}, which is not in `capacity_providers`: add it there",
                    share.capacity_provider
                ));
            }
        }
        findings
    }

    fn samples() -> [Self; 2] {
        [
            Self::new().cluster_name("a").tags([("Name", "a")]),
            Self::new()
                .cluster_name("b")
                .container_insights(ContainerInsights::Enhanced)
                .capacity_providers(["FARGATE", "FARGATE_SPOT"])
                .default_capacity([
                    CapacityShare::new("FARGATE", 1).base(1),
                    CapacityShare::new("FARGATE_SPOT", 3),
                ])
                .execute_command(ExecuteCommand {
                    kms_key: Some("key-1".into_input()),
                    log_group: Some("/ecs/sessions".into_input()),
                })
                .tags([("Name", "b")]),
        ]
    }
}

/// A cluster's setting.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Setting {
    name: String,
    value: String,
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

#[derive(Call, Serialize, Deserialize)]
#[call(ecs, also("ecs:TagResource", "iam:CreateServiceLinkedRole"))]
struct CreateCluster {
    cluster_name: Option<Input<String>>,
    settings: Vec<Setting>,
    capacity_providers: BTreeSet<Input<String>>,
    default_capacity_provider_strategy: BTreeSet<CapacityShare>,
    configuration: Option<ExecuteCommand>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ecs, folds, on = "arn:aws:ecs:{region}:{account}:cluster/{id}")]
struct UpdateCluster {
    cluster: Input<ClusterName>,
    settings: Option<Vec<Setting>>,
    configuration: Option<ExecuteCommand>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ecs, folds, on = "arn:aws:ecs:{region}:{account}:cluster/{id}")]
struct PutClusterCapacityProviders {
    cluster: Input<ClusterName>,
    capacity_providers: BTreeSet<Input<String>>,
    default_capacity_provider_strategy: BTreeSet<CapacityShare>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ecs, on = "arn:aws:ecs:{region}:{account}:cluster/{id}")]
struct DeleteCluster {
    cluster: Input<ClusterName>,
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
        let mut seen = vec![];
        for names in names.chunks(100) {
            let request = aws.ecs.describe_clusters().set_clusters(Some(names.to_vec()));
            let request = request
                .include(Field::Settings)
                .include(Field::Configurations)
                .include(Field::Tags);
            let reply = request.send().await;
            let reply = reply.map_err(|e| crate::aws::call_error("ecs", "DescribeClusters", e))?;
            seen.extend(reply.clusters.into_iter().flatten().filter_map(see));
        }
        Ok(seen)
    }
}

#[cfg(feature = "aws")]
fn see(item: sdk::ecs::types::Cluster) -> Option<Seen<Cluster>> {
    let id = item.cluster_name?;
    let attaching = item.attachments_status.as_deref().unwrap_or_default();
    let status = match (item.status.as_deref().unwrap_or("ACTIVE"), attaching) {
        // Deleted ones stay listed for a while.
        ("INACTIVE", _) => return None,
        ("ACTIVE", "UPDATE_IN_PROGRESS") => Status::Pending(attaching.into()),
        ("ACTIVE", "UPDATE_FAILED") => Status::Failed("its capacity providers could not be attached".into()),
        ("ACTIVE", _) => Status::Ready,
        ("DEPROVISIONING", _) => Status::Leaving("DEPROVISIONING".into()),
        ("FAILED", _) => Status::Failed("its capacity providers could not be made".into()),
        (other, _) => Status::Pending(other.into()),
    };
    let is_insights = |s: &sdk::ecs::types::ClusterSetting| {
        s.name.as_ref().is_some_and(|n| n.as_str() == "containerInsights")
    };
    let insights = item
        .settings
        .into_iter()
        .flatten()
        .find(is_insights)
        .and_then(|s| s.value);
    let sessions = item
        .configuration
        .and_then(|c| c.execute_command_configuration)
        .map(|config| {
            let log = config
                .log_configuration
                .and_then(|l| l.cloud_watch_log_group_name);
            ExecuteCommand {
                kms_key: config.kms_key_id.map(|key| Input::Known(key.into())),
                log_group: log.map(Input::Known),
            }
        });
    Some(Seen {
        status,
        inputs: Cluster {
            cluster_name: Some(Input::Known(id.clone())),
            container_insights: insights
                .and_then(|value| ContainerInsights::word(&value))
                .unwrap_or(ContainerInsights::Disabled),
            capacity_providers: item
                .capacity_providers
                .into_iter()
                .flatten()
                .map(Input::Known)
                .collect(),
            default_capacity: CapacityShare::seen(item.default_capacity_provider_strategy),
            // AWS's way, written out, is nobody's choice.
            execute_command: sessions.filter(|s| *s != ExecuteCommand::default()),
            tags: item.tags.into(),
        },
        outputs: ClusterOutputs {
            id: id.clone().into(),
            arn: item.cluster_arn.unwrap_or_default().into(),
        },
        id,
    })
}
