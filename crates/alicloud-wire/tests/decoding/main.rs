//! Decoding of responses. One program, because to link each file takes longer than to compile it.

mod empty;
mod enums;
mod floats;
mod formats;
mod invalid_text;
mod issues;
mod leniency;
mod limits;
mod repair;
mod scalars;
mod secret_names;
mod values;
