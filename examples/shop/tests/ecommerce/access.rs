//! Permissions, computed from the declared policies.

use super::{all, of};
use serde_json::Value;
use tenon::planner::Declared;

/// Actions for which AWS knows no resource (Service Authorization Reference), so that `*` is all that can be said.
const UNBOUNDED: &[&str] = &["ecr:GetAuthorizationToken", "ecs:DescribeTaskDefinition"];

fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Null => vec![],
        one => vec![one],
    }
}

fn statements(policy: &Value) -> Vec<&Value> {
    list(&policy["Statement"])
}

/// Policies of roles: address and document.
fn grants(declared: &Declared) -> Vec<(&str, &Value)> {
    of(declared, "iam.role_policy")
        .map(|(address, d)| (address, &d.inputs["policy"]))
        .collect()
}

#[test]
fn every_role_is_limited_to_named_resources() {
    for (name, declared) in all() {
        assert!(grants(&declared).len() >= 3, "{name}");
        for (address, policy) in grants(&declared) {
            for statement in statements(policy) {
                let actions: Vec<_> = list(&statement["Action"])
                    .into_iter()
                    .filter_map(Value::as_str)
                    .collect();
                assert!(
                    actions.iter().all(|a| !a.contains('*')),
                    "{name}: {address} grants {actions:?}"
                );
                let everywhere = list(&statement["Resource"]).into_iter().any(|r| r == "*");
                let unbounded = actions.iter().all(|a| UNBOUNDED.contains(a));
                assert_eq!(
                    everywhere, unbounded,
                    "{name}: {address} grants {actions:?} on {}",
                    statement["Resource"]
                );
            }
        }
        // Managed policies of AWS's are wider than any of this.
        assert_eq!(of(&declared, "iam.policy_attachment").count(), 0, "{name}");
    }
}

#[test]
fn every_role_trusts_one_service_of_this_account_or_one_repository() {
    for (name, declared) in all() {
        for (address, role) in of(&declared, "iam.role") {
            for statement in statements(&role.inputs["assume_role_policy"]) {
                let (kind, who) = statement["Principal"].as_object().unwrap().iter().next().unwrap();
                let condition = statement["Condition"].to_string();
                let bounded = match kind.as_str() {
                    "Service" => condition.contains("aws:SourceAccount"),
                    "Federated" => condition.contains(":sub") && condition.contains(":aud"),
                    _ => false,
                };
                assert!(
                    bounded && list(who).len() == 1,
                    "{name}: {address} trusts {statement}"
                );
            }
        }
    }
}

#[test]
fn a_service_reads_its_own_secrets_and_nothing_else_reads_any() {
    for (name, declared) in all() {
        for (address, policy) in grants(&declared) {
            let read: Vec<_> = statements(policy)
                .into_iter()
                .filter(|s| s["Action"].to_string().contains("secretsmanager:"))
                .flat_map(|s| list(&s["Resource"]))
                .collect();
            if address == "api/execution-policy" {
                let own = read
                    .iter()
                    .filter(|r| r["$ref"] == "database/postgres.master_user_secret")
                    .count();
                assert!(own == 1 && read.len() <= 2, "{name}: {address} reads {read:?}");
            } else {
                assert!(read.is_empty(), "{name}: {address} reads {read:?}");
            }
        }
    }
}

#[test]
fn tasks_run_without_root_on_a_file_system_that_cannot_be_written() {
    for (name, declared) in all() {
        for (address, task) in of(&declared, "ecs.task_definition") {
            for container in task.inputs["containers"].as_array().unwrap() {
                let user = container["user"].as_str().unwrap();
                assert!(
                    !user.starts_with('0') && !user.starts_with("root"),
                    "{name}: {address} runs as {user}"
                );
                assert_eq!(container["readonly_root_filesystem"], true, "{name}: {address}");
                assert_eq!(container["privileged"], false, "{name}: {address}");
                assert!(container["health_check"].is_object(), "{name}: {address}");
                assert_eq!(
                    container["log_configuration"]["driver"], "awslogs",
                    "{name}: {address}"
                );
            }
        }
    }
}

#[test]
fn data_and_logs_are_encrypted_and_kept_as_long_as_promised() {
    for (name, declared) in all() {
        let (_, database) = of(&declared, "rds.db_instance").next().unwrap();
        assert_eq!(database.inputs["storage_encrypted"], true, "{name}");
        assert_eq!(database.inputs["kms_key"]["$ref"], "database/key.arn", "{name}");
        assert_eq!(database.inputs["backup_retention_period"], 7, "{name}");
        assert_eq!(database.inputs["manage_master_user_password"], true, "{name}");
        let (_, parameters) = of(&declared, "rds.db_parameter_group").next().unwrap();
        assert_eq!(parameters.inputs["parameters"]["rds.force_ssl"], "1", "{name}");
        for (address, group) in of(&declared, "logs.log_group") {
            assert_eq!(
                group.inputs["kms_key"]["$ref"], "logs/key.arn",
                "{name}: {address}"
            );
            assert!(group.inputs["retention_in_days"].is_u64(), "{name}: {address}");
        }
        for (address, topic) in of(&declared, "sns.topic") {
            assert_eq!(
                topic.inputs["kms_key"]["$ref"], "logs/key.arn",
                "{name}: {address}"
            );
        }
    }
}
