//! `bootstrap github`: the account's OIDC provider for GitHub, and the roles that workflows of one repository assume.
//!
//! A stack of its own without stored state, as the bucket of the states is: each run finds it again by its ownership tags. The provider is
//! one of an account and not of an environment: it is looked up, and made only where there is none.

use super::{apply::ExecutionArgs, bootstrap::carry_out, connect::AwsConfig, deployment::Deployment};
use crate::{Anywhere, error::CliError, ui::Ui};
use tenon_language::component::{GITHUB_ISSUER, GithubRepository};
use tenon_planner::Declared;
use tenon_resources::{
    cloud::{Caller, Cloud},
    iam::{ManagedPolicy, OidcProvider, Policy, PolicyAttachment, Role, RolePolicy},
    registry, text,
    value::{Arn, Input, IntoInput as _, Owner, Part, Tags},
};

/// The managed policy of a role that plans, beside which reading secrets is denied.
const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

/// Create the account's OIDC provider for GitHub, and the roles that the workflows of a repository assume
///
/// A role trusts jobs in one of GitHub's environments: let those environments admit the main branch alone. A second run changes only what
/// differs. Example: `bootstrap github shop@123/catalog@456 --apply prod --apply staging`.
#[derive(clap::Args, Debug)]
pub(super) struct Github {
    /// The repository, with its ids: `owner@OWNER_ID/name@ID`; `gh api repos/OWNER/NAME --jq '.owner.id, .id'` prints them
    ///
    /// Tokens of repositories that were made or renamed since July 2026 have the ids in their subject; without ids, no such repository can
    /// assume the roles.
    repository: GithubRepository,
    /// GitHub's environment whose jobs plan and look for drift
    #[arg(long, value_name = "NAME", default_value = "plan")]
    plan: String,
    /// GitHub's environment whose jobs apply; may be repeated
    #[arg(long, value_name = "NAME")]
    apply: Vec<String>,
    /// The managed policy of roles that apply
    ///
    /// The session policy of each plan narrows it to that plan's calls.
    #[arg(
        long,
        value_name = "ARN",
        default_value = "arn:aws:iam::aws:policy/PowerUserAccess"
    )]
    apply_policy: String,
    /// The managed policy that bounds roles that apply, whatever their other policies allow [default: one that is made]
    ///
    /// The one that is made lets a role neither change itself, the other roles of workflows, the provider and the boundary, nor make users
    /// and their keys, nor give a role the policy `AdministratorAccess`, nor speak to the organization.
    #[arg(long, value_name = "ARN")]
    boundary: Option<String>,
    #[command(flatten)]
    execution: ExecutionArgs,
}

pub(super) async fn run(
    ui: &Ui,
    deployment: &Deployment<'_>,
    aws: &AwsConfig,
    args: &Github,
) -> Result<u8, CliError> {
    if args.repository.ids.is_none() {
        ui.warn("without ids, tokens of repositories that were made or renamed since 2026-07-15 are refused");
    }
    for name in args.apply.iter().chain([&args.plan]) {
        let ok = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if name.is_empty() || !name.chars().all(ok) {
            return Err(CliError::usage(format!(
                "`{}` is no name of an environment",
                name.escape_debug()
            )));
        }
    }
    let connected = deployment.connect_in(aws, None).await?;
    let caller = &connected.caller;
    let ours = declared_owner(args);
    let there = There {
        provider: provider_of_others(&*connected.cloud, caller, &ours).await?,
        boundary: boundary_is_there(&*connected.cloud, caller, args).await?,
    };
    if there.provider {
        ui.note("the account has an OIDC provider for GitHub already: it is used as it is");
    }
    let declared = declared(args, caller, there);
    let named = there.boundary.then(|| ("boundary", boundary_arn(args, caller)));
    let done = carry_out(ui, deployment, &connected, (&declared, named), &args.execution).await?;
    for name in std::iter::once(&args.plan).chain(&args.apply) {
        ui.note(&format!(
            "jobs in the environment `{name}` may assume arn:aws:iam::{}:role/{}",
            caller.account,
            role_name(args, name)
        ));
    }
    if done.is_none() {
        ui.note("the roles are up to date");
    }
    Ok(done.unwrap_or(crate::error::exit::DONE))
}

