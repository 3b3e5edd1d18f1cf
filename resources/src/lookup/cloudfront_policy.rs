//! The policies that CloudFront itself has.

use super::query::{Lookup, found};
use crate::cloud::Candidate;
use crate::{cloud::Caller, id};
use serde::{Deserialize, Serialize};
use serde_json::json;

id!(
    /// A CloudFront policy's id, such as `658327ea-f89d-4fab-a63d-7e88639e58f6`.
    CloudFrontPolicyId
);

/// A managed policy of CloudFront, by its name.
///
/// ```
/// use tenon_resources::lookup::CloudFrontPolicy;
/// CloudFrontPolicy::cache("CachingOptimized");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloudFrontPolicy {
    of: String,
    name: String,
}

found! {
    /// Outputs of a managed policy of CloudFront.
    CloudFrontPolicyFound, CloudFrontPolicyRefs {
        /// The id, the same in every account.
        id: CloudFrontPolicyId = "The id, the same in every account.",
    }
}

/// Kind, name and id of each.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
const MANAGED: [(&str, &str, &str); 17] = [
    ("cache", "Amplify", "2e54312d-136d-493c-8eb9-b001f22f67d2"),
    ("cache", "CachingDisabled", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"),
    (
        "cache",
        "CachingOptimized",
        "658327ea-f89d-4fab-a63d-7e88639e58f6",
    ),
    (
        "cache",
        "CachingOptimizedForUncompressedObjects",
        "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
    ),
    (
        "cache",
        "Elemental-MediaPackage",
        "08627262-05a9-4f76-9ded-b50ca2e3a84f",
    ),
    (
        "cache",
        "UseOriginCacheControlHeaders",
        "83da9c7e-98b4-4e11-a168-04f0df8e2c65",
    ),
    (
        "cache",
        "UseOriginCacheControlHeaders-QueryStrings",
        "4cc15a8a-d715-48a4-82b8-cc0b614638fe",
    ),
    (
        "origin_request",
        "AllViewer",
        "216adef6-5c7f-47e4-b989-5492eafa07d3",
    ),
    (
        "origin_request",
        "AllViewerAndCloudFrontHeaders-2022-06",
        "33f36d7e-f396-46d9-90e0-52428a34d9dc",
    ),
    (
        "origin_request",
        "AllViewerExceptHostHeader",
        "b689b0a8-53d0-40ab-baf2-68738e2966ac",
    ),
    (
        "origin_request",
        "CORS-CustomOrigin",
        "59781a5b-3903-41f3-afcb-af62929ccde1",
    ),
    (
        "origin_request",
        "CORS-S3Origin",
        "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
    ),
    (
        "origin_request",
        "UserAgentRefererHeaders",
        "acba4595-bd28-49b8-b9fe-13317c0390fa",
    ),
    (
        "response_headers",
        "CORS-With-Preflight",
        "5cc3b908-e619-4b99-88e5-2cf7f45965bd",
    ),
    (
        "response_headers",
        "CORS-and-SecurityHeadersPolicy",
        "e61eb60c-9c35-4d20-a928-2b84e02af89c",
    ),
    (
        "response_headers",
        "SecurityHeadersPolicy",
        "67f7725c-6f97-4210-82d7-5512b31e9d03",
    ),
    (
        "response_headers",
        "SimpleCORS",
        "60669652-455b-4ae9-85a4-c4c02393f86c",
    ),
];

impl CloudFrontPolicy {
    fn of(of: &str, name: &str) -> Self {
        Self {
            of: of.into(),
            name: name.into(),
        }
    }

    /// The managed cache policy of this name.
    pub fn cache(name: &str) -> Self {
        Self::of("cache", name)
    }

    /// The managed origin request policy of this name.
    pub fn origin_request(name: &str) -> Self {
        Self::of("origin_request", name)
    }

    /// The managed response headers policy of this name.
    pub fn response_headers(name: &str) -> Self {
        Self::of("response_headers", name)
    }
}

impl Lookup for CloudFrontPolicy {
    const KIND: &'static str = "cloudfront.policy";
    const DOC: &'static str = "A managed policy of CloudFront, by its name.";
    const ACTIONS: &'static [&'static str] = &[];
    type Found = CloudFrontPolicyFound;

    fn known(&self, _: &Caller) -> Option<Vec<Candidate>> {
        let candidate = |(of, name, id): &(&str, &str, &str)| Candidate {
            label: (*name).into(),
            facts: json!({"of": of, "name": name}),
            outputs: json!({ "id": id }),
        };
        Some(MANAGED.iter().map(candidate).collect())
    }
}

#[cfg(feature = "aws")]
impl crate::aws::LookUp for CloudFrontPolicy {
    async fn candidates(&self, _: &crate::aws::Aws) -> Result<Vec<Candidate>, crate::cloud::CallError> {
        Ok(vec![])
    }
}
