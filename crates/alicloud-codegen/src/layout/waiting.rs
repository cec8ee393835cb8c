//! Waiters: constants and methods.

use std::collections::BTreeSet;

use super::paging::chain;
use super::{WIDTH, doc_block, inline_code, literal, signature};
use crate::docs;
use crate::ir::{FieldPath, Struct, Waiter, WaiterValue};
use crate::overlay::Constant;

/// Maximum length of the items of an array of which rustfmt puts several on a line.
const SHORT_ITEM: usize = 10;

impl Waiter {
    pub(crate) fn constant(&self) -> String {
        self.method.to_ascii_uppercase()
    }

    /// Returns what the method does, as a sentence: "Polls until every instance is `Stopped`."
    pub(crate) fn summary(&self) -> String {
        let noun = inline_code(&self.noun);
        let states = code_list(&self.success).join(" or ");
        match (states.is_empty(), self.absence_is_success) {
            (true, _) => format!("Polls until no {noun} is listed."),
            (false, true) => {
                format!("Polls until every {noun} is {states}, or no longer listed.")
            }
            (false, false) => format!("Polls until every {noun} is {states}."),
        }
    }

    /// Returns the constant with the settings.
    pub(crate) fn constant_item(&self, request: &Struct, operation: &str) -> String {
        let (constant, item) = (self.constant(), &self.item);
        let one_line = format!("pub const {constant}: Waiter<{}, {item}> =", request.name);
        let (mut lines, indent) = match one_line.chars().count() {
            width if width + " Waiter::new(".len() <= WIDTH => {
                (vec![format!("{one_line} Waiter::new(")], "")
            }
            width if width <= WIDTH => (vec![one_line, "    Waiter::new(".to_owned()], "    "),
            _ => {
                let head = format!("pub const {constant}: Waiter<");
                let (request, item) = (format!("    {},", request.name), format!("    {item},"));
                (vec![head, request, item, "> = Waiter::new(".to_owned()], "")
            }
        };
        let inner = format!("{indent}    ");
        lines.push(format!("{inner}&{operation},"));
        lines.push(format!("{inner}{},", literal(&self.parameter)));
        lines.push(closure(&inner, "ids", &self.new_request(request), &self.setter_calls(), ","));
        lines.push(closure(&inner, "response", "response", &list_calls(&self.items), ","));
        lines.push(closure(&inner, "item", "item", &text_calls(&self.id), ","));
        lines.push(closure(&inner, "item", "item", &self.state_calls(), ","));
        lines.push(format!("{indent})"));
        if self.paged {
            lines.push(format!("{indent}.paged()"));
        }
        if let Some(detail) = &self.detail {
            let start = format!("{indent}.detail(");
            lines.push(closure(&start, "item", "item", &text_calls(detail), ")"));
        }
        for (method, states) in [("success", &self.success), ("failure", &self.failure)] {
            if !states.is_empty() {
                lines.push(array_call(indent, method, states));
            }
        }
        if self.absence_is_success {
            lines.push(format!("{indent}.absence_is_success()"));
        }
        lines.join("\n") + ";"
    }

    fn new_request(&self, request: &Struct) -> String {
        let arguments: Vec<String> = self.arguments.iter().map(WaiterValue::expression).collect();
        format!("{}::new({})", request.name, arguments.join(", "))
    }

    fn setter_calls(&self) -> Vec<String> {
        let call =
            |(field, value): &(String, WaiterValue)| format!(".{field}({})", value.expression());
        self.setters.iter().map(call).collect()
    }

    fn state_calls(&self) -> Vec<String> {
        match &self.state_enum {
            Some(name) => {
                let mut calls = field_calls(&self.state, ".as_ref()");
                calls.push(format!(".map({name}::as_str)"));
                calls
            }
            None => text_calls(&self.state),
        }
    }

    /// Returns the documentation of the method, without the example.
    pub(crate) fn method_doc(&self, request: &Struct) -> String {
        let batches = match self.max_ids {
            Some(max) => format!(", {max} per call"),
            None => String::new(),
        };
        let failed = if self.failure.is_empty() { "" } else { "if a state is a failure, " };
        let absent = match self.absence_is_success {
            true => "counts as done",
            false => "counts as in progress",
        };
        let failures = match code_list(&self.failure).as_slice() {
            [] => String::new(),
            [only] => format!("{only} is a failure. "),
            [first @ .., last] => format!("{} and {last} are failures. ", first.join(", ")),
        };
        let text = format!(
            "{}\n\n\
             Takes any number of ids{batches}. An id that the service does not list {absent}. \
             {failures}Await the returned [`Wait`] for the final items, or follow its \
             [`progress`](Wait::progress).{}\n\n\
             # Errors\n\n\
             Returns an error {failed}if the target is not reached within \
             [`max_wait`](Wait::max_wait), if there are no ids, or if a call fails with an error that a retry does not fix. The error \
             has the items of the last poll.",
            self.summary(),
            self.required_doc(request),
        );
        doc_block(&docs::wrap(&text), "    ")
    }

