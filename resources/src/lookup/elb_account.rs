//! The accounts from which load balancers write their logs.

use super::query::{Lookup, found};
use crate::cloud::Candidate;
use crate::{cloud::Caller, value::Arn};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The account of Elastic Load Balancing in the region, which writes access logs. Regions since August 2022 have none: there the
/// service principal `logdelivery.elasticloadbalancing.amazonaws.com` writes them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElbAccount {}

found! {
    /// Outputs of the account of Elastic Load Balancing.
    ElbAccountFound, ElbAccountRefs {
        /// The account, 12 digits.
        account: String = "The account, 12 digits.",
        /// The ARN of its root, for a bucket policy.
        arn: Arn = "The ARN of its root, for a bucket policy.",
    }
}

impl Lookup for ElbAccount {
    const KIND: &'static str = "elb.account";
    const DOC: &'static str =
        "The account of Elastic Load Balancing in the region, which writes access logs.";
    const ACTIONS: &'static [&'static str] = &[];
    type Found = ElbAccountFound;

    fn known(&self, caller: &Caller) -> Option<Vec<Candidate>> {
        let own = ACCOUNTS.iter().filter(|(region, _)| *region == caller.region);
        let candidate = |(region, account): &(&str, &str)| {
            let partition = match region.split('-').next() {
                Some("cn") => "aws-cn",
                _ if region.starts_with("us-gov-") => "aws-us-gov",
                _ => "aws",
            };
            Candidate {
                label: (*account).into(),
                facts: json!({}),
                outputs: json!({"account": account, "arn": format!("arn:{partition}:iam::{account}:root")}),
            }
        };
        Some(own.map(candidate).collect())
    }
}

/// The account by region.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
const ACCOUNTS: [(&str, &str); 26] = [
    ("af-south-1", "098369216593"),
    ("ap-east-1", "754344448648"),
    ("ap-northeast-1", "582318560864"),
    ("ap-northeast-2", "600734575887"),
    ("ap-northeast-3", "383597477331"),
    ("ap-south-1", "718504428378"),
    ("ap-southeast-1", "114774131450"),
    ("ap-southeast-2", "783225319266"),
    ("ap-southeast-3", "589379963580"),
    ("ca-central-1", "985666609251"),
    ("cn-north-1", "638102146993"),
    ("cn-northwest-1", "037604701340"),
    ("eu-central-1", "054676820928"),
    ("eu-north-1", "897822967062"),
    ("eu-south-1", "635631232127"),
    ("eu-west-1", "156460612806"),
    ("eu-west-2", "652711504416"),
    ("eu-west-3", "009996457667"),
    ("me-south-1", "076674570225"),
    ("sa-east-1", "507241528517"),
    ("us-east-1", "127311923021"),
    ("us-east-2", "033677994240"),
    ("us-gov-east-1", "190560391635"),
    ("us-gov-west-1", "048591011584"),
    ("us-west-1", "027434742980"),
    ("us-west-2", "797873946194"),
];

#[cfg(feature = "aws")]
impl crate::aws::LookUp for ElbAccount {
    async fn candidates(&self, _: &crate::aws::Aws) -> Result<Vec<Candidate>, crate::cloud::CallError> {
        Ok(vec![])
    }
}
