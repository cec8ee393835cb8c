impl Paged for {{ operation.request.name }} {
    type Item = {{ pager.item.rust() }};

    fn take_items(response: &mut Self::Response) -> Vec<Self::Item> {
        {{ pager.take_items() }}
    }

    fn next_page(&mut self, response: &Self::Response, items: usize, items_read: usize) -> bool {
{{ pager.next_page() }}
    }
}
