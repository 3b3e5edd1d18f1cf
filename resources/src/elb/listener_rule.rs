//! A rule of a listener: which requests go elsewhere than by default.

use super::{Action, Condition, ListenerArn, RETAG, RoutedTargetGroup, retag};
use crate::prelude::*;

id!(
    /// Names a rule of a listener: its ARN.
    ListenerRuleArn
);

/// Takes the requests that meet all its conditions. Of several rules, the one with the lowest priority takes it.
///
/// Two rules of a listener cannot have one priority even for a moment: to trade the priorities of two, go by a free one.
///
/// ```
/// use tenon_resources::elb::{Action, Condition, ListenerRule};
/// let listener = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/web/0123/4567";
/// let api = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/api/89ab";
/// ListenerRule::new(listener, 10u16, Action::forward(api)).conditions([Condition::path(["/api/*"])]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("elb.listener_rule", cfn = "AWS::ElasticLoadBalancingV2::ListenerRule")]
pub struct ListenerRule {
    /// The listener whose requests it takes.
    #[immutable]
    #[cfn("ListenerArn")]
    pub listener: Input<ListenerArn>,
    /// Its place in the order, 1 to 50000; lower comes first.
    pub priority: u16,
    /// What becomes of the requests it takes.
    #[cfn("Actions")]
    pub action: Action,
    /// What a request must be, all of it.
    pub conditions: BTreeSet<Condition>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ListenerRuleOutputs {
    /// Its ARN.
    #[shape(
        "arn:aws:elasticloadbalancing:{region}:{account}:listener-rule/app/{hex8}/{hex8}{hex8}/{hex8}{hex8}/{hex8}{hex8}"
    )]
    pub id: ListenerRuleArn,
    /// The first target group that it forwards to; empty when it forwards to none.
    #[shape("{action.forward.to.0.target_group}")]
    pub target_group: RoutedTargetGroup,
}

impl Lifecycle for ListenerRule {
    const CALLS: &'static [CallInfo] = &[
        CreateRule::INFO,
        ModifyRule::INFO,
        SetRulePriorities::INFO,
        DeleteRule::INFO,
        RETAG[0],
        RETAG[1],
    ];
    const READ: Read = Read {
        service: "elb",
        operation: "DescribeRules",
        batch: 20,
        actions: &[
            "elasticloadbalancing:DescribeRules",
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeTags",
        ],
    };

    fn create(&self) -> Steps {
        Steps::create(CreateRule {
            listener_arn: self.listener.clone(),
            priority: self.priority,
            conditions: self.conditions.clone(),
            actions: self.action.clone(),
            tags: self.tags.clone(),
        })
        // Another rule of the same apply may be about to leave this priority.
        .retry_on("PriorityInUse", minutes(1))
        .retry_on("TargetGroupNotFound", minutes(1))
    }

    fn set(&self, was: &Self, field: ListenerRuleField) -> Steps {
        let none = ModifyRule {
            rule_arn: this(),
            conditions: None,
            actions: None,
        };
        match field {
            ListenerRuleField::Priority => Steps::update(SetRulePriorities {
                rule_priorities: vec![RulePriority {
                    rule_arn: this(),
                    priority: self.priority,
                }],
            })
            .retry_on("PriorityInUse", minutes(1)),
            ListenerRuleField::Action => Steps::update(ModifyRule {
                actions: Some(self.action.clone()),
                ..none
            }),
            ListenerRuleField::Conditions => Steps::update(ModifyRule {
                conditions: Some(self.conditions.clone()),
                ..none
            }),
            ListenerRuleField::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteRule { rule_arn: this() }).ok_on("RuleNotFound")
    }

    fn check(&self) -> Vec<String> {
        let mut findings = self.action.check("action");
        if !(1..=50_000).contains(&self.priority) {
            findings.push(format!(
                "`priority` is {}, and AWS takes 1 to 50000",
                self.priority
            ));
        }
        // "Each rule can include up to one of …": API reference of CreateRule, Conditions.
        for field in ["path-pattern", "host-header", "http-request-method", "source-ip"] {
            if self.conditions.iter().filter(|c| c.field() == field).count() > 1 {
                findings.push(format!(
                    "`conditions` has `{field}` more than once, and AWS takes it once: put all its values into one"
                ));
            }
        }
        let values: usize = self.conditions.iter().map(Condition::values).sum();
        if self.conditions.iter().any(|c| c.values() == 0) || values == 0 {
            findings.push("`conditions` has nothing to compare with: give each at least one value".into());
        }
        if values > 5 {
            findings.push(format!(
                "`conditions` compares with {values} values, and AWS takes at most 5 a rule: split it"
            ));
        }
        findings
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("listener-1", 10u16, Action::forward("tg-1"))
                .conditions([Condition::path(["/api/*"])])
                .tags([("Name", "a")]),
            Self::new("listener-2", 20u16, Action::respond(410, "text/plain", "gone"))
                .conditions([
                    Condition::host(["old.example.com"]),
                    Condition::method(["GET", "HEAD"]),
                    Condition::header("X-Old", ["1"]),
                ])
                .tags([("Name", "b")]),
        ]
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, id = o.rules?.into_iter().next()?.rule_arn?, also("elasticloadbalancing:AddTags"))]
struct CreateRule {
    listener_arn: Input<ListenerArn>,
    priority: u16,
    conditions: BTreeSet<Condition>,
    actions: Action,
    tags: Tags,
}

