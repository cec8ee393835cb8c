//! The default chain: order, what stops it, what it says.

use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use alicloud_core::credentials::{DefaultChain, ProvideCredentials as _, Variables};
use alicloud_core::testing::{FakeTransport, Fault};
use serde_json::json;
use tempfile::TempDir;

use crate::{ID, SECRET, TOKEN, clock, found, refused, says, temporary};

/// A home directory with a profile in both files.
fn full_home() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let aliyun = home.path().join(".aliyun");
    std::fs::create_dir(&aliyun).unwrap();
    let file = json!({"current": "p", "profiles": [{
        "name": "p", "mode": "StsToken",
        "access_key_id": ID, "access_key_secret": SECRET, "sts_token": TOKEN,
    }]});
    std::fs::write(aliyun.join("config.json"), file.to_string()).unwrap();
    let sdk = home.path().join(".alibabacloud");
    std::fs::create_dir(&sdk).unwrap();
    let text =
        format!("[default]\ntype=access_key\naccess_key_id={ID}\naccess_key_secret={SECRET}\n");
    std::fs::write(sdk.join("credentials"), text).unwrap();
    home
}

fn metadata() -> FakeTransport {
    let fields = temporary("2026-01-02T04:04:05Z");
    FakeTransport::new().respond_json("", format!(r#"{{"Code":"Success",{fields}}}"#))
}

fn no_metadata() -> FakeTransport {
    FakeTransport::new().fault("", Fault::ConnectionRefused)
}

fn chain(home: &Path, more: &[(&str, &str)], direct: &FakeTransport) -> DefaultChain {
    let home = ("HOME", home.to_str().unwrap());
    let variables = Variables::from_pairs(more.iter().copied().chain([home]));
    DefaultChain::new()
        .variables(variables)
        .direct_transport(direct.clone())
        .transport(FakeTransport::new())
        .clock(clock())
}

#[tokio::test]
async fn asks_in_the_official_order() {
    let home = full_home();
    let token = home.path().join("token");
    std::fs::write(&token, "a.b.c").unwrap();
    let fields = temporary("2026-01-02T04:04:05Z");
    let sts = FakeTransport::new()
        .respond_json("AssumeRoleWithOIDC", format!(r#"{{"Credentials":{{{fields}}}}}"#));
    let all = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", ID),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET),
        ("ALIBABA_CLOUD_SECURITY_TOKEN", TOKEN),
        ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/r"),
        ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/p"),
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", token.to_str().unwrap()),
        ("ALIBABA_CLOUD_ECS_METADATA", "web"),
        ("ALIBABA_CLOUD_CREDENTIALS_URI", "http://localhost/"),
    ];
    let direct = metadata();
    let ask = async |from: usize, home: &Path| {
        let chain = chain(home, &all[from..], &direct).transport(sts.clone());
        chain.credentials().await.unwrap().provider().to_owned()
    };
    assert_eq!(ask(0, home.path()).await, "default/env");
    assert_eq!(ask(3, home.path()).await, "default/oidc_role_arn");
    assert_eq!(ask(6, home.path()).await, "default/cli_profile/sts_token");
    std::fs::remove_dir_all(home.path().join(".aliyun")).unwrap();
    assert_eq!(ask(6, home.path()).await, "default/profile/access_key");
    std::fs::remove_dir_all(home.path().join(".alibabacloud")).unwrap();
    assert!(direct.requests().is_empty(), "nobody behind the one that answers is asked");
    assert_eq!(ask(6, home.path()).await, "default/ecs_ram_role");

    let off = [
        ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"),
        ("ALIBABA_CLOUD_CREDENTIALS_URI", "http://localhost/"),
    ];
    let last = chain(home.path(), &off, &direct);
    assert_eq!(found(&last).await, "default/credentials_uri");
}

#[tokio::test]
async fn names_everybody_who_had_nothing() {
    let home = tempfile::tempdir().unwrap();
    let chain = chain(home.path(), &[], &no_metadata());
    let error = refused(&chain).await;
    assert!(error.is_absent());
    let file = |folder, name| home.path().join(folder).join(name).display().to_string();
    assert_eq!(
        error.to_string(),
        format!(
            "default: no provider has any: \
             env: ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET are not set; \
             oidc_role_arn: ALIBABA_CLOUD_OIDC_PROVIDER_ARN and ALIBABA_CLOUD_OIDC_TOKEN_FILE are not set; \
             cli_profile: {} does not exist; \
             profile: {} does not exist, {} does not exist; \
             ecs_ram_role: there is no metadata service here: there was no connection (100.100.100.200): \
             fault of FakeTransport; \
             credentials_uri: ALIBABA_CLOUD_CREDENTIALS_URI is not set",
            file(".aliyun", "config.json"),
            file(".alibabacloud", "credentials"),
            file(".alibabacloud", "credentials.ini"),
        )
    );
}

#[tokio::test]
async fn stops_at_one_that_is_set_up_and_does_not_work() {
    let home = full_home();
    let direct = metadata();
    let half = [("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "sesame")];
    let error = refused(&chain(home.path(), &half, &direct)).await;
    assert!(!error.is_absent());
    says(&error, &["default/env: ALIBABA_CLOUD_ACCESS_KEY_SECRET is set, but"]);

    std::fs::write(home.path().join(".aliyun").join("config.json"), "{sesame").unwrap();
    let error = refused(&chain(home.path(), &[], &direct)).await;
    says(&error, &["default/cli_profile: ", "is not JSON", "(asked before: env: ALIBABA"]);

    let spoiled =
        [("ALIBABA_CLOUD_ACCESS_KEY_ID", "id"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "sesame\n")];
    let error = refused(&chain(home.path(), &spoiled, &direct)).await;
    says(&error, &["default/env: the access key secret ends with a blank or a line break"]);
    assert!(direct.requests().is_empty());
}

#[tokio::test]
async fn stays_with_the_one_that_worked() {
    let home = tempfile::tempdir().unwrap();
    let clock = clock();
    let direct = metadata();
    let chain =
        chain(home.path(), &[("ALIBABA_CLOUD_ECS_METADATA", "web")], &direct).clock(clock.clone());
    assert_eq!(found(&chain).await, "default/ecs_ram_role");
    let before = direct.requests().len();

    // A file that appears does not change the account under a running program.
    std::fs::create_dir(home.path().join(".alibabacloud")).unwrap();
    let text = "[default]\ntype=access_key\naccess_key_id=LTAI1\naccess_key_secret=s\n";
    std::fs::write(home.path().join(".alibabacloud").join("credentials"), text).unwrap();
    clock.advance(Duration::from_secs(3300));
    assert_eq!(found(&chain).await, "default/ecs_ram_role");
    assert!(direct.requests().len() > before, "they were renewed");
}

/// A waker for an executor that is nothing but a thread.
struct Unpark(std::thread::Thread);

impl std::task::Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let waker = Arc::new(Unpark(std::thread::current())).into();
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        std::thread::park();
    }
}

#[test]
fn needs_no_particular_executor() {
    let home = tempfile::tempdir().unwrap();
    let role = ("ALIBABA_CLOUD_ECS_METADATA", "web");
    let chain = chain(home.path(), &[role], &metadata());
    assert_eq!(block_on(found(&chain)), "default/ecs_ram_role");

    // The default transport does need one, and says so instead of a panic.
    let alone = DefaultChain::new().variables(crate::variables(&[role]));
    let error = block_on(refused(&alone));
    let part = if cfg!(feature = "transport") { "needs a tokio runtime" } else { "no transport" };
    says(&error, &["ecs_ram_role: ", part]);
}
