//! `AWS::CloudFront::Distribution`, from CloudFormation's schema. Written by `tenon add AWS::CloudFront::Distribution`; `tenon add AWS::CloudFront::Distribution --update` writes it anew.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "written by a tool; a stack uses its own part"
)]

use tenon::resources::{
    cfn,
    value::{self, IntoInput},
};

/// A distribution tells CloudFront where you want content to be delivered from, and the
/// details about how to track and manage content delivery.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution(cfn::Properties);

impl Distribution {
    /// With what AWS requires.
    pub fn new(distribution_config: DistributionConfig) -> Self {
        Self(cfn::Properties::new().set("DistributionConfig", distribution_config.0))
    }

    /// A complex type that contains zero or more `Tag` elements.
    #[must_use]
    pub fn tags(self, value: impl Into<value::Tags>) -> Self {
        Self(self.0.set("Tags", value.into()))
    }
}

/// Outputs of `AWS::CloudFront::Distribution`.
#[derive(Clone, Debug)]
pub struct DistributionOutputs {
    /// The primary identifier: Id.
    pub id: value::Output<String>,
    /// `DomainName`, which the schema does not describe.
    pub domain_name: value::Output<String>,
}

impl cfn::Declare for Distribution {
    type Refs = DistributionOutputs;

    fn declare(self) -> Result<(&'static dyn cfn::ResourceType, cfn::Value), String> {
        cfn::Resource::new("AWS::CloudFront::Distribution", self.0.into()).declare()
    }

    fn refs(address: &str) -> Self::Refs {
        let handle = cfn::Handle::at(address);
        DistributionOutputs {
            domain_name: handle.get_as("DomainName"),
            id: handle.id,
        }
    }
}

/// This field is deprecated. We recommend that you use a cache policy or an origin request
/// policy instead of this field.
#[derive(Clone, Debug, PartialEq)]
pub struct Cookies(cfn::Properties);

impl Cookies {
    /// With what AWS requires.
    pub fn new(forward: impl IntoInput<String>) -> Self {
        Self(cfn::Properties::new().set("Forward", forward.into_input()))
    }

    /// This field is deprecated. We recommend that you use a cache policy or an origin request
    /// policy instead of this field.
    #[must_use]
    pub fn whitelisted_names(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(
            self.0
                .list("WhitelistedNames", values.into_iter().map(IntoInput::into_input)),
        )
    }
}

impl From<Cookies> for cfn::Value {
    fn from(it: Cookies) -> Self {
        it.0.into()
    }
}

/// This field only supports standard distributions. You can't specify this field for
/// multi-tenant distributions.
#[derive(Clone, Debug, PartialEq)]
pub struct ForwardedValues(cfn::Properties);

impl ForwardedValues {
    /// With what AWS requires.
    pub fn new(query_string: impl IntoInput<bool>) -> Self {
        Self(cfn::Properties::new().set("QueryString", query_string.into_input()))
    }

    /// This field is deprecated. We recommend that you use a cache policy or an origin request
    /// policy instead of this field.
    #[must_use]
    pub fn cookies(self, value: Cookies) -> Self {
        Self(self.0.set("Cookies", value.0))
    }

    /// This field is deprecated. We recommend that you use a cache policy or an origin request
    /// policy instead of this field.
    #[must_use]
    pub fn headers(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(
            self.0
                .list("Headers", values.into_iter().map(IntoInput::into_input)),
        )
    }

    /// This field is deprecated. We recommend that you use a cache policy or an origin request
    /// policy instead of this field.
    #[must_use]
    pub fn query_string_cache_keys(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(self.0.list(
            "QueryStringCacheKeys",
            values.into_iter().map(IntoInput::into_input),
        ))
    }
}

impl From<ForwardedValues> for cfn::Value {
    fn from(it: ForwardedValues) -> Self {
        it.0.into()
    }
}

/// A CloudFront function that is associated with a cache behavior in a CloudFront
/// distribution.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FunctionAssociation(cfn::Properties);

impl FunctionAssociation {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The event type of the function, either `viewer-request` or `viewer-response`. You cannot
    /// use origin-facing event types (`origin-request` and `origin-response`) with a CloudFront
    /// function.
    #[must_use]
    pub fn event_type(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("EventType", value.into_input()))
    }

    /// The Amazon Resource Name (ARN) of the function.
    #[must_use]
    pub fn function_arn(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("FunctionARN", value.into_input()))
    }
}

impl From<FunctionAssociation> for cfn::Value {
    fn from(it: FunctionAssociation) -> Self {
        it.0.into()
    }
}

/// Amazon CloudFront supports gRPC, an open-source remote procedure call (RPC) framework built
/// on HTTP/2.
#[derive(Clone, Debug, PartialEq)]
pub struct GrpcConfig(cfn::Properties);

impl GrpcConfig {
    /// With what AWS requires.
    pub fn new(enabled: impl IntoInput<bool>) -> Self {
        Self(cfn::Properties::new().set("Enabled", enabled.into_input()))
    }
}

impl From<GrpcConfig> for cfn::Value {
    fn from(it: GrpcConfig) -> Self {
        it.0.into()
    }
}

/// A complex type that contains a Lambda@Edge function association.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LambdaFunctionAssociation(cfn::Properties);

impl LambdaFunctionAssociation {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Specifies the event type that triggers a Lambda@Edge function invocation.
    #[must_use]
    pub fn event_type(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("EventType", value.into_input()))
    }

    /// A flag that allows a Lambda@Edge function to have read access to the body content. For more
    /// information, see Accessing the Request Body by Choosing the Include Body Option in the
    /// Amazon CloudFront Developer Guide.
    #[must_use]
    pub fn include_body(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("IncludeBody", value.into_input()))
    }

    /// The ARN of the Lambda@Edge function. You must specify the ARN of a function version; you
    /// can't specify an alias or $LATEST.
    #[must_use]
    pub fn lambda_function_arn(self, value: impl IntoInput<value::Arn>) -> Self {
        Self(self.0.set("LambdaFunctionARN", value.into_input()))
    }
}

impl From<LambdaFunctionAssociation> for cfn::Value {
    fn from(it: LambdaFunctionAssociation) -> Self {
        it.0.into()
    }
}

/// A complex type that describes how CloudFront processes requests. You must create at least
/// as many cache behaviors (including the default cache behavior) as you have origins if you
/// want CloudFront to serve objects from all of the origins.
#[derive(Clone, Debug, PartialEq)]
pub struct CacheBehavior(cfn::Properties);

impl CacheBehavior {
    /// With what AWS requires.
    pub fn new(
        path_pattern: impl IntoInput<String>,
        target_origin_id: impl IntoInput<String>,
        viewer_protocol_policy: impl IntoInput<String>,
    ) -> Self {
        Self(
            cfn::Properties::new()
                .set("PathPattern", path_pattern.into_input())
                .set("TargetOriginId", target_origin_id.into_input())
                .set("ViewerProtocolPolicy", viewer_protocol_policy.into_input()),
        )
    }

    /// A complex type that controls which HTTP methods CloudFront processes and forwards to your
    /// Amazon S3 bucket or your custom origin. There are three choices: CloudFront forwards only
    /// `GET` and `HEAD` requests.
    #[must_use]
    pub fn allowed_methods(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(
            self.0
                .list("AllowedMethods", values.into_iter().map(IntoInput::into_input)),
        )
    }

    /// The unique identifier of the cache policy that is attached to this cache behavior. For more
    /// information, see Creating cache policies or Using the managed cache policies in the *Amazon
    /// CloudFront Developer Guide*.
    #[must_use]
    pub fn cache_policy_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("CachePolicyId", value.into_input()))
    }

    /// A complex type that controls whether CloudFront caches the response to requests using the
    /// specified HTTP methods. There are two choices: CloudFront caches responses to `GET` and
    /// `HEAD` requests.
    #[must_use]
    pub fn cached_methods(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(
            self.0
                .list("CachedMethods", values.into_iter().map(IntoInput::into_input)),
        )
    }

    /// Whether you want CloudFront to automatically compress certain files for this cache
    /// behavior. If so, specify true; if not, specify false.
    #[must_use]
    pub fn compress(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("Compress", value.into_input()))
    }

    /// This field only supports standard distributions. You can't specify this field for
    /// multi-tenant distributions.
    #[must_use]
    pub fn default_ttl(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("DefaultTTL", value.into_input()))
    }

    /// The value of `ID` for the field-level encryption configuration that you want CloudFront to
    /// use for encrypting specific fields of data for this cache behavior.
    #[must_use]
    pub fn field_level_encryption_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("FieldLevelEncryptionId", value.into_input()))
    }

    /// This field is deprecated. We recommend that you use a cache policy or an origin request
    /// policy instead of this field.
    #[must_use]
    pub fn forwarded_values(self, value: ForwardedValues) -> Self {
        Self(self.0.set("ForwardedValues", value.0))
    }

    /// A list of CloudFront functions that are associated with this cache behavior. CloudFront
    /// functions must be published to the `LIVE` stage to associate them with a cache behavior.
    #[must_use]
    pub fn function_associations(self, values: impl IntoIterator<Item = FunctionAssociation>) -> Self {
        Self(
            self.0
                .list("FunctionAssociations", values.into_iter().map(|v| v.0)),
        )
    }

    /// The gRPC configuration for your cache behavior.
    #[must_use]
    pub fn grpc_config(self, value: GrpcConfig) -> Self {
        Self(self.0.set("GrpcConfig", value.0))
    }

    /// A complex type that contains zero or more Lambda@Edge function associations for a cache
    /// behavior.
    #[must_use]
    pub fn lambda_function_associations(
        self,
        values: impl IntoIterator<Item = LambdaFunctionAssociation>,
    ) -> Self {
        Self(
            self.0
                .list("LambdaFunctionAssociations", values.into_iter().map(|v| v.0)),
        )
    }

    /// This field only supports standard distributions. You can't specify this field for
    /// multi-tenant distributions.
    #[must_use]
    pub fn max_ttl(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("MaxTTL", value.into_input()))
    }

    /// This field only supports standard distributions. You can't specify this field for
    /// multi-tenant distributions.
    #[must_use]
    pub fn min_ttl(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("MinTTL", value.into_input()))
    }

    /// The unique identifier of the origin request policy that is attached to this cache behavior.
    /// For more information, see Creating origin request policies or Using the managed origin
    /// request policies in the *Amazon CloudFront Developer Guide*.
    #[must_use]
    pub fn origin_request_policy_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("OriginRequestPolicyId", value.into_input()))
    }

    /// The Amazon Resource Name (ARN) of the real-time log configuration that is attached to this
    /// cache behavior. For more information, see Real-time logs in the *Amazon CloudFront
    /// Developer Guide*.
    #[must_use]
    pub fn realtime_log_config_arn(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("RealtimeLogConfigArn", value.into_input()))
    }

    /// The identifier for a response headers policy.
    #[must_use]
    pub fn response_headers_policy_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("ResponseHeadersPolicyId", value.into_input()))
    }

    /// This field only supports standard distributions. You can't specify this field for
    /// multi-tenant distributions.
    #[must_use]
    pub fn smooth_streaming(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("SmoothStreaming", value.into_input()))
    }

    /// A list of key groups that CloudFront can use to validate signed URLs or signed cookies.
    /// When a cache behavior contains trusted key groups, CloudFront requires signed URLs or
    /// signed cookies for all requests that match the cache behavior.
    #[must_use]
    pub fn trusted_key_groups(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(
            self.0
                .list("TrustedKeyGroups", values.into_iter().map(IntoInput::into_input)),
        )
    }

    /// We recommend using `TrustedKeyGroups` instead of `TrustedSigners`. This field only supports
    /// standard distributions.
    #[must_use]
    pub fn trusted_signers(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(
            self.0
                .list("TrustedSigners", values.into_iter().map(IntoInput::into_input)),
        )
    }
}

