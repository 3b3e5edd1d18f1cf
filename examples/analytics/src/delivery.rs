//! The role of the pipelines: GitHub's workflows release the dashboard and the application with it, without stored keys.

use super::{Env, site::Site, storage::Releases};
use tenon::{
    Environment, Scope,
    component::{GITHUB_ISSUER, GithubRepository},
    resources::{
        iam::{Policy, Role, RolePolicy},
        text,
        value::{Arn, Output},
    },
};

/// Declares the role and its policy: exactly what the scripts in `deploy` call. It reads no secret, deletes nothing, and changes
/// nothing of the stack.
pub(super) fn role(
    s: &mut Scope<'_, Env>,
    repository: &GithubRepository,
    site: &Site,
    releases: &Releases,
) -> Output<Arn> {
    let (account, region) = (s.account(), s.region());
    let provider = text!("arn:aws:iam::{}:oidc-provider/{}", &account, GITHUB_ISSUER);
    let trust = repository.trusted(provider, s.env().name());
    let role = s.add(
        "role",
        Role::new(trust).description("Releases from GitHub's workflows"),
    );
    let document = text!(
        "arn:aws:ssm:{}:{}:document/{}",
        &region,
        &account,
        &releases.document
    );
    let hosts = text!("arn:aws:ec2:{}:{}:instance/*", &region, &account);
    let fleet = format!("{}-{}", s.stack(), s.env().name());
    let policy = Policy::allow(["s3:GetObject", "s3:PutObject"])
        .sid("Files")
        .on([
            text!("{}/*", &site.bucket_arn),
            text!("{}/*", &releases.bucket.arn),
        ])
        .and(
            Policy::allow(["s3:ListBucket"])
                .sid("Lists")
                .on([&site.bucket_arn, &releases.bucket.arn]),
        )
        .and(
            Policy::allow(["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"])
                .sid("Invalidation")
                .on([&site.distribution_arn]),
        )
        .and(Policy::allow(["ssm:SendCommand"]).sid("Document").on([document]))
        .and(Policy::allow(["ssm:SendCommand"]).sid("Hosts").on([hosts]).when(
            "StringEquals",
            "ssm:resourceTag/fleet",
            [fleet],
        ))
        // It supports no resource (Service Authorization Reference, "AWS Systems Manager").
        .and(Policy::allow(["ssm:ListCommands"]).sid("Progress").on(["*"]));
    s.add("role-policy", RolePolicy::new(&role.id, policy));
    role.arn
}
