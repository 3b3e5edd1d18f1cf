//! Resource record sets to the SDK and back.

use super::{
    AliasTarget, Record, RecordOutputs, RecordType, Routing,
    record::{Change, plain, written},
    text,
};
use crate::{aws::ToSdk, prelude::*};
use sdk::route53::types as aws;

impl ToSdk<aws::ChangeBatch> for Change {
    fn to_sdk(self) -> Option<aws::ChangeBatch> {
        let records = self.resource_records.iter().filter_map(Input::known);
        let records = records.filter_map(|v| {
            aws::ResourceRecord::builder()
                .value(written(self.kind, v))
                .build()
                .ok()
        });
        let records: Vec<_> = records.collect();
        let alias = match self.alias_target {
            Some(alias) => Some(
                aws::AliasTarget::builder()
                    .set_dns_name(alias.dns_name.to_sdk())
                    .set_hosted_zone_id(alias.hosted_zone_id.to_sdk())
                    .evaluate_target_health(alias.evaluate_target_health)
                    .build()
                    .ok()?,
            ),
            None => None,
        };
        let set = aws::ResourceRecordSet::builder()
            .set_name(self.name.to_sdk())
            .set_type(self.kind.to_sdk())
            .set_ttl(self.ttl.map(Into::into))
            .set_resource_records(Some(records).filter(|r| !r.is_empty()))
            .set_alias_target(alias)
            .set_set_identifier(self.set_identifier)
            .set_health_check_id(self.health_check_id.to_sdk());
        let set = match self.routing {
            Some(routing) => routing.on(set),
            None => set,
        };
        let set = set.build().ok()?;
        let change = aws::Change::builder()
            .set_action(self.action.to_sdk())
            .resource_record_set(set)
            .build()
            .ok()?;
        aws::ChangeBatch::builder().changes(change).build().ok()
    }
}

/// Up to as many records of one zone are asked for one by one; for more, the whole zone is listed.
const FEW: usize = 5;

impl Observe for Record {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let ids = by.ids().unwrap_or_default();
        let mut zones: BTreeMap<&str, Vec<Start>> = BTreeMap::new();
        for id in ids {
            let mut parts = id.splitn(4, '|').map(ToOwned::to_owned);
            let zone = id.split('|').next().unwrap_or_default();
            if let (Some(_), Some(name), Some(kind)) = (parts.next(), parts.next(), parts.next()) {
                zones.entry(zone).or_default().push((name, kind, parts.next()));
            }
        }
        let mut observed = vec![];
        for (zone, wanted) in zones {
            let mut sets = vec![];
            if wanted.len() <= FEW {
                for start in wanted {
                    sets.extend(first(aws, zone, start).await?);
                }
            } else {
                let mut start = None;
                loop {
                    let (more, next) = page(aws, zone, start.as_ref(), 300).await?;
                    sets.extend(more);
                    if next.is_none() {
                        break;
                    }
                    start = next;
                }
            }
            observed.extend(
                sets.into_iter()
                    .filter_map(|s| read(zone, s))
                    .filter(|s| ids.contains(&s.id)),
            );
        }
        Ok(observed)
    }

    async fn parts(aws: &Aws, of: &[String]) -> Result<Vec<String>, CallError> {
        let mut ids = vec![];
        for zone in of {
            let (mut start, mut apex): (Option<Start>, Option<String>) = (None, None);
            loop {
                let (sets, next) = page(aws, zone, start.as_ref(), 300).await?;
                // AWS itself puts the records SOA and NS of the zone's own name there.
                let soa = sets.iter().find(|set| set.r#type.as_str() == "SOA");
                apex = apex.or_else(|| soa.map(|set| set.name.clone()));
                let own = |set: &aws::ResourceRecordSet| {
                    set.r#type.as_str() == "NS" && Some(&set.name) == apex.as_ref()
                };
                let records = sets.into_iter().filter(|set| !own(set));
                let records = records.filter_map(|set| read(zone, set));
                ids.extend(records.map(|record| record.id));
                start = next;
                if start.is_none() {
                    break;
                }
            }
        }
        Ok(ids)
    }
}