impl From<CacheBehavior> for cfn::Value {
    fn from(it: CacheBehavior) -> Self {
        it.0.into()
    }
}

/// A complex type that specifies the HTTP header name from which CloudFront extracts cache
/// tags from origin responses.
#[derive(Clone, Debug, PartialEq)]
pub struct CacheTagConfig(cfn::Properties);

impl CacheTagConfig {
    /// With what AWS requires.
    pub fn new(header_name: impl IntoInput<String>) -> Self {
        Self(cfn::Properties::new().set("HeaderName", header_name.into_input()))
    }
}

impl From<CacheTagConfig> for cfn::Value {
    fn from(it: CacheTagConfig) -> Self {
        it.0.into()
    }
}

/// A connection function association.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectionFunctionAssociation(cfn::Properties);

impl ConnectionFunctionAssociation {
    /// With what AWS requires.
    pub fn new(id: impl IntoInput<String>) -> Self {
        Self(cfn::Properties::new().set("Id", id.into_input()))
    }
}

impl From<ConnectionFunctionAssociation> for cfn::Value {
    fn from(it: ConnectionFunctionAssociation) -> Self {
        it.0.into()
    }
}

/// A complex type that controls: Whether CloudFront replaces HTTP status codes in the 4xx and
/// 5xx range with custom error messages before returning the response to the viewer.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomErrorResponse(cfn::Properties);

impl CustomErrorResponse {
    /// With what AWS requires.
    pub fn new(error_code: impl IntoInput<i64>) -> Self {
        Self(cfn::Properties::new().set("ErrorCode", error_code.into_input()))
    }

    /// The minimum amount of time, in seconds, that you want CloudFront to cache the HTTP status
    /// code specified in `ErrorCode`.
    #[must_use]
    pub fn error_caching_min_ttl(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("ErrorCachingMinTTL", value.into_input()))
    }

    /// The HTTP status code that you want CloudFront to return to the viewer along with the custom
    /// error page.
    #[must_use]
    pub fn response_code(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("ResponseCode", value.into_input()))
    }

    /// The path to the custom error page that you want CloudFront to return to a viewer when your
    /// origin returns the HTTP status code specified by `ErrorCode`, for example,
    /// `/4xx-errors/403-forbidden.html`.
    #[must_use]
    pub fn response_page_path(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("ResponsePagePath", value.into_input()))
    }
}

impl From<CustomErrorResponse> for cfn::Value {
    fn from(it: CustomErrorResponse) -> Self {
        it.0.into()
    }
}

/// A custom origin. A custom origin is any origin that is *not* an S3 bucket, with one
/// exception.
#[derive(Clone, Debug, PartialEq)]
pub struct LegacyCustomOrigin(cfn::Properties);

impl LegacyCustomOrigin {
    /// With what AWS requires.
    pub fn new(
        dns_name: impl IntoInput<String>,
        origin_protocol_policy: impl IntoInput<String>,
        origin_ssl_protocols: impl IntoIterator<Item = impl IntoInput<String>>,
    ) -> Self {
        Self(
            cfn::Properties::new()
                .set("DNSName", dns_name.into_input())
                .set("OriginProtocolPolicy", origin_protocol_policy.into_input())
                .list(
                    "OriginSSLProtocols",
                    origin_ssl_protocols.into_iter().map(IntoInput::into_input),
                ),
        )
    }

    /// The HTTP port that CF uses to connect to the origin. Specify the HTTP port that the origin
    /// listens on.
    #[must_use]
    pub fn http_port(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("HTTPPort", value.into_input()))
    }

    /// The HTTPS port that CF uses to connect to the origin. Specify the HTTPS port that the
    /// origin listens on.
    #[must_use]
    pub fn https_port(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("HTTPSPort", value.into_input()))
    }
}

impl From<LegacyCustomOrigin> for cfn::Value {
    fn from(it: LegacyCustomOrigin) -> Self {
        it.0.into()
    }
}

/// A complex type that describes the default cache behavior if you don't specify a
/// `CacheBehavior` element or if request URLs don't match any of the values of `PathPattern`
/// in `CacheBehavior` elements.
#[derive(Clone, Debug, PartialEq)]
pub struct DefaultCacheBehavior(cfn::Properties);

impl DefaultCacheBehavior {
    /// With what AWS requires.
    pub fn new(
        target_origin_id: impl IntoInput<String>,
        viewer_protocol_policy: impl Into<ViewerProtocolPolicy>,
    ) -> Self {
        Self(
            cfn::Properties::new()
                .set("TargetOriginId", target_origin_id.into_input())
                .set("ViewerProtocolPolicy", viewer_protocol_policy.into().word()),
        )
    }

    /// A complex type that controls which HTTP methods CloudFront processes and forwards to your
    /// Amazon S3 bucket or your custom origin. There are three choices: CloudFront forwards only
    /// `GET` and `HEAD` requests.
    #[must_use]
    pub fn allowed_methods(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(
            self.0
                .list("AllowedMethods", values.into_iter().map(IntoInput::into_input)),
        )
    }

    /// The unique identifier of the cache policy that is attached to the default cache behavior.
    /// For more information, see Creating cache policies or Using the managed cache policies in
    /// the *Amazon CloudFront Developer Guide*.
    #[must_use]
    pub fn cache_policy_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("CachePolicyId", value.into_input()))
    }

    /// A complex type that controls whether CloudFront caches the response to requests using the
    /// specified HTTP methods. There are two choices: CloudFront caches responses to `GET` and
    /// `HEAD` requests.
    #[must_use]
    pub fn cached_methods(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(
            self.0
                .list("CachedMethods", values.into_iter().map(IntoInput::into_input)),
        )
    }

    /// Whether you want CloudFront to automatically compress certain files for this cache
    /// behavior. If so, specify `true`; if not, specify `false`.
    #[must_use]
    pub fn compress(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("Compress", value.into_input()))
    }

    /// This field only supports standard distributions. You can't specify this field for
    /// multi-tenant distributions.
    #[must_use]
    pub fn default_ttl(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("DefaultTTL", value.into_input()))
    }

    /// The value of `ID` for the field-level encryption configuration that you want CloudFront to
    /// use for encrypting specific fields of data for the default cache behavior.
    #[must_use]
    pub fn field_level_encryption_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("FieldLevelEncryptionId", value.into_input()))
    }

    /// This field is deprecated. We recommend that you use a cache policy or an origin request
    /// policy instead of this field.
    #[must_use]
    pub fn forwarded_values(self, value: ForwardedValues) -> Self {
        Self(self.0.set("ForwardedValues", value.0))
    }

    /// A list of CloudFront functions that are associated with this cache behavior. Your functions
    /// must be published to the `LIVE` stage to associate them with a cache behavior.
    #[must_use]
    pub fn function_associations(self, values: impl IntoIterator<Item = FunctionAssociation>) -> Self {
        Self(
            self.0
                .list("FunctionAssociations", values.into_iter().map(|v| v.0)),
        )
    }

    /// The gRPC configuration for your cache behavior.
    #[must_use]
    pub fn grpc_config(self, value: GrpcConfig) -> Self {
        Self(self.0.set("GrpcConfig", value.0))
    }

    /// A complex type that contains zero or more Lambda@Edge function associations for a cache
    /// behavior.
    #[must_use]
    pub fn lambda_function_associations(
        self,
        values: impl IntoIterator<Item = LambdaFunctionAssociation>,
    ) -> Self {
        Self(
            self.0
                .list("LambdaFunctionAssociations", values.into_iter().map(|v| v.0)),
        )
    }

    /// This field only supports standard distributions. You can't specify this field for
    /// multi-tenant distributions.
    #[must_use]
    pub fn max_ttl(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("MaxTTL", value.into_input()))
    }

    /// This field only supports standard distributions. You can't specify this field for
    /// multi-tenant distributions.
    #[must_use]
    pub fn min_ttl(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("MinTTL", value.into_input()))
    }

    /// The unique identifier of the origin request policy that is attached to the default cache
    /// behavior.
    #[must_use]
    pub fn origin_request_policy_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("OriginRequestPolicyId", value.into_input()))
    }

    /// The Amazon Resource Name (ARN) of the real-time log configuration that is attached to this
    /// cache behavior. For more information, see Real-time logs in the *Amazon CloudFront
    /// Developer Guide*.
    #[must_use]
    pub fn realtime_log_config_arn(self, value: impl IntoInput<value::Arn>) -> Self {
        Self(self.0.set("RealtimeLogConfigArn", value.into_input()))
    }

    /// The identifier for a response headers policy.
    #[must_use]
    pub fn response_headers_policy_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("ResponseHeadersPolicyId", value.into_input()))
    }

    /// This field only supports standard distributions. You can't specify this field for
    /// multi-tenant distributions.
    #[must_use]
    pub fn smooth_streaming(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("SmoothStreaming", value.into_input()))
    }

    /// A list of key groups that CloudFront can use to validate signed URLs or signed cookies.
    /// When a cache behavior contains trusted key groups, CloudFront requires signed URLs or
    /// signed cookies for all requests that match the cache behavior.
    #[must_use]
    pub fn trusted_key_groups(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(
            self.0
                .list("TrustedKeyGroups", values.into_iter().map(IntoInput::into_input)),
        )
    }

    /// We recommend using `TrustedKeyGroups` instead of `TrustedSigners`. This field only supports
    /// standard distributions.
    #[must_use]
    pub fn trusted_signers(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(
            self.0
                .list("TrustedSigners", values.into_iter().map(IntoInput::into_input)),
        )
    }
}

impl From<DefaultCacheBehavior> for cfn::Value {
    fn from(it: DefaultCacheBehavior) -> Self {
        it.0.into()
    }
}

/// A complex type that specifies whether access logs are written for the distribution.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logging(cfn::Properties);

