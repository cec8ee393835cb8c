//! Search for numbers that JSON cannot represent.
//!
//! `serde_json` writes `null` for NaN and the infinities, so the service would take the value as absent.

use std::fmt;

use serde::Serialize;
use serde::ser::{
    self, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

/// Checks that all numbers in a value are finite. `name` is the name of the value in the error.
pub(super) fn check<T: Serialize + ?Sized>(name: &str, value: &T) -> Result<(), NotFinite> {
    value.serialize(&mut Search { path: name.to_owned() })
}

/// The place of the first number that is not finite, or what serialization itself reported.
#[derive(Debug)]
pub(super) struct NotFinite(String);

impl fmt::Display for NotFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotFinite {}

impl ser::Error for NotFinite {
    fn custom<T: fmt::Display>(message: T) -> Self {
        NotFinite(message.to_string())
    }
}

struct Search {
    /// The path of the current value, such as `Filter.2.Max`.
    path: String,
}

impl Search {
    fn nested<T: Serialize + ?Sized>(
        &mut self,
        segment: &dyn fmt::Display,
        value: &T,
    ) -> Result<(), NotFinite> {
        use fmt::Write as _;
        let length = self.path.len();
        write!(self.path, ".{segment}").map_err(ser::Error::custom)?;
        value.serialize(&mut *self)?;
        self.path.truncate(length);
        Ok(())
    }
}

macro_rules! accept {
    ($($method:ident($($type:ty),*)),*) => {
        $(fn $method(self, $(_: $type),*) -> Result<(), NotFinite> {
            Ok(())
        })*
    };
}

impl<'a> Serializer for &'a mut Search {
    type Ok = ();
    type Error = NotFinite;
    type SerializeSeq = Children<'a>;
    type SerializeTuple = Children<'a>;
    type SerializeTupleStruct = Children<'a>;
    type SerializeTupleVariant = Children<'a>;
    type SerializeMap = Children<'a>;
    type SerializeStruct = Children<'a>;
    type SerializeStructVariant = Children<'a>;

    accept! {
        serialize_bool(bool), serialize_char(char), serialize_str(&str), serialize_bytes(&[u8]),
        serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64),
        serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64),
        serialize_i128(i128), serialize_u128(u128), serialize_none(), serialize_unit(),
        serialize_unit_struct(&'static str), serialize_unit_variant(&'static str, u32, &'static str)
    }

    fn serialize_f32(self, value: f32) -> Result<(), NotFinite> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), NotFinite> {
        match value.is_finite() {
            true => Ok(()),
            false => Err(NotFinite(format!(
                "{} is {value}, but only finite numbers can be sent",
                self.path
            ))),
        }
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), NotFinite> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), NotFinite> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), NotFinite> {
        self.nested(&variant, value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Children<'a>, NotFinite> {
        Ok(Children { search: self, index: 0, key: String::new() })
    }

    fn serialize_tuple(self, _: usize) -> Result<Children<'a>, NotFinite> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Children<'a>, NotFinite> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Children<'a>, NotFinite> {
        self.serialize_seq(None)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Children<'a>, NotFinite> {
        self.serialize_seq(None)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Children<'a>, NotFinite> {
        self.serialize_seq(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Children<'a>, NotFinite> {
        self.serialize_seq(None)
    }
}

/// The items of a list, or the fields of an object.
struct Children<'a> {
    search: &'a mut Search,
    index: usize,
    key: String,
}

impl Children<'_> {
    fn check_item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotFinite> {
        self.index += 1;
        self.search.nested(&self.index, value)
    }
}

macro_rules! items {
    ($($trait:ident::$method:ident),*) => {
        $(impl $trait for Children<'_> {
            type Ok = ();
            type Error = NotFinite;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotFinite> {
                self.check_item(value)
            }

            fn end(self) -> Result<(), NotFinite> {
                Ok(())
            }
        })*
    };
}

items! {
    SerializeSeq::serialize_element, SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field, SerializeTupleVariant::serialize_field
}

macro_rules! fields {
    ($($trait:ident),*) => {
        $(impl $trait for Children<'_> {
            type Ok = ();
            type Error = NotFinite;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), NotFinite> {
                self.search.nested(&name, value)
            }

            fn end(self) -> Result<(), NotFinite> {
                Ok(())
            }
        })*
    };
}

fields! { SerializeStruct, SerializeStructVariant }

impl SerializeMap for Children<'_> {
    type Ok = ();
    type Error = NotFinite;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NotFinite> {
        // `serde_json` itself rejects keys that are neither text nor numbers.
        let pairs = alicloud_wire::flatten("", key).unwrap_or_default();
        self.key = pairs.into_iter().next().map(|(_, key)| key).unwrap_or_default();
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotFinite> {
        let key = std::mem::take(&mut self.key);
        self.search.nested(&key, value)
    }

    fn end(self) -> Result<(), NotFinite> {
        Ok(())
    }
}
