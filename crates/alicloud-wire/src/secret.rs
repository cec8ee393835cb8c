//! Secret text.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::macro_support::{deserialize, serialize};
use crate::node::{Node, Scalar, Shape, View};

/// Replaces a secret.
pub const REDACTED: &str = "<redacted>";

/// A secret text, such as an access key secret, a password or a security token.
///
/// Neither `Debug` nor `Display` shows it; only [`expose`](Secret::expose) returns the text. The memory is
/// wiped when the last clone is dropped. Encoding and serde write the text as it is, so that requests are
/// valid and responses can be stored; keep the result as safe as the secret.
///
/// Secrets are equal if their texts are equal. The time of a comparison depends on the texts, so do not
/// check passwords that someone else sends with it.
///
/// # Examples
///
/// ```
/// use alicloud_wire::Secret;
///
/// let secret = Secret::new("s3cr3t");
/// assert_eq!(format!("{secret} {secret:?}"), "<redacted> <redacted>");
/// assert_eq!(secret.expose(), "s3cr3t");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    /// Creates a secret from a text.
    ///
    /// Pass a `String` by value if you have one: a `&str` is copied, and your copy is not wiped.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_wire::Secret;
    ///
    /// let text = String::from("s3cr3t");
    /// assert_eq!(Secret::new(text).expose(), "s3cr3t");
    /// ```
    pub fn new(text: impl Into<String>) -> Self {
        Secret(Arc::new(Zeroizing::new(text.into())))
    }

    /// Returns the text.
    ///
    /// # Examples
    ///
    /// ```
    /// # use alicloud_wire::Secret;
    /// assert_eq!(Secret::from("s3cr3t").expose().len(), 6);
    /// ```
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl Hash for Secret {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.expose().hash(state);
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Secret::new(text)
    }
}

#[doc(hidden)]
impl Node for Secret {
    fn kind() -> Shape {
        Shape::Text
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::Secret(self.expose())
    }

    fn clear(&mut self) {
        *self = Secret::default();
    }

    fn set_scalar(&mut self, scalar: Scalar<'_>) -> bool {
        *self = Secret::new(scalar.into_text());
        true
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer)
    }
}
