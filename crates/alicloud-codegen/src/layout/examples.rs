//! Examples: the front page of the client crate and the methods of the client.

mod arguments;
mod texts;

use std::collections::BTreeSet;

use arguments::Arguments;
use texts::text_list;

use super::{doc_block, inner_doc_block};
use crate::ir::{Idempotency, Operation, Product, Root, Ty, Waiter};

/// Maximum width of a line of an example, without `/// ` and indentation.
const LINE_WIDTH: usize = 88;

/// The creation of a request.
struct RequestExample {
    /// The types to import, by their paths in the client crate.
    imports: BTreeSet<String>,
    /// The constructor and the setters that create the request; `None` if a required value cannot be made
    /// up.
    calls: Option<Vec<String>>,
}

impl RequestExample {
    /// Returns the statement that uses the request, which is created in it if that fits on a line, and
    /// before it otherwise.
    fn statements_with(&self, statement: impl Fn(&str) -> String) -> Vec<String> {
        let Some(calls) = &self.calls else { return vec![statement("request")] };
        let single_line = statement(&calls.concat());
        if single_line.chars().count() <= LINE_WIDTH {
            return vec![single_line];
        }
        let mut lines: Vec<String> = let_request(calls).lines().map(str::to_owned).collect();
        lines.push(statement("request"));
        lines
    }
}

/// The example of a product: a call of the main task, or else of the first read-only operation.
struct MainExample {
    imports: Vec<String>,
    error: String,
    body: Vec<String>,
}

impl Product {
    /// Returns the example of the front page of the client crate.
    pub(crate) fn client_example(&self) -> Option<String> {
        let MainExample { imports, error, body } = self.main_example()?;
        let mut lines = vec!["```no_run".to_owned()];
        lines.extend(imports);
        lines.extend([String::new(), format!("# async fn example() -> Result<(), {error}> {{")]);
        lines.extend(body);
        lines.extend(["# Ok(())".to_owned(), "# }".to_owned(), "```".to_owned()]);
        Some(inner_doc_block(&lines))
    }

    /// Returns the same example as a complete program, for the README.
    pub(crate) fn readme_program(&self) -> Option<String> {
        let MainExample { imports, error, body } = self.main_example()?;
        let mut lines = imports;
        lines.extend([
            String::new(),
            "#[tokio::main]".to_owned(),
            format!("async fn main() -> Result<(), {error}> {{"),
        ]);
        lines.extend(body.iter().map(|line| match line.as_str() {
            "" => String::new(),
            line => format!("    {line}"),
        }));
        lines.extend(["    Ok(())".to_owned(), "}".to_owned()]);
        Some(lines.join("\n"))
    }

    /// Returns whether a client without a region has no endpoint.
    pub(crate) fn needs_region(&self) -> bool {
        self.default_endpoint.is_none()
    }

    /// Returns the variables that are enough for a client.
    pub(crate) fn variables(&self) -> &'static str {
        match self.needs_region() {
            false => "ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            true => {
                "ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and ALIBABA_CLOUD_REGION_ID"
            }
        }
    }

    fn main_example(&self) -> Option<MainExample> {
        let client = self.example_path()?;
        let mut imports = vec![format!("use {client}::Client;")];
        let mut body = vec![
            format!("// Reads {}, among others.", self.variables()),
            "let client = Client::from_env()?;".to_owned(),
        ];
        let mut error = format!("{client}::Error");
        if let Some((operation, request)) = self.main_operation() {
            imports.extend(request.imports.iter().map(|path| format!("use {client}::{path};")));
            body.push(String::new());
            body.extend(operation.call_lines(&request));
            if let Some(waiter) = operation.waiters.first() {
                "Box<dyn std::error::Error>".clone_into(&mut error);
                let comment = format!("// {}", waiter.summary());
                body.extend([String::new(), comment]);
                let (lines, imports_of_wait) = operation.wait_lines(self, waiter);
                let more = imports_of_wait.iter().map(|path| format!("use {client}::{path};"));
                let more: Vec<String> = more.filter(|line| !imports.contains(line)).collect();
                imports.extend(more);
                body.extend(lines);
            }
        }
        Some(MainExample { imports, error, body })
    }

    fn main_operation(&self) -> Option<(&Operation, RequestExample)> {
        let by_name = |name: &String| {
            let operation = self.operations.iter().find(|operation| operation.name == *name)?;
            Some((operation, operation.request_example(self)))
        };
        if let Some(main) = self.main.as_ref().and_then(by_name) {
            return Some(main);
        }
        let callable = || {
            self.operations
                .iter()
                .filter(|operation| operation.not_callable.is_none() && !operation.deprecated)
                .map(|operation| (operation, operation.request_example(self)))
                .filter(|(_, request)| request.calls.is_some())
        };
        callable()
            .find(|(operation, _)| operation.idempotency == Idempotency::ReadOnly)
            .or_else(|| callable().next())
    }
}

impl Operation {
    /// Returns the example of the method.
    pub(crate) fn method_example(&self, product: &Product) -> Option<String> {
        let request = self.request_example(product);
        self.documented_example(product, &request, &self.call_lines(&request))
    }

