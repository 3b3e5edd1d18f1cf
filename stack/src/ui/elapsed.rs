//! Durations in words.

use std::time::Duration;

/// `0.3 s`, `12 s`, `1 min 05 s`, `2 h 03 min`.
pub(crate) fn elapsed(time: Duration) -> String {
    let s = time.as_secs();
    match s {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{s} s"),
        60..3600 => format!("{} min {:02} s", s / 60, s % 60),
        _ => format!("{} h {:02} min", s / 3600, s % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_people_say_it() {
        let said = [300, 12_345, 65_000, 7_380_000].map(|ms| elapsed(Duration::from_millis(ms)));
        assert_eq!(said, ["0.3 s", "12 s", "1 min 05 s", "2 h 03 min"]);
    }
}
