//! A parameter of Systems Manager.

use super::query::{Lookup, found};
use crate::cloud::Candidate;
use serde::{Deserialize, Serialize};

/// The value of a parameter: of the account, or one that AWS publishes, such as the newest machine image of Amazon Linux.
///
/// A plan shows the value and keeps it. One that is encrypted is refused: name it as a secret instead, which no plan has in it.
///
/// ```
/// use tenon_resources::lookup::Parameter;
/// Parameter::named("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    name: String,
}

found! {
    /// Outputs of a parameter.
    ParameterFound, ParameterFoundRefs {
        /// The value.
        value: String = "The value.",
    }
}

impl Parameter {
    /// The parameter with this name.
    pub fn named(name: &str) -> Self {
        Self { name: name.into() }
    }
}

impl Lookup for Parameter {
    const KIND: &'static str = "ssm.parameter";
    const DOC: &'static str = "The value of a parameter, of the account or one that AWS publishes.";
    const ACTIONS: &'static [&'static str] = &["ssm:GetParameter"];
    type Found = ParameterFound;

    fn choose(&self, candidates: Vec<Candidate>) -> Vec<Candidate> {
        // What is encrypted is never in a list of what was found, whoever made that list.
        let plain =
            |c: &Candidate| c.facts["name"] == self.name.as_str() && c.facts["type"] != "SecureString";
        candidates.into_iter().filter(plain).collect()
    }
}

#[cfg(feature = "aws")]
impl crate::aws::LookUp for Parameter {
    async fn candidates(&self, aws: &crate::aws::Aws) -> Result<Vec<Candidate>, crate::cloud::CallError> {
        // Without decryption: the value of an encrypted one is not asked for.
        let request = aws.ssm.get_parameter().name(&self.name).with_decryption(false);
        let reply = request.send().await;
        let reply = crate::aws::present("ssm", "GetParameter", reply, &["ParameterNotFound"])?;
        let found = reply.and_then(|r| r.parameter).map(|p| {
            let secure = p.r#type.as_ref().is_some_and(|t| t.as_str() == "SecureString");
            let label = if secure { format!("{} (encrypted)", self.name) } else { self.name.clone() };
            Candidate {
                label,
                facts: serde_json::json!({"name": self.name, "type": p.r#type.map(|t| t.as_str().to_owned())}),
                outputs: serde_json::json!({"value": p.value.filter(|_| !secure)}),
            }
        });
        Ok(found.into_iter().collect())
    }
}