/// Not `folds`: lists of a folded call are joined, and this one's replace what was.
#[derive(Call, Serialize, Deserialize)]
#[call(elb, on = "{id}")]
struct ModifyRule {
    rule_arn: Input<ListenerRuleArn>,
    conditions: Option<BTreeSet<Condition>>,
    actions: Option<Action>,
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

#[derive(Call, Serialize, Deserialize)]
#[call(elb, on = "{id}")]
struct DeleteRule {
    rule_arn: Input<ListenerRuleArn>,
}

#[cfg(feature = "aws")]
impl Observe for ListenerRule {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let read = |arns| async move {
            let request = aws.elb.describe_rules().set_rule_arns(Some(arns));
            let pages = items!(request);
            aws.all("elb", "DescribeRules", pages).await
        };
        let items = match by {
            By::Ids(ids) => crate::aws::in_batches(ids, 20, &["RuleNotFound"], read).await?,
            By::Owner(_) => {
                let rules = crate::aws::each(super::listener::all(aws).await?, |listener| async move {
                    let request = aws.elb.describe_rules().set_listener_arn(listener.listener_arn);
                    match aws.all("elb", "DescribeRules", items!(request)).await {
                        Err(error) if error.code == "ListenerNotFound" => Ok(None),
                        read => read.map(Some),
                    }
                });
                rules.await?.into_iter().flatten().collect()
            }
        };
        let tagged = super::tagged(aws, items, by, |i| i.rule_arn.as_ref()).await?;
        let seen = tagged.into_iter().filter_map(|(item, tags)| see(item, tags));
        Ok(seen.collect())
    }
}

#[cfg(feature = "aws")]
fn see(item: sdk::elb::types::Rule, tags: Tags) -> Option<Seen<ListenerRule>> {
    let id = item.rule_arn?;
    let action = Action::last(item.actions)?;
    Some(Seen {
        status: Status::Ready,
        outputs: ListenerRuleOutputs {
            id: id.clone().into(),
            target_group: action.routed(),
        },
        inputs: ListenerRule {
            listener: Input::Known(listener_of(&id)?.into()),
            // The default action is a rule, too, with the word `default` for a priority: it is the listener's own.
            priority: item.priority?.parse().ok()?,
            action,
            conditions: item
                .conditions
                .into_iter()
                .flatten()
                .filter_map(Condition::seen)
                .collect(),
            tags,
        },
        id,
    })
}

/// The listener of a rule, which no read says: its ARN without the last part, under the listener's own prefix.
#[cfg(feature = "aws")]
fn listener_of(rule: &str) -> Option<String> {
    let (listener, _) = rule.rsplit_once('/')?;
    Some(listener.replacen(":listener-rule/", ":listener/", 1))
}
