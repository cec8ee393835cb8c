//! Generated clients.

pub mod ecs;
