//! A certificate for HTTPS.

use super::ValidationRecords;
use crate::prelude::*;

id!(
    /// A certificate's ARN, such as `arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d-…`.
    CertificateArn
);

choice!(
    /// The method by which ACM validates that a domain is ours.
    ValidationMethod of acm::ValidationMethod {
        /// Records in the domain's DNS, once and for all renewals.
        Dns = "DNS",
        /// Mail to the domain's owner, who must answer each time.
        Email = "EMAIL",
    }
);

choice!(
    /// The key algorithm of a certificate.
    KeyAlgorithm of acm::KeyAlgorithm {
        /// RSA, 2,048 bits: understood everywhere.
        Rsa2048 = "RSA_2048",
        /// The curve P-256: faster.
        EcPrime256v1 = "EC_prime256v1",
        /// The curve P-384.
        EcSecp384r1 = "EC_secp384r1",
    }
);

/// A certificate for one domain name and its alternative names. It exists once ACM gives the records that validate them; it can be used
/// once it is issued, which `acm.validation` waits for.
///
/// ```
/// use tenon_resources::acm::Certificate;
/// Certificate::new("shop.example.com").subject_alternative_names(["www.shop.example.com"]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("acm.certificate", cfn = "AWS::CertificateManager::Certificate", ready = 5)]
// https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html#API_DeleteCertificate_Errors
// https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html: only a repeated idempotency token is answered with the
// same certificate. A load balancer uses a certificate for a while after its listener is deleted: Terraform retries for 20 minutes.
#[facts(gone("ResourceNotFoundException"), in_use("ResourceInUseException", 1_200), second_create = Another)]
#[create(RequestCertificate: acm, id = o.certificate_arn?, also("acm:AddTagsToCertificate"), with(idempotency_token: Token = Token::Fill))]
#[delete(DeleteCertificate: acm, by(certificate_arn), on = "{id}", rules(.retry_on("ConflictException", minutes(2))))]
#[retag(AddTagsToCertificate, RemoveTagsFromCertificate: acm, by(certificate_arn), on = "{id}", members(tags, tags))]
#[sdk(acm::CertificateDetail)]
pub struct Certificate {
    /// The domain name, such as `shop.example.com` or `*.example.com`.
    #[immutable]
    #[sample("a.example.com", "b.example.com")]
    #[checked(misspelt([it]))]
    pub domain_name: Input<String>,
    /// Subject alternative names: further domain names, without `domain_name` itself.
    #[immutable]
    #[create_with(Option<BTreeSet<Input<String>>>, Some(me.subject_alternative_names.clone()).filter(|n| !n.is_empty()))]
    #[read(alternative_names(item))]
    #[sample(["www.b.example.com"])]
    #[checked(misspelt(it))]
    #[wrong_if(it.contains(&me.domain_name), "has the domain itself: leave it out, ACM adds it")]
    pub subject_alternative_names: BTreeSet<Input<String>>,
    /// The validation method: DNS or email.
    #[immutable]
    #[default(ValidationMethod::Dns)]
    #[read(validation_method(item))]
    #[sample(ValidationMethod::Email)]
    pub validation_method: ValidationMethod,
    /// The key algorithm.
    #[immutable]
    #[default(KeyAlgorithm::Rsa2048)]
    #[read(key_algorithm(item))]
    #[sample(KeyAlgorithm::EcPrime256v1)]
    pub key_algorithm: KeyAlgorithm,
    /// Tags.
    #[read(Tags::default())]
    pub tags: Tags,
}

/// Outputs of a certificate.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct CertificateOutputs {
    /// The ARN, which is the id.
    #[shape("arn:aws:acm:{region}:{account}:certificate/{hex8}-0000-4000-8000-0000{hex8}")]
    pub id: CertificateArn,
    /// The ARN.
    #[shape("{id}")]
    pub arn: Arn,
    /// The DNS records that validate the domain names.
    #[shape("_{hex17}.{domain_name} CNAME _{hex17}.acm-validations.aws")]
    pub validation_records: ValidationRecords,
}

impl Lifecycle for Certificate {
    const READ: Read = Read::new(
        "acm",
        "DescribeCertificate",
        1,
        &[
            "acm:DescribeCertificate",
            "acm:ListCertificates",
            "acm:ListTagsForCertificate",
        ],
    );

