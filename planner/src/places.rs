//! Accounts and regions: the clouds there, and what AWS wires across them.

use crate::{Declared, Error, Finding};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Deref,
    sync::Arc,
};
use tenon_resources::{
    cloud::{CallError, Caller, Cloud},
    declaration::{Declaration, Place, is_global},
    lookup,
    resource::OutputField,
    value::{Ref, refs},
};
use tenon_state::State;

/// A cloud, here or in another place.
pub(crate) enum Reached<'a> {
    /// The one that was given.
    Home(&'a dyn Cloud),
    /// The same, elsewhere.
    Away(Arc<dyn Cloud>),
}

impl<'a> Deref for Reached<'a> {
    type Target = dyn Cloud + 'a;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Home(cloud) => *cloud,
            Self::Away(cloud) => cloud.as_ref(),
        }
    }
}

/// The cloud at `place`.
///
/// # Errors
/// It cannot be reached there.
pub(crate) async fn reach<'a>(cloud: &'a dyn Cloud, place: &Place) -> Result<Reached<'a>, CallError> {
    if place.is_home() {
        return Ok(Reached::Home(cloud));
    }
    let away = crate::execute::with_retry(3, || cloud.at(place)).await?;
    Ok(Reached::Away(away))
}

/// Every place of what is declared and of what is recorded.
///
/// # Errors
/// A record says where it is in a form that this version does not know.
pub(crate) fn all(declared: &Declared, state: &State) -> Result<BTreeSet<Place>, Error> {
    let mut all = of_state(state)?;
    all.extend(declared.resources.values().map(|d| d.place.clone()));
    all.extend(declared.lookups.values().map(|l| l.place.clone()));
    Ok(all)
}

/// Every place of what is recorded.
///
/// # Errors
/// As [`all`].
pub(crate) fn of_state(state: &State) -> Result<BTreeSet<Place>, Error> {
    let places = state.records.values();
    places.map(|record| crate::recorded::place(record)).collect()
}

/// Asks in each place who we are there, before anything else is asked.
///
/// # Errors
/// One cannot be reached, or is not what its name says.
pub(crate) async fn admit(
    cloud: &dyn Cloud,
    home: &Caller,
    env: &str,
    places: impl IntoIterator<Item = Place>,
) -> Result<(), Error> {
    for place in places.into_iter().filter(|place| !place.is_home()) {
        let unreachable = |source| {
            let role = place.role.as_ref().map(|role| {
                format!(" as `{role}`: let it trust the caller; to go over to another role, apply once while both exist")
            });
            Error::Cloud {
                what: format!("{place} could not be reached{}", role.unwrap_or_default()),
                source,
            }
        };
        let there = reach(cloud, &place).await.map_err(unreachable)?;
        let found = crate::execute::with_retry(3, || there.caller()).await;
        let found = found.map_err(unreachable)?;
        let wanted = place.caller(home);
        if (&found.account, &found.region) != (&wanted.account, &wanted.region) {
            let name = |caller: &Caller| format!("account {} in {}", caller.account, caller.region);
            return Err(Error::WrongAccount {
                env: env.into(),
                expected: name(&wanted),
                found: name(&found),
            });
        }
    }
    Ok(())
}