/// The first record of a zone from a name and type on.
async fn first(aws: &Aws, zone: &str, from: Start) -> Result<Option<aws::ResourceRecordSet>, CallError> {
    let mut start = Some(from);
    while start.is_some() {
        let (sets, next) = page(aws, zone, start.as_ref(), 1).await?;
        if let Some(set) = sets.into_iter().next() {
            return Ok(Some(set));
        }
        // An empty page need not be the last.
        start = next;
    }
    Ok(None)
}

/// The start of a page of records: a name, a type, and the set identifier of a record that has one.
type Start = (String, String, Option<String>);

/// Records of a zone from a name and type on, and where the next page begins.
async fn page(
    aws: &Aws,
    zone: &str,
    start: Option<&Start>,
    most: i32,
) -> Result<(Vec<aws::ResourceRecordSet>, Option<Start>), CallError> {
    let mut request = aws
        .route53
        .list_resource_record_sets()
        .hosted_zone_id(zone)
        .max_items(most);
    if let Some((name, kind, identifier)) = start {
        request = request
            .start_record_name(name)
            .start_record_type(kind.as_str().into())
            .set_start_record_identifier(identifier.clone());
    }
    let reply = crate::aws::present(
        "route53",
        "ListResourceRecordSets",
        request.send().await,
        crate::aws::gone::<Record>(),
    )?;
    let Some(reply) = reply else {
        return Ok((vec![], None));
    };
    let kind = reply.next_record_type.map(|t| t.as_str().to_owned());
    let next = reply.next_record_name.zip(kind);
    let next = next.filter(|_| reply.is_truncated);
    let next = next.map(|(name, kind)| (name, kind, reply.next_record_identifier));
    if next.is_some() && next.as_ref() == start {
        return Err(crate::aws::endless("route53", "ListResourceRecordSets"));
    }
    Ok((reply.resource_record_sets, next))
}

/// True when a hosted zone answers `name` with `value`.
pub(crate) async fn has_record(
    aws: &Aws,
    zone: &str,
    name: &str,
    kind: &str,
    value: &str,
) -> Result<bool, CallError> {
    let set = first(aws, zone, (name.into(), kind.into(), None)).await?;
    let same = |text: &str| text.trim_end_matches('.') == value;
    Ok(set.is_some_and(|s| {
        text::plain_name(&s.name) == name
            && s.r#type.as_str() == kind
            && s.resource_records.iter().flatten().any(|r| same(&r.value))
    }))
}

fn read(zone: &str, set: aws::ResourceRecordSet) -> Option<Seen<Record>> {
    let routing = Routing::of(&set);
    // A record with a routing policy that this type does not have (by proximity, by address) is not of it.
    if set.set_identifier.is_some() && routing.is_none() {
        return None;
    }
    let kind = RecordType::word(set.r#type.as_str())?;
    let name = text::plain_name(&set.name);
    let mut id = format!("{zone}|{name}|{}", kind.as_str());
    if let Some(identifier) = &set.set_identifier {
        id = format!("{id}|{identifier}");
    }
    let values = set.resource_records.into_iter().flatten();
    Some(Seen {
        status: Status::Ready,
        inputs: Record {
            zone: Input::Known(zone.into()),
            name: Input::Known(name.clone()),
            kind,
            values: values.map(|r| Input::Known(plain(kind, &r.value))).collect(),
            // An alias has none of its own.
            ttl: set
                .ttl
                .filter(|_| set.alias_target.is_none())
                .and_then(|t| t.try_into().ok())
                .unwrap_or(300),
            alias: set.alias_target.map(|a| AliasTarget {
                dns_name: Input::Known(text::plain_name(&a.dns_name)),
                hosted_zone_id: Input::Known(a.hosted_zone_id),
                evaluate_target_health: a.evaluate_target_health,
            }),
            set_identifier: set.set_identifier,
            routing,
            health_check: set.health_check_id.map(Input::Known),
        },
        outputs: RecordOutputs { id: id.clone(), name },
        id,
    })
}
