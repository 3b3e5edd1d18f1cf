//! Logs: one key that encrypts them, groups that keep them for a while, and the record of a network's packets.
//!
//! Who reads them, and what alarms look at, is not here.

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

/// Where a stack's logs are kept: under one key, each group for the same number of days.
///
/// ```
/// use tenon::{component::Logs, prelude::*};
/// # fn program(s: &mut Scope<'_, Anywhere>) {
/// let logs = s.within("logs", |s| Logs::new(s, 30));
/// let jobs = logs.group(s, "jobs");
/// s.output("log_group", &jobs.id);
/// # }
/// # tenon::declare("doc", Anywhere::Local, program).check().unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Logs {
    /// The key. CloudWatch may use it too, so that alarms reach a topic that is encrypted with it.
    pub key: Output<Arn>,
    days: u32,
}

impl Logs {
    /// Declares the key; `days` is one of the numbers that CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180,
    /// 365 and so on.
    pub fn new<E: Environment>(s: &mut Scope<'_, E>, days: u32) -> Self {
        let (account, region) = (s.account(), s.region());
        // Names begin with the stack's, or hold it where AWS prescribes the beginning.
        let ours = text!(
            "arn:aws:logs:{}:{}:log-group:*{}-{}-*",
            &region,
            &account,
            s.stack(),
            s.env().name()
        );
        // The two grants are those of the guides of CloudWatch Logs ("Encrypt log data") and of CloudWatch ("Notifying
        // users on alarm changes"); without the first statement nobody could manage the key.
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
                .when("ArnLike", "kms:EncryptionContext:aws:logs:arn", [&ours]),
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
        Self { key: key.arn, days }
    }

    /// Declares a group of log lines.
    #[track_caller]
    pub fn group<E: Environment>(
        &self,
        s: &mut Scope<'_, E>,
        name: &str,
    ) -> <LogGroupOutputs as Outputs>::Refs {
        s.add(
            name,
            LogGroup::new().retention_in_days(self.days).kms_key(&self.key),
        )
    }

    /// Declares a group under a name that AWS expects.
    #[track_caller]
    pub(super) fn named_group<E: Environment>(
        &self,
        s: &mut Scope<'_, E>,
        name: &str,
        called: &str,
    ) -> Output<LogGroupName> {
        let group = LogGroup::new()
            .log_group_name(called)
            .retention_in_days(self.days)
            .kms_key(&self.key);
        s.add(name, group).id
    }

    /// Records every packet of `network`, and what became of it.
    pub fn packets<E: Environment>(&self, s: &mut Scope<'_, E>, network: &Network) {
        let group = self.group(s, "packets");
        let account = s.account();
        let trust = Policy::assumed_by_service("vpc-flow-logs.amazonaws.com").when(
            "StringEquals",
            "aws:SourceAccount",
            [&account],
        );
        let role = s.add(
            "packets-writer",
            Role::new(trust).description("Writes the network's flow log"),
        );
        let write = [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "logs:DescribeLogGroups",
            "logs:DescribeLogStreams",
        ];
        let inside = text!("{}:*", &group.arn);
        s.add(
            "packets-write",
            RolePolicy::new(
                &role.id,
                Policy::allow(write).on([Part::from(&group.arn), Part::from(&inside)]),
            ),
        );
        s.add(
            "flow",
            FlowLog::new(&network.vpc, FlowLogDestination::log_group(&group.arn, &role.arn)),
        );
    }
}
