//! AWS itself: the SDK behind [`Cloud`].
//!
//! Each type's file has its own calls and its own mapping back; here is what they share: clients, errors, and how
//! plain data becomes the SDK's. The SDK's own retries are off: a lost reply may have been an executed call, and only
//! the executor, which has it journalled, can settle that.

mod bucket_owner;
mod by;
mod convert;
mod error;
mod from_sdk;
mod pages;

pub use by::By;
pub use convert::ToSdk;
pub use error::{call_error, endless};
pub use from_sdk::{FromSdk, Missing};
pub use pages::{broken, each, gone, in_batches, present, there};
pub(crate) use pages::{items, pages};

use crate::{
    cloud::{CallError, Caller, Cloud, Executed, Observed, Progress, Reply, Request, Status},
    resource::{InvalidInputs, Lifecycle, Resource, ResourceType},
    value::{Arn, Owner, SecretSource, Tags},
};
use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_credential_types::Credentials;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use futures::{StreamExt, TryStreamExt, future::BoxFuture, stream};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{collections::BTreeMap, fmt::Debug, future::Future, time::Duration};

/// The SDK crates, under the names that `#[call(..)]` uses.
pub mod sdk {
    pub use aws_sdk_acm as acm;
    pub use aws_sdk_applicationautoscaling as appscaling;
    pub use aws_sdk_cloudcontrol as cloudcontrol;
    pub use aws_sdk_cloudtrail as cloudtrail;
    pub use aws_sdk_cloudwatch as cloudwatch;
    pub use aws_sdk_cloudwatchlogs as logs;
    pub use aws_sdk_ec2 as ec2;
    pub use aws_sdk_ecr as ecr;
    pub use aws_sdk_ecs as ecs;
    pub use aws_sdk_elasticloadbalancingv2 as elb;
    pub use aws_sdk_iam as iam;
    pub use aws_sdk_kms as kms;
    pub use aws_sdk_rds as rds;
    pub use aws_sdk_route53 as route53;
    pub use aws_sdk_s3 as s3;
    pub use aws_sdk_secretsmanager as secretsmanager;
    pub use aws_sdk_sns as sns;
    pub use aws_sdk_sqs as sqs;
    pub use aws_sdk_ssm as ssm;
    pub use aws_sdk_sts as sts;
}

/// How a call is sent.
pub type Send = fn(&Aws, Value) -> SendFuture<'_>;
/// A call on its way.
pub type SendFuture<'a> = BoxFuture<'a, Result<Reply, CallError>>;
/// A read on its way.
pub type ReadFuture<'a> = BoxFuture<'a, Result<Vec<Observed>, CallError>>;

/// A question how far a call is, on its way.
pub type ProgressFuture<'a> = BoxFuture<'a, Result<Progress, CallError>>;

/// How long one call may take, reply included.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);

/// How many reads of one type are on their way at the same time.
const READS_AT_ONCE: usize = 8;

