//! What moto's EC2 takes and forgets of rules from one security group to another, kept in front of it: the description.

use std::collections::BTreeMap;

/// The descriptions, by the rule's id.
#[derive(Debug, Default)]
pub(crate) struct Descriptions(BTreeMap<String, String>);

const RULE: &str = "<securityGroupRuleId>";
const RULE_ENDS: &str = "</securityGroupRuleId>";

impl Descriptions {
    /// Takes note of a request that was answered.
    pub(crate) fn heard(&mut self, operation: &str, request: &[u8], answer: &[u8]) {
        let (request, answer) = (String::from_utf8_lossy(request), String::from_utf8_lossy(answer));
        let form: BTreeMap<&str, &str> = request.split('&').filter_map(|p| p.split_once('=')).collect();
        let (id, description) = match operation {
            "AuthorizeSecurityGroupEgress" | "AuthorizeSecurityGroupIngress" => (
                ids(&answer).next(),
                form.get("IpPermissions.1.Groups.1.Description").copied(),
            ),
            "ModifySecurityGroupRules" => (
                form.get("SecurityGroupRule.1.SecurityGroupRuleId").copied(),
                form.get("SecurityGroupRule.1.SecurityGroupRule.Description")
                    .copied(),
            ),
            _ => return,
        };
        if let (Some(id), Some(description)) = (id, description) {
            self.0.insert(id.to_owned(), plain(description));
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
                better.push_str(&format!("<description>{text}</description>"));
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

/// A value of a form, as XML has it. EC2 allows nothing in a description that XML would escape, but `&`.
fn plain(value: &str) -> String {
    let mut bytes = vec![];
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || rest.next().and_then(|d| char::from(d).to_digit(16));
        bytes.push(match byte {
            b'%' => u8::try_from(digit().unwrap_or(0) * 16 + digit().unwrap_or(0)).unwrap_or(b'?'),
            b'+' => b' ',
            other => other,
        });
    }
    String::from_utf8_lossy(&bytes).replace('&', "&amp;")
}
