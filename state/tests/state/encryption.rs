//! Encrypted states: the backend suite in front of a folder and of memory; nothing readable on the disk; wrong keys,
//! changed and swapped ciphertext; changing the passphrase.

use std::sync::Arc;

use tenon_state::{
    AgeKey, Backend, DataKey, Encrypted, Error, FaultDisk, File, KeyWrap, Memory, Outcome, Seen, StateWrite,
    Store, inspect, read,
};

use crate::{
    backends::{Location, suite},
    support::{call, holder, identity, intent, op, record},
};

struct EncryptedPlace(Box<dyn Fn() -> Arc<dyn Backend> + Send + Sync>, AgeKey);

impl Location for EncryptedPlace {
    fn backend(&self) -> Arc<dyn Backend> {
        Arc::new(Encrypted::new((self.0)(), self.1.clone()))
    }

    fn outlives(&self) -> bool {
        false
    }
}

fn encrypted(disk: &FaultDisk, key: &AgeKey) -> Encrypted {
    Encrypted::new(Arc::new(File::on(disk.process())), key.clone())
}

async fn open(backend: Encrypted) -> Result<Store, Error> {
    Store::open(Arc::new(backend), holder(), identity()).await
}

/// A state with a snapshot and a journal.
async fn crashed(key: &AgeKey) -> FaultDisk {
    let disk = FaultDisk::new();
    let store = open(encrypted(&disk, key)).await.unwrap();
    call(&store, 1).await.unwrap();
    store.checkpoint().await.unwrap();
    call(&store, 2).await.unwrap();
    call(&store, 3).await.unwrap();
    store.begin(intent(4)).await.unwrap();
    store
        .end(
            &op(4),
            Outcome::Refused {
                code: "Canary".into(),
                message: "canary".into(),
            },
            vec![],
        )
        .await
        .unwrap();
    store.record(vec![StateWrite::Put(record(4))]).await.unwrap();
    disk.kill();
    drop(store);
    disk
}

