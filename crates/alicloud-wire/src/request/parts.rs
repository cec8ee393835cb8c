//! The parts of an encoded request, as they are sent and as they are shown.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

use super::ParameterLocation;
use crate::Secret;
use crate::sensitive::{REDACTED, is_masked_name, mask_text, named_values};

/// A name and a value of a query or a form, before percent-encoding.
///
/// # Examples
///
/// ```
/// use alicloud_wire::request::Pair;
///
/// let pair: Pair = ("TaskId".into(), "1,2".into());
/// assert_eq!(pair.1, "1,2");
/// ```
pub type Pair = (Cow<'static, str>, Cow<'static, str>);

/// The parts of an encoded request, before it has an endpoint and a signature.
///
/// `Debug` shows `<redacted>` instead of each secret.
///
/// # Examples
///
/// ```
/// # alicloud_wire::request! {
/// #     struct GetRequest -> () {
/// #         id: Option<String> = path("Id"),
/// #         verbose: Option<bool> = query("Verbose"),
/// #     }
/// # }
/// let request = GetRequest { id: Some("i-1".to_owned()), verbose: Some(true) };
/// let parts = alicloud_wire::request::encode(&request)?;
/// assert_eq!(parts.path, [("Id".into(), "i-1".to_owned())]);
/// assert_eq!(parts.query, [("Verbose".into(), "true".into())]);
/// assert_eq!(parts.body, None);
/// # Ok::<(), alicloud_wire::InvalidParameter>(())
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct RequestParts {
    /// Parameters in the query.
    pub query: Vec<Pair>,
    /// Parameters in the form-encoded body.
    pub form: Vec<Pair>,
    /// Parameters in headers, with their documented names.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// Values of the placeholders of the path, before percent-encoding.
    pub path: Vec<(Cow<'static, str>, String)>,
    /// The first label of the host name, if it is a parameter.
    pub host: Option<String>,
    /// The body, if it is not a form.
    pub body: Option<Body>,
    /// Location and name of an idempotency token that is absent in the request.
    pub token: Option<(ParameterLocation, &'static str)>,
    /// Location and name of a required `RegionId` that is absent in the request. The runtime sends the region
    /// of the client.
    pub region: Option<(ParameterLocation, &'static str)>,
    /// The secrets that the parts contain.
    pub secrets: Vec<Secret>,
    /// The same parts with `<redacted>` instead of each secret, for previews and records; `None` if there
    /// are no secrets.
    pub shown: Option<Box<RequestParts>>,
}

impl RequestParts {
    /// Sets a query parameter that the description does not declare, so its name decides whether the value
    /// is a secret.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_wire::RequestParts;
    ///
    /// let mut parts = RequestParts::default();
    /// parts.set_query("OwnerId", "42");
    /// parts.set_query("Password", "s3cr3t");
    /// assert_eq!(parts.query[1].1, "s3cr3t");
    /// assert_eq!(parts.shown.unwrap().query[1].1, "<redacted>");
    /// ```
    pub fn set_query(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        let masked = mask_named(&name, &value, &mut self.secrets);
        if masked.is_some() {
            self.shown_mut();
        }
        if let Some(shown) = &mut self.shown {
            let value = masked.unwrap_or_else(|| value.clone());
            shown.query.retain(|(known, _)| *known != name);
            shown.query.push((name.clone().into(), value.into()));
        }
        self.query.retain(|(known, _)| *known != name);
        self.query.push((name.into(), value.into()));
    }

    /// Finds the secrets in parts that no description declares, by the names of the parameters and of the
    /// keys in JSON.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_wire::{Body, RequestParts};
    ///
    /// let body = Some(Body::Json(r#"{"User":{"Name":"a","Password":"s3cr3t"}}"#.to_owned()));
    /// let mut parts = RequestParts { body, ..RequestParts::default() };
    /// parts.find_secrets_by_name();
    /// let shown = Body::Json(r#"{"User":{"Name":"a","Password":"<redacted>"}}"#.to_owned());
    /// assert_eq!(parts.shown.unwrap().body, Some(shown));
    /// ```
    pub fn find_secrets_by_name(&mut self) {
        let mut secrets = Vec::new();
        let mut shown = self.without_secrets();
        for pairs in [&mut shown.query, &mut shown.form] {
            let values = named_values(pairs.iter().map(|(name, value)| (&**name, &**value)));
            for (name, value) in pairs {
                let masked = match values.contains(&**name) && !value.is_empty() {
                    true => Some(mask(value, &mut secrets)),
                    false => mask_named(name, value, &mut secrets),
                };
                if let Some(masked) = masked {
                    *value = masked.into();
                }
            }
        }
        for (name, value) in &mut shown.path {
            if let Some(masked) = mask_named(name, value, &mut secrets) {
                *value = masked;
            }
        }
        if let Some(Body::Json(text) | Body::Text(text)) = &mut shown.body
            && let Some(masked) = mask_text(text, &mut secrets)
        {
            *text = masked;
        }
        if !secrets.is_empty() {
            self.secrets.append(&mut secrets);
            self.shown = Some(Box::new(shown));
        }
    }

    /// Finds the secrets in headers by their names, also in those that a description declares.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_wire::RequestParts;
    ///
    /// let headers = vec![("X-Api-Key".into(), "s3cr3t".to_owned())];
    /// let mut parts = RequestParts { headers, ..RequestParts::default() };
    /// parts.find_secret_headers();
    /// assert_eq!(parts.shown.unwrap().headers[0].1, "<redacted>");
    /// ```
    pub fn find_secret_headers(&mut self) {
        for index in 0..self.headers.len() {
            if let Some((name, value)) = self.headers.get(index)
                && let Some(masked) = mask_named(name, value, &mut self.secrets)
                && let Some((_, shown)) = self.shown_mut().headers.get_mut(index)
            {
                *shown = masked;
            }
        }
    }

    /// Returns the parts to be shown, created if there are none.
    fn shown_mut(&mut self) -> &mut RequestParts {
        if self.shown.is_none() {
            self.shown = Some(Box::new(self.without_secrets()));
        }
        self.shown.get_or_insert_default()
    }

    /// Returns the parts without the lists of secrets.
    fn without_secrets(&self) -> RequestParts {
        RequestParts {
            query: self.query.clone(),
            form: self.form.clone(),
            headers: self.headers.clone(),
            path: self.path.clone(),
            host: self.host.clone(),
            body: self.body.clone(),
            token: self.token,
            secrets: Vec::new(),
            region: self.region,
            shown: None,
        }
    }
}

impl fmt::Debug for RequestParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.shown.as_deref().unwrap_or(self);
        f.debug_struct("RequestParts")
            .field("query", &shown.query)
            .field("form", &shown.form)
            .field("headers", &shown.headers)
            .field("path", &shown.path)
            .field("host", &shown.host)
            .field("body", &shown.body)
            .field("token", &shown.token)
            .field("region", &shown.region)
            .finish_non_exhaustive()
    }
}

/// Returns what is shown of a value whose name decides, if it is or contains a secret, and collects that.
fn mask_named(name: &str, value: &str, secrets: &mut Vec<Secret>) -> Option<String> {
    match is_masked_name(name) {
        // An absent value and the value of a switch are no secrets.
        true if matches!(value, "" | "true" | "false") => None,
        true => Some(mask(value, secrets)),
        false => mask_text(value, secrets),
    }
}

/// Returns what is shown of a secret, and collects that.
fn mask(value: &str, secrets: &mut Vec<Secret>) -> String {
    secrets.push(value.into());
    REDACTED.to_owned()
}

/// A body that is not a form.
///
/// # Examples
///
/// ```
/// use alicloud_wire::{Body, request::encode};
///
/// # alicloud_wire::request! { struct PutRequest -> () { body: Vec<i64> = body("body") } }
/// let parts = encode(&PutRequest { body: vec![1, 2] })?;
/// assert_eq!(parts.body, Some(Body::Json("[1,2]".to_owned())));
/// # Ok::<(), alicloud_wire::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Body {
    /// JSON text.
    Json(String),
    /// Plain text.
    Text(String),
    /// Bytes.
    Bytes(Bytes),
}