    // https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html: one that waits for its validation can be
    // referred to once its records are known.
    const STATUSES: &'static [StatusWords] = &[StatusWords {
        member: "Status",
        words: &[
            ("ISSUED", Meaning::Ready),
            ("INACTIVE", Meaning::Ready),
            ("PENDING_VALIDATION", Meaning::Ready),
            ("EXPIRED", Meaning::Failed),
            ("VALIDATION_TIMED_OUT", Meaning::Failed),
            ("REVOKED", Meaning::Failed),
            ("FAILED", Meaning::Failed),
        ],
    }];

    fn create(&self) -> Steps {
        RequestCertificate::steps(self)
    }

    fn set(&self, _: &Self, field: CertificateField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteCertificate::steps(self)
    }
}

/// A certificate, or `None` when it does not exist.
#[cfg(feature = "aws")]
pub(super) async fn describe(
    aws: &Aws,
    arn: &str,
) -> Result<Option<sdk::acm::types::CertificateDetail>, CallError> {
    let reply = aws.acm.describe_certificate().certificate_arn(arn).send().await;
    let gone = crate::aws::gone::<Certificate>();
    let reply = crate::aws::present("acm", "DescribeCertificate", reply, gone)?;
    Ok(reply.and_then(|r| r.certificate))
}

/// Findings about domains that ACM does not take as they are written.
fn misspelt<'a>(domains: impl IntoIterator<Item = &'a Input<String>>) -> Vec<String> {
    let known = domains.into_iter().filter_map(Input::known);
    let wrong =
        known.filter(|d| d.len() > 253 || d.ends_with('.') || d.chars().any(|c| c.is_ascii_uppercase()));
    wrong
        .map(|domain| format!("`{domain}`: write a domain in lower case, without a dot at its end"))
        .collect()
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
            let gone = crate::aws::gone::<Self>();
            let tags = crate::aws::present("acm", "ListTagsForCertificate", reply, gone)?;
            let Some(tags) = tags else { return Ok(None) };
            let mut observed = read(arn, &detail).map_err(broken::<Self>)?;
            observed.inputs.tags = tags.tags.into();
            Ok(Some(observed))
        })
        .await
    }
}

/// The DNS records that validate the names of a certificate.
#[cfg(feature = "aws")]
pub(super) fn validation_records(item: &sdk::acm::types::CertificateDetail) -> ValidationRecords {
    let options = item.domain_validation_options().iter();
    let records = options.filter_map(|o| o.resource_record.as_ref());
    records.map(|r| (r.name.clone(), r.value.clone())).collect()
}

#[cfg(feature = "aws")]
fn alternative_names(item: &sdk::acm::types::CertificateDetail) -> BTreeSet<Input<String>> {
    let names = item.subject_alternative_names().iter();
    let others = names.filter(|name| item.domain_name.as_ref() != Some(name));
    others.cloned().map(Input::Known).collect()
}

#[cfg(feature = "aws")]
fn validation_method(item: &sdk::acm::types::CertificateDetail) -> ValidationMethod {
    let mut options = item.domain_validation_options().iter();
    options
        .find_map(|o| ValidationMethod::word(o.validation_method.as_ref()?.as_str()))
        .unwrap_or(ValidationMethod::Dns)
}

/// The key algorithm, whose words `DescribeCertificate` writes with hyphens for underscores.
#[cfg(feature = "aws")]
fn key_algorithm(item: &sdk::acm::types::CertificateDetail) -> KeyAlgorithm {
    let word = item.key_algorithm.as_ref().map(|k| k.as_str().replace('-', "_"));
    word.and_then(|word| KeyAlgorithm::word(&word))
        .unwrap_or(KeyAlgorithm::Rsa2048)
}

#[cfg(feature = "aws")]
fn status(item: &sdk::acm::types::CertificateDetail) -> Status {
    // ACM gives the records a few seconds after the request, one for each name and its wildcard.
    let names = item.subject_alternative_names().iter();
    let validated: BTreeSet<&str> = names.map(|n| n.trim_start_matches("*.")).collect();
    let complete = validation_method(item) == ValidationMethod::Email
        || validation_records(item).len() >= validated.len().max(1);
    let word = item.status.as_ref().map_or("", |s| s.as_str());
    if word == "PENDING_VALIDATION" && !complete {
        return Status::Pending("its validation records are not known yet".into());
    }
    let reason = item.failure_reason.as_ref();
    let why = reason.map(|r| format!("{word}: {}", r.as_str()));
    let status = Certificate::STATUSES[0].status(word, why.as_deref());
    status.unwrap_or(Status::Ready)
}

#[cfg(feature = "aws")]
fn read(arn: String, item: &sdk::acm::types::CertificateDetail) -> Result<Seen<Certificate>, Missing> {
    Ok(Seen {
        status: status(item),
        inputs: Certificate::from_sdk(item)?,
        outputs: CertificateOutputs {
            id: arn.clone().into(),
            arn: arn.clone().into(),
            validation_records: validation_records(item),
        },
        id: arn,
    })
}
