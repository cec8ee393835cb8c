//! Values to flat `Name.1.Key=value` pairs, the way RPC parameters travel.

use std::fmt;

use serde::Serialize;
use serde::ser::{self, Impossible};

/// Flattens a value under a parameter's name.
///
/// Lists count from 1 at every level, objects append `.Key`, and keys of maps are used as they are.
/// A null is left out but keeps its place in a list; an empty list or object vanishes; booleans are
/// `true` and `false`; numbers are decimal, never in scientific form.
///
/// Only a value that has no flat form is refused: a map whose keys are neither text nor numbers.
///
/// ```
/// let tags = serde_json::json!([{"Key": "env", "Value": "prod"}, {"Key": "team", "Value": null}]);
/// assert_eq!(
///     alicloud_wire::flatten("Tag", &tags).unwrap(),
///     [("Tag.1.Key", "env"), ("Tag.1.Value", "prod"), ("Tag.2.Key", "team")]
///         .map(|(key, value)| (key.to_owned(), value.to_owned())),
/// );
/// ```
pub fn flatten<T: Serialize + ?Sized>(
    name: &str,
    value: &T,
) -> Result<Vec<(String, String)>, FlattenError> {
    let mut flat = Flat { key: name.to_owned(), pairs: Vec::new() };
    value.serialize(&mut flat)?;
    Ok(flat.pairs)
}

/// Why a value has no flat form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlattenError(String);

impl fmt::Display for FlattenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FlattenError {}

impl ser::Error for FlattenError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        FlattenError(message.to_string())
    }
}

struct Flat {
    key: String,
    pairs: Vec<(String, String)>,
}

impl Flat {
    fn pair(&mut self, value: String) -> Result<(), FlattenError> {
        self.pairs.push((self.key.clone(), value));
        Ok(())
    }

    /// Serializes a value one level deeper.
    fn under<T: Serialize + ?Sized>(
        &mut self,
        segment: &dyn fmt::Display,
        value: &T,
    ) -> Result<(), FlattenError> {
        use fmt::Write as _;
        let length = self.key.len();
        if length > 0 {
            self.key.push('.');
        }
        write!(self.key, "{segment}").map_err(ser::Error::custom)?;
        value.serialize(&mut *self)?;
        self.key.truncate(length);
        Ok(())
    }
}

macro_rules! scalars {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Result<(), FlattenError> {
            self.pair(value.to_string())
        })*
    };
}

impl<'a> ser::Serializer for &'a mut Flat {
    type Ok = ();
    type Error = FlattenError;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Items<'a>;
    type SerializeTupleVariant = Impossible<(), FlattenError>;
    type SerializeMap = Entries<'a>;
    type SerializeStruct = Entries<'a>;
    type SerializeStructVariant = Impossible<(), FlattenError>;

    scalars! {
        serialize_bool: bool, serialize_char: char, serialize_str: &str,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_i128: i128, serialize_u128: u128, serialize_f32: f32, serialize_f64: f64
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), FlattenError> {
        self.pair(String::from_utf8_lossy(bytes).into_owned())
    }

    fn serialize_none(self) -> Result<(), FlattenError> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), FlattenError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), FlattenError> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), FlattenError> {
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), FlattenError> {
        self.pair(variant.to_owned())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), FlattenError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), FlattenError> {
        self.under(&variant, value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'a>, FlattenError> {
        Ok(Items { flat: self, index: 0 })
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'a>, FlattenError> {
        Ok(Items { flat: self, index: 0 })
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items<'a>, FlattenError> {
        Ok(Items { flat: self, index: 0 })
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, FlattenError> {
        Err(FlattenError(format!("the variant {variant} has fields and so no flat form")))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries<'a>, FlattenError> {
        Ok(Entries { flat: self, key: String::new() })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Entries<'a>, FlattenError> {
        Ok(Entries { flat: self, key: String::new() })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, FlattenError> {
        Err(FlattenError(format!("the variant {variant} has fields and so no flat form")))
    }
}

struct Items<'a> {
    flat: &'a mut Flat,
    index: usize,
}

impl Items<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), FlattenError> {
        self.index += 1;
        self.flat.under(&self.index, value)
    }
}

impl ser::SerializeSeq for Items<'_> {
    type Ok = ();
    type Error = FlattenError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), FlattenError> {
        self.item(value)
    }

    fn end(self) -> Result<(), FlattenError> {
        Ok(())
    }
}

impl ser::SerializeTuple for Items<'_> {
    type Ok = ();
    type Error = FlattenError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), FlattenError> {
        self.item(value)
    }

    fn end(self) -> Result<(), FlattenError> {
        Ok(())
    }
}

impl ser::SerializeTupleStruct for Items<'_> {
    type Ok = ();
    type Error = FlattenError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), FlattenError> {
        self.item(value)
    }

    fn end(self) -> Result<(), FlattenError> {
        Ok(())
    }
}

struct Entries<'a> {
    flat: &'a mut Flat,
    key: String,
}

impl ser::SerializeMap for Entries<'_> {
    type Ok = ();
    type Error = FlattenError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), FlattenError> {
        let mut flat = Flat { key: String::new(), pairs: Vec::new() };
        key.serialize(&mut flat)?;
        match flat.pairs.pop() {
            Some((path, text)) if path.is_empty() && flat.pairs.is_empty() => self.key = text,
            _ => {
                return Err(FlattenError("a key of a map has to be text or a number".to_owned()));
            }
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), FlattenError> {
        let key = std::mem::take(&mut self.key);
        self.flat.under(&key, value)
    }

    fn end(self) -> Result<(), FlattenError> {
        Ok(())
    }
}

impl ser::SerializeStruct for Entries<'_> {
    type Ok = ();
    type Error = FlattenError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), FlattenError> {
        self.flat.under(&key, value)
    }

    fn end(self) -> Result<(), FlattenError> {
        Ok(())
    }
}
