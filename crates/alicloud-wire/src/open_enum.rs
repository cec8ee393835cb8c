//! Enums that keep unknown values.

use std::fmt;

/// The text of an unknown enum value.
///
/// Only `From<&str>` of an enum creates one, so it never contains a known value.
///
/// # Examples
///
/// ```
/// # #[derive(Debug, Clone, PartialEq, Eq, Hash)]
/// # pub enum Status { Complete, Unknown(alicloud_wire::Unknown) }
/// # alicloud_wire::open_enum! { Status { Complete: "Complete" } }
/// match Status::from("Paused") {
///     Status::Complete => unreachable!(),
///     Status::Unknown(unknown) => assert_eq!(unknown.as_str(), "Paused"),
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unknown(Box<str>);

impl Unknown {
    /// Creates a value; for [`open_enum!`](crate::open_enum).
    #[doc(hidden)]
    pub fn __new(text: &str) -> Self {
        Unknown(text.into())
    }

    /// Returns the text that the service sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Implements an enum with a text per variant that keeps unknown values.
///
/// Adds `as_str`, `is_unknown` and `KNOWN`, and implements `From<&str>`, `From<String>`, `FromStr`,
/// `Display`, `AsRef<str>`, comparison with `str`, decoding, encoding and serde.
///
/// The enum needs a variant `Unknown(alicloud_wire::Unknown)`. An unknown value is not an error, and is
/// encoded unchanged. Decoding ignores whitespace around a known value; an unknown one keeps it.
///
/// # Examples
///
/// ```
/// #[derive(Debug, Clone, PartialEq, Eq, Hash)]
/// #[non_exhaustive]
/// pub enum Status {
///     Complete,
///     Failed,
///     Unknown(alicloud_wire::Unknown),
/// }
///
/// alicloud_wire::open_enum! {
///     Status {
///         Complete: "Complete",
///         Failed: "Failed",
///     }
/// }
///
/// assert_eq!(Status::from("Complete"), Status::Complete);
/// assert_eq!(Status::from("Paused").as_str(), "Paused");
/// assert!(Status::from("Paused").is_unknown());
/// ```
#[macro_export]
macro_rules! open_enum {
    ($type:ident { $($variant:ident: $text:literal),* $(,)? }) => {
        impl $type {
            /// Every known value.
            pub const KNOWN: &'static [&'static str] = &[$($text),*];

            /// Returns the text on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $($type::$variant => $text,)*
                    $type::Unknown(text) => text.as_str(),
                }
            }

            /// Returns whether the value is unknown to this version of the crate.
            pub fn is_unknown(&self) -> bool {
                ::std::matches!(self, $type::Unknown(_))
            }
        }

        impl ::std::convert::From<&str> for $type {
            fn from(text: &str) -> Self {
                match text {
                    $($text => $type::$variant,)*
                    _ => $type::Unknown($crate::Unknown::__new(text)),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for $type {
            fn from(text: ::std::string::String) -> Self {
                $type::from(text.as_str())
            }
        }

        impl ::std::str::FromStr for $type {
            type Err = ::std::convert::Infallible;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                ::std::result::Result::Ok($type::from(text))
            }
        }

        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::convert::AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::cmp::PartialEq<str> for $type {
            fn eq(&self, text: &str) -> bool {
                self.as_str() == text
            }
        }

        impl ::std::cmp::PartialEq<&str> for $type {
            fn eq(&self, text: &&str) -> bool {
                self.as_str() == *text
            }
        }

        impl ::std::default::Default for $type {
            /// Returns the unknown value `""`, which no service sends, for decoding.
            fn default() -> Self {
                $type::from("")
            }
        }

        #[doc(hidden)]
        impl $crate::Node for $type {
            fn kind() -> $crate::Shape {
        $crate::Shape::Text
    }

            fn shape(&self) -> $crate::Shape {
                $crate::Shape::Text
            }

            fn view(&self) -> $crate::View<'_> {
                $crate::View::Text(self.as_str())
            }

            fn clear(&mut self) {
                *self = ::std::default::Default::default();
            }

            fn set_scalar(&mut self, scalar: $crate::Scalar<'_>) -> bool {
                let mut text = ::std::string::String::new();
                match scalar {
                    $crate::Scalar::Text(text) => {
                        *self = $type::from(text.trim());
                        if self.is_unknown() && self.as_str() != text {
                            *self = $type::from(text);
                        }
                    }
                    other => {
                        $crate::Node::set_scalar(&mut text, other);
                        *self = $type::from(text);
                    }
                }
                true
            }
        }

        impl $crate::macro_support::Serialize for $type {
            fn serialize<S: $crate::macro_support::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::macro_support::Deserialize<'de> for $type {
            fn deserialize<D: $crate::macro_support::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::macro_support::deserialize(deserializer)
            }
        }
    };
}
