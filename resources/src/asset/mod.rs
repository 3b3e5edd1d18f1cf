//! Assets: files and folders of the program's machine that a stack puts into AWS.
//!
//! A plan and a state have an asset's digest and size, and never its bytes. Where the bytes are, a [`Source`] says: it stands once in the
//! declaration and in the plan, beside the digest. When a plan is applied, what is there must have the digest that was planned, before the
//! first call.
//!
//! ```no_run
//! use tenon_resources::{asset, s3, text};
//! let code = asset::zip("lambda");
//! let key = text!("lambda/{}.zip", code.sha256());
//! s3::Object::new("shop-code", key, code);
//! ```

mod error;
mod folder;
mod shelf;
mod source;
#[cfg(test)]
mod tests;

pub use error::AssetError;
pub use folder::{Exclude, MOST_BYTES, MOST_FILES};
use serde::{Deserialize, Serialize};
use serde_json::Value;
pub use shelf::{EXPORTED, Shelf};
pub use source::{LONGEST_TEXT, Source};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// The bytes that something in AWS is to have: their digest, their size, and where they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Asset(Body);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(rename = "$asset")]
    body: Body,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    sha256: String,
    size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<Source>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wrong: Option<String>,
}

impl From<Written> for Asset {
    fn from(written: Written) -> Self {
        Self(written.body)
    }
}

impl From<Asset> for Written {
    fn from(asset: Asset) -> Self {
        Self { body: asset.0 }
    }
}

/// The file at `path`, relative to the program's folder. It is read at once; what is wrong with it is said when the asset is declared.
pub fn file(path: impl AsRef<Path>) -> Asset {
    Asset::of(text_of(path.as_ref()).map(Source::File))
}

/// The folder at `path` as a zip: the same bytes for the same files, wherever and whenever it is made. See [`Zip`].
pub fn zip(path: impl AsRef<Path>) -> Asset {
    Zip::new(path).make()
}

/// The files of the folder at `path` without what `exclude` matches, each by its path within the folder and its path as a file, sorted.
///
/// # Errors
/// The folder cannot be read, has a symbolic link, or a pattern is none.
pub fn files(path: impl AsRef<Path>, exclude: &[String]) -> Result<Vec<(String, PathBuf)>, AssetError> {
    folder::files(path.as_ref(), &Exclude::new(exclude)?)
}

/// A text of the program's own, of at most 64 KiB. Unlike the bytes of a file, it stands in the declaration and in the plan.
pub fn text(text: impl Into<String>) -> Asset {
    Asset::of(Ok(Source::Text(text.into())))
}

/// A folder that becomes a zip.
///
/// Its files stand in it sorted by their paths, with the time 1980-01-01, uncompressed, so that every version makes the same bytes of
/// them, and with the mode 755 when their owner may execute them and 644 when not. Folders without files are left out, and a symbolic
/// link is an error unless it is excluded.
///
/// ```no_run
/// use tenon_resources::asset::Zip;
/// Zip::new("lambda").exclude(["*.pyc", "tests/", "docs/**/*.md"]).make();
/// ```
#[derive(Clone, Debug)]
pub struct Zip {
    folder: Result<String, String>,
    exclude: Vec<String>,
}

impl Zip {
    /// The folder at `path`, relative to the program's folder.
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self {
            folder: text_of(path.as_ref()),
            exclude: vec![],
        }
    }

    /// Without what these patterns match, as in a `.gitignore`: `*` and `?` within a name, `**` over folders; a pattern without `/` is of
    /// a name at any depth, and one that ends with `/` of a folder.
    #[must_use]
    pub fn exclude<P: Into<String>>(mut self, patterns: impl IntoIterator<Item = P>) -> Self {
        self.exclude.extend(patterns.into_iter().map(Into::into));
        self
    }

    /// The zip. The folder is read at once; what is wrong with it is said when the asset is declared.
    pub fn make(self) -> Asset {
        let exclude = self.exclude;
        Asset::of(self.folder.map(|folder| Source::Zip { folder, exclude }))
    }
}

impl Asset {
    fn of(source: Result<Source, String>) -> Self {
        let read = source.and_then(|source| {
            let read = source.digest(Path::new("")).map_err(|error| error.to_string())?;
            Ok((source, read))
        });
        Self(match read {
            Ok((source, (sha256, size))) => Body {
                sha256,
                size,
                from: Some(source),
                wrong: None,
            },
            Err(wrong) => Body {
                wrong: Some(wrong),
                ..Body::default()
            },
        })
    }

