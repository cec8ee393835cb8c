//! Where credentials come from, against servers on loopback, files in folders that vanish and real
//! processes. None of it reads the environment or the home directory of whoever runs it.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod chain;
mod cli;
#[cfg(feature = "transport")]
mod ecs;
mod ini;
#[cfg(unix)]
mod process;
mod refresh;
#[cfg(feature = "transport")]
mod server;
#[cfg(feature = "transport")]
mod sts;
#[cfg(feature = "transport")]
mod uri;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alicloud_core::credentials::{CredentialsError, ProvideCredentials, Variables};
use alicloud_core::testing::ManualClock;

const ID: &str = "STS.NUexample";
const SECRET: &str = "ASecretThatNobodyShallEverSee";
const TOKEN: &str = "A+Token/That=Nobody==ShallSee";

/// 2026-01-02T03:04:05Z, when the vectors were recorded.
const NOW: u64 = 1_767_323_045;

fn clock() -> ManualClock {
    ManualClock::from_unix_seconds(NOW)
}

fn after(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW + seconds)
}

fn variables(variables: &[(&str, &str)]) -> Variables {
    Variables::from_pairs(variables.iter().copied())
}

/// The four fields, as STS, the metadata service and credentials URIs spell them.
fn temporary(expiration: &str) -> String {
    format!(
        r#""AccessKeyId":"{ID}","AccessKeySecret":"{SECRET}","SecurityToken":"{TOKEN}","Expiration":"{expiration}""#
    )
}

/// Credentials that are the expected ones; their provider.
async fn found(provider: &impl ProvideCredentials) -> String {
    let credentials = provider.credentials().await.unwrap();
    assert_eq!(credentials.access_key_id(), ID);
    assert_eq!(credentials.access_key_secret().expose(), SECRET);
    assert_eq!(credentials.security_token().unwrap().expose(), TOKEN);
    credentials.provider().to_owned()
}

/// An error that shows nothing it should not, and no second line.
async fn refused(provider: &impl ProvideCredentials) -> CredentialsError {
    let error = provider.credentials().await.unwrap_err();
    let shown = format!("{error} {error:?} {provider:?}");
    for hidden in [SECRET, TOKEN, "sesame"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
    assert!(!error.to_string().contains('\n'), "{error}");
    error
}

/// The error contains all of these.
fn says(error: &CredentialsError, parts: &[&str]) {
    let text = error.to_string();
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in {text:?}");
    }
}