    /// Returns the sentence about the required parameters that callers set.
    fn required_doc(&self, request: &Struct) -> String {
        let unset: Vec<String> = request
            .fields
            .iter()
            .filter(|field| self.unset.contains(&field.name))
            .map(|field| format!("`{}`", inline_code(&field.wire)))
            .collect();
        let object = if unset.len() == 1 { "it" } else { "them" };
        match unset.is_empty() {
            true => String::new(),
            false => format!(
                "\n\nThe operation also requires {}: set {object} with [`map_request`](Wait::map_request).",
                unset.join(", ")
            ),
        }
    }

    pub(crate) fn method_signature(&self, request: &Struct) -> String {
        let arguments =
            ["&self".to_owned(), "ids: impl IntoIterator<Item = impl Into<String>>".to_owned()];
        let returns = format!("Wait<Vec<PolledItem<{}>>, {}>", self.item, request.name);
        signature("    ", &format!("pub fn {}", self.method), &arguments, &returns)
    }

    /// Returns the body of the method.
    pub(crate) fn method_body(&self) -> String {
        let constant = self.constant();
        let single_line = format!("        self.core.wait_for_each(&{constant}, ids)");
        match single_line.chars().count() <= WIDTH {
            true => single_line,
            false => format!(
                "        self.core.wait_for_each(\n            &{constant},\n            ids,\n        )"
            ),
        }
    }

    /// Returns the types of the model crate that the constant and the method use.
    pub(super) fn model_names(&self) -> BTreeSet<String> {
        [Some(&self.item), self.state_enum.as_ref()].into_iter().flatten().cloned().collect()
    }
}

impl WaiterValue {
    fn expression(&self) -> String {
        match self {
            WaiterValue::Ids => "ids".to_owned(),
            WaiterValue::Constant(constant) => match constant {
                Constant::Boolean(value) => value.to_string(),
                // A setter with `impl Into<i64>` would infer `i32`.
                Constant::Integer(value) if i32::try_from(*value).is_err() => {
                    format!("{value}_i64")
                }
                Constant::Integer(value) => value.to_string(),
                Constant::Number(value) => format!("{value:?}"),
                Constant::Text(text) => literal(text),
                Constant::Texts(texts) => {
                    let texts: Vec<String> = texts.iter().map(|text| literal(text)).collect();
                    format!("[{}]", texts.join(", "))
                }
            },
        }
    }
}

fn code_list(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| format!("`{}`", inline_code(text))).collect()
}

/// Returns the calls that take a list out of a response.
fn list_calls(path: &FieldPath) -> Vec<String> {
    let Some(((first, between), list)) =
        path.0.split_last().and_then(|(list, owners)| Some((owners.split_first()?, list)))
    else {
        return path.0.iter().map(|list| format!(".{list}")).collect();
    };
    let mut calls = vec![format!(".{first}")];
    calls.extend(between.iter().map(|field| format!(".and_then(|outer| outer.{field})")));
    calls.extend([format!(".map(|outer| outer.{list})"), ".unwrap_or_default()".to_owned()]);
    calls
}

fn text_calls(path: &FieldPath) -> Vec<String> {
    field_calls(path, ".as_deref()")
}

/// Returns the calls that borrow a field of an item.
fn field_calls(path: &FieldPath, borrow: &str) -> Vec<String> {
    let Some((last, owners)) = path.0.split_last() else { return Vec::new() };
    let Some((first, between)) = owners.split_first() else {
        return vec![format!(".{last}"), borrow.to_owned()];
    };
    let mut calls = vec![format!(".{first}"), ".as_ref()".to_owned()];
    calls.extend(between.iter().map(|field| format!(".and_then(|outer| outer.{field}.as_ref())")));
    calls.push(format!(".and_then(|outer| outer.{last}{borrow})"));
    calls
}

/// Returns a closure with a chain of calls, on as many lines as necessary. `start` is the indentation and
/// what is before the closure.
fn closure(start: &str, argument: &str, base: &str, calls: &[String], end: &str) -> String {
    let single_line = format!("{start}|{argument}| {base}{}{end}", calls.concat());
    if single_line.chars().count() <= WIDTH {
        return single_line;
    }
    let indent = " ".repeat(start.len() - start.trim_start().len());
    let body = chain(&format!("{indent}    "), base, calls, "");
    format!("{start}|{argument}| {{\n{body}\n{indent}}}{end}")
}

/// Returns a call of a method with an array of texts, on as many lines as necessary.
fn array_call(indent: &str, method: &str, texts: &[String]) -> String {
    let items: Vec<String> = texts.iter().map(|text| literal(text)).collect();
    let single_line = format!("{indent}.{method}(&[{}])", items.join(", "));
    // A semicolon can follow.
    if single_line.chars().count() < WIDTH {
        return single_line;
    }
    let are_short = items.iter().all(|item| item.chars().count() <= SHORT_ITEM);
    let mut lines = vec![format!("{indent}.{method}(&[")];
    let mut line = format!("{indent}   ");
    for (index, item) in items.iter().enumerate() {
        let is_full = line.chars().count() + item.chars().count() + 2 > WIDTH || !are_short;
        if index > 0 && is_full {
            lines.push(std::mem::replace(&mut line, format!("{indent}   ")));
        }
        line.push_str(&format!(" {item},"));
    }
    lines.extend([line, format!("{indent}])")]);
    lines.join("\n")
}
