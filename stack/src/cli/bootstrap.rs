//! `bootstrap`: creates the bucket that states are kept in.
//!
//! The bucket is a stack of its own, `tenon-state/<bucket>`, without stored state, as there is nowhere to store it yet: each
//! run finds it again by its ownership tags, and completes or corrects what an earlier run began.

use super::{
    apply::{self, ExecutionArgs},
    bootstrap_github,
    connect::{AwsConfig, Connected},
    deployment::Deployment,
};
use crate::{
    Anywhere,
    backend::Location,
    error::{CliError, exit},
    ui::{Ui, WHEN_RIGHT},
};
use std::sync::Arc;
use tenon_planner::{
    Check, Declared, Options, Plan, adopt::import, recover::recover, refresh::unrefreshed, render,
};
use tenon_resources::{
    cloud::{Caller, Cloud},
    iam::Policy,
    s3::{Bucket, BucketPolicy, LifecycleRule},
    text,
};
use tenon_state::{Holder, Identity, Memory, StateWrite, Store};

/// For how many days what was written over can be brought back.
const OLD_VERSIONS_DAYS: u32 = 90;

/// Create the S3 bucket that the state is kept in: versioned, encrypted, private, TLS only; or, with `github`, the roles of workflows
///
/// A second run changes only what differs. Example: `--state s3://my-states/tenon bootstrap`.
#[derive(clap::Args, Debug)]
pub(super) struct Bootstrap {
    #[command(subcommand)]
    of: Option<Of>,
    #[command(flatten)]
    execution: ExecutionArgs,
}

#[derive(clap::Subcommand, Debug)]
enum Of {
    Github(bootstrap_github::Github),
}

pub(super) async fn run(
    ui: &Ui,
    deployment: &Deployment<'_>,
    aws: &AwsConfig,
    args: &Bootstrap,
) -> Result<u8, CliError> {
    if let Some(Of::Github(args)) = &args.of {
        return bootstrap_github::run(ui, deployment, aws, args).await;
    }
    let location = &deployment.location;
    let Location::S3 { bucket, region, .. } = location else {
        let what = format!("the state of {} is kept at {location}", deployment.title());
        return Err(CliError::usage(format!("{what}, which needs no bootstrap")).hint(
            "`--state s3://BUCKET/KEY`, or the environment's `Backend::S3`, names the bucket to create",
        ));
    };
    let declared = declared(bucket);
    let connected = deployment.connect_in(aws, region.as_deref()).await?;
    let Some(code) = carry_out(ui, deployment, &connected, (&declared, None), &args.execution).await? else {
        ui.note(&format!(
            "the bucket {bucket} is up to date; {location} can be used"
        ));
        return Ok(exit::DONE);
    };
    ui.note(&format!(
        "{location} can be used; overwritten and deleted versions are kept for {OLD_VERSIONS_DAYS} days"
    ));
    Ok(code)
}

/// A resource that may carry no ownership tags and is ours by its name: its address and its id.
pub(super) type Named = (&'static str, String);

/// Brings a stack without stored state to what is declared: what there is of it is found by its ownership tags, or by its name. `None`:
/// it was so already.
pub(super) async fn carry_out(
    ui: &Ui,
    deployment: &Deployment<'_>,
    connected: &Connected,
    (declared, named): (&Declared, Option<Named>),
    execution: &ExecutionArgs,
) -> Result<Option<u8>, CliError> {
    let (store, plan) = found(&*connected.cloud, &connected.caller, declared, named).await?;
    if plan.is_empty() {
        store.close().await?;
        return Ok(None);
    }
    if !ui.json {
        ui.talk(&render::text(&plan, &ui.err()));
    }
    apply::approve(ui, &deployment.env, &plan, execution, WHEN_RIGHT)?;
    let executor = apply::reconcile_open_intents(ui, deployment, connected, store, execution).await?;
    Ok(Some(apply::execute(ui, executor, &plan, apply::RUN_AGAIN).await?))
}

/// A store with what there is of a stack, and the plan of what is left to do.
pub(super) async fn found(
    cloud: &dyn Cloud,
    caller: &Caller,
    declared: &Declared,
    named: Option<Named>,
) -> Result<(Store, Plan), CliError> {
    declared.check()?;
    let identity = Identity {
        stack: declared.stack.clone(),
        env: declared.env.clone(),
    };
    let store = Store::open(Arc::new(Memory::default()), Holder::here("bootstrap")?, identity).await?;
    let found = recover(cloud, declared, caller, &store.state()).await?;
    store.record(found.changes(&store.state())).await?;
    if let Some((address, id)) = named.filter(|(address, _)| store.state().current(address).is_none()) {
        let record = import(cloud, declared, caller, &store.state(), address, &id, true).await?;
        store.record(vec![StateWrite::Put(record)]).await?;
    }
    store.checkpoint().await?;
    let refreshed = unrefreshed(&store.state());
    let plan = tenon_planner::plan(declared, &refreshed, caller, &Options::default())?;
    Ok((store, plan))
}

/// The bucket, and that it is spoken to only in secret.
fn declared(bucket: &str) -> Declared {
    let mut declared = crate::declare("tenon-state", Anywhere::Aws, |s| {
        let tidy = LifecycleRule::new("tidy").expire_old_versions_after(OLD_VERSIONS_DAYS);
        let made = s.add(
            "bucket",
            Bucket::new()
                .bucket_name(bucket)
                .versioning(true)
                .lifecycle([tidy]),
        );
        let objects = text!("{}/*", &made.arn);
        let in_the_clear = Policy::deny(["s3:*"])
            .anyone()
            .on([text!("{}", &made.arn), objects])
            .when("Bool", "aws:SecureTransport", ["false"]);
        s.add("tls-only", BucketPolicy::new(&made.id, in_the_clear));
    });
    // One account may have several: what is found of one must not be taken for part of another.
    declared.env = bucket.into();
    // It is in no program of the reader's.
    for declaration in declared.resources.values_mut() {
        declaration.location = "tenon bootstrap".into();
    }
    declared
}
