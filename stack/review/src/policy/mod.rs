//! Policy: rules in Cedar over what is declared, what a plan does, and each call that it makes.
//!
//! <https://docs.cedarpolicy.com/>. One request is asked for each declared resource, each that the plan touches, and each call; the rules
//! that forbid it are findings, each with the file and line of the declaration. A rule that cannot be evaluated is a finding, too: what
//! nobody could check has not been found right.

mod facts;
mod rules;
mod settings;
mod values;

pub(crate) use facts::{documents, internet, lets_anyone_in};
pub use rules::{DEFAULT, Rules};
pub use settings::{Settings, Waiver};

use crate::sarif::{self, Level};
use cedar_policy::{Authorizer, Context, Entities, Entity, EntityUid, Request, RestrictedExpression};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};
use settings::Verdict;
use std::collections::{BTreeSet, HashMap, HashSet};
use tenon_planner::{Action, Decision, Plan};

/// Why rules or settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// A file of rules is wrong.
    #[error("{file}: {why}")]
    Rules {
        /// The file.
        file: String,
        /// The mistake.
        why: String,
    },
    /// A value of the plan is none that Cedar takes.
    #[error("`{address}` cannot be put before the rules: {why}")]
    Data {
        /// The address.
        address: String,
        /// The reason.
        why: String,
    },
}

/// A rule that a plan breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule.
    pub rule: String,
    /// The severity; of a resource that stands already and that the plan leaves as it is, at most a warning.
    pub level: Level,
    /// The address.
    pub address: String,
    /// The type.
    pub kind: String,
    /// The file and line of the declaration; empty for what is no longer declared.
    pub location: String,
    /// What is wrong, as the rest of a sentence that begins with the address.
    pub says: String,
    /// What to do about it.
    pub remedy: String,
    /// The number of the call in the plan, from 1, where it is about a call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<usize>,
    /// The waiver that counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waived: Option<Waiver>,
    /// Why a waiver does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub void: Option<String>,
}

impl Finding {
    /// `true` if it stops the plan.
    pub fn forbids(&self) -> bool {
        self.level == Level::Error && self.waived.is_none()
    }

    /// The finding as a sentence, with its remedy.
    pub fn sentence(&self) -> String {
        let call = self.call.map(|n| format!(" (call {n})")).unwrap_or_default();
        let mut text = format!("`{}`{call} {}", self.address, self.says);
        if !self.remedy.is_empty() {
            text.push_str(&format!("; {}", self.remedy));
        }
        if let Some(waiver) = &self.waived {
            text.push_str(&format!(
                "; waived by {} until {}: {}",
                waiver.by, waiver.until, waiver.reason
            ));
        }
        if let Some(why) = &self.void {
            text.push_str(&format!("; {why}"));
        }
        text
    }
}

/// The findings as results for code scanning: those that are waived are left out.
pub fn results(plan: &Plan, findings: &[Finding]) -> Vec<sarif::Result> {
    let open = findings.iter().filter(|f| f.waived.is_none());
    open.map(|f| sarif::Result {
        rule: format!("policy/{}", f.rule),
        level: f.level,
        message: format!("{}.", f.sentence()),
        location: f.location.clone(),
        identity: [&plan.stack, &plan.env, &f.address, &f.kind]
            .map(Clone::clone)
            .to_vec(),
    })
    .collect()
}