#[tokio::test(flavor = "multi_thread")]
async fn encrypted_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    suite(EncryptedPlace(
        Box::new(move || Arc::new(File::new(&path))),
        AgeKey::generate(),
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn encrypted_memory() {
    let memory = Arc::new(Memory::new());
    suite(EncryptedPlace(
        Box::new(move || Arc::clone(&memory) as Arc<dyn Backend>),
        AgeKey::generate(),
    ))
    .await;
}

#[tokio::test]
async fn nothing_on_the_disk_is_readable() {
    let disk = crashed(&AgeKey::generate()).await;
    for name in ["state.json", "journal", "lock"] {
        let text = String::from_utf8_lossy(&disk.get(name).unwrap()).to_lowercase();
        for canary in ["canary", "subnet", "cidr", "10.0.", "arn:aws", "shop", "main.rs"] {
            assert!(!text.contains(canary), "{canary} in {name}");
        }
    }
}

#[tokio::test]
async fn a_wrong_key_and_a_missing_key_are_named() {
    let key = AgeKey::generate();
    let disk = crashed(&key).await;
    assert_eq!(
        read(&encrypted(&disk, &key))
            .await
            .unwrap()
            .unwrap()
            .records
            .len(),
        4
    );
    let wrong = read(&encrypted(&disk, &AgeKey::generate())).await.unwrap_err();
    assert!(matches!(wrong, Error::Encrypted { .. }), "{wrong}");
    let missing = read(&File::on(disk.process())).await.unwrap_err();
    assert!(
        matches!(missing, Error::Encrypted { .. }) && missing.to_string().contains("no key was given"),
        "{missing}"
    );
    let plain = FaultDisk::new();
    crate::support::open(File::on(plain.process())).await.unwrap();
    let plain = read(&encrypted(&plain, &key)).await.unwrap_err();
    assert!(
        matches!(plain, Error::Foreign { .. }) && plain.to_string().contains("not encrypted"),
        "{plain}"
    );
}

#[tokio::test]
async fn changed_cut_and_swapped_ciphertext_is_noticed() {
    let key = AgeKey::generate();
    let disk = crashed(&key).await;
    let expected = inspect(&encrypted(&disk, &key)).await.unwrap().unwrap().state;
    let bytes = disk.get("state.json").unwrap();
    for at in (0..bytes.len()).rev().step_by(3) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        for changed in [flipped.as_slice(), &bytes[..at]] {
            disk.put("state.json", changed);
            match read(&encrypted(&disk, &key)).await {
                Ok(Some(state)) => assert!(at + 1 == bytes.len() && state == expected, "byte {at}"),
                Ok(None) => panic!("byte {at}: taken for a state that never was"),
                Err(error) => assert!(error.to_string().contains("/fault/state.json"), "{error}"),
            }
        }
    }
    disk.put("state.json", &bytes);
    // Two frames change locations, each with a checksum that fits: only the cipher can tell.
    let journal = disk.get("journal").unwrap();
    let end = journal.iter().rposition(|b| *b != 0).unwrap() + 1;
    let mut lines: Vec<&[u8]> = journal[..end].split_inclusive(|b| *b == b'\n').collect();
    lines.swap(2, 3);
    let mut swapped = lines.concat();
    swapped.resize(journal.len(), 0);
    disk.put("journal", &swapped);
    let error = read(&encrypted(&disk, &key)).await.unwrap_err();
    assert!(matches!(error, Error::JournalDamaged { .. }), "{error}");
}

#[tokio::test]
async fn a_passphrase_can_be_changed() {
    let (old, new) = (AgeKey::passphrase("old".into()), AgeKey::passphrase("new".into()));
    assert_eq!(format!("{old:?}"), "AgeKey(****)");
    let disk = FaultDisk::new();
    let store = open(encrypted(&disk, &old)).await.unwrap();
    call(&store, 1).await.unwrap();
    store.close().await.unwrap();
    let store = open(encrypted(&disk, &old).rewrap_with(new.clone()))
        .await
        .unwrap();
    call(&store, 2).await.unwrap();
    store.close().await.unwrap();
    assert!(matches!(
        read(&encrypted(&disk, &old)).await,
        Err(Error::Encrypted { .. })
    ));
    assert_eq!(
        read(&encrypted(&disk, &new))
            .await
            .unwrap()
            .unwrap()
            .records
            .len(),
        2
    );
}

#[test]
fn key_files_are_read_as_age_writes_them() {
    use age::secrecy::ExposeSecret as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.txt");
    let text = AgeKey::generate().identity_text().unwrap();
    std::fs::write(
        &path,
        format!(
            "# created: today\n# public key: age1…\n{}\n",
            text.expose_secret()
        ),
    )
    .unwrap();
    let read = AgeKey::from_file(&path).unwrap().identity_text().unwrap();
    assert_eq!(read.expose_secret(), text.expose_secret());
    std::fs::write(&path, "# nothing\n").unwrap();
    assert!(matches!(AgeKey::from_file(&path), Err(Error::Invalid { .. })));
    assert!(matches!(
        AgeKey::from_file(&folder.path().join("other")),
        Err(Error::File { .. })
    ));
}

/// Finding 5 of the review: age encrypts to the public key, so that whoever knows it could write a whole state.
#[tokio::test]
async fn a_state_is_never_taken_from_whoever_knows_the_public_key_alone() {
    /// Wraps as an attacker can: to the public key.
    struct Public(age::x25519::Recipient);
    #[async_trait::async_trait]
    impl KeyWrap for Public {
        async fn wrap(&self, key: &DataKey) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
            Ok(age::encrypt(&self.0, key.expose())?)
        }
        async fn unwrap(&self, _: &[u8]) -> Result<DataKey, Box<dyn std::error::Error + Send + Sync>> {
            Err("only the owner can".into())
        }
    }
    let key = AgeKey::generate();
    let text = key.identity_text().unwrap();
    let secret: age::x25519::Identity = age::secrecy::ExposeSecret::expose_secret(&text).parse().unwrap();
    let memory = Arc::new(Memory::default());
    let forged = Encrypted::new(memory.clone(), Public(secret.to_public()));
    let store = Store::open(Arc::new(forged), holder(), identity()).await.unwrap();
    store.close().await.unwrap();
    let mine = Encrypted::new(memory.clone(), key.clone());
    let refused = Store::open(Arc::new(mine), holder(), identity())
        .await
        .err()
        .unwrap();
    assert!(
        matches!(&refused, Error::Encrypted { why, .. } if why.contains("not signed")),
        "{refused:?}"
    );
    // An earlier version's state looks just so, and its owner can say that it is his.
    let mine = Encrypted::new(memory, key.accepting_unsigned());
    Store::open(Arc::new(mine), holder(), identity()).await.unwrap();
}

/// Finding 4 of the review: an older copy of snapshot, journal and lock was put back, and nobody noticed.
#[tokio::test]
async fn an_encrypted_state_is_never_rolled_back_unseen() {
    const FILES: [&str; 3] = ["state.json", "journal", "lock"];
    let (key, folder) = (AgeKey::generate(), tempfile::tempdir().unwrap());
    let seen = folder.path().join("seen/shop");
    let disk = FaultDisk::new();
    let backend = || Arc::new(Seen::new(Arc::new(encrypted(&disk, &key)), seen.clone(), true));
    let run = |n| {
        let backend = backend();
        async move {
            let store = Store::open(backend, holder(), identity()).await?;
            call(&store, n).await?;
            store.checkpoint().await?;
            store.close().await
        }
    };
    run(1).await.unwrap();
    let copy = FILES.map(|name| disk.get(name).unwrap());
    run(2).await.unwrap();
    for (name, bytes) in FILES.iter().zip(&copy) {
        disk.put(name, bytes);
    }
    assert!(matches!(run(3).await, Err(Error::Behind { .. })));
    assert!(matches!(inspect(&*backend()).await, Err(Error::Behind { .. })));
    // Nor does a new one begin where it is gone, with the key or without.
    let empty: Arc<dyn Backend> = Arc::new(Memory::default());
    for keeps in [true, false] {
        let gone = Arc::new(Seen::new(Arc::clone(&empty), seen.clone(), keeps));
        let refused = Store::open(gone, holder(), identity()).await.err().unwrap();
        assert!(matches!(refused, Error::Behind { .. }), "{refused}");
    }
    // Its owner can say that he put it there.
    std::fs::remove_file(&seen).unwrap();
    run(3).await.unwrap();
    assert_eq!(read(&*backend()).await.unwrap().unwrap().records.len(), 2);
}
