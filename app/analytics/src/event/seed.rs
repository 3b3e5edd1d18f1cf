//! The `/events` of the system that this one replaces: one event a call, with names in capitals and amounts as numbers.
//!
//! Its front end keeps working: a call becomes a post of one event. Names that are none of the nine kinds become custom
//! events of the same name in small letters.

use super::id::Id;
use super::packing::Line;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use utoipa::ToSchema;

/// The body of the replaced system's `POST /events`.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeedEvent {
    /// The user.
    #[schema(max_length = 200)]
    pub user_id: String,
    /// The session.
    #[schema(max_length = 200)]
    pub session_id: String,
    /// The event's name in capitals, for example `ADD_TO_CART`.
    #[schema(max_length = 64)]
    pub event_type: String,
    /// The page's path.
    #[schema(max_length = 512)]
    pub page: String,
    /// Further members, such as `productId`, `price`, `quantity`, `query`, `resultCount` and `amount`.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub metadata: Map<String, Value>,
}

/// Members whose names differ.
const NAMES: &[(&str, &str)] = &[
    ("productId", "product"),
    ("productName", "product_name"),
    ("resultCount", "results"),
    ("scrollPercent", "depth"),
    ("orderId", "order"),
];

/// Makes the queue's line of a call. `key` is the call's `x-request-id`: a repeated call is the same event.
pub fn seed_line(event: SeedEvent, site: &str, key: Option<&str>, received: i64) -> Line<'static> {
    let id = match key {
        Some(key) => Id::named(&format!("{site}/{}/{key}", event.session_id)),
        None => Id::now(),
    };
    let mut metadata = event.metadata;
    let mut take = |name: &str| match metadata.remove(name) {
        Some(Value::String(text)) => Some(Cow::Owned(text)),
        _ => None,
    };
    let (device, browser) = (take("device"), take("browser"));
    let mut props = Map::new();
    for (name, value) in metadata {
        let name = NAMES
            .iter()
            .find(|(theirs, _)| *theirs == name)
            .map_or(name, |(_, ours)| (*ours).to_owned());
        props.insert(name, value);
    }
    if let Some(percent) = props.get("depth").and_then(Value::as_f64) {
        let quarter = [100, 75, 50].into_iter().find(|q| percent >= f64::from(*q));
        props.insert("depth".to_owned(), quarter.unwrap_or(25).into());
    }
    let name = event.event_type.to_ascii_lowercase();
    let known = super::model::Kind::named(&name).is_some() && name != "custom";
    if name == "order_placed" {
        props.entry("order").or_insert_with(|| id.to_string().into());
    }
    let mut wire = json!({ "id": id.to_string(), "t": received, "page": event.page, "props": props });
    wire["type"] = if known { name.as_str() } else { "custom" }.into();
    if !known {
        wire["name"] = name.into();
    }
    Line {
        received,
        site: Cow::Owned(site.to_owned()),
        sent: received,
        country: Cow::Borrowed("-"),
        agent: Cow::Borrowed("-"),
        device,
        browser,
        // The user is the visitor, as in the replaced system; its identifiers of events are made here, as a server's are.
        hash: Cow::Owned(Id::of_text(&format!("{site}/{}", event.user_id)).to_string()),
        server: true,
        who: super::post::Who {
            v: None,
            s: Some(Cow::Owned(event.session_id)),
            u: Some(Cow::Owned(event.user_id)),
            c: super::post::Campaign::default(),
        },
        trace: None,
        rejected: Vec::new(),
        events: serde_json::value::to_raw_value(&wire)
            .map(Cow::Owned)
            .into_iter()
            .collect(),
    }
}