/// The stack's name of the roles of a repository: `tenon-github`, and an environment for each repository.
fn env_of(args: &Github) -> String {
    let name = format!("{}-{}", args.repository.owner, args.repository.name);
    name.chars().take(48).collect()
}

fn declared_owner(args: &Github) -> Owner {
    Owner::of_stack("tenon-github", &env_of(args))
}

fn role_name(args: &Github, environment: &str) -> String {
    let name = format!("tenon-{}-{environment}", args.repository.name);
    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html: 64 characters.
    name.chars().take(64).collect()
}

fn provider_arn(caller: &Caller) -> String {
    format!("arn:aws:iam::{}:oidc-provider/{GITHUB_ISSUER}", caller.account)
}

/// `true` if the account has the provider, and somebody else made it.
async fn provider_of_others(cloud: &dyn Cloud, caller: &Caller, ours: &Owner) -> Result<bool, CliError> {
    let kind = registry::find("iam.oidc_provider")
        .ok_or_else(|| CliError::new(crate::error::Kind::Bug, "there is no `iam.oidc_provider`"))?;
    let found = cloud.read(kind, &[provider_arn(caller)]).await;
    let found = found.map_err(|e| CliError::failed("could not look up the OIDC provider").because(e))?;
    let owned = found.first().map(|o| {
        let tags: Tags = serde_json::from_value(o.inputs["tags"].clone()).unwrap_or_default();
        ours.owns(&tags)
    });
    Ok(owned == Some(false))
}

/// Parts that are there already.
#[derive(Clone, Copy, Debug)]
struct There {
    /// The OIDC provider, by somebody else: it is used as it is.
    provider: bool,
    /// The boundary: one of its name, with our tags or, by an earlier version, without. It is brought to what this version says.
    boundary: bool,
}

/// The type of the boundary.
const MANAGED_POLICY: &str = "iam.managed_policy";

fn boundary_name(args: &Github) -> String {
    let name: String = args.repository.name.chars().take(100).collect();
    format!("tenon-{name}-boundary-1")
}

fn boundary_arn(args: &Github, caller: &Caller) -> String {
    format!("arn:aws:iam::{}:policy/{}", caller.account, boundary_name(args))
}

async fn boundary_is_there(cloud: &dyn Cloud, caller: &Caller, args: &Github) -> Result<bool, CliError> {
    let Some(kind) = registry::find(MANAGED_POLICY).filter(|_| args.boundary.is_none()) else {
        return Ok(false);
    };
    let found = cloud.read(kind, &[boundary_arn(args, caller)]).await;
    let found = found.map_err(|e| CliError::failed("could not look up the boundary").because(e))?;
    Ok(!found.is_empty())
}

/// The boundary of roles that apply: everything but what would lift it, and what no stack is made of.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>
fn boundary(args: &Github, caller: &Caller) -> Policy {
    let account = &caller.account;
    let iam = |rest: String| format!("arn:aws:iam::{account}:{rest}");
    let admin = Policy::deny(["iam:AttachRolePolicy", "iam:AttachGroupPolicy"])
        .on(["*"])
        .when(
            "ArnEquals",
            "iam:PolicyARN",
            ["arn:aws:iam::aws:policy/AdministratorAccess"],
        );
    let ours = [
        iam(format!("role/tenon-{}-*", args.repository.name)),
        iam(format!("policy/{}", boundary_name(args))),
        iam(format!("oidc-provider/{GITHUB_ISSUER}")),
    ];
    let writes = [
        "iam:Add*",
        "iam:Attach*",
        "iam:Create*",
        "iam:Delete*",
        "iam:Detach*",
        "iam:Put*",
        "iam:Remove*",
        "iam:Set*",
        "iam:Tag*",
        "iam:Untag*",
        "iam:Update*",
    ];
    let people = [
        "iam:CreateUser",
        "iam:CreateAccessKey",
        "iam:CreateLoginProfile",
        "iam:UpdateLoginProfile",
        "iam:AttachUserPolicy",
        "iam:PutUserPolicy",
        "iam:AddUserToGroup",
    ];
    Policy::from([
        Policy::allow(["*"]).on(["*"]),
        Policy::deny(writes).on(ours),
        Policy::deny(people).on(["*"]),
        admin,
        Policy::deny(["organizations:*", "account:*"]).on(["*"]),
    ])
}

