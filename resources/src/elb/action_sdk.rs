//! Actions to the SDK and back.

use super::{Action, FixedResponse, Forward, Redirect, RedirectStatus, RoutedTargetGroup, Weighted};
use crate::{
    aws::{FromSdk, ToSdk},
    prelude::*,
};

impl ToSdk<Vec<sdk::elb::types::Action>> for Action {
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

impl Action {
    /// The first target group to which it forwards.
    pub(super) fn routed(&self) -> RoutedTargetGroup {
        let first = match self {
            Self::Forward(forward) => forward.to.first().and_then(|w| w.target_group.known()),
            Self::Redirect(_) | Self::FixedResponse(_) => None,
        };
        RoutedTargetGroup(first.map(|arn| arn.0.clone()).unwrap_or_default())
    }
}

/// The last action of a list by its order: those before it authenticate.
impl FromSdk<Option<Vec<sdk::elb::types::Action>>> for Action {
    fn from_sdk(actions: Option<Vec<sdk::elb::types::Action>>) -> Option<Self> {
        let last = actions?.into_iter().max_by_key(|a| a.order.unwrap_or(0))?;
        if let Some(to) = last.redirect_config {
            return Some(Self::Redirect(redirect(to)));
        }
        if let Some(response) = last.fixed_response_config {
            return Some(Self::FixedResponse(fixed_response(response)));
        }
        forward(last.forward_config, last.target_group_arn).map(Self::Forward)
    }
}

fn redirect(to: sdk::elb::types::RedirectActionConfig) -> Redirect {
    let same = Redirect::new(RedirectStatus::Permanent);
    let status = to.status_code.and_then(|s| RedirectStatus::word(s.as_str()));
    Redirect {
        protocol: to.protocol.unwrap_or(same.protocol),
        host: to.host.unwrap_or(same.host),
        port: to.port.unwrap_or(same.port),
        path: to.path.unwrap_or(same.path),
        query: to.query.unwrap_or(same.query),
        status: status.unwrap_or(same.status),
    }
}

fn fixed_response(response: sdk::elb::types::FixedResponseActionConfig) -> FixedResponse {
    let status = response.status_code.and_then(|s| s.parse().ok());
    FixedResponse {
        status: status.unwrap_or_default(),
        content_type: response.content_type.unwrap_or_else(|| "text/plain".into()),
        body: response.message_body.unwrap_or_default(),
    }
}

/// `alone` is the target group of an action that names one without a configuration.
fn forward(config: Option<sdk::elb::types::ForwardActionConfig>, alone: Option<String>) -> Option<Forward> {
    let stickiness = config
        .as_ref()
        .and_then(|c| c.target_group_stickiness_config.clone());
    let stickiness = stickiness
        .filter(|s| s.enabled == Some(true))
        .and_then(|s| s.duration_seconds);
    let groups = config.and_then(|c| c.target_groups).unwrap_or_default();
    let several = groups.len() > 1;
    let weighted = groups.into_iter().filter_map(|group| {
        // The share of a target group that stands alone is everything, whatever its weight.
        let weight = group
            .weight
            .and_then(|w| w.try_into().ok())
            .filter(|_| several)
            .unwrap_or(1);
        Some(Weighted {
            target_group: Input::Known(group.target_group_arn?.into()),
            weight,
        })
    });
    let mut to: Vec<Weighted> = weighted.collect();
    if to.is_empty() {
        to.push(Weighted {
            target_group: Input::Known(alone?.into()),
            weight: 1,
        });
    }
    Some(Forward {
        to,
        stickiness_seconds: stickiness.and_then(|s| s.try_into().ok()),
    })
}
