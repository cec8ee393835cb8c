//! No `Debug` or `Display` output, error or trace event contains a secret.
//!
//! One test collects the output of the runtime for known secrets and searches it. In the end it adds a
//! secret to the output, to check that the search finds one. The others do the same for the secrets in the
//! parameters and responses of generated products and of generic calls.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may panic"
)]

mod credentials;
mod errors;
mod names;
mod parameters;
mod responses;

use std::fmt::{Debug, Display, Write as _};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use alicloud_cdn::model::DescribeRefreshTaskByIdRequest;
use alicloud_core::testing::{DeterministicNonce, FakeTransport, ManualClock};
use alicloud_core::{Credentials, Error, SignatureVersion};
use alicloud_secrets::model::ModifyInstanceRequest;
use alicloud_secrets::model::modify_instance::{Account as InstanceAccount, User};
use serde_json::json;

const SECRET: &str = "Sup3rSecretAccessKeySecret";
const TOKEN: &str = "HiddenSecurityToken";

/// Values of secret parameters: of several lengths, and with characters that are escaped in URLs, JSON or
/// XML. None occurs by chance in the output.
const VALUES: [&str; 9] = [
    "Zq",
    "Zq7",
    "918",
    "Zq+/=",
    "Zq \"\\/+=&<ü%",
    "JqLettersOnly",
    "JqDigits0123456789",
    "Jq \"quoted\" \\path/with+plus=equals ümlaut 密码 & <tag> 100% it's",
    "Jq-line\nbreak-----BEGIN PRIVATE KEY-----",
];

const SIGNATURES: [SignatureVersion; 2] = [SignatureVersion::Acs3, SignatureVersion::Hmac1];

/// The collected output.
#[derive(Default)]
struct Output(String);

impl Output {
    fn debug(&mut self, value: &impl Debug) {
        write!(self.0, "{value:?}\n{value:#?}\n").unwrap();
    }

    fn display(&mut self, value: &impl Display) {
        write!(self.0, "{value}\n{value:#}\n").unwrap();
    }

    fn error(&mut self, error: &Error) {
        self.debug(error);
        self.display(error);
        let mut source = std::error::Error::source(error);
        while let Some(error) = source {
            self.debug(&error);
            self.display(&error);
            source = error.source();
        }
    }

    /// Returns the secrets that the output contains.
    fn leaks(&self, secrets: &[String]) -> Vec<String> {
        secrets.iter().filter(|secret| self.0.contains(secret.as_str())).cloned().collect()
    }

    fn expect_no(&self, value: &str) {
        let leaks = self.leaks(&spellings(value));
        assert_eq!(leaks, [""; 0], "{value:?} in {}", self.0);
    }

    /// Adds every form of an error, also the parts of it.
    fn all_of_error(&mut self, error: &Error) {
        self.error(error);
        self.display(&serde_json::to_string(error).unwrap());
        self.debug(&(error.code(), error.message(), error.signature_mismatch()));
        self.display(&String::from_utf8_lossy(error.body().map_or(&[], |body| body)));
    }
}

/// Returns the forms in which a text can contain a value.
fn spellings(value: &str) -> Vec<String> {
    let json = |text: &str| serde_json::to_string(text).unwrap().trim_matches('"').to_owned();
    let escaped = json(value);
    let percent = |text: &str| alicloud_core::wire::percent_encode(text).into_owned();
    let mut all = vec![value.to_owned(), escaped.clone(), json(&escaped)];
    all.extend([escaped.replace('/', "\\/"), percent(value).replace("%20", "+")]);
    for text in [value, &escaped] {
        all.extend([percent(text), percent(&percent(text))]);
    }
    all.push(format!("{value:?}").trim_matches('"').to_owned());
    all
}

/// A writer that collects trace events.
#[derive(Clone, Default)]
struct TraceWriter(Arc<Mutex<Vec<u8>>>);

impl TraceWriter {
    /// Records every event of this thread until the guard is dropped.
    fn subscribe(&self) -> tracing::subscriber::DefaultGuard {
        let writer = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(move || writer.clone())
            .with_ansi(false)
            .finish();
        tracing::subscriber::set_default(subscriber)
    }
}

impl Write for TraceWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn credentials() -> Credentials {
    Credentials::new("LTAIVisibleKeyId", SECRET).with_security_token(TOKEN)
}

fn ids() -> DescribeRefreshTaskByIdRequest {
    DescribeRefreshTaskByIdRequest::new(["12345678"])
}

/// A request with a secret in every style of a parameter.
fn modify_instance(value: &str) -> ModifyInstanceRequest {
    let account = || InstanceAccount::new().name("visible-account").password(value);
    ModifyInstanceRequest::new()
        .instance_id("i-visible")
        .password(value)
        .user_data(value)
        .users([User::new().name("visible-user").password(value)])
        .accounts([account(), account()])
        .passwords([value.replace(',', ""), value.replace(',', "")])
        .pin(value)
        .auth_key("visible-kind")
        .password_inherit(true)
        .extra(json!({"Visible": "visible-extra", "Nested": [{"LoginPassword": value}]}))
        .parameters(json!({"Password": value, "Name": "visible-parameter"}).to_string())
}

fn secrets_client(fake: &FakeTransport, signature: SignatureVersion) -> alicloud_secrets::Client {
    let builder = alicloud_secrets::Client::builder().region("cn-hangzhou");
    let builder = builder.credentials(credentials()).signature(signature).transport(fake.clone());
    let builder = builder.clock(ManualClock::from_unix_seconds(1_767_323_045));
    builder.nonce_source(DeterministicNonce::constant("nonce")).build().unwrap()
}
