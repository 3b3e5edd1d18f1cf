//! `AWS::CloudFront::ResponseHeadersPolicy`, from CloudFormation's schema. Written by `tenon add AWS::CloudFront::ResponseHeadersPolicy`; `tenon add AWS::CloudFront::ResponseHeadersPolicy --update` writes it anew.

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

/// A response headers policy. A response headers policy contains information about a set of
/// HTTP response headers.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseHeadersPolicy(cfn::Properties);

impl ResponseHeadersPolicy {
    /// With what AWS requires.
    pub fn new(response_headers_policy_config: ResponseHeadersPolicyConfig) -> Self {
        Self(cfn::Properties::new().set("ResponseHeadersPolicyConfig", response_headers_policy_config.0))
    }
}

/// Outputs of `AWS::CloudFront::ResponseHeadersPolicy`.
#[derive(Clone, Debug)]
pub struct ResponseHeadersPolicyOutputs {
    /// The primary identifier: Id.
    pub id: value::Output<String>,
    /// `LastModifiedTime`, which the schema does not describe.
    pub last_modified_time: value::Output<String>,
}

impl cfn::Declare for ResponseHeadersPolicy {
    type Refs = ResponseHeadersPolicyOutputs;

    fn declare(self) -> Result<(&'static dyn cfn::ResourceType, cfn::Value), String> {
        cfn::Resource::new("AWS::CloudFront::ResponseHeadersPolicy", self.0.into()).declare()
    }

    fn refs(address: &str) -> Self::Refs {
        let handle = cfn::Handle::at(address);
        ResponseHeadersPolicyOutputs {
            last_modified_time: handle.get_as("LastModifiedTime"),
            id: handle.id,
        }
    }
}

/// A list of HTTP header names that CloudFront includes as values for the
/// `Access-Control-Allow-Headers` HTTP response header.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessControlAllowHeaders(cfn::Properties);

impl AccessControlAllowHeaders {
    /// With what AWS requires.
    pub fn new(items: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(cfn::Properties::new().list("Items", items.into_iter().map(IntoInput::into_input)))
    }
}

impl From<AccessControlAllowHeaders> for cfn::Value {
    fn from(it: AccessControlAllowHeaders) -> Self {
        it.0.into()
    }
}

/// A list of HTTP methods that CloudFront includes as values for the
/// `Access-Control-Allow-Methods` HTTP response header.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessControlAllowMethods(cfn::Properties);

impl AccessControlAllowMethods {
    /// With what AWS requires.
    pub fn new(items: impl IntoIterator<Item = impl Into<Items>>) -> Self {
        Self(cfn::Properties::new().list("Items", items.into_iter().map(|v| v.into().word())))
    }
}

impl From<AccessControlAllowMethods> for cfn::Value {
    fn from(it: AccessControlAllowMethods) -> Self {
        it.0.into()
    }
}

/// A list of origins (domain names) that CloudFront can use as the value for the
/// `Access-Control-Allow-Origin` HTTP response header.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessControlAllowOrigins(cfn::Properties);

impl AccessControlAllowOrigins {
    /// With what AWS requires.
    pub fn new(items: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(cfn::Properties::new().list("Items", items.into_iter().map(IntoInput::into_input)))
    }
}

impl From<AccessControlAllowOrigins> for cfn::Value {
    fn from(it: AccessControlAllowOrigins) -> Self {
        it.0.into()
    }
}

/// A list of HTTP headers that CloudFront includes as values for the
/// `Access-Control-Expose-Headers` HTTP response header.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessControlExposeHeaders(cfn::Properties);

impl AccessControlExposeHeaders {
    /// With what AWS requires.
    pub fn new(items: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(cfn::Properties::new().list("Items", items.into_iter().map(IntoInput::into_input)))
    }
}

impl From<AccessControlExposeHeaders> for cfn::Value {
    fn from(it: AccessControlExposeHeaders) -> Self {
        it.0.into()
    }
}

