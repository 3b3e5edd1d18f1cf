//! Fingerprints tell that a secret changed, and nothing else.

use std::{collections::BTreeSet, os::unix::fs::PermissionsExt as _};

use tenon_state::{Comparison, Error, FingerprintKey};

#[test]
fn equal_secrets_in_different_locations_look_different() {
    let key = FingerprintKey::new([7; 32]);
    let secret = b"correct horse battery staple";
    let locations = [
        ("db", "password"),
        ("db", "user"),
        ("db/passw", "ord"),
        ("dbp", "assword"),
        ("cache", "password"),
    ];
    let prints: BTreeSet<String> = locations
        .iter()
        .map(|(address, field)| key.fingerprint(address, field, secret).to_string())
        .collect();
    assert_eq!(prints.len(), locations.len());
    assert_eq!(
        key.fingerprint("db", "password", secret),
        key.fingerprint("db", "password", secret)
    );
}

#[test]
fn a_change_is_seen_and_another_key_is_not_a_change() {
    let key = FingerprintKey::new([7; 32]);
    let print = key.fingerprint("db", "password", b"one");
    assert_eq!(key.compare(&print, "db", "password", b"one"), Comparison::Same);
    assert_eq!(key.compare(&print, "db", "password", b"two"), Comparison::Changed);
    assert_eq!(
        key.compare(&print, "cache", "password", b"one"),
        Comparison::Changed
    );
    let other = FingerprintKey::new([8; 32]);
    assert_eq!(
        other.compare(&print, "db", "password", b"one"),
        Comparison::OtherKey
    );
    for damaged in ["", "one", "hmac-sha256:", "sha256:00:00"] {
        let damaged = serde_json::from_value(damaged.into()).unwrap();
        assert_eq!(
            key.compare(&damaged, "db", "password", b"one"),
            Comparison::OtherKey
        );
    }
}

#[test]
fn the_mac_is_the_standard_one() {
    // Computed with another implementation: Python's hmac, over three parts with their lengths.
    let key = FingerprintKey::new([1; 32]);
    let print = key.fingerprint("db", "password", b"secret").to_string();
    assert_eq!(
        print.rsplit(':').next().unwrap(),
        "78d428ed09a43f6f531b86b11cb63d9ffd9c1ce9686706e90b0487c8ee8102d8"
    );
}

#[test]
fn keys_are_made_once_kept_private_and_never_printed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config/fingerprint.key");
    let made = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| FingerprintKey::load_or_make(&path).unwrap()))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect::<Vec<_>>()
    });
    let prints: BTreeSet<String> = made
        .iter()
        .map(|key| key.fingerprint("a", "b", b"c").to_string())
        .collect();
    assert_eq!(prints.len(), 1, "whoever is slower takes the key that is there");
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    assert_eq!(format!("{:?}", made[0]), "FingerprintKey(****)");
    let text = std::fs::read_to_string(&path).unwrap();
    let same = FingerprintKey::from_hex(&text).unwrap();
    assert_eq!(
        same.fingerprint("a", "b", b"c"),
        made[0].fingerprint("a", "b", b"c")
    );

    std::fs::write(&path, "not a key").unwrap();
    assert!(matches!(
        FingerprintKey::load_or_make(&path),
        Err(Error::Invalid { .. })
    ));
    std::fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
    assert!(matches!(
        FingerprintKey::load_or_make(&path),
        Err(Error::File { .. })
    ));
}