/// Asks in each place of what is recorded who we are there, before anything else is asked. A place that cannot be reached is left to
/// whoever reads there: some of them go on without.
///
/// # Errors
/// One is another account or region than its name says.
pub async fn admit_recorded(cloud: &dyn Cloud, home: &Caller, state: &State) -> Result<(), Error> {
    for place in of_state(state)? {
        match admit(cloud, home, &state.env, [place]).await {
            Err(Error::Cloud { .. }) | Ok(()) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

/// Types of outputs that say all of themselves: text, addresses, and ARNs, in which account and region stand. Everything else is an
/// id, and AWS looks that up where the call is made.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
const TRAVELS: [&str; 8] = [
    "String",
    "Arn",
    "Cidr4",
    "Cidr6",
    "Region",
    "AvailabilityZone",
    "Value",
    "Untyped",
];

/// Fields that take the name of what is in another region of the account: a trail delivers into a bucket of any region.
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/receive-cloudtrail-log-files-from-multiple-regions.html>
const ANY_REGION: [(&str, &str); 1] = [("cloudtrail.trail", "bucket")];

/// Types whose names are unique among all accounts and regions.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
pub(crate) const UNIQUE_EVERYWHERE: [&str; 2] = ["s3.bucket", "AWS::S3::Bucket"];

/// `true` if a name that a resource of type and place `user` has in an input means `named`, which has that name where it is: another
/// account or region may have something of the same name.
pub(crate) fn is_named_from(user: (&str, &Place), named: (&str, &Place)) -> bool {
    let ((user, here), (kind, there)) = (user, named);
    let any_region = is_global(user) || is_global(kind) || here.region == there.region;
    UNIQUE_EVERYWHERE.contains(&kind) || here.account == there.account && any_region
}

/// Resources that are wired to what AWS does not find where they are.
pub(crate) fn findings(declared: &Declared) -> Vec<Finding> {
    let mut places = declared.resources.values().map(|d| &d.place);
    let mut looked_for = declared.lookups.values().map(|l| &l.place);
    if places.all(Place::is_home) && looked_for.all(Place::is_home) {
        return vec![];
    }
    // The environment's own account and region, said by name, are home.
    let home = declared.target.as_ref().map(|target| Caller {
        account: target.account.clone(),
        region: target.region.clone(),
        arn: String::new(),
        endpoints: BTreeMap::new(),
    });
    let seen = |place: &Place| match &home {
        Some(home) => place.clone().seen_by(home),
        None => place.clone(),
    };
    let mut findings = vec![];
    for (address, user) in &declared.resources {
        for field in user.kind.fields() {
            let Some(value) = user.inputs.get(field.name) else {
                continue;
            };
            let mut found = BTreeSet::new();
            bare(value, &mut found);
            for r in found {
                let Some(source) = Source::of(declared, &r) else {
                    continue;
                };
                let places = [&user.place, source.place].map(seen);
                if let Some(why) = apart(places, user, field.name, &source, &r) {
                    findings.push(Finding::at(address, &user.location, why));
                }
            }
        }
    }
    findings
}

/// The resource, or the finding of a lookup, that a reference means.
struct Source<'a> {
    kind: &'a str,
    place: &'a Place,
    outputs: &'static [OutputField],
}

impl<'a> Source<'a> {
    fn of(declared: &'a Declared, r: &Ref) -> Option<Self> {
        if let Some(found) = lookup::name_of(r) {
            let found = declared.lookups.get(found)?;
            return Some(Self {
                kind: found.kind.name(),
                place: &found.place,
                outputs: found.kind.outputs(),
            });
        }
        let made = declared.resources.get(&r.resource)?;
        Some(Self {
            kind: made.kind.name(),
            place: &made.place,
            outputs: made.kind.outputs(),
        })
    }
}

/// Why AWS does not find the resource that `r` means from where `user` is.
fn apart(
    [here, there]: [Place; 2],
    user: &Declaration,
    field: &str,
    source: &Source<'_>,
    r: &Ref,
) -> Option<String> {
    if here.is_same(&there) || travels(source, &r.output) {
        return None;
    }
    let same_account = here.account == there.account;
    let global = is_global(user.kind.name()) || is_global(source.kind);
    let says_region = ANY_REGION.contains(&(user.kind.name(), field));
    // What CloudFormation's schemas say of a property is its form alone.
    if user.kind.schema().is_some() || same_account && (global || says_region) {
        return None;
    }
    Some(format!(
        "has `{r}` in `{field}`, which is in {there}, and this is in {here}: AWS looks up such an id where the call is made; declare both in one account and region, or pass an ARN"
    ))
}

/// `true` if an output means the same wherever it is used.
fn travels(source: &Source<'_>, output: &str) -> bool {
    let output = source.outputs.iter().find(|o| o.name == output);
    let Some(output) = output else { return true };
    let name = (output.type_name)();
    // A lookup of many has a list of each.
    let short = name.rsplit("::").next().unwrap_or(name).trim_end_matches('>');
    // The zone of a load balancer's own name is Elastic Load Balancing's, one a region for everybody.
    let aws_own = short == "ZoneId" && source.kind != "route53.zone";
    aws_own || TRAVELS.contains(&short) || short.starts_with(|c: char| c.is_ascii_lowercase())
}

/// References that stand by themselves, and not in a text.
fn bare(value: &Value, out: &mut BTreeSet<Ref>) {
    match value {
        Value::Object(map) if map.contains_key("$join") => {}
        Value::Object(map) if map.contains_key("$ref") => refs(value, out),
        Value::Object(map) => map.values().for_each(|value| bare(value, out)),
        Value::Array(items) => items.iter().for_each(|value| bare(value, out)),
        _ => {}
    }
}
