//! The clients of AWS, and the identity of the caller.

use super::{bucket_owner, error::call_error, pages, sdk};
use crate::{
    cloud::{CallError, Caller},
    declaration::Place,
    value::Arn,
};
use aws_config::{
    BehaviorVersion, Region, SdkConfig, identity::IdentityCache, retry::RetryConfig, sts::AssumeRoleProvider,
    timeout::TimeoutConfig,
};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// The time that a call may take, reply included.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);

macro_rules! clients {
    ($($(#[$doc:meta])* $service:ident),* $(,)?) => {
        /// A client of each service, and the identity of the caller.
        #[derive(Clone, Debug)]
        pub struct Aws {
            $($(#[$doc])* pub $service: sdk::$service::Client,)*
            caller: Option<Caller>,
            region: String,
            config: SdkConfig,
            endpoints: BTreeMap<String, String>,
            /// Connections in other accounts and regions, each made once.
            elsewhere: Arc<Mutex<BTreeMap<Place, Self>>>,
        }
        impl Aws {
            /// Clients for a configuration, with endpoints of their own for some services.
            pub fn new(config: &SdkConfig, endpoints: &BTreeMap<String, String>) -> Self {
                Self {
                    $($service: {
                        let builder = sdk::$service::config::Builder::from(config).interceptor(pages::Once);
                        let builder = match endpoints.get(stringify!($service)) {
                            Some(url) => builder.endpoint_url(url),
                            None => builder,
                        };
                        sdk::$service::Client::from_conf(builder.build())
                    },)*
                    caller: None,
                    region: config.region().map(ToString::to_string).unwrap_or_default(),
                    config: config.clone(),
                    endpoints: endpoints.clone(),
                    elsewhere: Arc::default(),
                }
            }
        }
    };
}

clients! {
    /// AWS Certificate Manager.
    acm,
    /// Application Auto Scaling.
    appscaling,
    /// Cloud Control API.
    cloudcontrol,
    /// CloudTrail.
    cloudtrail,
    /// CloudWatch.
    cloudwatch,
    /// EC2.
    ec2,
    /// Elastic Container Registry.
    ecr,
    /// Elastic Container Service.
    ecs,
    /// Elastic Load Balancing v2.
    elb,
    /// IAM.
    iam,
    /// KMS.
    kms,
    /// CloudWatch Logs.
    logs,
    /// RDS.
    rds,
    /// Route 53.
    route53,
    /// S3.
    s3,
    /// Secrets Manager.
    secretsmanager,
    /// SNS.
    sns,
    /// SQS.
    sqs,
    /// Systems Manager.
    ssm,
    /// Security Token Service.
    sts,
}

/// Settings of a connection, beyond the usual AWS configuration.
#[derive(Clone, Debug, Default)]
pub struct Connect {
    /// The profile, instead of `AWS_PROFILE`.
    pub profile: Option<String>,
    /// The region, instead of the configured one.
    pub region: Option<String>,
    /// The endpoint of every service, instead of `AWS_ENDPOINT_URL`.
    pub endpoint: Option<String>,
    /// Endpoints of single services by their module's name, such as `cloudwatch`; they win over `endpoint`.
    pub endpoints: BTreeMap<String, String>,
    /// Access keys given directly, for emulators, which take any.
    pub keys: Option<Keys>,
}

/// An access key: its ID and its secret.
#[derive(Clone)]
pub struct Keys {
    /// The access key ID.
    pub id: String,
    /// The secret access key.
    pub secret: String,
}

impl Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({}, ****)", self.id)
    }
}

impl Aws {
    /// Loads the usual AWS configuration (environment, profile, SSO, container or instance role), and reads the identity of the caller.
    ///
    /// # Errors
    /// No credentials, no region, no route, or refused.
    pub async fn connect(connect: Connect) -> Result<Self, CallError> {
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(10))
            .operation_attempt_timeout(CALL_TIMEOUT)
            .build();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http)
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts);
        if let Some(profile) = connect.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = connect.region {
            loader = loader.region(Region::new(region));
        }
        if let Some(endpoint) = connect.endpoint {
            loader = loader.endpoint_url(endpoint);
        }
        if let Some(Keys { id, secret }) = connect.keys {
            loader = loader.credentials_provider(Credentials::new(id, secret, None, None, "given"));
        }
        Self::identified(&loader.load().await, &connect.endpoints).await
    }

    /// The same credentials, or those of a role that they may assume, in another account or region.
    ///
    /// # Errors
    /// The role may not be assumed, or is of another account than the place says.
    pub(super) async fn connect_at(&self, place: &Place) -> Result<Self, CallError> {
        let known = |all: &Mutex<BTreeMap<Place, Self>>| {
            let all = all.lock().unwrap_or_else(PoisonError::into_inner);
            all.get(place).cloned()
        };
        if let Some(connected) = known(&self.elsewhere) {
            return Ok(connected);
        }
        let mut config = self.config.clone();
        if let Some(role) = &place.role {
            // What stands in for AWS's STS is asked for the role, too.
            let base = match self.endpoints.get("sts") {
                Some(url) => self.config.clone().into_builder().endpoint_url(url).build(),
                None => self.config.clone(),
            };
            let role = AssumeRoleProvider::builder(role)
                .session_name("tenon")
                .configure(&base)
                .build()
                .await;
            // One cache for the clients of all services, or each would assume the role.
            config = config
                .into_builder()
                .credentials_provider(SharedCredentialsProvider::new(role))
                .identity_cache(IdentityCache::lazy().build())
                .build();
        }
        if let Some(region) = &place.region {
            config = config.into_builder().region(Region::new(region.clone())).build();
        }
        let there = Self::identified(&config, &self.endpoints).await?;
        if let Some(said) = place.account.as_deref().filter(|said| *said != there.account()) {
            let found = there.account();
            return Err(CallError::refused(
                "sts",
                "GetCallerIdentity",
                CallError::UNSENDABLE,
                format!(
                    "account {said} was asked for, and the credentials are those of account {found}: name a role of {said}"
                ),
            ));
        }
        let mut all = self.elsewhere.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(place.clone(), there.clone());
        Ok(there)
    }

    /// Clients for a configuration, with the identity that it gives.
    async fn identified(config: &SdkConfig, endpoints: &BTreeMap<String, String>) -> Result<Self, CallError> {
        let mut aws = Self::new(config, endpoints);
        if let Some(endpoint) = config.endpoint_url() {
            // Anything but AWS has no host name for every bucket.
            let endpoint = endpoints.get("s3").map_or(endpoint, String::as_str);
            let s3 = sdk::s3::config::Builder::from(config)
                .endpoint_url(endpoint)
                .interceptor(pages::Once)
                .force_path_style(true);
            aws.s3 = sdk::s3::Client::from_conf(s3.build());
        }
        if aws.region.is_empty() {
            return Err(CallError::refused(
                "sts",
                "GetCallerIdentity",
                CallError::UNSENDABLE,
                "no region is configured: set AWS_REGION, or `region` in the profile",
            ));
        }
        let me = aws.sts.get_caller_identity().send().await;
        let me = me.map_err(|e| call_error("sts", "GetCallerIdentity", e))?;
        let account = me.account.unwrap_or_default();
        let owner = bucket_owner::BucketOwner(account.clone());
        let s3 = aws.s3.config().to_builder().interceptor(owner);
        aws.s3 = sdk::s3::Client::from_conf(s3.build());
        aws.caller = Some(Caller {
            account,
            region: aws.region.clone(),
            arn: me.arn.unwrap_or_default(),
            // Whoever gave them, or found them configured, says so.
            endpoints: BTreeMap::new(),
        });
        Ok(aws)
    }

    /// The identity of the caller; `None` before [`connect`](Self::connect).
    pub(super) fn identity(&self) -> Option<&Caller> {
        self.caller.as_ref()
    }

    /// The account, 12 digits; empty before [`connect`](Self::connect).
    pub fn account(&self) -> &str {
        self.caller.as_ref().map_or("", |c| &c.account)
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The ARN of a regional resource of ours, for services that do not say it.
    pub fn arn(&self, service: &str, path: &str) -> Arn {
        Arn(format!(
            "arn:aws:{service}:{}:{}:{path}",
            self.region,
            self.account()
        ))
    }
}
