//! Decodes the documented responses of `{{ document.folder }}`.

#[allow(unused_imports, reason = "not every document has responses of each kind")]
use conformance_runner::{Read, bytes, json, xml};

#[rustfmt::skip]
const OPERATIONS: &[(&str, Read, Read)] = &[
{%- for (name, readers) in document.operations %}
    ({{ name }}, {{ readers }}),
{%- endfor %}
];

fn main() -> Result<(), std::io::Error> {
    conformance_runner::run(OPERATIONS)
}
