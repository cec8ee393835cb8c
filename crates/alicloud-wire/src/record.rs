//! The macros with the tables of structs.

/// Implements decoding, encoding, `serde::Serialize` and `serde::Deserialize` for a struct, from the name
/// of each field on the wire.
///
/// For a list in a wrapper, add the name of its items after a slash. The struct must implement `Default`.
///
/// # Examples
///
/// ```
/// #[derive(Debug, Clone, Default, PartialEq)]
/// pub struct Response {
///     pub names: Vec<String>,
/// }
///
/// alicloud_wire::record! {
///     Response {
///         names: "Names" / "Name",
///     }
/// }
///
/// let response = alicloud_wire::from_json::<Response>(br#"{"Names": {"Name": ["a", "b"]}}"#)?.value;
/// assert_eq!(response.names, ["a", "b"]);
/// # Ok::<(), alicloud_wire::DecodeError>(())
/// ```
#[macro_export]
macro_rules! record {
    ($type:ident { $($field:ident: $name:literal $(/ $item:literal)?),* $(,)? }) => {
        // The fields of superseded parameters are deprecated.
        #[allow(deprecated)]
        #[doc(hidden)]
        impl $crate::Record for $type {
            fn slot(&mut self, name: &str) -> ::std::option::Option<$crate::Slot<'_>> {
                match name {
                    $($name => ::std::option::Option::Some($crate::Slot {
                        field: $crate::FieldName::new($name)$(.wrapping($item))?,
                        node: &mut self.$field,
                    }),)*
                    _ => ::std::option::Option::None,
                }
            }

            fn visit(&self, visit: &mut dyn FnMut($crate::FieldName, &dyn $crate::Node)) {
                let _ = &visit;
                $(visit($crate::FieldName::new($name)$(.wrapping($item))?, &self.$field);)*
            }

            fn names(&self) -> &'static [&'static str] {
                &[$($name),*]
            }
        }

        #[doc(hidden)]
        impl $crate::Node for $type {
            fn kind() -> $crate::Shape {
                $crate::Shape::Record
            }

            fn shape(&self) -> $crate::Shape {
                $crate::Shape::Record
            }

            fn view(&self) -> $crate::View<'_> {
                $crate::View::Record(self)
            }

            fn clear(&mut self) {
                *self = ::std::default::Default::default();
            }

            fn record(&mut self) -> ::std::option::Option<&mut dyn $crate::Record> {
                ::std::option::Option::Some(self)
            }
        }

        impl $crate::macro_support::Serialize for $type {
            fn serialize<S: $crate::macro_support::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::macro_support::serialize(self, serializer)
            }
        }

        impl<'de> $crate::macro_support::Deserialize<'de> for $type {
            fn deserialize<D: $crate::macro_support::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let mut value = <Self as ::std::default::Default>::default();
                $crate::macro_support::deserialize(&mut value, deserializer)?;
                ::std::result::Result::Ok(value)
            }
        }
    };
}

/// Implements [`Request`](crate::Request) for a struct, and everything that [`record!`](crate::record)
/// implements.
///
/// The table has the response, and for each field its name on the wire, its location, its style and its
/// documented limits: a function of [`Parameter`](crate::request::Parameter) and its methods.
///
/// # Examples
///
/// ```
/// use alicloud_wire::request::encode;
///
/// #[derive(Debug, Clone, Default, PartialEq)]
/// pub struct DescribeRequest {
///     pub task_ids: Vec<String>,
///     pub object_path: Option<String>,
/// }
///
/// alicloud_wire::request! {
///     DescribeRequest => () {
///         task_ids: "TaskId" => query.comma_list().items(1, 10),
///         object_path: "ObjectPath" => form,
///     }
/// }
///
/// let parts = encode(&DescribeRequest { task_ids: vec!["1".into(), "2".into()], object_path: None })?;
/// assert_eq!(parts.query, [("TaskId".into(), "1,2".into())]);
/// # Ok::<(), alicloud_wire::InvalidParameter>(())
/// ```
#[macro_export]
macro_rules! request {
    ($type:ident => $response:ty {
        $($field:ident: $name:literal => $location:ident $(. $modifier:ident ( $($argument:expr),* ))*),* $(,)?
    }) => {
        $crate::record! { $type { $($field: $name),* } }

        #[doc(hidden)]
        impl $crate::Request for $type {
            type Response = $response;

            const PARAMETERS: &'static [$crate::request::Parameter] =
                &[$($crate::request::Parameter::$location($name)$(.$modifier($($argument),*))*),*];
        }
    };
}

