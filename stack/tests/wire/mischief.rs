//! What a wire does to one mutating call, when a test asks for it.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::Notify;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mischief {
    /// Executed, and the reply is held back for ever.
    Hold,
    /// The connection breaks before the emulator sees the call.
    ResetBefore,
    /// The connection breaks when the call was executed.
    ResetAfter,
    /// A server error without a word, before.
    ErrorBefore,
    /// A server error without a word, after.
    ErrorAfter,
    /// 503, before.
    Unavailable,
    /// Too many requests, as EC2 says it.
    Throttled,
    /// Expired credentials, as EC2 says it.
    Expired,
    /// Executed, and a page of HTML comes back, as from somebody's proxy.
    Html,
    /// Executed, and half of the reply comes back.
    Truncated,
    /// Executed, and an empty reply comes back.
    Empty,
    /// Refused, as JSON services say it, with the whole request in the message.
    Echo,
}

impl Mischief {
    /// Those after which a run goes on.
    pub(crate) const ALL: [Self; 10] = [
        Self::ResetBefore,
        Self::ResetAfter,
        Self::ErrorBefore,
        Self::ErrorAfter,
        Self::Unavailable,
        Self::Throttled,
        Self::Expired,
        Self::Html,
        Self::Truncated,
        Self::Empty,
    ];

    /// Whether the emulator gets to see the call.
    pub(crate) fn executes(self) -> bool {
        use Mischief::{Empty, ErrorAfter, Hold, Html, ResetAfter, Truncated};
        matches!(self, Hold | ResetAfter | ErrorAfter | Html | Truncated | Empty)
    }

    /// What the client gets instead of `reply` to `request`; nothing, where the connection breaks.
    pub(crate) fn answer(self, request: &[u8], reply: &[u8]) -> Option<Vec<u8>> {
        let say = |status: &str, body: &str| {
            let length = body.len();
            format!("HTTP/1.1 {status}\r\ncontent-type: text/html\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
                .into_bytes()
        };
        let ec2 = |status: &str, code: &str| {
            say(
                status,
                &format!(
                    "<Response><Errors><Error><Code>{code}</Code><Message>as the test wants it</Message></Error></Errors><RequestID>none</RequestID></Response>"
                ),
            )
        };
        Some(match self {
            Self::Hold | Self::ResetBefore | Self::ResetAfter => return None,
            Self::ErrorBefore | Self::ErrorAfter => say("500 Internal Server Error", ""),
            Self::Unavailable => say("503 Service Unavailable", ""),
            Self::Throttled => ec2("503 Service Unavailable", "RequestLimitExceeded"),
            Self::Expired => ec2("400 Bad Request", "RequestExpired"),
            Self::Html => say("200 OK", "<html><body>Please log in</body></html>"),
            Self::Empty => say("200 OK", ""),
            Self::Echo => {
                let message = String::from_utf8_lossy(request);
                let body = serde_json::json!({"__type": "InvalidRequestException", "message": message});
                say("400 Bad Request", &body.to_string())
            }
            Self::Truncated => reply[..reply.len() - reply.len().min(60)].to_vec(),
        })
    }
}

/// What is to happen, and to which of the mutating calls that come.
#[derive(Default)]
pub(crate) struct Trouble {
    plan: Mutex<Option<(usize, Mischief)>>,
    calls: AtomicUsize,
    /// Told when a reply is held back.
    pub(crate) held: Notify,
}

impl Trouble {
    /// The mutating call with this number from now on, counted from 0, meets `mischief`.
    pub(crate) fn plan(&self, call: usize, mischief: Mischief) {
        self.calls.store(0, Ordering::SeqCst);
        *self.plan.lock().unwrap() = Some((call, mischief));
    }

    /// What happens to a mutating call that comes now.
    pub(crate) fn next(&self) -> Option<Mischief> {
        let number = self.calls.fetch_add(1, Ordering::SeqCst);
        let mut plan = self.plan.lock().unwrap();
        let (_, mischief) = plan.take_if(|(call, _)| *call == number)?;
        Some(mischief)
    }
}
