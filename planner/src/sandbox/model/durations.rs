//! The states of resources on their way, and how long each lasts: all durations of the sandbox stand here.
//!
//! AWS promises none of them. They are the middle of what public logs of applies show. Each has the address of a log or,
//! where an index of public repositories gave the log without its address, a line of it to search for. The words of the
//! states are those of the API reference of each service.

use super::facts::{AT_ONCE, Stage, States};

/// A stage in which everything that AWS returns of the resource can be read.
const fn stage(word: &'static str, seconds: u64) -> Stage {
    Stage {
        word,
        seconds,
        unshown: &[],
    }
}

/// The time of what takes no time that a log would show.
const ONE_SECOND: u64 = 1;

pub(super) const VPC: States = States {
    create: &[stage("pending", ONE_SECOND)],
    ..AT_ONCE
};

pub(super) const SUBNET: States = States {
    create: &[stage("pending", ONE_SECOND)],
    ..AT_ONCE
};

/// <https://github.com/devbhusal/terraform-ec2-RDS-wordpress/issues/1>: 1 s.
pub(super) const INTERNET_GATEWAY: States = States {
    create: &[stage("detached", ONE_SECOND)],
    ..AT_ONCE
};

pub(super) const EGRESS_ONLY_INTERNET_GATEWAY: States = States {
    create: &[stage("attaching", ONE_SECOND)],
    ..AT_ONCE
};

/// <https://github.com/devbhusal/terraform-ec2-RDS-wordpress/issues/1>: 1 s.
pub(super) const ROUTE_TABLE_ASSOCIATION: States = States {
    create: &[stage("associating", ONE_SECOND)],
    ..AT_ONCE
};

/// Created in 84 to 125 s (n = 12), for example `aws_nat_gateway.this[0]: Creation complete after 1m45s
/// [id=nat-0a9b98c3e7316fd76]`; deleted in 37 to 79 s (n = 9), for example `Destruction complete after 56s` of
/// `nat-07ed85275f6d3c05b`.
pub(super) const NAT_GATEWAY: States = States {
    create: &[stage("pending", 105)],
    delete: ("deleting", 52),
    ..AT_ONCE
};

/// Some seconds each way are an assumption: no log was measured. Words:
/// <https://docs.aws.amazon.com/ebs/latest/userguide/ebs-describing-volumes.html>.
pub(super) const VOLUME: States = States {
    create: &[stage("creating", 10)],
    delete: ("deleting", 5),
    ..AT_ONCE
};

/// Half a minute each way is an assumption: no log was measured. Words: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html>.
pub(super) const INSTANCE: States = States {
    create: &[stage("pending", 30)],
    change: ("stopping", 30),
    delete: ("shutting-down", 30),
};

/// Some seconds are an assumption: no log was measured. Words: <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html>.
pub(super) const VPC_PEERING_CONNECTION: States = States {
    create: &[stage("initiating-request", 2)],
    ..AT_ONCE
};

/// Interface endpoints. A minute is an assumption: no log was found.
pub(super) const VPC_ENDPOINT: States = States {
    create: &[stage("pending", 60)],
    change: ("pending", 20),
    delete: ("deleting", 60),
};

/// Created in 135 to 187 s (n = 11), for example 174 s in <https://github.com/DataBiosphere/azul/pull/5780>; deleted in 15 to
/// 153 s (n = 3).
pub(super) const LOAD_BALANCER: States = States {
    create: &[stage("provisioning", 156)],
    change: ("provisioning", 10),
    delete: ("deleting", 30),
};

/// "Available" to its users comes last. Created in 5 min 15 s to 17 min 6 s (n = 7, middle 10 min 12 s); of that, the last
/// 187 s lie between "DB instance created" and "Finished DB Instance backup" in the event log of
/// <https://github.com/hashicorp/terraform/issues/498>. Meanwhile the instance is up and its endpoint is shown:
/// <https://github.com/ansible/ansible-modules-core/issues/3865>; while it is being created there is none:
/// <https://github.com/aws/aws-cli/issues/4165>. Changed in 387 s: `Modifications complete after 6m27s
/// [id=terraform-20210702092413657000000001]`; deleted in 255 to 385 s (n = 3), for example
/// `module.rds.module.db_instance.aws_db_instance.this[0]: Destruction complete after 6m25s`. Words: <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html>.
pub(super) const DB_INSTANCE: States = States {
    create: &[
        Stage {
            word: "creating",
            seconds: 425,
            unshown: &["endpoint", "port"],
        },
        stage("backing-up", 187),
    ],
    change: ("modifying", 387),
    delete: ("deleting", 285),
};

/// Created in 10 to 12 s (n = 5), for example `aws_ecs_cluster.main: Creation complete after 11s
/// [id=arn:aws:ecs:ap-northeast-2:<ACCOUNT_ID>:cluster/retail-cluster]`; the status of a cluster and of its capacity providers:
/// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Cluster.html>.
pub(super) const CLUSTER: States = States {
    create: &[stage("PROVISIONING", 11)],
    change: ("UPDATE_IN_PROGRESS", 5),
    delete: ("DEPROVISIONING", 5),
};

/// A rolling deployment of Fargate tasks, from the call to the steady state: 75 s (`module.lancedb.aws_ecs_service.main:
/// Creation complete after 1m15s`) and 175 s (`aws_ecs_service.ui: Creation complete after 2m55s`, of `retail-cluster`).
/// That draining ends within a minute is an assumption.
pub(super) const SERVICE: States = States {
    create: &[stage("deploying", 125)],
    change: ("deploying", 125),
    delete: ("DRAINING", 60),
};

/// Until the validation record can be read: some minutes, says
/// <https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html> of the validation.
pub(super) const CERTIFICATE: States = States {
    create: &[stage("PENDING_VALIDATION", 120)],
    ..AT_ONCE
};

pub(super) const CERTIFICATE_VALIDATION: States = States {
    create: &[stage("PENDING_VALIDATION", 1)],
    ..AT_ONCE
};
