//! Metrics for CloudWatch in the log, without an agent: lines in the embedded metric format
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>),
//! which CloudWatch Logs turns into metrics as it takes them in.

use crate::drain::Drain;
use serde_json::{Map, Value, json};
use std::io::Write;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time between two lines.
const INTERVAL: Duration = Duration::from_mins(1);

/// What a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number of events, which only grows; a line has how many there were since the one before.
    Counter,
    /// A value of this moment.
    Gauge,
}

/// A figure of the service.
pub struct Figure {
    /// The metric's name in CloudWatch.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Reads it.
    pub read: Box<dyn Fn() -> u64 + Send + Sync>,
}

impl Figure {
    /// A number of events.
    pub fn counter(name: &'static str, read: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self {
            name,
            kind: Kind::Counter,
            read: Box::new(read),
        }
    }

    /// A value of this moment.
    pub fn gauge(name: &'static str, read: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self {
            name,
            kind: Kind::Gauge,
            read: Box::new(read),
        }
    }
}

/// Writes figures to the log until the process ends.
pub struct Reporter {
    namespace: String,
    service: &'static str,
    figures: Vec<Figure>,
    before: Vec<u64>,
}

impl Reporter {
    /// The figures of `service` in a namespace of CloudWatch.
    pub fn new(namespace: impl Into<String>, service: &'static str, figures: Vec<Figure>) -> Self {
        let before = figures.iter().map(|_| 0).collect();
        Self {
            namespace: namespace.into(),
            service,
            figures,
            before,
        }
    }

    /// Writes a line every minute, and the last one when the shutdown begins.
    pub fn start(mut self, drain: Drain) -> tokio::task::JoinHandle<()> {
        tokio::spawn(async move {
            loop {
                let last =
                    tokio::select! { () = drain.wait() => true, () = tokio::time::sleep(INTERVAL) => false };
                let line = format!("{}\n", self.line(SystemTime::now()));
                // A closed standard output has no reader that misses the line.
                let _ = std::io::stdout().write_all(line.as_bytes());
                if last {
                    break;
                }
            }
        })
    }

    fn line(&mut self, now: SystemTime) -> Value {
        let milliseconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let mut line = Map::new();
        let mut metrics = Vec::new();
        for (figure, before) in self.figures.iter().zip(&mut self.before) {
            let value = (figure.read)();
            let shown = match figure.kind {
                Kind::Counter => value.saturating_sub(std::mem::replace(before, value)),
                Kind::Gauge => value,
            };
            metrics.push(json!({"Name": figure.name, "Unit": "Count"}));
            line.insert(figure.name.to_owned(), shown.into());
        }
        line.insert("Service".to_owned(), self.service.into());
        line.insert(
            "_aws".to_owned(),
            json!({
                "Timestamp": u64::try_from(milliseconds).unwrap_or(u64::MAX),
                "CloudWatchMetrics": [{
                    "Namespace": self.namespace, "Dimensions": [["Service"]], "Metrics": metrics,
                }],
            }),
        );
        Value::Object(line)
    }
}

#[cfg(test)]
mod tests {
    use super::{Figure, Reporter};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn an_event_is_never_counted_twice_and_each_metric_has_its_value() {
        let count = Arc::new(AtomicU64::new(5));
        let read = Arc::clone(&count);
        let figures = vec![
            Figure::counter("Requests", move || read.load(Ordering::Relaxed)),
            Figure::gauge("Connections", || 7),
        ];
        let mut reporter = Reporter::new("Shop", "catalog", figures);
        let now = UNIX_EPOCH + Duration::from_millis(1_795_780_671_000);
        let first = reporter.line(now);
        assert_eq!(
            (&first["Requests"], &first["Connections"]),
            (&5.into(), &7.into())
        );
        assert_eq!(first["_aws"]["Timestamp"], 1_795_780_671_000_u64);
        let declared = &first["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(declared["Namespace"], "Shop");
        assert_eq!(declared["Dimensions"][0][0], "Service");
        assert_eq!(first["Service"], "catalog");
        for metric in declared["Metrics"].as_array().unwrap() {
            assert!(first[metric["Name"].as_str().unwrap()].is_u64(), "{metric}");
        }
        count.store(8, Ordering::Relaxed);
        let second = reporter.line(now);
        assert_eq!(
            (&second["Requests"], &second["Connections"]),
            (&3.into(), &7.into())
        );
    }
}
