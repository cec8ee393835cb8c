impl Paged for {{ operation.request.name }} {
    type Item = {{ pager.item.rust() }};

    fn take_items(response: &mut Self::Response) -> Vec<Self::Item> {
{{ pager.take_items() }}
    }

    fn next_page(&mut self, {{ pager.response_name() }}: &Self::Response, step: paging::Step<'_>) -> paging::NextPage {
{{ pager.next_page() }}
    }
}
