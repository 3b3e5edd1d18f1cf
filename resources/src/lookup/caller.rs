//! The credentials' own account, region and partition.

use super::query::{Lookup, found};
use crate::cloud::Candidate;
use crate::{
    cloud::Caller,
    value::{Arn, Region},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The user or role of the credentials, with account, region and partition.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallerIdentity {}

found! {
    /// Outputs of the caller.
    CallerFound, CallerRefs {
        /// The account, 12 digits.
        account: String = "The account, 12 digits.",
        /// The region.
        region: Region = "The region.",
        /// The ARN of the user or role.
        arn: Arn = "The ARN of the user or role.",
        /// The partition of the region: `aws`, `aws-cn` or `aws-us-gov`.
        partition: String = "The partition of the region: `aws`, `aws-cn` or `aws-us-gov`.",
        /// The end of host names of services in that partition.
        dns_suffix: String = "The end of host names of services in that partition.",
    }
}

impl Lookup for CallerIdentity {
    const KIND: &'static str = "sts.caller";
    const DOC: &'static str = "The user or role of the credentials, with account, region and partition.";
    const ACTIONS: &'static [&'static str] = &["sts:GetCallerIdentity"];
    type Found = CallerFound;

    fn known(&self, caller: &Caller) -> Option<Vec<Candidate>> {
        let Caller {
            account, region, arn, ..
        } = caller;
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
        let (partition, dns_suffix) = match region.split('-').next() {
            Some("cn") => ("aws-cn", "amazonaws.com.cn"),
            Some("us") if region.starts_with("us-gov-") => ("aws-us-gov", "amazonaws.com"),
            _ => ("aws", "amazonaws.com"),
        };
        // The session of a role has a name that is another each time, and says nothing of what is found.
        let arn = role_of(arn);
        Some(vec![Candidate {
            label: arn.clone(),
            facts: json!({}),
            outputs: json!({"account": account, "region": region, "arn": arn, "partition": partition, "dns_suffix": dns_suffix}),
        }])
    }
}

/// The ARN without the name of a session: whoever applies a plan has another session of the same role than whoever made it.
fn role_of(arn: &str) -> String {
    match arn.split_once(":assumed-role/") {
        Some((head, path)) => {
            let role = path.split('/').next().unwrap_or(path);
            format!("{}:role/{role}", head.replacen(":sts:", ":iam:", 1))
        }
        None => arn.to_owned(),
    }
}

#[cfg(feature = "aws")]
impl crate::aws::LookUp for CallerIdentity {
    async fn candidates(&self, _: &crate::aws::Aws) -> Result<Vec<Candidate>, crate::cloud::CallError> {
        Ok(vec![])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_its_role_and_china_is_a_partition_of_its_own() {
        let caller = Caller {
            account: "111111111111".into(),
            region: "cn-north-1".into(),
            arn: "arn:aws-cn:sts::111111111111:assumed-role/deploy/run-42".into(),
            endpoints: std::collections::BTreeMap::new(),
        };
        let [found] = &CallerIdentity {}.known(&caller).unwrap()[..] else {
            panic!("one caller")
        };
        assert_eq!(found.outputs["arn"], "arn:aws-cn:iam::111111111111:role/deploy");
        assert_eq!(found.outputs["dns_suffix"], "amazonaws.com.cn");
    }
}
