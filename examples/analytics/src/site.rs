//! The edge: one CloudFront distribution over a private bucket and an internal load balancer, so that no host and no bucket has
//! a public address, and browsers need no CORS.

use super::{
    Env, Settings,
    aws::{
        cloud_front_distribution::{
            CacheBehavior, DefaultCacheBehavior, Distribution, DistributionConfig, FunctionAssociation,
            Origin, S3OriginConfig, ViewerCertificate, VpcOriginConfig,
        },
        cloud_front_function::{Function, FunctionConfig},
        cloud_front_origin_access_control::{OriginAccessControl, OriginAccessControlConfig},
        cloud_front_response_headers_policy::{
            ContentSecurityPolicy, ContentTypeOptions, FrameOptions, ReferrerPolicy, ResponseHeadersPolicy,
            ResponseHeadersPolicyConfig, SecurityHeadersConfig, StrictTransportSecurity,
        },
        cloud_front_vpc_origin::{VpcOrigin, VpcOriginEndpointConfig},
    },
    storage::{self, BucketRefs},
};
use tenon::{
    Scope,
    component::Network,
    resources::{
        ec2::{EgressRule, IngressRule, SecurityGroup, SecurityGroupId, Traffic},
        elb::{
            Action, Condition, Listener, ListenerArn, ListenerProtocol, ListenerRule, LoadBalancer,
            LoadBalancerOutputs, Scheme, TargetGroup, TargetGroupOutputs, TargetType,
        },
        iam::Policy,
        lookup,
        resource::Outputs,
        s3::{BucketName, BucketPolicy, LifecycleRule},
        text,
        value::{Arn, Input, Output},
    },
};

/// The edge, for fleets, alarms and pipelines.
pub(super) struct Site {
    /// Address of the dashboard and the collector.
    pub(super) url: Input<String>,
    /// Name of the dashboard's bucket.
    pub(super) bucket: Output<BucketName>,
    /// ARN of the dashboard's bucket.
    pub(super) bucket_arn: Output<Arn>,
    /// Id of the distribution.
    pub(super) distribution: Output<String>,
    /// ARN of the distribution.
    pub(super) distribution_arn: Input<String>,
    /// Internal load balancer.
    pub(super) load_balancer: <LoadBalancerOutputs as Outputs>::Refs,
    listener: Output<ListenerArn>,
    /// Security group of the load balancer.
    security_group: Output<SecurityGroupId>,
}

impl Site {
    /// Declares the bucket, the load balancer and the distribution over both.
    pub(super) fn new(
        s: &mut Scope<'_, Env>,
        network: &Network,
        settings: &Settings,
        deletion_protection: bool,
    ) -> Self {
        // Old chunks stay for pages that are open: nothing is deleted by a release.
        let rule = LifecycleRule::new("old").expire_old_versions_after(30);
        let bucket = storage::bucket(s, rule);
        let (security_group, load_balancer, listener) =
            internal_load_balancer(s, network, deletion_protection);
        let distribution = distribution(s, settings, &bucket, &load_balancer);
        let arn = text!(
            "arn:aws:cloudfront::{}:distribution/{}",
            &s.account(),
            &distribution.id
        );
        // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
        let read = Policy::allow(["s3:GetObject"])
            .sid("Distribution")
            .service("cloudfront.amazonaws.com")
            .on([text!("{}/*", &bucket.arn)])
            .when("StringEquals", "AWS:SourceArn", [&arn]);
        // Without the list S3 answers 403 for a file that is missing, and not 404.
        // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        let list = Policy::allow(["s3:ListBucket"])
            .sid("DistributionMissing")
            .service("cloudfront.amazonaws.com")
            .on([&bucket.arn])
            .when("StringEquals", "AWS:SourceArn", [&arn]);
        let policy = storage::tls_only(&bucket).and(read).and(list);
        s.add("bucket-policy", BucketPolicy::new(&bucket.id, policy));
        let url = match &settings.domain {
            Some(domain) => text!("https://{}", domain),
            None => text!("https://{}", &distribution.domain_name),
        };
        Self {
            url,
            bucket: bucket.id,
            bucket_arn: bucket.arn,
            distribution: distribution.id,
            distribution_arn: arn,
            load_balancer,
            listener,
            security_group,
        }
    }

    /// Declares the target group of a fleet, the rule that sends `paths` there, and the rules of both security groups: in the
    /// scope of the fleet, which calls this.
    pub(super) fn route(
        &self,
        s: &mut Scope<'_, Env>,
        network: &Network,
        hosts: &Output<SecurityGroupId>,
        port: u16,
        priority: u16,
        paths: &[&str],
    ) -> <TargetGroupOutputs as Outputs>::Refs {
        let requests = Traffic::tcp(port);
        let into = IngressRule::new(hosts, &self.security_group, requests).description("The load balancer");
        s.add("ingress-from-load-balancer", into);
        let out =
            EgressRule::new(&self.security_group, hosts, requests).description("Requests and health checks");
        s.add("egress-of-load-balancer", out);
        let target_group = TargetGroup::new(&network.vpc, port)
            .target_type(TargetType::Instance)
            .health_check_path("/ready")
            .health_check_interval_seconds(10u16)
            .healthy_threshold_count(2u16)
            .deregistration_delay(30u16);
        let target_group = s.add("target-group", target_group);
        let rule = ListenerRule::new(&self.listener, priority, Action::forward(&target_group.id))
            .conditions([Condition::path(paths.iter().copied())]);
        s.add("listener-rule", rule);
        target_group
    }
}

