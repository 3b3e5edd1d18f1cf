//! The SDK's errors, reduced to what the executor decides on.

use crate::cloud::{CallError, Executed};
use aws_smithy_runtime_api::client::{
    orchestrator::HttpResponse,
    result::{ConnectorError, SdkError},
};
use aws_smithy_types::error::{display::DisplayErrorContext, metadata::ProvideErrorMetadata};
use std::fmt::Debug;

// Long: an arm for each way in which the SDK fails.
/// The error of a call that failed: refused, or with an unknown outcome.
pub fn call_error<E>(service: &str, operation: &str, error: SdkError<E, HttpResponse>) -> CallError
where
    E: ProvideErrorMetadata + Debug,
{
    let unknown = |code: &str, message: String| CallError::unknown(service, operation, code, message);
    match error {
        SdkError::ServiceError(context) => {
            let (response, meta) = (context.raw(), context.err().meta());
            let http = response.status().as_u16();
            if meta.code().is_none() && response.status().is_success() {
                // Executed for all we know, and answered by something that is no reply of AWS's.
                return CallError {
                    http: Some(http),
                    ..unknown(CallError::GARBLED, "the reply could not be read".into())
                };
            }
            let code = meta.code().unwrap_or("Unknown").to_owned();
            let unsaid =
                || format!("HTTP {http} without a word why; it may come from a proxy on the way to AWS");
            let message = meta.message().map_or_else(unsaid, ToOwned::to_owned);
            let header = |name: &str| response.headers().get(name).map(ToOwned::to_owned);
            let seconds = header("retry-after").and_then(|s| s.trim().parse::<u64>().ok());
            CallError {
                // A server error may have come after the work was done.
                outcome: if http >= 500 {
                    Executed::Unknown
                } else {
                    Executed::No
                },
                http: Some(http),
                request_id: header("x-amzn-requestid").or_else(|| header("x-amz-request-id")),
                retry_after_ms: seconds.map(|s| s.saturating_mul(1000)),
                ..unknown(&code, message)
            }
        }
        SdkError::TimeoutError(_) => unknown(CallError::TIMEOUT, "no reply in time".into()),
        SdkError::ResponseError(context) => CallError {
            http: Some(context.raw().status().as_u16()),
            ..unknown(CallError::GARBLED, "the reply could not be read".into())
        },
        SdkError::ConstructionFailure(_) => CallError {
            outcome: Executed::No,
            ..unknown(CallError::UNSENDABLE, chain(&error))
        },
        SdkError::DispatchFailure(ref failure) => {
            let text = chain(&error);
            // Whether bytes were sent is known only when nobody listened.
            let unsent = failure.as_connector_error().is_some_and(ConnectorError::is_user)
                || [
                    "Connection refused",
                    "dns error",
                    "no providers in chain provided credentials",
                ]
                .iter()
                .any(|part| text.contains(part));
            let code = if failure.is_timeout() {
                CallError::TIMEOUT
            } else {
                CallError::TRANSPORT
            };
            let code = if text.contains("credentials") {
                CallError::CREDENTIALS
            } else {
                code
            };
            CallError {
                outcome: if unsent { Executed::No } else { Executed::Unknown },
                ..unknown(code, text)
            }
        }
        _ => unknown(CallError::TRANSPORT, chain(&error)),
    }
}

/// A list whose next page is the one that was just read. Taken for whole, it would lose what comes after.
pub fn endless(service: &str, operation: &str) -> CallError {
    let why = "AWS gives the same page for the next one again and again";
    CallError::refused(service, operation, CallError::ENDLESS, why)
}

fn chain<E: Debug + ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> String {
    let mut text = String::new();
    let mut source = std::error::Error::source(&Opaque(error)).map(ToString::to_string);
    if let SdkError::DispatchFailure(failure) = error
        && let Some(connector) = failure.as_connector_error()
    {
        source = Some(DisplayErrorContext(connector).to_string());
    }
    text.push_str(source.as_deref().unwrap_or("the request could not be sent"));
    // The context repeats its whole Debug form at the end, in parentheses.
    text.split(" (").next().unwrap_or_default().to_owned()
}

/// Keeps `source` reachable for errors whose own type does not implement `Error`.
#[derive(Debug)]
struct Opaque<'a, E>(&'a SdkError<E, HttpResponse>);

impl<E: Debug> std::fmt::Display for Opaque<'_, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl<E: Debug> std::error::Error for Opaque<'_, E> {}
