//! Money: whole minor units and a currency, never a binary fraction.

use std::fmt;

/// A currency's three letters (ISO 4217).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads three capital letters.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 3] = text.as_bytes().try_into().ok()?;
        letters
            .iter()
            .all(u8::is_ascii_uppercase)
            .then_some(Self(letters))
    }

    /// The three letters.
    pub fn as_str(&self) -> &str {
        // Letters are ASCII, so this never falls back.
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// The digits after the decimal point: 2 but for the exceptions of ISO 4217's table A.1.
    pub fn digits(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF"
            | b"UGX" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }

    /// Reads a decimal number such as `49.90` as minor units.
    pub fn minor(self, text: &str) -> Option<i64> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = usize::try_from(self.digits()).ok()?;
        // Zeros beyond the currency's digits change nothing.
        let fraction = if fraction.len() > digits {
            fraction.trim_end_matches('0')
        } else {
            fraction
        };
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty()
            || whole.len() > 13
            || fraction.len() > digits
            || !plain(whole)
            || !plain(fraction)
        {
            return None;
        }
        let units: i64 = format!("{whole}{fraction:0<digits$}").parse().ok()?;
        Some(if negative { -units } else { units })
    }

    /// Writes minor units as a decimal number.
    pub fn decimal(self, minor: i128) -> String {
        let digits = self.digits();
        if digits == 0 {
            return minor.to_string();
        }
        let unit = 10_u128.pow(digits);
        let (sign, size) = (if minor < 0 { "-" } else { "" }, minor.unsigned_abs());
        let width = usize::try_from(digits).unwrap_or(2);
        format!("{sign}{}.{:0width$}", size / unit, size % unit)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Currency;

    #[test]
    fn amounts_are_exact_in_every_currency() {
        let currency = |text| Currency::parse(text).expect("three letters");
        assert_eq!(currency("EUR").minor("49.90"), Some(4990));
        assert_eq!(currency("EUR").minor("49.9"), Some(4990));
        assert_eq!(currency("EUR").minor("49.9000"), Some(4990));
        assert_eq!(currency("JPY").minor("500"), Some(500));
        assert_eq!(currency("KWD").minor("1.234"), Some(1234));
        assert_eq!(currency("EUR").decimal(-5), "-0.05");
        assert_eq!(currency("JPY").decimal(500), "500");
        for bad in ["", ".5", "1.234", "1e3", "12 ", "+1", "1,5", "99999999999999"] {
            assert_eq!(currency("EUR").minor(bad), None, "{bad}");
        }
        assert!(Currency::parse("eur").is_none() && Currency::parse("EURO").is_none());
    }
}
