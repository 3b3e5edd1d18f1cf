//! A certificate of AWS Certificate Manager that exists.

use super::query::{Lookup, found};
use crate::cloud::Candidate;
use crate::{acm::CertificateArn, value::Arn};
use serde::{Deserialize, Serialize};

/// The issued certificate for a domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    domain_name: String,
    status: String,
}

found! {
    /// Outputs of a certificate that exists.
    CertificateFound, CertificateFoundRefs {
        /// The ARN, by which others name it.
        id: CertificateArn = "The ARN, by which others name it.",
        /// The ARN.
        arn: Arn = "The ARN.",
    }
}

impl Certificate {
    /// The issued one whose main domain is `domain`; `*.example.com` is that very name.
    pub fn of_domain(domain: &str) -> Self {
        Self {
            domain_name: domain.into(),
            status: "ISSUED".into(),
        }
    }
}

impl Lookup for Certificate {
    const KIND: &'static str = "acm.certificate";
    const DOC: &'static str = "The issued certificate for a domain.";
    const ACTIONS: &'static [&'static str] = &["acm:ListCertificates"];
    type Found = CertificateFound;

    fn choose(&self, candidates: Vec<Candidate>) -> Vec<Candidate> {
        // A wildcard is part of a domain's name.
        let meant = |c: &Candidate| {
            c.facts["domain_name"] == self.domain_name.as_str() && c.facts["status"] == self.status.as_str()
        };
        candidates.into_iter().filter(meant).collect()
    }
}

#[cfg(feature = "aws")]
impl crate::aws::LookUp for Certificate {
    async fn candidates(&self, aws: &crate::aws::Aws) -> Result<Vec<Candidate>, crate::cloud::CallError> {
        use crate::aws::sdk::acm::types::{Filters, KeyAlgorithm as Any};
        // Unless all are named, only the RSA ones of 2,048 bits are listed: ListCertificates' reference.
        let all = Any::values().iter().map(|k| Any::from(*k)).collect();
        let filters = Filters::builder().set_key_types(Some(all)).build();
        let pages = crate::aws::items!(aws.acm.list_certificates().includes(filters));
        let list = aws.all("acm", "ListCertificates", pages).await?;
        let candidate = |c: crate::aws::sdk::acm::types::CertificateSummary| {
            let (arn, domain) = (c.certificate_arn?, c.domain_name?);
            let status = c.status.map(|s| s.as_str().to_owned());
            Some(Candidate {
                label: format!("{domain} ({})", status.as_deref().unwrap_or_default()),
                facts: serde_json::json!({"domain_name": domain, "status": status}),
                outputs: serde_json::json!({"id": arn, "arn": arn}),
            })
        };
        Ok(list.into_iter().filter_map(candidate).collect())
    }
}
