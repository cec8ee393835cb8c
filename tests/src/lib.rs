//! Tests that cross crates are in `tests/`; the library is empty.
