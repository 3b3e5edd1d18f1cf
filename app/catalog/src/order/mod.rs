//! Orders of the shop: the body of `POST /api/orders`, and the order that becomes of it.
//!
//! The module does no input or output. The statements are in [`crate::database::orders`].

mod placed;

pub use placed::{EraseBuyer, OrderQuery, PlacedOrder};

use crate::product::{Input, check};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use service::http::{FieldError, FieldErrors, Object};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// The most lines of an order.
pub const MOST_LINES: usize = 50;

/// The most pieces of a line.
pub const MOST_PIECES: i32 = 99;

const EMAIL_LENGTH: usize = 254;
const ADDRESS_LENGTH: usize = 1000;

/// The body of an order.
#[derive(Clone, Debug, Deserialize, PartialEq, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrder {
    /// The products, each once.
    #[schema(min_items = 1, max_items = 50)]
    pub lines: Vec<NewLine>,
    /// The buyer's name.
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = r"^[^\x00-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069]*[^\s\x00-\x1F\x7F-\x9F\u00AD\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF][^\x00-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069]*$"
    )]
    pub name: String,
    /// The buyer's e-mail address.
    #[schema(
        min_length = 3,
        max_length = 254,
        pattern = r"^[^\s\x00-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069@]+@[^\s\x00-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069@]+$"
    )]
    pub email: String,
    /// The address that the order goes to, on one or more lines.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]*$"
    )]
    pub address: String,
    /// The buyer's session of the tracker, 32 hexadecimal digits; only with the buyer's consent.
    #[schema(nullable = false, pattern = "^[0-9A-Fa-f]{32}$")]
    pub session: Option<String>,
}

/// A line of a new order.
#[derive(Clone, Debug, Deserialize, PartialEq, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLine {
    /// The id of the product.
    pub product: i64,
    /// The number of pieces.
    #[schema(minimum = 1, maximum = 99)]
    pub quantity: i32,
    /// The price of a piece that the buyer has seen. An order at another price than the present one is refused.
    #[serde(deserialize_with = "price")]
    #[schema(value_type = String, example = "12.50", pattern = r"^\d{1,8}(\.\d{1,2})?$")]
    pub price: Decimal,
}

fn price<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let text = String::deserialize(deserializer)?;
    check::price(&Input::text(&text)).map_err(|error| serde::de::Error::custom(error.message))
}

impl NewOrder {
    /// Reads the members of a JSON object.
    ///
    /// # Errors
    /// Every member that is missing, invalid or unknown.
    pub fn read(object: &Object) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut order = Self {
            lines: Vec::new(),
            name: String::new(),
            email: String::new(),
            address: String::new(),
            session: None,
        };
        for (member, raw) in object {
            let input = Input::json(raw);
            match member.as_str() {
                "lines" => order.lines = errors.collect(member, lines(raw.get())).unwrap_or_default(),
                "name" => order.name = errors.collect(member, check::name(&input)).unwrap_or_default(),
                "email" => order.email = errors.collect(member, email(&input)).unwrap_or_default(),
                "address" => order.address = errors.collect(member, address(&input)).unwrap_or_default(),
                "session" => order.session = errors.collect(member, session(&input)),
                _ => {
                    let unknown = FieldError::new("unknown_field", "is not a member of an order");
                    errors.collect::<()>(&crate::product::printable(member), Err(unknown));
                }
            }
        }
        for member in ["lines", "name", "email", "address"] {
            if !object.contains_key(member) {
                errors.collect::<()>(member, Err(FieldError::required()));
            }
        }
        errors.into_result(order)
    }
}

fn lines(raw: &str) -> Result<Vec<NewLine>, FieldError> {
    let lines: Vec<NewLine> = serde_json::from_str(raw).map_err(|error| {
        // Without the place in the text, which is one of this member alone.
        let why = error.to_string();
        let why = why.split(" at line ").next().unwrap_or_default();
        FieldError::new(
            "bad_lines",
            format!("must be lines of product, quantity and price: {why}"),
        )
    })?;
    if lines.is_empty() {
        return Err(FieldError::new("blank", "must not be empty"));
    }
    if lines.len() > MOST_LINES {
        return Err(FieldError::new(
            "too_long",
            format!("has {} lines; at most {MOST_LINES} are allowed", lines.len()),
        ));
    }
    if lines
        .iter()
        .any(|line| !(1..=MOST_PIECES).contains(&line.quantity))
    {
        return Err(FieldError::new(
            "bad_quantity",
            format!("must have quantities from 1 to {MOST_PIECES}"),
        ));
    }
    let products: BTreeSet<i64> = lines.iter().map(|line| line.product).collect();
    if products.len() < lines.len() {
        return Err(FieldError::new("given_twice", "must name each product once"));
    }
    Ok(lines)
}

/// An address with one `@` and a domain; whether it can be reached shows when it is written to.
fn email(input: &Input<'_>) -> Result<String, FieldError> {
    let text = check::line(input, EMAIL_LENGTH)?;
    let fits = text.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty() && !domain.is_empty() && !domain.contains('@') && !text.contains(char::is_whitespace)
    });
    if fits {
        return Ok(text);
    }
    Err(FieldError::new("bad_email", "must be an e-mail address"))
}

fn address(input: &Input<'_>) -> Result<String, FieldError> {
    let text = check::description(input)?;
    if text.is_empty() {
        return Err(FieldError::new("blank", "must not be empty"));
    }
    check::at_most(&text, ADDRESS_LENGTH)
}

fn session(input: &Input<'_>) -> Result<String, FieldError> {
    let wrong = || FieldError::new("bad_session", "must be 32 hexadecimal digits");
    match input {
        Input::Text(text) if text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit()) => {
            Ok(text.to_lowercase())
        }
        _ => Err(wrong()),
    }
}

/// An order that was placed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Order {
    /// The number that the buyer sees: 10 characters of Crockford's base 32.
    #[schema(pattern = "^[0-9A-HJKMNP-TV-Z]{10}$")]
    pub number: String,
    /// The time.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The products.
    pub lines: Vec<Line>,
    /// The sum.
    #[schema(value_type = String, example = "25.00")]
    pub total: Decimal,
    /// The currency of all amounts, by ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
}

/// A line of an order.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
#[schema(as = OrderLine)]
pub struct Line {
    /// The id of the product.
    pub product: i64,
    /// The product's SKU.
    pub sku: String,
    /// The product's name.
    pub name: String,
    /// The price of a piece.
    #[schema(value_type = String, example = "12.50")]
    pub price: Decimal,
    /// The number of pieces.
    pub quantity: i32,
}

/// A line of an order that cannot be had as it was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Shortage {
    /// The id of the product.
    pub product: i64,
    /// The pieces that were asked for.
    pub wanted: i32,
    /// The pieces that are there; 0 when the product is not sold.
    pub available: i32,
    /// The present price; null when the product is not sold.
    #[schema(required = true, value_type = Option<String>)]
    pub price: Option<Decimal>,
}

/// A new number. The alphabet has no letters that are taken for digits: <https://www.crockford.com/base32.html>.
///
/// # Errors
/// The system has no randomness.
pub fn new_number() -> Result<String, getrandom::Error> {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut bytes = [0; 10];
    getrandom::fill(&mut bytes)?;
    Ok(bytes
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect())
}
