//! The rate limiter.

mod commands;
mod fairness;
mod feedback;
mod rejected;
mod server_lost;
mod simulation;
mod state;
