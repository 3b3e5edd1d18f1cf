//! One real mongod for all tests of this program, with a database for each.

use analytics::command::Mongod;
use analytics::settings::Mongo;
use analytics::store::Store;
use service::settings::Secret;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// The server: it ends with this process.
static MONGOD: OnceLock<(String, tempfile::TempDir)> = OnceLock::new();

static DATABASES: AtomicU32 = AtomicU32::new(0);

fn uri() -> &'static str {
    let (uri, _) = MONGOD.get_or_init(|| {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        std::fs::set_permissions(data.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let mongod = Mongod::start(data.path()).unwrap();
        let uri = mongod.uri.clone();
        // A watchdog ends it when this process is gone.
        std::mem::forget(mongod);
        (uri, data)
    });
    uri
}

/// An empty store.
pub(crate) async fn store() -> Store {
    let number = DATABASES.fetch_add(1, Ordering::Relaxed);
    let mongo = Mongo {
        uri: Secret::new(uri()),
        database: format!("test-{number}"),
        ca: None,
    };
    let store = Store::connect(&mongo).await.unwrap();
    store.prepare(Duration::from_secs(60)).await.unwrap();
    store
}