impl Logging {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The Amazon S3 bucket to store the access logs in, for example,
    /// `amzn-s3-demo-bucket.s3.amazonaws.com`.
    #[must_use]
    pub fn bucket(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Bucket", value.into_input()))
    }

    /// Specifies whether you want CloudFront to include cookies in access logs, specify `true` for
    /// `IncludeCookies`.
    #[must_use]
    pub fn include_cookies(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("IncludeCookies", value.into_input()))
    }

    /// An optional string that you want CloudFront to prefix to the access log `filenames` for
    /// this distribution, for example, `myprefix/`.
    #[must_use]
    pub fn prefix(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Prefix", value.into_input()))
    }
}

impl From<Logging> for cfn::Value {
    fn from(it: Logging) -> Self {
        it.0.into()
    }
}

/// A complex data type for the status codes that you specify that, when returned by a primary
/// origin, trigger CloudFront to failover to a second origin.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusCodes(cfn::Properties);

impl StatusCodes {
    /// With what AWS requires.
    pub fn new(items: impl IntoIterator<Item = impl IntoInput<i64>>, quantity: impl IntoInput<i64>) -> Self {
        Self(
            cfn::Properties::new()
                .list("Items", items.into_iter().map(IntoInput::into_input))
                .set("Quantity", quantity.into_input()),
        )
    }
}

impl From<StatusCodes> for cfn::Value {
    fn from(it: StatusCodes) -> Self {
        it.0.into()
    }
}

/// A complex data type that includes information about the failover criteria for an origin
/// group, including the status codes for which CloudFront will failover from the primary
/// origin to the second origin.
#[derive(Clone, Debug, PartialEq)]
pub struct OriginGroupFailoverCriteria(cfn::Properties);

impl OriginGroupFailoverCriteria {
    /// With what AWS requires.
    pub fn new(status_codes: StatusCodes) -> Self {
        Self(cfn::Properties::new().set("StatusCodes", status_codes.0))
    }
}

impl From<OriginGroupFailoverCriteria> for cfn::Value {
    fn from(it: OriginGroupFailoverCriteria) -> Self {
        it.0.into()
    }
}

/// An origin in an origin group.
#[derive(Clone, Debug, PartialEq)]
pub struct OriginGroupMember(cfn::Properties);

impl OriginGroupMember {
    /// With what AWS requires.
    pub fn new(origin_id: impl IntoInput<String>) -> Self {
        Self(cfn::Properties::new().set("OriginId", origin_id.into_input()))
    }
}

impl From<OriginGroupMember> for cfn::Value {
    fn from(it: OriginGroupMember) -> Self {
        it.0.into()
    }
}

/// A complex data type for the origins included in an origin group.
#[derive(Clone, Debug, PartialEq)]
pub struct OriginGroupMembers(cfn::Properties);

impl OriginGroupMembers {
    /// With what AWS requires.
    pub fn new(items: impl IntoIterator<Item = OriginGroupMember>, quantity: impl IntoInput<i64>) -> Self {
        Self(
            cfn::Properties::new()
                .list("Items", items.into_iter().map(|v| v.0))
                .set("Quantity", quantity.into_input()),
        )
    }
}

impl From<OriginGroupMembers> for cfn::Value {
    fn from(it: OriginGroupMembers) -> Self {
        it.0.into()
    }
}

/// An origin group includes two origins (a primary origin and a secondary origin to failover
/// to) and a failover criteria that you specify. You create an origin group to support origin
/// failover in CloudFront.
#[derive(Clone, Debug, PartialEq)]
pub struct OriginGroup(cfn::Properties);

impl OriginGroup {
    /// With what AWS requires.
    pub fn new(
        failover_criteria: OriginGroupFailoverCriteria,
        id: impl IntoInput<String>,
        members: OriginGroupMembers,
    ) -> Self {
        Self(
            cfn::Properties::new()
                .set("FailoverCriteria", failover_criteria.0)
                .set("Id", id.into_input())
                .set("Members", members.0),
        )
    }

    /// The selection criteria for the origin group. For more information, see Create an origin
    /// group in the *Amazon CloudFront Developer Guide*.
    #[must_use]
    pub fn selection_criteria(self, value: impl Into<OriginGroupSelectionCriteria>) -> Self {
        Self(self.0.set("SelectionCriteria", value.into().word()))
    }
}

impl From<OriginGroup> for cfn::Value {
    fn from(it: OriginGroup) -> Self {
        it.0.into()
    }
}

/// A complex data type for the origin groups specified for a distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct OriginGroups(cfn::Properties);

impl OriginGroups {
    /// With what AWS requires.
    pub fn new(quantity: impl IntoInput<i64>) -> Self {
        Self(cfn::Properties::new().set("Quantity", quantity.into_input()))
    }

    /// The items (origin groups) in a distribution.
    #[must_use]
    pub fn items(self, values: impl IntoIterator<Item = OriginGroup>) -> Self {
        Self(self.0.list("Items", values.into_iter().map(|v| v.0)))
    }
}

impl From<OriginGroups> for cfn::Value {
    fn from(it: OriginGroups) -> Self {
        it.0.into()
    }
}

/// Configures mutual TLS authentication between CloudFront and your origin server.
#[derive(Clone, Debug, PartialEq)]
pub struct OriginMtlsConfig(cfn::Properties);

impl OriginMtlsConfig {
    /// With what AWS requires.
    pub fn new(client_certificate_arn: impl IntoInput<String>) -> Self {
        Self(cfn::Properties::new().set("ClientCertificateArn", client_certificate_arn.into_input()))
    }
}

impl From<OriginMtlsConfig> for cfn::Value {
    fn from(it: OriginMtlsConfig) -> Self {
        it.0.into()
    }
}

/// A custom origin. A custom origin is any origin that is *not* an Amazon S3 bucket, with one
/// exception.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomOriginConfig(cfn::Properties);

impl CustomOriginConfig {
    /// With what AWS requires.
    pub fn new(origin_protocol_policy: impl IntoInput<String>) -> Self {
        Self(cfn::Properties::new().set("OriginProtocolPolicy", origin_protocol_policy.into_input()))
    }

    /// The HTTP port that CloudFront uses to connect to the origin. Specify the HTTP port that the
    /// origin listens on.
    #[must_use]
    pub fn http_port(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("HTTPPort", value.into_input()))
    }

    /// The HTTPS port that CloudFront uses to connect to the origin. Specify the HTTPS port that
    /// the origin listens on.
    #[must_use]
    pub fn https_port(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("HTTPSPort", value.into_input()))
    }

    /// Specifies which IP protocol CloudFront uses when connecting to your origin. If your origin
    /// uses both IPv4 and IPv6 protocols, you can choose `dualstack` to help optimize reliability.
    #[must_use]
    pub fn ip_address_type(self, value: impl Into<IpAddressType>) -> Self {
        Self(self.0.set("IpAddressType", value.into().word()))
    }

    /// Specifies how long, in seconds, CloudFront persists its connection to the origin. The
    /// minimum timeout is 1 second, the maximum is 300 seconds, and the default (if you don't
    /// specify otherwise) is 5 seconds.
    #[must_use]
    pub fn origin_keepalive_timeout(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("OriginKeepaliveTimeout", value.into_input()))
    }

    /// Configures mutual TLS authentication between CloudFront and your origin server.
    #[must_use]
    pub fn origin_mtls_config(self, value: OriginMtlsConfig) -> Self {
        Self(self.0.set("OriginMtlsConfig", value.0))
    }

    /// Specifies how long, in seconds, CloudFront waits for a response from the origin. This is
    /// also known as the *origin response timeout*.
    #[must_use]
    pub fn origin_read_timeout(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("OriginReadTimeout", value.into_input()))
    }

    /// Specifies the minimum SSL/TLS protocol that CloudFront uses when connecting to your origin
    /// over HTTPS. Valid values include `SSLv3`, `TLSv1`, `TLSv1.1`, and `TLSv1.2`.
    #[must_use]
    pub fn origin_ssl_protocols(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(self.0.list(
            "OriginSSLProtocols",
            values.into_iter().map(IntoInput::into_input),
        ))
    }
}

impl From<CustomOriginConfig> for cfn::Value {
    fn from(it: CustomOriginConfig) -> Self {
        it.0.into()
    }
}

/// A complex type that contains `HeaderName` and `HeaderValue` elements, if any, for this
/// distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct OriginCustomHeader(cfn::Properties);

impl OriginCustomHeader {
    /// With what AWS requires.
    pub fn new(header_name: impl IntoInput<String>, header_value: impl IntoInput<String>) -> Self {
        Self(
            cfn::Properties::new()
                .set("HeaderName", header_name.into_input())
                .set("HeaderValue", header_value.into_input()),
        )
    }
}

impl From<OriginCustomHeader> for cfn::Value {
    fn from(it: OriginCustomHeader) -> Self {
        it.0.into()
    }
}

/// CloudFront Origin Shield. Using Origin Shield can help reduce the load on your origin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OriginShield(cfn::Properties);

impl OriginShield {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// A flag that specifies whether Origin Shield is enabled. When it's enabled, CloudFront
    /// routes all requests through Origin Shield, which can help protect your origin.
    #[must_use]
    pub fn enabled(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("Enabled", value.into_input()))
    }

    /// The AWS-Region for Origin Shield. Specify the AWS-Region that has the lowest latency to
    /// your origin.
    #[must_use]
    pub fn origin_shield_region(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("OriginShieldRegion", value.into_input()))
    }
}

impl From<OriginShield> for cfn::Value {
    fn from(it: OriginShield) -> Self {
        it.0.into()
    }
}

/// A complex type that contains information about the Amazon S3 origin. If the origin is a
/// custom origin or an S3 bucket that is configured as a website endpoint, use the
/// `CustomOriginConfig` element instead.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct S3OriginConfig(cfn::Properties);

impl S3OriginConfig {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// If you're using origin access control (OAC) instead of origin access identity, specify an
    /// empty `OriginAccessIdentity` element. For more information, see Restricting access to an in
    /// the *Amazon CloudFront Developer Guide*.
    #[must_use]
    pub fn origin_access_identity(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("OriginAccessIdentity", value.into_input()))
    }

    /// Specifies how long, in seconds, CloudFront waits for a response from the origin. This is
    /// also known as the *origin response timeout*.
    #[must_use]
    pub fn origin_read_timeout(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("OriginReadTimeout", value.into_input()))
    }
}

impl From<S3OriginConfig> for cfn::Value {
    fn from(it: S3OriginConfig) -> Self {
        it.0.into()
    }
}

/// An Amazon CloudFront VPC origin configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct VpcOriginConfig(cfn::Properties);

impl VpcOriginConfig {
    /// With what AWS requires.
    pub fn new(vpc_origin_id: impl IntoInput<String>) -> Self {
        Self(cfn::Properties::new().set("VpcOriginId", vpc_origin_id.into_input()))
    }

