//! The built front end in memory, compressed once at start.

use crate::http::{conditional, etag};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A front end that cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The folder has no `index.html`.
    #[error(
        "WEB_ROOT: no built front end in {}; run `npm ci && npm run build` in app/web, or name the folder that has \
         index.html",
        root.display()
    )]
    Missing {
        /// The folder.
        root: PathBuf,
    },
    /// A file cannot be read.
    #[error("WEB_ROOT: cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

/// The files of the front end by their path.
pub struct Site {
    files: HashMap<String, File>,
    index: File,
}

struct File {
    kind: HeaderValue,
    cache: HeaderValue,
    tag: HeaderValue,
    plain: Bytes,
    gzip: Option<Bytes>,
    brotli: Option<Bytes>,
}

/// The content security policy: scripts and connections of the own origin only. Inline styles are allowed because the
/// components position themselves with them.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
                      object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

const COMMON: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

impl Site {
    /// Reads the folder of a built front end into memory.
    ///
    /// # Errors
    /// [`SiteError`] when there is no `index.html` or a file cannot be read.
    pub fn load(root: &Path) -> Result<Self, SiteError> {
        if !root.join("index.html").is_file() {
            return Err(SiteError::Missing {
                root: root.to_owned(),
            });
        }
        let mut files = HashMap::new();
        let mut folders = vec![(root.to_owned(), String::from("/"))];
        while let Some((folder, address)) = folders.pop() {
            let unreadable = |source| SiteError::Unreadable {
                path: folder.clone(),
                source,
            };
            for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
                let entry = entry.map_err(unreadable)?;
                let (path, Ok(name)) = (entry.path(), entry.file_name().into_string()) else {
                    continue;
                };
                let address = format!("{address}{name}");
                if path.is_dir() {
                    folders.push((path, format!("{address}/")));
                } else {
                    let bytes = std::fs::read(&path).map_err(|source| SiteError::Unreadable {
                        path: path.clone(),
                        source,
                    })?;
                    files.insert(address.clone(), File::new(&address, bytes));
                }
            }
        }
        let index = files.remove("/index.html").ok_or_else(|| SiteError::Missing {
            root: root.to_owned(),
        })?;
        Ok(Self { files, index })
    }

    /// Answers a request.
    pub fn respond(&self, method: &Method, path: &str, headers: &HeaderMap) -> Response {
        if method != Method::GET && method != Method::HEAD {
            let allow = (header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            return (StatusCode::METHOD_NOT_ALLOWED, [allow]).into_response();
        }
        match self.files.get(path) {
            Some(file) => file.respond(headers),
            // A file of an older build must answer 404 and not a page, and so must the API's paths, where it is not; every
            // other path belongs to the application's router.
            None if path.starts_with("/assets/")
                || ["/api", "/metrics", "/ready"].contains(&path)
                || path.rsplit('/').next().is_some_and(|n| n.contains('.')) && path != "/index.html" =>
            {
                let cache = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
                (StatusCode::NOT_FOUND, [cache], "There is no such file").into_response()
            }
            None => self.index.respond(headers),
        }
    }
}

impl File {
    fn new(address: &str, plain: Vec<u8>) -> Self {
        let kind = mime_guess::from_path(address).first_or_octet_stream();
        let text = kind.type_() == "text"
            || [
                "application/javascript",
                "application/json",
                "application/xml",
                "image/svg+xml",
            ]
            .contains(&kind.essence_str())
            || address.ends_with(".webmanifest");
        let kind = if text {
            format!("{kind}; charset=utf-8")
        } else {
            kind.to_string()
        };
        // The build puts the hash of a file's contents into its name under /assets/.
        let cache = if address.starts_with("/assets/") {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        let smaller = |bytes: io::Result<Vec<u8>>| {
            bytes
                .ok()
                .filter(|b| text && b.len() < plain.len())
                .map(Bytes::from)
        };
        Self {
            kind: HeaderValue::try_from(kind)
                .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream")),
            cache: HeaderValue::from_static(cache),
            tag: etag::content_tag(&plain),
            gzip: smaller(gzip(&plain)),
            brotli: smaller(brotli(&plain)),
            plain: plain.into(),
        }
    }

    fn respond(&self, headers: &HeaderMap) -> Response {
        let (body, encoding) = match (&self.brotli, &self.gzip) {
            (Some(brotli), _) if conditional::accepts(headers, "br") => (brotli, Some("br")),
            (_, Some(gzip)) if conditional::accepts(headers, "gzip") => (gzip, Some("gzip")),
            _ => (&self.plain, None),
        };
        let known = conditional::not_modified(headers, &self.tag);
        let mut response = Response::new(if known { Body::empty() } else { body.clone().into() });
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let out = response.headers_mut();
        out.insert(header::CONTENT_TYPE, self.kind.clone());
        out.insert(header::CACHE_CONTROL, self.cache.clone());
        out.insert(header::ETAG, self.tag.clone());
        out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(encoding) = encoding {
            out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        for (name, value) in COMMON {
            out.insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 9,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &*bytes, &mut out, &parameters)?;
    Ok(out)
}
