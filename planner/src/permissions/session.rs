//! A session policy: one policy, within the limit of what `AssumeRole` takes, for the credentials of one run.
//!
//! It narrows a role that has its own policies, so it lists actions and no resources. Where it would be too long, actions are
//! widened, the fewest first, and never in IAM, STS, KMS and Secrets Manager.

use super::{Need, Policy, Statement};
use std::collections::{BTreeMap, BTreeSet};
use tenon_resources::authorization::names;

/// The limit of a session policy, in characters.
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
const SESSION_POLICY: usize = 2048;

/// Services whose actions are never widened.
const EXACT: [&str; 4] = ["iam", "kms", "secretsmanager", "sts"];

/// A session policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The policy.
    pub policy: Policy,
    /// The actions that it allows and the plan does not need.
    pub widened: Vec<String>,
}

/// The session policy for `needs`; `None` if even the widest that is allowed is too long.
pub fn session(needs: &BTreeSet<Need>) -> Option<Session> {
    let actions: BTreeSet<&str> = needs.iter().map(|n| n.action.as_str()).collect();
    let mut patterns: BTreeSet<String> = actions.iter().map(|&a| a.to_owned()).collect();
    loop {
        let policy = policy(&patterns);
        if policy.length() <= SESSION_POLICY {
            return Some(Session {
                widened: widened(&patterns, &actions),
                policy,
            });
        }
        let (_, pattern) = candidates(&patterns, &actions)
            .into_iter()
            .min_by(|(a, _), (b, _)| a.total_cmp(b))?;
        patterns.retain(|p| !covered(&pattern, p));
        patterns.insert(pattern);
    }
}

fn policy(patterns: &BTreeSet<String>) -> Policy {
    let statement = Statement {
        effect: "Allow",
        action: patterns.iter().cloned().collect(),
        resource: vec!["*".into()],
        condition: BTreeMap::new(),
    };
    Policy::of(vec![statement])
}

fn covered(pattern: &str, text: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(pattern == text, |start| text.starts_with(start))
}

/// Patterns that would shorten the policy, each with the actions that it adds for a character that it saves.
fn candidates(patterns: &BTreeSet<String>, actions: &BTreeSet<&str>) -> Vec<(f64, String)> {
    let mut starts = BTreeSet::new();
    for pattern in patterns {
        let Some((service, name)) = pattern.split_once(':') else {
            continue;
        };
        if EXACT.contains(&service) {
            continue;
        }
        // At each capital a word begins: `ec2:*`, `ec2:Create*`, `ec2:CreateVpc*`.
        let words = name.char_indices().filter(|(_, c)| c.is_ascii_uppercase());
        starts.extend(words.map(|(at, _)| format!("{service}:{}*", &name[..at])));
    }
    let mut out = vec![];
    for start in starts {
        let inside: Vec<&String> = patterns.iter().filter(|p| covered(&start, p)).collect();
        let before: usize = inside.iter().map(|p| p.len() + 3).sum();
        let saved = before.saturating_sub(start.len() + 3);
        if inside.len() < 2 || saved == 0 {
            continue;
        }
        let all: BTreeSet<String> = [start.clone()].into();
        let already: BTreeSet<String> = inside.into_iter().cloned().collect();
        let added = widened(&all, actions).len() - widened(&already, actions).len();
        #[expect(clippy::cast_precision_loss, reason = "some hundreds")]
        out.push((added as f64 / saved as f64, start));
    }
    out
}

fn widened(patterns: &BTreeSet<String>, actions: &BTreeSet<&str>) -> Vec<String> {
    let services: BTreeSet<&str> = patterns
        .iter()
        .filter_map(|p| Some(p.split_once(':')?.0))
        .collect();
    let mut out = vec![];
    for service in services {
        let all = names(service).iter().map(|name| format!("{service}:{name}"));
        out.extend(all.filter(|a| !actions.contains(a.as_str()) && patterns.iter().any(|p| covered(p, a))));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(actions: &[&str]) -> BTreeSet<Need> {
        let need = |action: &&str| Need {
            action: (*action).into(),
            resource: "*".into(),
            conditions: BTreeSet::new(),
        };
        actions.iter().map(need).collect()
    }

    #[test]
    fn a_short_one_is_exact() {
        let session = session(&needs(&["ec2:CreateVpc", "iam:CreateRole"])).expect("short");
        assert_eq!(
            session.policy.statement[0].action,
            ["ec2:CreateVpc", "iam:CreateRole"]
        );
        assert!(session.widened.is_empty());
    }

    #[test]
    fn a_long_one_is_widened_within_the_plans_services_and_never_where_it_would_be_dangerous() {
        let ec2 = names("ec2").iter().take(150).map(|name| format!("ec2:{name}"));
        let iam = names("iam").iter().take(20).map(|name| format!("iam:{name}"));
        let all: Vec<String> = ec2.chain(iam).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let session = session(&needs(&all)).expect("within the limit");
        assert!(session.policy.length() <= SESSION_POLICY);
        let patterns = &session.policy.statement[0].action;
        assert!(
            patterns
                .iter()
                .all(|p| p.starts_with("ec2:") || p.starts_with("iam:"))
        );
        assert!(
            patterns
                .iter()
                .all(|p| !p.starts_with("iam:") || !p.contains('*'))
        );
        for action in &all {
            assert!(patterns.iter().any(|p| covered(p, action)), "{action}");
        }
        for added in &session.widened {
            assert!(!all.contains(&added.as_str()));
        }
    }
}
