impl Paged for {{ operation.request.name }} {
    type Item = {{ pager.item.rust() }};

    fn take_items(reply: &mut Self::Response) -> Vec<Self::Item> {
        {{ pager.take_items() }}
    }

    fn next_page(&mut self, reply: &Self::Response, items: usize, seen: usize) -> bool {
{{ pager.next_page() }}
    }
}
