//! The reading of several log groups, in which each line is shown once.

use crate::error::CliError;
use std::collections::HashSet;
use tenon_planner::{
    logs::{Source, read},
    render::clean,
};
use tenon_resources::cloud::{CallError, Cloud, LogEvent};

/// The time by which an event may be behind those that were shown before it: CloudWatch takes events of the same moment in from several
/// places, <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html>.
const LATE_MS: u64 = 60_000;

/// A reader of several log groups, which shows each event once.
pub(super) struct Reader<'a> {
    cloud: &'a dyn Cloud,
    sources: &'a [Source],
    from: u64,
    /// The group and the id of what was shown and may be read again.
    shown: HashSet<(String, String)>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(cloud: &'a dyn Cloud, sources: &'a [Source], from: u64) -> Self {
        Self {
            cloud,
            sources,
            from,
            shown: HashSet::new(),
        }
    }

    /// Events that were not shown yet, the oldest first.
    pub(super) async fn next(&mut self) -> Result<Vec<LogEvent>, CliError> {
        let mut events = vec![];
        let mut seen = HashSet::new();
        for source in self.sources {
            let read = read(self.cloud, source, self.from).await;
            for event in read.map_err(|error| failed(source, error))? {
                let key = (source.group.clone(), event.id.clone());
                if !self.shown.contains(&key) && seen.insert(key) {
                    events.push(event);
                }
            }
        }
        events.sort_by_key(|event| event.at_ms);
        if let Some(last) = events.last() {
            // What is older is not read again, so it need not be remembered.
            let from = last.at_ms.saturating_sub(LATE_MS).max(self.from);
            self.from = from;
        }
        self.shown.extend(seen);
        Ok(events)
    }
}

fn failed(source: &Source, error: CallError) -> CliError {
    let what = format!(
        "the log group `{}` of {} could not be read",
        clean(&source.group),
        clean(&source.address)
    );
    let denied = ["AccessDenied", "Unauthorized", "NotAuthorized"];
    let is_denied = denied.iter().any(|word| error.code.contains(word));
    let missing = error.code == "ResourceNotFoundException";
    let said = CliError::failed(what).because(error);
    match (is_denied, missing) {
        (true, _) => said.hint(format!(
            "the credentials need `logs:FilterLogEvents` on `arn:aws:logs:*:*:log-group:{}:*`",
            source.group
        )),
        (_, true) => said.hint("`drift` says what else is gone; a service writes to a group that exists"),
        _ => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::exit;
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };
    use tenon_planner::sandbox::{Sandbox, SandboxConfig};
    use tenon_resources::{
        cloud::{LogPage, LogQuery},
        declaration::Place,
        forward::Forward,
        registry,
    };

    /// A cloud that refuses to read logs with `code`, the first `left` times.
    struct Refusing {
        cloud: Arc<Sandbox>,
        code: &'static str,
        left: AtomicU32,
        asked: AtomicU32,
    }

    #[async_trait::async_trait]
    impl Forward for Refusing {
        fn to(&self) -> &dyn Cloud {
            self.cloud.as_ref()
        }

        async fn log_events(&self, query: &LogQuery<'_>) -> Result<LogPage, CallError> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            let one_less = |n: u32| n.checked_sub(1);
            let refuses = self
                .left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less);
            if refuses.is_ok() {
                let why = "an answer of CloudWatch Logs";
                return Err(CallError::refused("logs", "FilterLogEvents", self.code, why));
            }
            self.cloud.log_events(query).await
        }
    }

    /// A log group with one line in it, which is read after `left` refusals.
    fn refusing(code: &'static str, left: u32) -> (Refusing, Source) {
        let cloud = Arc::new(Sandbox::in_memory(SandboxConfig::instant()));
        let kind = registry::find("logs.log_group").expect("a type");
        let [inputs, _] = kind.samples();
        let group = inputs["log_group_name"].as_str().expect("a name").to_owned();
        cloud
            .create_outside("logs.log_group", &inputs)
            .expect("a log group");
        assert!(cloud.log(&group, "web/1", "a line"));
        let source = Source {
            address: "api/logs".into(),
            group,
            prefix: None,
            place: Place::default(),
        };
        let (left, asked) = (AtomicU32::new(left), AtomicU32::new(0));
        let refusing = Refusing {
            cloud,
            code,
            left,
            asked,
        };
        (refusing, source)
    }

    /// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html>: it has a quota of its own, of
    /// requests per second, and answers with `ThrottlingException` beyond it.
    #[tokio::test]
    async fn no_line_is_lost_or_shown_twice_for_a_reading_that_was_throttled() {
        let (cloud, source) = refusing("ThrottlingException", 2);
        let sources = [source];
        let mut reader = Reader::new(&cloud, &sources, 0);
        let read = reader.next().await.expect("what is read after the refusals");
        let lines: Vec<&str> = read.iter().map(|event| event.message.as_str()).collect();
        assert_eq!(lines, ["a line"]);
        assert_eq!(cloud.asked.load(Ordering::Relaxed), 3);
        assert!(cloud.cloud.log(&sources[0].group, "web/1", "another"));
        let read = reader.next().await.expect("what is read next");
        let lines: Vec<&str> = read.iter().map(|event| event.message.as_str()).collect();
        assert_eq!(lines, ["another"]);
    }

    /// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/CommonErrors.html>
    #[tokio::test]
    async fn a_reading_that_is_denied_is_never_repeated_and_never_without_the_permission_that_it_needs() {
        let (cloud, source) = refusing("AccessDeniedException", u32::MAX);
        let sources = [source];
        let error = Reader::new(&cloud, &sources, 0)
            .next()
            .await
            .expect_err("a refusal");
        assert_eq!(error.kind.exit_code(), exit::ERROR);
        assert_eq!(cloud.asked.load(Ordering::Relaxed), 1);
        let told = format!("{}; {}", error.source, error.hints.join("; "));
        let group = &sources[0].group;
        for part in [
            format!("the log group `{group}` of api/logs could not be read"),
            format!("need `logs:FilterLogEvents` on `arn:aws:logs:*:*:log-group:{group}:*`"),
        ] {
            assert!(told.contains(&part), "{told}");
        }
    }
}
