//! An order as the staff sees it.

use super::{EMAIL_LENGTH, Line};
use crate::product::{Input, Parameters, check};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use service::http::{FieldError, FieldErrors, Object};
use utoipa::ToSchema;

/// An order with its buyer.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PlacedOrder {
    /// The id, by which orders follow each other.
    pub id: i64,
    /// The number that the buyer sees.
    pub number: String,
    /// The time.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The buyer's name; null when it is erased.
    #[schema(required = true)]
    pub name: Option<String>,
    /// The buyer's e-mail address; null when it is erased.
    #[schema(required = true)]
    pub email: Option<String>,
    /// The address that the order goes to; null when it is erased.
    #[schema(required = true)]
    pub address: Option<String>,
    /// The products.
    pub lines: Vec<Line>,
    /// The sum.
    #[schema(value_type = String, example = "25.00")]
    pub total: Decimal,
    /// The currency of all amounts, by ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// When the buyer was erased; null when that was not asked for.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    pub erased_at: Option<Timestamp>,
}

/// The query of a page of orders.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderQuery {
    /// The number of the only order that is asked for.
    pub number: Option<String>,
    /// The buyer's e-mail address, in capitals or not.
    pub email: Option<String>,
    /// The most orders of the page.
    pub limit: u16,
    /// The id below which the page begins.
    pub before: i64,
}

impl OrderQuery {
    /// Reads a query string.
    ///
    /// # Errors
    /// Every parameter that is invalid or unknown.
    pub fn read(query: &str) -> Result<Self, FieldErrors> {
        let mut parameters = Parameters::parse(query);
        let number = parameters.read("number", |input| check::line(input, 10));
        let email = parameters.read("email", |input| check::line(input, EMAIL_LENGTH));
        let limit = parameters.limit();
        let before = parameters.read("cursor", |input| match input {
            Input::Text(text) => text
                .parse()
                .map_err(|_| FieldError::new("bad_cursor", "is not a cursor")),
            _ => Err(FieldError::required()),
        });
        parameters.finish(Self {
            // The alphabet of numbers has no small letters.
            number: number.map(|number| number.to_uppercase()),
            email,
            limit,
            before: before.unwrap_or(i64::MAX),
        })
    }
}

/// A buyer who asks to be erased.
#[derive(Clone, Debug, Deserialize, PartialEq, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseBuyer {
    /// The buyer's e-mail address, in capitals or not.
    #[schema(
        min_length = 3,
        max_length = 254,
        pattern = r"^[^\s\x00-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069@]+@[^\s\x00-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069@]+$"
    )]
    pub email: String,
}

impl EraseBuyer {
    /// Reads the members of a JSON object.
    ///
    /// # Errors
    /// Every member that is missing, invalid or unknown.
    pub fn read(object: &Object) -> Result<Self, FieldErrors> {
        let (mut errors, mut address) = (FieldErrors::default(), String::new());
        for (member, raw) in object {
            if member == "email" {
                let given = super::email(&Input::json(raw));
                address = errors.collect(member, given).unwrap_or_default();
            } else {
                let unknown = FieldError::new("unknown_field", "is not a member of an erasure");
                errors.collect::<()>(&crate::product::printable(member), Err(unknown));
            }
        }
        if !object.contains_key("email") {
            errors.collect::<()>("email", Err(FieldError::required()));
        }
        errors.into_result(Self { email: address })
    }
}
