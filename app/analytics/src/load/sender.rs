//! The sender: posts leave at their time, whether or not the ones before were answered, and are repeated until they are.

use super::Load;
use crate::event::Id;
use serde_json::json;
use std::collections::HashSet;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A time with more events than usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spike {
    /// By how much more.
    pub factor: u32,
    /// For how long.
    pub length: Duration,
}

/// A text that is no spike.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not of the form 10x60s")]
pub struct SpikeError(String);

impl FromStr for Spike {
    type Err = SpikeError;

    fn from_str(text: &str) -> Result<Self, SpikeError> {
        let read = || {
            let (factor, seconds) = text.strip_suffix('s')?.split_once('x')?;
            let factor = factor.parse().ok().filter(|factor| (1..=1000).contains(factor))?;
            let seconds = seconds.parse().ok().filter(|seconds| *seconds <= 86_400)?;
            Some(Self {
                factor,
                length: Duration::from_secs(seconds),
            })
        };
        read().ok_or_else(|| SpikeError(text.to_owned()))
    }
}

/// What was sent.
#[derive(Debug, Default)]
pub struct Sent {
    /// Events.
    pub events: AtomicU64,
    /// Events whose post was answered with 202, repeats included.
    pub accepted: AtomicU64,
    /// Posts that failed and were repeated.
    pub failed: AtomicU64,
    /// Events acknowledged within the spike.
    pub in_spike: AtomicU64,
    acknowledged: Mutex<HashSet<Id>>,
    times: Mutex<Vec<u32>>,
}

impl Sent {
    /// The identifiers of the events whose acknowledgement arrived.
    pub fn acknowledged(&self) -> HashSet<Id> {
        self.acknowledged
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The microseconds that posts took which were answered with 202, sorted.
    pub fn times(&self) -> Vec<u32> {
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner).clone();
        times.sort_unstable();
        times
    }
}

/// Posts everything and returns when each post was answered.
pub(super) async fn send(load: &Load, collector: &str, sent: &Arc<Sent>) {
    let client = crate::client::client(Duration::from_secs(10));
    let begun = Instant::now();
    let (first, last) = (load.calm, load.calm + load.spike.length);
    let end = last + load.calm;
    let mut due = 0.0;
    let mut past = Duration::ZERO;
    let mut posts = tokio::task::JoinSet::new();
    let mut ticks = tokio::time::interval(Duration::from_millis(10));
    loop {
        ticks.tick().await;
        let now = begun.elapsed();
        if now >= end {
            break;
        }
        let spike = (first..last).contains(&now);
        let rate = load.rate * if spike { load.spike.factor } else { 1 };
        due += f64::from(rate) * (now.saturating_sub(past)).as_secs_f64() / f64::from(load.batch);
        past = now;
        while due >= 1.0 {
            due -= 1.0;
            let (client, sent, collector) = (client.clone(), Arc::clone(sent), collector.to_owned());
            let (batch, lose) = (load.batch, load.lose);
            posts.spawn(async move { post(&client, &collector, (batch, lose, spike), &sent).await });
        }
        while posts.try_join_next().is_some() {}
    }
    while posts.join_next().await.is_some() {}
}

async fn post(
    client: &reqwest::Client,
    collector: &str,
    (batch, lose, spike): (u32, u32, bool),
    sent: &Sent,
) {
    let made = jiff::Timestamp::now().as_millisecond();
    let ids: Vec<Id> = (0..batch).map(|_| Id::at(made, fastrand::u128(..))).collect();
    let events: Vec<_> = ids
        .iter()
        .map(|id| json!({ "id": id.to_string(), "t": made, "type": "page_view", "page": "/" }))
        .collect();
    let visitor = fastrand::u32(..5_000);
    let who = json!({ "s": format!("load-{}", fastrand::u32(..20_000)), "v": format!("load-{visitor}") });
    sent.events.fetch_add(u64::from(batch), Ordering::Relaxed);
    let mut wait = 20;
    loop {
        let at = jiff::Timestamp::now().as_millisecond();
        let body = json!({ "v": 1, "site": "shop", "at": at, "who": who, "events": events }).to_string();
        let begun = Instant::now();
        let answer = client
            .post(collector)
            .header(
                "user-agent",
                "Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0",
            )
            .body(body)
            .send()
            .await;
        if answer.is_ok_and(|answer| answer.status().as_u16() == 202) {
            sent.accepted.fetch_add(u64::from(batch), Ordering::Relaxed);
            if fastrand::u32(..1000) >= lose {
                let took = u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX);
                sent.times
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(took);
                let mut all = sent.acknowledged.lock().unwrap_or_else(PoisonError::into_inner);
                all.extend(ids);
                if spike {
                    sent.in_spike.fetch_add(u64::from(batch), Ordering::Relaxed);
                }
                return;
            }
        } else {
            sent.failed.fetch_add(1, Ordering::Relaxed);
        }
        tokio::time::sleep(Duration::from_millis(wait + fastrand::u64(..wait))).await;
        wait = (wait * 2).min(1_000);
    }
}

#[cfg(test)]
mod tests {
    use super::Spike;
    use std::time::Duration;

    #[test]
    fn a_spike_is_a_factor_and_a_time() {
        let spike: Spike = "10x60s".parse().expect("a spike");
        assert_eq!((spike.factor, spike.length), (10, Duration::from_secs(60)));
        for wrong in ["10", "x60s", "10x60", "0x1s"] {
            assert!(wrong.parse::<Spike>().is_err(), "{wrong}");
        }
    }
}
