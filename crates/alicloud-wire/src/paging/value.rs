//! Values of responses and parameters of requests that select a page.

/// A value of a response that tells about the next page: a total, a token, a page size or a flag.
///
/// Services send numbers and flags as text as well.
pub trait PageValue {
    /// Returns the value as text; `None` if it is absent.
    fn text(&self) -> Option<String>;
}

/// A parameter of a request that selects a page: a page number, an offset or a token.
///
/// # Examples
///
/// ```
/// use alicloud_wire::paging::{PageParameter, PageValue};
///
/// let mut page: Option<i64> = None;
/// assert!(page.set_text("2"));
/// assert_eq!((page, page.text().as_deref()), (Some(2), Some("2")));
/// assert!(!page.set_text("two"));
/// ```
pub trait PageParameter: PageValue {
    /// Sets the value; returns `false` if the type of the parameter does not allow it.
    fn set_text(&mut self, text: &str) -> bool;

    /// Removes the value, if the type of the parameter allows that.
    fn clear(&mut self) {}
}

macro_rules! page_value {
    ($($ty:ty),*) => {$(
        impl PageValue for $ty {
            fn text(&self) -> Option<String> {
                Some(self.to_string())
            }
        }

        impl PageParameter for $ty {
            fn set_text(&mut self, text: &str) -> bool {
                text.parse().map(|value| *self = value).is_ok()
            }
        }
    )*};
}

page_value!(String, i64, f64, bool);

impl<T: PageValue> PageValue for Option<T> {
    fn text(&self) -> Option<String> {
        self.as_ref().and_then(PageValue::text)
    }
}

impl<T: PageValue> PageValue for &T {
    fn text(&self) -> Option<String> {
        (**self).text()
    }
}

impl<T: PageParameter + Default> PageParameter for Option<T> {
    fn set_text(&mut self, text: &str) -> bool {
        let mut value = T::default();
        let is_set = value.set_text(text);
        if is_set {
            *self = Some(value);
        }
        is_set
    }

    fn clear(&mut self) {
        *self = None;
    }
}

pub(super) fn integer(value: &(impl PageValue + ?Sized)) -> Option<i64> {
    value.text()?.trim().parse().ok()
}

pub(super) fn positive(value: &dyn PageValue) -> Option<usize> {
    integer(value).and_then(|size| usize::try_from(size).ok()).filter(|size| *size > 0)
}