/// A configuration for a set of HTTP response headers that are used for cross-origin resource
/// sharing (CORS).
#[derive(Clone, Debug, PartialEq)]
pub struct CorsConfig(cfn::Properties);

impl CorsConfig {
    /// With what AWS requires.
    pub fn new(
        access_control_allow_credentials: impl IntoInput<bool>,
        access_control_allow_headers: AccessControlAllowHeaders,
        access_control_allow_methods: AccessControlAllowMethods,
        access_control_allow_origins: AccessControlAllowOrigins,
        origin_override: impl IntoInput<bool>,
    ) -> Self {
        Self(
            cfn::Properties::new()
                .set(
                    "AccessControlAllowCredentials",
                    access_control_allow_credentials.into_input(),
                )
                .set("AccessControlAllowHeaders", access_control_allow_headers.0)
                .set("AccessControlAllowMethods", access_control_allow_methods.0)
                .set("AccessControlAllowOrigins", access_control_allow_origins.0)
                .set("OriginOverride", origin_override.into_input()),
        )
    }

    /// A list of HTTP headers that CloudFront includes as values for the
    /// `Access-Control-Expose-Headers` HTTP response header.
    #[must_use]
    pub fn access_control_expose_headers(self, value: AccessControlExposeHeaders) -> Self {
        Self(self.0.set("AccessControlExposeHeaders", value.0))
    }

    /// A number that CloudFront uses as the value for the `Access-Control-Max-Age` HTTP response
    /// header. For more information about the `Access-Control-Max-Age` HTTP response header, see
    /// Access-Control-Max-Age in the MDN Web Docs.
    #[must_use]
    pub fn access_control_max_age_sec(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("AccessControlMaxAgeSec", value.into_input()))
    }
}

impl From<CorsConfig> for cfn::Value {
    fn from(it: CorsConfig) -> Self {
        it.0.into()
    }
}

/// An HTTP response header name and its value. CloudFront includes this header in HTTP
/// responses that it sends for requests that match a cache behavior that's associated with
/// this response headers policy.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomHeader(cfn::Properties);

