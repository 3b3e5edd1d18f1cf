//! The document of an event: short names, because every document repeats them.

use crate::event::{Context, Currency, Event, Id, Item, Kind, Text, UserKey};
use mongodb::bson::raw::{CStr, RawArrayBuf, RawBsonRef, RawDocument, RawDocumentBuf, cstr};
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, RawBinaryRef};

/// An identifier as a value of a document.
pub(super) fn binary(bytes: &[u8]) -> Binary {
    Binary {
        subtype: BinarySubtype::Generic,
        bytes: bytes.to_vec(),
    }
}

fn bytes(bytes: &[u8]) -> RawBinaryRef<'_> {
    RawBinaryRef {
        subtype: BinarySubtype::Generic,
        bytes,
    }
}

/// The document of `event`, stamped with `stored`.
// Long: one field after the other.
pub(super) fn encode(event: &Event, stored: i64) -> RawDocumentBuf {
    let mut document = RawDocumentBuf::new();
    let context = &event.context;
    document.append(cstr!("_id"), bytes(&event.id.0));
    document.append(cstr!("st"), stored);
    document.append(cstr!("t"), event.at);
    document.append(cstr!("si"), &*event.site);
    if event.session != Id::default() {
        document.append(cstr!("s"), bytes(&event.session.0));
    }
    document.append(cstr!("v"), bytes(&event.visitor.0));
    if let Some(user) = &event.user {
        document.append(cstr!("u"), bytes(&user.0));
    }
    document.append(cstr!("ty"), i32::from(event.kind.number()));
    document.append(cstr!("p"), &*event.page);
    document.append(cstr!("de"), &*context.device);
    document.append(cstr!("br"), &*context.browser);
    document.append(cstr!("os"), &*context.os);
    document.append(cstr!("co"), &*context.country);
    let mut text = |key: &CStr, value: &Option<Text>| {
        if let Some(value) = value {
            document.append(key, &**value);
        }
    };
    text(cstr!("nm"), &event.name);
    text(cstr!("pr"), &event.product);
    text(cstr!("q"), &event.query);
    text(cstr!("o"), &event.order);
    text(cstr!("cs"), &context.source);
    text(cstr!("cm"), &context.medium);
    text(cstr!("cc"), &context.campaign);
    text(cstr!("cr"), &context.referrer);
    text(cstr!("x"), &event.extra);
    if let Some(number) = event.number {
        document.append(cstr!("n"), i64::from(number));
    }
    if let Some(amount) = event.amount {
        document.append(cstr!("am"), amount);
    }
    if let Some(currency) = &event.currency {
        document.append(cstr!("cu"), currency.as_str());
    }
    if let Some(quantity) = event.quantity {
        document.append(cstr!("qy"), i64::from(quantity));
    }
    if !event.items.is_empty() {
        let mut items = RawArrayBuf::new();
        for item in &event.items {
            let mut part = RawDocumentBuf::new();
            part.append(cstr!("p"), &*item.product);
            part.append(cstr!("q"), i64::from(item.quantity));
            part.append(cstr!("a"), item.amount);
            items.push(part);
        }
        document.append(cstr!("li"), items);
    }
    if context.bot {
        document.append(cstr!("b"), true);
    }
    if context.server {
        document.append(cstr!("sv"), true);
    }
    document.append(cstr!("sk"), event.skew);
    document
}

/// Reads a document; `None` for one that is none of an event.
// Long: one field after the other.
pub(super) fn decode(document: &RawDocument) -> Option<Event> {
    let mut event = Event {
        id: Id::default(),
        site: Text::default(),
        stored: 0,
        at: 0,
        session: Id::default(),
        visitor: Id::default(),
        user: None,
        kind: Kind::PageView,
        name: None,
        page: Text::default(),
        product: None,
        query: None,
        number: None,
        amount: None,
        currency: None,
        quantity: None,
        order: None,
        items: Vec::new(),
        context: Context::default(),
        extra: None,
        skew: 0,
    };
    for element in document {
        let (key, value) = element.ok()?;
        let context = &mut event.context;
        match key.as_str() {
            "_id" => event.id = id(value)?,
            "st" => event.stored = value.as_i64()?,
            "t" => event.at = value.as_i64()?,
            "si" => event.site = value.as_str()?.into(),
            "s" => event.session = id(value)?,
            "v" => event.visitor = id(value)?,
            "u" => event.user = Some(UserKey(value.as_binary()?.bytes.try_into().ok()?)),
            "ty" => event.kind = Kind::numbered(u8::try_from(value.as_i32()?).ok()?)?,
            "p" => event.page = value.as_str()?.into(),
            "de" => context.device = value.as_str()?.into(),
            "br" => context.browser = value.as_str()?.into(),
            "os" => context.os = value.as_str()?.into(),
            "co" => context.country = value.as_str()?.into(),
            "nm" => event.name = Some(value.as_str()?.into()),
            "pr" => event.product = Some(value.as_str()?.into()),
            "q" => event.query = Some(value.as_str()?.into()),
            "o" => event.order = Some(value.as_str()?.into()),
            "cs" => context.source = Some(value.as_str()?.into()),
            "cm" => context.medium = Some(value.as_str()?.into()),
            "cc" => context.campaign = Some(value.as_str()?.into()),
            "cr" => context.referrer = Some(value.as_str()?.into()),
            "x" => event.extra = Some(value.as_str()?.into()),
            "n" => event.number = Some(u32::try_from(value.as_i64()?).ok()?),
            "am" => event.amount = Some(value.as_i64()?),
            "cu" => event.currency = Some(Currency::parse(value.as_str()?)?),
            "qy" => event.quantity = Some(u32::try_from(value.as_i64()?).ok()?),
            "li" => {
                for item in value.as_array()? {
                    event.items.push(decode_item(item.ok()?.as_document()?)?);
                }
            }
            "b" => context.bot = value.as_bool()?,
            "sv" => context.server = value.as_bool()?,
            "sk" => event.skew = value.as_i64()?,
            _ => {}
        }
    }
    (event.id != Id::default()).then_some(event)
}

fn decode_item(item: &RawDocument) -> Option<Item> {
    Some(Item {
        product: item.get_str("p").ok()?.into(),
        quantity: u32::try_from(item.get_i64("q").ok()?).ok()?,
        amount: item.get_i64("a").ok()?,
    })
}

fn id(value: RawBsonRef<'_>) -> Option<Id> {
    Some(Id(value.as_binary()?.bytes.try_into().ok()?))
}
