//! `permissions`: the least IAM policies for a plan's calls.

use super::{
    key::StateKey,
    select::Select,
    session::{Session, saved_plan},
};
use crate::{
    backend::Location,
    error::{CliError, exit},
    ui::Ui,
};
use std::path::PathBuf;
use tenon_planner::{
    Plan,
    permissions::{Policy, Purpose, StateAccess, needs, needs_of, policies, policies_of, roles, session},
};

/// Print the IAM policies that the calls of a plan need
///
/// One policy, or a list of several where one would be longer than IAM takes. What only people do is not among them: `logs` needs
/// `logs:FilterLogEvents` of the log groups. Example: `permissions my.plan > policy.json`.
#[derive(clap::Args, Debug)]
pub(super) struct Permissions {
    /// Saved plan, from `plan --out FILE` [default: plan now]
    pub(super) plan: Option<PathBuf>,
    /// Include every call of the plan's resource types, also for later changes and for destroy
    #[arg(long)]
    all: bool,
    /// The permissions to make the plan, with the reading of secrets denied
    #[arg(long, conflicts_with_all = ["all", "session"])]
    read: bool,
    /// A policy for `AssumeRole`, within 2,048 characters: actions without resources, widened where they would be too long
    #[arg(long)]
    session: bool,
    /// The permissions of a role that the plan assumes, by its ARN, instead of those of the credentials
    #[arg(long, value_name = "ARN")]
    of: Option<String>,
    #[command(flatten)]
    select: Select,
}

/// Of a saved plan; with a session, for its state, too.
pub(super) fn saved(ui: &Ui, args: &Permissions, session: Option<&Session<'_>>) -> Result<u8, CliError> {
    let path = args
        .plan
        .as_deref()
        .ok_or_else(|| CliError::usage("which plan?"))?;
    let saved = saved_plan(path)?;
    let plan = saved.unverified();
    let state = session.map_or_else(
        || Ok(StateAccess::default()),
        |session| state_access(session, plan),
    )?;
    write(ui, plan, args, &state)
}

pub(super) async fn run(session: &Session<'_>, args: &Permissions) -> Result<u8, CliError> {
    if args.plan.is_some() {
        return saved(&session.ui, args, Some(session));
    }
    let plan = session.plan(&args.select, false).await?;
    write(&session.ui, &plan, args, &state_access(session, &plan)?)
}

/// The permissions that the state's location and key need.
fn state_access(session: &Session<'_>, plan: &Plan) -> Result<StateAccess, CliError> {
    let deployment = &session.deployment;
    let bucket = match &deployment.location {
        Location::S3 { bucket, key, .. } => {
            let folder = format!("{}/{}/", deployment.identity.stack, deployment.identity.env);
            let prefix = if key.is_empty() {
                folder
            } else {
                format!("{key}/{folder}")
            };
            Some((bucket.clone(), prefix))
        }
        _ => None,
    };
    let kms_key = match StateKey::current(deployment.global)? {
        StateKey::Kms(key) if key.starts_with("arn:") => Some(key),
        // An alias is no resource that IAM compares with.
        StateKey::Kms(key) => {
            let id = if key.starts_with("alias/") {
                "*".into()
            } else {
                key
            };
            Some(format!("arn:aws:kms:{}:{}:key/{id}", plan.region, plan.account))
        }
        _ => None,
    };
    Ok(StateAccess { bucket, kms_key })
}

fn write(ui: &Ui, plan: &Plan, args: &Permissions, state: &StateAccess) -> Result<u8, CliError> {
    let purpose = match args {
        Permissions { read: true, .. } => Purpose::Read,
        Permissions { all: true, .. } => Purpose::All,
        _ => Purpose::Apply,
    };
    let assumed = roles(plan);
    if let Some(role) = args.of.as_deref().filter(|role| !assumed.contains(role)) {
        let known: Vec<&str> = assumed.into_iter().collect();
        let error = CliError::usage(format!("the plan does not assume `{role}`"));
        return Err(error.hint(if known.is_empty() {
            "it assumes no role: everything is in the environment's own account".to_owned()
        } else {
            format!("it assumes {}", known.join(", "))
        }));
    }
    if args.of.is_none() && !assumed.is_empty() {
        let all: Vec<&str> = assumed.into_iter().collect();
        ui.note(&format!(
            "what the roles need is printed by `--of ARN`: {}",
            all.join(", ")
        ));
    }
    if args.session {
        let needed = match &args.of {
            Some(role) => needs_of(plan, purpose, role),
            None => needs(plan, purpose, state),
        };
        let Some(session) = session(&needed) else {
            return Err(CliError::usage(
                "the actions of IAM, KMS, Secrets Manager and STS alone are longer than a session policy may be",
            )
            .hint("plan a part of the stack with --target, or use a role with the policies of `permissions`"));
        };
        ui.json_data(&session.policy)?;
        ui.note(&format!(
            "{} actions are allowed that this plan does not need, because a session policy has room for 2,048 characters",
            session.widened.len()
        ));
        return Ok(exit::DONE);
    }
    let policies = match &args.of {
        Some(role) => policies_of(plan, purpose, role),
        None => policies(plan, purpose, state),
    };
    match policies.as_slice() {
        [one] => ui.json_data(one)?,
        all => {
            ui.json_data(&all)?;
            let lengths: Vec<String> = all.iter().map(|p: &Policy| p.length().to_string()).collect();
            ui.note(&format!(
                "{} policies, of {} characters: a managed policy takes 6,144, and a role 10 of them",
                all.len(),
                lengths.join(", ")
            ));
        }
    }
    Ok(exit::DONE)
}
