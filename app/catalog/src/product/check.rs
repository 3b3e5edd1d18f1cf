//! The checks of values, the same for JSON, CSV and queries. No value is rounded, truncated or guessed: an invalid one is
//! an error that says which values are valid.
//!
//! The lengths and patterns are stated by the OpenAPI document.

use super::image::ImageKind;
use super::input::Input;
use super::model::Status;
use rust_decimal::Decimal;
use service::http::FieldError;

fn string<'a>(input: &'a Input<'_>) -> Result<&'a str, FieldError> {
    match input {
        Input::Text(text) => Ok(text),
        _ => Err(FieldError::new("not_text", "must be a text")),
    }
}

pub(crate) fn line(input: &Input<'_>, most: usize) -> Result<String, FieldError> {
    let text = string(input)?.trim();
    if text.is_empty() {
        return Err(FieldError::new("blank", "must not be empty"));
    }
    if text.chars().any(char::is_control) {
        return Err(FieldError::new(
            "control_character",
            "must not hold control characters",
        ));
    }
    if text.chars().any(is_bidi_control) {
        return Err(FieldError::new(
            "control_character",
            "must not hold characters that turn the direction of other text",
        ));
    }
    at_most(text, most)
}

/// Returns true for the characters that turn the direction of the text around them, also outside of their field (Unicode
/// Standard Annex 9, explicit formatting).
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Returns true for the characters that take no room on a screen or are blank.
fn is_invisible(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

pub(crate) fn at_most(text: &str, most: usize) -> Result<String, FieldError> {
    let length = text.chars().count();
    if length > most {
        return Err(FieldError::new(
            "too_long",
            format!("has {length} characters; at most {most} are allowed"),
        ));
    }
    Ok(text.to_owned())
}

/// The most characters of a name.
pub const NAME_LENGTH: usize = 255;

/// The most characters of a description.
pub const DESCRIPTION_LENGTH: usize = 10_000;

/// The most characters of a category.
pub const CATEGORY_LENGTH: usize = 100;

/// The form of a SKU, of at most 64 characters.
pub const SKU_PATTERN: &str = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";

/// The form of text on one line: no control characters, and none that turn the direction of text.
pub const LINE_PATTERN: &str = r"^[^\x00-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069]*$";

/// The form of text on one line with a character that can be seen.
pub const NAME_PATTERN: &str = r"^[^\x00-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069]*[^\s\x00-\x1F\x7F-\x9F\u00AD\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF][^\x00-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069]*$";

/// The form of text on many lines: no control characters but tab, line feed and carriage return.
pub const TEXT_PATTERN: &str = r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]*$";

/// The plain form of a price: no sign, no exponent.
pub const PRICE_PATTERN: &str = r"^\d{1,8}(\.\d{1,2})?$";

/// The plain form of a percentage: no plus sign, no exponent.
pub const PERCENT_PATTERN: &str = r"^(-100(\.0{1,2})?|-?\d{1,2}(\.\d{1,2})?|\d{3}(\.\d{1,2})?)$";

/// The smallest percentage, which takes all of a price away.
pub const LEAST_PERCENT: i32 = -100;

/// The form of an image's address: where this server keeps it, its hash and its kind. Empty is none.
pub const IMAGE_PATTERN: &str = r"^(/api/images/[0-9a-f]{32}\.(png|jpg|webp))?$";

/// The largest percentage.
pub const MOST_PERCENT: i32 = 1000;

/// The highest price, 99999999.99.
pub const MOST_PRICE: Decimal = Decimal::from_parts(1_410_065_407, 2, 0, false, 2);

/// 1 to 64 letters, digits, dots, dashes and underscores; begins with a letter or digit.
///
/// # Errors
/// The reason why it is invalid.
pub fn sku(input: &Input<'_>) -> Result<String, FieldError> {
    let text = line(input, 64)?;
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) || !text.chars().all(fits) {
        return Err(FieldError::new(
            "bad_sku",
            "must hold letters, digits, dots, dashes and underscores only, and begin with a letter or digit",
        ));
    }
    Ok(text)
}

/// 1 to 255 characters on one line, of which one can be seen.
///
/// # Errors
/// The reason why it is invalid.
pub fn name(input: &Input<'_>) -> Result<String, FieldError> {
    let name = line(input, NAME_LENGTH)?;
    if name.chars().all(is_invisible) {
        return Err(FieldError::new("blank", "must not be empty"));
    }
    Ok(name)
}

/// Up to 10,000 characters; null is the empty description.
///
/// # Errors
/// The reason why it is invalid.
pub fn description(input: &Input<'_>) -> Result<String, FieldError> {
    if *input == Input::Null {
        return Ok(String::new());
    }
    let text = string(input)?.trim();
    if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    {
        return Err(FieldError::new(
            "control_character",
            "must not hold control characters",
        ));
    }
    at_most(text, DESCRIPTION_LENGTH)
}

