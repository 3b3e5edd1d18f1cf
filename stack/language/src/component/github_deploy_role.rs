//! An IAM role that GitHub Actions workflows of one repository assume to deploy new images, without stored keys.

use super::{GithubRepository, WebService, github_repository::GITHUB_ISSUER};
use crate::{environment::Environment, scope::Scope};
use tenon_resources::{
    iam::{Policy, Role, RolePolicy},
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

impl GithubDeployRole {
    /// Declares the role for workflows of `repository`. `images` are the ARNs of ECR repositories that workflows push to.
    ///
    /// The account's OIDC provider for GitHub is not part of it: an account has one for each issuer
    /// (<https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html>), so environments share it. `tenon
    /// bootstrap github` makes it.
    pub fn new<E: Environment>(
        s: &mut Scope<'_, E>,
        repository: &GithubRepository,
        images: &[&Output<Arn>],
        services: &[&WebService],
    ) -> Self {
        let provider = text!("arn:aws:iam::{}:oidc-provider/{}", &s.account(), GITHUB_ISSUER);
        let trust = repository.trusted(provider, s.env().name());
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
