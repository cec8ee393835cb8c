//! The macros that declare structs.

/// Declares a struct with the name of each field on the wire.
///
/// Implements decoding, encoding, `serde::Serialize`, `serde::Deserialize`, `Clone`, `Debug`, `Default`,
/// `PartialEq`, `Eq` and `Hash`, and makes the struct `#[non_exhaustive]`. `Debug` omits absent fields and
/// does not show secrets. A struct that contains floating-point numbers has neither `Eq` nor `Hash`: write
/// `struct Name: PartialEq` then. More traits can be derived.
///
/// After the name of a list in a wrapper, add the name of its items: `"Names" / "Name"`. After a list that
/// is one text with commas between the items, add `.comma_list()`. After a number that is text on the wire,
/// add `.text()`. After an object or list that is JSON in one text, add `.json_text()`. After a field that has to be present, add `.required()`.
///
/// # Examples
///
/// ```
/// alicloud_wire::record! {
///     /// Names and ids.
///     pub struct Response {
///         /// The names.
///         pub names: Vec<String> = "Names" / "Name",
///         /// The ids.
///         pub ids: Vec<i64> = "Ids".comma_list(),
///         /// The total.
///         pub total: Option<i64> = "Total".text(),
///     }
/// }
///
/// let json = br#"{"Names": {"Name": ["a", "b"]}, "Ids": "1,2"}"#;
/// let response = alicloud_wire::from_json::<Response>(json)?.value;
/// assert_eq!((response.names.len(), response.ids.as_slice()), (2, [1, 2].as_slice()));
/// assert_eq!(format!("{response:?}"), r#"Response { names: ["a", "b"], ids: [1, 2], .. }"#);
/// # Ok::<(), alicloud_wire::DecodeError>(())
/// ```
#[macro_export]
macro_rules! record {
    () => {};
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident { $($fields:tt)* }
    ) => {
        $crate::record! {
            $(#[$attribute])*
            $visibility struct $name: PartialEq { $($fields)* }
        }

        impl ::std::cmp::Eq for $name {}

        impl ::std::hash::Hash for $name {
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                $crate::macro_support::hash(self, state);
            }
        }
    };
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident: PartialEq {
            $(
                $(#[$field_attribute:meta])*
                $field_visibility:vis $field:ident : $type:ty =
                    $wire:literal $(/ $item:literal)? $(. $modifier:ident ())*
            ),* $(,)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Default)]
        #[non_exhaustive]
        $visibility struct $name {
            $($(#[$field_attribute])* $field_visibility $field: $type,)*
        }

        $crate::record! {
            @impl $name { $($field: $wire $(.wrapping($item))? $(.$modifier())*,)* }
        }
    };
    (@impl $name:ident { $($field:ident: $wire:literal $(. $modifier:ident ( $($argument:literal)? ))*,)* }) => {
        // The fields of superseded parameters are deprecated. `inline`, so that a program compiles these methods
        // only for the types that it uses: a model has thousands.
        #[allow(deprecated)]
        #[doc(hidden)]
        impl $crate::Record for $name {
            #[inline]
            fn record_type(&self) -> &'static $crate::RecordType {
                const TYPE: $crate::RecordType = $crate::RecordType {
                    name: ::std::stringify!($name),
                    size: ::std::mem::size_of::<$name>(),
                    fields: &[$(
                        $crate::Field::new(::std::stringify!($field), $wire)
                            $(.$modifier($($argument)?))*
                    ),*],
                };
                &TYPE
            }

            #[inline]
            fn nodes(&self) -> ::std::vec::Vec<&dyn $crate::Node> {
                $crate::macro_support::nodes(&[$(&self.$field),*])
            }

            #[inline]
            fn edit(&mut self, edit: &mut dyn ::std::ops::FnMut(&mut [&mut dyn $crate::Node])) {
                edit(&mut [$(&mut self.$field),*]);
            }
        }

        impl ::std::cmp::PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::macro_support::equal(self, other)
            }
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::macro_support::debug(self, f)
            }
        }

        impl $crate::macro_support::Serialize for $name {
            fn serialize<S: $crate::macro_support::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::macro_support::serialize(self, serializer)
            }
        }

        impl<'de> $crate::macro_support::Deserialize<'de> for $name {
            fn deserialize<D: $crate::macro_support::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::macro_support::deserialize(deserializer)
            }
        }
    };
}

