//! The files of a folder as objects of a bucket.

use crate::{environment::Environment, scope::Scope};
use tenon_resources::{
    asset::{self, Exclude},
    s3::{BucketName, Object},
    value::Output,
};

/// The most files that are objects, each of which is a resource.
const MOST: usize = 2_000;

/// The files of a folder, such as a website, as objects of a bucket, each with the media type that its name stands for. What is removed
/// from the folder is removed from the bucket.
///
/// ```no_run
/// use tenon_language::{component::Files, prelude::*};
/// # fn program(s: &mut Scope<'_, Anywhere>) {
/// let bucket = s.add("site", s3::Bucket::new());
/// Files::new("dist").exclude(["*.map"]).cache_control("*.html", "no-cache").put(s, "pages", &bucket.id);
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Files {
    folder: String,
    prefix: String,
    exclude: Vec<String>,
    cached: Vec<(String, String)>,
}

impl Files {
    /// The files of the folder at `path`, relative to the program's folder.
    pub fn new(path: impl Into<String>) -> Self {
        Self {
            folder: path.into(),
            prefix: String::new(),
            exclude: vec![],
            cached: vec![],
        }
    }

    /// With this before each key, such as `docs/`.
    #[must_use]
    pub fn prefix(mut self, prefix: &str) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Without what these patterns match, which are those of [`asset::Zip::exclude`].
    #[must_use]
    pub fn exclude<P: Into<String>>(mut self, patterns: impl IntoIterator<Item = P>) -> Self {
        self.exclude.extend(patterns.into_iter().map(Into::into));
        self
    }

    /// With this `Cache-Control` header for files that match `pattern`; the first pattern that matches counts.
    #[must_use]
    pub fn cache_control(mut self, pattern: &str, header: &str) -> Self {
        self.cached.push((pattern.into(), header.into()));
        self
    }

    /// Declares an object for each file, at addresses below `name`.
    #[track_caller]
    pub fn put<E: Environment>(self, s: &mut Scope<'_, E>, name: &str, bucket: &Output<BucketName>) {
        let rules = self.cached.iter().map(|(pattern, header)| {
            let pattern = Exclude::new(std::slice::from_ref(pattern))?;
            Ok((pattern, header.clone()))
        });
        let rules: Result<Vec<_>, asset::AssetError> = rules.collect();
        let read = rules.and_then(|rules| Ok((rules, asset::files(&self.folder, &self.exclude)?)));
        let (rules, files) = match read {
            Ok((_, files)) if files.len() > MOST => {
                let why = format!(
                    "has the folder {} of {} files, and at most {MOST} become objects: exclude some",
                    self.folder,
                    files.len()
                );
                return s.refuse(why);
            }
            Ok(read) => read,
            Err(why) => return s.refuse(format!("has a folder of files that cannot be read: {why}")),
        };
        for (path, file) in files {
            let mut object = Object::new(bucket, format!("{}{path}", self.prefix), asset::file(file));
            object = object.content_type(media_type(&path));
            if let Some((_, header)) = rules.iter().find(|(pattern, _)| pattern.matches(&path, false)) {
                object = object.cache_control(header.clone());
            }
            s.add(&format!("{name}/{}", address(&path)), object);
        }
    }
}

/// The media type that a file's name stands for; of text, in UTF-8.
fn media_type(path: &str) -> String {
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    if guess.type_() == "text" {
        format!("{guess}; charset=utf-8")
    } else {
        guess.to_string()
    }
}

/// A path as an address takes it: what it does not take stands as its code, so that two paths are two addresses.
fn address(path: &str) -> String {
    let one = |c: char| match c {
        c if c.is_ascii_alphanumeric() || "-./".contains(c) => c.to_string(),
        '_' => "__".into(),
        c => format!("_{:x}_", u32::from(c)),
    };
    path.chars().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;

    #[test]
    fn each_file_is_an_object_with_its_media_type() {
        let folder = std::env::temp_dir().join(format!("tenon-files-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("a b")).unwrap();
        for (name, text) in [
            ("index.html", "<h1>"),
            ("a b/c_d.js", "1"),
            ("index.html.map", "m"),
        ] {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let declared = crate::declare("test", Anywhere::Aws, |s| {
            let bucket = s.add("site", s3::Bucket::new());
            let files = Files::new(folder.to_str().unwrap())
                .prefix("v1/")
                .exclude(["*.map"]);
            files
                .cache_control("*.html", "no-cache")
                .put(s, "pages", &bucket.id);
            Files::new("no/such/folder").put(s, "none", &bucket.id);
        });
        std::fs::remove_dir_all(&folder).unwrap();
        let addresses: Vec<_> = declared.resources.keys().map(String::as_str).collect();
        assert_eq!(addresses, ["site", "pages/a_20_b/c__d.js", "pages/index.html"]);
        let page = &declared.resources["pages/index.html"].inputs;
        assert_eq!(page["key"], "v1/index.html");
        assert_eq!(page["content_type"], "text/html; charset=utf-8");
        assert_eq!(page["cache_control"], "no-cache");
        assert_eq!(declared.assets.len(), 2);
        let [finding] = &declared.findings[..] else {
            panic!("{:?}", declared.findings)
        };
        assert!(finding.why.contains("no/such/folder"), "{}", finding.why);
    }
}
