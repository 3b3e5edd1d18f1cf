//! The rate limit of each client.

use super::problem::Problem;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

/// A rate limiter by client address.
pub struct Limits {
    limiter: Option<DefaultKeyedRateLimiter<IpAddr>>,
    trusted_proxies: usize,
    clock: DefaultClock,
    requests: AtomicU32,
}

impl Limits {
    /// A limit of `rate` requests per second and client, and of twice as many in a burst; `None` is unlimited.
    pub fn new(rate: Option<NonZeroU32>, trusted_proxies: usize) -> Self {
        let limiter = rate
            .map(|rate| RateLimiter::keyed(Quota::per_second(rate).allow_burst(rate.saturating_mul(TWO))));
        Self {
            limiter,
            trusted_proxies,
            clock: DefaultClock::default(),
            requests: AtomicU32::new(0),
        }
    }

    /// Admits a request of `client`, unless it has exceeded the limit.
    ///
    /// # Errors
    /// 429 with `Retry-After`.
    pub fn admit(&self, client: IpAddr) -> Result<(), Problem> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        // Clients whose allowance is full again need no entry; without this the table would grow for ever.
        if self
            .requests
            .fetch_add(1, Ordering::Relaxed)
            .is_multiple_of(65_536)
        {
            limiter.retain_recent();
        }
        limiter.check_key(&bucket(client)).map_err(|until| {
            let seconds = until.wait_time_from(self.clock.now()).as_secs() + 1;
            Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too_many",
                "Too many requests; slow down",
            )
            .with_header(header::RETRY_AFTER, HeaderValue::from(seconds))
        })
    }

    /// The address of the client as the outermost trusted proxy recorded it. Entries further left in `X-Forwarded-For`
    /// may have been written by the client.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let Some(skip) = self.trusted_proxies.checked_sub(1) else {
            return peer;
        };
        let values: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        let mut hops = values.iter().rev().flat_map(|value| value.rsplit(','));
        hops.nth(skip)
            .and_then(|hop| hop.trim().parse().ok())
            .unwrap_or(peer)
    }
}

const TWO: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);

/// The address that requests are counted by: an IPv6 client usually has a whole /64.
fn bucket(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address @ IpAddr::V4(_) => address,
    }
}
