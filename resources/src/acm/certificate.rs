//! A certificate for HTTPS.

use super::ValidationRecords;
use crate::{choice, prelude::*};

id!(
    /// Names a certificate by its ARN, such as `arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d-…`.
    CertificateArn
);

choice!(
    /// How ACM is shown that a domain is ours.
    ValidationMethod of acm::ValidationMethod {
        /// By records in the domain's DNS, once and for all renewals.
        Dns = "DNS",
        /// By mail to the domain's owner, who must answer each time.
        Email = "EMAIL",
    }
);

choice!(
    /// What the certificate's key is made of.
    KeyAlgorithm of acm::KeyAlgorithm {
        /// RSA, 2,048 bits: understood everywhere.
        Rsa2048 = "RSA_2048",
        /// The curve P-256: faster.
        EcPrime256v1 = "EC_prime256v1",
        /// The curve P-384.
        EcSecp384r1 = "EC_secp384r1",
    }
);

/// A certificate for one domain and its other names. It is there once ACM says how to prove that they are ours; it can be used once
/// that is done, which `acm.validation` waits for.
///
/// ```
/// use tenon_resources::acm::Certificate;
/// Certificate::new("shop.example.com").subject_alternative_names(["www.shop.example.com"]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("acm.certificate", cfn = "AWS::CertificateManager::Certificate", ready = 5)]
pub struct Certificate {
    /// The domain, such as `shop.example.com` or `*.example.com`.
    #[immutable]
    pub domain_name: Input<String>,
    /// Further names, without the domain itself.
    #[immutable]
    pub subject_alternative_names: BTreeSet<Input<String>>,
    /// How ACM is shown that the names are ours.
    #[immutable]
    #[default(ValidationMethod::Dns)]
    pub validation_method: ValidationMethod,
    /// What its key is made of.
    #[immutable]
    #[default(KeyAlgorithm::Rsa2048)]
    pub key_algorithm: KeyAlgorithm,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct CertificateOutputs {
    /// Its ARN, as its id.
    #[shape("arn:aws:acm:{region}:{account}:certificate/{hex8}-0000-4000-8000-0000{hex8}")]
    pub id: CertificateArn,
    /// Its ARN.
    #[shape("{id}")]
    pub arn: Arn,
    /// The DNS records that prove that its names are ours.
    #[shape("_{hex17}.{domain_name} CNAME _{hex17}.acm-validations.aws")]
    pub validation_records: ValidationRecords,
}

impl Lifecycle for Certificate {
    const CALLS: &'static [CallInfo] = &[
        RequestCertificate::INFO,
        AddTagsToCertificate::INFO,
        RemoveTagsFromCertificate::INFO,
        DeleteCertificate::INFO,
    ];
    const READ: Read = Read {
        service: "acm",
        operation: "DescribeCertificate",
        batch: 1,
        actions: &[
            "acm:DescribeCertificate",
            "acm:ListCertificates",
            "acm:ListTagsForCertificate",
        ],
    };

    fn create(&self) -> Steps {
        let names = self.subject_alternative_names.clone();
        Steps::create(RequestCertificate {
            domain_name: self.domain_name.clone(),
            subject_alternative_names: Some(names).filter(|n| !n.is_empty()),
            validation_method: self.validation_method,
            key_algorithm: self.key_algorithm,
            idempotency_token: Token::Fill,
            tags: self.tags.clone(),
        })
    }

    fn set(&self, was: &Self, field: CertificateField) -> Steps {
        match field {
            CertificateField::Tags => {
                let (tags, gone) = self.tags.changes(&was.tags);
                // RemoveTagsFromCertificate takes whole tags; one without a value goes whatever its value is.
                Steps::none()
                    .then_if(!tags.0.is_empty(), || {
                        Steps::update(AddTagsToCertificate {
                            certificate_arn: this(),
                            tags,
                        })
                    })
                    .then_if(!gone.is_empty(), || {
                        let tags = gone.into_iter().map(TagKey).collect();
                        Steps::update(RemoveTagsFromCertificate {
                            certificate_arn: this(),
                            tags,
                        })
                    })
            }
        }
    }

    fn delete(&self) -> Steps {
        // A load balancer holds on to it for a while after its listener is gone.
        Steps::delete(DeleteCertificate {
            certificate_arn: this(),
        })
        .ok_on("ResourceNotFoundException")
        .retry_on("ResourceInUseException", minutes(20))
        .retry_on("ConflictException", minutes(2))
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        if self.subject_alternative_names.contains(&self.domain_name) {
            findings.push(
                "`subject_alternative_names` has the domain itself: leave it out, ACM adds it".to_owned(),
            );
        }
        let names = self
            .subject_alternative_names
            .iter()
            .chain([&self.domain_name])
            .filter_map(Input::known);
        for name in names {
            if name.len() > 253 || name.ends_with('.') || name.chars().any(|c| c.is_ascii_uppercase()) {
                findings.push(format!(
                    "`{name}`: write a domain in lower case, without a dot at its end"
                ));
            }
        }
        findings
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("a.example.com").tags([("Name", "a")]),
            Self::new("b.example.com")
                .subject_alternative_names(["www.b.example.com"])
                .validation_method(ValidationMethod::Email)
                .key_algorithm(KeyAlgorithm::EcPrime256v1)
                .tags([("Name", "b")]),
        ]
    }
}

