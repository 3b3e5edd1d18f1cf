//! The validation of a certificate by DNS.

use super::CertificateArn;
use crate::{prelude::*, route53::ZoneId};
use serde::{Deserializer, Serializer};
use std::{fmt, str::FromStr};

/// The DNS records that validate domain names: each a `CNAME`, by name. Written as `name CNAME value`, with `, `
/// between several.
///
/// ```
/// use tenon_resources::acm::ValidationRecords;
/// let records: ValidationRecords = "_a.shop.example CNAME _b.acm-validations.aws".parse().unwrap();
/// assert_eq!(records.to_string(), "_a.shop.example CNAME _b.acm-validations.aws");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ValidationRecords(BTreeMap<String, String>);

impl ValidationRecords {
    /// The number of records.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True without any record.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, String)> for ValidationRecords {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(records: I) -> Self {
        let plain = |name: String| name.trim_end_matches('.').to_owned();
        Self(
            records
                .into_iter()
                .map(|(name, value)| (plain(name), plain(value)))
                .collect(),
        )
    }
}

impl fmt::Display for ValidationRecords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (name, value)) in self.0.iter().enumerate() {
            write!(f, "{}{name} CNAME {value}", if i == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl FromStr for ValidationRecords {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let one = |record: &str| match record.split_once(" CNAME ") {
            Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
            None => Err(format!(
                "`{record}` is no validation record: expected `name CNAME value`"
            )),
        };
        text.split(", ").filter(|r| !r.is_empty()).map(one).collect()
    }
}

impl Serialize for ValidationRecords {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ValidationRecords {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

impl IntoInput<ValidationRecords> for &str {
    #[track_caller]
    fn into_input(self) -> Input<ValidationRecords> {
        match self.parse() {
            Ok(records) => Input::Known(records),
            Err(error) => panic!("{error}"),
        }
    }
}

/// The DNS validation of a certificate: its validation records in a Route 53 hosted zone, and a wait until ACM issues the certificate.
/// Resources that refer to this one are made after that. The records stay for the renewals. ACM issues within minutes when the hosted
/// zone answers for the domain, and never when it does not: the wait ends after 75 minutes, as Terraform's does.
///
/// ```
/// use tenon_resources::{acm::{CertificateArn, Validation, ValidationRecords}, route53::ZoneId, value::Output};
/// let zone: Output<ZoneId> = Output::new("zone", "id");
/// let certificate: Output<CertificateArn> = Output::new("certificate", "id");
/// let records: Output<ValidationRecords> = Output::new("certificate", "validation_records");
/// Validation::new(&certificate, &records, &zone);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("acm.validation", ready = 75, delete_first)]
// A hosted zone that does not exist has no records: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html#API_ChangeResourceRecordSets_Errors
// The change is an `UPSERT`: "If a resource record set does exist, Route 53 updates it".
#[facts(gone("NoSuchHostedZone"), second_create = Overwritten)]
#[calls(ChangeResourceRecordSets)]
pub struct Validation {
    /// The certificate.
    #[immutable]
    #[attachment]
    #[cfn("")]
    #[sample(
        "arn:aws:acm:eu-west-1:111111111111:certificate/a",
        "arn:aws:acm:eu-west-1:111111111111:certificate/b"
    )]
    pub certificate: Input<CertificateArn>,
    /// The validation records: the output `validation_records` of the certificate.
    #[immutable]
    #[cfn("")]
    #[sample(
        "_1.a.example CNAME _2.acm-validations.aws",
        "_1.b.example CNAME _3.acm-validations.aws"
    )]
    pub records: Input<ValidationRecords>,
    /// The public hosted zone of the domain.
    #[immutable]
    #[cfn("")]
    #[sample("Z1", "Z2")]
    pub zone: Input<ZoneId>,
}

/// Outputs of a validation.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ValidationOutputs {
    /// The certificate's ARN and the hosted zone's id, with a `|` between.
    #[shape("{certificate}|{zone}")]
    pub id: String,
    /// The ARN of the certificate, which is issued.
    #[shape("{certificate}")]
    pub certificate: Arn,
}

impl Lifecycle for Validation {
    const READ: Read = Read::new(
        "acm",
        "DescribeCertificate",
        1,
        &["acm:DescribeCertificate", "route53:ListResourceRecordSets"],
    );

