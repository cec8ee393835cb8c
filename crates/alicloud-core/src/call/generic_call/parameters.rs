//! The parameters of a generic call.

use std::fmt;

use alicloud_wire::{Body, InvalidParameter, RequestParts, flatten};
use serde::Serialize;

use super::GenericCall;
use crate::call::header::{self};

impl GenericCall {
    /// Adds a query parameter. Lists and structures are flattened to `Name.1.Key=…`. `None`, empty lists
    /// and empty structures are not sent.
    ///
    /// A number that is not finite (NaN or an infinity) is an error that names the parameter, here and in
    /// the other methods that take values. (`serde_json::json!` and `serde_json::to_value` replace such a
    /// number with `null`, so it cannot be recognized inside a [`Value`](crate::wire::Value).)
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("Tag", "{}");
    /// # let client = Client::generic("CS", "2015-12-15", "cs.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("Tag").param("Id", ["a", "b"]).await?;
    /// let request = &fake.requests()[0];
    /// assert_eq!((request.param("Id.1"), request.param("Id.2")), (Some("a"), Some("b")));
    /// # Ok(()) }
    /// ```
    pub fn param(self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.add_flattened(name.into(), value, |parts| &mut parts.query)
    }

    /// Adds a form parameter, which is sent in the body. Otherwise like [`param`](Self::param). For long
    /// values and values that do not belong in a URL.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("Tag", "{}");
    /// # let client = Client::generic("CS", "2015-12-15", "cs.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("Tag").form_param("Text", "a b").await?;
    /// assert_eq!(fake.requests()[0].body().as_ref(), b"Text=a%20b");
    /// # Ok(()) }
    /// ```
    pub fn form_param(self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.add_flattened(name.into(), value, |parts| &mut parts.form)
    }

    /// Adds a query parameter whose value is sent as JSON text.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("Tag", "{}");
    /// # let client = Client::generic("CS", "2015-12-15", "cs.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("Tag").json_param("Ids", [1, 2]).await?;
    /// assert_eq!(fake.requests()[0].param("Ids"), Some("[1,2]"));
    /// # Ok(()) }
    /// ```
    pub fn json_param(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        let name = name.into();
        match json_text(&name, &value) {
            Ok(text) => self.edit_parts(|parts| parts.query.push((name.into(), text.into()))),
            Err(reason) => self.mark_invalid(name, reason),
        }
        self
    }

    /// Sets the value of a placeholder in the path. Every placeholder needs a value, and every value a
    /// placeholder.
    ///
    /// The value is percent-encoded. A value that makes a segment `.` or `..` is an error, because HTTP
    /// clients and proxies would change the path.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeCluster", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let call = client.generic_call("DescribeCluster").roa("GET", "/clusters/{ClusterId}");
    /// call.path_param("ClusterId", "c 8").await?;
    /// assert_eq!(fake.requests()[0].uri().path(), "/clusters/c%208");
    /// # Ok(()) }
    /// ```
    pub fn path_param(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        let (name, text) = (name.into(), value.to_string());
        let has_value = |parts: &RequestParts| parts.path.iter().any(|(known, _)| *known == name);
        if text.is_empty() {
            self.mark_invalid(name, "is part of the path and must not be empty");
        } else if is_float(&value) && !text.parse().is_ok_and(f64::is_finite) {
            let reason = format!("is {text}, but only finite numbers can be sent");
            self.mark_invalid(name, reason);
        } else if self.parts.as_ref().is_ok_and(has_value) {
            self.mark_invalid(name, "has two values; set it once");
        } else {
            self.edit_parts(|parts| parts.path.push((name.into(), text)));
        }
        self
    }

    /// Adds a header, or replaces the one with the same name. See [`Call::header`](crate::Call::header).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeClusters", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("DescribeClusters").header("x-trace", "7").await?;
    /// assert_eq!(fake.requests()[0].header("x-trace"), Some("7"));
    /// # Ok(()) }
    /// ```
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        header::set(&mut self.headers, name.into(), value.into());
        self
    }

    /// Sets the body to a JSON value. Form parameters then move to the query.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("CreateCluster", "{}");
    /// # let client = Client::generic("CS", "2015-12-15", "cs.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let call = client.generic_call("CreateCluster").roa("POST", "/clusters");
    /// call.body([1, 2]).await?;
    /// assert_eq!(fake.requests()[0].body().as_ref(), b"[1,2]");
    /// # Ok(()) }
    /// ```
    pub fn body(mut self, value: impl Serialize) -> Self {
        match json_text("body", &value) {
            Ok(text) => self.edit_parts(|parts| parts.body = Some(Body::Json(text))),
            Err(reason) => self.mark_invalid("body".to_owned(), reason),
        }
        self
    }

    fn add_flattened(
        mut self,
        name: String,
        value: impl Serialize,
        target: fn(&mut RequestParts) -> &mut Vec<alicloud_wire::request::Pair>,
    ) -> Self {
        match flatten(&name, &value) {
            Ok(pairs) => self.edit_parts(|parts| {
                let pairs = pairs.into_iter().map(|(name, value)| (name.into(), value.into()));
                target(parts).extend(pairs);
            }),
            Err(error) => self.mark_invalid(name, error.to_string()),
        }
        self
    }

    fn edit_parts(&mut self, edit: impl FnOnce(&mut RequestParts)) {
        if let Ok(parts) = &mut self.parts {
            edit(parts);
        }
    }

    /// Records the first invalid parameter; the call reports it when it is awaited.
    fn mark_invalid(&mut self, parameter: String, reason: impl Into<String>) {
        if self.parts.is_ok() {
            self.parts =
                Err(InvalidParameter { parameter: parameter.into(), reason: reason.into() });
        }
    }
}

/// Returns a value as JSON text, or why it has none.
fn json_text<T: Serialize>(name: &str, value: &T) -> Result<String, String> {
    alicloud_wire::check_finite(name, value).map_err(|error| error.to_string())?;
    serde_json::to_string(value).map_err(|error| error.to_string())
}

/// Returns whether a value is a float, of which `Display` can be `NaN` or `inf`. The same text can be the
/// name of a resource.
fn is_float<T>(_: &T) -> bool {
    matches!(std::any::type_name::<T>().trim_start_matches('&'), "f32" | "f64")
}
