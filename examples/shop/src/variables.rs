//! The environment variables that the stack reads, as data; [`settings`](super::settings) parses them.

/// One environment variable that the stack reads.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Name.
    pub name: &'static str,
    /// Meaning, and effect of leaving it unset.
    pub description: &'static str,
    /// A valid value.
    pub example: &'static str,
}

pub(super) const ZONES: Variable = Variable {
    name: "TENON_ZONES",
    description: "the letters of the region's zones to use, two to four; `a,b` when not set",
    example: "a,b,c",
};
pub(super) const API_IMAGE: Variable = Variable {
    name: "TENON_API_IMAGE",
    description: "the API's image; when not set, the stack has a repository for it and runs TENON_IMAGE_TAG from there",
    example: "shop/catalog-api@sha256:9b2a1c6f0d3e4b5a8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b",
};
pub(super) const WEB_IMAGE: Variable = Variable {
    name: "TENON_WEB_IMAGE",
    description: "the front end's image; when not set, the stack has a repository for it and runs TENON_IMAGE_TAG from there",
    example: "shop/catalog-web:1.4.2",
};
pub(super) const IMAGE_TAG: Variable = Variable {
    name: "TENON_IMAGE_TAG",
    description: "the tag to run from the stack's own repositories; the version of this program when not set",
    example: "1.4.2",
};
pub(super) const CERTIFICATE: Variable = Variable {
    name: "TENON_CERTIFICATE_ARN",
    description: "the certificate of the load balancer: with it HTTPS is served and HTTP redirected; HTTP alone when not set",
    example: "arn:aws:acm:us-east-1:111111111111:certificate/1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d",
};
pub(super) const ALARM_EMAIL: Variable = Variable {
    name: "TENON_ALARM_EMAIL",
    description: "who gets alarms by mail; nobody does when not set, and the topic is there for other subscribers",
    example: "oncall@example.com",
};
pub(super) const API_TOKENS: Variable = Variable {
    name: "TENON_API_TOKENS_ARN",
    description: "a Secrets Manager secret whose text is the API's API_TOKENS; when not set the API is open to everyone, which \
           staging and prod refuse",
    example: "arn:aws:secretsmanager:us-east-1:111111111111:secret:catalog/tokens-AbCdEf",
};
pub(super) const GITHUB: Variable = Variable {
    name: "TENON_GITHUB_REPOSITORY",
    description: "the repository whose workflows may deploy, by a role without keys, with its ids where it has them (`owner@ID/name@ID`); none may when not set",
    example: "shop/catalog",
};

/// Every environment variable that the stack reads; there is no other.
pub const VARIABLES: &[Variable] = &[
    ZONES,
    API_IMAGE,
    WEB_IMAGE,
    IMAGE_TAG,
    CERTIFICATE,
    ALARM_EMAIL,
    API_TOKENS,
    GITHUB,
];