impl CustomHeader {
    /// With what AWS requires.
    pub fn new(
        header: impl IntoInput<String>,
        r#override: impl IntoInput<bool>,
        value: impl IntoInput<String>,
    ) -> Self {
        Self(
            cfn::Properties::new()
                .set("Header", header.into_input())
                .set("Override", r#override.into_input())
                .set("Value", value.into_input()),
        )
    }
}

impl From<CustomHeader> for cfn::Value {
    fn from(it: CustomHeader) -> Self {
        it.0.into()
    }
}

/// A list of HTTP response header names and their values. CloudFront includes these headers in
/// HTTP responses that it sends for requests that match a cache behavior that's associated
/// with this response headers policy.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomHeadersConfig(cfn::Properties);

impl CustomHeadersConfig {
    /// With what AWS requires.
    pub fn new(items: impl IntoIterator<Item = CustomHeader>) -> Self {
        Self(cfn::Properties::new().list("Items", items.into_iter().map(|v| v.0)))
    }
}

impl From<CustomHeadersConfig> for cfn::Value {
    fn from(it: CustomHeadersConfig) -> Self {
        it.0.into()
    }
}

/// The name of an HTTP header that CloudFront removes from HTTP responses to requests that
/// match the cache behavior that this response headers policy is attached to.
#[derive(Clone, Debug, PartialEq)]
pub struct RemoveHeader(cfn::Properties);

impl RemoveHeader {
    /// With what AWS requires.
    pub fn new(header: impl IntoInput<String>) -> Self {
        Self(cfn::Properties::new().set("Header", header.into_input()))
    }
}

impl From<RemoveHeader> for cfn::Value {
    fn from(it: RemoveHeader) -> Self {
        it.0.into()
    }
}

/// A list of HTTP header names that CloudFront removes from HTTP responses to requests that
/// match the cache behavior that this response headers policy is attached to.
#[derive(Clone, Debug, PartialEq)]
pub struct RemoveHeadersConfig(cfn::Properties);

impl RemoveHeadersConfig {
    /// With what AWS requires.
    pub fn new(items: impl IntoIterator<Item = RemoveHeader>) -> Self {
        Self(cfn::Properties::new().list("Items", items.into_iter().map(|v| v.0)))
    }
}

impl From<RemoveHeadersConfig> for cfn::Value {
    fn from(it: RemoveHeadersConfig) -> Self {
        it.0.into()
    }
}

/// The policy directives and their values that CloudFront includes as values for the
/// `Content-Security-Policy` HTTP response header.
#[derive(Clone, Debug, PartialEq)]
pub struct ContentSecurityPolicy(cfn::Properties);

impl ContentSecurityPolicy {
    /// With what AWS requires.
    pub fn new(content_security_policy: impl IntoInput<String>, r#override: impl IntoInput<bool>) -> Self {
        Self(
            cfn::Properties::new()
                .set("ContentSecurityPolicy", content_security_policy.into_input())
                .set("Override", r#override.into_input()),
        )
    }
}

impl From<ContentSecurityPolicy> for cfn::Value {
    fn from(it: ContentSecurityPolicy) -> Self {
        it.0.into()
    }
}

/// Determines whether CloudFront includes the `X-Content-Type-Options` HTTP response header
/// with its value set to `nosniff`.
#[derive(Clone, Debug, PartialEq)]
pub struct ContentTypeOptions(cfn::Properties);

impl ContentTypeOptions {
    /// With what AWS requires.
    pub fn new(r#override: impl IntoInput<bool>) -> Self {
        Self(cfn::Properties::new().set("Override", r#override.into_input()))
    }
}

impl From<ContentTypeOptions> for cfn::Value {
    fn from(it: ContentTypeOptions) -> Self {
        it.0.into()
    }
}

/// Determines whether CloudFront includes the `X-Frame-Options` HTTP response header and the
/// header's value. For more information about the `X-Frame-Options` HTTP response header, see
/// X-Frame-Options in the MDN Web Docs.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameOptions(cfn::Properties);

impl FrameOptions {
    /// With what AWS requires.
    pub fn new(frame_option: impl IntoInput<String>, r#override: impl IntoInput<bool>) -> Self {
        Self(
            cfn::Properties::new()
                .set("FrameOption", frame_option.into_input())
                .set("Override", r#override.into_input()),
        )
    }
}

impl From<FrameOptions> for cfn::Value {
    fn from(it: FrameOptions) -> Self {
        it.0.into()
    }
}

/// Determines whether CloudFront includes the `Referrer-Policy` HTTP response header and the
/// header's value. For more information about the `Referrer-Policy` HTTP response header, see
/// Referrer-Policy in the MDN Web Docs.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferrerPolicy(cfn::Properties);

impl ReferrerPolicy {
    /// With what AWS requires.
    pub fn new(r#override: impl IntoInput<bool>, referrer_policy: impl IntoInput<String>) -> Self {
        Self(
            cfn::Properties::new()
                .set("Override", r#override.into_input())
                .set("ReferrerPolicy", referrer_policy.into_input()),
        )
    }
}

impl From<ReferrerPolicy> for cfn::Value {
    fn from(it: ReferrerPolicy) -> Self {
        it.0.into()
    }
}

/// Determines whether CloudFront includes the `Strict-Transport-Security` HTTP response header
/// and the header's value.
#[derive(Clone, Debug, PartialEq)]
pub struct StrictTransportSecurity(cfn::Properties);

impl StrictTransportSecurity {
    /// With what AWS requires.
    pub fn new(access_control_max_age_sec: impl IntoInput<i64>, r#override: impl IntoInput<bool>) -> Self {
        Self(
            cfn::Properties::new()
                .set("AccessControlMaxAgeSec", access_control_max_age_sec.into_input())
                .set("Override", r#override.into_input()),
        )
    }

    /// A Boolean that determines whether CloudFront includes the `includeSubDomains` directive in
    /// the `Strict-Transport-Security` HTTP response header.
    #[must_use]
    pub fn include_subdomains(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("IncludeSubdomains", value.into_input()))
    }

    /// A Boolean that determines whether CloudFront includes the `preload` directive in the
    /// `Strict-Transport-Security` HTTP response header.
    #[must_use]
    pub fn preload(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("Preload", value.into_input()))
    }
}

impl From<StrictTransportSecurity> for cfn::Value {
    fn from(it: StrictTransportSecurity) -> Self {
        it.0.into()
    }
}

/// Determines whether CloudFront includes the `X-XSS-Protection` HTTP response header and the
/// header's value. For more information about the `X-XSS-Protection` HTTP response header, see
/// X-XSS-Protection in the MDN Web Docs.
#[derive(Clone, Debug, PartialEq)]
pub struct XSSProtection(cfn::Properties);

impl XSSProtection {
    /// With what AWS requires.
    pub fn new(r#override: impl IntoInput<bool>, protection: impl IntoInput<bool>) -> Self {
        Self(
            cfn::Properties::new()
                .set("Override", r#override.into_input())
                .set("Protection", protection.into_input()),
        )
    }

    /// A Boolean that determines whether CloudFront includes the `mode=block` directive in the
    /// `X-XSS-Protection` header. For more information about this directive, see X-XSS-Protection
    /// in the MDN Web Docs.
    #[must_use]
    pub fn mode_block(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("ModeBlock", value.into_input()))
    }

    /// A reporting URI, which CloudFront uses as the value of the `report` directive in the
    /// `X-XSS-Protection` header. You cannot specify a `ReportUri` when `ModeBlock` is `true`.
    #[must_use]
    pub fn report_uri(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("ReportUri", value.into_input()))
    }
}

impl From<XSSProtection> for cfn::Value {
    fn from(it: XSSProtection) -> Self {
        it.0.into()
    }
}

/// A configuration for a set of security-related HTTP response headers. CloudFront adds these
/// headers to HTTP responses that it sends for requests that match a cache behavior associated
/// with this response headers policy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SecurityHeadersConfig(cfn::Properties);

impl SecurityHeadersConfig {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The policy directives and their values that CloudFront includes as values for the
    /// `Content-Security-Policy` HTTP response header.
    #[must_use]
    pub fn content_security_policy(self, value: ContentSecurityPolicy) -> Self {
        Self(self.0.set("ContentSecurityPolicy", value.0))
    }

    /// Determines whether CloudFront includes the `X-Content-Type-Options` HTTP response header
    /// with its value set to `nosniff`.
    #[must_use]
    pub fn content_type_options(self, value: ContentTypeOptions) -> Self {
        Self(self.0.set("ContentTypeOptions", value.0))
    }

    /// Determines whether CloudFront includes the `X-Frame-Options` HTTP response header and the
    /// header's value. For more information about the `X-Frame-Options` HTTP response header, see
    /// X-Frame-Options in the MDN Web Docs.
    #[must_use]
    pub fn frame_options(self, value: FrameOptions) -> Self {
        Self(self.0.set("FrameOptions", value.0))
    }

    /// Determines whether CloudFront includes the `Referrer-Policy` HTTP response header and the
    /// header's value. For more information about the `Referrer-Policy` HTTP response header, see
    /// Referrer-Policy in the MDN Web Docs.
    #[must_use]
    pub fn referrer_policy(self, value: ReferrerPolicy) -> Self {
        Self(self.0.set("ReferrerPolicy", value.0))
    }

    /// Determines whether CloudFront includes the `Strict-Transport-Security` HTTP response header
    /// and the header's value.
    #[must_use]
    pub fn strict_transport_security(self, value: StrictTransportSecurity) -> Self {
        Self(self.0.set("StrictTransportSecurity", value.0))
    }

    /// Determines whether CloudFront includes the `X-XSS-Protection` HTTP response header and the
    /// header's value. For more information about the `X-XSS-Protection` HTTP response header, see
    /// X-XSS-Protection in the MDN Web Docs.
    #[must_use]
    pub fn xss_protection(self, value: XSSProtection) -> Self {
        Self(self.0.set("XSSProtection", value.0))
    }
}

impl From<SecurityHeadersConfig> for cfn::Value {
    fn from(it: SecurityHeadersConfig) -> Self {
        it.0.into()
    }
}

/// A configuration for enabling the `Server-Timing` header in HTTP responses sent from
/// CloudFront.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerTimingHeadersConfig(cfn::Properties);

impl ServerTimingHeadersConfig {
    /// With what AWS requires.
    pub fn new(enabled: impl IntoInput<bool>) -> Self {
        Self(cfn::Properties::new().set("Enabled", enabled.into_input()))
    }

    /// A number 0–100 (inclusive) that specifies the percentage of responses that you want
    /// CloudFront to add the `Server-Timing` header to.
    #[must_use]
    pub fn sampling_rate(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("SamplingRate", value.into_input()))
    }
}

impl From<ServerTimingHeadersConfig> for cfn::Value {
    fn from(it: ServerTimingHeadersConfig) -> Self {
        it.0.into()
    }
}

/// A response headers policy configuration. A response headers policy configuration contains
/// metadata about the response headers policy, and configurations for sets of HTTP response
/// headers.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseHeadersPolicyConfig(cfn::Properties);

impl ResponseHeadersPolicyConfig {
    /// With what AWS requires.
    pub fn new(name: impl IntoInput<String>) -> Self {
        Self(cfn::Properties::new().set("Name", name.into_input()))
    }

