//! The SDK half of a service, and the status of its deployments.

use super::service::{Balanced, CircuitBreaker, Deployment, Network};
use super::{AdvancedConfiguration, DeploymentStrategy, Service, ServiceOutputs, stopped};
use crate::{
    aws::{FromSdk, ToSdk},
    ec2::{SecurityGroupId, SubnetId},
    prelude::*,
};
use sdk::ecs::types as t;

impl ToSdk<t::NetworkConfiguration> for Network {
    fn to_sdk(self) -> Option<t::NetworkConfiguration> {
        let public = if self.assign_public_ip {
            "ENABLED"
        } else {
            "DISABLED"
        };
        let vpc = t::AwsVpcConfiguration::builder()
            .set_subnets(self.subnets.to_sdk())
            .set_security_groups(self.security_groups.to_sdk())
            .assign_public_ip(public.into());
        Some(
            t::NetworkConfiguration::builder()
                .awsvpc_configuration(vpc.build().ok()?)
                .build(),
        )
    }
}

impl ToSdk<t::DeploymentConfiguration> for Deployment {
    fn to_sdk(self) -> Option<t::DeploymentConfiguration> {
        let breaker = t::DeploymentCircuitBreaker::builder()
            .enable(self.circuit_breaker != CircuitBreaker::Off)
            .rollback(self.circuit_breaker == CircuitBreaker::RollBack);
        let watched = !self.alarms.is_empty();
        let alarms = t::DeploymentAlarms::builder().set_alarm_names(self.alarms.to_sdk());
        let alarms = alarms.enable(watched).rollback(watched).build().ok();
        Some(
            t::DeploymentConfiguration::builder()
                .deployment_circuit_breaker(breaker.build())
                .maximum_percent(i32::from(self.maximum_percent))
                .minimum_healthy_percent(i32::from(self.minimum_healthy_percent))
                .set_alarms(alarms)
                .set_strategy(self.strategy.to_sdk())
                .set_bake_time_in_minutes(self.bake_time_in_minutes.map(i32::from))
                .build(),
        )
    }
}

impl ToSdk<t::LoadBalancer> for Balanced {
    fn to_sdk(self) -> Option<t::LoadBalancer> {
        let port = t::LoadBalancer::builder().set_target_group_arn(self.target_group.to_sdk());
        Some(
            port.container_name(self.container_name)
                .container_port(i32::from(self.container_port))
                .set_advanced_configuration(self.advanced_configuration.to_sdk())
                .build(),
        )
    }
}

impl ToSdk<t::AdvancedConfiguration> for AdvancedConfiguration {
    fn to_sdk(self) -> Option<t::AdvancedConfiguration> {
        let shift = t::AdvancedConfiguration::builder()
            .set_alternate_target_group_arn(self.alternate_target_group.to_sdk())
            .set_production_listener_rule(self.production_listener_rule.to_sdk())
            .set_test_listener_rule(self.test_listener_rule.to_sdk())
            .set_role_arn(self.role.to_sdk());
        Some(shift.build())
    }
}

impl FromSdk<t::AdvancedConfiguration> for AdvancedConfiguration {
    fn from_sdk(item: t::AdvancedConfiguration) -> Option<Self> {
        Some(Self {
            alternate_target_group: FromSdk::from_sdk(item.alternate_target_group_arn)?,
            production_listener_rule: FromSdk::from_sdk(item.production_listener_rule)?,
            test_listener_rule: FromSdk::from_sdk(item.test_listener_rule),
            role: FromSdk::from_sdk(item.role_arn)?,
        })
    }
}

impl FromSdk<t::LoadBalancer> for Balanced {
    fn from_sdk(item: t::LoadBalancer) -> Option<Self> {
        Some(Self {
            target_group: FromSdk::from_sdk(item.target_group_arn)?,
            container_name: item.container_name?,
            container_port: FromSdk::from_sdk(item.container_port)?,
            advanced_configuration: item.advanced_configuration.and_then(FromSdk::from_sdk),
        })
    }
}

