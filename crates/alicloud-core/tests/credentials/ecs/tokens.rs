//! What the errors of requests with a token of the metadata service say about the token.

use alicloud_core::credentials::{CredentialsError, EcsMetadata};
use alicloud_core::testing::FakeTransport;

use crate::{assert_contains, clock, expect_error, variables};

/// Returns the error of a service that returns a token, and then only this status and type.
async fn error_of(status: u16, content_type: &str, requires_token: bool) -> CredentialsError {
    let fake = FakeTransport::new().respond_raw("", 200, &[], "sesame-token");
    let fake = fake.respond_raw("", status, &[("content-type", content_type)], "x");
    let provider = EcsMetadata::new().direct_transport(fake).variables(variables(&[]));
    let provider = provider.clock(clock());
    expect_error(&if requires_token { provider.disable_imds_v1() } else { provider }).await
}

#[tokio::test]
async fn only_a_required_token_that_is_refused_is_called_rejected() {
    for (status, requires_token, is_rejected) in [
        (401, true, true),
        (403, true, true),
        (401, false, false),
        (403, false, false),
        (500, true, false),
        (404, true, false),
        (500, false, false),
    ] {
        let error = error_of(status, "text/plain", requires_token).await.to_string();
        let shown = error.contains("the token was rejected, and requests without one are disabled");
        assert_eq!(shown, is_rejected, "{status} {requires_token} {error}");
    }
}

/// The type of the content is shown, so a token in it is hidden.
#[tokio::test]
async fn a_service_that_repeats_the_token_does_not_show_it() {
    let error = error_of(500, "text/sesame-token", true).await;
    assert_contains(&error, &["(text/<redacted>, 1 bytes)"]);
}
