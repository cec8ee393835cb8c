//! Previews of requests.

use std::fmt;

use bytes::Bytes;
use http::{Method, Request};

use crate::call::sent_request::SentRequest;
use crate::secret::{REDACTED, Secret, with_plain_placeholder};

/// The request of a call that is not sent.
///
/// Returned by [`Call::preview`](crate::Call::preview). `Display` shows everything, followed by a `curl`
/// command.
///
/// No part of it contains a secret, so it may be logged. `<redacted>` stands for the access key secret, the
/// security token, the signature, each [`Secret`](crate::Secret) of the request, and the values of headers,
/// of parameters without a declared type ([`GenericCall`](crate::GenericCall),
/// [`Call::query_param`](crate::Call::query_param)) and of keys in free-form JSON whose names suggest a
/// password, secret, token, credential or key. If a parameter is redacted, the hashes and the text to sign
/// are those of the redacted request.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, Credentials};
/// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
/// #     .credentials(Credentials::new("id", "secret")).transport(FakeTransport::new()).build()?;
/// let call = client.generic_call("DescribeRefreshTaskById").param("TaskId", "1").into_call();
/// let preview = call.preview().await?;
/// assert_eq!((preview.method.as_str(), preview.body.len()), ("POST", 0));
/// assert!(preview.canonical_request.unwrap().starts_with("POST\n/\nTaskId=1\n"));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Preview {
    /// The HTTP method.
    pub method: Method,
    /// The URL.
    pub url: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
    /// The canonical request, for signature versions that have one.
    pub canonical_request: Option<String>,
    /// The string to sign; `None` for an unsigned call.
    pub string_to_sign: Option<String>,
    /// Whether the request is signed with a placeholder, because there are no credentials.
    pub has_placeholder_credentials: bool,
}

impl Preview {
    pub(crate) fn new(
        request: Request<Bytes>,
        sent: SentRequest,
        has_placeholder_credentials: bool,
    ) -> Self {
        // The parameters of this request have no secrets.
        let redactor = sent.credentials_redactor();
        let shown = |text: &str| with_plain_placeholder(&redactor.redact(text));
        let signed_text = |text: &Option<Secret>| text.as_ref().map(|text| shown(text.expose()));
        let (head, body) = request.into_parts();
        let headers = head
            .headers
            .iter()
            .map(|(name, value)| {
                let value = match value.is_sensitive() {
                    true => REDACTED.to_owned(),
                    false => shown(&String::from_utf8_lossy(value.as_bytes())),
                };
                (name.as_str().to_owned(), value)
            })
            .collect();
        Preview {
            method: head.method,
            url: shown(&head.uri.to_string()),
            headers,
            body: match std::str::from_utf8(&body) {
                Ok(text) => Bytes::from(shown(text)),
                Err(_) => body,
            },
            canonical_request: signed_text(&sent.canonical_request),
            string_to_sign: signed_text(&sent.string_to_sign),
            has_placeholder_credentials,
        }
    }

    /// Returns the request as a `curl` command. The signature is redacted, so running the command does not
    /// execute the request.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(FakeTransport::new()).build()?;
    /// let call = client.generic_call("DescribeRefreshTaskById").param("TaskId", "1").into_call();
    /// let curl = call.preview().await?.curl();
    /// assert!(curl.starts_with("curl -X POST 'https://cdn.aliyuncs.com/?TaskId=1' -H "));
    /// # Ok(()) }
    /// ```
    pub fn curl(&self) -> String {
        let mut out = format!("curl -X {} {}", self.method, shell_quote(&self.url));
        for (name, value) in &self.headers {
            out.push_str(" -H ");
            out.push_str(&shell_quote(&format!("{name}: {value}")));
        }
        if !self.body.is_empty() {
            out.push_str(" --data-raw ");
            out.push_str(&shell_quote(&String::from_utf8_lossy(&self.body)));
        }
        out
    }
}

impl fmt::Display for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.has_placeholder_credentials {
            writeln!(f, "(no credentials; signed with a placeholder)")?;
        }
        writeln!(f, "{} {}", self.method, self.url)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value}")?;
        }
        if !self.body.is_empty() {
            writeln!(f, "\n{}", String::from_utf8_lossy(&self.body))?;
        }
        if let Some(text) = &self.canonical_request {
            writeln!(f, "\ncanonical request:\n{text}")?;
        }
        if let Some(text) = &self.string_to_sign {
            writeln!(f, "\nstring to sign:\n{text}")?;
        }
        write!(f, "\n{}", self.curl())
    }
}

/// Quotes a word for a POSIX shell.
fn shell_quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
