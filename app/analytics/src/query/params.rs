//! The parameters that all figures have: period, time zone, comparison, filters.

use crate::engine::{Filter, Interval, Question, monday};
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, Zoned};
use service::http::Problem;

/// The parameters of a call.
#[derive(Clone, Debug)]
pub(crate) struct Params {
    pub(crate) question: Question,
    pub(crate) zone: TimeZone,
    pub(crate) interval: Interval,
    /// The period to compare with, in seconds.
    pub(crate) before: Option<(i64, i64)>,
    pub(crate) limit: usize,
    /// True for an answer as CSV.
    pub(crate) csv: bool,
    /// All parameters, for those that a figure has of its own.
    pub(crate) all: Vec<(String, String)>,
}

pub(crate) fn invalid(message: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "parameter", message)
}

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let all = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Self::read(all, &Timestamp::now())
    }
}

impl Params {
    /// The last value of a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        value(&self.all, name)
    }

    // Long: one parameter after the other.
    pub(crate) fn read(all: Vec<(String, String)>, now: &Timestamp) -> Result<Self, Problem> {
        let zone = value(&all, "zone").unwrap_or("UTC");
        let zone =
            TimeZone::get(zone).map_err(|_| invalid(format!("zone: {zone:?} is no IANA time zone")))?;
        let now = now.to_zoned(zone.clone());
        let (from, to) = match (value(&all, "from"), value(&all, "to")) {
            (Some(from), Some(to)) => (instant(from, &zone, false)?, instant(to, &zone, true)?),
            (None, None) => period(value(&all, "period").unwrap_or("last_7_days"), &now)?,
            _ => return Err(invalid("from and to come together".to_owned())),
        };
        if from >= to || to - from > 11 * 366 * 86_400 {
            return Err(invalid(
                "the period ends after it begins, at most eleven years later".to_owned(),
            ));
        }
        let filters = all.iter().filter(|(name, _)| name == "f");
        let filters: Result<Vec<Filter>, Problem> = filters
            .map(|(_, text)| {
                Filter::parse(text)
                    .ok_or_else(|| invalid(format!("f: {text:?} is not of the form device:is:mobile,tablet")))
            })
            .collect();
        let interval = match value(&all, "interval") {
            Some(name) => Interval::named(name)
                .ok_or_else(|| invalid("interval is hour, day, week or month".to_owned()))?,
            None if to - from <= 2 * 86_400 => Interval::Hour,
            None if to - from <= 92 * 86_400 => Interval::Day,
            None => Interval::Month,
        };
        let before = match value(&all, "compare") {
            None | Some("none") => None,
            Some("previous") => Some((from - (to - from), from)),
            // Matched by weekday: 52 weeks.
            Some("year") => Some((from - 364 * 86_400, to - 364 * 86_400)),
            Some(_) => return Err(invalid("compare is previous or year".to_owned())),
        };
        let limit = match value(&all, "limit") {
            None => 10,
            Some(text) => match text.parse() {
                Ok(limit @ 1..=1000) => limit,
                _ => return Err(invalid("limit is 1 to 1000".to_owned())),
            },
        };
        let question = Question {
            from,
            to,
            filters: filters?,
            bots: value(&all, "bots") == Some("true"),
        };
        let csv = match value(&all, "format") {
            None | Some("json") => false,
            Some("csv") => true,
            Some(_) => return Err(invalid("format is json or csv".to_owned())),
        };
        Ok(Self {
            question,
            zone,
            interval,
            before,
            limit,
            csv,
            all,
        })
    }

    /// A second as text in the asked zone.
    pub(crate) fn time(&self, second: i64) -> String {
        let time = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
        time.to_zoned(self.zone.clone())
            .strftime("%Y-%m-%dT%H:%M:%S%:z")
            .to_string()
    }
}

fn value<'a>(all: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = all.iter().rev().find(|(key, _)| key == name);
    found
        .map(|(_, value)| value.as_str())
        .filter(|value| !value.is_empty())
}

