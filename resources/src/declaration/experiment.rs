//! Experiments: faults that are put into a stack on purpose for a while, and taken out again.

use super::Finding;
use crate::{
    cloudwatch::AlarmName,
    ec2::{SecurityGroupId, VpcId},
    ecs::ServiceId,
    value::Output,
};
use serde::{Deserialize, Serialize};

/// An experiment: what fails, for how long, and the alarm that ends it early.
///
/// Its targets are promises of resources of the stack, so that a target of another type does not compile:
///
/// ```compile_fail
/// use tenon_resources::{cloudwatch::AlarmName, declaration::Experiment, ec2::SubnetId, value::Output};
/// let (alarm, subnet): (Output<AlarmName>, Output<SubnetId>) =
///     (Output::new("alarm", "id"), Output::new("subnet", "id"));
/// Experiment::minutes(5, &alarm).cut_network(&subnet);
/// ```
///
/// ```
/// use tenon_resources::{cloudwatch::AlarmName, declaration::Experiment, ec2::VpcId, value::Output};
/// let (alarm, vpc): (Output<AlarmName>, Output<VpcId>) = (Output::new("alarm", "id"), Output::new("vpc", "id"));
/// Experiment::minutes(5, &alarm).fail_zone(&vpc, "a");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// The faults, all at once.
    pub faults: Vec<Fault>,
    /// The stop condition: the address of an alarm. The experiment does not begin, or ends, when the alarm is in `ALARM`.
    pub alarm: String,
    /// The time for which the faults last, in seconds.
    pub seconds: u32,
    /// The file and line.
    #[serde(rename = "declared")]
    pub location: String,
}

/// A fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// Tasks of a service are stopped, and not started again while the fault lasts.
    StopTasks {
        /// The address of the service.
        service: String,
        /// The number of tasks that are left.
        leave: u32,
    },
    /// The subnets of a zone have a network ACL that denies everything.
    FailZone {
        /// The address of the VPC.
        vpc: String,
        /// The zone: its name, or the letter behind the region's name.
        zone: String,
    },
    /// The rules that let anything into a security group are withdrawn.
    CutNetwork {
        /// The address of the security group.
        group: String,
    },
}

impl Experiment {
    /// An experiment without faults yet, of so many minutes at the most; `alarm` is the stop condition.
    #[must_use]
    pub fn minutes(minutes: u32, alarm: &Output<AlarmName>) -> Self {
        Self {
            faults: vec![],
            alarm: alarm.source().resource.clone(),
            seconds: minutes.saturating_mul(60),
            location: String::new(),
        }
    }

    /// Stops tasks of a service, but for `leave` of them.
    ///
    /// This is done by the limits of the scalable target, or by the service's desired count where nothing scales it. Application Auto
    /// Scaling brings a service that is outside of new limits back into them: "it changes the resource's current capacity to a value
    /// that is inside of this range", an activity that it calls "minimum capacity was set to"
    /// (<https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html>,
    /// <https://docs.aws.amazon.com/cli/latest/reference/application-autoscaling/describe-scaling-activities.html>). So it is harder
    /// than a task that is stopped once, which ECS replaces by itself
    /// (<https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html>). When the limits are put back, the service
    /// has its minimum of tasks, and scaling goes on from there.
    #[must_use]
    pub fn stop_tasks(self, service: &Output<ServiceId>, leave: u32) -> Self {
        let service = service.source().resource.clone();
        self.with(Fault::StopTasks { service, leave })
    }

    /// Fails a zone, by its name or by the letter behind the region's name: every subnet that the stack has there in `vpc` gets a
    /// network ACL that denies everything that enters or leaves the subnet.
    ///
    /// Packets within a subnet still pass
    /// (<https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html>: "Network ACLs … at the subnet level"). A network
    /// ACL keeps no track of connections, so those that are open break: "adding a network ACL that blocks traffic in either direction
    /// breaks existing connections"
    /// (<https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html>).
    #[must_use]
    pub fn fail_zone(self, vpc: &Output<VpcId>, zone: impl Into<String>) -> Self {
        let vpc = vpc.source().resource.clone();
        let zone = zone.into();
        self.with(Fault::FailZone { vpc, zone })
    }

    /// Cuts the network of what is in a security group, such as a database: the stack's rules that let traffic in are withdrawn.
    ///
    /// Connections that are open stay until they time out, so that a pool notices when it opens another one: "when you change a
    /// security group rule, its tracked connections are not immediately interrupted"
    /// (<https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html>).
    #[must_use]
    pub fn cut_network(self, group: &Output<SecurityGroupId>) -> Self {
        let group = group.source().resource.clone();
        self.with(Fault::CutNetwork { group })
    }

    fn with(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// The texts in it, which may be anybody's.
    pub(super) fn texts(&self) -> impl Iterator<Item = &String> {
        let mut texts = vec![&self.alarm, &self.location];
        for fault in &self.faults {
            texts.extend(match fault {
                Fault::StopTasks { service, .. } => vec![service],
                Fault::FailZone { vpc, zone } => vec![vpc, zone],
                Fault::CutNetwork { group } => vec![group],
            });
        }
        texts.into_iter()
    }

    /// The finding about a target, or the alarm, that is not a resource of the type that it must be.
    pub(super) fn misfits<'a>(
        &'a self,
        name: &'a str,
        kind_of: &'a dyn Fn(&str) -> Option<&'static str>,
    ) -> impl Iterator<Item = Finding> + 'a {
        let targets = self.faults.iter().map(|fault| match fault {
            Fault::StopTasks { service, .. } => (service, "ecs.service"),
            Fault::FailZone { vpc, .. } => (vpc, "ec2.vpc"),
            Fault::CutNetwork { group } => (group, "ec2.security_group"),
        });
        let about = format!("experiment {name}");
        targets
            .chain([(&self.alarm, "cloudwatch.alarm")])
            .filter(move |(address, kind)| kind_of(address) != Some(kind))
            .map(move |(address, kind)| {
                let why = match kind_of(address) {
                    Some(other) => format!("is about `{address}`, which is of type `{other}`: take the output `id` of the `{kind}` itself"),
                    None => format!("is about `{address}`, which is not declared: it needs a `{kind}` of this stack"),
                };
                Finding::at(&about, &self.location, why)
            })
    }
}
