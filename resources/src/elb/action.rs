//! What a listener or a rule does with a request.

use super::TargetGroupArn;
use crate::prelude::*;

/// What becomes of a request.
///
/// ```
/// use tenon_resources::elb::Action;
/// Action::forward("arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/0123456789abcdef");
/// Action::redirect_to_https();
/// Action::respond(404, "text/plain", "no such page");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A target answers it.
    Forward(Forward),
    /// The client is sent elsewhere.
    Redirect(Redirect),
    /// The load balancer answers it.
    FixedResponse(FixedResponse),
}

/// Forwards to one target group, or to several by weight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forward {
    /// The target groups, one to five.
    pub to: Vec<Weighted>,
    /// How long a client stays with the target group that it was given, in seconds, 1 to 604800.
    pub stickiness_seconds: Option<u32>,
}

/// A target group, and its share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighted {
    /// The target group.
    pub target_group: Input<TargetGroupArn>,
    /// Its share of the sum of all weights, 0 to 999.
    pub weight: u16,
}

choice!(
    /// Whether a redirect is to be remembered.
    RedirectStatus of elb::RedirectActionStatusCodeEnum {
        /// Moved for good.
        Permanent = "HTTP_301",
        /// Found elsewhere, this time.
        Temporary = "HTTP_302",
    }
);

/// Where a client is sent. Each part may hold `#{protocol}`, `#{host}`, `#{port}`, `#{path}` and `#{query}`: what the
/// request had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    /// `HTTP`, `HTTPS` or `#{protocol}`.
    pub protocol: String,
    /// The host.
    pub host: String,
    /// The port.
    pub port: String,
    /// The path, with its leading slash.
    pub path: String,
    /// The query, without its leading question mark.
    pub query: String,
    /// Whether it is to be remembered.
    pub status: RedirectStatus,
}

impl Redirect {
    /// To the same place: set what is to be different.
    pub fn new(status: RedirectStatus) -> Self {
        Self {
            protocol: "#{protocol}".into(),
            host: "#{host}".into(),
            port: "#{port}".into(),
            path: "/#{path}".into(),
            query: "#{query}".into(),
            status,
        }
    }
}

/// What the load balancer answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedResponse {
    /// The status code: 2xx, 4xx or 5xx.
    pub status: u16,
    /// `text/plain`, `text/css`, `text/html`, `application/javascript` or `application/json`.
    pub content_type: String,
    /// The body, up to 1024 bytes.
    pub body: String,
}

impl Action {
    /// Forwards to one target group.
    pub fn forward(target_group: impl IntoInput<TargetGroupArn>) -> Self {
        Self::Forward(Forward {
            to: vec![Weighted {
                target_group: target_group.into_input(),
                weight: 1,
            }],
            stickiness_seconds: None,
        })
    }

    /// Forwards to several target groups by weight.
    pub fn split(to: impl IntoIterator<Item = (impl IntoInput<TargetGroupArn>, u16)>) -> Self {
        let to = to.into_iter().map(|(group, weight)| Weighted {
            target_group: group.into_input(),
            weight,
        });
        Self::Forward(Forward {
            to: to.collect(),
            stickiness_seconds: None,
        })
    }

    /// Sends the client to the same address over HTTPS, for good.
    pub fn redirect_to_https() -> Self {
        Self::Redirect(Redirect {
            protocol: "HTTPS".into(),
            port: "443".into(),
            ..Redirect::new(RedirectStatus::Permanent)
        })
    }

    /// Answers with `status` and `body`.
    pub fn respond(status: u16, content_type: &str, body: &str) -> Self {
        Self::FixedResponse(FixedResponse {
            status,
            content_type: content_type.into(),
            body: body.into(),
        })
    }

