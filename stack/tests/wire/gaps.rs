//! What the emulators cannot do, one list each, with the reason. A defect of ours is never in it.
//!
//! What an emulator merely cannot be asked, or forgets, [`translate`](crate::translate), [`cloudwatch`](crate::cloudwatch),
//! [`ecs`](crate::ecs), [`rules`](crate::rules) and [`insights`](crate::insights) make up for in the proxy. For what is
//! forgotten that shows that we send it and read it back, and not that AWS keeps it.

use serde_json::{Value, json};

/// Fields of a type that an emulator does not keep, does not give back, or does not change.
struct Gap {
    kind: &'static str,
    fields: &'static [&'static str],
    /// Both samples have them as the first has.
    as_first: bool,
    why: &'static str,
}

/// Fields that are made as the first sample has them, and not changed.
const fn lost(kind: &'static str, fields: &'static [&'static str], why: &'static str) -> Gap {
    Gap {
        kind,
        fields,
        as_first: true,
        why,
    }
}

/// Fields that are made as each sample has them, and not changed.
const fn fixed(kind: &'static str, fields: &'static [&'static str], why: &'static str) -> Gap {
    Gap {
        kind,
        fields,
        as_first: false,
        why,
    }
}

/// What moto cannot do.
const MOTO: &[Gap] = &[
    lost(
        "acm.certificate",
        &["validation_method", "key_algorithm"],
        "issues RSA certificates that are validated by DNS, whatever is asked for",
    ),
    lost(
        "ec2.egress_rule",
        &["destination", "traffic"],
        "refuses to modify a rule for all traffic, and drops the description of one from group to group",
    ),
    lost(
        "ec2.elastic_ip",
        &["public_ipv4_pool", "network_border_group"],
        "gives back neither",
    ),
    lost(
        "ec2.ingress_rule",
        &["source", "traffic"],
        "refuses to modify a rule for all traffic, and drops the description of one from group to group",
    ),
    lost(
        "ecs.service",
        &["scheduling_strategy"],
        "runs tasks of a daemon service, and says that none are wanted",
    ),
    fixed(
        "ecs.service",
        &["strategy", "bake_time_in_minutes"],
        "shifts no requests from one target group of a service to the other",
    ),
    lost(
        "ec2.instance",
        &[
            "monitoring",
            "disable_api_termination",
            "iam_instance_profile",
            "user_data",
        ],
        "has neither MonitorInstances nor UnmonitorInstances, gives back termination protection as off, shows an instance with the \
         profile that it was made with, and refuses other user data",
    ),
    lost(
        "ec2.launch_template",
        &["tags"],
        "gives back the tags that a template was made with",
    ),
    lost("ec2.volume", &["snapshot"], "has no snapshot of that id"),
    lost("ec2.vpc_endpoint", &["ip_address_type"], "does not give it back"),
    fixed("ec2.vpc_endpoint", &["private_dns_enabled"], "does not change it"),
    lost(
        "iam.oidc_provider",
        &["client_ids"],
        "has neither AddClientIDToOpenIDConnectProvider nor the call that removes one",
    ),
    lost(
        "iam.user",
        &["path", "permissions_boundary"],
        "loses the tags of a user that moves, and has no PutUserPermissionsBoundary",
    ),
    lost(
        "rds.db_instance",
        &["master_user_secret_kms_key"],
        "does not give back the secret's key",
    ),
    fixed("rds.db_instance", &["port"], "does not change it"),
    lost(
        "s3.bucket_notification",
        &["event_bridge"],
        "does not give it back",
    ),
    lost(
        "s3.bucket_replication",
        &["rules"],
        "gives back neither a rule's filter nor what becomes of delete markers",
    ),
    lost(
        "sns.topic",
        &["signature_version", "tracing_config"],
        "gives back neither",
    ),
];

/// What ministack cannot do.
const MINISTACK: &[Gap] = &[
    lost(
        "logs.log_group",
        &["kms_key", "deletion_protection"],
        "has neither AssociateKmsKey nor PutLogGroupDeletionProtection, as moto",
    ),
    lost(
        "rds.db_parameter_group",
        &["at_reboot"],
        "does not give back how a parameter is applied",
    ),
];

/// Which emulator shows a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Home {
    Moto,
    Ministack,
}

/// Types that ministack shows, with what moto makes of them.
const ON_MINISTACK: &[(&str, &str)] = &[
    ("cloudwatch.alarm", "does not speak the client's protocol"),
    ("cloudwatch.dashboard", "does not speak the client's protocol"),
    ("logs.log_group", "has one class of log groups"),
    (
        "logs.metric_filter",
        "adds another filter of the same name at a second PutMetricFilter",
    ),
    (
        "logs.subscription_filter",
        "asks the functions and streams that are written to",
    ),
    ("rds.db_parameter_group", "fails at ResetDBParameterGroup"),
    ("rds.db_subnet_group", "removes the group at ModifyDBSubnetGroup"),
    (
        "secretsmanager.rotation",
        "asks the function that puts new values",
    ),
    (
        "sqs.queue",
        "keeps no RedriveAllowPolicy, and drops the Policy when another attribute is set",
    ),
];

/// The emulator that shows a type.
pub(crate) fn home(kind: &str) -> Home {
    match ON_MINISTACK.iter().find(|(k, _)| *k == kind) {
        Some(_) => Home::Ministack,
        None => Home::Moto,
    }
}

/// `true` for a type that moto does not delete: it finds a key pair to delete by its name alone, and is asked by the id.
pub(crate) fn stays(kind: &str) -> bool {
    kind == "ec2.key_pair"
}

/// `true` for a type whose delete call no emulator has: ministack does not know `CancelRotateSecret`.
pub(crate) fn undeletable(kind: &str) -> bool {
    kind == "secretsmanager.rotation"
}

fn gap(kind: &str, field: &str) -> Option<&'static Gap> {
    let list = match home(kind) {
        Home::Moto => MOTO,
        Home::Ministack => MINISTACK,
    };
    list.iter().find(|g| g.kind == kind && g.fields.contains(&field))
}

/// Why a field is not changed, if it is not.
pub(crate) fn field(kind: &str, field: &str) -> Option<&'static str> {
    gap(kind, field).map(|gap| gap.why)
}

/// Whether both samples have a field as the first has.
pub(crate) fn as_first(kind: &str, field: &str) -> bool {
    gap(kind, field).is_some_and(|gap| gap.as_first)
}

/// Changes that an emulator does not make from sample `n` to the other, and another that it does.
pub(crate) fn otherwise(kind: &str, n: usize, other: &mut Value) {
    match (kind, n) {
        // moto sets a policy, and does not take one back.
        ("ec2.vpc_endpoint", 1) => {
            let some = json!({"Effect": "Allow", "Action": ["ecr:Get*"], "Principal": {"AWS": ["*"]}, "Resource": ["*"]});
            other["policy"] = json!({"Version": "2012-10-17", "Statement": [some]});
        }
        // moto runs one number of tasks in every new service, and any number in one that is changed.
        ("ecs.service", 0) => other["desired_count"] = json!(3),
        // A volume grows only, at AWS, too.
        ("ec2.instance", _) => other["root_volume_size"] = json!(100),
        ("ec2.volume", 1) => other["size"] = json!(30),
        // moto never switches scanning off.
        ("ecr.repository", 1) => other["scan_on_push"] = json!(true),
        // moto takes an empty description for none given.
        ("secretsmanager.secret", 1) => other["description"] = json!("For another one"),
        _ => {}
    }
}
