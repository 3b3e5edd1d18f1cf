//! A state whose key AWS KMS keeps, on KMS's own client and a KMS that the test starts. Moto enforces the encryption
//! context, and that a ciphertext is of the key that is named. It lets a disabled key be used and has no permissions, so
//! that those refusals, and an answer that repeats what it was sent, are answers that the test gives itself.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use aws_sdk_kms::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig},
};
use tenon_state::{
    AgeKey, Backend, DataKey, Encrypted, Error, FaultDisk, File, Identity, KeyWrap, KmsKey, Rekeyed,
    Settings, StateHandle, Store, inspect, read, rekey,
};

use crate::{
    moto::Moto,
    support::{call, holder, identity, intent},
};

fn client(url: &str) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(url)
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        // As the command line's clients are: what may be tried again is tried again by whoever knows that.
        .retry_config(RetryConfig::disabled())
        .http_client(aws_smithy_http_client::Builder::new().build_http());
    Client::from_conf(config.build())
}

/// A new key, by its ARN.
async fn key(client: &Client) -> String {
    let made = client.create_key().send().await.unwrap();
    made.key_metadata.unwrap().arn.unwrap()
}

fn encrypted(disk: &FaultDisk, key: impl KeyWrap) -> Encrypted {
    Encrypted::new(Arc::new(File::on(disk.process())), key)
}

async fn open(backend: Encrypted) -> Result<Store, Error> {
    Store::open(Arc::new(backend), holder(), identity()).await
}

