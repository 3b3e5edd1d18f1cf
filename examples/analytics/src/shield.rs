//! Rate limits at the edge: a web ACL of AWS WAF before the load balancer.

use serde_json::{Value, json};
use tenon::{
    Environment, Scope,
    resources::{
        cfn,
        elb::{LoadBalancerArn, LoadBalancerOutputs},
        resource::Outputs,
        value::Output,
    },
};

/// Header with the viewer's address, which the distribution's function sets whatever a viewer sends. The first address of
/// `X-Forwarded-For` is the viewer's to choose, and AWS WAF takes that one.
/// <https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-forwarded-ip-address.html>
const VIEWER: &str = "x-viewer-ip";

/// Declares the web ACL and puts it before the load balancer. An address that sends more than `requests` in five minutes is
/// answered with 429 until it sends fewer. Rule groups that ask who an address belongs to, such as Amazon's IP reputation list,
/// would be asked about CloudFront's:
/// <https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-ip-rep.html>
///
/// The scope is the region's: a web ACL of CloudFront is one in us-east-1, and this stack is in one region.
pub(super) fn rate_limits<E: Environment>(
    s: &mut Scope<'_, E>,
    load_balancer: &<LoadBalancerOutputs as Outputs>::Refs,
    requests: u32,
) {
    let viewer = json!({ "HeaderName": VIEWER, "FallbackBehavior": "MATCH" });
    let too_many = json!({ "Block": { "CustomResponse": {
        "ResponseCode": 429,
        "ResponseHeaders": [{ "Name": "retry-after", "Value": "300" }],
    } } });
    let rate = json!({ "RateBasedStatement": {
        "Limit": requests,
        "EvaluationWindowSec": 300,
        "AggregateKeyType": "FORWARDED_IP",
        "ForwardedIPConfig": viewer,
    } });
    let rule = json!({
        "Name": "requests-per-address",
        "Priority": 10,
        "Statement": rate,
        "Action": too_many,
        "VisibilityConfig": visible("requests-per-address"),
    });
    let acl = cfn::Resource::new(
        "AWS::WAFv2::WebACL",
        json!({
            "Scope": "REGIONAL",
            "DefaultAction": { "Allow": {} },
            "Rules": [rule],
            "VisibilityConfig": visible("all"),
        }),
    );
    let acl = s.add("web-acl", acl);
    associate(s, &load_balancer.id, &acl);
}

fn associate<E: Environment>(
    s: &mut Scope<'_, E>,
    load_balancer: &Output<LoadBalancerArn>,
    acl: &cfn::Handle,
) {
    let association = cfn::Resource::new(
        "AWS::WAFv2::WebACLAssociation",
        json!({ "ResourceArn": load_balancer, "WebACLArn": acl.get("Arn") }),
    );
    s.add("association", association);
}

fn visible(name: &str) -> Value {
    json!({ "CloudWatchMetricsEnabled": true, "MetricName": name, "SampledRequestsEnabled": true })
}
