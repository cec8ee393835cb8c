//! The wire format of Alibaba Cloud: encodes requests, and decodes responses in JSON and XML.
//!
//! The generated model crates depend on this crate alone. It has no I/O, no runtime and no derive
//! macros. It has these parts:
//!
//! * **Requests**: a [`Request`] has a table with the location and
//!   [`ParameterStyle`](request::ParameterStyle) of each parameter. [`request::encode`] encodes it as
//!   [`RequestParts`].
//! * **Responses**: [`from_json`] and [`from_xml`] decode into the same types. Decoding is lenient: a
//!   number sent as text, a list in a wrapper or a missing field is not an error. Values that cannot be
//!   decoded are reported as [`DecodeIssue`]s next to the value.
//! * **Values that travel as text**: [`open_enum!`] declares an enum that keeps unknown values;
//!   [`Timestamp`] and [`Percent`] keep the spelling of the service and compare by value; [`Secret`] is never
//!   shown.
//!
//! One line per field declares its type and its name on the wire:
//!
//! ```
//! alicloud_wire::record! {
//!     pub struct Task {
//!         pub task_id: Option<String> = "TaskId",
//!         pub total: Option<i64> = "Total",
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

#![cfg_attr(docsrs, feature(doc_cfg))]

mod debug;
mod decode;
mod encode;
mod flatten;
mod identity;
mod node;
mod open_enum;
pub mod paging;
mod percent;
#[doc(hidden)]
pub mod printable;
mod record;
pub mod request;
mod secret;
#[doc(hidden)]
pub mod sensitive;
mod spelled;
mod timestamp;
mod url_encoding;
mod xml_name;

pub use bytes::Bytes;
pub use decode::{
    DecodeError, DecodeIssue, DecodeLimits, Decoded, from_json, from_json_with, from_xml,
    from_xml_with,
};
#[doc(hidden)]
pub use decode::{decode_until, document, readable_json, xml_steps};
pub use encode::to_xml;
pub use flatten::{FlattenError, check_finite, flatten};
pub use node::{
    Field, Identity, List, Map, Node, Record, RecordType, Scalar, Shape, Slot, View, ViewMut,
};
pub use open_enum::{Respelled, Unknown};
pub use paging::Paged;
pub use percent::Percent;
pub use request::{Body, InvalidParameter, Request, RequestParts};
pub use secret::Secret;
pub use serde_json::Value;
pub use timestamp::{Timestamp, UnreadableTimestamp};
pub use url_encoding::{percent_decode, percent_encode, percent_encode_into};

/// Items that the macros of this crate expand to. Not public API.
#[doc(hidden)]
pub mod macro_support {
    pub use crate::debug::{DebugNode, debug};
    pub use crate::decode::deserialize;
    pub use crate::encode::serialize;
    pub use crate::identity::{equal, hash};
    pub use crate::node::nodes;
    pub use crate::open_enum::{EnumKey, read_scalar, read_text};
    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use std::collections::BTreeMap;

    /// Converts the items of a list.
    pub fn items<T>(items: impl IntoIterator<Item = impl Into<T>>) -> Vec<T> {
        items.into_iter().map(Into::into).collect()
    }

    /// Converts the entries of a map.
    pub fn entries<T>(
        entries: impl IntoIterator<Item = (impl Into<String>, impl Into<T>)>,
    ) -> BTreeMap<String, T> {
        entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect()
    }
}
