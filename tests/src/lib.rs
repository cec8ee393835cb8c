//! Tests of several crates are in `tests/`. The library is empty.
