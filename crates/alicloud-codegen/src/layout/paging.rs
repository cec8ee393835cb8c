//! Pagers: the bodies of the methods of `Paged`.

use super::WIDTH;
use crate::ir::{FieldPath, Pager};

const INDENT: &str = "        ";

impl Pager {
    /// Returns the body of `take_items`.
    pub(crate) fn take_items(&self) -> String {
        let mut bindings = Bindings::default();
        let Some((list, owners)) = self.items.0.split_last() else { return String::new() };
        let Some(owner) = bindings.owner_in_response(owners, "as_mut") else {
            return format!("{INDENT}std::mem::take(&mut response.{list})");
        };
        let take = format!(".map(|outer| std::mem::take(&mut outer.{list}))");
        let calls = [take, ".unwrap_or_default()".to_owned()];
        bindings.lines.push(chain(INDENT, &owner, &calls, ""));
        bindings.lines.join("\n")
    }

    /// Returns the name of the response in `next_page`: `_` if it is not used.
    pub(crate) fn response_name(&self) -> &'static str {
        let values =
            [&self.response_size, &self.total, &self.count, &self.page_count, &self.has_more];
        let has_echo = self.counter.as_ref().is_some_and(|counter| counter.echo.is_some());
        match self.token.is_some() || has_echo || values.iter().any(|value| value.is_some()) {
            true => "response",
            false => "_",
        }
    }

    /// Returns the body of `next_page`.
    pub(crate) fn next_page(&self) -> String {
        let mut bindings = Bindings::default();
        // The methods and their arguments.
        let mut calls: Vec<(&str, Vec<Argument>)> = Vec::new();
        if let Some(counter) = &self.counter {
            let method = match (counter.is_offset, &counter.echo) {
                (false, None) => "number",
                (false, Some(_)) => "echoed_number",
                (true, None) => "offset",
                (true, Some(_)) => "echoed_offset",
            };
            let parameter = bindings.parameter(&counter.parameter);
            let mut arguments = vec![
                Argument::new(format!("&mut {parameter}")),
                Argument::new(counter.first.to_string()),
            ];
            arguments.extend(counter.echo.as_ref().map(|echo| bindings.response_value(echo)));
            calls.push((method, arguments));
        }
        match (&self.size, &self.token_size) {
            (Some(size), Some(token_size)) => {
                let sizes = [size, token_size];
                let sizes =
                    sizes.map(|size| Argument::new(format!("&mut {}", bindings.parameter(size))));
                calls.push(("sizes", sizes.into()));
            }
            (Some(size), None) => {
                let size = Argument::new(format!("&{}", bindings.parameter(size)));
                calls.push(("size", vec![size]));
            }
            (None, _) => {}
        }
        if let Some(token) = &self.token {
            let parameter = bindings.parameter(&token.parameter);
            let next = bindings.response_value(&token.next);
            calls.push(("token", vec![Argument::new(format!("&mut {parameter}")), next]));
        }
        for (method, path) in [
            ("response_size", &self.response_size),
            ("total", &self.total),
            ("count", &self.count),
            ("page_count", &self.page_count),
            ("has_more", &self.has_more),
        ] {
            if let Some(path) = path {
                calls.push((method, vec![bindings.response_value(path)]));
            }
        }
        calls.push(("advance", Vec::new()));
        let call = |(method, arguments): &(&str, Vec<Argument>)| {
            let arguments: Vec<String> = arguments.iter().map(Argument::text).collect();
            format!(".{method}({})", arguments.join(", "))
        };
        let single_line = format!("{INDENT}step{}", calls.iter().map(call).collect::<String>());
        if single_line.chars().count() <= WIDTH {
            bindings.lines.push(single_line);
            return bindings.lines.join("\n");
        }
        // The first call stays beside `step`, which is not longer than the indentation.
        let mut start = format!("{INDENT}step");
        for next in &calls {
            let (method, arguments) = next;
            let line = format!("{start}{}", call(next));
            let outer = " ".repeat(start.len() - start.trim_start().len());
            let fits = line.chars().count() <= WIDTH;
            if fits {
                bindings.lines.push(line);
            } else {
                bindings.lines.push(format!("{start}.{method}("));
                let indent = format!("{outer}    ");
                let lines = arguments
                    .iter()
                    .map(|argument| chain(&indent, &argument.owner, &argument.calls, ","));
                bindings.lines.extend(lines);
                bindings.lines.push(format!("{outer})"));
            }
            // The other calls are indented, unless the first one takes several lines.
            if start.ends_with("step") {
                start = if fits { format!("{INDENT}    ") } else { outer };
            }
        }
        bindings.lines.join("\n")
    }
}

