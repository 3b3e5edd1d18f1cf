//! Opening the place where a state is kept.

use super::{Global, key::Key};
use crate::{backend::Location, error::CliError, run::Env};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use tenon_state::{Backend, File, Identity, StateHandle};

/// Where the state is, as far as it is known without asking anyone.
pub(super) fn location(global: &Global, env: &Env) -> Result<Location, CliError> {
    match &global.state {
        None => Ok(env.backend.into()),
        // What was said is not repeated: it may have a password in it.
        Some(url) => url.parse().map_err(|why| {
            CliError::usage(format!(
                "--state, or TENON_STATE, names no place for a state: {why}"
            ))
        }),
    }
}

/// The folder of this machine for one environment: its state, when that is kept here, and the sandbox's contents.
pub(super) fn folder(global: &Global, location: &Location, identity: &Identity) -> PathBuf {
    if let Some(folder) = &global.state_dir {
        return folder.clone();
    }
    let above = match location {
        Location::Local(path) => path,
        Location::S3 { .. } | Location::Postgres(_) => Path::new(".tenon"),
    };
    above.join(&identity.stack).join(&identity.env)
}

/// The state at `location`, through what encrypts in front of it when there is a key for it.
pub(super) async fn open(
    global: &Global,
    env: &Env,
    location: &Location,
    folder: &Path,
    identity: &Identity,
) -> Result<StateHandle, CliError> {
    let place = bare(global, env, location, folder, identity).await?;
    let view = Key::current(global)?
        .open(global, env, identity, Arc::clone(&place))
        .await?;
    Ok(StateHandle {
        raw: place,
        encrypted: view,
    })
}

/// The backend at `location`; `folder` is where it is when it is on this machine.
pub(super) async fn bare(
    global: &Global,
    env: &Env,
    location: &Location,
    folder: &Path,
    identity: &Identity,
) -> Result<Arc<dyn Backend>, CliError> {
    Ok(match location {
        _ if global.state_dir.is_some() => Arc::new(File::new(folder)),
        Location::Local(_) => Arc::new(File::new(folder)),
        Location::Postgres(url) => postgres(url, identity)?,
        Location::S3 { bucket, key, region } => {
            let region = region.as_deref().or(env.region());
            s3(global, bucket, key, region, identity).await?
        }
    })
}

/// What is said of what this binary does not have.
#[cfg(not(all(feature = "kms", feature = "postgres", feature = "s3", feature = "encryption")))]
pub(super) fn without(what: &str, feature: &str) -> CliError {
    CliError::failed(format!(
        "the state is {what}, and this binary was built without that"
    ))
    .hint(format!(
        "build it with: `cargo build --release --features {feature}` (the default features have it)"
    ))
}

#[cfg(feature = "postgres")]
fn postgres(url: &str, identity: &Identity) -> Result<Arc<dyn Backend>, CliError> {
    let name = format!("{}/{}", identity.stack, identity.env);
    // The names of libpq, which every client of the database knows.
    let roots = std::env::var_os("PGSSLROOTCERT").map(PathBuf::from);
    let backend = tenon_state::Postgres::new(url, name, roots)?;
    Ok(Arc::new(match std::env::var("PGPASSWORD") {
        Ok(password) => backend.or_password(&password),
        Err(_) => backend,
    }))
}

#[cfg(not(feature = "postgres"))]
fn postgres(_: &str, _: &Identity) -> Result<Arc<dyn Backend>, CliError> {
    Err(without("in a PostgreSQL database", "postgres"))
}

#[cfg(feature = "s3")]
async fn s3(
    global: &Global,
    bucket: &str,
    key: &str,
    region: Option<&str>,
    identity: &Identity,
) -> Result<Arc<dyn Backend>, CliError> {
    let aws = super::session::connect_aws(global, region, "the bucket of the state").await?;
    let prefix = format!("{key}/{}/{}", identity.stack, identity.env);
    // Somebody else's bucket of this name would be handed everything: S3 refuses unless it is this account's.
    let owner = Some(aws.account().to_owned());
    Ok(Arc::new(tenon_state::S3::new(
        aws.s3.clone(),
        bucket,
        &prefix,
        owner,
    )))
}

#[cfg(not(feature = "s3"))]
#[expect(clippy::unused_async, reason = "its other half waits for AWS")]
async fn s3(
    _: &Global,
    _: &str,
    _: &str,
    _: Option<&str>,
    _: &Identity,
) -> Result<Arc<dyn Backend>, CliError> {
    Err(without("in an S3 bucket", "s3"))
}
