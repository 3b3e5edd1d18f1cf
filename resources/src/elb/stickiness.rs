//! Stickiness of a target group, which is several attributes.

use crate::attribute::{Attribute, AttributeList};
use serde::{Deserialize, Serialize};

/// Sticky sessions: the cookie by which a client's requests go to the same target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stickiness {
    /// Duration-based stickiness: a cookie of the load balancer.
    LbCookie {
        /// The duration, in seconds, 1 to 604800.
        duration_seconds: u32,
    },
    /// Application-based stickiness: a cookie of the application.
    AppCookie {
        /// The cookie's name.
        name: String,
        /// The duration, in seconds, 1 to 604800.
        duration_seconds: u32,
    },
}

impl Stickiness {
    pub(super) fn attributes(stickiness: Option<&Self>) -> AttributeList {
        let list = AttributeList::one("stickiness.enabled", Attribute::of(stickiness.is_some()));
        match stickiness {
            None => list,
            Some(Self::LbCookie { duration_seconds }) => {
                let duration = Attribute::of(duration_seconds);
                list.and("stickiness.type", Attribute::of("lb_cookie"))
                    .and("stickiness.lb_cookie.duration_seconds", duration)
            }
            Some(Self::AppCookie {
                name,
                duration_seconds,
            }) => {
                let duration = Attribute::of(duration_seconds);
                list.and("stickiness.type", Attribute::of("app_cookie"))
                    .and("stickiness.app_cookie.cookie_name", Attribute::of(name))
                    .and("stickiness.app_cookie.duration_seconds", duration)
            }
        }
    }

    #[cfg(feature = "aws")]
    pub(super) fn read(map: &crate::attribute::Texts) -> Option<Self> {
        use crate::attribute::{read, text};
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html: one day by default.
        let duration = |key: &str| read(map, key, || 86_400);
        let enabled = read(map, "stickiness.enabled", || false);
        enabled.then(|| match text(map, "stickiness.type") {
            Some("app_cookie") => Self::AppCookie {
                name: text(map, "stickiness.app_cookie.cookie_name")
                    .unwrap_or_default()
                    .into(),
                duration_seconds: duration("stickiness.app_cookie.duration_seconds"),
            },
            _ => Self::LbCookie {
                duration_seconds: duration("stickiness.lb_cookie.duration_seconds"),
            },
        })
    }
}
