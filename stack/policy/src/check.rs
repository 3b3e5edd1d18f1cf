//! A plan held against the rules.
//!
//! <https://docs.cedarpolicy.com/>. One request is asked for each declared resource, each that the plan touches, and each call; the rules
//! that forbid it are findings, each with the file and line of the declaration. A rule that cannot be evaluated is a finding, too: what
//! nobody could check has not been found right.

use crate::{
    error::{RulesError, chain},
    rules::Rules,
    values,
};
use cedar_policy::{Authorizer, Context, Entities, Entity, EntityUid, Request, RestrictedExpression};
use jiff::civil::Date;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap, HashSet};
use tenon_planner::{Action, Decision, Plan};
use tenon_review::{
    policy::{Finding, Settings, UNEVALUATED, Verdict, facts},
    sarif::Level,
};

/// Holds `plan` against the rules; waivers count on the day `today`.
///
/// # Errors
/// The plan has data that Cedar does not take.
// Long: each question, and what becomes of its answer.
pub fn check(
    plan: &Plan,
    rules: &Rules,
    settings: &Settings,
    today: Date,
) -> Result<Vec<Finding>, RulesError> {
    let questions = questions(plan, settings)?;
    let entities = entities(plan)?;
    let (authorizer, run) = (Authorizer::new(), run_of(plan));
    let mut findings: Vec<Finding> = vec![];
    for question in questions {
        let decision = question.decision;
        let wrong = |why: String| RulesError::Data {
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
        let request = request.map_err(|e| wrong(chain(&e)))?;
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
            let says = format!("{UNEVALUATED}: {}", chain(error.inner()));
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

/// A question to the rules.
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

// Long: three kinds of questions, each with its context.
fn questions<'a>(plan: &'a Plan, settings: &Settings) -> Result<Vec<Question<'a>>, RulesError> {
    let mut questions = vec![];
    let bounds = bounds(settings);
    let action = |id: &str| values::entity("Action", id);
    for decision in &plan.decisions {
        let context = |mut json: Value| {
            json["settings"] = bounds.clone();
            context(&decision.address, &json)
        };
        let stands = decision.action == Action::None;
        if !matches!(decision.action, Action::Delete | Action::Forget) {
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
            Action::Forget => "forget",
        };
        let fields: Vec<&str> = decision.changes.iter().map(|c| c.field.as_str()).collect();
        let removed = decision
            .removed
            .as_ref()
            .map_or_else(|| json!({}), |r| facts(&r.kind, &r.inputs, &r.inputs["tags"]));
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
            action: action(step.actions.first().map_or(own.as_str(), AsRef::as_ref)),
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

fn context(address: &str, json: &Value) -> Result<Context, RulesError> {
    let members = json.as_object().into_iter().flatten();
    let pairs = members.filter_map(|(name, json)| Some((name.clone(), values::value(json)?)));
    Context::from_pairs(pairs).map_err(|e| RulesError::Data {
        address: address.into(),
        why: chain(&e),
    })
}

/// The run, the resources, and the actions with their services.
fn entities(plan: &Plan) -> Result<Entities, RulesError> {
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
    let wrong = |address: &str, why: String| RulesError::Data {
        address: address.into(),
        why,
    };
    let made = Entity::new(run_of(plan), run, HashSet::new());
    let mut all = vec![made.map_err(|e| wrong(&plan.stack, chain(&e)))?];
    for decision in distinct(&plan.decisions) {
        let inputs = match &decision.removed {
            Some(removed) if matches!(decision.action, Action::Delete | Action::Forget) => &removed.inputs,
            _ => &decision.inputs,
        };
        let mut json = json!({
            "address": decision.address,
            "type": decision.kind,
            "account": decision.place.account.as_ref().unwrap_or(&plan.account),
            "region": decision.place.region.as_ref().unwrap_or(&plan.region),
            "inputs": inputs,
            "facts": facts(&decision.kind, inputs, &inputs["tags"]),
        });
        if let Some(tags) = inputs["tags"].as_object() {
            json["tags"] = inputs["tags"].clone();
            json["tag_keys"] = json!(tags.keys().collect::<Vec<_>>());
        }
        let members = json.as_object().into_iter().flatten();
        let attributes = members.filter_map(|(name, json)| Some((name.clone(), values::value(json)?)));
        let entity = values::entity("Resource", &decision.address);
        let made = Entity::new(entity, attributes.collect(), HashSet::new());
        all.push(made.map_err(|e| wrong(&decision.address, chain(&e)))?);
    }
    let actions: BTreeSet<&str> = plan
        .calls
        .iter()
        .filter_map(|c| c.step.actions.first().map(AsRef::as_ref))
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
    Entities::from_entities(all, None).map_err(|e| wrong(&plan.stack, chain(&e)))
}

/// The decisions, one an address: a replaced one that an earlier run left over has the address of its successor.
fn distinct(decisions: &[Decision]) -> impl Iterator<Item = &Decision> {
    let mut seen = HashSet::new();
    decisions.iter().filter(move |d| seen.insert(d.address.as_str()))
}
