//! Credentials providers, with servers on loopback, files in temporary directories and real processes.
//! No test reads the environment or the home directory of the user.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod account;
mod boundaries;
mod chain;
mod cli;
#[cfg(feature = "transport")]
mod ecs;
mod ini;
mod login;
mod names;
#[cfg(unix)]
mod process;
mod refresh;
#[cfg(feature = "transport")]
mod server;
#[cfg(feature = "transport")]
mod sts;
mod switches;
mod table;
#[cfg(feature = "transport")]
mod uri;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alicloud_core::credentials::{CredentialsError, ProvideCredentials, Variables};
use alicloud_core::testing::ManualClock;

const ID: &str = "STS.NUexample";
const SECRET: &str = "ASecretThatNobodyShallEverSee";
const TOKEN: &str = "A+Token/That=Nobody==ShallSee";

/// 2026-01-02T03:04:05Z, the time of the recorded vectors.
const NOW: u64 = 1_767_323_045;

fn clock() -> ManualClock {
    ManualClock::from_unix_seconds(NOW)
}

fn time_after(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW + seconds)
}

fn variables(variables: &[(&str, &str)]) -> Variables {
    Variables::from_pairs(variables.iter().copied())
}

/// Returns the four fields with the names of STS, the metadata service and credentials URIs.
fn temporary(expiration: &str) -> String {
    format!(
        r#""AccessKeyId":"{ID}","AccessKeySecret":"{SECRET}","SecurityToken":"{TOKEN}","Expiration":"{expiration}""#
    )
}

/// Asserts that the provider returns the expected credentials, and returns their provider name.
async fn expect_credentials(provider: &impl ProvideCredentials) -> String {
    let credentials = provider.credentials().await.unwrap();
    assert_eq!(credentials.access_key_id(), ID);
    assert_eq!(credentials.access_key_secret().expose(), SECRET);
    assert_eq!(credentials.security_token().unwrap().expose(), TOKEN);
    credentials.provider().to_owned()
}

/// Returns the error of the provider. Asserts that it shows no secret and has one line.
async fn expect_error(provider: &impl ProvideCredentials) -> CredentialsError {
    let error = provider.credentials().await.unwrap_err();
    let shown = format!("{error} {error:?} {provider:?}");
    for secret in [SECRET, TOKEN, "sesame"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(!error.to_string().contains('\n'), "{error}");
    error
}

/// Asserts that the error contains all of these texts.
fn assert_contains(error: &CredentialsError, parts: &[&str]) {
    let text = error.to_string();
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in {text:?}");
    }
}