macro_rules! clients {
    ($($(#[$doc:meta])* $service:ident),* $(,)?) => {
        /// One client a service, and who we are.
        #[derive(Clone, Debug)]
        pub struct Aws {
            $($(#[$doc])* pub $service: sdk::$service::Client,)*
            caller: Option<Caller>,
            region: String,
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

/// Where to connect, beyond the usual AWS configuration.
#[derive(Clone, Debug, Default)]
pub struct Connect {
    /// The profile, instead of `AWS_PROFILE`.
    pub profile: Option<String>,
    /// The region, instead of the configured one.
    pub region: Option<String>,
    /// One endpoint for every service, instead of `AWS_ENDPOINT_URL`.
    pub endpoint: Option<String>,
    /// Endpoints of single services by their module's name, such as `cloudwatch`; they win over `endpoint`.
    pub endpoints: BTreeMap<String, String>,
    /// Access keys given directly, for emulators, which take any.
    pub keys: Option<Keys>,
}

/// An access key and its secret.
#[derive(Clone)]
pub struct Keys {
    /// The access key's id.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

impl Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({}, ****)", self.id)
    }
}

impl Aws {
    /// Loads the usual AWS configuration (environment, profile, SSO, container or instance role), and asks who we are.
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
        let config = loader.load().await;
        let mut aws = Self::new(&config, &connect.endpoints);
        if let Some(endpoint) = config.endpoint_url() {
            // Anything but AWS has no host name for every bucket.
            let endpoint = connect.endpoints.get("s3").map_or(endpoint, String::as_str);
            let s3 = sdk::s3::config::Builder::from(&config)
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

/// A resource as AWS has it, typed.
#[derive(Clone, Debug)]
pub struct Seen<R: Resource> {
    /// Its id.
    pub id: String,
    /// How far it is.
    pub status: Status,
    /// Its inputs. Fields marked `#[write_only]` hold anything: they are not looked at.
    pub inputs: R,
    /// Its outputs; what is not known before it is ready may be empty until then.
    pub outputs: R::Outputs,
}

/// The way back: from the SDK's items to our inputs and outputs. Refresh, waiting, drift, import and recovery all go
/// through this one mapping. What is gone (also when AWS still lists it as deleted) is left out.
pub trait Observe: Lifecycle {
    /// Reads resources of this type.
    fn observe(
        aws: &Aws,
        by: By<'_>,
    ) -> impl Future<Output = Result<Vec<Seen<Self>>, CallError>> + std::marker::Send;

    /// The ids of what has the name in `wanted`, for types whose name is ours and whose id is AWS's.
    fn named(_: &Aws, _: &Self) -> impl Future<Output = Result<Vec<String>, CallError>> + std::marker::Send {
        let why = format!("a `{}` is not looked up by its name", Self::TYPE);
        let read = Self::READ;
        std::future::ready(Err(CallError::refused(
            read.service,
            read.operation,
            CallError::UNSENDABLE,
            why,
        )))
    }

    /// The ids of those that are inside of these, for types that are [inside](Lifecycle::INSIDE) of another; without what AWS itself
    /// puts there.
    fn parts(
        _: &Aws,
        _: &[String],
    ) -> impl Future<Output = Result<Vec<String>, CallError>> + std::marker::Send {
        std::future::ready(Ok(vec![]))
    }

    /// Reads what the create call with this token made, for types that [keep it](Lifecycle::KEEPS_TOKEN).
    fn made_with(
        _: &Aws,
        _: &str,
    ) -> impl Future<Output = Result<Vec<Seen<Self>>, CallError>> + std::marker::Send {
        std::future::ready(Ok(vec![]))
    }
}

pub(crate) fn observe<'a, R: Observe>(aws: &'a Aws, by: By<'a>) -> ReadFuture<'a> {
    Box::pin(async move {
        let mut seen = plain(R::observe(aws, by).await?)?;
        if let By::Owner(owner) = by {
            seen.retain(|one| {
                let tags = one.inputs.get("tags");
                let tags: Option<Tags> = tags.and_then(|t| serde_json::from_value(t.clone()).ok());
                tags.is_some_and(|tags| owner.owns(&tags))
            });
        }
        Ok(seen)
    })
}

pub(crate) fn named<R: Observe>(aws: &Aws, wanted: Result<R, InvalidInputs>) -> ReadFuture<'_> {
    Box::pin(async move {
        let read = R::READ;
        let wanted = wanted.map_err(|e| {
            CallError::refused(read.service, read.operation, CallError::UNSENDABLE, e.to_string())
        })?;
        let ids = R::named(aws, &wanted).await?;
        if ids.is_empty() {
            return Ok(vec![]);
        }
        plain(R::observe(aws, By::Ids(&ids)).await?)
    })
}

pub(crate) fn parts<'a, R: Observe>(aws: &'a Aws, of: &'a [String]) -> ReadFuture<'a> {
    Box::pin(async move {
        let ids = R::parts(aws, of).await?;
        if ids.is_empty() {
            return Ok(vec![]);
        }
        plain(R::observe(aws, By::Ids(&ids)).await?)
    })
}

pub(crate) fn made_with<'a, R: Observe>(aws: &'a Aws, token: &'a str) -> ReadFuture<'a> {
    Box::pin(async move { plain(R::made_with(aws, token).await?) })
}

/// What was seen, as plain data.
fn plain<R: Observe>(seen: Vec<Seen<R>>) -> Result<Vec<Observed>, CallError> {
    let broken = |e: serde_json::Error| {
        let read = R::READ;
        CallError::unknown(read.service, read.operation, CallError::GARBLED, e.to_string())
    };
    let plain = seen.into_iter().map(|one| {
        Ok(Observed {
            inputs: without_reserved_tags(serde_json::to_value(&one.inputs).map_err(broken)?),
            outputs: serde_json::to_value(&one.outputs).map_err(broken)?,
            id: one.id,
            status: one.status,
        })
    });
    plain.collect()
}

/// Inputs without tags that begin with `aws:`. AWS keeps these to itself: nobody but AWS can set or remove one, so they are
/// no difference to what a program declares.
/// <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>
fn without_reserved_tags(mut inputs: Value) -> Value {
    if let Some(Value::Object(tags)) = inputs.get_mut("tags") {
        tags.retain(|key, _| !key.starts_with(crate::value::RESERVED));
    }
    inputs
}

/// Decodes a call's members.
///
/// # Errors
/// If they are not the call's: a plan made by another version.
pub fn typed<T: DeserializeOwned>(service: &str, operation: &str, params: Value) -> Result<T, CallError> {
    serde_json::from_value(params)
        .map_err(|e| CallError::refused(service, operation, CallError::UNSENDABLE, e.to_string()))
}

/// Puts the bytes of secrets where their references stand; the result lives no longer than the call. Returns them, so that
/// they can be taken out of what is said of the call.
async fn reveal(aws: &Aws, value: &mut Value) -> Result<Vec<String>, CallError> {
    let mut sources = std::collections::BTreeSet::new();
    crate::value::secrets(value, &mut sources);
    let mut plain = BTreeMap::new();
    for source in sources {
        let text = aws.secret(&source).await?;
        plain.insert(source, text);
    }
    crate::value::expose(value, &plain);
    Ok(plain.into_values().collect())
}

#[async_trait::async_trait]
impl Cloud for Aws {
    async fn caller(&self) -> Result<Caller, CallError> {
        self.caller.clone().ok_or_else(|| {
            CallError::refused("sts", "GetCallerIdentity", CallError::UNSENDABLE, "not connected")
        })
    }

    async fn send(&self, request: Request<'_>) -> Result<Reply, CallError> {
        let Request {
            kind,
            service,
            operation,
            ..
        } = request;
        let call = kind
            .calls()
            .into_iter()
            .find(|c| c.service == service && c.operation == operation);
        let Some(call) = call else {
            let why = format!("`{}` makes no such call in this version", kind.name());
            return Err(CallError::refused(service, operation, CallError::UNSENDABLE, why));
        };
        let mut params = request.params.clone();
        let revealed = reveal(self, &mut params).await?;
        (call.send)(self, params).await.map_err(|mut error| {
            for plain in &revealed {
                error.message = crate::value::without(&error.message, plain);
            }
            error
        })
    }

    async fn progress(&self, kind: &'static dyn ResourceType, handle: &str) -> Result<Progress, CallError> {
        kind.progress(self, handle).await
    }

    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        // Many APIs read one resource a call: side by side, or a large stack's refresh would take minutes.
        let mut batches: Vec<ReadFuture<'_>> = vec![];
        for ids in ids.chunks(kind.read().batch.max(1)) {
            batches.push(kind.observe(self, By::Ids(ids)));
        }
        let read: Vec<Vec<Observed>> = stream::iter(batches)
            .buffered(READS_AT_ONCE)
            .try_collect()
            .await?;
        Ok(read.into_iter().flatten().collect())
    }

    async fn find(&self, kind: &'static dyn ResourceType, owner: &Owner) -> Result<Vec<Observed>, CallError> {
        if !kind.taggable() {
            return Ok(vec![]);
        }
        kind.observe(self, By::Owner(owner)).await
    }

    async fn find_named(
        &self,
        kind: &'static dyn ResourceType,
        inputs: &Value,
    ) -> Result<Vec<Observed>, CallError> {
        kind.named(self, inputs).await
    }

    async fn parts(
        &self,
        kind: &'static dyn ResourceType,
        of: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        kind.parts(self, of).await
    }

    async fn made_with(
        &self,
        kind: &'static dyn ResourceType,
        token: &str,
    ) -> Result<Vec<Observed>, CallError> {
        kind.made_with(self, token).await
    }

    async fn secret(&self, source: &SecretSource) -> Result<String, CallError> {
        let missing = |service: &str, operation: &str| CallError {
            outcome: Executed::No,
            ..CallError::unknown(
                service,
                operation,
                CallError::UNSENDABLE,
                format!("{source} has no value"),
            )
        };
        match source {
            SecretSource::Env(name) => std::env::var(name).map_err(|_| missing("env", "Read")),
            SecretSource::SsmParameter(name) => {
                let reply = self
                    .ssm
                    .get_parameter()
                    .name(name)
                    .with_decryption(true)
                    .send()
                    .await;
                let reply = reply.map_err(|e| call_error("ssm", "GetParameter", e))?;
                reply
                    .parameter
                    .and_then(|p| p.value)
                    .ok_or_else(|| missing("ssm", "GetParameter"))
            }
            SecretSource::SecretsManager(id) => {
                let reply = self.secretsmanager.get_secret_value().secret_id(id).send().await;
                let reply = reply.map_err(|e| call_error("secretsmanager", "GetSecretValue", e))?;
                reply
                    .secret_string
                    .ok_or_else(|| missing("secretsmanager", "GetSecretValue"))
            }
        }
    }
}
