//! The responses of the scripts.

use crate::state::redis_problem::{Holder, RedisProblem};

/// What a script returned, if it had no problem with the keys.
#[derive(Debug, PartialEq)]
pub(super) enum Response {
    /// Done, with these values.
    Done(Vec<Vec<u8>>),
    /// Another program has the lease.
    Held { holder: Holder, beat: String, expires_in_ms: u64 },
    /// The job exists already; its holder is empty if no program has it open.
    Exists(Holder),
    /// The server has only this number of events.
    Short(usize),
}

impl Response {
    /// Reads the words that a script returned.
    pub(super) fn parse(words: Vec<Vec<u8>>) -> Result<Self, RedisProblem> {
        let text = |index: usize| {
            words
                .get(index)
                .map(|word| String::from_utf8_lossy(word).into_owned())
                .unwrap_or_default()
        };
        let holder = || Holder { program: text(1), since: text(2) };
        Ok(match text(0).as_str() {
            "ok" => Response::Done(words.into_iter().skip(1).collect()),
            "held" => Response::Held {
                holder: holder(),
                beat: text(3),
                expires_in_ms: text(4).parse().unwrap_or_default(),
            },
            "exists" => Response::Exists(holder()),
            "short" => Response::Short(number(&text(1))?),
            "missing" => return Err(RedisProblem::Missing),
            "foreign" => return Err(RedisProblem::ForeignKey(text(1))),
            "incomplete" => {
                return Err(RedisProblem::Incomplete {
                    recorded: number(&text(1)).ok(),
                    found: number(&text(2))?,
                });
            }
            "lost" => return Err(RedisProblem::TakenOver(holder())),
            "conflict" => return Err(RedisProblem::OtherEvents { entry: number(&text(1))? }),
            _ => return Err(RedisProblem::UnexpectedResponse),
        })
    }
}

/// Reads a number that a script returned.
pub(super) fn number(text: &str) -> Result<usize, RedisProblem> {
    text.parse().map_err(|_| RedisProblem::UnexpectedResponse)
}
