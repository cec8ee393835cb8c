//! The tests of the programs, which are in their folders. With `test = true`, cargo would build an example only as a test.

#![allow(
    clippy::duplicate_mod,
    dead_code,
    reason = "each program includes the fake, and no test calls its main function"
)]

#[path = "../cdn_domains/main.rs"]
mod cdn_domains;
#[path = "../dns01/main.rs"]
mod dns01;
#[path = "../esa_purge/main.rs"]
mod esa_purge;
