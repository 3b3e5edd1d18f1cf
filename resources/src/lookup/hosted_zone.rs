//! A hosted zone of Route 53 that exists.

use super::query::Lookup;
use crate::route53::ZoneOutputs;
use serde::{Deserialize, Serialize};

/// A hosted zone, by the name of its domain.
///
/// ```
/// use tenon_resources::lookup::HostedZone;
/// HostedZone::public("example.com");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostedZone {
    name: String,
    private: bool,
}

impl HostedZone {
    /// The public one of this domain.
    pub fn public(domain: &str) -> Self {
        Self {
            name: plain(domain),
            private: false,
        }
    }

    /// The private one of this domain.
    pub fn private(domain: &str) -> Self {
        Self {
            name: plain(domain),
            private: true,
        }
    }
}

/// A domain without the dot at its end, in lower case: Route 53 writes both.
fn plain(domain: &str) -> String {
    domain.trim_end_matches('.').to_lowercase()
}

impl Lookup for HostedZone {
    const KIND: &'static str = "route53.hosted_zone";
    const DOC: &'static str = "A hosted zone, by the name of its domain.";
    const ACTIONS: &'static [&'static str] = &["route53:ListHostedZones", "route53:GetHostedZone"];
    type Found = ZoneOutputs;
}

#[cfg(feature = "aws")]
impl crate::aws::LookUp for HostedZone {
    async fn candidates(
        &self,
        aws: &crate::aws::Aws,
    ) -> Result<Vec<crate::cloud::Candidate>, crate::cloud::CallError> {
        let pages = crate::aws::items!(aws.route53.list_hosted_zones());
        let zones = aws.all("route53", "ListHostedZones", pages).await?;
        crate::aws::each(zones, |zone| async move {
            let id = zone.id.trim_start_matches("/hostedzone/").to_owned();
            let (name, private) = (plain(&zone.name), zone.config.is_some_and(|c| c.private_zone));
            let mut servers = vec![];
            // Name servers are in the zone's own reply alone.
            if name == self.name {
                let reply = aws.route53.get_hosted_zone().id(&id).send().await;
                let reply = crate::aws::present("route53", "GetHostedZone", reply, &["NoSuchHostedZone"])?;
                let Some(reply) = reply else { return Ok(None) };
                servers = reply.delegation_set.map(|d| d.name_servers).unwrap_or_default();
            }
            let server = |n: usize| servers.get(n).cloned().unwrap_or_default();
            Ok(Some(crate::cloud::Candidate {
                label: format!("{name} ({id})"),
                facts: serde_json::json!({"name": name, "private": private}),
                outputs: serde_json::json!({
                    "id": id, "arn": format!("arn:aws:route53:::hostedzone/{id}"),
                    "name_server_1": server(0), "name_server_2": server(1),
                    "name_server_3": server(2), "name_server_4": server(3),
                }),
            }))
        })
        .await
    }
}
