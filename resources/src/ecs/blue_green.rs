//! Blue/green deployments of a service: the new tasks stand beside the old ones, and the load balancer moves from one to the other.

use super::{Balanced, Service};
use crate::{
    elb::{ListenerRuleArn, TargetGroupArn},
    prelude::*,
};

choice!(
    /// The deployment strategy of a service.
    DeploymentStrategy of ecs::DeploymentStrategy {
        /// Tasks are replaced a few at a time.
        Rolling = "ROLLING",
        /// All new tasks stand beside the old ones before the requests are shifted, and the old ones stay until the bake time is over.
        BlueGreen = "BLUE_GREEN",
    }
);

/// The advanced configuration of a load balancer: what a blue/green deployment shifts requests with.
///
/// The rule forwards to both target groups, and ECS sets their weights, so the rule's action is
/// `owned_elsewhere(ListenerRule::ACTION)` in a stack:
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html>.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AdvancedConfiguration {
    /// The other target group: of the two, each is that of the new tasks in every second deployment.
    pub alternate_target_group: Input<TargetGroupArn>,
    /// The listener rule by which requests are shifted.
    pub production_listener_rule: Input<ListenerRuleArn>,
    /// The listener rule of requests that test the new tasks before others reach them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_listener_rule: Option<Input<ListenerRuleArn>>,
    /// The role with which ECS changes the rules: it trusts `ecs.amazonaws.com`, and has the policy
    /// `AmazonECSInfrastructureRolePolicyForLoadBalancers`.
    pub role: Input<Arn>,
}

impl Balanced {
    /// The same, for blue/green deployments: requests that come by `rule` are shifted between its target group and `alternate`, by `role`.
    #[must_use]
    pub fn shifted(
        self,
        alternate: impl IntoInput<TargetGroupArn>,
        rule: impl IntoInput<ListenerRuleArn>,
        role: impl IntoInput<Arn>,
    ) -> Self {
        let advanced_configuration = Some(AdvancedConfiguration {
            alternate_target_group: alternate.into_input(),
            production_listener_rule: rule.into_input(),
            test_listener_rule: None,
            role: role.into_input(),
        });
        Self {
            advanced_configuration,
            ..self
        }
    }

    /// The same, with a listener rule whose requests test the new tasks. Nothing without [`shifted`](Self::shifted).
    #[must_use]
    pub fn tested_by(mut self, rule: impl IntoInput<ListenerRuleArn>) -> Self {
        if let Some(advanced) = &mut self.advanced_configuration {
            advanced.test_listener_rule = Some(rule.into_input());
        }
        self
    }
}

impl Service {
    /// `true` if its deployments are blue/green.
    pub(super) fn is_blue_green(&self) -> bool {
        self.strategy == Some(DeploymentStrategy::BlueGreen)
    }

    /// The findings about load balancers that do not go with the strategy.
    pub(super) fn misfit_of_shift(&self, field: &str) -> Option<String> {
        let blue_green = self.is_blue_green();
        let wrong = self
            .load_balancers
            .iter()
            .find(|b| b.advanced_configuration.is_some() != blue_green)?;
        let container = &wrong.container_name;
        Some(if blue_green {
            format!(
                "`{field}`: that of `{container}` has no alternate target group to which a blue/green deployment shifts requests: add `.shifted(alternate, rule, role)`"
            )
        } else {
            format!(
                "`{field}`: that of `{container}` has an alternate target group, and only blue/green deployments shift requests: set `strategy` to `BLUE_GREEN`"
            )
        })
    }

    /// Findings about production rules that do not forward to the alternate target group: ECS could shift nothing.
    pub(super) fn misfits_of_rules(&self, look: Look<'_>) -> Vec<String> {
        let advanced = self
            .load_balancers
            .iter()
            .filter_map(|b| b.advanced_configuration.as_ref());
        let finding = |advanced: &AdvancedConfiguration| {
            let rule = serde_json::to_value(&advanced.production_listener_rule).unwrap_or_default();
            let alternate = serde_json::to_value(&advanced.alternate_target_group).unwrap_or_default();
            let action = look(&rule, "action")?;
            let forwards = action.to_string().contains(&alternate.to_string());
            (!forwards).then(|| {
                "`load_balancers`: its production listener rule does not forward to the alternate target group: let the rule split requests over both, with the weights 1 and 0".to_owned()
            })
        };
        advanced.filter_map(finding).collect()
    }
}
