//! What ministack's CloudWatch takes and forgets, kept in front of it: the tags of dashboards, and of alarms the metrics of
//! an expression and percentiles.

use crate::cbor::Cbor;
use std::collections::BTreeMap;

/// The members of an alarm that it takes for none given.
const FORGOTTEN: [&str; 2] = ["ExtendedStatistic", "Metrics"];

/// What it would have kept.
#[derive(Debug, Default)]
pub(crate) struct Forgotten {
    /// By the name of the dashboard.
    tags: BTreeMap<String, BTreeMap<String, String>>,
    /// By the name of the alarm.
    alarms: BTreeMap<String, Vec<(&'static str, Cbor)>>,
}

impl Forgotten {
    /// Takes note of a request. An answer means that ministack need not be asked.
    pub(crate) fn ask(&mut self, operation: &str, body: &[u8]) -> Option<Cbor> {
        let request = Cbor::read(body)?;
        let text = |key: &str| request.get(key).and_then(Cbor::text).map(ToOwned::to_owned);
        let of = text("ResourceARN").and_then(|arn| Some(arn.split_once(":dashboard/")?.1.to_owned()));
        match (operation, of) {
            ("PutMetricAlarm", _) => {
                let given = FORGOTTEN
                    .iter()
                    .filter_map(|m| Some((*m, request.get(m)?.clone())));
                self.alarms.insert(text("AlarmName")?, given.collect());
            }
            ("PutDashboard", _) => {
                // Of a dashboard that there is, it leaves the tags alone.
                let tags = || request.get("Tags").map(tags_in).unwrap_or_default();
                self.tags.entry(text("DashboardName")?).or_insert_with(tags);
            }
            ("DeleteDashboards", _) => {
                let names = request.get("DashboardNames")?.items();
                names.iter().filter_map(Cbor::text).for_each(|name| {
                    self.tags.remove(name);
                });
            }
            ("TagResource", Some(name)) => {
                self.tags.get_mut(&name)?.extend(tags_in(request.get("Tags")?));
                return Some(Cbor::Map(vec![]));
            }
            ("UntagResource", Some(name)) => {
                let tags = self.tags.get_mut(&name)?;
                let keys = request.get("TagKeys")?.items().iter();
                keys.filter_map(Cbor::text).for_each(|key| {
                    tags.remove(key);
                });
                return Some(Cbor::Map(vec![]));
            }
            ("ListTagsForResource", Some(name)) => {
                let member = |key: &str, text: &str| (key.to_owned(), Cbor::Text(text.to_owned()));
                let tag = |(k, v): (&String, &String)| Cbor::Map(vec![member("Key", k), member("Value", v)]);
                let tags = self.tags.get(&name)?.iter().map(tag).collect();
                return Some(Cbor::Map(vec![("Tags".to_owned(), Cbor::List(tags))]));
            }
            _ => {}
        }
        None
    }

    /// Puts into an answer what is missing from it.
    pub(crate) fn complete(&self, operation: &str, body: &[u8]) -> Option<Vec<u8>> {
        let mut answer = Cbor::read(body)?;
        let list = match operation {
            "DescribeAlarms" => "MetricAlarms",
            "ListDashboards" => "DashboardEntries",
            _ => return None,
        };
        let mut entries = answer.get(list)?.items().to_vec();
        for entry in &mut entries {
            // It is text there, which no client reads as a time.
            entry.remove("LastModified");
            let name = entry.get("AlarmName").and_then(Cbor::text).map(ToOwned::to_owned);
            for (member, value) in name.and_then(|name| self.alarms.get(&name)).into_iter().flatten() {
                entry.set(member, value.clone());
                // It makes up an average instead of a percentile.
                entry.remove("Statistic");
            }
        }
        answer.set(list, Cbor::List(entries));
        Some(answer.write())
    }
}

fn tags_in(list: &Cbor) -> BTreeMap<String, String> {
    let text = |tag: &Cbor, key: &str| Some(tag.get(key)?.text()?.to_owned());
    let pair = |tag: &Cbor| Some((text(tag, "Key")?, text(tag, "Value")?));
    list.items().iter().filter_map(pair).collect()
}