fn declared(args: &Github, caller: &Caller, there: There) -> Declared {
    let mut declared = crate::declare("tenon-github", Anywhere::Aws, |s| {
        let bound: Option<Input<Arn>> = match (&args.boundary, args.apply.is_empty()) {
            (Some(arn), _) => Some(Input::Known(Arn::from(arn.as_str()))),
            (None, true) => None,
            (None, false) => {
                let bounds = ManagedPolicy::new(boundary(args, caller))
                    .policy_name(boundary_name(args))
                    .description(format!("Bounds the workflows of {}", args.repository));
                Some(s.add("boundary", bounds).arn.into_input())
            }
        };
        let provider: Part = if there.provider {
            provider_arn(caller).into()
        } else {
            let provider =
                OidcProvider::new(text!("https://{}", GITHUB_ISSUER)).client_ids(["sts.amazonaws.com"]);
            (&s.add("oidc-provider", provider).id).into()
        };
        let mut role = |environment: &str, policies: &[&str], boundary: Option<Input<Arn>>| {
            s.within(environment, |s| {
                let trust = args.repository.trusted(provider.clone(), environment);
                let mut role = Role::new(trust)
                    .role_name(role_name(args, environment))
                    .description(format!("Workflows of {}", args.repository));
                if let Some(arn) = boundary {
                    role = role.permissions_boundary(arn);
                }
                let role = s.add("role", role);
                for (n, policy) in policies.iter().enumerate() {
                    s.add(&format!("policy-{n}"), PolicyAttachment::new(&role.id, *policy));
                }
                role.id
            })
        };
        let plan = role(&args.plan, &[READ_ONLY], None);
        for environment in &args.apply {
            role(environment, &[&args.apply_policy], bound.clone());
        }
        // ReadOnlyAccess reads parameters and objects; what is secret is no part of a plan.
        let secrets = Policy::deny([
            "secretsmanager:GetSecretValue",
            "ssm:GetParameter*",
            "kms:Decrypt",
        ])
        .on(["*"]);
        s.add("no-secrets", RolePolicy::new(&plan, secrets));
    });
    declared.env = env_of(args);
    for declaration in declared.resources.values_mut() {
        declaration.location = "tenon bootstrap github".into();
    }
    declared
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::bootstrap::found;
    use clap::Parser;
    use serde_json::json;
    use std::sync::Arc;
    use tenon_planner::{
        Check,
        event::quiet,
        execute::Executor,
        sandbox::{Sandbox, SandboxConfig},
    };

    #[derive(Parser)]
    struct Flags {
        #[command(flatten)]
        github: Github,
    }

    fn args(text: &[&str]) -> Github {
        Flags::parse_from(std::iter::once(&"test").chain(text)).github
    }

    fn caller() -> Caller {
        Caller {
            account: "111111111111".into(),
            region: "eu-west-1".into(),
            arn: String::new(),
            endpoints: std::collections::BTreeMap::new(),
        }
    }

    #[test]
    fn roles_trust_both_forms_of_the_subject_and_a_provider_that_is_there_is_not_made_again() {
        let args = args(&[
            "shop@1/catalog@2",
            "--apply",
            "prod",
            "--boundary",
            "arn:aws:iam::111111111111:policy/b",
        ]);
        for (shared, resources) in [(false, 6), (true, 5)] {
            let there = There {
                provider: shared,
                boundary: false,
            };
            let declared = declared(&args, &caller(), there);
            declared.check().expect("a stack that can be");
            assert_eq!(declared.resources.len(), resources);
            let role = &declared.resources["prod/role"].inputs;
            let text = role.to_string();
            for subject in [
                "repo:shop@1/catalog@2:environment:prod",
                "repo:shop/catalog:environment:prod",
            ] {
                assert!(text.contains(subject), "{text}");
            }
            assert!(!text.contains('*') && text.contains("policy/b"), "{text}");
            assert_eq!(shared, text.contains("arn:aws:iam::111111111111:oidc-provider/"));
        }
    }

    #[test]
    fn roles_that_apply_are_bounded_and_cannot_lift_it() {
        let args = args(&["shop@1/catalog@2", "--apply", "prod", "--apply", "preview"]);
        let of = |boundary| {
            let there = There {
                provider: true,
                boundary,
            };
            let declared = declared(&args, &caller(), there);
            declared.check().expect("a stack that can be");
            declared
        };
        // It is declared whether it is there or not: one that is there is brought to what is declared.
        let (made, there) = (of(false), of(true));
        assert_eq!(made.resources.len(), there.resources.len());
        let arn = "arn:aws:iam::111111111111:policy/tenon-catalog-boundary-1";
        for env in ["prod", "preview"] {
            let bound = made.resources[&format!("{env}/role")].inputs["permissions_boundary"].to_string();
            assert!(bound.contains("boundary"), "{bound}");
        }
        assert!(made.resources["plan/role"].inputs["permissions_boundary"].is_null());
        let document = boundary(&args, &caller()).text().unwrap();
        for denied in [
            arn,
            "role/tenon-catalog-*",
            "iam:Delete*",
            "iam:Put*",
            "iam:Set*",
            "AdministratorAccess",
            "organizations:*",
        ] {
            assert!(document.contains(denied), "{denied}");
        }
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: 6,144 characters.
        assert!(document.len() < 6_144, "{}", document.len());
        assert!(boundary_name(&args).len() <= 128);
    }

    #[tokio::test]
    async fn the_boundary_of_an_earlier_version_is_updated() {
        let sandbox = Arc::new(Sandbox::in_memory(SandboxConfig::instant()));
        let caller = sandbox.caller().await.unwrap();
        let args = args(&["shop@1/catalog@2", "--apply", "prod"]);
        // One run of the command, but for the flags: what it calls, on what.
        let run = async || {
            let boundary = boundary_is_there(&*sandbox, &caller, &args).await.unwrap();
            let there = There {
                provider: false,
                boundary,
            };
            let declared = declared(&args, &caller, there);
            let named = boundary.then(|| ("boundary", boundary_arn(&args, &caller)));
            let (store, plan) = found(&*sandbox, &caller, &declared, named).await.unwrap();
            let executor = Executor::new(sandbox.clone(), store, quiet());
            let summary = executor.apply(&plan).await.unwrap();
            assert!(summary.complete(), "{:?}", summary.failed);
            executor.store.close().await.unwrap();
            let calls = plan
                .mutating()
                .map(|c| (c.address.clone(), c.step.operation.to_string()));
            calls.collect::<Vec<_>>()
        };
        let made = run().await;
        assert!(
            made.contains(&("boundary".into(), "CreatePolicy".into())),
            "{made:?}"
        );
        assert_eq!(run().await, []);
        // The version before this one said less, and left no tags.
        let arn = boundary_arn(&args, &caller);
        let old = serde_json::to_value(Policy::from(Policy::allow(["*"]).on(["*"]))).unwrap();
        assert!(sandbox.tamper(MANAGED_POLICY, &arn, "policy", old));
        assert!(sandbox.tamper(MANAGED_POLICY, &arn, "tags", json!({})));
        let updated = run().await;
        let of = |operation: &str| ("boundary".to_owned(), operation.to_owned());
        assert!(updated.contains(&of("CreatePolicyVersion")), "{updated:?}");
        assert!(updated.contains(&of("TagPolicy")), "{updated:?}");
        assert!(
            updated.iter().all(|(address, _)| address == "boundary"),
            "{updated:?}"
        );
        assert_eq!(run().await, []);
    }
}
