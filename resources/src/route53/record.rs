//! A resource record set.

#[cfg(any(feature = "aws", test))]
use super::text;
use super::{Routing, ZoneId};
use crate::{prelude::*, value::Part};

choice!(
    /// The type of a resource record set.
    RecordType of route53::RrType {
        /// IPv4 addresses.
        A = "A",
        /// IPv6 addresses.
        Aaaa = "AAAA",
        /// Certificate authorities that may issue certificates.
        Caa = "CAA",
        /// The canonical name.
        Cname = "CNAME",
        /// Mail servers.
        Mx = "MX",
        /// The name servers of a delegated zone.
        Ns = "NS",
        /// The name of an address.
        Ptr = "PTR",
        /// Servers of a service.
        Srv = "SRV",
        /// Text.
        Txt = "TXT",
    }
);

/// The alias target of a record: an AWS resource with whose addresses Route 53 answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AliasTarget {
    /// The DNS name, such as a load balancer's `dns_name`. Route 53 answers with it in lower case, whatever case the name has.
    // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html: "Route 53 stores alphabetic characters as
    // lowercase letters (a-z), regardless of how you specify them".
    #[serde(deserialize_with = "in_lower_case")]
    pub dns_name: Input<String>,
    /// The hosted zone ID of the DNS name, such as a load balancer's canonical hosted zone ID; not the record's own.
    pub hosted_zone_id: Input<String>,
    /// The target's health is evaluated: Route 53 does not answer with an unhealthy target.
    pub evaluate_target_health: bool,
}

impl AliasTarget {
    /// The resource with `dns_name` in hosted zone `hosted_zone_id`.
    pub fn new(dns_name: impl Into<Part>, hosted_zone_id: impl Into<Part>) -> Self {
        Self {
            dns_name: lower_case(Input::of(dns_name)),
            hosted_zone_id: Input::of(hosted_zone_id),
            evaluate_target_health: false,
        }
    }

    /// Sets whether the target's health is evaluated.
    #[must_use]
    pub fn evaluate_target_health(mut self, evaluate: bool) -> Self {
        self.evaluate_target_health = evaluate;
        self
    }
}

/// A domain name as Route 53 keeps it.
fn lower_case(name: Input<String>) -> Input<String> {
    fn part(of: Part) -> Part {
        match of {
            Part::Text(text) => Part::Text(text.to_ascii_lowercase()),
            Part::From(r) => Part::From(r),
            Part::Join(parts) => Part::Join(parts.into_iter().map(part).collect()),
        }
    }
    match name {
        Input::Known(text) => Input::Known(text.to_ascii_lowercase()),
        Input::From(r) => Input::From(r),
        Input::Join(parts) => Input::Join(parts.into_iter().map(part).collect()),
    }
}

fn in_lower_case<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Input<String>, D::Error> {
    Input::deserialize(d).map(lower_case)
}

