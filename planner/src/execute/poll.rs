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
    Present(Arc<Observed>),
    Absent,
    Unreadable(Arc<CallError>),
}

/// The number of resources whose readings are under way to their receivers at the same time. All resources of a type can be waited for
/// at once, and what a read returns of one takes more memory than its record.
const AT_ONCE: usize = 500;

/// A resource that is waited for, and the receiver of its readings; it hangs up when it has seen enough.
struct Waiting {
    id: String,
    news: mpsc::Sender<News>,
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
    ) -> mpsc::Receiver<News> {
        let key = (place.clone(), kind.name());
        let (news, receiver) = mpsc::channel(1);
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
        for batch in waiting.chunks(AT_ONCE) {
            tokio::select! {
                () = read_for(kind, cloud.as_ref(), batch) => {}
                _ = abandon.wait_for(|a| *a) => return,
            }
        }
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

/// Reads what a batch waits for, and returns once every receiver has taken its reading or hung up.
async fn read_for(kind: &'static dyn ResourceType, cloud: &dyn Cloud, batch: &[Waiting]) {
    let ids: Vec<String> = batch.iter().map(|w| w.id.clone()).collect();
    let found: Result<HashMap<String, Arc<Observed>>, Arc<CallError>> =
        match read_with_retry(cloud, kind, &ids).await {
            Ok(seen) => Ok(seen.into_iter().map(|o| (o.id.clone(), Arc::new(o))).collect()),
            Err(error) => Err(Arc::new(error)),
        };
    for w in batch {
        let reading = match &found {
            Ok(found) => found.get(&w.id).cloned().map_or(News::Absent, News::Present),
            Err(error) => News::Unreadable(Arc::clone(error)),
        };
        // A receiver that hung up has seen enough.
        let _ = w.news.send(reading).await;
    }
    drop(found);
    for w in batch {
        // There is room again once the reading was taken.
        let _ = w.news.reserve().await;
    }
}
