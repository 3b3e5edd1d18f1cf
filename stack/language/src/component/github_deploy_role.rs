//! An IAM role that GitHub Actions workflows of one repository assume to deploy new images, without stored keys.

use super::WebService;
use crate::{environment::Environment, scope::Scope};
use tenon_resources::{
    iam::{OidcProvider, Policy, Role, RolePolicy},
    text,
    value::{Arn, Output},
};

/// A role for the workflows of one GitHub repository: jobs that run in the GitHub environment with the name of this
/// environment can assume it. It may push images and deploy the services, and nothing else.
///
/// The example `shop` declares one.
#[derive(Clone, Debug)]
pub struct GithubDeployRole {
    /// ARN of the role, for `role-to-assume` in the workflow.
    pub role: Output<Arn>,
}

/// Issuer of the OIDC tokens of GitHub Actions (GitHub's guide, "Security hardening your deployments").
const ISSUER: &str = "token.actions.githubusercontent.com";

impl GithubDeployRole {
    /// Declares the role and the OIDC provider for `repository`, which is `owner/name`. `images` are the ARNs of ECR
    /// repositories that workflows push to.
    pub fn new<E: Environment>(
        s: &mut Scope<'_, E>,
        repository: &str,
        images: &[&Output<Arn>],
        services: &[&WebService],
    ) -> Self {
        let provider = OidcProvider::new(text!("https://{}", ISSUER)).client_ids(["sts.amazonaws.com"]);
        s.moved("github", "oidc-provider");
        let provider = s.add("oidc-provider", provider);
        let subject = format!("repo:{repository}:environment:{}", s.env().name());
        let trust = Policy::assumed_by_web_identity(&provider.id)
            .when("StringEquals", &format!("{ISSUER}:aud"), ["sts.amazonaws.com"])
            .when("StringEquals", &format!("{ISSUER}:sub"), [subject]);
        let role = s.add(
            "role",
            Role::new(trust).description("Deploys from GitHub's workflows"),
        );
        let policy = policy(s, images, services);
        s.moved("role-may", "role-policy");
        s.add("role-policy", RolePolicy::new(&role.id, policy));
        Self { role: role.arn }
    }
}

/// Permissions to push to `images` and to deploy `services`.
fn policy<E: Environment>(s: &Scope<'_, E>, images: &[&Output<Arn>], services: &[&WebService]) -> Policy {
    let (account, region) = (s.account(), s.region());
    let task_definitions = services.iter().map(|service| {
        text!(
            "arn:aws:ecs:{}:{}:task-definition/{}:*",
            &region,
            &account,
            &service.family
        )
    });
    let update =
        Policy::allow(["ecs:DescribeServices", "ecs:UpdateService"]).on(services.iter().map(|s| &s.arn));
    let register = Policy::allow(["ecs:RegisterTaskDefinition", "ecs:TagResource"]).on(task_definitions);
    // DescribeTaskDefinition and GetAuthorizationToken support no resource (Service Authorization Reference, ECS and ECR).
    let describe = Policy::allow(["ecs:DescribeTaskDefinition"]).on(["*"]);
    let roles = services.iter().flat_map(|s| [&s.execution_role, &s.task_role]);
    let pass_role = Policy::allow(["iam:PassRole"]).on(roles).when(
        "StringEquals",
        "iam:PassedToService",
        ["ecs-tasks.amazonaws.com"],
    );
    let policy = update.and(register).and(describe).and(pass_role);
    if images.is_empty() {
        return policy;
    }
    let push = [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:GetDownloadUrlForLayer",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
    ];
    policy
        .and(Policy::allow(push).on(images.iter().copied()))
        .and(Policy::allow(["ecr:GetAuthorizationToken"]).on(["*"]))
}
