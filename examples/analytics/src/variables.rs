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
pub(super) const SITES: Variable = Variable {
    name: "TENON_SITES",
    description: "the sites whose browsers post events, each with its origin; without it the environment local has a made-up one, and the others are refused",
    example: "shop=https://shop.example,blog=https://blog.example",
};
pub(super) const AMI: Variable = Variable {
    name: "TENON_AMI",
    description: "the machine image of the hosts, of Amazon Linux 2023 for arm64; the newest one of the day of the plan when not set",
    example: "ami-0a1b2c3d4e5f67890",
};
pub(super) const MONGODB_URI: Variable = Variable {
    name: "TENON_MONGODB_URI_ARN",
    description: "a Secrets Manager secret whose text is the URI of a MongoDB, such as one of Atlas; when not set, the stack has a DocumentDB cluster",
    example: "arn:aws:secretsmanager:us-east-1:111111111111:secret:analytics/mongodb-AbCdEf",
};
pub(super) const API_TOKENS: Variable = Variable {
    name: "TENON_API_TOKENS_ARN",
    description: "a Secrets Manager secret whose text is API_TOKENS; when not set every caller is an administrator, \
                  which all environments but local refuse",
    example: "arn:aws:secretsmanager:us-east-1:111111111111:secret:analytics/tokens-AbCdEf",
};
pub(super) const SITE_TOKENS: Variable = Variable {
    name: "TENON_SITE_TOKENS_ARN",
    description: "a Secrets Manager secret whose text is SITE_TOKENS, with which the sites' servers post; they cannot when not set",
    example: "arn:aws:secretsmanager:us-east-1:111111111111:secret:analytics/sites-AbCdEf",
};
pub(super) const DOMAIN: Variable = Variable {
    name: "TENON_SITE_DOMAIN",
    description: "the host name of dashboard and collector; that of CloudFront when not set. It needs TENON_CERTIFICATE_ARN",
    example: "events.shop.example",
};
pub(super) const CERTIFICATE: Variable = Variable {
    name: "TENON_CERTIFICATE_ARN",
    description: "the certificate of TENON_SITE_DOMAIN, in us-east-1, as CloudFront wants it",
    example: "arn:aws:acm:us-east-1:111111111111:certificate/1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d",
};
pub(super) const ALARM_EMAIL: Variable = Variable {
    name: "TENON_ALARM_EMAIL",
    description: "who gets alarms by mail; nobody does when not set, and the topic is there for other subscribers",
    example: "oncall@example.com",
};
pub(super) const GITHUB: Variable = Variable {
    name: "TENON_GITHUB_REPOSITORY",
    description: "the repository whose workflows may release, by a role without keys, with its ids where it has them (`owner@ID/name@ID`); none may when not set",
    example: "shop/analytics",
};

/// Every environment variable that the stack reads; there is no other.
pub const VARIABLES: &[Variable] = &[
    ZONES,
    SITES,
    AMI,
    MONGODB_URI,
    API_TOKENS,
    SITE_TOKENS,
    DOMAIN,
    CERTIFICATE,
    ALARM_EMAIL,
    GITHUB,
];