impl Observe for Service {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut of_cluster: BTreeMap<String, Vec<String>> = BTreeMap::new();
        match by {
            By::Ids(ids) => {
                for (cluster, service) in ids.iter().filter_map(|id| id.split_once('/')) {
                    of_cluster.entry(cluster.into()).or_default().push(service.into());
                }
            }
            By::Owner(_) => {
                let pages = items!(aws.ecs.list_clusters());
                for cluster in aws.all("ecs", "ListClusters", pages).await? {
                    let pages = items!(aws.ecs.list_services().cluster(&cluster));
                    match aws.all("ecs", "ListServices", pages).await {
                        Ok(services) => drop(of_cluster.insert(cluster, services)),
                        Err(error) if crate::aws::gone::<Self>().contains(&error.code.as_str()) => {}
                        Err(error) => return Err(error),
                    }
                }
            }
        }
        let mut batches: Vec<(String, Vec<String>)> = vec![];
        for (cluster, services) in &of_cluster {
            batches.extend(
                services
                    .chunks(Self::READ.batch)
                    .map(|some| (cluster.clone(), some.to_vec())),
            );
        }
        let read = crate::aws::each(batches, |(cluster, services)| async move {
            let request = aws
                .ecs
                .describe_services()
                .cluster(cluster)
                .set_services(Some(services));
            let reply = request.include(t::ServiceField::Tags).send().await;
            let reply = crate::aws::present("ecs", "DescribeServices", reply, crate::aws::gone::<Self>())?;
            Ok(reply.map(|r| r.services.unwrap_or_default()))
        });
        let items = read.await?.into_iter().flatten();
        // A deleted service stays listed for a while.
        let active = items.filter(|item| item.status.as_deref() != Some("INACTIVE"));
        crate::aws::each(active, |item| async move {
            let mut observed = service(&item).map_err(broken::<Self>)?;
            if let Status::Impaired(why) = &mut observed.status {
                let (cluster, service) = observed.id.split_once('/').unwrap_or_default();
                // The reason of a task that could not start says more than the deployment's. A read of it that is refused takes
                // nothing from the failure.
                let failed: Vec<String> = failed(&item).filter_map(|d| d.id.clone()).collect();
                for (task, reason) in stopped::reasons(aws, cluster, service, &failed)
                    .await
                    .unwrap_or_default()
                {
                    why.push_str(&format!("; task {task} stopped: {reason}"));
                }
            }
            Ok(Some(observed))
        })
        .await
    }
}

fn failed(item: &t::Service) -> impl Iterator<Item = &t::Deployment> {
    item.deployments()
        .iter()
        .filter(|d| d.rollout_state == Some(t::DeploymentRolloutState::Failed))
}

/// The status of a service. It is ready with one deployment that is complete and every task running. A deployment that
/// failed leaves it impaired, and so does one that rolls back from it: its reason is `ECS deployment circuit breaker:
/// rolling back to deploymentId …` as long as it is under way, and ordinary when it is done. The next `UpdateService` mends
/// both (ECS developer guide, "How the Amazon ECS deployment circuit breaker detects failures").
fn status(item: &t::Service) -> Status {
    use t::DeploymentRolloutState as State;
    let word = item.status.as_deref().unwrap_or("ACTIVE");
    match Service::STATUSES[0].status(word, None) {
        Some(Status::Ready) | None => {}
        Some(other) => return other,
    }
    let (wanted, running) = (item.desired_count, item.running_count);
    // Whether a service of no tasks is what the program asks for, the planner knows.
    let settled = || match wanted {
        0 => Status::Stopped("scaled to 0 tasks".into()),
        _ => Status::Ready,
    };
    let progress = || Status::Pending(format!("{running} of {wanted} tasks run"));
    let deployments = item.deployments();
    let Some(primary) = deployments
        .iter()
        .find(|d| d.status.as_deref() == Some("PRIMARY"))
    else {
        return if running == wanted { settled() } else { progress() };
    };
    let reason = primary.rollout_state_reason.clone().unwrap_or_default();
    match primary.rollout_state.as_ref() {
        Some(State::Failed) => Status::Impaired(reason),
        Some(State::InProgress) if reason.contains("rolling back") => {
            let first = failed(item).find_map(|d| d.rollout_state_reason.clone());
            Status::Impaired(first.map_or(reason.clone(), |first| format!("{first}; {reason}")))
        }
        Some(State::InProgress) if primary.failed_tasks > 0 => Status::Pending(format!(
            "{running} of {wanted} tasks run, {} failed",
            primary.failed_tasks
        )),
        Some(State::InProgress) => progress(),
        _ if deployments.len() > 1 || running != wanted => progress(),
        _ => settled(),
    }
}

fn service(item: &t::Service) -> Result<Seen<Service>, Missing> {
    let name = item.service_name.clone().ok_or(Missing("service_name"))?;
    let id = format!("{}/{name}", cluster(item)?);
    Ok(Seen {
        status: status(item),
        inputs: Service::from_sdk(item)?,
        outputs: ServiceOutputs {
            id: id.clone().into(),
            arn: item.service_arn.clone().unwrap_or_default().into(),
            scalable: format!("service/{id}").into(),
            name,
        },
        id,
    })
}

/// The name of the service's cluster, which is the last part of its ARN.
pub(super) fn cluster(item: &t::Service) -> Result<&str, Missing> {
    let arn = item.cluster_arn.as_deref().ok_or(Missing("cluster_arn"))?;
    Ok(arn.rsplit('/').next().unwrap_or(arn))
}

fn network(item: &t::Service) -> Option<&t::AwsVpcConfiguration> {
    item.network_configuration.as_ref()?.awsvpc_configuration.as_ref()
}

pub(super) fn subnets(item: &t::Service) -> BTreeSet<Input<SubnetId>> {
    FromSdk::from_sdk(network(item).map(|n| n.subnets.clone())).unwrap_or_default()
}

