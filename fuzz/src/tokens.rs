//! The tokens of generated files, without comments and literals.

use proc_macro2::{TokenStream, TokenTree};

/// Returns the tokens of a Rust file. Doc comments are left out, and a literal is a `_`, because a text of the
/// description may be in both. So are lints that a file allows: one does if it has nothing to document.
pub fn code(text: &str) -> Vec<String> {
    let stream: TokenStream = text.parse().expect("a generated file can be split into tokens");
    let mut out = Vec::new();
    collect(stream, &mut out);
    out
}

fn collect(stream: TokenStream, out: &mut Vec<String>) {
    let mut tokens = stream.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                // `#![doc = …]` and `#![allow(…)]`, too.
                let bang = tokens.next_if(
                    |token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == '!'),
                );
                if tokens.next_if(is_doc_or_allow).is_none() {
                    out.push("#".to_owned());
                    out.extend(bang.map(|bang| bang.to_string()));
                }
            }
            TokenTree::Group(group) => {
                out.push(format!("{:?}", group.delimiter()));
                collect(group.stream(), out);
                out.push("end".to_owned());
            }
            TokenTree::Literal(_) => out.push("_".to_owned()),
            token => out.push(token.to_string()),
        }
    }
}

fn is_doc_or_allow(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else { return false };
    let first = group.stream().into_iter().next();
    matches!(first, Some(TokenTree::Ident(name)) if name == "doc" || name == "allow")
}
