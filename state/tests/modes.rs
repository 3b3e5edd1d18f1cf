//! Modes of what is made, under umasks that would give everything away or keep it from ourselves. In a process of its
//! own, since the umask is the process's.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{os::unix::fs::PermissionsExt as _, path::Path, sync::Arc};

use rustix::{fs::Mode, process::umask};
use tenon_state::{File, Holder, Identity, StateWrite, Store};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[tokio::test]
async fn files_are_0600_and_folders_0700_under_any_umask() {
    for mask in [0o000, 0o022, 0o077, 0o777] {
        let above = tempfile::tempdir().unwrap();
        let folder = above.path().join("new").join("state");
        let before = umask(Mode::from_raw_mode(mask));
        let identity = Identity {
            stack: "shop".into(),
            env: "test".into(),
        };
        let store = Store::open(
            Arc::new(File::new(&folder)),
            Holder::here("test").unwrap(),
            identity,
        )
        .await
        .unwrap();
        let check = |when: &str| {
            for path in [above.path().join("new"), folder.clone()] {
                assert_eq!(mode(&path), 0o700, "{} {when}, umask {mask:o}", path.display());
            }
            let mut names = Vec::new();
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                assert_eq!(mode(&path), 0o600, "{} {when}, umask {mask:o}", path.display());
                names.push(path.file_name().unwrap().to_string_lossy().into_owned());
            }
            names.sort();
            assert_eq!(names, ["journal", "lock", "state.json"], "{when}");
        };
        check("when opened");
        store.reserve([0; 100]).await.unwrap();
        store
            .record(vec![StateWrite::Outputs(
                [("url".to_owned(), "https://".into())].into(),
            )])
            .await
            .unwrap();
        check("when written");
        store.close().await.unwrap();
        check("when closed");
        umask(before);
    }
}
