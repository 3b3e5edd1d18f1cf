//! The conditions of a rule.

use crate::prelude::*;
use crate::value::Cidr4;

/// A condition that a request meets. A value may contain the wildcards `*`, any characters, and `?`, one character.
///
/// ```
/// use tenon_resources::elb::Condition;
/// let api = [Condition::path(["/api/*"]), Condition::host(["shop.example.com"])];
/// assert_eq!(serde_json::to_string(&api[0]).unwrap(), r#"{"path":["/api/*"]}"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// The path matches one of these.
    Path(BTreeSet<String>),
    /// The host header matches one of these.
    Host(BTreeSet<String>),
    /// The HTTP request method is one of these, in capitals.
    Method(BTreeSet<String>),
    /// The HTTP header matches one of these values.
    Header {
        /// The header's name.
        name: String,
        /// The values.
        values: BTreeSet<String>,
    },
    /// The query string has one of these pairs.
    Query(BTreeSet<QueryPair>),
    /// The source IP address is in one of these ranges.
    SourceIp(BTreeSet<Cidr4>),
}

/// A key and a value of a query string.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct QueryPair {
    /// The key. Unset: any.
    pub key: Option<String>,
    /// The value.
    pub value: String,
}

fn texts<T: Into<String>>(values: impl IntoIterator<Item = T>) -> BTreeSet<String> {
    values.into_iter().map(Into::into).collect()
}

impl Condition {
    /// Findings about the conditions of a rule, as sentences about `field`. "Each rule can include up to one of …":
    /// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html> (`Conditions`).
    pub(super) fn check_all(all: &BTreeSet<Self>, field: &str) -> Vec<String> {
        let mut findings = vec![];
        for once in ["path-pattern", "host-header", "http-request-method", "source-ip"] {
            if all.iter().filter(|c| c.field() == once).count() > 1 {
                findings.push(format!(
                    "`{field}` has `{once}` more than once, and AWS takes it once: put all its values into one"
                ));
            }
        }
        let values: usize = all.iter().map(Self::values).sum();
        if all.iter().any(|c| c.values() == 0) || values == 0 {
            findings.push(format!(
                "`{field}` has nothing to compare with: give each at least one value"
            ));
        }
        if values > 5 {
            findings.push(format!(
                "`{field}` compares with {values} values, and AWS takes at most 5 a rule: split it"
            ));
        }
        findings
    }

    /// The path is one of `values`.
    pub fn path<T: Into<String>>(values: impl IntoIterator<Item = T>) -> Self {
        Self::Path(texts(values))
    }

    /// The host is one of `values`.
    pub fn host<T: Into<String>>(values: impl IntoIterator<Item = T>) -> Self {
        Self::Host(texts(values))
    }

    /// The method is one of `values`.
    pub fn method<T: Into<String>>(values: impl IntoIterator<Item = T>) -> Self {
        Self::Method(texts(values))
    }

    /// The header `name` has one of `values`.
    pub fn header<T: Into<String>>(name: &str, values: impl IntoIterator<Item = T>) -> Self {
        Self::Header {
            name: name.into(),
            values: texts(values),
        }
    }

    /// The query has `key=value`.
    pub fn query(key: &str, value: &str) -> Self {
        Self::Query(BTreeSet::from([QueryPair {
            key: Some(key.into()),
            value: value.into(),
        }]))
    }

    /// The source IP address is in one of `ranges`.
    pub fn source_ip(ranges: impl IntoIterator<Item = Cidr4>) -> Self {
        Self::SourceIp(ranges.into_iter().collect())
    }

    /// The number of values that are compared.
    pub(crate) fn values(&self) -> usize {
        match self {
            Self::Path(values) | Self::Host(values) | Self::Method(values) | Self::Header { values, .. } => {
                values.len()
            }
            Self::Query(pairs) => pairs.len(),
            Self::SourceIp(ranges) => ranges.len(),
        }
    }

    /// The field of the request, as AWS names it.
    pub(crate) fn field(&self) -> &'static str {
        match self {
            Self::Path(_) => "path-pattern",
            Self::Host(_) => "host-header",
            Self::Method(_) => "http-request-method",
            Self::Header { .. } => "http-header",
            Self::Query(_) => "query-string",
            Self::SourceIp(_) => "source-ip",
        }
    }
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::elb::types::RuleCondition> for Condition {
    fn to_sdk(self) -> Option<sdk::elb::types::RuleCondition> {
        use sdk::elb::types as t;
        let condition = t::RuleCondition::builder().field(self.field());
        Some(
            match self {
                Self::Path(values) => condition.path_pattern_config(
                    t::PathPatternConditionConfig::builder()
                        .set_values(values.to_sdk())
                        .build(),
                ),
                Self::Host(values) => condition.host_header_config(
                    t::HostHeaderConditionConfig::builder()
                        .set_values(values.to_sdk())
                        .build(),
                ),
                Self::Method(values) => condition.http_request_method_config(
                    t::HttpRequestMethodConditionConfig::builder()
                        .set_values(values.to_sdk())
                        .build(),
                ),
                Self::Header { name, values } => condition.http_header_config(
                    t::HttpHeaderConditionConfig::builder()
                        .http_header_name(name)
                        .set_values(values.to_sdk())
                        .build(),
                ),
                Self::Query(pairs) => {
                    let pairs = pairs.into_iter().map(|p| {
                        t::QueryStringKeyValuePair::builder()
                            .set_key(p.key)
                            .value(p.value)
                            .build()
                    });
                    let config = t::QueryStringConditionConfig::builder().set_values(Some(pairs.collect()));
                    condition.query_string_config(config.build())
                }
                Self::SourceIp(ranges) => condition.source_ip_config(
                    t::SourceIpConditionConfig::builder()
                        .set_values(ranges.to_sdk())
                        .build(),
                ),
            }
            .build(),
        )
    }
}

#[cfg(feature = "aws")]
/// AWS has paths and hosts in two members, and in the older one alone for older rules.
impl crate::aws::FromSdk<sdk::elb::types::RuleCondition> for Condition {
    fn from_sdk(item: sdk::elb::types::RuleCondition) -> Option<Self> {
        let old = item.values.filter(|v| !v.is_empty());
        let set = |values: Option<Vec<String>>| texts(values.unwrap_or_default());
        Some(match item.field?.as_str() {
            "path-pattern" => Self::Path(set(item.path_pattern_config.and_then(|c| c.values).or(old))),
            "host-header" => Self::Host(set(item.host_header_config.and_then(|c| c.values).or(old))),
            "http-request-method" => {
                Self::Method(set(item.http_request_method_config.and_then(|c| c.values)))
            }
            "http-header" => {
                let config = item.http_header_config?;
                Self::Header {
                    name: config.http_header_name.unwrap_or_default(),
                    values: set(config.values),
                }
            }
            "query-string" => {
                let pairs = item
                    .query_string_config
                    .and_then(|c| c.values)
                    .unwrap_or_default();
                let pairs = pairs.into_iter().filter_map(|p| {
                    Some(QueryPair {
                        key: p.key,
                        value: p.value?,
                    })
                });
                Self::Query(pairs.collect())
            }
            "source-ip" => {
                let ranges = item.source_ip_config.and_then(|c| c.values).unwrap_or_default();
                Self::SourceIp(ranges.iter().filter_map(|r| r.parse().ok()).collect())
            }
            _ => return None,
        })
    }
}
