//! How a new version gets in: repositories for images, and a role that a repository's workflows may take on.
//!
//! The workflows themselves are the repository's.

use super::WebService;
use crate::{environment::Environment, scope::Scope};
use tenon_resources::{
    ecr::{Count, ImageRule, Images, Repository, RepositoryOutputs, TagMutability},
    iam::{OidcProvider, Policy, Role, RolePolicy},
    resource::Outputs,
    text,
    value::{Arn, Output},
};

/// Declares a repository for one program's images: a tag stays with its image, so that a deployment can be rolled back to it;
/// images are scanned, and the latest fifty are kept. `disposable` lets it be deleted with images in it.
///
/// ```
/// use tenon::{component::repository, prelude::*};
/// # fn program(s: &mut Scope<'_, Anywhere>) {
/// let images = repository(s, "blog", true);
/// s.output("repository", &images.uri);
/// # }
/// # tenon::declare("doc", Anywhere::Local, program).check().unwrap();
/// ```
#[track_caller]
pub fn repository<E: Environment>(
    s: &mut Scope<'_, E>,
    name: &str,
    disposable: bool,
) -> <RepositoryOutputs as Outputs>::Refs {
    let repository = Repository::new()
        .image_tag_mutability(TagMutability::Immutable)
        .scan_on_push(true)
        .lifecycle([
            ImageRule::new(Images::Untagged, Count::OlderThanDays(7)),
            ImageRule::new(Images::Any, Count::MoreThan(50)).description("What can be rolled back to"),
        ])
        .empty_on_delete(disposable);
    s.add(name, repository)
}

/// A role that the workflows of one repository on GitHub take on without any key: those of the GitHub environment that is
/// called as ours is. They may push images and roll the services, and nothing else.
///
/// The example `shop` has one in place.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The role, for the workflow's `role-to-assume`.
    pub role: Output<Arn>,
}

/// Who signs the tokens of GitHub's workflows (GitHub's guide, "Security hardening your deployments").
const ISSUER: &str = "token.actions.githubusercontent.com";

impl Delivery {
    /// Declares it, for `repository` as `owner/name`.
    pub fn new<E: Environment>(
        s: &mut Scope<'_, E>,
        repository: &str,
        images: &[&Output<Arn>],
        services: &[&WebService],
    ) -> Self {
        let issuer = OidcProvider::new(text!("https://{}", ISSUER)).client_ids(["sts.amazonaws.com"]);
        let issuer = s.add("github", issuer);
        let subject = format!("repo:{repository}:environment:{}", s.env().name());
        let trust = Policy::assumed_by_web_identity(&issuer.id)
            .when("StringEquals", &format!("{ISSUER}:aud"), ["sts.amazonaws.com"])
            .when("StringEquals", &format!("{ISSUER}:sub"), [subject]);
        let role = s.add(
            "role",
            Role::new(trust).description("Deploys from GitHub's workflows"),
        );
        let policy = grant(s, images, services);
        s.add("role-may", RolePolicy::new(&role.id, policy));
        Self { role: role.arn }
    }
}

fn grant<E: Environment>(s: &Scope<'_, E>, images: &[&Output<Arn>], services: &[&WebService]) -> Policy {
    let (account, region) = (s.account(), s.region());
    let family = |service: &&WebService| {
        text!(
            "arn:aws:ecs:{}:{}:task-definition/{}:*",
            &region,
            &account,
            &service.family
        )
    };
    let roll =
        Policy::allow(["ecs:DescribeServices", "ecs:UpdateService"]).on(services.iter().map(|s| &s.arn));
    let define =
        Policy::allow(["ecs:RegisterTaskDefinition", "ecs:TagResource"]).on(services.iter().map(family));
    // AWS knows no resource for these two (Service Authorization Reference, ECS and ECR).
    let look = Policy::allow(["ecs:DescribeTaskDefinition"]).on(["*"]);
    let pass = Policy::allow(["iam:PassRole"])
        .on(services.iter().flat_map(|s| [&s.execution_role, &s.task_role]))
        .when("StringEquals", "iam:PassedToService", ["ecs-tasks.amazonaws.com"]);
    let policy = roll.and(define).and(look).and(pass);
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
    let sign_in = Policy::allow(["ecr:GetAuthorizationToken"]).on(["*"]);
    policy
        .and(Policy::allow(push).on(images.iter().copied()))
        .and(sign_in)
}
