//! Connections: to the cloud of an environment, and to AWS for whatever needs it.

use super::{deployment::Deployment, endpoints::endpoints, options::Global};
use crate::error::CliError;
use std::{collections::BTreeMap, sync::Arc};
use tenon_planner::{
    Target,
    sandbox::{Sandbox, SandboxConfig},
};
use tenon_resources::{
    cloud::{Caller, Cloud},
    declaration::TargetSpec,
};
#[cfg(feature = "aws")]
use {
    tenon_resources::aws::{Aws, Connect},
    tokio::sync::Mutex,
};

/// The folder, inside of the deployment's, where the sandbox keeps its contents.
pub(super) const SANDBOX: &str = "sandbox";

/// A cloud, and who we are to it.
pub(super) struct Connected {
    pub(super) cloud: Arc<dyn Cloud>,
    pub(super) caller: Caller,
}

/// The AWS configuration that the flags give, and the connections made with it: one a region, shared by the bucket of the
/// state, its KMS key and the environment.
pub(super) struct AwsConfig {
    /// The endpoints and the profile of the command line.
    given: (Vec<super::options::Endpoint>, Option<String>),
    #[cfg(feature = "aws")]
    connect: Connect,
    /// The region that was asked for, and the connection that was made.
    #[cfg(feature = "aws")]
    connections: Mutex<Vec<(Option<String>, Aws)>>,
}

impl AwsConfig {
    #[cfg(not(feature = "aws"))]
    pub(super) fn new(global: &Global) -> Self {
        let given = (global.endpoint.clone(), global.profile.clone());
        Self { given }
    }

    #[cfg(feature = "aws")]
    pub(super) fn new(global: &Global) -> Self {
        let mut connect = Connect {
            profile: global.profile.clone(),
            region: global.region.clone(),
            ..Connect::default()
        };
        for super::options::Endpoint { service, url } in global.endpoint.iter().cloned() {
            match service {
                Some(service) => drop(connect.endpoints.insert(service, url)),
                None => connect.endpoint = Some(url),
            }
        }
        Self {
            given: (global.endpoint.clone(), global.profile.clone()),
            connect,
            connections: Mutex::default(),
        }
    }

    /// The endpoints of calls when they are not AWS's, by service.
    ///
    /// # Errors
    /// Somewhere that the command line does not say.
    pub(super) fn endpoints(&self) -> Result<BTreeMap<String, String>, CliError> {
        let (given, profile) = &self.given;
        endpoints(given, profile.as_deref())
    }

    /// A connection in the region of the flags; `region` is the one to use when they name none.
    #[cfg(feature = "aws")]
    pub(super) async fn connect(&self, region: Option<&str>, what: &str) -> Result<Aws, CliError> {
        self.connect_in(self.connect.region.as_deref().or(region), what)
            .await
    }

    /// A connection in `region`, whatever the flags say; in the configured one when it is `None`.
    #[cfg(feature = "aws")]
    pub(super) async fn connect_in(&self, region: Option<&str>, what: &str) -> Result<Aws, CliError> {
        self.endpoints()?;
        // Held while connecting: whoever asks for the same region meanwhile gets the same connection.
        let mut connections = self.connections.lock().await;
        let same = |(asked, aws): &&(Option<String>, Aws)| {
            asked.as_deref() == region || region == Some(aws.region())
        };
        if let Some((_, aws)) = connections.iter().find(same) {
            return Ok(aws.clone());
        }
        let connect = Connect {
            region: region.map(ToOwned::to_owned),
            ..self.connect.clone()
        };
        let aws = Aws::connect(connect).await.map_err(|e| {
            CliError::failed(format!("could not reach {what}"))
                .because(e)
                .hint("credentials are taken from AWS_PROFILE or --profile, environment variables, `aws sso login`, or the role of the container or instance")
        })?;
        connections.push((region.map(ToOwned::to_owned), aws.clone()));
        Ok(aws)
    }
}

