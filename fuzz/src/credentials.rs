//! Credentials files and the output of programs.

use std::cell::RefCell;
use std::io;
use std::path::PathBuf;

use alicloud_core::credentials::{
    CliProfile, CredentialsError, ExternalProcess, IniProfile, ProcessLimits, ProvideCredentials,
    RunProcess, Variables,
};
use alicloud_core::testing::{DeterministicNonce, FakeTransport, ManualClock};
use alicloud_core::{BoxFuture, Credentials, Secret};

use crate::runtime::{Choices, block_on, scratch_file, write};
use crate::secrets::{assert_hidden, fill};

/// Separates the text of a file from what programs print and STS responds.
const SEPARATOR: &[u8] = b"\n---\n";

/// A program that prints what the input says.
#[derive(Debug)]
struct Output(Secret);

impl RunProcess for Output {
    fn run(
        &self,
        _: &str,
        _: &[String],
        _: ProcessLimits,
    ) -> BoxFuture<'static, io::Result<Secret>> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }
}

thread_local! {
    static PATH: RefCell<PathBuf> = RefCell::new(scratch_file("credentials"));
}

/// Checks that credentials are read without a panic and are valid, and that no error shows a secret of a file.
/// The first byte selects the provider; the bytes 0x80 to 0x9F stand for secrets.
pub fn check(data: &[u8]) {
    let mut choices = Choices(data);
    let provider = choices.byte();
    let secrets = ["Zq9SecretThatNobodySees".to_owned(), "Zq9Token+That/Nobody==Sees".to_owned()];
    let split = choices.0.windows(SEPARATOR.len()).position(|window| window == SEPARATOR);
    let (text, output) = match split {
        Some(position) => (&choices.0[..position], &choices.0[position + SEPARATOR.len()..]),
        None => (choices.0, choices.0),
    };
    let file = fill(text, &secrets);
    let output = fill(output, &secrets);
    let printed = Secret::from(String::from_utf8_lossy(&output).into_owned());
    let status = if provider & 0x80 == 0 { 200 } else { 403 };
    let transport = ["AssumeRole", "AssumeRoleWithOIDC", ""]
        .iter()
        .fold(FakeTransport::new(), |transport, operation| {
            transport.respond_raw(operation, status, &[], output.clone())
        });
    let clock = ManualClock::from_unix_seconds(1_767_323_045);
    let nonces = DeterministicNonce::constant("3156853299f313e23d1673dc12e1703d");
    let variables =
        Variables::from_pairs([("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"), ("HOME", "/none")]);
    let path = PATH.with_borrow(PathBuf::clone);
    if provider % 3 != 2 {
        write(&path, &file);
    }
    let provider: Box<dyn ProvideCredentials> = match provider % 3 {
        0 => Box::new(
            IniProfile::new()
                .file(path)
                .variables(variables)
                .clock(clock)
                .nonce_source(nonces)
                .transport(transport.clone())
                .direct_transport(transport),
        ),
        1 => Box::new(
            CliProfile::new()
                .file(path)
                .variables(variables)
                .clock(clock)
                .nonce_source(nonces)
                .transport(transport.clone())
                .direct_transport(transport)
                .process_runner(Output(printed)),
        ),
        _ => Box::new(
            ExternalProcess::new("print")
                .variables(variables)
                .clock(clock)
                .process_runner(Output(printed)),
        ),
    };
    let first = block_on(provider.credentials());
    let second = block_on(provider.credentials());
    assert_eq!(first.is_ok(), second.is_ok(), "the second result differs: {first:?} {second:?}");
    for result in [first, second] {
        check_result(result, &secrets);
    }
    assert_hidden(&format!("{provider:?}"), &secrets);
}

fn check_result(result: Result<Credentials, CredentialsError>, secrets: &[String; 2]) {
    match result {
        Ok(credentials) => {
            assert!(credentials.validate().is_ok(), "{credentials:?} cannot be sent");
            let [shown, json] = [format!("{credentials:?}"), credentials.provider().to_owned()];
            // The identifier is no secret, and a file can have any text as one.
            let shown = shown.replace(&format!("{:?}", credentials.access_key_id()), "");
            assert_hidden(&shown, secrets);
            assert_hidden(&json, secrets);
        }
        Err(error) => {
            let text = error.to_string();
            assert!(!text.contains('\n'), "{text:?} has several lines");
            // The name of a profile and a path are no secrets, and a file can have any text as one.
            let quoted = ["has no profile", "cannot read", "the token file"];
            if !quoted.iter().any(|quoted| text.contains(quoted)) {
                assert_hidden(&text, secrets);
                assert_hidden(&format!("{error:?}"), secrets);
            }
        }
    }
}