    /// A comment to describe the response headers policy. The comment cannot be longer than 128
    /// characters.
    #[must_use]
    pub fn comment(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Comment", value.into_input()))
    }

    /// A configuration for a set of HTTP response headers that are used for cross-origin resource
    /// sharing (CORS).
    #[must_use]
    pub fn cors_config(self, value: CorsConfig) -> Self {
        Self(self.0.set("CorsConfig", value.0))
    }

    /// A configuration for a set of custom HTTP response headers.
    #[must_use]
    pub fn custom_headers_config(self, value: CustomHeadersConfig) -> Self {
        Self(self.0.set("CustomHeadersConfig", value.0))
    }

    /// A configuration for a set of HTTP headers to remove from the HTTP response.
    #[must_use]
    pub fn remove_headers_config(self, value: RemoveHeadersConfig) -> Self {
        Self(self.0.set("RemoveHeadersConfig", value.0))
    }

    /// A configuration for a set of security-related HTTP response headers.
    #[must_use]
    pub fn security_headers_config(self, value: SecurityHeadersConfig) -> Self {
        Self(self.0.set("SecurityHeadersConfig", value.0))
    }

    /// A configuration for enabling the `Server-Timing` header in HTTP responses sent from
    /// CloudFront.
    #[must_use]
    pub fn server_timing_headers_config(self, value: ServerTimingHeadersConfig) -> Self {
        Self(self.0.set("ServerTimingHeadersConfig", value.0))
    }
}

impl From<ResponseHeadersPolicyConfig> for cfn::Value {
    fn from(it: ResponseHeadersPolicyConfig) -> Self {
        it.0.into()
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Items {
    /// `ALL`
    All,
    /// `DELETE`
    Delete,
    /// `GET`
    Get,
    /// `HEAD`
    Head,
    /// `OPTIONS`
    Options,
    /// `PATCH`
    Patch,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// Another word.
    Other(String),
}

impl Items {
    fn word(self) -> String {
        match self {
            Self::All => "ALL".into(),
            Self::Delete => "DELETE".into(),
            Self::Get => "GET".into(),
            Self::Head => "HEAD".into(),
            Self::Options => "OPTIONS".into(),
            Self::Patch => "PATCH".into(),
            Self::Post => "POST".into(),
            Self::Put => "PUT".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for Items {
    fn from(word: &str) -> Self {
        match word {
            "ALL" => Self::All,
            "DELETE" => Self::Delete,
            "GET" => Self::Get,
            "HEAD" => Self::Head,
            "OPTIONS" => Self::Options,
            "PATCH" => Self::Patch,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            other => Self::Other(other.into()),
        }
    }
}