/// An exact amount from 0.00 to 99999999.99 with at most two decimals, written as a number or as a text.
///
/// # Errors
/// The reason why it is invalid.
pub fn price(input: &Input<'_>) -> Result<Decimal, FieldError> {
    let mut price = amount(input)?;
    if price > MOST_PRICE {
        return Err(FieldError::new("too_large", "must be 99999999.99 or less"));
    }
    if price.is_sign_negative() && !price.is_zero() {
        return Err(FieldError::new("negative", "must not be negative"));
    }
    price.rescale(2);
    Ok(price.abs())
}

/// A percentage from -100 to 1000 with at most two decimals.
///
/// # Errors
/// The reason why it is invalid.
pub fn percent(input: &Input<'_>) -> Result<Decimal, FieldError> {
    let percent = amount(input)?;
    if percent < Decimal::from(LEAST_PERCENT) || percent > Decimal::from(MOST_PERCENT) {
        return Err(FieldError::new("out_of_range", "must be from -100 to 1000"));
    }
    Ok(percent)
}

fn amount(input: &Input<'_>) -> Result<Decimal, FieldError> {
    let not_a_number = || FieldError::new("not_a_number", "must be a decimal number such as 12.50");
    let text = match input {
        Input::Text(text) if text.trim().is_empty() => {
            return Err(FieldError::new("blank", "must not be empty"));
        }
        Input::Text(text) => text.trim(),
        Input::Number(text) => text,
        Input::Null | Input::Other => return Err(not_a_number()),
    };
    let too_large = || FieldError::new("too_large", "must be 99999999.99 or less");
    let too_many = || FieldError::new("too_many_decimals", "must have at most two decimals");
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !are_digits(whole)
        || !are_digits(fraction)
        || exponent.is_some_and(|e| !are_digits(e.trim_start_matches(['+', '-'])))
    {
        return Err(not_a_number());
    }
    let number = if exponent.is_some() {
        Decimal::from_scientific(text)
    } else {
        Decimal::from_str_exact(text)
    };
    match number {
        Ok(number) if number.normalize().scale() <= 2 => Ok(number.normalize()),
        Ok(_) => Err(too_many()),
        // It is a number, but not one that 28 digits hold.
        Err(_) if exponent.is_some_and(|exponent| exponent.starts_with('-')) => Err(too_many()),
        Err(_) if whole.trim_start_matches('0').len() < 20 && exponent.is_none() => Err(too_many()),
        Err(_) => Err(too_large()),
    }
}

/// A whole number from 0 to 2147483647, written as a number or as a text.
///
/// # Errors
/// The reason why it is invalid.
pub fn stock(input: &Input<'_>) -> Result<i32, FieldError> {
    let not_whole = || FieldError::new("not_an_integer", "must be a whole number");
    let number = amount(input).map_err(|error| match error.code {
        "blank" | "too_large" => error,
        _ => not_whole(),
    })?;
    if !number.is_integer() {
        return Err(not_whole());
    }
    if number.is_sign_negative() && !number.is_zero() {
        return Err(FieldError::new("negative", "must not be negative"));
    }
    i32::try_from(number).map_err(|_| FieldError::new("too_large", "must be 2147483647 or less"))
}

/// 1 to 100 characters on one line; null and the empty text are no category.
///
/// # Errors
/// The reason why it is invalid.
pub fn category(input: &Input<'_>) -> Result<Option<String>, FieldError> {
    match input {
        Input::Null => Ok(None),
        Input::Text(text) if text.trim().is_empty() => Ok(None),
        _ => line(input, CATEGORY_LENGTH).map(Some),
    }
}

/// `draft`, `active` or `archived`.
///
/// # Errors
/// The reason why it is invalid.
pub fn status(input: &Input<'_>) -> Result<Status, FieldError> {
    Status::named(string(input)?)
        .ok_or_else(|| FieldError::new("bad_status", "must be draft, active or archived"))
}

/// The address of an uploaded image; null and the empty text are none.
///
/// # Errors
/// The reason why it is invalid.
pub fn image(input: &Input<'_>) -> Result<Option<String>, FieldError> {
    if *input == Input::Null {
        return Ok(None);
    }
    let text = string(input)?.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let name = text.strip_prefix("/api/images/").unwrap_or_default();
    let fits = name.split_once('.').is_some_and(|(hash, _)| {
        hash.len() == 32
            && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
            && ImageKind::of_address(name).is_some_and(|kind| name.len() == 33 + kind.extension().len())
    });
    if fits {
        return Ok(Some(text.to_owned()));
    }
    let message = "must be the address of an image that was uploaded to /api/images";
    Err(FieldError::new("bad_image", message))
}