/// A record (a resource record set): the answer of a hosted zone for one name and type, with values or as an alias of an AWS resource.
///
/// ```
/// use tenon_resources::{route53::{AliasTarget, Record, RecordType, Routing, ZoneId}, value::Output};
/// let zone: Output<ZoneId> = Output::new("zone", "id");
/// let (name, home): (Output<String>, Output<String>) = (Output::new("web/balancer", "dns_name"), Output::new("web/balancer", "zone"));
/// Record::new(&zone, "shop.example.com", RecordType::A).alias(AliasTarget::new(&name, &home));
/// Record::new(&zone, "shop.example.com", RecordType::Txt).values(["v=spf1 -all"]).ttl(60);
/// Record::new(&zone, "api.example.com", RecordType::A).values(["192.0.2.1"]).set_identifier("blue").routing(Routing::Weight(90));
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("route53.record", cfn = "AWS::Route53::RecordSet")]
// https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html#API_ChangeResourceRecordSets_Errors: a `CREATE` of a
// record that exists is refused as an invalid change batch; records of a hosted zone that does not exist do not exist.
#[facts(gone("NoSuchHostedZone"), second_create = Refused("InvalidChangeBatch"), exists("InvalidChangeBatch", "already exists"))]
#[calls(ChangeResourceRecordSets)]
pub struct Record {
    /// The hosted zone.
    #[immutable]
    #[cfn("HostedZoneId")]
    #[sample("Z1", "Z2")]
    #[inside("route53.zone")]
    #[length(1..=32)]
    pub zone: Input<ZoneId>,
    /// The full domain name, without a dot at its end, such as `shop.example.com` or `*.example.com`.
    #[immutable]
    #[sample("a.example", "b.example")]
    #[wrong_text_if(it.ends_with('.') || has_capitals(it), "is `{it}`: write it in lower case, without a dot at its end")]
    #[wrong_if(
        matches!(it, Input::Join(parts) if parts.iter().any(|p| matches!(p, Part::Text(text) if has_capitals(text)))),
        "has capitals: write it in lower case, as Route 53 keeps it"
    )]
    #[length(1..=1024)]
    pub name: Input<String>,
    /// The type.
    #[immutable]
    #[cfn("Type")]
    #[sample(RecordType::A, RecordType::Txt)]
    pub kind: RecordType,
    /// The values of a record that is no alias; those of a TXT record without quotes.
    #[cfn("ResourceRecords")]
    #[sample(["v=spf1 -all"])]
    #[wrong_if(it.is_empty() == me.alias.is_none(), "or `alias`: set one of them, and not both")]
    #[wrong_if(it.len() > 1 && me.kind == RecordType::Cname, "has several, and a CNAME takes one")]
    #[wrong_if(
        me.kind == RecordType::Txt && it.iter().filter_map(Input::known).any(|v| v.len() > 1 && v.starts_with('"') && v.ends_with('"')),
        "has a text in quotes: leave them out, they are put around it"
    )]
    pub values: BTreeSet<Input<String>>,
    /// The time to live, in seconds; an alias has its target's.
    #[default(300)]
    #[range(0..=2_147_483_647)] // https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
    #[cfn("TTL")]
    #[sample(60)]
    #[wrong_if(*it != 300 && me.alias.is_some(), "is its target's for an `alias`: leave it out")]
    pub ttl: u32,
    /// The alias target, instead of values.
    #[default(None)]
    #[cfn("AliasTarget")]
    #[sample(AliasTarget::new("lb.example", "Z3"), _)]
    pub alias: Option<AliasTarget>,
    /// The set identifier: the record's name among those of the same name and type that `routing` chooses between.
    #[immutable]
    #[default(None)]
    #[length(1..=128)]
    #[sample("blue")]
    #[missing_if(me.routing.is_some(), "is unset, and a record with `routing` has one: name it")]
    #[wrong_if(me.routing.is_none(), "is set, and goes with `routing` alone: set that, too")]
    pub set_identifier: Option<String>,
    /// The routing policy, by which Route 53 chooses between records of the same name and type.
    #[default(None)]
    #[cfn("Weight")]
    #[sample(Routing::Weight(10))]
    pub routing: Option<Routing>,
    /// The health check without whose success Route 53 does not answer with the record.
    #[default(None)]
    #[cfn("HealthCheckId")]
    #[sample("8f1d7b1a-0a8d-4a53-9a0f-1f6f2f5d9d11")]
    #[length(1..=64)]
    pub health_check: Option<Input<String>>,
}

fn has_capitals(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_uppercase())
}

/// Outputs of a record.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct RecordOutputs {
    /// The hosted zone, the name and the type, with `|` between, and the set identifier of a record that has one.
    #[shape("{zone}|{name}|{kind}")]
    pub id: String,
    /// The name.
    #[shape("{name}")]
    pub name: String,
}

impl Lifecycle for Record {
    const READ: Read = Read::new(
        "route53",
        "ListResourceRecordSets",
        300,
        &["route53:ListResourceRecordSets"],
    );

    fn identity(&self) -> Identity {
        let kind = self.kind.as_str();
        Identity::Natural(match &self.set_identifier {
            None => text!("{}|{}|{}", &self.zone, &self.name, kind),
            Some(of) => text!("{}|{}|{}|{}", &self.zone, &self.name, kind, of.as_str()),
        })
    }

    fn create(&self) -> Steps {
        // A record that exists is somebody's: it is not overwritten.
        Steps::create(self.change(ChangeAction::Create)).retry_on("PriorRequestNotComplete", minutes(5))
    }