    /// The asset with these bytes, wherever they are.
    pub fn with_digest(sha256: impl Into<String>, size: u64) -> Self {
        Self(Body {
            sha256: sha256.into(),
            size,
            from: None,
            wrong: None,
        })
    }

    /// The SHA-256 of the bytes, 64 digits of lower-case hex: good for a name that changes with them. Empty where they could not be read.
    pub fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// The number of bytes.
    pub fn size(&self) -> u64 {
        self.0.size
    }

    /// The place of the bytes, in a call that is about to be sent; `None` in a plan or a state.
    pub fn source(&self) -> Option<&Source> {
        self.0.from.as_ref()
    }

    /// The bytes, in a call that is about to be sent.
    ///
    /// # Errors
    /// They are not there, or are others.
    pub fn read(&self) -> Result<Vec<u8>, AssetError> {
        let sha256 = &self.0.sha256;
        let Some(source) = &self.0.from else {
            return Err(AssetError::Missing {
                sha256: sha256.clone(),
                place: "nothing says where".into(),
            });
        };
        let bytes = source.bytes(Path::new(""))?;
        source.expect(sha256, &source::sha256(&bytes))?;
        Ok(bytes)
    }
}

impl From<Zip> for Asset {
    fn from(zip: Zip) -> Self {
        zip.make()
    }
}

fn text_of(path: &Path) -> Result<String, String> {
    let text = path.to_str().map(ToOwned::to_owned);
    text.ok_or_else(|| format!("the path {} is no text", path.display()))
}

/// The mark of an asset in plain data.
const MARK: &str = "$asset";

/// `true` if there is an asset in `value`.
pub fn is_in(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.contains_key(MARK) || map.values().any(is_in),
        Value::Array(items) => items.iter().any(is_in),
        _ => false,
    }
}

/// The digests of the assets in `value`.
pub fn digests(value: &Value) -> Vec<String> {
    let mut found = vec![];
    if !is_in(value) {
        return found;
    }
    let mut value = value.clone();
    walk(&mut value, &mut |body| {
        found.extend(body["sha256"].as_str().map(ToOwned::to_owned));
    });
    found
}

/// Takes the sources of assets out of `value`, into `sources`; returns what is wrong with those that could not be read.
pub(crate) fn take_sources(value: &mut Value, sources: &mut BTreeMap<String, Source>) -> Vec<String> {
    let mut wrong = vec![];
    walk(value, &mut |body| {
        let Some(map) = body.as_object_mut() else { return };
        if let Some(Value::String(why)) = map.remove("wrong") {
            wrong.push(format!("has an asset that cannot be read: {why}"));
        }
        let source = map.remove("from").map(serde_json::from_value);
        if let (Some(Ok(source)), Some(Value::String(sha256))) = (source, map.get("sha256")) {
            sources.entry(sha256.clone()).or_insert(source);
        }
    });
    wrong
}

/// Says of the assets in `value` where their bytes are.
pub fn put_sources(value: &mut Value, find: &dyn Fn(&str) -> Option<Source>) {
    walk(value, &mut |body| {
        let source = body["sha256"].as_str().and_then(find);
        if let (Some(source), Some(map)) = (source, body.as_object_mut()) {
            let source = serde_json::to_value(source).expect("a source is plain data");
            map.insert("from".into(), source);
        }
    });
}

/// Takes the bytes of the assets in `value` in, as AWS does: they must have the digest that the call says. The digests stay.
///
/// # Errors
/// They are not there, or are others.
pub fn receive(value: &mut Value) -> Result<(), AssetError> {
    let mut received = Ok(());
    walk(value, &mut |body| {
        let asset: Option<Body> = serde_json::from_value(body.clone()).ok();
        if let (Ok(()), Some(asset)) = (&received, asset) {
            received = Asset(asset).read().map(drop);
        }
        if let Some(map) = body.as_object_mut() {
            map.remove("from");
        }
    });
    received
}

fn walk(value: &mut Value, see: &mut dyn FnMut(&mut Value)) {
    match value {
        Value::Object(map) => match map.get_mut(MARK) {
            Some(body) => see(body),
            None => map.values_mut().for_each(|value| walk(value, see)),
        },
        Value::Array(items) => items.iter_mut().for_each(|value| walk(value, see)),
        _ => {}
    }
}
