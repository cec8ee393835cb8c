//! Enums that keep unknown values.

mod texts;

use std::borrow::Cow;

pub use self::texts::{Respelled, Unknown};
use crate::node::{Identity, Scalar, View};

/// What the comparison of enum values is about: the position of a known value, or the text of an unknown one.
#[doc(hidden)]
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EnumKey<'a> {
    /// The position of a known value.
    Known(usize),
    /// An unknown text.
    Unknown(&'a str),
}

impl<'a> EnumKey<'a> {
    /// Returns what an enum value means.
    pub fn identity(self) -> Identity<'a> {
        match self {
            EnumKey::Known(position) => Identity::Meaning(position as u64, 0),
            EnumKey::Unknown(text) => Identity::View(View::Text(text)),
        }
    }

    /// Finds a text among the known ones: it equals one, or equals only one of them in another case.
    pub fn find(known: &[&str], text: &'a str) -> Self {
        if let Some(position) = known.iter().position(|known| *known == text) {
            return EnumKey::Known(position);
        }
        let mut candidates =
            known.iter().enumerate().filter(|(_, known)| known.eq_ignore_ascii_case(text));
        match (candidates.next(), candidates.next()) {
            (Some((position, _)), None) => EnumKey::Known(position),
            _ => EnumKey::Unknown(text),
        }
    }
}

/// Returns the value of a text; for [`open_enum!`](crate::open_enum).
pub fn read_text<T: Clone>(
    known: &[&str],
    variants: &[T],
    text: &str,
    respelled: fn(Respelled) -> T,
    unknown: fn(Unknown) -> T,
) -> T {
    if let Some(variant) = position(known, text).and_then(|position| variants.get(position)) {
        return variant.clone();
    }
    match EnumKey::find(known, text) {
        EnumKey::Known(position) => respelled(Respelled { position, text: text.into() }),
        EnumKey::Unknown(text) => unknown(Unknown(text.into())),
    }
}

/// Not a part of [`read_text`], which is compiled for each enum.
fn position(known: &[&str], text: &str) -> Option<usize> {
    known.iter().position(|known| *known == text)
}

/// Returns the value of a scalar. Whitespace around a known text is ignored; for
/// [`open_enum!`](crate::open_enum).
pub fn read_scalar<T: for<'a> From<&'a str>>(scalar: Scalar<'_>, is_unknown: fn(&T) -> bool) -> T {
    let text = match scalar {
        Scalar::Text(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.into_text()),
    };
    match T::from(text.trim()) {
        value if is_unknown(&value) => T::from(&text),
        value => value,
    }
}