/// Holds `plan` against the rules; waivers count on the day `today`.
///
/// # Errors
/// The plan has data that Cedar does not take.
pub fn check(
    plan: &Plan,
    rules: &Rules,
    settings: &Settings,
    today: Date,
) -> Result<Vec<Finding>, PolicyError> {
    let questions = questions(plan, settings)?;
    let entities = entities(plan)?;
    let (authorizer, run) = (Authorizer::new(), run_of(plan));
    let mut findings: Vec<Finding> = vec![];
    for question in questions {
        let decision = question.decision;
        let wrong = |why: String| PolicyError::Data {
            address: decision.address.clone(),
            why,
        };
        let request = Request::new(
            run.clone(),
            question.action,
            values::entity("Resource", &decision.address),
            question.context,
            None,
        );
        let request = request.map_err(|e| wrong(crate::chain(&e)))?;
        let answer = authorizer.is_authorized(&request, &rules.set, &entities);
        let finding = |rule: &str, level, says: String, remedy: String| Finding {
            rule: rule.into(),
            level: if question.stands {
                std::cmp::min(level, Level::Warning)
            } else {
                level
            },
            address: decision.address.clone(),
            kind: decision.kind.clone(),
            location: decision.declared.clone().unwrap_or_default(),
            says,
            remedy,
            call: question.call,
            waived: None,
            void: None,
        };
        for about in answer.diagnostics().reason().filter_map(|id| rules.about.get(id)) {
            findings.push(finding(
                &about.id,
                about.level,
                about.says.clone(),
                about.remedy.clone(),
            ));
        }
        for error in answer.diagnostics().errors() {
            let cedar_policy::AuthorizationError::PolicyEvaluationError(error) = error;
            let Some(about) = rules.about.get(error.policy_id()) else {
                continue;
            };
            let says = format!(
                "could not be held against this rule: {}",
                crate::chain(error.inner())
            );
            findings.push(finding(
                &about.id,
                about.level,
                says,
                "mend the rule, for example with `has`".into(),
            ));
        }
    }
    // What several calls of one resource break is said once.
    let mut seen = BTreeSet::new();
    findings.retain(|f| seen.insert((f.rule.clone(), f.address.clone(), f.says.clone())));
    for finding in &mut findings {
        let about = (finding.rule.as_str(), finding.address.as_str(), plan.env.as_str());
        match settings.verdict(about, today) {
            Some(Verdict::Waived(waiver)) => finding.waived = Some(waiver),
            Some(Verdict::Void(why)) => finding.void = Some(why),
            None => {}
        }
    }
    let sorts = |f: &Finding| {
        (
            f.waived.is_some(),
            std::cmp::Reverse(f.level),
            f.address.clone(),
            f.rule.clone(),
        )
    };
    findings.sort_by_key(sorts);
    Ok(findings)
}

/// What is asked of the rules.
struct Question<'a> {
    decision: &'a Decision,
    action: EntityUid,
    context: Context,
    call: Option<usize>,
    /// The resource stands already, and the plan leaves it as it is.
    stands: bool,
}

fn run_of(plan: &Plan) -> EntityUid {
    values::entity("Run", &format!("{}/{}", plan.stack, plan.env))
}

fn questions<'a>(plan: &'a Plan, settings: &Settings) -> Result<Vec<Question<'a>>, PolicyError> {
    let mut questions = vec![];
    let bounds = bounds(settings);
    let action = |id: &str| values::entity("Action", id);
    for decision in &plan.decisions {
        let context = |mut json: Value| {
            json["settings"] = bounds.clone();
            context(&decision.address, &json)
        };
        let stands = decision.action == Action::None;
        if decision.action != Action::Delete {
            questions.push(Question {
                decision,
                action: action("declare"),
                context: context(json!({}))?,
                call: None,
                stands,
            });
        }
        let verb = match decision.action {
            Action::None => continue,
            Action::Create => "create",
            Action::Update => "update",
            Action::ReplaceCreateFirst | Action::ReplaceDeleteFirst => "replace",
            Action::Delete => "delete",
        };
        let fields: Vec<&str> = decision.changes.iter().map(|c| c.field.as_str()).collect();
        let removed = decision.removed.as_ref().map_or_else(
            || json!({}),
            |r| facts::facts(&r.kind, &r.inputs, &r.inputs["tags"]),
        );
        questions.push(Question {
            decision,
            action: action(verb),
            context: context(json!({"fields": fields, "removed": removed}))?,
            call: None,
            stands: false,
        });
    }
    let decisions: HashMap<&str, &Decision> =
        plan.decisions.iter().map(|d| (d.address.as_str(), d)).collect();
    for (number, call) in plan
        .calls
        .iter()
        .enumerate()
        .filter(|(_, c)| c.step.effect.mutates())
    {
        let Some(decision) = decisions.get(call.address.as_str()) else {
            continue;
        };
        let step = &call.step;
        let own = format!("{}:{}", step.service, step.operation);
        let mut json = json!({
            "operation": own,
            "effect": step.effect,
            "params": step.params,
            "iam": step.actions,
            "number": number + 1,
            "consented": plan.basis.options.consent.contains(&call.address),
            "settings": bounds,
        });
        if let Some(loses) = &step.destroys {
            json["loses"] = loses.as_str().into();
        }
        questions.push(Question {
            decision,
            action: action(step.actions.first().unwrap_or(&own)),
            context: context(&call.address, &json)?,
            call: Some(number + 1),
            stands: false,
        });
    }
    Ok(questions)
}

