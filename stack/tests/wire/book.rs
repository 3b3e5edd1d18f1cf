//! What a proxy remembers: what it saw, what the emulator behind it forgets, and what it is to break.

use crate::{
    cbor::Cbor,
    cloudwatch::Forgotten,
    ecs::Services,
    gaps::Home,
    insights::Insights,
    mischief::Trouble,
    pages::Pages,
    proxy::{CBOR, JSON, Seen, XML, message},
    rules::Descriptions,
    translate,
};
use std::sync::{Arc, Mutex};

/// What a proxy remembers, and what it is to break.
#[derive(Default)]
pub(crate) struct Book {
    pub(crate) trouble: Trouble,
    pub(crate) seen: Mutex<Vec<Seen>>,
    cloudwatch: Mutex<Forgotten>,
    services: Mutex<Services>,
    rules: Mutex<Descriptions>,
    insights: Mutex<Insights>,
    pub(crate) pages: Arc<Pages>,
}

impl Book {
    /// A new one, with its lists among those of other proxies.
    pub(crate) fn of(pages: Arc<Pages>) -> Self {
        Self {
            pages,
            ..Self::default()
        }
    }

    /// Takes note of a request. An answer means that the emulator need not be asked.
    pub(crate) fn ask(&self, home: Home, (service, operation): (&str, &str), body: &[u8]) -> Option<Cbor> {
        match (home, service) {
            (Home::Moto, "ecs") => {
                self.services.lock().unwrap().ask(operation, body);
                None
            }
            (Home::Moto, "rds") => {
                self.insights.lock().unwrap().ask(operation, body);
                None
            }
            (Home::Ministack, "cloudwatch") => self.cloudwatch.lock().unwrap().ask(operation, body),
            _ => None,
        }
    }

    /// The answer, whole, when something is missing from the emulator's.
    pub(crate) fn better(
        &self,
        home: Home,
        (service, operation): (&str, &str),
        body: &[u8],
        answer: &[u8],
    ) -> Option<Vec<u8>> {
        match (home, service) {
            (Home::Ministack, "cloudwatch") => {
                let body = self.cloudwatch.lock().unwrap().complete(operation, answer);
                body.map(|body| message(CBOR, &body))
            }
            (Home::Moto, "ecs") => {
                let body = self.services.lock().unwrap().complete(operation, answer);
                body.map(|body| message(JSON, &body))
            }
            (Home::Moto, "rds") => {
                let body = self.insights.lock().unwrap().complete(operation, answer);
                body.map(|body| message(XML, body.as_bytes()))
            }
            (Home::Moto, "ec2") => {
                let mut rules = self.rules.lock().unwrap();
                rules.heard(operation, body, answer);
                let body = rules.complete(operation, answer);
                let body = body.or_else(|| translate::delivered(operation, answer));
                body.map(|body| message(XML, body.as_bytes()))
            }
            (Home::Moto, _) => {
                translate::readable(operation, answer).map(|body| message(XML, body.as_bytes()))
            }
            _ => None,
        }
    }
}
