//! Who may post for a site: browsers of its origins, and its server with the site's token.

use crate::settings::Site;
use axum::http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};

/// A sender that is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sender {
    /// A browser.
    Browser,
    /// The site's server.
    Server,
}

/// The origin to allow in the answer, if a site has it.
pub(super) fn allowed_origin(sites: &[Site], headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    let text = origin.to_str().ok()?;
    let known = sites
        .iter()
        .flat_map(|site| &site.origins)
        .any(|known| known == "*" || known == text);
    known.then(|| origin.clone())
}

/// The sender of a post for `site`; `None` when it may not.
pub(super) fn sender(site: &Site, headers: &HeaderMap) -> Option<Sender> {
    if let Some(given) = headers.get(header::AUTHORIZATION) {
        let token = given.as_bytes().strip_prefix(b"Bearer ")?;
        let wanted = Sha256::digest(site.token.as_ref()?.expose());
        // Digests, so that the time of the comparison says nothing about the token.
        return (Sha256::digest(token) == wanted).then_some(Sender::Server);
    }
    let any = site.origins.iter().any(|origin| origin == "*");
    match headers.get(header::ORIGIN) {
        Some(origin) => {
            let known = site
                .origins
                .iter()
                .any(|known| known.as_bytes() == origin.as_bytes());
            (any || known).then_some(Sender::Browser)
        }
        // Browsers send the origin with every post; what does not is a program, and programs have the token.
        None => any.then_some(Sender::Browser),
    }
}
