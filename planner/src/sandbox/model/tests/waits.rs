//! Refusals that end with time.

use super::{Account, refused};
use crate::sandbox::{FaultInjector, FaultTarget, Sandbox, SandboxConfig};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tenon_resources::{
    cloud::{Cloud, Status},
    registry,
};
use tokio::time::sleep;

/// An account as slow as AWS, in virtual time.
fn slow() -> Account {
    Account(Sandbox::in_memory(SandboxConfig {
        speed: 1.0,
        ..SandboxConfig::default()
    }))
}

/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html>
#[tokio::test(start_paused = true)]
async fn a_secret_of_a_name_that_is_scheduled_for_deletion() {
    let aws = slow();
    let create = |token: &str| {
        let params = json!({"name": "key", "client_request_token": token});
        aws.call("secretsmanager.secret", Some("key"), "CreateSecret", &params)
    };
    create("one").expect("the first");
    refused!(create("two"), "ResourceExistsException");
    let delete = json!({"recovery_window_in_days": 7});
    aws.done("secretsmanager.secret", Some("key"), "DeleteSecret", &delete);
    refused!(create("three"), "InvalidRequestException");
    sleep(Duration::from_secs(7 * 24 * 3600)).await;
    create("four").expect("the window has passed");
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html>
#[tokio::test(start_paused = true)]
async fn a_change_of_a_database_that_is_being_created() {
    let aws = slow();
    aws.done(
        "rds.db_instance",
        Some("shop"),
        "CreateDBInstance",
        &json!({"db_instance_identifier": "shop"}),
    );
    let modify = || {
        aws.call(
            "rds.db_instance",
            Some("shop"),
            "ModifyDBInstance",
            &json!({"multi_az": true}),
        )
    };
    refused!(modify(), "InvalidDBInstanceState");
    let status = async || {
        let kind = registry::find("rds.db_instance").expect("a registered type");
        let read = aws.0.read(kind, &["shop".to_owned()]).await.expect("a read");
        read[0].status.clone()
    };
    assert_eq!(status().await, Status::Pending("creating".into()));
    sleep(Duration::from_secs(425)).await;
    assert_eq!(status().await, Status::Pending("backing-up".into()));
    sleep(Duration::from_secs(187)).await;
    assert_eq!(status().await, Status::Ready);
    modify().expect("it is available");
    assert_eq!(status().await, Status::Pending("modifying".into()));
}

/// <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-troubleshooting.html>
#[tokio::test(start_paused = true)]
async fn a_flow_log_under_a_role_that_was_created_a_moment_ago() {
    let aws = slow();
    aws.done(
        "iam.role",
        Some("flow"),
        "CreateRole",
        &json!({"role_name": "flow"}),
    );
    let role = "arn:aws:iam::000000000000:role/flow";
    let params =
        json!({"resource_ids": ["vpc-1"], "traffic_type": "ALL", "deliver_logs_permission_arn": role});
    let create = || aws.call("ec2.flow_log", None, "CreateFlowLogs", &params);
    refused!(create(), "InvalidParameter");
    sleep(Duration::from_secs(10)).await;
    create().expect("the role can be assumed");
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html> (failureCode)
#[tokio::test(start_paused = true)]
async fn a_second_nat_gateway_with_an_address_is_created_and_fails() {
    let aws = slow();
    let create = |subnet: &str| {
        let params = json!({"subnet_id": subnet, "allocation_id": "eipalloc-1", "client_token": subnet});
        aws.done("ec2.nat_gateway", None, "CreateNatGateway", &params)
    };
    let status = async |id: &String| {
        let kind = registry::find("ec2.nat_gateway").expect("a registered type");
        let read = aws.0.read(kind, std::slice::from_ref(id)).await.expect("a read");
        read.first().map(|nat| nat.status.clone())
    };
    let (first, second) = (create("subnet-1"), create("subnet-2"));
    sleep(Duration::from_secs(105)).await;
    assert_eq!(status(&first).await, Some(Status::Ready));
    let failed = "Resource.AlreadyAssociated: Elastic IP address eipalloc-1 is already associated";
    assert_eq!(status(&second).await, Some(Status::Failed(failed.into())));
    for id in [&first, &second] {
        aws.done("ec2.nat_gateway", Some(id), "DeleteNatGateway", &json!({}));
    }
    sleep(Duration::from_secs(52)).await;
    let third = create("subnet-3");
    sleep(Duration::from_secs(105)).await;
    assert_eq!(status(&third).await, Some(Status::Ready));
}

/// <https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html>
#[tokio::test(start_paused = true)]
async fn a_token_is_forgotten_after_its_time() {
    let aws = slow();
    let params = json!({"domain_name": "example.com", "idempotency_token": "one"});
    let create = || aws.done("acm.certificate", None, "RequestCertificate", &params);
    let first = create();
    assert_eq!(create(), first);
    sleep(Duration::from_secs(3600)).await;
    assert_ne!(create(), first);
}

#[tokio::test(start_paused = true)]
async fn an_injected_fault_of_visibility_is_the_answer_of_the_operation() {
    let kind = registry::find("ec2.subnet").expect("a registered type");
    let [inputs, _] = kind.samples();
    let step = kind.create(&inputs).expect("a sample can be created").remove(0);
    let request = tenon_resources::cloud::Request {
        op: "one",
        kind,
        id: None,
        service: &step.service,
        operation: &step.operation,
        effect: step.effect,
        sets: &step.sets,
        params: &step.params,
        inputs: &inputs,
    };
    let target = FaultTarget::Call(0, crate::sandbox::Fault::NotVisible);
    let cloud = FaultInjector::new(Arc::new(slow().0), target);
    for _ in 0..2 {
        let error = cloud.send(request.clone()).await.expect_err("not visible yet");
        assert_eq!(error.code, "InvalidVpcID.NotFound");
    }
    cloud.send(request).await.expect("visible");
}
