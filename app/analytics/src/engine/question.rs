//! Questions: a period in a time zone, and filters.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, Zoned};

/// The test of a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// One of the values.
    Is,
    /// None of the values.
    Not,
    /// A text that contains one of the values.
    Contains,
}

/// What a filter looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A dimension of the session.
    Session(super::Dimension),
    /// The session's first page.
    Landing,
    /// A page that the session saw within the period.
    Page,
    /// A product that the session looked at, or had in its cart, within the period.
    Product,
    /// A search of the session within the period.
    Query,
    /// A custom event of the session within the period.
    Name,
}

/// A condition on sessions. A session must meet all filters of a question.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Filter {
    /// What is looked at.
    pub subject: Subject,
    /// The test.
    pub test: Test,
    /// The values.
    pub values: Vec<String>,
}

impl Subject {
    /// The subject of that name.
    pub fn named(name: &str) -> Option<Self> {
        let dimension = super::Dimension::ALL.into_iter().find(|d| d.name() == name);
        match name {
            "landing" => Some(Self::Landing),
            "page" => Some(Self::Page),
            "product" => Some(Self::Product),
            "query" => Some(Self::Query),
            "event" => Some(Self::Name),
            _ => dimension.map(Self::Session),
        }
    }
}

impl Filter {
    /// Reads a filter of the form `subject:test:value,value`, for example `country:is:DE,FR`. A comma within a value is
    /// written `\,`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ':');
        let subject = Subject::named(parts.next()?)?;
        let test = match parts.next()? {
            "is" => Test::Is,
            "not" => Test::Not,
            "contains" => Test::Contains,
            _ => return None,
        };
        let mut values = vec![String::new()];
        let mut letters = parts.next()?.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => values.last_mut()?.extend(letters.next()),
                ',' => values.push(String::new()),
                letter => values.last_mut()?.push(letter),
            }
        }
        Some(Self {
            subject,
            test,
            values,
        })
    }

    /// Returns true when `text` passes the test; [`Test::Not`] is the caller's to turn round.
    pub fn matches(&self, text: &str) -> bool {
        match self.test {
            Test::Is | Test::Not => self.values.iter().any(|value| value == text),
            Test::Contains => self.values.iter().any(|value| text.contains(value.as_str())),
        }
    }
}

/// A question's period and filters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    /// The first second since 1970.
    pub from: i64,
    /// The second after the last.
    pub to: i64,
    /// The filters.
    pub filters: Vec<Filter>,
    /// True to count programs too.
    pub bots: bool,
}

/// The steps of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Interval {
    /// Hours of the clock; on the day that summer time ends one of them has 120 minutes.
    Hour,
    /// Days.
    Day,
    /// Weeks from Monday.
    Week,
    /// Months.
    Month,
}

impl Interval {
    /// The interval of that name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "hour" => Self::Hour,
            "day" => Self::Day,
            "week" => Self::Week,
            "month" => Self::Month,
            _ => return None,
        })
    }

    fn span(self, steps: i32) -> Span {
        match self {
            Self::Hour => steps.hours(),
            Self::Day => steps.days(),
            Self::Week => steps.weeks(),
            Self::Month => steps.months(),
        }
    }

    /// The begin of the interval that `time` is in.
    fn begin(self, time: &Zoned) -> Option<Zoned> {
        let day = time.start_of_day().ok()?;
        match self {
            Self::Hour => {
                let offset = i64::from(time.offset().seconds());
                let second = time.timestamp().as_second();
                let begin = second - (second + offset).rem_euclid(3600);
                Some(
                    Timestamp::from_second(begin)
                        .ok()?
                        .to_zoned(time.time_zone().clone()),
                )
            }
            Self::Day => Some(day),
            Self::Week => monday(time.date()).to_zoned(time.time_zone().clone()).ok(),
            Self::Month => time.first_of_month().ok()?.start_of_day().ok(),
        }
    }
}

/// The Monday of a date's week.
pub fn monday(date: Date) -> Date {
    let days = date.weekday().since(Weekday::Monday);
    date.checked_sub(i64::from(days).days()).unwrap_or(date)
}

/// The borders of the intervals that cover a period, in seconds since 1970: each interval from one border to the next. The
/// first and the last interval may begin before the period and end after it.
pub fn borders(from: i64, to: i64, interval: Interval, zone: &TimeZone) -> Option<Vec<i64>> {
    let begin = Timestamp::from_second(from).ok()?.to_zoned(zone.clone());
    let mut at = interval.begin(&begin)?;
    let mut borders = vec![at.timestamp().as_second()];
    while at.timestamp().as_second() < to {
        at = match interval {
            Interval::Hour => at.checked_add(interval.span(1)).ok()?,
            // From the date, not from the time: days need not have 24 hours.
            _ => at
                .date()
                .checked_add(interval.span(1))
                .ok()?
                .to_zoned(zone.clone())
                .ok()?,
        };
        borders.push(at.timestamp().as_second());
        if borders.len() > 20_000 {
            return None;
        }
    }
    Some(borders)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(from: &str, to: &str, interval: Interval, zone: &str) -> Vec<i64> {
        let second = |text: &str| text.parse::<Timestamp>().expect("a time").as_second();
        let zone = TimeZone::get(zone).expect("a zone");
        let borders = borders(second(from), second(to), interval, &zone).expect("borders");
        borders.windows(2).map(|pair| (pair[1] - pair[0]) / 60).collect()
    }

    #[test]
    fn a_day_of_23_or_25_hours_is_one_day() {
        let days = steps(
            "2026-03-28T00:00:00+01:00",
            "2026-03-31T00:00:00+02:00",
            Interval::Day,
            "Europe/Berlin",
        );
        assert_eq!(days, [24 * 60, 23 * 60, 24 * 60]);
        let days = steps(
            "2026-10-24T00:00:00+02:00",
            "2026-10-27T00:00:00+01:00",
            Interval::Day,
            "Europe/Berlin",
        );
        assert_eq!(days, [24 * 60, 25 * 60, 24 * 60]);
    }

    #[test]
    fn hours_of_a_zone_with_half_hours_begin_at_the_half_hour() {
        let hours = steps(
            "2026-05-01T00:00:00+05:30",
            "2026-05-01T03:00:00+05:30",
            Interval::Hour,
            "Asia/Kolkata",
        );
        assert_eq!(hours, [60, 60, 60]);
        let zone = TimeZone::get("Asia/Kolkata").expect("a zone");
        let begin = borders(1_777_573_800 + 60, 1_777_573_800 + 120, Interval::Hour, &zone).expect("borders");
        assert_eq!(begin[0] % 3600, 1800);
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        let weeks = steps(
            "2026-11-25T12:00:00Z",
            "2026-11-26T00:00:00Z",
            Interval::Week,
            "UTC",
        );
        assert_eq!(weeks, [7 * 24 * 60]);
        let months = steps(
            "2026-02-10T00:00:00Z",
            "2026-03-01T00:00:00Z",
            Interval::Month,
            "UTC",
        );
        assert_eq!(months, [28 * 24 * 60]);
    }

    #[test]
    fn a_comma_within_a_value_is_written_with_a_backslash() {
        let filter = Filter::parse(r"page:is:/a\,b,/c").expect("a filter");
        assert_eq!(filter.values, ["/a,b", "/c"]);
        assert!(Filter::parse("colour:is:red").is_none());
        assert!(Filter::parse("page:like:x").is_none());
        assert!(Filter::parse("page:is").is_none());
    }
}
