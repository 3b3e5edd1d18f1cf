//! Files, folders and texts as assets.

use super::{
    Asset, AssetError, EXPORTED, Exclude, Shelf, Source, Zip, file, put_sources, receive, take_sources, text,
    zip,
};
use serde_json::json;
use std::{collections::BTreeMap, fs, path::Path};
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn names(asset: &Asset) -> Vec<String> {
    let bytes = std::io::Cursor::new(asset.read().unwrap());
    let archive = ::zip::ZipArchive::new(bytes).unwrap();
    (0..archive.len())
        .map(|n| archive.name_for_index(n).unwrap().unwrap().into_owned())
        .collect()
}

#[test]
fn a_folder_is_the_same_zip_wherever_and_whenever_it_is_made() {
    let files = [("b/c.js", "c"), ("a.js", "a"), ("b-d.js", "d")];
    let (one, mut turned) = (folder(&files), files);
    turned.reverse();
    let other = folder(&turned);
    let later = std::time::SystemTime::now() - std::time::Duration::from_secs(86_400);
    fs::File::options()
        .write(true)
        .open(other.path().join("a.js"))
        .unwrap()
        .set_modified(later)
        .unwrap();
    fs::create_dir(other.path().join("empty")).unwrap();
    let (one, other) = (zip(one.path()), zip(other.path()));
    assert_eq!((one.sha256(), one.size()), (other.sha256(), other.size()));
    assert_eq!(names(&one), ["a.js", "b-d.js", "b/c.js"]);
    // The bytes are part of plans: another version that writes others is a change of format.
    assert_eq!(one.sha256().len(), 64);
}

#[cfg(unix)]
#[test]
fn the_mode_counts_and_a_link_is_refused_unless_it_is_excluded() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder(&[("run", "#!/bin/sh\n")]);
    let plain = zip(folder.path());
    fs::set_permissions(folder.path().join("run"), fs::Permissions::from_mode(0o700)).unwrap();
    assert_ne!(zip(folder.path()).sha256(), plain.sha256());
    symlink("/etc/passwd", folder.path().join("link")).unwrap();
    let wrong = zip(folder.path());
    let mut value = serde_json::to_value(&wrong).unwrap();
    let found = take_sources(&mut value, &mut BTreeMap::new());
    assert!(found[0].contains("is a symbolic link"), "{found:?}");
    assert_eq!(names(&Zip::new(folder.path()).exclude(["link"]).make()), ["run"]);
}

#[test]
fn what_is_excluded_is_as_in_a_gitignore() {
    let patterns = ["*.pyc", "tests/", "docs/**/*.md", "/top.txt"].map(str::to_owned);
    let exclude = Exclude::new(&patterns).unwrap();
    for (path, is_folder, out) in [
        ("a.pyc", false, true),
        ("a/b.pyc", false, true),
        ("tests", true, true),
        ("a/tests", true, true),
        ("tests", false, false),
        ("docs/a/b.md", false, true),
        ("docs/b.md", false, true),
        ("other/docs/b.md", false, false),
        ("top.txt", false, true),
        ("a.py", false, false),
    ] {
        assert_eq!(exclude.matches(path, is_folder), out, "{path}");
    }
    assert!(Exclude::new(&["a[".to_owned()]).is_err());
    let folder = folder(&[("a.py", "a"), ("a.pyc", "b"), ("tests/a.py", "c")]);
    assert_eq!(
        names(&Zip::new(folder.path()).exclude(["*.pyc", "tests/"]).make()),
        ["a.py"]
    );
}

#[test]
fn what_cannot_be_an_asset_says_so_when_it_is_declared() {
    let empty = folder(&[]);
    for (asset, part) in [
        (file("no/such/file"), "no/such/file could not be read"),
        (file(empty.path()), "is no file"),
        (zip(empty.path()), "has no files"),
        (zip("no/such/folder"), "no/such/folder could not be read"),
        (text("a".repeat(65 * 1024)), "put it into a file"),
    ] {
        let found = take_sources(&mut serde_json::to_value(&asset).unwrap(), &mut BTreeMap::new());
        assert!(found.iter().any(|why| why.contains(part)), "{part}: {found:?}");
    }
}

#[test]
fn the_bytes_are_found_by_their_digest_or_the_error_is_named() {
    let folder = folder(&[("a.txt", "a")]);
    let asset = file(folder.path().join("a.txt"));
    let mut value = json!({"content": asset});
    let mut sources = BTreeMap::new();
    assert!(take_sources(&mut value, &mut sources).is_empty());
    assert_eq!(
        value,
        json!({"content": {"$asset": {"sha256": asset.sha256(), "size": 1}}})
    );

    let exported = folder.path().join(EXPORTED);
    let shelf = Shelf::default();
    assert_eq!(shelf.export(&sources, &exported).unwrap(), 1);
    assert_eq!(fs::read_to_string(exported.join(asset.sha256())).unwrap(), "a");

    let source = sources[asset.sha256()].clone();
    fs::write(folder.path().join("a.txt"), "b").unwrap();
    let changed = shelf.find(asset.sha256(), Some(&source));
    assert!(matches!(changed, Err(AssetError::Changed { .. })), "{changed:?}");
    // Beside the document there is what was planned.
    let beside = Shelf {
        folders: vec![exported.clone()],
        ..Shelf::default()
    };
    let found = beside.find(asset.sha256(), Some(&source)).unwrap();
    put_sources(&mut value, &|_| Some(found.clone()));
    receive(&mut value).unwrap();
    fs::write(exported.join(asset.sha256()), "c").unwrap();
    assert!(matches!(
        beside.find(asset.sha256(), Some(&source)),
        Err(AssetError::Changed { .. })
    ));
    fs::remove_dir_all(&exported).unwrap();
    fs::remove_file(folder.path().join("a.txt")).unwrap();
    let missing = beside
        .find(asset.sha256(), Some(&source))
        .unwrap_err()
        .to_string();
    assert!(
        missing.contains("a.txt is not there, and ") && missing.contains(EXPORTED),
        "{missing}"
    );
    // A path in the place of a digest leads nowhere.
    let secret = folder.path().join("secret");
    fs::write(&secret, "s").unwrap();
    let outside = Shelf {
        folders: vec![folder.path().to_owned()],
        ..Shelf::default()
    };
    assert!(outside.find("secret", None).is_err());
    let relative = Source::File("a.txt".into()).within(Path::new("/srv"));
    assert_eq!(relative, Source::File("/srv/a.txt".into()));
}

#[test]
fn bytes_that_changed_on_the_way_are_not_taken() {
    let folder = folder(&[("a.txt", "a")]);
    let asset = file(folder.path().join("a.txt"));
    fs::write(folder.path().join("a.txt"), "b").unwrap();
    let mut value = serde_json::to_value(asset).unwrap();
    assert!(matches!(receive(&mut value), Err(AssetError::Changed { .. })));
    assert!(receive(&mut json!({"$asset": {"sha256": "00", "size": 1}})).is_err());
}