impl Deployment<'_> {
    /// Opens the environment's cloud, and refuses the wrong one before anything in it is read. `pinned` is the account and
    /// region of the first apply, which count where the environment names none.
    pub(super) async fn connect(
        &self,
        aws: &AwsConfig,
        pinned: Option<Target>,
    ) -> Result<Connected, CliError> {
        let target = self.env.target().or(pinned);
        let connected = self.open(aws, target.as_ref().map(|t| t.region.as_str())).await?;
        let Caller { account, region, .. } = &connected.caller;
        match target {
            Some(t) if (&t.account, &t.region) != (account, region) => {
                let name = |account: &str, region: &str| format!("account {account} in {region}");
                Err(self.wrong_account(name(&t.account, &t.region), name(account, region)))
            }
            _ => Ok(connected),
        }
    }

    /// Opens the environment's account in `region`, or in its own: for what is not part of the environment.
    pub(super) async fn connect_in(
        &self,
        aws: &AwsConfig,
        region: Option<&str>,
    ) -> Result<Connected, CliError> {
        let Some(target) = self.env.target() else {
            return self.open(aws, region).await;
        };
        let connected = self.open(aws, region.or(Some(&target.region))).await?;
        if connected.caller.account != target.account {
            let name = |account: &str| format!("account {account}");
            return Err(self.wrong_account(name(&target.account), name(&connected.caller.account)));
        }
        Ok(connected)
    }

    fn wrong_account(&self, expected: String, found: String) -> CliError {
        let env = self.env.name.clone();
        tenon_planner::Error::WrongAccount { env, expected, found }.into()
    }

    async fn open(&self, aws: &AwsConfig, region: Option<&str>) -> Result<Connected, CliError> {
        let endpoints = match self.env.target {
            TargetSpec::Sandbox => BTreeMap::new(),
            TargetSpec::Account { .. } | TargetSpec::FirstApply => aws.endpoints()?,
        };
        let cloud: Arc<dyn Cloud> = match self.env.target {
            TargetSpec::Sandbox => {
                let config = SandboxConfig {
                    seed: self.global.sandbox_seed,
                    speed: self.global.sandbox_speed,
                    ..SandboxConfig::default()
                };
                Arc::new(Sandbox::open(&self.folder.join(SANDBOX), config)?)
            }
            TargetSpec::Account { .. } | TargetSpec::FirstApply => self.open_aws(aws, region).await?,
        };
        let caller = cloud.caller().await;
        let mut caller = caller
            .map_err(|e| CliError::failed("could not determine the account of the credentials").because(e))?;
        caller.endpoints = endpoints;
        Ok(Connected { cloud, caller })
    }

    #[cfg(feature = "aws")]
    async fn open_aws(&self, aws: &AwsConfig, region: Option<&str>) -> Result<Arc<dyn Cloud>, CliError> {
        let what = format!("AWS for environment `{}`", self.env.name);
        Ok(Arc::new(aws.connect(region, &what).await?))
    }

    #[cfg(not(feature = "aws"))]
    #[expect(clippy::unused_async, reason = "its other half waits for AWS")]
    async fn open_aws(&self, _: &AwsConfig, _: Option<&str>) -> Result<Arc<dyn Cloud>, CliError> {
        let what = format!(
            "environment `{}` is on AWS, and this binary was built without the AWS SDK",
            self.env.name
        );
        let sandbox = self.stack.environments.iter().find(|e| e.is_sandbox());
        let error = CliError::failed(what)
            .hint("build it with: `cargo build --release --features aws` (the default features have it)");
        Err(match sandbox {
            Some(env) => error.hint(format!("or use the sandbox: `--env {}`", env.name)),
            None => error,
        })
    }
}

/// The error for a feature that this binary was built without.
#[cfg(not(all(feature = "kms", feature = "postgres", feature = "s3", feature = "encryption")))]
pub(super) fn missing_feature(what: &str, feature: &str) -> CliError {
    CliError::failed(format!(
        "the state is {what}, and this binary was built without that"
    ))
    .hint(format!(
        "build it with: `cargo build --release --features {feature}` (the default features have it)"
    ))
}
