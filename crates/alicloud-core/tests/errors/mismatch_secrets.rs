//! Secret parameters in what a service says about a signature: hidden by their names, because a value that was
//! changed in transit is not the known one.

use alicloud_core::testing::FakeTransport;
use alicloud_core::wire::Secret;
use alicloud_core::{Error, SignatureMismatch, SignatureVersion};

use crate::common::*;

alicloud_core::wire::request! {
    struct LoginRequest -> Task {
        id: Option<String> = query("Id"),
        password: Option<Secret> = query("Pw"),
    }
}

/// Returns the error of a service that says this about the signature. `make_message` gets the canonical request,
/// in which the password is a placeholder.
async fn error_with(make_message: impl Fn(&str) -> String) -> Error {
    let request = LoginRequest { id: Some("1".into()), password: Some(Secret::new("sesame")) };
    let client = |fake: FakeTransport| {
        let builder = fixed_builder(&CDN).transport(fake).signature(SignatureVersion::Acs3);
        builder.build().unwrap()
    };
    let preview = client(FakeTransport::new()).call(&REFRESH, &request).preview().await.unwrap();
    let message = make_message(&preview.canonical_request.unwrap());
    let fake = FakeTransport::new().error(REFRESH.name(), 400, "SignatureDoesNotMatch", &message);
    let error = client(fake).call(&REFRESH, &request).await.unwrap_err();
    let shown = format!("{error} {error:?} {:?}", error.message());
    assert!(!shown.contains("sesame"), "{shown}");
    error
}

#[tokio::test]
async fn every_value_after_the_name_of_a_secret_is_hidden() {
    let error = error_with(|_| "a Pw=one&Pw=two&Id=1 Pw=sesame Pw%3Dx%26 end".to_owned()).await;
    let expected = "a Pw=<redacted>&Pw=<redacted>&Id=1 Pw=<redacted> Pw%3D<redacted>%26 end";
    assert_eq!(error.message(), Some(expected));
}

#[tokio::test]
async fn only_the_values_of_a_secret_are_missing_from_a_difference() {
    for (id, password, part, values) in [
        ("2", "sesame", "parameter Id", (Some("1"), Some("2"))),
        ("1", "Sesam", "parameter Pw", (None, None)),
    ] {
        let error = error_with(|canonical| {
            let canonical = canonical.replace("%3Credacted%3E", password);
            let canonical =
                canonical.replace("<redacted>", password).replace("Id=1", &format!("Id={id}"));
            format!("server CanonicalRequest is [{canonical}]")
        });
        let error = error.await;
        let Some(SignatureMismatch::Text { part: found, ours, theirs }) =
            error.signature_mismatch()
        else {
            panic!("{error}");
        };
        assert_eq!((found.as_str(), (ours.as_deref(), theirs.as_deref())), (part, values));
    }
}
