//! The rate limiter.

mod fairness;
mod simulation;
