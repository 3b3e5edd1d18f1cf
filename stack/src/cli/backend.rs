//! Opening the backend that a state is kept in.

use super::{connect::AwsConfig, deployment::Deployment, key::StateKey};
use crate::{backend::Location, error::CliError};
use std::{
    env, fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};
use tenon_state::{Backend, File, Identity, Seen, StateHandle};

/// The state of `deployment`, encrypted with the key that the command line and the environment's variables give, if any.
pub(super) async fn open_backend(
    deployment: &Deployment<'_>,
    aws: &AwsConfig,
) -> Result<StateHandle, CliError> {
    let raw = open_unencrypted(deployment, aws).await?;
    let key = StateKey::current(deployment.global)?;
    let mut encrypted = key.open(deployment, aws, Arc::clone(&raw)).await?;
    if let Some(path) = seen(deployment, &*raw) {
        let keeps = !matches!(key, StateKey::Clear);
        encrypted = Arc::new(Seen::new(encrypted, path, keeps));
    }
    Ok(StateHandle { raw, encrypted })
}

/// The file that remembers how far this machine has seen a state: below `XDG_STATE_HOME`, or `~/.local/state`. Nowhere near
/// the state, because it is held against that.
fn seen(deployment: &Deployment<'_>, backend: &dyn Backend) -> Option<PathBuf> {
    let home = || env::home_dir().map(|home| home.join(".local/state"));
    let base = env::var_os("XDG_STATE_HOME")
        .map(PathBuf::from)
        .filter(|base| base.is_absolute());
    let location = match &deployment.location {
        // The same folder has one name, wherever it is named from.
        Location::Local(_) => std::path::absolute(&deployment.folder)
            .ok()?
            .display()
            .to_string(),
        // The URL may have a password in it, which is not a part of where the state is.
        Location::Postgres(_) => backend.location(),
        Location::S3 { .. } => deployment.location.to_string(),
    };
    let name = Seen::file_name(&location, &deployment.identity);
    Some(base.or_else(home)?.join("tenon/seen").join(name))
}

/// The backend of `deployment`, with nothing in front of it that encrypts.
pub(super) async fn open_unencrypted(
    deployment: &Deployment<'_>,
    aws: &AwsConfig,
) -> Result<Arc<dyn Backend>, CliError> {
    let identity = &deployment.identity;
    Ok(match &deployment.location {
        Location::Local(_) => Arc::new(File::new(&deployment.folder)),
        Location::Postgres(url) => postgres(url, identity)?,
        Location::S3 { bucket, key, region } => {
            let region = region.as_deref().or(deployment.env.region());
            s3(aws, bucket, key, region, identity).await?
        }
    })
}

/// Names of the environments of the stack that have a state at the location of `deployment`, sorted.
///
/// # Errors
/// The location cannot be read.
pub(super) async fn environments_with_state(
    deployment: &Deployment<'_>,
    aws: &AwsConfig,
) -> Result<Vec<String>, CliError> {
    let stack = &deployment.identity.stack;
    let mut names = match &deployment.location {
        // `--state-dir` names the folder of one state.
        Location::Local(folder) if *folder == deployment.folder => vec![deployment.identity.env.clone()],
        Location::Local(folder) => states_in(&folder.join(stack))?,
        Location::Postgres(url) => states_in_database(url, stack).await?,
        Location::S3 { bucket, key, region } => {
            let region = region.as_deref().or(deployment.env.region());
            states_in_bucket(aws, bucket, key, region, stack).await?
        }
    };
    names.sort();
    Ok(names)
}

/// Names of the folders in `folder` with a state.
fn states_in(folder: &Path) -> Result<Vec<String>, CliError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        Err(error) => return Err(CliError::file("list the states in", folder, error)),
    };
    let mut names = vec![];
    for entry in entries {
        let entry = entry.map_err(|e| CliError::file("list the states in", folder, e))?;
        if entry.path().join("state.json").exists()
            && let Ok(name) = entry.file_name().into_string()
        {
            names.push(name);
        }
    }
    Ok(names)
}

#[cfg(feature = "postgres")]
async fn states_in_database(url: &str, stack: &str) -> Result<Vec<String>, CliError> {
    Ok(open_database(url, stack.to_owned())?.names().await?)
}

#[cfg(not(feature = "postgres"))]
#[expect(clippy::unused_async, reason = "its other half waits for the database")]
async fn states_in_database(_: &str, _: &str) -> Result<Vec<String>, CliError> {
    Err(super::connect::missing_feature(
        "in a PostgreSQL database",
        "postgres",
    ))
}

#[cfg(feature = "s3")]
async fn states_in_bucket(
    aws: &AwsConfig,
    bucket: &str,
    key: &str,
    region: Option<&str>,
    stack: &str,
) -> Result<Vec<String>, CliError> {
    let aws = aws.connect(region, "the bucket of the state").await?;
    let owner = Some(aws.account().to_owned());
    let prefix = format!("{key}/{stack}");
    let all = tenon_state::S3::new(aws.s3.clone(), bucket, &prefix, owner);
    Ok(all.names().await?)
}

#[cfg(not(feature = "s3"))]
#[expect(clippy::unused_async, reason = "its other half waits for AWS")]
async fn states_in_bucket(
    _: &AwsConfig,
    _: &str,
    _: &str,
    _: Option<&str>,
    _: &str,
) -> Result<Vec<String>, CliError> {
    Err(super::connect::missing_feature("in an S3 bucket", "s3"))
}

#[cfg(feature = "postgres")]
fn postgres(url: &str, identity: &Identity) -> Result<Arc<dyn Backend>, CliError> {
    let name = format!("{}/{}", identity.stack, identity.env);
    Ok(Arc::new(open_database(url, name)?))
}

/// The state called `name` in the database at `url`.
#[cfg(feature = "postgres")]
fn open_database(url: &str, name: String) -> Result<tenon_state::Postgres, CliError> {
    // The names of libpq, which every client of the database knows.
    let roots = std::env::var_os("PGSSLROOTCERT").map(std::path::PathBuf::from);
    let backend = tenon_state::Postgres::new(url, name, roots)?;
    Ok(match std::env::var("PGPASSWORD") {
        Ok(password) => backend.or_password(&password),
        Err(_) => backend,
    })
}

#[cfg(not(feature = "postgres"))]
fn postgres(_: &str, _: &Identity) -> Result<Arc<dyn Backend>, CliError> {
    Err(super::connect::missing_feature(
        "in a PostgreSQL database",
        "postgres",
    ))
}

#[cfg(feature = "s3")]
async fn s3(
    aws: &AwsConfig,
    bucket: &str,
    key: &str,
    region: Option<&str>,
    identity: &Identity,
) -> Result<Arc<dyn Backend>, CliError> {
    let aws = aws.connect(region, "the bucket of the state").await?;
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
    _: &AwsConfig,
    _: &str,
    _: &str,
    _: Option<&str>,
    _: &Identity,
) -> Result<Arc<dyn Backend>, CliError> {
    Err(super::connect::missing_feature("in an S3 bucket", "s3"))
}
