//! Flattens values to `Name.1.Key=value` pairs, the format of RPC parameters.

use std::fmt;

use serde::Serialize;
use serde::ser;

/// Flattens the value of a parameter to pairs of names and values.
///
/// List items are numbered from 1, objects append `.Key`, and map keys are used unchanged. A null is
/// omitted but keeps its number in a list. Empty lists and objects are omitted. Booleans are `true` and
/// `false`; numbers are decimal, never in scientific notation.
///
/// # Errors
///
/// Returns an error if the value has no flat form: a map with keys that are neither text nor numbers, an enum variant
/// with several fields, or a number that is not finite.
///
/// # Examples
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
    let mut flattener = Flattener { key: name.to_owned(), pairs: Vec::new(), only_checks: false };
    value.serialize(&mut flattener)?;
    Ok(flattener.pairs)
}

/// Checks that all numbers in a value are finite. `name` is the name of the value in the error.
///
/// `serde_json` writes `null` for NaN and the infinities, so the service would take them as absent. A value
/// for JSON does not need a flat form.
///
/// # Errors
///
/// Returns an error that names the first number that is not finite, or an error of the value's `Serialize`
/// implementation.
///
/// # Examples
///
/// ```
/// use alicloud_wire::check_finite;
///
/// assert!(check_finite("Limits", &[1.0, 2.0]).is_ok());
/// let error = check_finite("Limits", &[1.0, f64::NAN]).unwrap_err();
/// assert_eq!(error.to_string(), "Limits.2 is NaN, but only finite numbers can be sent");
/// ```
pub fn check_finite<T: Serialize + ?Sized>(name: &str, value: &T) -> Result<(), FlattenError> {
    value.serialize(&mut Flattener { key: name.to_owned(), pairs: Vec::new(), only_checks: true })
}

/// The error of a value without a flat form.
///
/// # Examples
///
/// ```
/// let map = std::collections::BTreeMap::from([((1, 2), "a")]);
/// let error = alicloud_wire::flatten("Tag", &map).unwrap_err();
/// assert_eq!(error.to_string(), "a map key must be text or a number");
/// ```
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

struct Flattener {
    key: String,
    pairs: Vec<(String, String)>,
    /// Whether the pairs are not needed, and a value without a flat form is accepted.
    only_checks: bool,
}

impl Flattener {
    fn push(&mut self, value: impl ToString) -> Result<(), FlattenError> {
        if !self.only_checks {
            self.pairs.push((self.key.clone(), value.to_string()));
        }
        Ok(())
    }

    fn check_variant(&self, variant: &str) -> Result<(), FlattenError> {
        match self.only_checks {
            true => Ok(()),
            false => Err(FlattenError(format!(
                "the enum variant {variant} has fields and therefore no flat form"
            ))),
        }
    }

    /// Serializes a value with another segment in its name.
    fn nested<T: Serialize + ?Sized>(
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
            self.push(value)
        })*
    };
}

impl<'a> ser::Serializer for &'a mut Flattener {
    type Ok = ();
    type Error = FlattenError;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Items<'a>;
    type SerializeTupleVariant = Items<'a>;
    type SerializeMap = Entries<'a>;
    type SerializeStruct = Entries<'a>;
    type SerializeStructVariant = Entries<'a>;

    scalars! {
        serialize_bool: bool, serialize_char: char, serialize_str: &str,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_i128: i128, serialize_u128: u128
    }

    fn serialize_f32(self, value: f32) -> Result<(), FlattenError> {
        match value.is_finite() {
            true => self.push(value),
            false => self.serialize_f64(value.into()),
        }
    }

    fn serialize_f64(self, value: f64) -> Result<(), FlattenError> {
        match value.is_finite() {
            true => self.push(value),
            false => Err(FlattenError(format!(
                "{} is {value}, but only finite numbers can be sent",
                self.key
            ))),
        }
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), FlattenError> {
        self.push(String::from_utf8_lossy(bytes))
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
        self.push(variant)
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
        self.nested(&variant, value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'a>, FlattenError> {
        Ok(Items { flattener: self, index: 0 })
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'a>, FlattenError> {
        Ok(Items { flattener: self, index: 0 })
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items<'a>, FlattenError> {
        Ok(Items { flattener: self, index: 0 })
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items<'a>, FlattenError> {
        self.check_variant(variant)?;
        Ok(Items { flattener: self, index: 0 })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries<'a>, FlattenError> {
        Ok(Entries { flattener: self, key: String::new() })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Entries<'a>, FlattenError> {
        Ok(Entries { flattener: self, key: String::new() })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Entries<'a>, FlattenError> {
        self.check_variant(variant)?;
        Ok(Entries { flattener: self, key: String::new() })
    }
}

struct Items<'a> {
    flattener: &'a mut Flattener,
    index: usize,
}

impl Items<'_> {
    fn flatten_item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), FlattenError> {
        self.index += 1;
        self.flattener.nested(&self.index, value)
    }
}

macro_rules! items {
    ($($trait:ident::$method:ident),*) => {
        $(impl ser::$trait for Items<'_> {
            type Ok = ();
            type Error = FlattenError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), FlattenError> {
                self.flatten_item(value)
            }

            fn end(self) -> Result<(), FlattenError> {
                Ok(())
            }
        })*
    };
}

items! {
    SerializeSeq::serialize_element, SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field, SerializeTupleVariant::serialize_field
}

struct Entries<'a> {
    flattener: &'a mut Flattener,
    key: String,
}

impl ser::SerializeMap for Entries<'_> {
    type Ok = ();
    type Error = FlattenError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), FlattenError> {
        let mut flattener = Flattener { key: String::new(), pairs: Vec::new(), only_checks: false };
        key.serialize(&mut flattener)?;
        match flattener.pairs.pop() {
            Some((path, text)) if path.is_empty() && flattener.pairs.is_empty() => self.key = text,
            _ => {
                return Err(FlattenError("a map key must be text or a number".to_owned()));
            }
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), FlattenError> {
        let key = std::mem::take(&mut self.key);
        self.flattener.nested(&key, value)
    }

    fn end(self) -> Result<(), FlattenError> {
        Ok(())
    }
}

macro_rules! fields {
    ($($trait:ident),*) => {
        $(impl ser::$trait for Entries<'_> {
            type Ok = ();
            type Error = FlattenError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), FlattenError> {
                self.flattener.nested(&key, value)
            }

            fn end(self) -> Result<(), FlattenError> {
                Ok(())
            }
        })*
    };
}

fields! { SerializeStruct, SerializeStructVariant }