    // https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html
    const STATUSES: &'static [StatusWords] = &[StatusWords {
        member: "Status",
        words: &[
            ("ISSUED", Meaning::Ready),
            ("INACTIVE", Meaning::Ready),
            ("PENDING_VALIDATION", Meaning::Pending),
            ("EXPIRED", Meaning::Failed),
            ("VALIDATION_TIMED_OUT", Meaning::Failed),
            ("REVOKED", Meaning::Failed),
            ("FAILED", Meaning::Failed),
        ],
    }];

    fn covers(&self) -> Vec<(&'static str, String)> {
        let (Some(records), Some(zone)) = (self.records.known(), self.zone.known()) else {
            return vec![];
        };
        let names = records.0.keys();
        names
            .map(|name| ("route53.record", format!("{zone}|{name}|CNAME")))
            .collect()
    }

    fn identity(&self) -> Identity {
        Identity::Natural(text!("{}|{}", &self.certificate, &self.zone))
    }

    // https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html: the record of a name is the same for every certificate of
    // the account, whatever its region, and ACM renews a certificate "as long as … the CNAME record remains in place".
    fn guard(&self) -> Option<Guard> {
        Some(Guard {
            why: "and its validation records with it, by which every other certificate of the account for these names is renewed, whoever made it",
            otherwise: "declare it `kept`, and the records stay",
            unless_with: self.zone.known().map(ToString::to_string),
            replaced: false,
            stays_alone: true,
        })
    }

    fn create(&self) -> Steps {
        // Over what is there: ACM gives every certificate of an account for one name the same record.
        Steps::create(self.change(ChangeAction::Upsert)).retry_on("PriorRequestNotComplete", minutes(5))
    }

    fn set(&self, _: &Self, field: ValidationField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        Steps::delete(self.change(ChangeAction::Delete))
            .expecting(Self::FACTS)
            .ok_on_message("InvalidChangeBatch", "was not found")
            .retry_on("PriorRequestNotComplete", minutes(5))
    }
}

impl Validation {
    fn change(&self, action: ChangeAction) -> ChangeResourceRecordSets {
        let change_batch = Batch {
            action,
            records: self.records.clone(),
        };
        ChangeResourceRecordSets {
            hosted_zone_id: self.zone.clone(),
            change_batch,
        }
    }
}

choice!(
    /// The action of a change of resource record sets.
    ChangeAction of route53::ChangeAction {
        /// Records are made, or changed.
        Upsert = "UPSERT",
        /// Records are removed.
        Delete = "DELETE",
    }
);

/// A change of every record.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Batch {
    action: ChangeAction,
    records: Input<ValidationRecords>,
}

/// The time to live of the records, in seconds; Terraform's documentation gives the same.
#[cfg(feature = "aws")]
const TTL: i64 = 60;

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::route53::types::ChangeBatch> for Batch {
    fn to_sdk(self) -> Option<sdk::route53::types::ChangeBatch> {
        use sdk::route53::types::{Change, ChangeBatch, ResourceRecord, ResourceRecordSet, RrType};
        let mut batch = ChangeBatch::builder();
        for (name, value) in &self.records.known()?.0 {
            let value = ResourceRecord::builder().value(value).build().ok()?;
            let set = ResourceRecordSet::builder()
                .name(name)
                .r#type(RrType::Cname)
                .ttl(TTL)
                .resource_records(value);
            let change = Change::builder()
                .set_action(self.action.to_sdk())
                .resource_record_set(set.build().ok()?);
            batch = batch.changes(change.build().ok()?);
        }
        batch.build().ok()
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(route53)]
struct ChangeResourceRecordSets {
    hosted_zone_id: Input<ZoneId>,
    change_batch: Batch,
}

#[cfg(feature = "aws")]
impl Observe for Validation {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let ids = by
            .ids()
            .unwrap_or_default()
            .iter()
            .filter_map(|id| id.split_once('|'));
        crate::aws::each(ids, |(arn, zone)| async move {
            let Some(detail) = super::certificate::describe(aws, arn).await? else {
                return Ok(None);
            };
            let records = super::certificate::validation_records(&detail);
            for (name, value) in &records.0 {
                if !crate::route53::has_record(aws, zone, name, "CNAME", value).await? {
                    return Ok(None);
                }
            }
            let word = detail.status.as_ref().map_or("", |s| s.as_str());
            let status = Self::STATUSES[0].status(word, None).unwrap_or(Status::Ready);
            let id = format!("{arn}|{zone}");
            Ok(Some(Seen {
                status,
                inputs: Self {
                    certificate: Input::Known(arn.into()),
                    records: Input::Known(records),
                    zone: Input::Known(zone.into()),
                },
                outputs: ValidationOutputs {
                    id: id.clone(),
                    certificate: arn.into(),
                },
                id,
            }))
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read_back_without_the_dots_at_the_end() {
        let records: ValidationRecords = [
            ("_b.x.".to_owned(), "_2.y.".to_owned()),
            ("_a.x".to_owned(), "_1.y".to_owned()),
        ]
        .into_iter()
        .collect();
        assert_eq!(records.to_string(), "_a.x CNAME _1.y, _b.x CNAME _2.y");
        assert_eq!(records.to_string().parse::<ValidationRecords>().unwrap(), records);
        assert_eq!(
            "".parse::<ValidationRecords>().unwrap(),
            ValidationRecords::default()
        );
        assert!(
            "_a.x _1.y"
                .parse::<ValidationRecords>()
                .unwrap_err()
                .contains("expected `name CNAME value`")
        );
    }
}
