//! What [`Timestamp`](crate::Timestamp) and [`Percent`](crate::Percent) share: a value next to its spelling.

/// Implements text, comparison by value, encoding, decoding and serde for a type that has a `Box<str>` and a
/// method `value` that returns an `Option` of another type. The last argument returns two numbers that
/// are the same for equal values only.
macro_rules! spelled {
    ($type:ident, $value:ty, $meaning:expr) => {
        impl $type {
            /// Returns the text as the service sent it.
            ///
            /// # Examples
            ///
            /// ```
            /// use alicloud_wire::{Percent, Timestamp};
            ///
            /// assert_eq!(Percent::from("99.370%").as_str(), "99.370%");
            /// assert_eq!(Timestamp::from("2020-08-03T08:54Z").as_str(), "2020-08-03T08:54Z");
            /// ```
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $type {
            fn from(text: String) -> Self {
                $type(text.into())
            }
        }

        impl From<&str> for $type {
            fn from(text: &str) -> Self {
                $type(text.into())
            }
        }

        impl std::str::FromStr for $type {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok($type(text.into()))
            }
        }

        impl AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&self.0, f)
            }
        }

        impl PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0 || self.value().is_some_and(|value| other.value() == Some(value))
            }
        }

        impl Eq for $type {}

        impl std::hash::Hash for $type {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                match self.value() {
                    Some(value) => $meaning(value).hash(state),
                    None => self.0.hash(state),
                }
            }
        }

        impl PartialOrd for $type {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                match self.0 == other.0 {
                    true => Some(std::cmp::Ordering::Equal),
                    false => self.value()?.partial_cmp(&other.value()?),
                }
            }
        }

        impl PartialEq<$value> for $type {
            fn eq(&self, other: &$value) -> bool {
                self.value().is_some_and(|value| value == *other)
            }
        }

        impl PartialEq<$type> for $value {
            fn eq(&self, other: &$type) -> bool {
                other == self
            }
        }

        impl PartialOrd<$value> for $type {
            fn partial_cmp(&self, other: &$value) -> Option<std::cmp::Ordering> {
                self.value()?.partial_cmp(other)
            }
        }

        impl PartialOrd<$type> for $value {
            fn partial_cmp(&self, other: &$type) -> Option<std::cmp::Ordering> {
                self.partial_cmp(&other.value()?)
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
                $crate::View::Text(&self.0)
            }

            fn identity(&self) -> $crate::Identity<'_> {
                match self.value().map($meaning) {
                    Some((meaning, part)) => $crate::Identity::Meaning(meaning, part),
                    None => $crate::Identity::View($crate::View::Text(&self.0)),
                }
            }

            fn clear(&mut self) {
                *self = Self::default();
            }

            fn set_scalar(&mut self, scalar: $crate::Scalar<'_>) -> bool {
                *self = $type(scalar.into_text().into());
                true
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::macro_support::deserialize(deserializer)
            }
        }
    };
}

pub(crate) use spelled;