/// Declares an enum with a text per variant that keeps unknown values.
///
/// Attributes and documentation are those of the enum and its variants. After the enum, each predicate has a
/// name and the variants for which it is true.
///
/// The macro adds two variants: `Unknown` for a text that is not known, and `Respelled` for one that differs
/// from a known text in the case of ASCII letters. Both are encoded again as they came. A respelled value
/// equals the known one, also in predicates, order and hashes; only `match` tells them apart, so match on
/// `value.normalize()`. If two known texts differ in nothing but case, only their exact spellings are known.
/// Decoding ignores whitespace around a known value; an unknown one keeps it.
///
/// It implements:
///
/// | Item | Meaning |
/// |---|---|
/// | `KNOWN` | the known texts |
/// | `as_str`, `AsRef<str>`, `Display` | the text, as it came |
/// | `normalize` | the known value of a respelled one, or else the value itself |
/// | `is_unknown` and the predicates | whether the value is unknown, or one of some |
/// | `From<&str>`, `From<String>`, `FromStr` | a value from its text, without an error |
/// | `Eq`, `Ord`, `Hash`, comparison with `str` | known values in the order of declaration, then unknown ones by text |
/// | `Default` | the unknown value `""`, which no service sends, for decoding |
/// | `Clone`, `Debug`, serde | as usual |
///
/// # Examples
///
/// ```
/// alicloud_wire::open_enum! {
///     /// State of a task.
///     pub enum Status {
///         /// Done.
///         Complete = "Complete",
///         /// Failed.
///         Failed = "Failed",
///         /// Stopped by a user.
///         Canceled = "Canceled",
///     }
///     is_failure: Failed | Canceled;
/// }
///
/// assert_eq!(Status::from("Complete"), Status::Complete);
/// assert!(Status::from("Paused").is_unknown());
/// assert_eq!(Status::from("Paused").as_str(), "Paused");
///
/// let status = Status::from("FAILED");
/// assert_eq!(status.as_str(), "FAILED");
/// assert!(status == Status::Failed && status == "failed" && status.is_failure());
/// assert!(matches!(status.normalize(), Status::Failed));
/// ```
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $type:ident {
            $($(#[$variant_attribute:meta])* $variant:ident = $text:literal),* $(,)?
        }
        $(
            $(#[$predicate_attribute:meta])*
            $predicate:ident: $first:ident $(| $more:ident)*;
        )*
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        $visibility enum $type {
            $($(#[$variant_attribute])* $variant,)*
            /// A known value in another case, as it came; [`normalize`](Self::normalize) returns the
            /// known one.
            Respelled($crate::Respelled),
            /// A value that this version of the crate does not know.
            Unknown($crate::Unknown),
        }

        impl $type {
            /// Every known value.
            pub const KNOWN: &'static [&'static str] = &[$($text),*];

            const VARIANTS: &'static [Self] = &[$($type::$variant),*];

            /// Returns the text on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $($type::$variant => $text,)*
                    $type::Respelled(text) => text.as_str(),
                    $type::Unknown(text) => text.as_str(),
                }
            }

            /// Returns whether the value is unknown to this version of the crate.
            #[inline]
            pub fn is_unknown(&self) -> bool {
                ::std::matches!(self, $type::Unknown(_))
            }

            /// Returns the value for `match`: the known one if only the case differs, or else itself.
            #[inline]
            pub fn normalize(&self) -> &Self {
                match self {
                    $type::Respelled(text) => {
                        Self::VARIANTS.get(text.__position()).unwrap_or(self)
                    }
                    _ => self,
                }
            }

            $(
                $(#[$predicate_attribute])*
                #[doc = ::std::concat!(
                    "Returns whether the value is [`", ::std::stringify!($first), "`](Self::",
                    ::std::stringify!($first), ")"
                    $(, " or [`", ::std::stringify!($more), "`](Self::", ::std::stringify!($more), ")")*,
                    "."
                )]
                #[inline]
                pub fn $predicate(&self) -> bool {
                    ::std::matches!(self.normalize(), $type::$first $(| $type::$more)*)
                }
            )*

            fn __key(&self) -> $crate::macro_support::EnumKey<'_> {
                enum __Position {
                    $($variant),*
                }
                let position = match self {
                    $(Self::$variant => __Position::$variant as usize,)*
                    Self::Respelled(text) => text.__position(),
                    Self::Unknown(text) => {
                        return $crate::macro_support::EnumKey::Unknown(text.as_str());
                    }
                };
                $crate::macro_support::EnumKey::Known(position)
            }
        }

        impl ::std::cmp::PartialEq for $type {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.__key() == other.__key()
            }
        }

        impl ::std::cmp::Eq for $type {}

        impl ::std::cmp::PartialOrd for $type {
            #[inline]
            fn partial_cmp(&self, other: &Self) -> ::std::option::Option<::std::cmp::Ordering> {
                ::std::option::Option::Some(::std::cmp::Ord::cmp(self, other))
            }
        }

        impl ::std::cmp::Ord for $type {
            #[inline]
            fn cmp(&self, other: &Self) -> ::std::cmp::Ordering {
                ::std::cmp::Ord::cmp(&self.__key(), &other.__key())
            }
        }

        impl ::std::hash::Hash for $type {
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                ::std::hash::Hash::hash(&self.__key(), state);
            }
        }

        impl ::std::convert::From<&str> for $type {
            fn from(text: &str) -> Self {
                $crate::macro_support::read_text(
                    Self::KNOWN,
                    Self::VARIANTS,
                    text,
                    Self::Respelled,
                    Self::Unknown,
                )
            }
        }

        impl ::std::convert::From<::std::string::String> for $type {
            #[inline]
            fn from(text: ::std::string::String) -> Self {
                $type::from(text.as_str())
            }
        }

        impl ::std::str::FromStr for $type {
            type Err = ::std::convert::Infallible;

            #[inline]
            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                ::std::result::Result::Ok($type::from(text))
            }
        }

        impl ::std::fmt::Display for $type {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::convert::AsRef<str> for $type {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::cmp::PartialEq<str> for $type {
            #[inline]
            fn eq(&self, text: &str) -> bool {
                self.__key() == $crate::macro_support::EnumKey::find(Self::KNOWN, text)
            }
        }

        impl ::std::cmp::PartialEq<&str> for $type {
            #[inline]
            fn eq(&self, text: &&str) -> bool {
                *self == **text
            }
        }

        impl ::std::default::Default for $type {
            /// Returns the unknown value `""`, which no service sends, for decoding.
            fn default() -> Self {
                $type::Unknown(::std::default::Default::default())
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

            fn identity(&self) -> $crate::Identity<'_> {
                self.__key().identity()
            }

            fn clear(&mut self) {
                *self = ::std::default::Default::default();
            }

            fn set_scalar(&mut self, scalar: $crate::Scalar<'_>) -> bool {
                *self = $crate::macro_support::read_scalar(scalar, Self::is_unknown);
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