/// Declares a struct that is part of a request: everything that [`record!`](crate::record) declares, `new`, and
/// a setter per field with the documentation of the field.
///
/// `new` has no arguments, unless the declaration lists fields after the name of the struct: those are its
/// arguments. Setters take `impl Into<T>` for an `Option<T>`, an iterator for a `Vec<T>`, and an
/// iterator of pairs for a `BTreeMap<K, T>`; the setters of lists and maps replace all previous items.
///
/// # Examples
///
/// ```
/// alicloud_wire::input! {
///     /// A tag.
///     pub struct Tag(key: Option<String>) {
///         /// The key.
///         pub key: Option<String> = "Key".required(),
///         /// The value.
///         pub value: Option<String> = "Value",
///     }
/// }
///
/// let tag = Tag::new("env").value("staging");
/// assert_eq!(serde_json::to_string(&tag)?, r#"{"Key":"env","Value":"staging"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! input {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident
        $(( $($argument:ident : $argument_outer:ident $(< $($argument_inner:ty),+ >)?),+ $(,)? ))?
        $(: $partial:ident)?
        {
            $(
                $(#[$field_attribute:meta])*
                $field_visibility:vis $field:ident : $outer:ident < $($inner:ty),+ > =
                    $wire:literal $(/ $item:literal)? $(. $modifier:ident ())*
            ),* $(,)?
        }
    ) => {
        $crate::record! {
            $(#[$attribute])*
            $visibility struct $name $(: $partial)? {
                $(
                    $(#[$field_attribute])*
                    $field_visibility $field: $outer<$($inner),+> = $wire $(/ $item)? $(.$modifier())*,
                )*
            }
        }

        #[allow(dead_code, deprecated)]
        impl $name {
            $crate::input! {
                @new $name [] [] [$($($argument: $argument_outer [$($($argument_inner),+)?],)+)?]
            }

            $($crate::input! {
                @setter [$(#[$field_attribute])*] $field $outer [$($inner),+]
            })*
        }
    };

    // `new`: the arguments and the fields that they set, then the arguments that are not yet translated.
    (@new $name:ident [] [] []) => {
        #[doc = ::std::concat!("Creates a `", ::std::stringify!($name), "` without values.")]
        pub fn new() -> Self {
            ::std::default::Default::default()
        }
    };
    (@new $name:ident [$($arguments:tt)*] [$first:ident $($field:ident)*] []) => {
        #[doc = ::std::concat!(
            "Creates a `", ::std::stringify!($name), "` with `", ::std::stringify!($first), "`"
            $(, " and `", ::std::stringify!($field), "`")*, "."
        )]
        pub fn new($($arguments)*) -> Self {
            <Self as ::std::default::Default>::default().$first($first)$(.$field($field))*
        }
    };
    (@new $name:ident [$($done:tt)*] [$($set:ident)*] [$field:ident: Vec [$item:ty], $($rest:tt)*]) => {
        $crate::input! {
            @new $name [
                $($done)*
                $field: impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<$item>>,
            ] [$($set)* $field] [$($rest)*]
        }
    };
    (@new $name:ident [$($done:tt)*] [$($set:ident)*] [$field:ident: BTreeMap [$key:ty, $value:ty], $($rest:tt)*]) => {
        $crate::input! {
            @new $name [
                $($done)*
                $field: impl ::std::iter::IntoIterator<
                    Item = (impl ::std::convert::Into<$key>, impl ::std::convert::Into<$value>),
                >,
            ] [$($set)* $field] [$($rest)*]
        }
    };
    (@new $name:ident [$($done:tt)*] [$($set:ident)*] [$field:ident: Option [$value:ty], $($rest:tt)*]) => {
        $crate::input! {
            @new $name [$($done)* $field: impl ::std::convert::Into<$value>,] [$($set)* $field] [$($rest)*]
        }
    };

    (@setter [$($attribute:tt)*] $field:ident Option [$value:ty]) => {
        $($attribute)*
        #[must_use]
        pub fn $field(mut self, value: impl ::std::convert::Into<$value>) -> Self {
            self.$field = ::std::option::Option::Some(value.into());
            self
        }
    };
    (@setter [$($attribute:tt)*] $field:ident Vec [$item:ty]) => {
        $($attribute)*
        #[must_use]
        pub fn $field(
            mut self,
            items: impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<$item>>,
        ) -> Self {
            self.$field = $crate::macro_support::items(items);
            self
        }
    };
    (@setter [$($attribute:tt)*] $field:ident BTreeMap [$key:ty, $value:ty]) => {
        $($attribute)*
        #[must_use]
        pub fn $field(
            mut self,
            entries: impl ::std::iter::IntoIterator<
                Item = (impl ::std::convert::Into<$key>, impl ::std::convert::Into<$value>),
            >,
        ) -> Self {
            self.$field = $crate::macro_support::entries(entries);
            self
        }
    };
}

/// Declares the request of an operation: everything that [`input!`](crate::input) declares, and its
/// [`Request`](crate::Request) implementation.
///
/// The declaration has the response after the arrow, and for each field a function of
/// [`Parameter`](crate::request::Parameter) with the name on the wire, and its methods: the location, the
/// style and the documented limits. After the request, the struct of the response can be declared, as in
/// [`record!`](crate::record).
///
/// # Examples
///
/// ```
/// use alicloud_wire::request::encode;
///
/// alicloud_wire::request! {
///     /// Request of `Describe`.
///     pub struct DescribeRequest(task_ids: Vec<String>) -> () {
///         /// Ids of the tasks.
///         pub task_ids: Vec<String> = query("TaskId").comma_list().items(1, 10),
///         /// URL of an object.
///         pub object_path: Option<String> = form("ObjectPath"),
///     }
/// }
///
/// let parts = encode(&DescribeRequest::new(["1", "2"]).object_path("/a"))?;
/// assert_eq!(parts.query, [("TaskId".into(), "1,2".into())]);
/// assert_eq!(parts.form, [("ObjectPath".into(), "/a".into())]);
/// # Ok::<(), alicloud_wire::InvalidParameter>(())
/// ```
#[macro_export]
macro_rules! request {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident
        $(( $($argument:ident : $argument_outer:ident < $($argument_inner:ty),+ >),+ $(,)? ))?
        $(: $partial:ident)?
        -> $response:ty
        {
            $(
                $(#[$field_attribute:meta])*
                $field_visibility:vis $field:ident : $outer:ident < $($inner:ty),+ > =
                    $location:ident($wire:literal)
                    $(. $modifier:ident ( $($modifier_argument:expr),* ))*
            ),* $(,)?
        }
        $($response_record:tt)*
    ) => {
        $crate::input! {
            $(#[$attribute])*
            $visibility struct $name
            $(( $($argument: $argument_outer<$($argument_inner),+>),+ ))?
            $(: $partial)?
            {
                $(
                    $(#[$field_attribute])*
                    $field_visibility $field: $outer<$($inner),+> = $wire,
                )*
            }
        }

        #[doc(hidden)]
        impl $crate::Request for $name {
            type Response = $response;

            const PARAMETERS: &'static [$crate::request::Parameter] = &[$(
                $crate::request::Parameter::$location($wire)$(.$modifier($($modifier_argument),*))*
            ),*];
        }

        $crate::record! { $($response_record)* }
    };
}
