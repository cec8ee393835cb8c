//! How Alibaba Cloud's requests and responses look on the wire.
//!
//! The generated model crates stand on this crate alone: it has no I/O, no runtime and no derive
//! macros. It does three things:
//!
//! * **Requests**: a [`Request`] says where each of its parameters travels and in which
//!   [`ParameterStyle`](request::ParameterStyle); [`request::encode`] turns a value into [`RequestParts`].
//! * **Responses**: [`from_json`] and [`from_xml`] decode into the same types, leniently. A number
//!   that arrives as text, a list that arrives wrapped or a field that is missing does not lose a
//!   response; what could not be read is reported beside it as [`DecodeIssue`]s.
//! * **Open enums**: [`open_enum!`] makes an enum that keeps a value it does not know.
//!
//! A model says what travels under which name with one table, and gets decoding, encoding and serde
//! from it:
//!
//! ```
//! #[derive(Debug, Clone, Default, PartialEq)]
//! pub struct Task {
//!     pub task_id: Option<String>,
//!     pub total: Option<i64>,
//! }
//!
//! alicloud_wire::record! {
//!     Task {
//!         task_id: "TaskId",
//!         total: "Total",
//!     }
//! }
//!
//! let json = alicloud_wire::from_json::<Task>(br#"{"TaskId": 12345678, "Total": "2"}"#)?;
//! let xml = alicloud_wire::from_xml::<Task>(b"<R><TaskId>12345678</TaskId><Total>2</Total></R>")?;
//! assert_eq!(json.value, xml.value);
//! assert_eq!(json.value.task_id.as_deref(), Some("12345678"));
//! assert_eq!(serde_json::to_string(&json.value).unwrap(), r#"{"TaskId":"12345678","Total":2}"#);
//! # Ok::<(), alicloud_wire::DecodeError>(())
//! ```

mod decode;
mod encode;
mod flatten;
mod node;
mod open_enum;
pub mod paging;
mod percent;
pub mod reading;
mod record;
pub mod request;

pub use bytes::Bytes;
pub use decode::{
    DecodeError, DecodeIssue, DecodeLimits, Decoded, from_json, from_json_with, from_xml,
    from_xml_with,
};
pub use encode::to_xml;
pub use flatten::{FlattenError, flatten};
pub use node::{FieldName, List, Map, Node, Record, Scalar, Shape, Slot, View};
pub use open_enum::Unknown;
pub use paging::Paged;
pub use percent::{percent_decode, percent_encode, percent_encode_into};
pub use request::{Body, InvalidParameter, Request, RequestParts};
pub use serde_json::Value;

/// What the macros of this crate expand to; not for use by hand.
#[doc(hidden)]
pub mod macro_support {
    pub use crate::decode::deserialize;
    pub use crate::encode::serialize;
    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
}
