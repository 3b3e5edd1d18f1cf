//! Services there and back, and how far a deployment is.

use super::service::{Balanced, CircuitBreaker, Deployment, Network};
use super::{
    CapacityShare, LaunchType, PropagateTags, SchedulingStrategy, Service, ServiceOutputs, ZoneRebalancing,
    stopped,
};
use crate::{aws::ToSdk, prelude::*};
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
                .build(),
        )
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
                        Err(error) if error.code == "ClusterNotFoundException" => {}
                        Err(error) => return Err(error),
                    }
                }
            }
        }
        let mut batches: Vec<(String, Vec<String>)> = vec![];
        for (cluster, services) in &of_cluster {
            batches.extend(services.chunks(10).map(|some| (cluster.clone(), some.to_vec())));
        }
        let read = crate::aws::each(batches, |(cluster, services)| async move {
            let request = aws
                .ecs
                .describe_services()
                .cluster(cluster)
                .set_services(Some(services));
            let reply = request.include(t::ServiceField::Tags).send().await;
            let gone = &["ClusterNotFoundException"];
            let reply = crate::aws::present("ecs", "DescribeServices", reply, gone)?;
            Ok(reply.map(|r| r.services.unwrap_or_default()))
        });
        crate::aws::each(read.await?.into_iter().flatten(), |item| async move {
            let Some(mut seen) = see(item.clone()) else {
                return Ok(None);
            };
            if let Status::Impaired(why) = &mut seen.status {
                let (cluster, service) = seen.id.split_once('/').unwrap_or_default();
                // The word of a task that could not start is worth more than the deployment's. Not being allowed to ask
                // for it takes nothing from the failure.
                let failed: Vec<String> = failed(&item).filter_map(|d| d.id.clone()).collect();
                for reason in stopped::reasons(aws, cluster, service, &failed)
                    .await
                    .unwrap_or_default()
                {
                    why.push_str("; a task stopped: ");
                    why.push_str(&reason);
                }
            }
            Ok(Some(seen))
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
    match item.status.as_deref().unwrap_or("ACTIVE") {
        "ACTIVE" => {}
        "DRAINING" => return Status::Leaving("DRAINING".into()),
        other => return Status::Pending(other.into()),
    }
    let (wanted, running) = (item.desired_count, item.running_count);
    let progress = || Status::Pending(format!("{running} of {wanted} tasks run"));
    let deployments = item.deployments();
    let Some(primary) = deployments
        .iter()
        .find(|d| d.status.as_deref() == Some("PRIMARY"))
    else {
        return if running == wanted {
            Status::Ready
        } else {
            progress()
        };
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
        _ => Status::Ready,
    }
}

fn see(item: t::Service) -> Option<Seen<Service>> {
    // Deleted ones stay listed for a while.
    if item.status.as_deref() == Some("INACTIVE") {
        return None;
    }
    let status = status(&item);
    let name = item.service_name?;
    let cluster = item.cluster_arn.as_deref()?.rsplit('/').next()?.to_owned();
    let id = format!("{cluster}/{name}");
    let network = item.network_configuration.and_then(|n| n.awsvpc_configuration);
    let public = network
        .as_ref()
        .and_then(|n| n.assign_public_ip.as_ref())
        .is_some_and(|p| p.as_str() == "ENABLED");
    let (subnets, groups) = network
        .map(|n| (n.subnets, n.security_groups.unwrap_or_default()))
        .unwrap_or_default();
    let balanced = |l: t::LoadBalancer| {
        let target_group = Input::Known(l.target_group_arn?.into());
        let port = l.container_port.and_then(|p| p.try_into().ok())?;
        Some(Balanced {
            target_group,
            container_name: l.container_name?,
            container_port: port,
        })
    };
    // AWS says it of every rolling deployment; who does not say it means nothing by that.
    let deployment = item.deployment_configuration;
    let breaker = deployment.as_ref().map(|d| match &d.deployment_circuit_breaker {
        Some(b) if b.enable && b.rollback => CircuitBreaker::RollBack,
        Some(b) if b.enable => CircuitBreaker::Fail,
        _ => CircuitBreaker::Off,
    });
    let alarms = deployment
        .as_ref()
        .and_then(|d| d.alarms.clone())
        .filter(|a| a.enable);
    let percent = |value: Option<i32>, default| value.and_then(|v| v.try_into().ok()).unwrap_or(default);
    let launch_type = item.launch_type.and_then(|l| LaunchType::word(l.as_str()));
    let capacity = CapacityShare::seen(item.capacity_provider_strategy);
    let rebalancing = item
        .availability_zone_rebalancing
        .and_then(|r| ZoneRebalancing::word(r.as_str()));
    Some(Seen {
        status,
        inputs: Service {
            cluster: Input::Known(cluster.into()),
            task_definition: Input::Known(item.task_definition.unwrap_or_default().into()),
            service_name: Some(Input::Known(name.clone())),
            desired_count: item.desired_count.try_into().ok(),
            launch_type,
            capacity: Some(capacity),
            platform_version: item.platform_version,
            subnets: subnets.into_iter().map(|s| Input::Known(s.into())).collect(),
            security_groups: groups.into_iter().map(|g| Input::Known(g.into())).collect(),
            assign_public_ip: public,
            load_balancers: item
                .load_balancers
                .into_iter()
                .flatten()
                .filter_map(balanced)
                .collect(),
            health_check_grace_period_seconds: item
                .health_check_grace_period_seconds
                .and_then(|s| s.try_into().ok())
                .unwrap_or(0),
            circuit_breaker: breaker.unwrap_or(CircuitBreaker::RollBack),
            maximum_percent: percent(deployment.as_ref().and_then(|d| d.maximum_percent), 200),
            minimum_healthy_percent: percent(
                deployment.as_ref().and_then(|d| d.minimum_healthy_percent),
                100,
            ),
            deployment_alarms: alarms
                .into_iter()
                .flat_map(|a| a.alarm_names)
                .map(Input::Known)
                .collect(),
            enable_execute_command: item.enable_execute_command,
            enable_ecs_managed_tags: item.enable_ecs_managed_tags,
            propagate_tags: item
                .propagate_tags
                .and_then(|p| PropagateTags::word(p.as_str()))
                .unwrap_or(PropagateTags::None),
            availability_zone_rebalancing: rebalancing,
            scheduling_strategy: item
                .scheduling_strategy
                .and_then(|s| SchedulingStrategy::word(s.as_str()))
                .unwrap_or(SchedulingStrategy::Replica),
            tags: item.tags.into(),
        },
        outputs: ServiceOutputs {
            id: id.clone().into(),
            arn: item.service_arn.unwrap_or_default().into(),
            scalable: format!("service/{id}").into(),
            name,
        },
        id,
    })
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

    fn service(running: i32, deployments: Vec<t::Deployment>) -> t::Service {
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
        assert_eq!(status(&service(2, vec![done.clone()])), Status::Ready);
        assert_eq!(
            status(&service(1, vec![done.clone()])),
            Status::Pending("1 of 2 tasks run".into())
        );
        assert_eq!(
            status(&service(2, vec![done, old])),
            Status::Pending("2 of 2 tasks run".into())
        );
    }

    #[test]
    fn a_roll_back_impairs_the_service_until_it_is_done() {
        let failed = deployment("ACTIVE", State::Failed, "tasks failed to start.");
        let back = "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.";
        let way_back = deployment("PRIMARY", State::InProgress, back);
        let Status::Impaired(why) = status(&service(2, vec![way_back, failed.clone()])) else {
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
            status(&service(2, vec![again, failed])),
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
        assert!(matches!(status(&service(0, vec![failed])), Status::Impaired(_)));
    }
}
