//! Identity and Access Management, and Certificate Manager.

use super::{Account, refused};
use serde_json::json;

/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>
#[test]
fn a_second_role_of_a_name_in_another_path() {
    let aws = Account::new();
    let create = |path: &str| {
        let params = json!({"role_name": "web", "path": path});
        aws.call("iam.role", Some("web"), "CreateRole", &params)
    };
    create("/").expect("the first");
    refused!(create("/service/"), "EntityAlreadyExists");
}

/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html>
#[test]
fn a_delete_of_a_role_with_policies() {
    let aws = Account::new();
    aws.done(
        "iam.role",
        Some("web"),
        "CreateRole",
        &json!({"role_name": "web"}),
    );
    let inline = json!({"role_name": "web", "policy_name": "logs"});
    aws.done("iam.role_policy", Some("web|logs"), "PutRolePolicy", &inline);
    aws.done("iam.role_policy", Some("web|logs"), "PutRolePolicy", &inline);
    let attached = json!({"role_name": "web", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"});
    aws.done(
        "iam.policy_attachment",
        Some("web|arn"),
        "AttachRolePolicy",
        &attached,
    );
    let delete = || aws.call("iam.role", Some("web"), "DeleteRole", &json!({}));
    refused!(delete(), "DeleteConflict");
    aws.done(
        "iam.role_policy",
        Some("web|logs"),
        "DeleteRolePolicy",
        &json!({}),
    );
    refused!(delete(), "DeleteConflict");
    aws.done(
        "iam.policy_attachment",
        Some("web|arn"),
        "DetachRolePolicy",
        &json!({}),
    );
    delete().expect("it has no policies");
}

/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html>
#[test]
fn a_second_identity_provider_of_a_url() {
    let aws = Account::new();
    let create = |url: &str| {
        let params = json!({"url": url});
        aws.call("iam.oidc_provider", None, "CreateOpenIDConnectProvider", &params)
    };
    create("https://gitlab.com").expect("the first");
    refused!(create("https://gitlab.com"), "EntityAlreadyExists");
    create("https://token.actions.githubusercontent.com").expect("another URL");
}

/// <https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html>
#[test]
fn a_delete_of_a_certificate_that_a_listener_uses() {
    let aws = Account::new();
    let params = json!({"domain_name": "example.com", "idempotency_token": "one"});
    let [one, two] = ["one", "two"].map(|token| {
        let params = json!({"domain_name": "example.com", "idempotency_token": token});
        aws.done("acm.certificate", None, "RequestCertificate", &params)
    });
    assert_eq!(
        aws.done("acm.certificate", None, "RequestCertificate", &params),
        one
    );
    let listener = json!({"load_balancer_arn": "lb-1", "port": 443, "certificates": [one]});
    let listener = aws.done("elb.listener", None, "CreateListener", &listener);
    aws.done(
        "elb.listener",
        Some(&listener),
        "AddListenerCertificates",
        &json!({"certificates": [two]}),
    );
    for certificate in [&one, &two] {
        let delete = aws.call(
            "acm.certificate",
            Some(certificate),
            "DeleteCertificate",
            &json!({}),
        );
        refused!(delete, "ResourceInUseException");
    }
    aws.done(
        "elb.listener",
        Some(&listener),
        "RemoveListenerCertificates",
        &json!({"certificates": [two]}),
    );
    aws.done("acm.certificate", Some(&two), "DeleteCertificate", &json!({}));
}

/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html>
#[test]
fn a_delete_of_a_policy_that_is_attached_or_has_versions() {
    let aws = Account::new();
    let document = json!({"policy_name": "reads", "policy_document": {}});
    let id = aws.done("iam.managed_policy", None, "CreatePolicy", &document);
    let call = |operation: &str| aws.call("iam.managed_policy", Some(&id), operation, &json!({}));
    refused!(
        aws.call("iam.managed_policy", None, "CreatePolicy", &document),
        "EntityAlreadyExists"
    );
    let attached = json!({"role_name": "web", "policy_arn": id});
    aws.done(
        "iam.policy_attachment",
        Some("web|reads"),
        "AttachRolePolicy",
        &attached,
    );
    refused!(call("DeletePolicy"), "DeleteConflict");
    aws.done(
        "iam.policy_attachment",
        Some("web|reads"),
        "DetachRolePolicy",
        &json!({}),
    );
    call("CreatePolicyVersion").expect("a version");
    refused!(call("DeletePolicy"), "DeleteConflict");
    call("DeletePolicyVersion").expect("the other versions");
    call("DeletePolicy").expect("it has one version");
}

/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html>
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteInstanceProfile.html>
#[test]
fn a_second_role_in_an_instance_profile_and_a_delete_with_one() {
    let aws = Account::new();
    aws.done(
        "iam.role",
        Some("web"),
        "CreateRole",
        &json!({"role_name": "web"}),
    );
    let call = |operation: &str, role: &str| {
        let params = json!({"instance_profile_name": "web", "role_name": role});
        aws.call("iam.instance_profile", Some("web"), operation, &params)
    };
    let name = json!({"instance_profile_name": "web"});
    aws.done(
        "iam.instance_profile",
        Some("web"),
        "CreateInstanceProfile",
        &name,
    );
    call("AddRoleToInstanceProfile", "web").expect("the first");
    refused!(call("AddRoleToInstanceProfile", "other"), "LimitExceeded");
    refused!(call("DeleteInstanceProfile", "web"), "DeleteConflict");
    refused!(
        aws.call("iam.role", Some("web"), "DeleteRole", &json!({})),
        "DeleteConflict"
    );
    refused!(call("RemoveRoleFromInstanceProfile", "other"), "NoSuchEntity");
    call("RemoveRoleFromInstanceProfile", "web").expect("it has it");
    call("DeleteInstanceProfile", "web").expect("it has no role");
    aws.done("iam.role", Some("web"), "DeleteRole", &json!({}));
}

/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html>
#[test]
fn a_delete_of_a_user_with_a_policy() {
    let aws = Account::new();
    let name = json!({"user_name": "mail"});
    aws.done("iam.user", Some("mail"), "CreateUser", &name);
    refused!(
        aws.call("iam.user", Some("mail"), "CreateUser", &name),
        "EntityAlreadyExists"
    );
    let policy = json!({"policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"});
    let call = |operation: &str| aws.call("iam.user", Some("mail"), operation, &policy);
    refused!(call("DetachUserPolicy"), "NoSuchEntity");
    call("AttachUserPolicy").expect("the first time");
    call("AttachUserPolicy").expect("it succeeds twice");
    refused!(call("DeleteUser"), "DeleteConflict");
    call("DetachUserPolicy").expect("it is attached");
    call("DeleteUser").expect("it has no policy");
}
