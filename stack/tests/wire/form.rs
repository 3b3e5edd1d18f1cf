//! What EC2, RDS and their like are sent: a form.

use std::collections::BTreeMap;

/// The members of a form by name, decoded.
pub(crate) fn members(body: &[u8]) -> BTreeMap<String, String> {
    let body = String::from_utf8_lossy(body);
    let pairs = body.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), decoded(value)))
        .collect()
}

fn decoded(value: &str) -> String {
    let mut bytes = vec![];
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || rest.next().and_then(|d| char::from(d).to_digit(16));
        bytes.push(match byte {
            b'%' => u8::try_from(digit().unwrap_or(0) * 16 + digit().unwrap_or(0)).unwrap_or(b'?'),
            b'+' => b' ',
            other => other,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Text as XML has it.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