/// Implements a setter for each optional field of a struct, with the name of the field.
///
/// | Field | Type in the table | Argument |
/// |---|---|---|
/// | `Option<T>` | `T` | `impl Into<T>` |
/// | `Option<Box<T>>` | `(T)` | `impl Into<T>` |
/// | `Vec<T>` | `[T]` | any iterator of `impl Into<T>` |
/// | `BTreeMap<String, T>` | `{T}` | any iterator of pairs of `impl Into<String>` and `impl Into<T>` |
///
/// The setters of lists and maps replace all previous items. Attributes of an entry, such as
/// `#[deprecated]`, are attributes of its setter.
///
/// # Examples
///
/// ```
/// #[derive(Debug, Default)]
/// pub struct ListRequest {
///     pub status: Option<String>,
///     pub page_size: Option<i64>,
///     pub names: Vec<String>,
/// }
///
/// alicloud_wire::setters! {
///     ListRequest {
///         status: String,
///         page_size: i64,
///         names: [String],
///     }
/// }
///
/// let request = ListRequest::default().status("Running").page_size(50).names(["a", "b"]);
/// assert_eq!(request.names, ["a", "b"]);
/// ```
#[macro_export]
macro_rules! setters {
    ($type:ident { $($(#[$attribute:meta])* $field:ident: $kind:tt),* $(,)? }) => {
        #[allow(deprecated)]
        impl $type {
            $($crate::setters!(@setter [$(#[$attribute])*] $field $kind);)*
        }
    };
    (@setter [$(#[$attribute:meta])*] $field:ident [$item:ty]) => {
        $(#[$attribute])*
        #[doc = concat!("Sets [`", stringify!($field), "`](Self::", stringify!($field), ").")]
        #[must_use]
        pub fn $field(
            mut self,
            items: impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<$item>>,
        ) -> Self {
            self.$field = items.into_iter().map(::std::convert::Into::into).collect();
            self
        }
    };
    (@setter [$(#[$attribute:meta])*] $field:ident {$value:ty}) => {
        $(#[$attribute])*
        #[doc = concat!("Sets [`", stringify!($field), "`](Self::", stringify!($field), ").")]
        #[must_use]
        pub fn $field(
            mut self,
            entries: impl ::std::iter::IntoIterator<
                Item = (
                    impl ::std::convert::Into<::std::string::String>,
                    impl ::std::convert::Into<$value>,
                ),
            >,
        ) -> Self {
            self.$field =
                entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
            self
        }
    };
    (@setter [$(#[$attribute:meta])*] $field:ident ($boxed:ty)) => {
        $(#[$attribute])*
        #[doc = concat!("Sets [`", stringify!($field), "`](Self::", stringify!($field), ").")]
        #[must_use]
        pub fn $field(mut self, value: impl ::std::convert::Into<$boxed>) -> Self {
            self.$field = ::std::option::Option::Some(::std::boxed::Box::new(value.into()));
            self
        }
    };
    (@setter [$(#[$attribute:meta])*] $field:ident $value:ty) => {
        $(#[$attribute])*
        #[doc = concat!("Sets [`", stringify!($field), "`](Self::", stringify!($field), ").")]
        #[must_use]
        pub fn $field(mut self, value: impl ::std::convert::Into<$value>) -> Self {
            self.$field = ::std::option::Option::Some(value.into());
            self
        }
    };
}