/// A state with a snapshot, a journal and an open intent, as a killed process leaves it.
async fn crashed(key: &KmsKey) -> FaultDisk {
    let disk = FaultDisk::new();
    let store = open(encrypted(&disk, key.clone())).await.unwrap();
    call(&store, 1).await.unwrap();
    store.checkpoint().await.unwrap();
    call(&store, 2).await.unwrap();
    store.begin(intent(3)).await.unwrap();
    disk.kill();
    drop(store);
    disk
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_opens_by_each_of_its_names_and_another_does_not() {
    let moto = Moto::start().await;
    let client = client(&moto.url());
    let (arn, other) = (key(&client).await, key(&client).await);
    let alias = client.create_alias().alias_name("alias/states");
    alias.target_key_id(&arn).send().await.unwrap();
    let named = |name: &str| KmsKey::new(client.clone(), name, &identity());
    let disk = crashed(&named("alias/states")).await;
    for name in ["alias/states", &arn, arn.rsplit('/').next().unwrap()] {
        let view = inspect(&encrypted(&disk, named(name))).await.unwrap().unwrap();
        assert_eq!((view.state.records.len(), view.open_intents.len()), (2, 1));
    }
    for name in ["state.json", "journal", "lock"] {
        let text = String::from_utf8_lossy(&disk.get(name).unwrap()).to_lowercase();
        for canary in ["subnet", "cidr", "10.0.", "arn:aws:ec2", "shop", "main.rs"] {
            assert!(!text.contains(canary), "{canary} in {name}");
        }
    }
    // AWS says IncorrectKeyException, moto AccessDeniedException.
    let wrong = read(&encrypted(&disk, named(&other))).await.unwrap_err();
    assert!(
        matches!(
            wrong,
            Error::KeyService {
                operation: "kms:Decrypt",
                ..
            }
        ) && wrong.to_string().contains(&other),
        "{wrong}"
    );
    let absent = read(&encrypted(&disk, named("alias/none"))).await.unwrap_err();
    assert!(
        absent.to_string().contains("NotFoundException") && absent.to_string().contains("check its name"),
        "{absent}"
    );
    let age = read(&encrypted(&disk, AgeKey::generate())).await.unwrap_err();
    assert!(matches!(age, Error::Encrypted { .. }), "{age}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_wrapped_for_another_state_does_not_open() {
    let moto = Moto::start().await;
    let client = client(&moto.url());
    let arn = key(&client).await;
    let disk = crashed(&KmsKey::new(client.clone(), &arn, &identity())).await;
    let others = [("shop", "production"), ("other", "test")];
    for (stack, env) in others.map(|(stack, env)| (stack.to_owned(), env.to_owned())) {
        let other = KmsKey::new(client.clone(), &arn, &Identity { stack, env });
        let wrong = read(&encrypted(&disk, other)).await.unwrap_err();
        assert!(
            matches!(wrong, Error::Encrypted { .. })
                && wrong.to_string().contains("InvalidCiphertextException"),
            "{wrong}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_passphrase_to_kms_and_back_keeps_the_contents() {
    let moto = Moto::start().await;
    let client = client(&moto.url());
    let kms = KmsKey::new(client.clone(), key(&client).await, &identity());
    let passphrase = AgeKey::passphrase("canary".into());
    let disk = FaultDisk::new();
    let store = open(encrypted(&disk, passphrase.clone())).await.unwrap();
    call(&store, 1).await.unwrap();
    store.close().await.unwrap();
    let store = open(encrypted(&disk, passphrase.clone()).rewrap_with(kms.clone()))
        .await
        .unwrap();
    call(&store, 2).await.unwrap();
    store.close().await.unwrap();
    assert!(read(&encrypted(&disk, passphrase.clone())).await.is_err());
    assert_eq!(
        read(&encrypted(&disk, kms.clone()))
            .await
            .unwrap()
            .unwrap()
            .records
            .len(),
        2
    );
    let store = open(encrypted(&disk, kms.clone()).rewrap_with(passphrase.clone()))
        .await
        .unwrap();
    call(&store, 3).await.unwrap();
    store.close().await.unwrap();
    assert!(read(&encrypted(&disk, kms)).await.is_err());
    assert_eq!(
        read(&encrypted(&disk, passphrase))
            .await
            .unwrap()
            .unwrap()
            .records
            .len(),
        3
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_gets_a_key_of_kms_and_another_and_none() {
    let moto = Moto::start().await;
    let client = client(&moto.url());
    let [one, two] = [key(&client).await, key(&client).await];
    let [one, two] = [one, two].map(|key| KmsKey::new(client.clone(), key, &identity()));
    let disk = FaultDisk::new();
    let store = Store::open(Arc::new(File::on(disk.process())), holder(), identity()).await;
    let store = store.unwrap();
    call(&store, 1).await.unwrap();
    store.close().await.unwrap();
    let place = || -> Arc<dyn Backend> { Arc::new(File::on(disk.process())) };
    for (from, to) in [(None, Some(&one)), (Some(&one), Some(&two)), (Some(&two), None)] {
        let place = place();
        let view =
            from.map(|key| Arc::new(Encrypted::new(Arc::clone(&place), key.clone())) as Arc<dyn Backend>);
        let to: Arc<dyn Backend> = match to {
            None => Arc::clone(&place),
            Some(key) => Arc::new(
                Encrypted::with_new_key(Arc::clone(&place), key.clone())
                    .await
                    .unwrap(),
            ),
        };
        let view = view.unwrap_or_else(|| Arc::clone(&place));
        let side = StateHandle {
            raw: place,
            encrypted: view,
        };
        let done = rekey(side, to, holder(), identity(), Settings::default())
            .await
            .unwrap();
        assert!(matches!(done, Rekeyed::Done(state) if state.records.len() == 1));
        let text = String::from_utf8(disk.get("state.json").unwrap()).unwrap();
        assert_eq!(text.contains("subnet"), !text.contains("tenon-sealed"));
    }
    assert_eq!(read(&*place()).await.unwrap().unwrap().records.len(), 1);
}

/// Answers every request with `code` and `message`, and gives the last request's body. Ends with the test.
fn refusing(
    code: &'static str,
    message: impl Fn(&str) -> String + Send + 'static,
) -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let last = Arc::new(Mutex::new(String::new()));
    let seen = Arc::clone(&last);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let body = body_of(&mut stream);
            let text = serde_json::json!({ "__type": code, "message": message(&body) }).to_string();
            *seen.lock().unwrap() = body;
            let head =
                "HTTP/1.1 400 Bad Request\r\nContent-Type: application/x-amz-json-1.1\r\nConnection: close";
            write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        }
    });
    (url, last)
}

fn body_of(stream: &mut TcpStream) -> String {
    let (mut text, mut part) = (String::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut part).unwrap();
        text.push_str(&String::from_utf8_lossy(&part[..read]));
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse::<usize>().unwrap())
        });
        if read == 0 || body.len() >= length.unwrap_or_default() {
            return body.to_owned();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_names_the_key_the_action_and_the_remedy() {
    for (code, remedy) in [
        ("AccessDeniedException", "allow the action"),
        ("DisabledException", "enable it"),
        ("KMSInvalidStateException", "kms:CancelKeyDeletion"),
        ("NotFoundException", "check its name"),
        ("InvalidKeyUsageException", "a symmetric key"),
    ] {
        let (url, last) = refusing(code, |_| "told".to_owned());
        let key = KmsKey::new(client(&url), "alias/states", &identity());
        let data = DataKey::new([7; 32]);
        for (operation, error) in [
            ("kms:GenerateDataKey", key.draw().await.unwrap_err()),
            ("kms:Encrypt", key.wrap(&data).await.unwrap_err()),
            ("kms:Decrypt", key.unwrap(b"wrapped").await.unwrap_err()),
        ] {
            let error = error.to_string();
            for part in ["alias/states", operation, code, "told", remedy] {
                assert!(error.contains(part), "{part} is not in: {error}");
            }
            let body: serde_json::Value = serde_json::from_str(&last.lock().unwrap()).unwrap();
            assert!(
                body["KeyId"] == "alias/states",
                "{operation} must name the key: {body}"
            );
        }
        let body: serde_json::Value = serde_json::from_str(&last.lock().unwrap()).unwrap();
        let context =
            serde_json::json!({"tenon:purpose": "state", "tenon:stack": "shop", "tenon:env": "test"});
        assert_eq!(body["EncryptionContext"], context);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_secret_is_said() {
    // A service that repeats its request, which has the data key in it.
    let (url, last) = refusing("ValidationException", str::to_owned);
    let key = KmsKey::new(client(&url), "alias/states", &identity());
    let error = key.wrap(&DataKey::new([7; 32])).await.unwrap_err();
    let secret = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
    assert!(last.lock().unwrap().contains(secret));
    let said = format!("{error} {error:?} {key:?}");
    assert!(
        said.contains("ValidationException") && !said.contains("BwcH"),
        "{said}"
    );
    assert_eq!(format!("{key:?}"), "KmsKey(alias/states)");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_not_there_is_said() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let key = KmsKey::new(
        client(&format!("http://127.0.0.1:{port}")),
        "alias/states",
        &identity(),
    );
    let error = key.draw().await.unwrap_err().to_string();
    assert!(
        error.contains("kms:GenerateDataKey failed") && error.contains("check that KMS can be reached"),
        "{error}"
    );
}
