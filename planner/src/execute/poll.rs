//! Waiting: one poller a type in each account and region, one batch read for all who wait.

use super::{retry::read_with_retry, settings::Settings};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tenon_resources::{
    cloud::{CallError, Cloud, Observed},
    declaration::Place,
    resource::ResourceType,
};
use tokio::{
    sync::{mpsc, watch},
    time::sleep,
};

/// A reading of a resource.
#[derive(Clone, Debug)]
pub(super) enum News {
    Present(Observed),
    Absent,
    Unreadable(CallError),
}

/// A resource that is waited for, and the receiver of its readings; it hangs up when it has seen enough.
struct Waiting {
    id: String,
    news: mpsc::UnboundedSender<News>,
}

/// The pollers at work: one a type in each account and region.
type Queues = Arc<Mutex<HashMap<(Place, &'static str), mpsc::UnboundedSender<Waiting>>>>;

/// The pollers of one apply.
#[derive(Clone)]
pub(super) struct Pollers {
    settings: Settings,
    queues: Queues,
    abandon: watch::Sender<bool>,
}

impl Pollers {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            queues: Arc::default(),
            abandon: watch::Sender::new(false),
        }
    }

    /// Ends all waits.
    pub(super) fn abandon(&self) {
        self.abandon.send_replace(true);
    }

    /// Reads `id` at `place`, which `cloud` is of, again and again until the receiver is dropped. The first reading is at once.
    pub(super) fn watch(
        &self,
        (place, cloud): (&Place, &Arc<dyn Cloud>),
        kind: &'static dyn ResourceType,
        id: String,
    ) -> mpsc::UnboundedReceiver<News> {
        let key = (place.clone(), kind.name());
        let (news, receiver) = mpsc::unbounded_channel();
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let mut waiting = Waiting { id, news };
        loop {
            let queue = queues
                .entry(key.clone())
                .or_insert_with(|| self.spawn(kind, cloud));
            match queue.send(waiting) {
                Ok(()) => return receiver,
                Err(returned) => {
                    // Its poller had nothing left to do and went.
                    waiting = returned.0;
                    queues.remove(&key);
                }
            }
        }
    }

    fn spawn(
        &self,
        kind: &'static dyn ResourceType,
        cloud: &Arc<dyn Cloud>,
    ) -> mpsc::UnboundedSender<Waiting> {
        let (queue, arrivals) = mpsc::unbounded_channel();
        let (cloud, settings, abandon) = (Arc::clone(cloud), self.settings.clone(), self.abandon.subscribe());
        tokio::spawn(poll(kind, cloud, settings, arrivals, abandon));
        queue
    }
}

async fn poll(
    kind: &'static dyn ResourceType,
    cloud: Arc<dyn Cloud>,
    settings: Settings,
    mut arrivals: mpsc::UnboundedReceiver<Waiting>,
    mut abandon: watch::Receiver<bool>,
) {
    let mut waiting: Vec<Waiting> = vec![];
    let mut pause = settings.poll.0;
    loop {
        if waiting.is_empty() {
            match arrivals.recv().await {
                Some(first) => waiting.push(first),
                None => return,
            }
            pause = settings.poll.0;
        }
        // Whoever becomes ready at the same moment shares the read.
        tokio::task::yield_now().await;
        while let Ok(more) = arrivals.try_recv() {
            waiting.push(more);
        }
        let ids: Vec<String> = waiting.iter().map(|w| w.id.clone()).collect();
        let read = tokio::select! {
            read = read_with_retry(cloud.as_ref(), kind, &ids) => read,
            _ = abandon.wait_for(|a| *a) => return,
        };
        let found: Result<HashMap<String, Observed>, CallError> =
            read.map(|seen| seen.into_iter().map(|o| (o.id.clone(), o)).collect());
        waiting.retain(|w| {
            let reading = match &found {
                Ok(found) => found.get(&w.id).cloned().map_or(News::Absent, News::Present),
                Err(error) => News::Unreadable(error.clone()),
            };
            w.news.send(reading).is_ok()
        });
        // A wait that is over hangs up; give it the chance before the next read.
        tokio::task::yield_now().await;
        waiting.retain(|w| !w.news.is_closed());
        if waiting.is_empty() {
            continue;
        }
        tokio::select! {
            () = sleep(pause) => pause = (pause * 3 / 2).min(settings.poll.1).max(Duration::from_millis(1)),
            Some(more) = arrivals.recv() => {
                // Somebody new gets a look soon; those who wait long do not mind one more.
                waiting.push(more);
                pause = settings.poll.0;
            }
            _ = abandon.wait_for(|a| *a) => return,
        }
        waiting.retain(|w| !w.news.is_closed());
    }
}