    /// Specifies how long, in seconds, CloudFront persists its connection to the origin. The
    /// minimum timeout is 1 second, the maximum is 300 seconds, and the default (if you don't
    /// specify otherwise) is 5 seconds.
    #[must_use]
    pub fn origin_keepalive_timeout(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("OriginKeepaliveTimeout", value.into_input()))
    }

    /// Specifies how long, in seconds, CloudFront waits for a response from the origin. This is
    /// also known as the *origin response timeout*.
    #[must_use]
    pub fn origin_read_timeout(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("OriginReadTimeout", value.into_input()))
    }

    /// The account ID of the AWS-account that owns the VPC origin.
    #[must_use]
    pub fn owner_account_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("OwnerAccountId", value.into_input()))
    }
}

impl From<VpcOriginConfig> for cfn::Value {
    fn from(it: VpcOriginConfig) -> Self {
        it.0.into()
    }
}

/// An origin. An origin is the location where content is stored, and from which CloudFront
/// gets content to serve to viewers.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin(cfn::Properties);

impl Origin {
    /// With what AWS requires.
    pub fn new(domain_name: impl IntoInput<String>, id: impl IntoInput<String>) -> Self {
        Self(
            cfn::Properties::new()
                .set("DomainName", domain_name.into_input())
                .set("Id", id.into_input()),
        )
    }

    /// The number of times that CloudFront attempts to connect to the origin. The minimum number
    /// is 1, the maximum is 3, and the default (if you don't specify otherwise) is 3.
    #[must_use]
    pub fn connection_attempts(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("ConnectionAttempts", value.into_input()))
    }

    /// The number of seconds that CloudFront waits when trying to establish a connection to the
    /// origin. The minimum timeout is 1 second, the maximum is 10 seconds, and the default (if you
    /// don't specify otherwise) is 10 seconds.
    #[must_use]
    pub fn connection_timeout(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("ConnectionTimeout", value.into_input()))
    }

    /// Use this type to specify an origin that is not an Amazon S3 bucket, with one exception. If
    /// the Amazon S3 bucket is configured with static website hosting, use this type.
    #[must_use]
    pub fn custom_origin_config(self, value: CustomOriginConfig) -> Self {
        Self(self.0.set("CustomOriginConfig", value.0))
    }

    /// The unique identifier of an origin access control for this origin. For more information,
    /// see Restricting access to an Amazon S3 origin in the *Amazon CloudFront Developer Guide*.
    #[must_use]
    pub fn origin_access_control_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("OriginAccessControlId", value.into_input()))
    }

    /// A list of HTTP header names and values that CloudFront adds to the requests that it sends
    /// to the origin. For more information, see Adding Custom Headers to Origin Requests in the
    /// *Amazon CloudFront Developer Guide*.
    #[must_use]
    pub fn origin_custom_headers(self, values: impl IntoIterator<Item = OriginCustomHeader>) -> Self {
        Self(
            self.0
                .list("OriginCustomHeaders", values.into_iter().map(|v| v.0)),
        )
    }

    /// An optional path that CloudFront appends to the origin domain name when CloudFront requests
    /// content from the origin. For more information, see Origin Path in the *Amazon CloudFront
    /// Developer Guide*.
    #[must_use]
    pub fn origin_path(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("OriginPath", value.into_input()))
    }

    /// CloudFront Origin Shield. Using Origin Shield can help reduce the load on your origin.
    #[must_use]
    pub fn origin_shield(self, value: OriginShield) -> Self {
        Self(self.0.set("OriginShield", value.0))
    }

    /// The time (in seconds) that a request from CloudFront to the origin can stay open and wait
    /// for a response. If the complete response isn't received from the origin by this time,
    /// CloudFront ends the connection.
    #[must_use]
    pub fn response_completion_timeout(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("ResponseCompletionTimeout", value.into_input()))
    }

    /// Use this type to specify an origin that is an Amazon S3 bucket that is not configured with
    /// static website hosting.
    #[must_use]
    pub fn s3_origin_config(self, value: S3OriginConfig) -> Self {
        Self(self.0.set("S3OriginConfig", value.0))
    }

    /// The VPC origin configuration.
    #[must_use]
    pub fn vpc_origin_config(self, value: VpcOriginConfig) -> Self {
        Self(self.0.set("VpcOriginConfig", value.0))
    }
}

impl From<Origin> for cfn::Value {
    fn from(it: Origin) -> Self {
        it.0.into()
    }
}

/// A complex type that controls the countries in which your content is distributed. CF
/// determines the location of your users using `MaxMind` GeoIP databases.
#[derive(Clone, Debug, PartialEq)]
pub struct GeoRestriction(cfn::Properties);

impl GeoRestriction {
    /// With what AWS requires.
    pub fn new(restriction_type: impl Into<RestrictionType>) -> Self {
        Self(cfn::Properties::new().set("RestrictionType", restriction_type.into().word()))
    }

    /// A complex type that contains a `Location` element for each country in which you want
    /// CloudFront either to distribute your content (`whitelist`) or not distribute your content
    /// (`blacklist`).
    #[must_use]
    pub fn locations(self, values: impl IntoIterator<Item = impl Into<Locations>>) -> Self {
        Self(
            self.0
                .list("Locations", values.into_iter().map(|v| v.into().word())),
        )
    }
}

impl From<GeoRestriction> for cfn::Value {
    fn from(it: GeoRestriction) -> Self {
        it.0.into()
    }
}

/// A complex type that identifies ways in which you want to restrict distribution of your
/// content.
#[derive(Clone, Debug, PartialEq)]
pub struct Restrictions(cfn::Properties);

impl Restrictions {
    /// With what AWS requires.
    pub fn new(geo_restriction: GeoRestriction) -> Self {
        Self(cfn::Properties::new().set("GeoRestriction", geo_restriction.0))
    }
}

impl From<Restrictions> for cfn::Value {
    fn from(it: Restrictions) -> Self {
        it.0.into()
    }
}

/// The origin as an S3 bucket. This property is legacy.
#[derive(Clone, Debug, PartialEq)]
pub struct LegacyS3Origin(cfn::Properties);

impl LegacyS3Origin {
    /// With what AWS requires.
    pub fn new(dns_name: impl IntoInput<String>) -> Self {
        Self(cfn::Properties::new().set("DNSName", dns_name.into_input()))
    }

    /// The CF origin access identity to associate with the distribution. Use an origin access
    /// identity to configure the distribution so that end users can only access objects in an S3
    /// through CF.
    #[must_use]
    pub fn origin_access_identity(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("OriginAccessIdentity", value.into_input()))
    }
}

impl From<LegacyS3Origin> for cfn::Value {
    fn from(it: LegacyS3Origin) -> Self {
        it.0.into()
    }
}

/// `ParameterDefinitionDefinitionStringSchema`, which the schema does not describe.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterDefinitionDefinitionStringSchema(cfn::Properties);

impl ParameterDefinitionDefinitionStringSchema {
    /// With what AWS requires.
    pub fn new(required: impl IntoInput<bool>) -> Self {
        Self(cfn::Properties::new().set("Required", required.into_input()))
    }

    /// `Comment`, which the schema does not describe.
    #[must_use]
    pub fn comment(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Comment", value.into_input()))
    }

    /// `DefaultValue`, which the schema does not describe.
    #[must_use]
    pub fn default_value(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("DefaultValue", value.into_input()))
    }
}

impl From<ParameterDefinitionDefinitionStringSchema> for cfn::Value {
    fn from(it: ParameterDefinitionDefinitionStringSchema) -> Self {
        it.0.into()
    }
}

/// The value that you assigned to the parameter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ParameterDefinitionDefinition(cfn::Properties);

impl ParameterDefinitionDefinition {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// `StringSchema`, which the schema does not describe.
    #[must_use]
    pub fn string_schema(self, value: ParameterDefinitionDefinitionStringSchema) -> Self {
        Self(self.0.set("StringSchema", value.0))
    }
}

impl From<ParameterDefinitionDefinition> for cfn::Value {
    fn from(it: ParameterDefinitionDefinition) -> Self {
        it.0.into()
    }
}

/// A list of parameter values to add to the resource. A parameter is specified as a key-value
/// pair.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterDefinition(cfn::Properties);

impl ParameterDefinition {
    /// With what AWS requires.
    pub fn new(definition: ParameterDefinitionDefinition, name: impl IntoInput<String>) -> Self {
        Self(
            cfn::Properties::new()
                .set("Definition", definition.0)
                .set("Name", name.into_input()),
        )
    }
}

impl From<ParameterDefinition> for cfn::Value {
    fn from(it: ParameterDefinition) -> Self {
        it.0.into()
    }
}

/// This field only supports multi-tenant distributions. You can't specify this field for
/// standard distributions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DistributionConfigTenantConfig(cfn::Properties);

impl DistributionConfigTenantConfig {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// `ParameterDefinitions`, which the schema does not describe.
    #[must_use]
    pub fn parameter_definitions(self, values: impl IntoIterator<Item = ParameterDefinition>) -> Self {
        Self(
            self.0
                .list("ParameterDefinitions", values.into_iter().map(|v| v.0)),
        )
    }
}

impl From<DistributionConfigTenantConfig> for cfn::Value {
    fn from(it: DistributionConfigTenantConfig) -> Self {
        it.0.into()
    }
}

/// A complex type that determines the distribution's SSL/TLS configuration for communicating
/// with viewers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ViewerCertificate(cfn::Properties);

impl ViewerCertificate {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// In CloudFormation, this field name is `AcmCertificateArn`. Note the different
    /// capitalization.
    #[must_use]
    pub fn acm_certificate_arn(self, value: impl IntoInput<value::Arn>) -> Self {
        Self(self.0.set("AcmCertificateArn", value.into_input()))
    }

    /// If the distribution uses the CloudFront domain name such as
    /// `d111111abcdef8.cloudfront.net`, set this field to `true`.
    #[must_use]
    pub fn cloud_front_default_certificate(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("CloudFrontDefaultCertificate", value.into_input()))
    }

    /// This field only supports standard distributions. You can't specify this field for
    /// multi-tenant distributions.
    #[must_use]
    pub fn iam_certificate_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("IamCertificateId", value.into_input()))
    }

    /// If the distribution uses `Aliases` (alternate domain names or CNAMEs), specify the security
    /// policy that you want CloudFront to use for HTTPS connections with viewers.
    #[must_use]
    pub fn minimum_protocol_version(self, value: impl Into<MinimumProtocolVersion>) -> Self {
        Self(self.0.set("MinimumProtocolVersion", value.into().word()))
    }

    /// In CloudFormation, this field name is `SslSupportMethod`. Note the different
    /// capitalization.
    #[must_use]
    pub fn ssl_support_method(self, value: impl Into<SslSupportMethod>) -> Self {
        Self(self.0.set("SslSupportMethod", value.into().word()))
    }
}

