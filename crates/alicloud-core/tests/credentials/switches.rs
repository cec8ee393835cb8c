//! Variables that are on or off, and the home directory.

use std::sync::Arc;

use alicloud_core::credentials::{CliProfile, CredentialsUri, EcsMetadata, ProvideCredentials};
use alicloud_core::testing::FakeTransport;

use crate::{assert_contains, clock, expect_error, temporary, variables};

/// A variable, and a provider that depends on it.
fn providers(variable: &'static str, value: &str) -> Arc<dyn ProvideCredentials> {
    let variables = variables(&[(variable, value)]);
    let fields = temporary("2026-01-02T04:04:05Z");
    let service =
        FakeTransport::new().respond_json("", format!(r#"{{"Code":"Success",{fields}}}"#));
    match variable {
        "ALIBABA_CLOUD_CLI_PROFILE_DISABLED" | "ALIBABA_CLOUD_IGNORE_PROFILE" => {
            Arc::new(CliProfile::new().variables(variables).clock(clock()))
        }
        "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS" => Arc::new(
            CredentialsUri::new()
                .uri("http://127.0.0.1/")
                .variables(variables)
                .direct_transport(service)
                .clock(clock()),
        ),
        _ => Arc::new(
            EcsMetadata::new()
                .role("web")
                .variables(variables)
                .direct_transport(service)
                .clock(clock()),
        ),
    }
}

#[tokio::test]
async fn all_switches_accept_the_same_values() {
    for variable in [
        "ALIBABA_CLOUD_CLI_PROFILE_DISABLED",
        "ALIBABA_CLOUD_IGNORE_PROFILE",
        "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS",
        "ALIBABA_CLOUD_ECS_METADATA_DISABLED",
    ] {
        for value in ["true", "TRUE", " True\n", "1", "yes", "Yes", "on", "ON"] {
            let error = providers(variable, value).credentials().await.unwrap_err();
            assert_contains(&error, &[&format!("because {variable} is set")]);
        }
        for value in ["", " ", "false", "False ", "0", "no", "NO", "off"] {
            if let Err(error) = providers(variable, value).credentials().await {
                assert!(!error.to_string().contains(variable), "{value:?}: {error}");
            }
        }
        for value in ["sesame", "t", "2", "enabled", "truefalse", "-1"] {
            let error = expect_error(&providers(variable, value)).await;
            assert!(!error.is_absent());
            assert_contains(&error, &[variable, "must be `true`, `1`, `yes` or `on`, or `false`"]);
        }
    }
}

/// The variables of a process cannot be changed safely, so a child process has others.
#[cfg(unix)]
mod child {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::process::Command;

    use alicloud_core::ProvideCredentials as _;
    use alicloud_core::credentials::{CliProfile, EcsMetadata, IniProfile};

    /// Runs `prints_errors` in a child process, and returns what it prints.
    fn errors(configure: impl FnOnce(&mut Command)) -> String {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["switches::child::prints_errors", "--exact", "--ignored", "--nocapture"]);
        configure(&mut child);
        let output = child.output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    }

    #[tokio::test]
    #[ignore = "other tests run it in a child process"]
    async fn prints_errors() {
        let ini = IniProfile::new().profile("no such profile").credentials().await.unwrap_err();
        let cli = CliProfile::new().profile("no such profile").credentials().await.unwrap_err();
        let metadata = EcsMetadata::new().role("web").credentials().await.unwrap_err();
        println!("{ini}\n{cli}\n{metadata}");
    }

    #[test]
    fn a_switch_that_is_not_unicode_is_an_error() {
        for variable in
            ["ALIBABA_CLOUD_ECS_METADATA_DISABLED", "ALIBABA_CLOUD_CLI_PROFILE_DISABLED"]
        {
            let printed = errors(|child| {
                child.env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
                child.env(variable, OsStr::from_bytes(b"true\xff"));
            });
            assert!(printed.contains(&format!("{variable} must be `true`, `1`")), "{printed}");
        }
    }

    #[test]
    fn without_home_the_user_database_has_the_home_directory() {
        for is_empty in [false, true] {
            let printed = errors(|child| {
                child.env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
                match is_empty {
                    true => child.env("HOME", ""),
                    false => child.env_remove("HOME"),
                };
            });
            assert!(printed.contains("/.alibabacloud/credentials"), "{is_empty}: {printed}");
            assert!(!printed.contains("no home directory"), "{is_empty}: {printed}");
        }
    }
}
