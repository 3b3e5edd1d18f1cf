//! The checks of one event. Collector and consumer make the same ones, so that nothing is accepted that cannot be stored.

use super::id::{Id, UserKey};
use super::model::{Context, Event, Item, Kind, Text};
use super::money::Currency;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// The longest, in milliseconds, that an event may have waited in a browser: 72 hours.
pub const LATEST: i64 = 72 * 3_600_000;

/// The most bytes of an event's further members.
const PROPS: usize = 2048;

/// A reason why an event is refused: a code such as `price.not_decimal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reject(pub &'static str);

/// What all events of a post have in common.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The site.
    pub site: Text,
    /// The collector's clock when it received the post.
    pub received: i64,
    /// The sender's clock when it sent.
    pub sent: i64,
    /// The session.
    pub session: Option<Id>,
    /// The visitor.
    pub visitor: Id,
    /// The user.
    pub user: Option<UserKey>,
    /// The context of all events.
    pub context: Context,
    /// The currency of amounts that name none.
    pub currency: Currency,
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    t: i64,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    page: Option<Cow<'a, str>>,
    #[serde(default)]
    props: Map<String, Value>,
}

/// Reads one event of a post. `stored` is left 0: the consumer stamps it.
///
/// # Errors
/// [`Reject`] with the code of the first check that fails.
pub fn read(raw: &str, frame: &Frame) -> Result<Event, Reject> {
    let wire: Wire<'_> = serde_json::from_str(raw).map_err(|_| diagnose(raw))?;
    let id = Id::parse(&wire.id).ok_or(Reject("id.not_uuid"))?;
    // The browser's clock cancels out: only the time between the event and the sending counts.
    let waited = frame.sent.saturating_sub(wire.t);
    let at = frame
        .received
        .saturating_sub(waited)
        .clamp(frame.received - LATEST, frame.received);
    match (id.version(), id.millis()) {
        (7, Some(made)) if frame.sent.saturating_sub(made) > LATEST => return Err(Reject("id.too_old")),
        (7, _) => {}
        (5, _) if frame.context.server => {}
        (5, _) => return Err(Reject("id.not_from_server")),
        _ => return Err(Reject("id.not_uuid7")),
    }
    let kind = Kind::named(&wire.kind).ok_or(Reject("type.unknown"))?;
    let name = match (kind, wire.name) {
        (Kind::Custom, Some(name)) if is_name(&name) => Some(name.as_ref().into()),
        (Kind::Custom, Some(_)) => return Err(Reject("name.not_plain")),
        (Kind::Custom, None) => return Err(Reject("name.missing")),
        _ => None,
    };
    let page = wire.page.unwrap_or(Cow::Borrowed("/"));
    if page.len() > 512 || page.chars().any(char::is_control) {
        return Err(Reject("page.too_long"));
    }
    let mut props = Props::new(wire.props, kind)?;
    let session = match (frame.session, kind) {
        (Some(session), _) => session,
        (None, Kind::OrderPlaced) if frame.context.server => Id::default(),
        (None, _) => return Err(Reject("session.missing")),
    };
    let mut event = Event {
        id,
        site: frame.site.clone(),
        stored: 0,
        at,
        session,
        visitor: frame.visitor,
        user: frame.user,
        kind,
        name,
        page: page.as_ref().into(),
        product: None,
        query: None,
        number: None,
        amount: None,
        currency: None,
        quantity: None,
        order: None,
        items: Vec::new(),
        context: frame.context.clone(),
        extra: None,
        skew: frame.received.saturating_sub(frame.sent),
    };
    fill(&mut event, &mut props, frame.currency)?;
    event.extra = props.rest()?;
    Ok(event)
}

/// Takes the members that the event's kind knows out of `props`.
fn fill(event: &mut Event, props: &mut Props, default: Currency) -> Result<(), Reject> {
    let currency = match props.text("currency", 3, "currency.unknown")? {
        Some(text) => Currency::parse(&text).ok_or(Reject("currency.unknown"))?,
        None => default,
    };
    match event.kind {
        Kind::PageView | Kind::Custom => return Ok(()),
        Kind::ProductView => {
            event.product = Some(props.required_text("product", "product.missing", "product.too_long")?);
            event.amount = props.amount("price", currency, "price.not_decimal")?;
        }
        Kind::Search => {
            let query = props.required_text("query", "query.missing", "query.too_long")?;
            event.query = Some(query.trim().to_lowercase().into());
            event.number = props.count("results", "results.not_count")?;
        }
        Kind::AddToCart | Kind::RemoveFromCart => {
            event.product = Some(props.required_text("product", "product.missing", "product.too_long")?);
            event.amount = props.amount("price", currency, "price.not_decimal")?;
            let quantity = props.count("quantity", "quantity.not_count")?.unwrap_or(1);
            event.quantity = Some(quantity);
            if quantity == 0 || quantity > 1_000_000 {
                return Err(Reject("quantity.not_count"));
            }
        }
        Kind::CheckoutStarted => event.amount = props.amount("amount", currency, "amount.not_decimal")?,
        Kind::OrderPlaced => {
            event.order = Some(props.required_text("order", "order.missing", "order.too_long")?);
            let amount = props.amount("amount", currency, "amount.not_decimal")?;
            event.amount = Some(amount.ok_or(Reject("amount.missing"))?);
            event.items = props.items(currency)?;
            let pieces = event.items.iter().map(|item| item.quantity).sum();
            event.quantity = Some(props.count("quantity", "quantity.not_count")?.unwrap_or(pieces));
        }
        Kind::ScrollDepth => {
            let depth = props.count("depth", "depth.not_quarter")?;
            match depth {
                Some(25 | 50 | 75 | 100) => event.number = depth,
                _ => return Err(Reject("depth.not_quarter")),
            }
        }
    }
    event.currency = event.amount.map(|_| currency);
    Ok(())
}

fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    (1..=64).contains(&name.len()) && name.bytes().all(plain)
}

/// Finds the reason why an event has not the form of one.
fn diagnose(raw: &str) -> Reject {
    let Ok(Value::Object(event)) = serde_json::from_str(raw) else {
        return Reject("event.not_object");
    };
    let member = |name: &str| event.get(name).filter(|value| !value.is_null());
    match (member("id"), member("t"), member("type"), member("props")) {
        (None, ..) => Reject("id.missing"),
        (Some(id), ..) if !id.is_string() => Reject("id.not_uuid"),
        (_, t, ..) if !t.is_some_and(Value::is_i64) => Reject("t.not_milliseconds"),
        (_, _, None, _) => Reject("type.missing"),
        (_, _, Some(kind), _) if !kind.is_string() => Reject("type.not_text"),
        (.., Some(props)) if !props.is_object() => Reject("props.not_object"),
        _ => Reject("event.unreadable"),
    }
}

/// The members of `props` that no field has taken yet.
struct Props(Map<String, Value>);

impl Props {
    fn new(props: Map<String, Value>, kind: Kind) -> Result<Self, Reject> {
        if props.len() > 20 {
            return Err(Reject("props.too_many"));
        }
        for (name, value) in &props {
            let items = kind == Kind::OrderPlaced && name == "items";
            if name.len() > 64 {
                return Err(Reject("props.name_too_long"));
            }
            if !items && (value.is_array() || value.is_object()) {
                return Err(Reject("props.not_scalar"));
            }
        }
        Ok(Self(props))
    }

    fn text(&mut self, name: &str, most: usize, code: &'static str) -> Result<Option<String>, Reject> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.len() <= most => Ok(Some(text)),
            Some(Value::Number(number)) if most > 3 => Ok(Some(number.to_string())),
            Some(_) => Err(Reject(code)),
        }
    }

    fn required_text(
        &mut self,
        name: &str,
        missing: &'static str,
        long: &'static str,
    ) -> Result<Text, Reject> {
        let text = self.text(name, 200, long)?.unwrap_or_default();
        if text.trim().is_empty() {
            return Err(Reject(missing));
        }
        Ok(text.into())
    }

    fn amount(&mut self, name: &str, currency: Currency, code: &'static str) -> Result<Option<i64>, Reject> {
        let Some(text) = self.text(name, 32, code)? else {
            return Ok(None);
        };
        match currency.minor(&text) {
            Some(amount) if amount >= 0 => Ok(Some(amount)),
            _ => Err(Reject(code)),
        }
    }

    fn count(&mut self, name: &str, code: &'static str) -> Result<Option<u32>, Reject> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
                let number = number.and_then(|number| u32::try_from(number).ok());
                number.map(Some).ok_or(Reject(code))
            }
        }
    }

    fn items(&mut self, currency: Currency) -> Result<Vec<Item>, Reject> {
        let list = match self.0.remove("items") {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Array(list)) if list.len() <= 50 => list,
            Some(_) => return Err(Reject("items.not_list")),
        };
        let read = |item: Value| {
            let Value::Object(item) = item else {
                return Err(Reject("items.not_object"));
            };
            let mut item = Self::new(item, Kind::Custom)?;
            let product = item.required_text("product", "items.product_missing", "product.too_long")?;
            let price = item
                .amount("price", currency, "items.price_not_decimal")?
                .unwrap_or(0);
            let quantity = item.count("quantity", "items.quantity_not_count")?.unwrap_or(1);
            Ok(Item {
                product,
                quantity,
                amount: price.saturating_mul(i64::from(quantity)),
            })
        };
        list.into_iter().map(read).collect()
    }

    /// The members that are left, as a JSON object.
    fn rest(self) -> Result<Option<Text>, Reject> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let text = Value::Object(self.0).to_string();
        if text.len() > PROPS {
            return Err(Reject("props.too_large"));
        }
        Ok(Some(text.into()))
    }
}