fn bounds(settings: &Settings) -> Value {
    let mut bounds = json!({});
    let lists = [
        ("accounts", &settings.accounts),
        ("regions", &settings.regions),
        ("required_tags", &settings.required_tags),
    ];
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        bounds[name] = json!(list);
    }
    bounds
}

fn context(address: &str, json: &Value) -> Result<Context, PolicyError> {
    let members = json.as_object().into_iter().flatten();
    let pairs = members.filter_map(|(name, json)| Some((name.clone(), values::value(json)?)));
    Context::from_pairs(pairs).map_err(|e| PolicyError::Data {
        address: address.into(),
        why: crate::chain(&e),
    })
}

/// The run, the resources, and the actions with their services.
fn entities(plan: &Plan) -> Result<Entities, PolicyError> {
    let text = |text: &str| RestrictedExpression::new_string(text.to_owned());
    let run = HashMap::from([
        ("stack".to_owned(), text(&plan.stack)),
        ("env".to_owned(), text(&plan.env)),
        ("account".to_owned(), text(&plan.account)),
        ("region".to_owned(), text(&plan.region)),
        (
            "disposable".to_owned(),
            RestrictedExpression::new_bool(plan.basis.disposable),
        ),
    ]);
    let wrong = |address: &str, why: String| PolicyError::Data {
        address: address.into(),
        why,
    };
    let made = Entity::new(run_of(plan), run, HashSet::new());
    let mut all = vec![made.map_err(|e| wrong(&plan.stack, crate::chain(&e)))?];
    for decision in distinct(&plan.decisions) {
        let inputs = match &decision.removed {
            Some(removed) if decision.action == Action::Delete => &removed.inputs,
            _ => &decision.inputs,
        };
        let mut json = json!({
            "address": decision.address,
            "type": decision.kind,
            "inputs": inputs,
            "facts": facts::facts(&decision.kind, inputs, &inputs["tags"]),
        });
        if let Some(tags) = inputs["tags"].as_object() {
            json["tags"] = inputs["tags"].clone();
            json["tag_keys"] = json!(tags.keys().collect::<Vec<_>>());
        }
        let members = json.as_object().into_iter().flatten();
        let attributes = members.filter_map(|(name, json)| Some((name.clone(), values::value(json)?)));
        let entity = values::entity("Resource", &decision.address);
        let made = Entity::new(entity, attributes.collect(), HashSet::new());
        all.push(made.map_err(|e| wrong(&decision.address, crate::chain(&e)))?);
    }
    let actions: BTreeSet<&str> = plan
        .calls
        .iter()
        .filter_map(|c| c.step.actions.first().map(String::as_str))
        .collect();
    let mut services = BTreeSet::new();
    for action in actions {
        let service = action.split(':').next().unwrap_or_default();
        services.insert(service);
        let group = HashSet::from([values::entity("Action", service)]);
        all.push(Entity::new_no_attrs(values::entity("Action", action), group));
    }
    all.extend(
        services
            .into_iter()
            .map(|s| Entity::new_no_attrs(values::entity("Action", s), HashSet::new())),
    );
    Entities::from_entities(all, None).map_err(|e| wrong(&plan.stack, crate::chain(&e)))
}

/// The decisions, one an address: a replaced one that an earlier run left over has the address of its successor.
fn distinct(decisions: &[Decision]) -> impl Iterator<Item = &Decision> {
    let mut seen = HashSet::new();
    decisions.iter().filter(move |d| seen.insert(d.address.as_str()))
}