/// A date, or a time with its offset. A date that ends a period is part of it.
fn instant(text: &str, zone: &TimeZone, end: bool) -> Result<i64, Problem> {
    let wrong = || {
        invalid(format!(
            "{text:?} is neither a date such as 2026-11-27 nor a time such as 2026-11-27T00:00:00Z"
        ))
    };
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time.as_second());
    }
    let mut date: Date = text.parse().map_err(|_| wrong())?;
    if end {
        date = date.tomorrow().map_err(|_| wrong())?;
    }
    begin(date, zone).ok_or_else(wrong)
}

fn begin(date: Date, zone: &TimeZone) -> Option<i64> {
    Some(date.to_zoned(zone.clone()).ok()?.timestamp().as_second())
}

/// The nine periods. Those that are not over end with the day.
fn period(name: &str, now: &Zoned) -> Result<(i64, i64), Problem> {
    let today = now.date();
    let week = monday(today);
    let month = today.first_of_month();
    let year = today.first_of_year();
    let add = |date: Date, span: Span| date.checked_add(span).unwrap_or(date);
    let tomorrow = add(today, 1.day());
    let (from, to) = match name {
        "today" => (today, tomorrow),
        "yesterday" => (add(today, (-1).days()), today),
        "last_7_days" => (add(today, (-6).days()), tomorrow),
        "last_30_days" => (add(today, (-29).days()), tomorrow),
        "this_week" => (week, tomorrow),
        "last_week" => (add(week, (-1).weeks()), week),
        "this_month" => (month, tomorrow),
        "last_month" => (add(month, (-1).months()), month),
        "this_year" => (year, tomorrow),
        "last_year" => (add(year, (-1).years()), year),
        _ => {
            return Err(invalid(format!(
                "period: {name:?} is none of today, yesterday, last_7_days, last_30_days, this_week, last_week, this_month, last_month, this_year, last_year"
            )));
        }
    };
    let zone = now.time_zone();
    begin(from, zone)
        .zip(begin(to, zone))
        .ok_or_else(|| invalid("the period lies outside of time".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(query: &str) -> Result<Params, Problem> {
        let now: Timestamp = "2026-11-27T23:30:00Z".parse().expect("a time");
        Params::read(
            form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            &now,
        )
    }

    fn times(query: &str) -> (String, String) {
        let params = params(query).expect("parameters");
        (params.time(params.question.from), params.time(params.question.to))
    }

    #[test]
    fn a_day_is_the_asked_zones_day() {
        assert_eq!(times("period=today").0, "2026-11-27T00:00:00+00:00");
        assert_eq!(
            times("period=today&zone=Europe/Berlin").0,
            "2026-11-28T00:00:00+01:00"
        );
        assert_eq!(times("period=this_week").0, "2026-11-23T00:00:00+00:00");
        assert_eq!(times("period=last_month").1, "2026-11-01T00:00:00+00:00");
        let (from, to) = times("from=2026-03-29&to=2026-03-29&zone=Europe/Berlin");
        assert_eq!(
            (from.as_str(), to.as_str()),
            ("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00")
        );
    }

    #[test]
    fn parameters_that_make_no_sense_are_refused() {
        for query in [
            "period=ever",
            "zone=Mars",
            "from=2026-01-01",
            "from=2026-01-02&to=2026-01-01",
            "limit=0",
            "limit=1.5",
            "limit=100000",
            "f=device",
            "f=device:like:x",
            "interval=year",
            "compare=x",
            "format=xml",
            "from=x&to=y",
        ] {
            assert!(params(query).is_err(), "{query}");
        }
    }

    #[test]
    fn a_year_before_is_compared_by_weekday() {
        let params = params("period=today&compare=year").expect("parameters");
        let (from, _) = params.before.expect("a comparison");
        assert_eq!((params.question.from - from) % (7 * 86_400), 0);
    }
}