impl From<ViewerCertificate> for cfn::Value {
    fn from(it: ViewerCertificate) -> Self {
        it.0.into()
    }
}

/// A trust store configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct TrustStoreConfig(cfn::Properties);

impl TrustStoreConfig {
    /// With what AWS requires.
    pub fn new(trust_store_id: impl IntoInput<String>) -> Self {
        Self(cfn::Properties::new().set("TrustStoreId", trust_store_id.into_input()))
    }

    /// The configuration to use to advertise trust store CA names.
    #[must_use]
    pub fn advertise_trust_store_ca_names(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("AdvertiseTrustStoreCaNames", value.into_input()))
    }

    /// The configuration to use to ignore certificate expiration.
    #[must_use]
    pub fn ignore_certificate_expiry(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("IgnoreCertificateExpiry", value.into_input()))
    }
}

impl From<TrustStoreConfig> for cfn::Value {
    fn from(it: TrustStoreConfig) -> Self {
        it.0.into()
    }
}

/// A viewer mTLS configuration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ViewerMtlsConfig(cfn::Properties);

impl ViewerMtlsConfig {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The viewer mTLS mode.
    #[must_use]
    pub fn mode(self, value: impl Into<ViewerMtlsMode>) -> Self {
        Self(self.0.set("Mode", value.into().word()))
    }

    /// The trust store configuration associated with the viewer mTLS configuration.
    #[must_use]
    pub fn trust_store_config(self, value: TrustStoreConfig) -> Self {
        Self(self.0.set("TrustStoreConfig", value.0))
    }
}

impl From<ViewerMtlsConfig> for cfn::Value {
    fn from(it: ViewerMtlsConfig) -> Self {
        it.0.into()
    }
}

/// A distribution configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct DistributionConfig(cfn::Properties);

impl DistributionConfig {
    /// With what AWS requires.
    pub fn new(default_cache_behavior: DefaultCacheBehavior, enabled: impl IntoInput<bool>) -> Self {
        Self(
            cfn::Properties::new()
                .set("DefaultCacheBehavior", default_cache_behavior.0)
                .set("Enabled", enabled.into_input()),
        )
    }

    /// This field only supports standard distributions. You can't specify this field for
    /// multi-tenant distributions.
    #[must_use]
    pub fn aliases(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(
            self.0
                .list("Aliases", values.into_iter().map(IntoInput::into_input)),
        )
    }

    /// To use this field for a multi-tenant distribution, use a connection group instead. For more
    /// information, see ConnectionGroup.
    #[must_use]
    pub fn anycast_ip_list_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("AnycastIpListId", value.into_input()))
    }

    /// An alias for the CF distribution's domain name. This property is legacy.
    #[must_use]
    pub fn cnames(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(
            self.0
                .list("CNAMEs", values.into_iter().map(IntoInput::into_input)),
        )
    }

    /// A complex type that contains zero or more `CacheBehavior` elements.
    #[must_use]
    pub fn cache_behaviors(self, values: impl IntoIterator<Item = CacheBehavior>) -> Self {
        Self(self.0.list("CacheBehaviors", values.into_iter().map(|v| v.0)))
    }

    /// Configuration for cache tag extraction from origin responses. When specified, CloudFront
    /// reads the header named in `HeaderName` from origin responses and stores the comma-separated
    /// values as cache tags on the object.
    #[must_use]
    pub fn cache_tag_config(self, value: CacheTagConfig) -> Self {
        Self(self.0.set("CacheTagConfig", value.0))
    }

    /// A comment to describe the distribution. The comment cannot be longer than 128 characters.
    #[must_use]
    pub fn comment(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Comment", value.into_input()))
    }

    /// The distribution's connection function association.
    #[must_use]
    pub fn connection_function_association(self, value: ConnectionFunctionAssociation) -> Self {
        Self(self.0.set("ConnectionFunctionAssociation", value.0))
    }

    /// This field specifies whether the connection mode is through a standard distribution
    /// (direct) or a multi-tenant distribution with distribution tenants (tenant-only).
    #[must_use]
    pub fn connection_mode(self, value: impl Into<ConnectionMode>) -> Self {
        Self(self.0.set("ConnectionMode", value.into().word()))
    }

    /// This field only supports standard distributions. You can't specify this field for
    /// multi-tenant distributions.
    #[must_use]
    pub fn continuous_deployment_policy_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("ContinuousDeploymentPolicyId", value.into_input()))
    }

    /// A complex type that controls the following: Whether CloudFront replaces HTTP status codes
    /// in the 4xx and 5xx range with custom error messages before returning the response to the
    /// viewer.
    #[must_use]
    pub fn custom_error_responses(self, values: impl IntoIterator<Item = CustomErrorResponse>) -> Self {
        Self(
            self.0
                .list("CustomErrorResponses", values.into_iter().map(|v| v.0)),
        )
    }

    /// The user-defined HTTP server that serves as the origin for content that CF distributes.
    /// This property is legacy.
    #[must_use]
    pub fn custom_origin(self, value: LegacyCustomOrigin) -> Self {
        Self(self.0.set("CustomOrigin", value.0))
    }

    /// When a viewer requests the root URL for your distribution, the default root object is the
    /// object that you want CloudFront to request from your origin.
    #[must_use]
    pub fn default_root_object(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("DefaultRootObject", value.into_input()))
    }

    /// (Optional) Specify the HTTP version(s) that you want viewers to use to communicate with CF.
    /// The default value for new distributions is `http1.1`.
    #[must_use]
    pub fn http_version(self, value: impl Into<HttpVersion>) -> Self {
        Self(self.0.set("HttpVersion", value.into().word()))
    }

    /// To use this field for a multi-tenant distribution, use a connection group instead. For more
    /// information, see ConnectionGroup.
    #[must_use]
    pub fn ipv6_enabled(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("IPV6Enabled", value.into_input()))
    }

    /// A complex type that controls whether access logs are written for the distribution. For more
    /// information about logging, see Access Logs in the *Amazon CloudFront Developer Guide*.
    #[must_use]
    pub fn logging(self, value: Logging) -> Self {
        Self(self.0.set("Logging", value.0))
    }

    /// A complex type that contains information about origin groups for this distribution. Specify
    /// a value for either the `Origins` or `OriginGroups` property.
    #[must_use]
    pub fn origin_groups(self, value: OriginGroups) -> Self {
        Self(self.0.set("OriginGroups", value.0))
    }

    /// A complex type that contains information about origins for this distribution. Specify a
    /// value for either the `Origins` or `OriginGroups` property.
    #[must_use]
    pub fn origins(self, values: impl IntoIterator<Item = Origin>) -> Self {
        Self(self.0.list("Origins", values.into_iter().map(|v| v.0)))
    }

    /// This field only supports standard distributions. You can't specify this field for
    /// multi-tenant distributions.
    #[must_use]
    pub fn price_class(self, value: impl Into<PriceClass>) -> Self {
        Self(self.0.set("PriceClass", value.into().word()))
    }

    /// A complex type that identifies ways in which you want to restrict distribution of your
    /// content.
    #[must_use]
    pub fn restrictions(self, value: Restrictions) -> Self {
        Self(self.0.set("Restrictions", value.0))
    }

    /// The origin as an S3 bucket. This property is legacy.
    #[must_use]
    pub fn s3_origin(self, value: LegacyS3Origin) -> Self {
        Self(self.0.set("S3Origin", value.0))
    }

    /// This field only supports standard distributions. You can't specify this field for
    /// multi-tenant distributions.
    #[must_use]
    pub fn staging(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("Staging", value.into_input()))
    }

    /// This field only supports multi-tenant distributions. You can't specify this field for
    /// standard distributions.
    #[must_use]
    pub fn tenant_config(self, value: DistributionConfigTenantConfig) -> Self {
        Self(self.0.set("TenantConfig", value.0))
    }

    /// A complex type that determines the distribution's SSL/TLS configuration for communicating
    /// with viewers.
    #[must_use]
    pub fn viewer_certificate(self, value: ViewerCertificate) -> Self {
        Self(self.0.set("ViewerCertificate", value.0))
    }

    /// The distribution's viewer mTLS configuration.
    #[must_use]
    pub fn viewer_mtls_config(self, value: ViewerMtlsConfig) -> Self {
        Self(self.0.set("ViewerMtlsConfig", value.0))
    }

    /// Multi-tenant distributions only support WAF V2 web ACLs. A unique identifier that specifies
    /// the WAF web ACL, if any, to associate with this distribution.
    #[must_use]
    pub fn web_acl_id(self, value: impl IntoInput<value::Arn>) -> Self {
        Self(self.0.set("WebACLId", value.into_input()))
    }
}

