//! Scalars and free-form values.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;

use super::{Node, Scalar, Shape, View, ViewMut};

impl Node for String {
    fn kind() -> Shape {
        Shape::Text
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::Text(self)
    }

    fn clear(&mut self) {
        String::clear(self);
    }

    fn set_scalar(&mut self, scalar: Scalar<'_>) -> bool {
        match scalar {
            Scalar::Text(text) => {
                String::clear(self);
                self.push_str(text);
            }
            other => *self = other.into_text(),
        }
        true
    }
}

impl Node for i64 {
    fn kind() -> Shape {
        Shape::Integer
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::Integer(*self)
    }

    fn clear(&mut self) {
        *self = 0;
    }

    fn set_scalar(&mut self, scalar: Scalar<'_>) -> bool {
        let number = match scalar {
            Scalar::Integer(number) => Some(number),
            Scalar::Number(number) => to_integer(number),
            Scalar::Boolean(boolean) => Some(i64::from(boolean)),
            Scalar::Text(text) => {
                let text = text.trim();
                text.parse().ok().or_else(|| text.parse().ok().and_then(to_integer))
            }
        };
        number.map(|number| *self = number).is_some()
    }
}

/// Returns a float as an integer, if the conversion is lossless.
fn to_integer(number: f64) -> Option<i64> {
    // The cast saturates outside this range; -2^63 is exact, 2^63 is out of range.
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&number);
    (fits && number.fract() == 0.0).then_some(number as i64)
}

impl Node for f64 {
    fn kind() -> Shape {
        Shape::Number
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::Number(*self)
    }

    fn clear(&mut self) {
        *self = 0.0;
    }

    fn set_scalar(&mut self, scalar: Scalar<'_>) -> bool {
        let number = match scalar {
            Scalar::Integer(number) => Some(number as f64),
            Scalar::Number(number) => Some(number),
            Scalar::Boolean(_) => None,
            Scalar::Text(text) => text.trim().parse().ok(),
        };
        // "NaN" and "inf" parse as floats, but are not numbers in JSON.
        number.filter(|number: &f64| number.is_finite()).map(|number| *self = number).is_some()
    }
}

impl Node for bool {
    fn kind() -> Shape {
        Shape::Boolean
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::Boolean(*self)
    }

    fn clear(&mut self) {
        *self = false;
    }

    fn set_scalar(&mut self, scalar: Scalar<'_>) -> bool {
        let boolean = match scalar {
            Scalar::Boolean(boolean) => Some(boolean),
            Scalar::Integer(0) => Some(false),
            Scalar::Integer(1) => Some(true),
            Scalar::Integer(_) | Scalar::Number(_) => None,
            Scalar::Text(text) => match text.trim() {
                text if text.eq_ignore_ascii_case("true") || text == "1" => Some(true),
                text if text.eq_ignore_ascii_case("false") || text == "0" => Some(false),
                _ => None,
            },
        };
        boolean.map(|boolean| *self = boolean).is_some()
    }
}

impl Node for Bytes {
    fn kind() -> Shape {
        Shape::Bytes
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::Bytes(self)
    }

    fn clear(&mut self) {
        *self = Bytes::new();
    }

    fn set_scalar(&mut self, scalar: Scalar<'_>) -> bool {
        let Scalar::Text(text) = scalar else {
            return false;
        };
        STANDARD.decode(text.trim()).map(|bytes| *self = bytes.into()).is_ok()
    }
}

impl Node for Value {
    fn kind() -> Shape {
        Shape::Any
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::Any(self)
    }

    fn clear(&mut self) {
        *self = Value::Null;
    }

    fn view_mut(&mut self) -> ViewMut<'_> {
        ViewMut::Any(self)
    }
}

impl Node for () {
    fn kind() -> Shape {
        Shape::Unit
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::Absent
    }

    fn clear(&mut self) {}
}