pub(super) fn security_groups(item: &t::Service) -> BTreeSet<Input<SecurityGroupId>> {
    FromSdk::from_sdk(network(item).and_then(|n| n.security_groups.clone())).unwrap_or_default()
}

pub(super) fn public_ip(item: &t::Service) -> bool {
    let assigned = network(item).and_then(|n| n.assign_public_ip.as_ref());
    assigned.is_some_and(|p| p.as_str() == "ENABLED")
}

/// The circuit breaker. A reply without a deployment configuration says nothing of it, and leaves it at its default.
pub(super) fn circuit_breaker(item: &t::Service) -> CircuitBreaker {
    let Some(deployment) = &item.deployment_configuration else {
        return CircuitBreaker::RollBack;
    };
    match &deployment.deployment_circuit_breaker {
        Some(breaker) if breaker.enable && breaker.rollback => CircuitBreaker::RollBack,
        Some(breaker) if breaker.enable => CircuitBreaker::Fail,
        _ => CircuitBreaker::Off,
    }
}

pub(super) fn percent(
    item: &t::Service,
    of: impl Fn(&t::DeploymentConfiguration) -> Option<i32>,
) -> Option<u16> {
    FromSdk::from_sdk(item.deployment_configuration.as_ref().and_then(of))
}

pub(super) fn strategy(item: &t::Service) -> Option<DeploymentStrategy> {
    FromSdk::from_sdk(item.deployment_configuration.as_ref()?.strategy.clone())
}

/// The bake time of blue/green deployments. A reply may have one of a service whose strategy is another, which says nothing.
pub(super) fn bake_time(item: &t::Service) -> Option<u16> {
    strategy(item).filter(|s| *s == DeploymentStrategy::BlueGreen)?;
    percent(item, |d| d.bake_time_in_minutes)
}

pub(super) fn alarms(item: &t::Service) -> BTreeSet<Input<String>> {
    let deployment = item.deployment_configuration.as_ref();
    let alarms = deployment.and_then(|d| d.alarms.as_ref()).filter(|a| a.enable);
    FromSdk::from_sdk(alarms.map(|a| a.alarm_names.clone())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use t::DeploymentRolloutState as State;

    fn deployment(status: &str, state: State, reason: &str) -> t::Deployment {
        t::Deployment::builder()
            .status(status)
            .rollout_state(state)
            .rollout_state_reason(reason)
            .build()
    }

    fn service_with(running: i32, deployments: Vec<t::Deployment>) -> t::Service {
        let service = t::Service::builder()
            .status("ACTIVE")
            .desired_count(2)
            .running_count(running);
        service.set_deployments(Some(deployments)).build()
    }

    #[test]
    fn ready_is_one_complete_deployment_with_every_task() {
        let done = deployment("PRIMARY", State::Completed, "ECS deployment ecs-svc/1 completed.");
        let old = deployment("ACTIVE", State::Completed, "");
        assert_eq!(status(&service_with(2, vec![done.clone()])), Status::Ready);
        assert_eq!(
            status(&service_with(1, vec![done.clone()])),
            Status::Pending("1 of 2 tasks run".into())
        );
        assert_eq!(
            status(&service_with(2, vec![done, old])),
            Status::Pending("2 of 2 tasks run".into())
        );
    }

    /// <https://github.com/hashicorp/terraform-provider-aws/issues/752>
    #[test]
    fn a_service_without_tasks_is_never_ready() {
        let done = deployment("PRIMARY", State::Completed, "ECS deployment ecs-svc/1 completed.");
        let service = t::Service::builder()
            .status("ACTIVE")
            .desired_count(0)
            .running_count(0);
        let service = service.set_deployments(Some(vec![done])).build();
        assert_eq!(status(&service), Status::Stopped("scaled to 0 tasks".into()));
    }

    #[test]
    fn a_roll_back_impairs_the_service_until_it_is_done() {
        let failed = deployment("ACTIVE", State::Failed, "tasks failed to start.");
        let back = "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.";
        let way_back = deployment("PRIMARY", State::InProgress, back);
        let Status::Impaired(why) = status(&service_with(2, vec![way_back, failed.clone()])) else {
            panic!("not impaired")
        };
        assert_eq!(why, format!("tasks failed to start.; {back}"));
        // The next attempt is not the last one's failure.
        let again = deployment(
            "PRIMARY",
            State::InProgress,
            "ECS deployment ecs-svc/3 in progress.",
        );
        assert!(matches!(
            status(&service_with(2, vec![again, failed])),
            Status::Pending(_)
        ));
    }

    #[test]
    fn a_failed_deployment_never_counts_as_a_service_that_failed_for_good() {
        let failed = deployment(
            "PRIMARY",
            State::Failed,
            "ECS deployment circuit breaker: tasks failed to start.",
        );
        assert!(matches!(
            status(&service_with(0, vec![failed])),
            Status::Impaired(_)
        ));
    }
}