/// A load balancer that CloudFront's addresses reach, and nobody else.
fn internal_load_balancer(
    s: &mut Scope<'_, Env>,
    network: &Network,
    deletion_protection: bool,
) -> (
    Output<SecurityGroupId>,
    <LoadBalancerOutputs as Outputs>::Refs,
    Output<ListenerArn>,
) {
    let security_group = SecurityGroup::new(&network.vpc, "The internal load balancer");
    let security_group = s.add("security-group", security_group).id;
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
    let cloudfront = s.lookup("cloudfront", lookup::PrefixList::cloudfront_origin_facing());
    let http = IngressRule::new(&security_group, &cloudfront.id, Traffic::tcp(80)).description("CloudFront");
    s.add("http-ingress", http);
    let load_balancer = LoadBalancer::new()
        .scheme(Scheme::Internal)
        .subnets(&network.private)
        .security_groups([&security_group])
        .drop_invalid_header_fields(true)
        .deletion_protection(deletion_protection);
    let load_balancer = s.add("load-balancer", load_balancer);
    let not_found = Action::respond(404, "text/plain", "there is nothing here");
    let listener = Listener::new(&load_balancer.id, 80u16, ListenerProtocol::Http, not_found);
    let listener = s.add("http-listener", listener).id;
    (security_group, load_balancer, listener)
}

/// The distribution and what it refers to: access to the bucket, the way into the VPC, the function and the headers.
// Long: one declaration after the other, each used by the last.
fn distribution(
    s: &mut Scope<'_, Env>,
    settings: &Settings,
    bucket: &BucketRefs,
    load_balancer: &<LoadBalancerOutputs as Outputs>::Refs,
) -> super::aws::cloud_front_distribution::DistributionOutputs {
    let access = OriginAccessControlConfig::new(s.full_name("access"), "s3", "always", "sigv4");
    let access = s
        .add("origin-access-control", OriginAccessControl::new(access))
        .id;
    let way_in = VpcOriginEndpointConfig::new(load_balancer.id.text(), s.full_name("vpc-origin"))
        .http_port(80)
        .https_port(443)
        .origin_protocol_policy("http-only");
    let way_in = s.add("vpc-origin", VpcOrigin::new(way_in)).id;
    let function = FunctionConfig::new(
        "Address of the viewer, and the page for each path",
        "cloudfront-js-2.0",
    );
    let function =
        Function::new(include_str!("edge.js"), function, s.full_name("viewer-request")).auto_publish(true);
    let function = s.add("function", function).function_arn;
    let headers = ResponseHeadersPolicy::new(headers(s.full_name("headers")));
    let headers = s.add("headers", headers).id;
    let policy =
        |s: &mut Scope<'_, Env>, name: &str, query: lookup::CloudFrontPolicy| s.lookup(name, query).id.text();
    let optimized = policy(s, "caching", lookup::CloudFrontPolicy::cache("CachingOptimized"));
    let disabled = policy(
        s,
        "no-caching",
        lookup::CloudFrontPolicy::cache("CachingDisabled"),
    );
    let viewer = lookup::CloudFrontPolicy::origin_request("AllViewerAndCloudFrontHeaders-2022-06");
    let viewer = policy(s, "viewer", viewer);

    let viewer_request = || {
        FunctionAssociation::new()
            .event_type("viewer-request")
            .function_arn(&function)
    };
    let pages = DefaultCacheBehavior::new("site", "redirect-to-https")
        .cache_policy_id(&optimized)
        .response_headers_policy_id(&headers)
        .compress(true)
        .function_associations([viewer_request()]);
    let behind = |path: &str| {
        CacheBehavior::new(path, "load-balancer", "https-only")
            .allowed_methods(["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"])
            .cache_policy_id(&disabled)
            .origin_request_policy_id(&viewer)
            .compress(true)
            .function_associations([viewer_request()])
    };
    // The load balancer's answers have their own headers, and live figures send a comment every 15 s.
    let behind_vpc = Origin::new(&load_balancer.dns_name, "load-balancer")
        .vpc_origin_config(VpcOriginConfig::new(&way_in).origin_read_timeout(30));
    let site = Origin::new(&bucket.regional_domain_name, "site")
        .origin_access_control_id(&access)
        .s3_origin_config(S3OriginConfig::new().origin_access_identity(""));
    let mut config = DistributionConfig::new(pages, true)
        .comment(s.full_name("distribution"))
        .default_root_object("index.html")
        .http_version("http2and3")
        .ipv6_enabled(true)
        .price_class("PriceClass_100")
        .origins([site, behind_vpc])
        .cache_behaviors(["/e", "/api/*"].map(behind));
    if let (Some(domain), Some(certificate)) = (&settings.domain, &settings.certificate) {
        let certificate = ViewerCertificate::new()
            .acm_certificate_arn(certificate.clone())
            .ssl_support_method("sni-only")
            .minimum_protocol_version("TLSv1.2_2021");
        config = config.aliases([domain]).viewer_certificate(certificate);
    }
    s.add("distribution", Distribution::new(config))
}

/// Headers of the dashboard's pages.
fn headers(name: String) -> ResponseHeadersPolicyConfig {
    let policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; \
                  base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
    let security = SecurityHeadersConfig::new()
        .content_security_policy(ContentSecurityPolicy::new(policy, true))
        .content_type_options(ContentTypeOptions::new(true))
        .frame_options(FrameOptions::new("DENY", true))
        .referrer_policy(ReferrerPolicy::new(true, "strict-origin-when-cross-origin"))
        .strict_transport_security(StrictTransportSecurity::new(63_072_000, true).include_subdomains(true));
    ResponseHeadersPolicyConfig::new(name).security_headers_config(security)
}
