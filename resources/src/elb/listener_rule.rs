//! A rule of a listener.

use super::{Action, AddTags, Condition, ListenerArn, RemoveTags, RoutedTargetGroup};
#[cfg(feature = "aws")]
use super::{Listener, read::by_arn};
use crate::{claim, prelude::*};

id!(
    /// A rule's ARN.
    ListenerRuleArn
);

/// A listener rule: its action handles the requests that meet all its conditions. Of several rules, the one with the lowest
/// priority number is applied. Two rules of a listener cannot have the same priority even for a moment: to swap the priorities of two, use a
/// free one in between.
///
/// ```
/// use tenon_resources::elb::{Action, Condition, ListenerRule};
/// let listener = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/web/0123/4567";
/// let api = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/api/89ab";
/// ListenerRule::new(listener, 10, Action::forward(api)).conditions([Condition::path(["/api/*"])]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("elb.listener_rule", cfn = "AWS::ElasticLoadBalancingV2::ListenerRule")]
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteRule.html
#[facts(gone("RuleNotFound"), second_create = Refused("PriorityInUse"))]
// Another rule of the same apply may be about to leave this priority.
#[create(CreateRule: elb, id = o.rules?.into_iter().next()?.rule_arn?, also("elasticloadbalancing:AddTags"),
    rules(.retry_on("PriorityInUse", minutes(1)).retry_on("TargetGroupNotFound", minutes(1))))]
// Not `folds`: lists of a folded call are joined, and this one's replace what was.
#[update(ModifyRule: elb, by(rule_arn), on = "{id}")]
#[delete(DeleteRule: elb, by(rule_arn), on = "{id}")]
#[retag(super::retag)]
#[calls(SetRulePriorities, AddTags, RemoveTags)]
#[sdk(elb::Rule)]
pub struct ListenerRule {
    /// The listener.
    #[immutable]
    #[member("listener_arn")]
    #[read(listener_of(item)?)]
    #[cfn("ListenerArn")]
    #[sample("listener-1", "listener-2")]
    #[inside("elb.listener")]
    pub listener: Input<ListenerArn>,
    /// The priority, 1 to 50000: rules are evaluated from the lowest to the highest.
    #[range(1..=50_000)]
    #[member(update = "")]
    #[read(priority(item)?)]
    #[sample(10, 20)]
    pub priority: u16,
    /// The action for requests that meet the conditions.
    #[member("actions")]
    #[cfn("Actions")]
    #[sample(Action::forward("tg-1"), Action::respond(410, "text/plain", "gone"))]
    #[checked(it.check(field))]
    pub action: Action,
    /// The conditions, all of which a request meets.
    #[sample(
        [Condition::path(["/api/*"])],
        [Condition::host(["old.example.com"]), Condition::method(["GET", "HEAD"]), Condition::header("X-Old", ["1"])]
    )]
    #[checked(Condition::check_all(it, field))]
    pub conditions: BTreeSet<Condition>,
    /// Tags.
    #[read(Tags::default())]
    pub tags: Tags,
}

/// Outputs of a rule.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ListenerRuleOutputs {
    /// The ARN.
    #[shape(
        "arn:aws:elasticloadbalancing:{region}:{account}:listener-rule/app/{hex8}/{hex8}{hex8}/{hex8}{hex8}/{hex8}{hex8}"
    )]
    pub id: ListenerRuleArn,
    /// The first target group to which the action forwards; empty when it forwards to none.
    #[shape("{action.forward.to.0.target_group}")]
    pub target_group: RoutedTargetGroup,
}

impl Lifecycle for ListenerRule {
    const READ: Read = Read::new(
        "elb",
        "DescribeRules",
        20,
        &[
            "elasticloadbalancing:DescribeRules",
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeTags",
        ],
    );

    fn create(&self) -> Steps {
        CreateRule::steps(self)
    }

    fn set(&self, _: &Self, field: ListenerRuleField) -> Steps {
        let ListenerRuleField::Priority = field;
        let own = RulePriority {
            rule_arn: this(),
            priority: self.priority,
        };
        let rule_priorities = vec![own];
        Steps::update(SetRulePriorities { rule_priorities }).retry_on("PriorityInUse", minutes(1))
    }

    fn delete(&self) -> Steps {
        DeleteRule::steps(self)
    }

    // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html (`PriorityInUse`)
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html: "Load balancers per target
    // group: 1"
    fn claims(&self) -> Vec<Claim> {
        let priority = Claim::of("priority", self.priority).within(&self.listener);
        let groups = self.action.target_groups();
        let groups = groups
            .map(|group| Claim::of("target group", group).shared_by_field(&self.listener, "load_balancer"));
        groups.chain([priority]).collect()
    }

    fn parked(&self, claim: &Claim, free: &dyn Fn(&Claim) -> bool) -> Option<Self> {
        let mut priorities = (1..=50_000).rev();
        let priority = priorities.find(|priority: &u16| {
            free(&Claim {
                key: claim::ClaimKey::Value((*priority).into()),
                ..claim.clone()
            })
        });
        (claim.of == "priority").then_some(Self {
            priority: priority?,
            ..self.clone()
        })
    }

    fn beside(&self, was: &Self, field: &str) -> Option<Self> {
        let action = self.action.beside(&was.action)?;
        (field == "action").then(|| Self {
            action,
            ..was.clone()
        })
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, on = "{id}")]
struct SetRulePriorities {
    rule_priorities: Vec<RulePriority>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct RulePriority {
    rule_arn: Input<ListenerRuleArn>,
    priority: u16,
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::elb::types::RulePriorityPair> for RulePriority {
    fn to_sdk(self) -> Option<sdk::elb::types::RulePriorityPair> {
        let pair = sdk::elb::types::RulePriorityPair::builder().set_rule_arn(self.rule_arn.to_sdk());
        Some(pair.priority(i32::from(self.priority)).build())
    }
}

#[cfg(feature = "aws")]
impl Observe for ListenerRule {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut items = match by {
            By::Ids(ids) => by_arn!(aws, ids, Self, describe_rules.set_rule_arns)?,
            By::Owner(_) => {
                let rules = crate::aws::each(super::listener::all(aws).await?, |listener| async move {
                    let request = aws.elb.describe_rules().set_listener_arn(listener.listener_arn);
                    let rules = aws.all("elb", "DescribeRules", items!(request)).await;
                    crate::aws::there(rules, crate::aws::gone::<Listener>())
                });
                rules.await?.into_iter().flatten().collect()
            }
        };
        // The default action of a listener is listed as a rule, too.
        items.retain(|item| item.priority.as_deref() != Some("default"));
        let tagged = super::tagged::<Self, _>(aws, items, by, |i| i.rule_arn.as_ref()).await?;
        let read = |(item, tags)| read(&item, tags).map_err(broken::<Self>);
        tagged.into_iter().map(read).collect()
    }

    async fn parts(aws: &Aws, of: &[String]) -> Result<Vec<String>, CallError> {
        let rules = crate::aws::each(of, |listener| async move {
            let request = aws.elb.describe_rules().listener_arn(listener);
            let rules = aws.all("elb", "DescribeRules", items!(request)).await;
            crate::aws::there(rules, crate::aws::gone::<Listener>())
        });
        let rules = rules.await?.into_iter().flatten();
        // The default action of a listener is listed as a rule, too.
        let rules = rules.filter(|rule| rule.priority.as_deref() != Some("default"));
        Ok(rules.filter_map(|rule| rule.rule_arn).collect())
    }
}

#[cfg(feature = "aws")]
fn priority(item: &sdk::elb::types::Rule) -> Result<u16, Missing> {
    let priority = item.priority.as_ref().and_then(|p| p.parse().ok());
    priority.ok_or(Missing("priority"))
}

/// The listener of a rule, which no read says: its ARN without the last part, under the listener's own prefix.
#[cfg(feature = "aws")]
fn listener_of(item: &sdk::elb::types::Rule) -> Result<Input<ListenerArn>, Missing> {
    let rule = item.rule_arn.as_deref().unwrap_or_default();
    let (listener, _) = rule.rsplit_once('/').ok_or(Missing("rule_arn"))?;
    let listener = listener.replacen(":listener-rule/", ":listener/", 1);
    Ok(Input::Known(listener.into()))
}

#[cfg(feature = "aws")]
fn read(item: &sdk::elb::types::Rule, tags: Tags) -> Result<Seen<ListenerRule>, Missing> {
    let mut inputs = ListenerRule::from_sdk(item)?;
    inputs.tags = tags;
    let id = item.rule_arn.clone().ok_or(Missing("rule_arn"))?;
    Ok(Seen {
        status: Status::Ready,
        outputs: ListenerRuleOutputs {
            id: id.clone().into(),
            target_group: inputs.action.routed(),
        },
        inputs,
        id,
    })
}