impl From<DistributionConfig> for cfn::Value {
    fn from(it: DistributionConfig) -> Self {
        it.0.into()
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectionMode {
    /// `direct`
    Direct,
    /// `tenant-only`
    TenantOnly,
    /// Another word.
    Other(String),
}

impl ConnectionMode {
    fn word(self) -> String {
        match self {
            Self::Direct => "direct".into(),
            Self::TenantOnly => "tenant-only".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for ConnectionMode {
    fn from(word: &str) -> Self {
        match word {
            "direct" => Self::Direct,
            "tenant-only" => Self::TenantOnly,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewerProtocolPolicy {
    /// `allow-all`
    AllowAll,
    /// `https-only`
    HttpsOnly,
    /// `redirect-to-https`
    RedirectToHttps,
    /// Another word.
    Other(String),
}

impl ViewerProtocolPolicy {
    fn word(self) -> String {
        match self {
            Self::AllowAll => "allow-all".into(),
            Self::HttpsOnly => "https-only".into(),
            Self::RedirectToHttps => "redirect-to-https".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for ViewerProtocolPolicy {
    fn from(word: &str) -> Self {
        match word {
            "allow-all" => Self::AllowAll,
            "https-only" => Self::HttpsOnly,
            "redirect-to-https" => Self::RedirectToHttps,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpVersion {
    /// `http1.1`
    Http11,
    /// `http2`
    Http2,
    /// `http2and3`
    Http2and3,
    /// `http3`
    Http3,
    /// Another word.
    Other(String),
}

impl HttpVersion {
    fn word(self) -> String {
        match self {
            Self::Http11 => "http1.1".into(),
            Self::Http2 => "http2".into(),
            Self::Http2and3 => "http2and3".into(),
            Self::Http3 => "http3".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for HttpVersion {
    fn from(word: &str) -> Self {
        match word {
            "http1.1" => Self::Http11,
            "http2" => Self::Http2,
            "http2and3" => Self::Http2and3,
            "http3" => Self::Http3,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OriginGroupSelectionCriteria {
    /// `default`
    Default,
    /// `media-quality-based`
    MediaQualityBased,
    /// Another word.
    Other(String),
}

impl OriginGroupSelectionCriteria {
    fn word(self) -> String {
        match self {
            Self::Default => "default".into(),
            Self::MediaQualityBased => "media-quality-based".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for OriginGroupSelectionCriteria {
    fn from(word: &str) -> Self {
        match word {
            "default" => Self::Default,
            "media-quality-based" => Self::MediaQualityBased,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IpAddressType {
    /// `ipv4`
    Ipv4,
    /// `ipv6`
    Ipv6,
    /// `dualstack`
    Dualstack,
    /// Another word.
    Other(String),
}

impl IpAddressType {
    fn word(self) -> String {
        match self {
            Self::Ipv4 => "ipv4".into(),
            Self::Ipv6 => "ipv6".into(),
            Self::Dualstack => "dualstack".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for IpAddressType {
    fn from(word: &str) -> Self {
        match word {
            "ipv4" => Self::Ipv4,
            "ipv6" => Self::Ipv6,
            "dualstack" => Self::Dualstack,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PriceClass {
    /// `None`
    None,
    /// `PriceClass_100`
    PriceClass100,
    /// `PriceClass_200`
    PriceClass200,
    /// `PriceClass_All`
    PriceClassAll,
    /// Another word.
    Other(String),
}

impl PriceClass {
    fn word(self) -> String {
        match self {
            Self::None => "None".into(),
            Self::PriceClass100 => "PriceClass_100".into(),
            Self::PriceClass200 => "PriceClass_200".into(),
            Self::PriceClassAll => "PriceClass_All".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for PriceClass {
    fn from(word: &str) -> Self {
        match word {
            "None" => Self::None,
            "PriceClass_100" => Self::PriceClass100,
            "PriceClass_200" => Self::PriceClass200,
            "PriceClass_All" => Self::PriceClassAll,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Locations {
    /// `AD`
    Ad,
    /// `AE`
    Ae,
    /// `AF`
    Af,
    /// `AG`
    Ag,
    /// `AI`
    Ai,
    /// `AL`
    Al,
    /// `AM`
    Am,
    /// `AO`
    Ao,
    /// `AQ`
    Aq,
    /// `AR`
    Ar,
    /// `AS`
    As,
    /// `AT`
    At,
    /// `AU`
    Au,
    /// `AW`
    Aw,
    /// `AX`
    Ax,
    /// `AZ`
    Az,
    /// `BA`
    Ba,
    /// `BB`
    Bb,
    /// `BD`
    Bd,
    /// `BE`
    Be,
    /// `BF`
    Bf,
    /// `BG`
    Bg,
    /// `BH`
    Bh,
    /// `BI`
    Bi,
    /// `BJ`
    Bj,
    /// `BL`
    Bl,
    /// `BM`
    Bm,
    /// `BN`
    Bn,
    /// `BO`
    Bo,
    /// `BQ`
    Bq,
    /// `BR`
    Br,
    /// `BS`
    Bs,
    /// `BT`
    Bt,
    /// `BV`
    Bv,
    /// `BW`
    Bw,
    /// `BY`
    By,
    /// `BZ`
    Bz,
    /// `CA`
    Ca,
    /// `CC`
    Cc,
    /// `CD`
    Cd,
    /// `CF`
    Cf,
    /// `CG`
    Cg,
    /// `CH`
    Ch,
    /// `CI`
    Ci,
    /// `CK`
    Ck,
    /// `CL`
    Cl,
    /// `CM`
    Cm,
    /// `CN`
    Cn,
    /// `CO`
    Co,
    /// `CR`
    Cr,
    /// `CU`
    Cu,
    /// `CV`
    Cv,
    /// `CW`
    Cw,
    /// `CX`
    Cx,
    /// `CY`
    Cy,
    /// `CZ`
    Cz,
    /// `DE`
    De,
    /// `DJ`
    Dj,
    /// `DK`
    Dk,
    /// `DM`
    Dm,
    /// `DO`
    Do,
    /// `DZ`
    Dz,
    /// `EC`
    Ec,
    /// `EE`
    Ee,
    /// `EG`
    Eg,
    /// `EH`
    Eh,
    /// `ER`
    Er,
    /// `ES`
    Es,
    /// `ET`
    Et,
    /// `FI`
    Fi,
    /// `FJ`
    Fj,
    /// `FK`
    Fk,
    /// `FM`
    Fm,
    /// `FO`
    Fo,
    /// `FR`
    Fr,
    /// `GA`
    Ga,
    /// `GB`
    Gb,
    /// `GD`
    Gd,
    /// `GE`
    Ge,
    /// `GF`
    Gf,
    /// `GG`
    Gg,
    /// `GH`
    Gh,
    /// `GI`
    Gi,
    /// `GL`
    Gl,
    /// `GM`
    Gm,
    /// `GN`
    Gn,
    /// `GP`
    Gp,
    /// `GQ`
    Gq,
    /// `GR`
    Gr,
    /// `GS`
    Gs,
    /// `GT`
    Gt,
    /// `GU`
    Gu,
    /// `GW`
    Gw,
    /// `GY`
    Gy,
    /// `HK`
    Hk,
    /// `HM`
    Hm,
    /// `HN`
    Hn,
    /// `HR`
    Hr,
    /// `HT`
    Ht,
    /// `HU`
    Hu,
    /// `ID`
    Id,
    /// `IE`
    Ie,
    /// `IL`
    Il,
    /// `IM`
    Im,
    /// `IN`
    In,
    /// `IO`
    Io,
    /// `IQ`
    Iq,
    /// `IR`
    Ir,
    /// `IS`
    Is,
    /// `IT`
    It,
    /// `JE`
    Je,
    /// `JM`
    Jm,
    /// `JO`
    Jo,
    /// `JP`
    Jp,
    /// `KE`
    Ke,
    /// `KG`
    Kg,
    /// `KH`
    Kh,
    /// `KI`
    Ki,
    /// `KM`
    Km,
    /// `KN`
    Kn,
    /// `KP`
    Kp,
    /// `KR`
    Kr,
    /// `KW`
    Kw,
    /// `KY`
    Ky,
    /// `KZ`
    Kz,
    /// `LA`
    La,
    /// `LB`
    Lb,
    /// `LC`
    Lc,
    /// `LI`
    Li,
    /// `LK`
    Lk,
    /// `LR`
    Lr,
    /// `LS`
    Ls,
    /// `LT`
    Lt,
    /// `LU`
    Lu,
    /// `LV`
    Lv,
    /// `LY`
    Ly,
    /// `MA`
    Ma,
    /// `MC`
    Mc,
    /// `MD`
    Md,
    /// `ME`
    Me,
    /// `MF`
    Mf,
    /// `MG`
    Mg,
    /// `MH`
    Mh,
    /// `MK`
    Mk,
    /// `ML`
    Ml,
    /// `MM`
    Mm,
    /// `MN`
    Mn,
    /// `MO`
    Mo,
    /// `MP`
    Mp,
    /// `MQ`
    Mq,
    /// `MR`
    Mr,
    /// `MS`
    Ms,
    /// `MT`
    Mt,
    /// `MU`
    Mu,
    /// `MV`
    Mv,
    /// `MW`
    Mw,
    /// `MX`
    Mx,
    /// `MY`
    My,
    /// `MZ`
    Mz,
    /// `NA`
    Na,
    /// `NC`
    Nc,
    /// `NE`
    Ne,
    /// `NF`
    Nf,
    /// `NG`
    Ng,
    /// `NI`
    Ni,
    /// `NL`
    Nl,
    /// `NO`
    No,
    /// `NP`
    Np,
    /// `NR`
    Nr,
    /// `NU`
    Nu,
    /// `NZ`
    Nz,
    /// `OM`
    Om,
    /// `PA`
    Pa,
    /// `PE`
    Pe,
    /// `PF`
    Pf,
    /// `PG`
    Pg,
    /// `PH`
    Ph,
    /// `PK`
    Pk,
    /// `PL`
    Pl,
    /// `PM`
    Pm,
    /// `PN`
    Pn,
    /// `PR`
    Pr,
    /// `PS`
    Ps,
    /// `PT`
    Pt,
    /// `PW`
    Pw,
    /// `PY`
    Py,
    /// `QA`
    Qa,
    /// `RE`
    Re,
    /// `RO`
    Ro,
    /// `RS`
    Rs,
    /// `RU`
    Ru,
    /// `RW`
    Rw,
    /// `SA`
    Sa,
    /// `SB`
    Sb,
    /// `SC`
    Sc,
    /// `SD`
    Sd,
    /// `SE`
    Se,
    /// `SG`
    Sg,
    /// `SH`
    Sh,
    /// `SI`
    Si,
    /// `SJ`
    Sj,
    /// `SK`
    Sk,
    /// `SL`
    Sl,
    /// `SM`
    Sm,
    /// `SN`
    Sn,
    /// `SO`
    So,
    /// `SR`
    Sr,
    /// `SS`
    Ss,
    /// `ST`
    St,
    /// `SV`
    Sv,
    /// `SX`
    Sx,
    /// `SY`
    Sy,
    /// `SZ`
    Sz,
    /// `TC`
    Tc,
    /// `TD`
    Td,
    /// `TF`
    Tf,
    /// `TG`
    Tg,
    /// `TH`
    Th,
    /// `TJ`
    Tj,
    /// `TK`
    Tk,
    /// `TL`
    Tl,
    /// `TM`
    Tm,
    /// `TN`
    Tn,
    /// `TO`
    To,
    /// `TR`
    Tr,
    /// `TT`
    Tt,
    /// `TV`
    Tv,
    /// `TW`
    Tw,
    /// `TZ`
    Tz,
    /// `UA`
    Ua,
    /// `UG`
    Ug,
    /// `UM`
    Um,
    /// `US`
    Us,
    /// `UY`
    Uy,
    /// `UZ`
    Uz,
    /// `VA`
    Va,
    /// `VC`
    Vc,
    /// `VE`
    Ve,
    /// `VG`
    Vg,
    /// `VI`
    Vi,
    /// `VN`
    Vn,
    /// `VU`
    Vu,
    /// `WF`
    Wf,
    /// `WS`
    Ws,
    /// `YE`
    Ye,
    /// `YT`
    Yt,
    /// `ZA`
    Za,
    /// `ZM`
    Zm,
    /// `ZW`
    Zw,
    /// Another word.
    Other(String),
}

impl Locations {
    fn word(self) -> String {
        match self {
            Self::Ad => "AD".into(),
            Self::Ae => "AE".into(),
            Self::Af => "AF".into(),
            Self::Ag => "AG".into(),
            Self::Ai => "AI".into(),
            Self::Al => "AL".into(),
            Self::Am => "AM".into(),
            Self::Ao => "AO".into(),
            Self::Aq => "AQ".into(),
            Self::Ar => "AR".into(),
            Self::As => "AS".into(),
            Self::At => "AT".into(),
            Self::Au => "AU".into(),
            Self::Aw => "AW".into(),
            Self::Ax => "AX".into(),
            Self::Az => "AZ".into(),
            Self::Ba => "BA".into(),
            Self::Bb => "BB".into(),
            Self::Bd => "BD".into(),
            Self::Be => "BE".into(),
            Self::Bf => "BF".into(),
            Self::Bg => "BG".into(),
            Self::Bh => "BH".into(),
            Self::Bi => "BI".into(),
            Self::Bj => "BJ".into(),
            Self::Bl => "BL".into(),
            Self::Bm => "BM".into(),
            Self::Bn => "BN".into(),
            Self::Bo => "BO".into(),
            Self::Bq => "BQ".into(),
            Self::Br => "BR".into(),
            Self::Bs => "BS".into(),
            Self::Bt => "BT".into(),
            Self::Bv => "BV".into(),
            Self::Bw => "BW".into(),
            Self::By => "BY".into(),
            Self::Bz => "BZ".into(),
            Self::Ca => "CA".into(),
            Self::Cc => "CC".into(),
            Self::Cd => "CD".into(),
            Self::Cf => "CF".into(),
            Self::Cg => "CG".into(),
            Self::Ch => "CH".into(),
            Self::Ci => "CI".into(),
            Self::Ck => "CK".into(),
            Self::Cl => "CL".into(),
            Self::Cm => "CM".into(),
            Self::Cn => "CN".into(),
            Self::Co => "CO".into(),
            Self::Cr => "CR".into(),
            Self::Cu => "CU".into(),
            Self::Cv => "CV".into(),
            Self::Cw => "CW".into(),
            Self::Cx => "CX".into(),
            Self::Cy => "CY".into(),
            Self::Cz => "CZ".into(),
            Self::De => "DE".into(),
            Self::Dj => "DJ".into(),
            Self::Dk => "DK".into(),
            Self::Dm => "DM".into(),
            Self::Do => "DO".into(),
            Self::Dz => "DZ".into(),
            Self::Ec => "EC".into(),
            Self::Ee => "EE".into(),
            Self::Eg => "EG".into(),
            Self::Eh => "EH".into(),
            Self::Er => "ER".into(),
            Self::Es => "ES".into(),
            Self::Et => "ET".into(),
            Self::Fi => "FI".into(),
            Self::Fj => "FJ".into(),
            Self::Fk => "FK".into(),
            Self::Fm => "FM".into(),
            Self::Fo => "FO".into(),
            Self::Fr => "FR".into(),
            Self::Ga => "GA".into(),
            Self::Gb => "GB".into(),
            Self::Gd => "GD".into(),
            Self::Ge => "GE".into(),
            Self::Gf => "GF".into(),
            Self::Gg => "GG".into(),
            Self::Gh => "GH".into(),
            Self::Gi => "GI".into(),
            Self::Gl => "GL".into(),
            Self::Gm => "GM".into(),
            Self::Gn => "GN".into(),
            Self::Gp => "GP".into(),
            Self::Gq => "GQ".into(),
            Self::Gr => "GR".into(),
            Self::Gs => "GS".into(),
            Self::Gt => "GT".into(),
            Self::Gu => "GU".into(),
            Self::Gw => "GW".into(),
            Self::Gy => "GY".into(),
            Self::Hk => "HK".into(),
            Self::Hm => "HM".into(),
            Self::Hn => "HN".into(),
            Self::Hr => "HR".into(),
            Self::Ht => "HT".into(),
            Self::Hu => "HU".into(),
            Self::Id => "ID".into(),
            Self::Ie => "IE".into(),
            Self::Il => "IL".into(),
            Self::Im => "IM".into(),
            Self::In => "IN".into(),
            Self::Io => "IO".into(),
            Self::Iq => "IQ".into(),
            Self::Ir => "IR".into(),
            Self::Is => "IS".into(),
            Self::It => "IT".into(),
            Self::Je => "JE".into(),
            Self::Jm => "JM".into(),
            Self::Jo => "JO".into(),
            Self::Jp => "JP".into(),
            Self::Ke => "KE".into(),
            Self::Kg => "KG".into(),
            Self::Kh => "KH".into(),
            Self::Ki => "KI".into(),
            Self::Km => "KM".into(),
            Self::Kn => "KN".into(),
            Self::Kp => "KP".into(),
            Self::Kr => "KR".into(),
            Self::Kw => "KW".into(),
            Self::Ky => "KY".into(),
            Self::Kz => "KZ".into(),
            Self::La => "LA".into(),
            Self::Lb => "LB".into(),
            Self::Lc => "LC".into(),
            Self::Li => "LI".into(),
            Self::Lk => "LK".into(),
            Self::Lr => "LR".into(),
            Self::Ls => "LS".into(),
            Self::Lt => "LT".into(),
            Self::Lu => "LU".into(),
            Self::Lv => "LV".into(),
            Self::Ly => "LY".into(),
            Self::Ma => "MA".into(),
            Self::Mc => "MC".into(),
            Self::Md => "MD".into(),
            Self::Me => "ME".into(),
            Self::Mf => "MF".into(),
            Self::Mg => "MG".into(),
            Self::Mh => "MH".into(),
            Self::Mk => "MK".into(),
            Self::Ml => "ML".into(),
            Self::Mm => "MM".into(),
            Self::Mn => "MN".into(),
            Self::Mo => "MO".into(),
            Self::Mp => "MP".into(),
            Self::Mq => "MQ".into(),
            Self::Mr => "MR".into(),
            Self::Ms => "MS".into(),
            Self::Mt => "MT".into(),
            Self::Mu => "MU".into(),
            Self::Mv => "MV".into(),
            Self::Mw => "MW".into(),
            Self::Mx => "MX".into(),
            Self::My => "MY".into(),
            Self::Mz => "MZ".into(),
            Self::Na => "NA".into(),
            Self::Nc => "NC".into(),
            Self::Ne => "NE".into(),
            Self::Nf => "NF".into(),
            Self::Ng => "NG".into(),
            Self::Ni => "NI".into(),
            Self::Nl => "NL".into(),
            Self::No => "NO".into(),
            Self::Np => "NP".into(),
            Self::Nr => "NR".into(),
            Self::Nu => "NU".into(),
            Self::Nz => "NZ".into(),
            Self::Om => "OM".into(),
            Self::Pa => "PA".into(),
            Self::Pe => "PE".into(),
            Self::Pf => "PF".into(),
            Self::Pg => "PG".into(),
            Self::Ph => "PH".into(),
            Self::Pk => "PK".into(),
            Self::Pl => "PL".into(),
            Self::Pm => "PM".into(),
            Self::Pn => "PN".into(),
            Self::Pr => "PR".into(),
            Self::Ps => "PS".into(),
            Self::Pt => "PT".into(),
            Self::Pw => "PW".into(),
            Self::Py => "PY".into(),
            Self::Qa => "QA".into(),
            Self::Re => "RE".into(),
            Self::Ro => "RO".into(),
            Self::Rs => "RS".into(),
            Self::Ru => "RU".into(),
            Self::Rw => "RW".into(),
            Self::Sa => "SA".into(),
            Self::Sb => "SB".into(),
            Self::Sc => "SC".into(),
            Self::Sd => "SD".into(),
            Self::Se => "SE".into(),
            Self::Sg => "SG".into(),
            Self::Sh => "SH".into(),
            Self::Si => "SI".into(),
            Self::Sj => "SJ".into(),
            Self::Sk => "SK".into(),
            Self::Sl => "SL".into(),
            Self::Sm => "SM".into(),
            Self::Sn => "SN".into(),
            Self::So => "SO".into(),
            Self::Sr => "SR".into(),
            Self::Ss => "SS".into(),
            Self::St => "ST".into(),
            Self::Sv => "SV".into(),
            Self::Sx => "SX".into(),
            Self::Sy => "SY".into(),
            Self::Sz => "SZ".into(),
            Self::Tc => "TC".into(),
            Self::Td => "TD".into(),
            Self::Tf => "TF".into(),
            Self::Tg => "TG".into(),
            Self::Th => "TH".into(),
            Self::Tj => "TJ".into(),
            Self::Tk => "TK".into(),
            Self::Tl => "TL".into(),
            Self::Tm => "TM".into(),
            Self::Tn => "TN".into(),
            Self::To => "TO".into(),
            Self::Tr => "TR".into(),
            Self::Tt => "TT".into(),
            Self::Tv => "TV".into(),
            Self::Tw => "TW".into(),
            Self::Tz => "TZ".into(),
            Self::Ua => "UA".into(),
            Self::Ug => "UG".into(),
            Self::Um => "UM".into(),
            Self::Us => "US".into(),
            Self::Uy => "UY".into(),
            Self::Uz => "UZ".into(),
            Self::Va => "VA".into(),
            Self::Vc => "VC".into(),
            Self::Ve => "VE".into(),
            Self::Vg => "VG".into(),
            Self::Vi => "VI".into(),
            Self::Vn => "VN".into(),
            Self::Vu => "VU".into(),
            Self::Wf => "WF".into(),
            Self::Ws => "WS".into(),
            Self::Ye => "YE".into(),
            Self::Yt => "YT".into(),
            Self::Za => "ZA".into(),
            Self::Zm => "ZM".into(),
            Self::Zw => "ZW".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for Locations {
    fn from(word: &str) -> Self {
        match word {
            "AD" => Self::Ad,
            "AE" => Self::Ae,
            "AF" => Self::Af,
            "AG" => Self::Ag,
            "AI" => Self::Ai,
            "AL" => Self::Al,
            "AM" => Self::Am,
            "AO" => Self::Ao,
            "AQ" => Self::Aq,
            "AR" => Self::Ar,
            "AS" => Self::As,
            "AT" => Self::At,
            "AU" => Self::Au,
            "AW" => Self::Aw,
            "AX" => Self::Ax,
            "AZ" => Self::Az,
            "BA" => Self::Ba,
            "BB" => Self::Bb,
            "BD" => Self::Bd,
            "BE" => Self::Be,
            "BF" => Self::Bf,
            "BG" => Self::Bg,
            "BH" => Self::Bh,
            "BI" => Self::Bi,
            "BJ" => Self::Bj,
            "BL" => Self::Bl,
            "BM" => Self::Bm,
            "BN" => Self::Bn,
            "BO" => Self::Bo,
            "BQ" => Self::Bq,
            "BR" => Self::Br,
            "BS" => Self::Bs,
            "BT" => Self::Bt,
            "BV" => Self::Bv,
            "BW" => Self::Bw,
            "BY" => Self::By,
            "BZ" => Self::Bz,
            "CA" => Self::Ca,
            "CC" => Self::Cc,
            "CD" => Self::Cd,
            "CF" => Self::Cf,
            "CG" => Self::Cg,
            "CH" => Self::Ch,
            "CI" => Self::Ci,
            "CK" => Self::Ck,
            "CL" => Self::Cl,
            "CM" => Self::Cm,
            "CN" => Self::Cn,
            "CO" => Self::Co,
            "CR" => Self::Cr,
            "CU" => Self::Cu,
            "CV" => Self::Cv,
            "CW" => Self::Cw,
            "CX" => Self::Cx,
            "CY" => Self::Cy,
            "CZ" => Self::Cz,
            "DE" => Self::De,
            "DJ" => Self::Dj,
            "DK" => Self::Dk,
            "DM" => Self::Dm,
            "DO" => Self::Do,
            "DZ" => Self::Dz,
            "EC" => Self::Ec,
            "EE" => Self::Ee,
            "EG" => Self::Eg,
            "EH" => Self::Eh,
            "ER" => Self::Er,
            "ES" => Self::Es,
            "ET" => Self::Et,
            "FI" => Self::Fi,
            "FJ" => Self::Fj,
            "FK" => Self::Fk,
            "FM" => Self::Fm,
            "FO" => Self::Fo,
            "FR" => Self::Fr,
            "GA" => Self::Ga,
            "GB" => Self::Gb,
            "GD" => Self::Gd,
            "GE" => Self::Ge,
            "GF" => Self::Gf,
            "GG" => Self::Gg,
            "GH" => Self::Gh,
            "GI" => Self::Gi,
            "GL" => Self::Gl,
            "GM" => Self::Gm,
            "GN" => Self::Gn,
            "GP" => Self::Gp,
            "GQ" => Self::Gq,
            "GR" => Self::Gr,
            "GS" => Self::Gs,
            "GT" => Self::Gt,
            "GU" => Self::Gu,
            "GW" => Self::Gw,
            "GY" => Self::Gy,
            "HK" => Self::Hk,
            "HM" => Self::Hm,
            "HN" => Self::Hn,
            "HR" => Self::Hr,
            "HT" => Self::Ht,
            "HU" => Self::Hu,
            "ID" => Self::Id,
            "IE" => Self::Ie,
            "IL" => Self::Il,
            "IM" => Self::Im,
            "IN" => Self::In,
            "IO" => Self::Io,
            "IQ" => Self::Iq,
            "IR" => Self::Ir,
            "IS" => Self::Is,
            "IT" => Self::It,
            "JE" => Self::Je,
            "JM" => Self::Jm,
            "JO" => Self::Jo,
            "JP" => Self::Jp,
            "KE" => Self::Ke,
            "KG" => Self::Kg,
            "KH" => Self::Kh,
            "KI" => Self::Ki,
            "KM" => Self::Km,
            "KN" => Self::Kn,
            "KP" => Self::Kp,
            "KR" => Self::Kr,
            "KW" => Self::Kw,
            "KY" => Self::Ky,
            "KZ" => Self::Kz,
            "LA" => Self::La,
            "LB" => Self::Lb,
            "LC" => Self::Lc,
            "LI" => Self::Li,
            "LK" => Self::Lk,
            "LR" => Self::Lr,
            "LS" => Self::Ls,
            "LT" => Self::Lt,
            "LU" => Self::Lu,
            "LV" => Self::Lv,
            "LY" => Self::Ly,
            "MA" => Self::Ma,
            "MC" => Self::Mc,
            "MD" => Self::Md,
            "ME" => Self::Me,
            "MF" => Self::Mf,
            "MG" => Self::Mg,
            "MH" => Self::Mh,
            "MK" => Self::Mk,
            "ML" => Self::Ml,
            "MM" => Self::Mm,
            "MN" => Self::Mn,
            "MO" => Self::Mo,
            "MP" => Self::Mp,
            "MQ" => Self::Mq,
            "MR" => Self::Mr,
            "MS" => Self::Ms,
            "MT" => Self::Mt,
            "MU" => Self::Mu,
            "MV" => Self::Mv,
            "MW" => Self::Mw,
            "MX" => Self::Mx,
            "MY" => Self::My,
            "MZ" => Self::Mz,
            "NA" => Self::Na,
            "NC" => Self::Nc,
            "NE" => Self::Ne,
            "NF" => Self::Nf,
            "NG" => Self::Ng,
            "NI" => Self::Ni,
            "NL" => Self::Nl,
            "NO" => Self::No,
            "NP" => Self::Np,
            "NR" => Self::Nr,
            "NU" => Self::Nu,
            "NZ" => Self::Nz,
            "OM" => Self::Om,
            "PA" => Self::Pa,
            "PE" => Self::Pe,
            "PF" => Self::Pf,
            "PG" => Self::Pg,
            "PH" => Self::Ph,
            "PK" => Self::Pk,
            "PL" => Self::Pl,
            "PM" => Self::Pm,
            "PN" => Self::Pn,
            "PR" => Self::Pr,
            "PS" => Self::Ps,
            "PT" => Self::Pt,
            "PW" => Self::Pw,
            "PY" => Self::Py,
            "QA" => Self::Qa,
            "RE" => Self::Re,
            "RO" => Self::Ro,
            "RS" => Self::Rs,
            "RU" => Self::Ru,
            "RW" => Self::Rw,
            "SA" => Self::Sa,
            "SB" => Self::Sb,
            "SC" => Self::Sc,
            "SD" => Self::Sd,
            "SE" => Self::Se,
            "SG" => Self::Sg,
            "SH" => Self::Sh,
            "SI" => Self::Si,
            "SJ" => Self::Sj,
            "SK" => Self::Sk,
            "SL" => Self::Sl,
            "SM" => Self::Sm,
            "SN" => Self::Sn,
            "SO" => Self::So,
            "SR" => Self::Sr,
            "SS" => Self::Ss,
            "ST" => Self::St,
            "SV" => Self::Sv,
            "SX" => Self::Sx,
            "SY" => Self::Sy,
            "SZ" => Self::Sz,
            "TC" => Self::Tc,
            "TD" => Self::Td,
            "TF" => Self::Tf,
            "TG" => Self::Tg,
            "TH" => Self::Th,
            "TJ" => Self::Tj,
            "TK" => Self::Tk,
            "TL" => Self::Tl,
            "TM" => Self::Tm,
            "TN" => Self::Tn,
            "TO" => Self::To,
            "TR" => Self::Tr,
            "TT" => Self::Tt,
            "TV" => Self::Tv,
            "TW" => Self::Tw,
            "TZ" => Self::Tz,
            "UA" => Self::Ua,
            "UG" => Self::Ug,
            "UM" => Self::Um,
            "US" => Self::Us,
            "UY" => Self::Uy,
            "UZ" => Self::Uz,
            "VA" => Self::Va,
            "VC" => Self::Vc,
            "VE" => Self::Ve,
            "VG" => Self::Vg,
            "VI" => Self::Vi,
            "VN" => Self::Vn,
            "VU" => Self::Vu,
            "WF" => Self::Wf,
            "WS" => Self::Ws,
            "YE" => Self::Ye,
            "YT" => Self::Yt,
            "ZA" => Self::Za,
            "ZM" => Self::Zm,
            "ZW" => Self::Zw,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RestrictionType {
    /// `blacklist`
    Blacklist,
    /// `none`
    None,
    /// `whitelist`
    Whitelist,
    /// Another word.
    Other(String),
}

impl RestrictionType {
    fn word(self) -> String {
        match self {
            Self::Blacklist => "blacklist".into(),
            Self::None => "none".into(),
            Self::Whitelist => "whitelist".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for RestrictionType {
    fn from(word: &str) -> Self {
        match word {
            "blacklist" => Self::Blacklist,
            "none" => Self::None,
            "whitelist" => Self::Whitelist,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MinimumProtocolVersion {
    /// `SSLv3`
    SSLv3,
    /// `TLSv1`
    TLSv1,
    /// `TLSv1.1_2016`
    TLSv112016,
    /// `TLSv1.2_2018`
    TLSv122018,
    /// `TLSv1.2_2019`
    TLSv122019,
    /// `TLSv1.2_2021`
    TLSv122021,
    /// `TLSv1.2_2025`
    TLSv122025,
    /// `TLSv1.3_2025`
    TLSv132025,
    /// `TLSv1_2016`
    TLSv12016,
    /// Another word.
    Other(String),
}

impl MinimumProtocolVersion {
    fn word(self) -> String {
        match self {
            Self::SSLv3 => "SSLv3".into(),
            Self::TLSv1 => "TLSv1".into(),
            Self::TLSv112016 => "TLSv1.1_2016".into(),
            Self::TLSv122018 => "TLSv1.2_2018".into(),
            Self::TLSv122019 => "TLSv1.2_2019".into(),
            Self::TLSv122021 => "TLSv1.2_2021".into(),
            Self::TLSv122025 => "TLSv1.2_2025".into(),
            Self::TLSv132025 => "TLSv1.3_2025".into(),
            Self::TLSv12016 => "TLSv1_2016".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for MinimumProtocolVersion {
    fn from(word: &str) -> Self {
        match word {
            "SSLv3" => Self::SSLv3,
            "TLSv1" => Self::TLSv1,
            "TLSv1.1_2016" => Self::TLSv112016,
            "TLSv1.2_2018" => Self::TLSv122018,
            "TLSv1.2_2019" => Self::TLSv122019,
            "TLSv1.2_2021" => Self::TLSv122021,
            "TLSv1.2_2025" => Self::TLSv122025,
            "TLSv1.3_2025" => Self::TLSv132025,
            "TLSv1_2016" => Self::TLSv12016,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SslSupportMethod {
    /// `sni-only`
    SniOnly,
    /// `static-ip`
    StaticIp,
    /// `vip`
    Vip,
    /// Another word.
    Other(String),
}

impl SslSupportMethod {
    fn word(self) -> String {
        match self {
            Self::SniOnly => "sni-only".into(),
            Self::StaticIp => "static-ip".into(),
            Self::Vip => "vip".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for SslSupportMethod {
    fn from(word: &str) -> Self {
        match word {
            "sni-only" => Self::SniOnly,
            "static-ip" => Self::StaticIp,
            "vip" => Self::Vip,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewerMtlsMode {
    /// `required`
    Required,
    /// `optional`
    Optional,
    /// `passthrough`
    Passthrough,
    /// Another word.
    Other(String),
}

impl ViewerMtlsMode {
    fn word(self) -> String {
        match self {
            Self::Required => "required".into(),
            Self::Optional => "optional".into(),
            Self::Passthrough => "passthrough".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for ViewerMtlsMode {
    fn from(word: &str) -> Self {
        match word {
            "required" => Self::Required,
            "optional" => Self::Optional,
            "passthrough" => Self::Passthrough,
            other => Self::Other(other.into()),
        }
    }
}
