//! Log groups under one KMS key, and the flow log of a network.

use super::Network;
use crate::{environment::Environment, scope::Scope};
use tenon_resources::{
    ec2::{FlowLog, FlowLogDestination},
    iam::{Policy, Role, RolePolicy},
    kms::{Alias, Key},
    logs::{LogGroup, LogGroupName, LogGroupOutputs},
    resource::Outputs,
    text,
    value::{Arn, Output, Part},
};

/// Log groups of a stack: encrypted with one KMS key, with the same retention.
///
/// ```
/// use tenon_language::{component::Logs, prelude::*};
/// # fn program(s: &mut Scope<'_, Anywhere>) {
/// let logs = s.within("logs", |s| Logs::new(s, 30));
/// let jobs = logs.group(s, "jobs");
/// s.output("log_group", &jobs.id);
/// # }
/// # tenon_language::declare("doc", Anywhere::Local, program).check().unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Logs {
    /// KMS key. CloudWatch may use it too, so that alarms reach a topic that is encrypted with it.
    pub key: Output<Arn>,
    retention_in_days: u32,
}

impl Logs {
    /// Declares the key. CloudWatch Logs accepts these values for `retention_in_days`: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150,
    /// 180, 365 and so on (API reference, `PutRetentionPolicy`).
    pub fn new<E: Environment>(s: &mut Scope<'_, E>, retention_in_days: u32) -> Self {
        let (account, region) = (s.account(), s.region());
        // Log groups of this stack: names begin with the stack's, or contain it where AWS prescribes the beginning.
        let log_groups = text!(
            "arn:aws:logs:{}:{}:log-group:*{}-{}-*",
            &region,
            &account,
            s.stack(),
            s.env().name()
        );
        // The statements for the two services are those of the guides of CloudWatch Logs ("Encrypt log data") and of
        // CloudWatch ("Notifying users on alarm changes"); without the first one nobody could manage the key.
        let policy = Policy::allow(["kms:*"])
            .sid("Account")
            .account(&account)
            .on(["*"])
            .and(
                Policy::allow([
                    "kms:Encrypt",
                    "kms:Decrypt",
                    "kms:ReEncrypt*",
                    "kms:GenerateDataKey*",
                    "kms:DescribeKey",
                ])
                .sid("Logs")
                .principal("Service", [text!("logs.{}.amazonaws.com", &region)])
                .on(["*"])
                .when("ArnLike", "kms:EncryptionContext:aws:logs:arn", [&log_groups]),
            )
            .and(
                Policy::allow(["kms:Decrypt", "kms:GenerateDataKey*"])
                    .sid("Alarms")
                    .service("cloudwatch.amazonaws.com")
                    .on(["*"]),
            );
        let key = Key::new()
            .description("Logs and alarms")
            .policy(policy)
            .rotation_in_days(365u32);
        let key = s.add("key", key);
        s.add("alias", Alias::new(&key.id));
        Self {
            key: key.arn,
            retention_in_days,
        }
    }

    /// Declares a log group, whose name the engine makes.
    #[track_caller]
    pub fn group<E: Environment>(
        &self,
        s: &mut Scope<'_, E>,
        name: &str,
    ) -> <LogGroupOutputs as Outputs>::Refs {
        s.add(
            name,
            LogGroup::new()
                .retention_in_days(self.retention_in_days)
                .kms_key(&self.key),
        )
    }

    /// Declares a log group with the name that an AWS service writes to.
    #[track_caller]
    pub(super) fn named_group<E: Environment>(
        &self,
        s: &mut Scope<'_, E>,
        name: &str,
        log_group_name: &str,
    ) -> Output<LogGroupName> {
        let group = LogGroup::new()
            .log_group_name(log_group_name)
            .retention_in_days(self.retention_in_days)
            .kms_key(&self.key);
        s.add(name, group).id
    }

    /// Declares a flow log of `network`, with all accepted and rejected traffic, and its log group.
    pub fn flow_log<E: Environment>(&self, s: &mut Scope<'_, E>, network: &Network) {
        s.moved("packets", "flow-log-group");
        let group = self.group(s, "flow-log-group");
        let account = s.account();
        let trust = Policy::assumed_by_service("vpc-flow-logs.amazonaws.com").when(
            "StringEquals",
            "aws:SourceAccount",
            [&account],
        );
        s.moved("packets-writer", "flow-log-role");
        let role = s.add(
            "flow-log-role",
            Role::new(trust).description("Writes the network's flow log"),
        );
        let actions = [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "logs:DescribeLogGroups",
            "logs:DescribeLogStreams",
        ];
        let log_streams = text!("{}:*", &group.arn);
        let policy = Policy::allow(actions).on([Part::from(&group.arn), Part::from(&log_streams)]);
        s.moved("packets-write", "flow-log-policy");
        s.add("flow-log-policy", RolePolicy::new(&role.id, policy));
        s.moved("flow", "flow-log");
        s.add(
            "flow-log",
            FlowLog::new(&network.vpc, FlowLogDestination::log_group(&group.arn, &role.arn)),
        );
    }
}
