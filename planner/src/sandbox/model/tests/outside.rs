//! Changes that do not come from the engine.

use super::{Account, refused};
use serde_json::json;
use tenon_resources::{
    cloud::{Cloud, Status},
    registry,
};

/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html>: a stopped database is not modified.
#[tokio::test]
async fn a_change_of_a_database_whose_status_was_set() {
    let aws = Account::new();
    aws.done(
        "rds.db_instance",
        Some("shop"),
        "CreateDBInstance",
        &json!({"db_instance_identifier": "shop"}),
    );
    let stopped = Status::Failed("stopped".into());
    assert!(aws.0.set_status("rds.db_instance", "shop", Some(stopped.clone())));
    assert!(!aws.0.set_status("rds.db_instance", "other", None));
    let kind = registry::find("rds.db_instance").expect("a registered type");
    let read = aws.0.read(kind, &["shop".to_owned()]).await.expect("a read");
    assert_eq!(read[0].status, stopped);
    let modify = || aws.call("rds.db_instance", Some("shop"), "ModifyDBInstance", &json!({}));
    refused!(modify(), "InvalidDBInstanceState");
    assert!(aws.0.set_status("rds.db_instance", "shop", None));
    modify().expect("it was started");
}

#[test]
fn resources_that_no_stack_owns_are_created_inside_others_by_the_same_rules() {
    let aws = Account::new();
    aws.done(
        "iam.role",
        Some("web"),
        "CreateRole",
        &json!({"role_name": "web"}),
    );
    let [mut policy, _] = registry::find("iam.role_policy")
        .expect("a registered type")
        .samples();
    policy["role"] = json!("web");
    policy["policy_name"] = json!("everything");
    let id = aws
        .0
        .create_outside("iam.role_policy", &policy)
        .expect("a policy");
    assert_eq!(id, "web|everything");
    refused!(
        aws.call("iam.role", Some("web"), "DeleteRole", &json!({})),
        "DeleteConflict"
    );

    let [rule, _] = registry::find("ec2.ingress_rule")
        .expect("a registered type")
        .samples();
    aws.0.create_outside("ec2.ingress_rule", &rule).expect("a rule");
    let error = aws
        .0
        .create_outside("ec2.ingress_rule", &rule)
        .expect_err("the rule stands once");
    assert_eq!(error.code, "InvalidPermission.Duplicate");
    assert!(aws.0.create_outside("ec2.no_such_type", &rule).is_err());
}