/// A tag's key alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct TagKey(String);

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::acm::types::Tag> for TagKey {
    fn to_sdk(self) -> Option<sdk::acm::types::Tag> {
        sdk::acm::types::Tag::builder().key(self.0).build().ok()
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(acm, id = o.certificate_arn?, also("acm:AddTagsToCertificate"))]
struct RequestCertificate {
    domain_name: Input<String>,
    subject_alternative_names: Option<BTreeSet<Input<String>>>,
    validation_method: ValidationMethod,
    key_algorithm: KeyAlgorithm,
    idempotency_token: Token,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(acm, on = "{id}")]
struct AddTagsToCertificate {
    certificate_arn: Input<CertificateArn>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(acm, on = "{id}")]
struct RemoveTagsFromCertificate {
    certificate_arn: Input<CertificateArn>,
    tags: Vec<TagKey>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(acm, on = "{id}")]
struct DeleteCertificate {
    certificate_arn: Input<CertificateArn>,
}

/// One certificate, or `None` when it is gone.
#[cfg(feature = "aws")]
pub(super) async fn describe(
    aws: &Aws,
    arn: &str,
) -> Result<Option<sdk::acm::types::CertificateDetail>, CallError> {
    let reply = aws.acm.describe_certificate().certificate_arn(arn).send().await;
    let reply = crate::aws::present(
        "acm",
        "DescribeCertificate",
        reply,
        &["ResourceNotFoundException"],
    )?;
    Ok(reply.and_then(|r| r.certificate))
}

#[cfg(feature = "aws")]
impl Observe for Certificate {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let arns = match by {
            By::Ids(ids) => ids.to_vec(),
            By::Owner(_) => {
                use sdk::acm::types::{Filters, KeyAlgorithm as Any};
                // Unless all are named, only the RSA ones of 2,048 bits are listed: ListCertificates' reference.
                let all = Any::values().iter().map(|k| Any::from(*k)).collect();
                let filters = Filters::builder().set_key_types(Some(all)).build();
                let pages = items!(aws.acm.list_certificates().includes(filters));
                let list = aws.all("acm", "ListCertificates", pages).await?;
                list.into_iter().filter_map(|c| c.certificate_arn).collect()
            }
        };
        crate::aws::each(arns, |arn| async move {
            let Some(detail) = describe(aws, &arn).await? else {
                return Ok(None);
            };
            let reply = aws
                .acm
                .list_tags_for_certificate()
                .certificate_arn(&arn)
                .send()
                .await;
            let gone = ["ResourceNotFoundException"];
            let tags = crate::aws::present("acm", "ListTagsForCertificate", reply, &gone)?;
            Ok(tags.and_then(|t| see(arn, detail, t.tags.into())))
        })
        .await
    }
}

#[cfg(feature = "aws")]
fn see(arn: String, detail: sdk::acm::types::CertificateDetail, tags: Tags) -> Option<Seen<Certificate>> {
    let options = detail.domain_validation_options.unwrap_or_default();
    let method = options
        .iter()
        .find_map(|o| ValidationMethod::word(o.validation_method.as_ref()?.as_str()));
    let method = method.unwrap_or(ValidationMethod::Dns);
    let names = detail.subject_alternative_names.unwrap_or_default();
    let records: ValidationRecords = options
        .into_iter()
        .filter_map(|o| o.resource_record)
        .map(|r| (r.name, r.value))
        .collect();
    let domain = detail.domain_name?;
    // ACM finds the records a few seconds after the request, one for each name and its wildcard.
    let proven_by: BTreeSet<&str> = names.iter().map(|n| n.trim_start_matches("*.")).collect();
    let known = method == ValidationMethod::Email || records.len() >= proven_by.len().max(1);
    let status = match detail.status.as_ref().map_or("", |s| s.as_str()) {
        "PENDING_VALIDATION" if !known => Status::Pending("its validation records are not known yet".into()),
        "PENDING_VALIDATION" | "ISSUED" | "INACTIVE" => Status::Ready,
        other => {
            let why = detail
                .failure_reason
                .map(|r| format!(": {}", r.as_str()))
                .unwrap_or_default();
            Status::Failed(format!("{other}{why}"))
        }
    };
    let algorithm = detail
        .key_algorithm
        .and_then(|k| KeyAlgorithm::word(&k.as_str().replace('-', "_")));
    Some(Seen {
        status,
        inputs: Certificate {
            subject_alternative_names: names
                .into_iter()
                .filter(|n| *n != domain)
                .map(Input::Known)
                .collect(),
            domain_name: Input::Known(domain),
            validation_method: method,
            key_algorithm: algorithm.unwrap_or(KeyAlgorithm::Rsa2048),
            tags,
        },
        outputs: CertificateOutputs {
            id: arn.clone().into(),
            arn: arn.clone().into(),
            validation_records: records,
        },
        id: arn,
    })
}
