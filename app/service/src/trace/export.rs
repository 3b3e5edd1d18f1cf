//! The export of spans by OTLP over HTTP, as protobuf, on a thread of its own.

use crate::settings::Traces;
use axum::http::{Request, Response};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use opentelemetry::KeyValue;
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{BatchSpanProcessor, SpanData, SpanProcessor};
use std::sync::OnceLock;
use std::time::Duration;
use tokio::runtime::Handle;

/// The time that the collector has to take spans, and that a process waits for it at its end.
const PATIENCE: Duration = Duration::from_secs(5);

static EXPORT: OnceLock<Export> = OnceLock::new();

struct Export {
    processor: BatchSpanProcessor,
    share: f64,
}

/// An exporter that cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("OTEL_EXPORTER_OTLP_ENDPOINT: spans cannot be sent there; it is of the form http://host:port")]
pub struct Error(#[from] ExporterBuildError);

/// Starts sending the spans of this process, which is the service of that name, when the settings have a collector.
/// Must be called within a runtime of several threads.
///
/// # Errors
/// [`Error`] when the settings of the exporter are invalid.
pub fn start(settings: &Traces, service: &'static str, version: &'static str) -> Result<(), Error> {
    let Some(address) = &settings.collector else {
        return Ok(());
    };
    let client = Sender {
        client: Client::builder(TokioExecutor::new()).build_http(),
        runtime: Handle::current(),
    };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_endpoint(format!("http://{address}/v1/traces"))
        .with_protocol(Protocol::HttpBinary)
        .with_timeout(PATIENCE)
        .build()?;
    let mut processor = BatchSpanProcessor::builder(exporter).build();
    let resource = Resource::builder()
        .with_service_name(service)
        .with_attribute(KeyValue::new("service.version", version));
    processor.set_resource(&resource.build());
    // A second call, as tests make it, leaves the first exporter in place.
    let _ = EXPORT.set(Export {
        processor,
        share: settings.share,
    });
    Ok(())
}

/// Returns true if spans are sent.
pub fn is_on() -> bool {
    EXPORT.get().is_some()
}

/// Returns true if the trace of that id is sent.
pub(super) fn takes(trace: u128) -> bool {
    EXPORT
        .get()
        .is_some_and(|export| is_in_share(export.share, trace))
}

/// Returns true for that share of all traces. The end of the id, 32 random bits in every form of it, decides, so that every
/// service decides the same.
fn is_in_share(share: f64, trace: u128) -> bool {
    let end = u32::try_from(trace & u128::from(u32::MAX)).unwrap_or_default();
    f64::from(end) < share * 4_294_967_296.0
}

pub(super) fn send(span: SpanData) {
    if let Some(export) = EXPORT.get() {
        export.processor.on_end(span);
    }
}

/// Sends what is left, at the end of the process.
pub async fn stop() {
    if !is_on() {
        return;
    }
    let flush = || {
        EXPORT
            .get()
            .map(|export| export.processor.shutdown_with_timeout(PATIENCE))
    };
    if let Ok(Some(Err(error))) = tokio::task::spawn_blocking(flush).await {
        tracing::warn!(%error, "the last spans were not sent");
    }
}

/// The client: the exporter's thread has no runtime, so that what it sends is sent by that of the process.
#[derive(Debug)]
struct Sender {
    client: Client<HttpConnector, Full<Bytes>>,
    runtime: Handle,
}

#[async_trait::async_trait]
impl opentelemetry_http::HttpClient for Sender {
    async fn send_bytes(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, opentelemetry_http::HttpError> {
        let client = self.client.clone();
        let answer = async move {
            let (parts, body) = client.request(request.map(Full::new)).await?.into_parts();
            let body = Limited::new(body, 64 * 1024).collect().await?;
            Ok(Response::from_parts(parts, body.to_bytes()))
        };
        // The timer is made where there is a runtime, too.
        let answer = async move { tokio::time::timeout(PATIENCE, answer).await };
        self.runtime.spawn(answer).await??
    }
}

#[cfg(test)]
mod tests {
    use super::is_in_share;

    #[test]
    fn of_all_traces_the_share_is_sent_and_of_a_trace_all_or_nothing() {
        let mut random = fastrand::Rng::with_seed(7);
        let traces: Vec<u128> = (0..10_000).map(|_| random.u128(..)).collect();
        let sent = |share| traces.iter().filter(|trace| is_in_share(share, **trace)).count();
        assert_eq!((sent(0.0), sent(1.0)), (0, 10_000));
        assert!((900..1100).contains(&sent(0.1)), "{}", sent(0.1));
        assert!(is_in_share(1.0, u128::MAX) && !is_in_share(0.0, 0));
    }
}