    fn set(&self, _: &Self, field: RecordField) -> Steps {
        match field {
            RecordField::Values
            | RecordField::Ttl
            | RecordField::Alias
            | RecordField::Routing
            | RecordField::HealthCheck => Steps::update(self.change(ChangeAction::Upsert))
                .retry_on("PriorRequestNotComplete", minutes(5)),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(self.change(ChangeAction::Delete))
            .expecting(Self::FACTS)
            .ok_on_message("InvalidChangeBatch", "was not found")
            .retry_on("PriorRequestNotComplete", minutes(5))
    }

    // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat: "If you create a CNAME record for a
    // subdomain, you cannot create any other records for that subdomain".
    fn claims(&self) -> Vec<Claim> {
        let name = Claim::of("answer for the name", &self.name).within(&self.zone);
        let answer = match self.kind {
            RecordType::Cname if self.routing.is_some() => {
                name.shared_by("CNAME records with a routing policy")
            }
            RecordType::Cname => return vec![name],
            _ => name.shared_by("records of other types"),
        };
        // https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html: "You cannot create non-latency resource record
        // sets that have the same values for the Name and Type elements as latency resource record sets", and so of the other policies. Two
        // without one are the same record.
        let routing = Claim::of("routing for the name and type", &self.name)
            .within(&self.zone)
            .within(self.kind)
            .shared_by(self.routing.is_some());
        vec![answer, routing]
    }

    fn misfits(&self, look: Look<'_>) -> Vec<String> {
        let zone = serde_json::to_value(&self.zone).unwrap_or_default();
        let zone = look(&zone, "name").and_then(|name| Some(name.as_str()?.to_owned()));
        let both = zone.zip(self.name.known());
        // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat: "You can't create a CNAME record
        // for the zone apex", which has an SOA and an NS record.
        if let Some((zone, _)) = both.as_ref().filter(|(zone, name)| zone == *name)
            && self.kind == RecordType::Cname
        {
            return vec![format!(
                "`name` is `{zone}`, the name of its hosted zone, which can have no CNAME: make it an alias, of type A"
            )];
        }
        let outside = both.filter(|(zone, name)| !super::values::is_within(name, zone));
        outside
            .map(|(zone, name)| {
                format!("`name` is `{name}`, and its hosted zone has the names of `{zone}` alone")
            })
            .into_iter()
            .collect()
    }

    fn check(&self) -> Vec<String> {
        let forms = self.values.iter().filter_map(Input::known);
        let forms = forms.filter_map(|v| Some((v, super::values::wrong(self.kind, v)?)));
        forms
            .map(|(value, form)| {
                format!(
                    "`values` has `{value}`, and a value of type {} is {form}",
                    self.kind
                )
            })
            .collect()
    }
}

choice!(
    /// The action of a change.
    ChangeAction of route53::ChangeAction {
        /// The record is created.
        Create = "CREATE",
        /// The record is created, or changed.
        Upsert = "UPSERT",
        /// The record is deleted, when it has exactly these values.
        Delete = "DELETE",
    }
);

/// A change of a record.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Change {
    pub(super) action: ChangeAction,
    pub(super) name: Input<String>,
    #[serde(rename = "type")]
    pub(super) kind: RecordType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ttl: Option<u32>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) resource_records: BTreeSet<Input<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) alias_target: Option<AliasTarget>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) set_identifier: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) routing: Option<Routing>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) health_check_id: Option<Input<String>>,
}

impl Record {
    fn change(&self, action: ChangeAction) -> ChangeResourceRecordSets {
        ChangeResourceRecordSets {
            hosted_zone_id: self.zone.clone(),
            change_batch: Change {
                action,
                name: self.name.clone(),
                kind: self.kind,
                ttl: Some(self.ttl).filter(|_| self.alias.is_none()),
                resource_records: self.values.clone(),
                alias_target: self.alias.clone(),
                set_identifier: self.set_identifier.clone(),
                routing: self.routing.clone(),
                health_check_id: self.health_check.clone(),
            },
        }
    }
}

/// A value as Route 53 takes it.
#[cfg(any(feature = "aws", test))]
pub(super) fn written(kind: RecordType, value: &str) -> String {
    if kind == RecordType::Txt {
        text::quoted(value)
    } else {
        value.to_owned()
    }
}

/// A value as a person writes it.
#[cfg(any(feature = "aws", test))]
pub(super) fn plain(kind: RecordType, value: &str) -> String {
    match kind {
        RecordType::Txt => text::unquoted(value),
        _ => value.to_owned(),
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(route53, folds)]
struct ChangeResourceRecordSets {
    hosted_zone_id: Input<ZoneId>,
    change_batch: Change,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_quoted_on_the_way_and_plain_on_the_way_back() {
        assert_eq!(written(RecordType::Txt, "a \"b\""), r#""a \"b\"""#);
        assert_eq!(
            plain(RecordType::Txt, &written(RecordType::Txt, "a \"b\"")),
            "a \"b\""
        );
        assert_eq!(written(RecordType::A, "10.0.0.1"), "10.0.0.1");
    }
}