    /// What AWS would refuse, as sentences about `field`.
    pub(crate) fn check(&self, field: &str) -> Vec<String> {
        let mut findings = vec![];
        match self {
            Self::Forward(forward) => {
                if !(1..=5).contains(&forward.to.len()) {
                    findings.push(format!(
                        "`{field}` forwards to {} target groups, and AWS takes one to five",
                        forward.to.len()
                    ));
                }
                if let Some(heavy) = forward.to.iter().find(|w| w.weight > 999) {
                    findings.push(format!(
                        "`{field}` has a weight of {}, and AWS takes 0 to 999",
                        heavy.weight
                    ));
                }
                if forward
                    .stickiness_seconds
                    .is_some_and(|s| !(1..=604_800).contains(&s))
                {
                    findings.push(format!(
                        "`{field}` has a stickiness out of range: AWS takes 1 to 604800 seconds"
                    ));
                }
            }
            Self::Redirect(to) => {
                if *to
                    == (Redirect {
                        status: to.status,
                        query: to.query.clone(),
                        ..Redirect::new(to.status)
                    })
                {
                    findings.push(format!(
                        "`{field}` redirects a request to itself: change its protocol, host, port or path"
                    ));
                }
                if !to.path.starts_with('/') {
                    findings.push(format!(
                        "`{field}` redirects to path `{}`: begin it with `/`",
                        to.path
                    ));
                }
            }
            Self::FixedResponse(response) => {
                if !matches!(response.status / 100, 2 | 4 | 5) {
                    findings.push(format!(
                        "`{field}` answers {}, and AWS takes 2xx, 4xx and 5xx",
                        response.status
                    ));
                }
                if response.body.len() > 1024 {
                    findings.push(format!(
                        "`{field}` answers with {} bytes, and AWS takes at most 1024",
                        response.body.len()
                    ));
                }
            }
        }
        findings
    }
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<Vec<sdk::elb::types::Action>> for Action {
    fn to_sdk(self) -> Option<Vec<sdk::elb::types::Action>> {
        use sdk::elb::types::{
            Action, ActionTypeEnum as Kind, FixedResponseActionConfig, ForwardActionConfig,
            RedirectActionConfig, TargetGroupStickinessConfig, TargetGroupTuple,
        };
        let action = Action::builder();
        Some(vec![match self {
            Self::Forward(forward) => {
                let to = forward.to.into_iter().map(|w| {
                    let group = TargetGroupTuple::builder().set_target_group_arn(w.target_group.to_sdk());
                    group.weight(i32::from(w.weight)).build()
                });
                let stickiness = forward.stickiness_seconds.map(|seconds| {
                    let stickiness = TargetGroupStickinessConfig::builder().enabled(true);
                    stickiness.set_duration_seconds(seconds.to_sdk()).build()
                });
                let config = ForwardActionConfig::builder().set_target_groups(Some(to.collect()));
                let config = config.set_target_group_stickiness_config(stickiness).build();
                action.r#type(Kind::Forward).forward_config(config).build()
            }
            Self::Redirect(to) => {
                let config = RedirectActionConfig::builder()
                    .protocol(to.protocol)
                    .host(to.host)
                    .port(to.port);
                let config = config
                    .path(to.path)
                    .query(to.query)
                    .set_status_code(to.status.to_sdk())
                    .build();
                action.r#type(Kind::Redirect).redirect_config(config).build()
            }
            Self::FixedResponse(response) => {
                let config = FixedResponseActionConfig::builder().status_code(response.status.to_string());
                let config = config.content_type(response.content_type);
                let body = Some(response.body).filter(|b| !b.is_empty());
                action
                    .r#type(Kind::FixedResponse)
                    .fixed_response_config(config.set_message_body(body).build())
                    .build()
            }
        }])
    }
}

#[cfg(feature = "aws")]
impl Action {
    /// The first target group it forwards to.
    pub(crate) fn routed(&self) -> super::RoutedTargetGroup {
        let first = match self {
            Self::Forward(forward) => forward.to.first().and_then(|w| w.target_group.known()),
            Self::Redirect(_) | Self::FixedResponse(_) => None,
        };
        super::RoutedTargetGroup(first.map(|arn| arn.0.clone()).unwrap_or_default())
    }

    /// The one that ends a chain: what comes before it only authenticates.
    pub(crate) fn last(actions: Option<Vec<sdk::elb::types::Action>>) -> Option<Self> {
        let last = actions?.into_iter().max_by_key(|a| a.order.unwrap_or(0))?;
        if let Some(to) = last.redirect_config {
            let same = Redirect::new(RedirectStatus::Permanent);
            return Some(Self::Redirect(Redirect {
                protocol: to.protocol.unwrap_or(same.protocol),
                host: to.host.unwrap_or(same.host),
                port: to.port.unwrap_or(same.port),
                path: to.path.unwrap_or(same.path),
                query: to.query.unwrap_or(same.query),
                status: to
                    .status_code
                    .and_then(|s| RedirectStatus::word(s.as_str()))
                    .unwrap_or(same.status),
            }));
        }
        if let Some(response) = last.fixed_response_config {
            return Some(Self::FixedResponse(FixedResponse {
                status: response
                    .status_code
                    .and_then(|s| s.parse().ok())
                    .unwrap_or_default(),
                content_type: response.content_type.unwrap_or_else(|| "text/plain".into()),
                body: response.message_body.unwrap_or_default(),
            }));
        }
        let config = last.forward_config;
        let stickiness = config
            .as_ref()
            .and_then(|c| c.target_group_stickiness_config.clone());
        let stickiness = stickiness
            .filter(|s| s.enabled == Some(true))
            .and_then(|s| s.duration_seconds);
        let groups = config.and_then(|c| c.target_groups).unwrap_or_default();
        let alone = groups.len() <= 1;
        let mut to: Vec<Weighted> = groups
            .into_iter()
            .filter_map(|group| {
                // The share of a target group that stands alone is everything, whatever its weight.
                let weight = group
                    .weight
                    .and_then(|w| w.try_into().ok())
                    .filter(|_| !alone)
                    .unwrap_or(1);
                Some(Weighted {
                    target_group: Input::Known(group.target_group_arn?.into()),
                    weight,
                })
            })
            .collect();
        if to.is_empty() {
            to.push(Weighted {
                target_group: Input::Known(last.target_group_arn?.into()),
                weight: 1,
            });
        }
        let stickiness_seconds = stickiness.and_then(|s| s.try_into().ok());
        Some(Self::Forward(Forward {
            to,
            stickiness_seconds,
        }))
    }
}
