//! What moto's EC2 takes and forgets of rules from one security group to another, kept in front of it: the description.

use crate::form::{self, escaped};
use std::collections::BTreeMap;

/// The descriptions, by the rule's id.
#[derive(Debug, Default)]
pub(crate) struct Descriptions(BTreeMap<String, String>);

const RULE: &str = "<securityGroupRuleId>";
const RULE_ENDS: &str = "</securityGroupRuleId>";

impl Descriptions {
    /// Takes note of a request that was answered.
    pub(crate) fn heard(&mut self, operation: &str, request: &[u8], answer: &[u8]) {
        let (form, answer) = (form::members(request), String::from_utf8_lossy(answer));
        let member = |name: &str| form.get(name).cloned();
        let (id, description) = match operation {
            "AuthorizeSecurityGroupEgress" | "AuthorizeSecurityGroupIngress" => (
                ids(&answer).next().map(ToOwned::to_owned),
                member("IpPermissions.1.Groups.1.Description"),
            ),
            "ModifySecurityGroupRules" => (
                member("SecurityGroupRule.1.SecurityGroupRuleId"),
                member("SecurityGroupRule.1.SecurityGroupRule.Description"),
            ),
            _ => return,
        };
        if let (Some(id), Some(description)) = (id, description) {
            self.0.insert(id, description);
        }
    }

    /// Puts into an answer what is missing from it.
    pub(crate) fn complete(&self, operation: &str, answer: &[u8]) -> Option<String> {
        if operation != "DescribeSecurityGroupRules" {
            return None;
        }
        let answer = String::from_utf8_lossy(answer);
        let mut rules = answer.split(RULE);
        let mut better = rules.next()?.to_owned();
        for rule in rules {
            let (id, rest) = rule.split_once(RULE_ENDS)?;
            better.push_str(&format!("{RULE}{id}{RULE_ENDS}"));
            if let Some(text) = self.0.get(id).filter(|_| !rest.contains("<description>")) {
                better.push_str(&format!("<description>{}</description>", escaped(text)));
            }
            better.push_str(rest);
        }
        Some(better)
    }
}

/// The ids of rules in an answer.
fn ids(answer: &str) -> impl Iterator<Item = &str> {
    let rules = answer.split(RULE).skip(1);
    rules.filter_map(|rule| Some(rule.split_once(RULE_ENDS)?.0))
}