    /// Returns the example of the method that reads all items.
    pub(crate) fn items_example(&self, product: &Product) -> Option<String> {
        let request = self.request_example(product);
        let method = self.paged_method("items");
        let mut lines = request
            .statements_with(|request| format!("let mut items = client.{method}({request});"));
        lines.extend([
            "while let Some(item) = items.next().await {".to_owned(),
            "    println!(\"{:?}\", item?);".to_owned(),
            "}".to_owned(),
        ]);
        self.documented_example(product, &request, &lines)
    }

    /// Returns the example of the method that waits.
    pub(crate) fn wait_example(&self, product: &Product, waiter: &Waiter) -> Option<String> {
        let client = product.example_path()?;
        let (wait, imports) = self.wait_lines(product, waiter);
        let mut head: Vec<String> =
            imports.iter().map(|path| format!("# use {client}::{path};")).collect();
        head.push(format!(
            "# async fn example(client: {client}::Client) -> Result<(), Box<dyn std::error::Error>> {{"
        ));
        let mut lines = example_start(&head);
        lines.extend(wait);
        Some(doc_block(&example_end(lines), "    "))
    }

    fn documented_example(
        &self,
        product: &Product,
        request: &RequestExample,
        statements: &[String],
    ) -> Option<String> {
        let client = product.example_path()?;
        let parameters = match request.calls {
            Some(_) => "client: Client".to_owned(),
            None => format!("client: Client, request: {}", self.request.name),
        };
        // The imports are hidden, so that one line is enough; the types of one operation are not in `model`.
        let is_nested = |path: &&String| path.matches("::").count() > 1;
        let mut head: Vec<String> = request
            .imports
            .iter()
            .filter(is_nested)
            .map(|path| format!("# use {client}::{path};"))
            .collect();
        head.push(format!(
            "# use {client}::{{Client, Error, model::*}}; async fn example({parameters}) -> Result<(), Error> {{"
        ));
        let mut lines = example_start(&head);
        lines.extend(statements.iter().cloned());
        Some(doc_block(&example_end(lines), "    "))
    }

    /// Returns the statements that create the request and send it.
    fn call_lines(&self, request: &RequestExample) -> Vec<String> {
        let method = &self.method;
        if !self.has_result() {
            return request
                .statements_with(|request| format!("client.{method}({request}).await?;"));
        }
        let mut lines = request.statements_with(|request| {
            format!("let response = client.{method}({request}).await?;")
        });
        lines.push("println!(\"{response:#?}\");".to_owned());
        lines
    }

    /// Returns whether the response has more than the id of the request.
    fn has_result(&self) -> bool {
        match &self.response.root {
            Root::Struct(root) => {
                root.fields.iter().any(|field| !field.wire.eq_ignore_ascii_case("RequestId"))
            }
            Root::Alias { target, .. } => *target != Ty::Unit,
        }
    }

    /// Returns the statements that wait, and the types to import.
    fn wait_lines(&self, product: &Product, waiter: &Waiter) -> (Vec<String>, BTreeSet<String>) {
        let ids = self.request.fields.iter().find(|field| field.wire == waiter.parameter);
        let ids = ids.map_or_else(|| "[\"value\"]".to_owned(), text_list);
        let mut values = Arguments { product, operation: self, imports: BTreeSet::new() };
        let unset = self.request.fields.iter().filter(|field| waiter.unset.contains(&field.name));
        let setters: Vec<String> = unset
            .filter_map(|field| {
                Some(format!(".{}({})", field.name, values.expression(field, &field.ty, 0)?))
            })
            .collect();
        let mut lines = match setters.is_empty() {
            true => vec![format!("let items = client.{}({ids}).await?;", waiter.method)],
            false => vec![
                format!("let wait = client.{}({ids});", waiter.method),
                format!(
                    "let items = wait.map_request(|request| request{}).await?;",
                    setters.concat()
                ),
            ],
        };
        lines.extend([
            "for item in items {".to_owned(),
            "    println!(\"{}: {:?}\", item.id, item.status);".to_owned(),
            "}".to_owned(),
        ]);
        (lines, values.imports)
    }

    fn request_example(&self, product: &Product) -> RequestExample {
        let mut arguments = Arguments { product, operation: self, imports: BTreeSet::new() };
        let name = &self.request.name;
        let calls = arguments.calls(&self.request, 0);
        let mut imports = match calls {
            Some(_) => arguments.imports,
            None => BTreeSet::new(),
        };
        imports.insert(format!("model::{name}"));
        RequestExample { imports, calls }
    }
}

fn example_start(head: &[String]) -> Vec<String> {
    let mut lines = vec!["# Examples".to_owned(), String::new(), "```no_run".to_owned()];
    lines.extend(head.iter().cloned());
    lines
}

fn example_end(mut lines: Vec<String>) -> Vec<String> {
    lines.extend(["# Ok(()) }".to_owned(), "```".to_owned()]);
    lines
}

/// Returns the statement for a constructor and a chain of setters.
fn let_request(calls: &[String]) -> String {
    let single_line = format!("let request = {};", calls.concat());
    match calls {
        [constructor, setters @ ..]
            if !setters.is_empty() && single_line.chars().count() > LINE_WIDTH =>
        {
            format!("let request = {constructor}\n    {};", setters.join("\n    "))
        }
        _ => single_line,
    }
}
