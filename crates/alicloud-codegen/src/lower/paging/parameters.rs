//! The parameters that select a page: a page number, an offset or a token.

use super::fields::{self, Scalar, find, is_number};
use super::names;
use crate::ir::{CounterParameter, Operation, TokenParameter, Ty};
use crate::spec::Spec;

/// Returns the page number, or else the offset.
pub(super) fn counter(
    operation: &Operation,
    parameters: &[Scalar],
    scalars: &[Scalar],
    spec: &Spec,
    has_size: bool,
) -> Option<CounterParameter> {
    let number = find(parameters, names::NUMBERS, is_number)
        .or_else(|| {
            let is_number = |parameter: &&Scalar| {
                names::is_page_number(&parameter.name) && is_number(&parameter.ty)
            };
            parameters.iter().find(is_number)
        })
        .or_else(|| {
            find(parameters, names::WEAK_NUMBERS, |ty| *ty == Ty::Integer).filter(|_| has_size)
        })
        .map(|number| (number, false, 1));
    let (parameter, is_offset, usual) = number.or_else(|| {
        let offset = find(parameters, names::OFFSETS, is_number).or_else(|| {
            // Without a page size, such a name can mean anything.
            find(parameters, names::WEAK_OFFSETS, |ty| *ty == Ty::Integer).filter(|_| has_size)
        });
        offset.map(|offset| (offset, true, 0))
    })?;
    let first = fields::first_value(spec, &operation.name, &parameter.wire).unwrap_or(usual);
    let others = if is_offset { &[] } else { names::NUMBERS };
    let echo = find(scalars, &[parameter.name.as_str()], is_number)
        .or_else(|| find(scalars, others, is_number))
        .map(|echo| echo.path.clone());
    Some(CounterParameter { parameter: parameter.path.clone(), is_offset, first, echo })
}

/// Returns a parameter that can be a token and its counterpart in the response, if there is one such pair.
pub(super) fn possible_token<'s>(
    parameters: &'s [Scalar],
    scalars: &'s [Scalar],
) -> Option<(&'s Scalar, &'s Scalar)> {
    let is_token_type = |scalar: &&Scalar| scalar.ty == Ty::Integer || scalar.ty.is_text();
    let mut pairs = parameters.iter().filter(is_token_type).filter_map(|parameter| {
        let mut fields = scalars.iter().filter(is_token_type);
        let next = fields.find(|field| names::can_be_token(&parameter.name, &field.name))?;
        Some((parameter, next))
    });
    pairs.next().filter(|_| pairs.next().is_none())
}

/// Returns the token parameter and its counterpart in the response.
///
/// # Errors
///
/// If pages are selected by several tokens at once.
pub(super) fn token(
    parameters: &[Scalar],
    scalars: &[Scalar],
    has_size: bool,
) -> Result<Option<TokenParameter>, String> {
    let is_token_type = |ty: &Ty| *ty == Ty::Integer || ty.is_text();
    let mut pairs: Vec<(usize, &Scalar, &Scalar)> = Vec::new();
    for parameter in parameters.iter().filter(|parameter| is_token_type(&parameter.ty)) {
        let next = scalars
            .iter()
            .filter(|scalar| is_token_type(&scalar.ty))
            .filter_map(|scalar| {
                let rank = names::token_rank(&parameter.name, &scalar.name, has_size)?;
                Some((rank, scalar.path.0.len(), scalar))
            })
            .min_by_key(|(rank, depth, _)| (*rank, *depth));
        if let Some((rank, _, next)) = next {
            pairs.push((rank, parameter, next));
        }
    }
    pairs.sort_by_key(|(rank, parameter, _)| (*rank, parameter.path.0.len()));
    let Some((rank, parameter, next)) = pairs.first() else { return Ok(None) };
    let other = pairs
        .iter()
        .find(|(other_rank, _, other)| other_rank == rank && *rank == 0 && other.name != next.name);
    match other {
        Some((_, other, _)) => Err(format!(
            "several tokens select a page together: {}, {}",
            parameter.wire.join("."),
            other.wire.join(".")
        )),
        None => {
            Ok(Some(TokenParameter { parameter: parameter.path.clone(), next: next.path.clone() }))
        }
    }
}
