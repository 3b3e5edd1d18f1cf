//! The action of a listener or a rule.

use super::TargetGroupArn;
use crate::prelude::*;

/// The action that handles a request.
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
    /// Forward: a target responds.
    Forward(Forward),
    /// Redirect: the client requests another URL.
    Redirect(Redirect),
    /// Fixed response: the load balancer responds.
    FixedResponse(FixedResponse),
}

/// A forward action: to one target group, or to several by weight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forward {
    /// The target groups, one to five.
    pub to: Vec<Weighted>,
    /// The duration of target group stickiness, in seconds, 1 to 604800. Unset: no stickiness.
    pub stickiness_seconds: Option<u32>,
}

/// A target group and its weight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighted {
    /// The target group.
    pub target_group: Input<TargetGroupArn>,
    /// The weight, 0 to 999: the target group's share is its part of the sum of all weights.
    pub weight: u16,
}

choice!(
    /// The status code of a redirect.
    RedirectStatus of elb::RedirectActionStatusCodeEnum {
        /// 301, moved permanently.
        Permanent = "HTTP_301",
        /// 302, found.
        Temporary = "HTTP_302",
    }
);

/// A redirect action. Each part may contain `#{protocol}`, `#{host}`, `#{port}`, `#{path}` and `#{query}`: those of the
/// request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    /// The protocol: `HTTP`, `HTTPS` or `#{protocol}`.
    pub protocol: String,
    /// The host.
    pub host: String,
    /// The port.
    pub port: String,
    /// The path, with its leading slash.
    pub path: String,
    /// The query, without its leading question mark.
    pub query: String,
    /// The status code.
    pub status: RedirectStatus,
}

impl Redirect {
    /// A redirect to the URL of the request: set what is to be different.
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

/// A fixed response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedResponse {
    /// The status code: 2xx, 4xx or 5xx.
    pub status: u16,
    /// The content type: `text/plain`, `text/css`, `text/html`, `application/javascript` or `application/json`.
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

    /// Redirects to the same URL over HTTPS, permanently.
    pub fn redirect_to_https() -> Self {
        Self::Redirect(Redirect {
            protocol: "HTTPS".into(),
            port: "443".into(),
            ..Redirect::new(RedirectStatus::Permanent)
        })
    }

    /// Responds with `status` and `body`.
    pub fn respond(status: u16, content_type: &str, body: &str) -> Self {
        Self::FixedResponse(FixedResponse {
            status,
            content_type: content_type.into(),
            body: body.into(),
        })
    }

    /// The target groups to which it forwards.
    pub(crate) fn target_groups(&self) -> impl Iterator<Item = &Input<TargetGroupArn>> {
        let to = match self {
            Self::Forward(forward) => forward.to.as_slice(),
            Self::Redirect(_) | Self::FixedResponse(_) => &[],
        };
        to.iter().map(|weighted| &weighted.target_group)
    }

    /// `was`, with the further target groups of `self` at weight 0: they are known to the load balancer, which checks their health
    /// and sends them nothing. `None` where the two together are more than AWS takes, or one does not forward.
    ///
    /// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html>: five target groups an action.
    pub(crate) fn beside(&self, was: &Self) -> Option<Self> {
        let (Self::Forward(next), Self::Forward(was)) = (self, was) else {
            return None;
        };
        let mut both = was.clone();
        for weighted in &next.to {
            if !both.to.iter().any(|w| w.target_group == weighted.target_group) {
                both.to.push(Weighted {
                    target_group: weighted.target_group.clone(),
                    weight: 0,
                });
            }
        }
        (both.to.len() <= 5).then_some(Self::Forward(both))
    }

    /// Findings about what AWS would refuse, as sentences about `field`.
    pub(crate) fn check(&self, field: &str) -> Vec<String> {
        let findings = match self {
            Self::Forward(forward) => forward.findings(),
            Self::Redirect(to) => to.findings(),
            Self::FixedResponse(response) => response.findings(),
        };
        let findings = findings.into_iter().flatten();
        findings.map(|what| format!("`{field}` {what}")).collect()
    }
}

impl Forward {
    fn findings(&self) -> [Option<String>; 3] {
        let groups = self.to.len();
        let heavy = self.to.iter().find(|w| w.weight > 999);
        let sticky = self.stickiness_seconds;
        [
            (!(1..=5).contains(&groups))
                .then(|| format!("forwards to {groups} target groups, and AWS takes one to five")),
            heavy.map(|w| format!("has a weight of {}, and AWS takes 0 to 999", w.weight)),
            sticky
                .filter(|s| !(1..=604_800).contains(s))
                .map(|_| "has a stickiness out of range: AWS takes 1 to 604800 seconds".into()),
        ]
    }
}

impl Redirect {
    fn findings(&self) -> [Option<String>; 3] {
        let itself = Self {
            status: self.status,
            query: self.query.clone(),
            ..Self::new(self.status)
        };
        let circle = *self == itself;
        [
            circle.then(|| "redirects a request to itself: change its protocol, host, port or path".into()),
            (!self.path.starts_with('/'))
                .then(|| format!("redirects to path `{}`: begin it with `/`", self.path)),
            None,
        ]
    }
}

impl FixedResponse {
    fn findings(&self) -> [Option<String>; 3] {
        let (status, length) = (self.status, self.body.len());
        [
            (!matches!(status / 100, 2 | 4 | 5))
                .then(|| format!("answers {status}, and AWS takes 2xx, 4xx and 5xx")),
            (length > 1024).then(|| format!("answers with {length} bytes, and AWS takes at most 1024")),
            None,
        ]
    }
}