/// An argument of a method: a value, and the calls on it.
struct Argument {
    owner: String,
    calls: Vec<String>,
}

impl Argument {
    fn new(owner: String) -> Self {
        Argument { owner, calls: Vec::new() }
    }

    fn text(&self) -> String {
        format!("{}{}", self.owner, self.calls.concat())
    }
}

/// Returns a chain of method calls on a variable, on as many lines as necessary.
pub(super) fn chain(indent: &str, variable: &str, calls: &[String], end: &str) -> String {
    let single_line = format!("{indent}{variable}{}{end}", calls.concat());
    if single_line.chars().count() <= WIDTH || calls.is_empty() {
        return single_line;
    }
    // The first call stays beside a variable that is not longer than the indentation.
    let separator = match variable.len() <= 4 {
        true => String::new(),
        false => format!("\n{indent}    "),
    };
    format!("{indent}{variable}{separator}{}", calls.join(&format!("\n{indent}    ")) + end)
}

/// The `let` statements for the objects that the fields are in.
#[derive(Default)]
struct Bindings {
    /// Whether the object is part of the request, the path to it, and its variable.
    known: Vec<(bool, Vec<String>, String)>,
    lines: Vec<String>,
}

impl Bindings {
    /// Returns an expression for a parameter.
    fn parameter(&mut self, path: &FieldPath) -> String {
        let Some((field, owners)) = path.0.split_last() else { return "self".to_owned() };
        let mut owner = "self".to_owned();
        for length in 1..=owners.len() {
            let Some(object) = owners.get(..length) else { break };
            owner = self
                .variable(true, object, |field| format!("{owner}.{field}.get_or_insert_default()"));
        }
        format!("{owner}.{field}")
    }

    /// Returns a reference to a value of the response.
    fn response_value(&mut self, path: &FieldPath) -> Argument {
        let Some((field, owners)) = path.0.split_last() else {
            return Argument::new("&response".to_owned());
        };
        match self.owner_in_response(owners, "as_ref") {
            None => Argument::new(format!("&response.{field}")),
            Some(owner) => Argument {
                owner: format!("&{owner}"),
                calls: vec![format!(".and_then(|outer| outer.{field}.as_ref())")],
            },
        }
    }

    /// Returns the variable of an object of the response, which is an `Option` of a reference; `None` for
    /// the response itself.
    fn owner_in_response(&mut self, owners: &[String], borrow: &str) -> Option<String> {
        let mut owner: Option<String> = None;
        for length in 1..=owners.len() {
            let outer = owner.clone();
            let variable = self.variable(false, owners.get(..length)?, |field| match &outer {
                None => format!("response.{field}.{borrow}()"),
                Some(outer) => format!("{outer}.and_then(|outer| outer.{field}.{borrow}())"),
            });
            owner = Some(variable);
        }
        owner
    }

    /// Returns the variable of an object; adds its `let` statement if it has none.
    fn variable(
        &mut self,
        is_request: bool,
        path: &[String],
        value: impl FnOnce(&str) -> String,
    ) -> String {
        let known = self.known.iter().find(|(side, known, _)| *side == is_request && known == path);
        if let Some((_, _, variable)) = known {
            return variable.clone();
        }
        let Some(field) = path.last() else { return String::new() };
        let mut variable = field.clone();
        while matches!(variable.as_str(), "response" | "step")
            || self.known.iter().any(|(_, _, known)| *known == variable)
        {
            variable.push('_');
        }
        let value = value(field);
        let single_line = format!("{INDENT}let {variable} = {value};");
        self.lines.push(match single_line.chars().count() <= WIDTH {
            true => single_line,
            false => format!("{INDENT}let {variable} =\n{INDENT}    {value};"),
        });
        self.known.push((is_request, path.to_vec(), variable.clone()));
        variable
    }
}
