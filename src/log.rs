//! The log: each line names the request that it belongs to, by the id that the
//! client has in `x-request-id`.
//!
//! An isolate answers many requests at once, so the id is not where the line is
//! written: it is set around each poll of a request's future, and of what runs on
//! behind its answer.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

thread_local! {
    static CURRENT: RefCell<Option<Rc<str>>> = const { RefCell::new(None) };
}

/// A line at the level of errors, as `format!` takes it.
macro_rules! error {
    ($($arguments:tt)*) => {
        worker::console_error!("{}{}", $crate::log::prefix(), format_args!($($arguments)*))
    };
}
pub(crate) use error;

/// A line at the level of information.
macro_rules! note {
    ($($arguments:tt)*) => {
        worker::console_log!("{}{}", $crate::log::prefix(), format_args!($($arguments)*))
    };
}
pub(crate) use note;

/// `[request id] `, or nothing outside a request.
pub(crate) fn prefix() -> String {
    current().map_or_else(String::new, |id| format!("[{id}] "))
}

/// The id of the request that is being worked on.
pub(crate) fn current() -> Option<Rc<str>> {
    CURRENT.with_borrow(Option::clone)
}

/// The future, with all that it logs under this id.
pub(crate) fn under<F: Future>(id: &str, future: F) -> impl Future<Output = F::Output> {
    Under {
        id: Some(Rc::from(id)),
        future: Box::pin(future),
    }
}

/// The future, under the id of who makes it: for what runs behind an answer.
pub(crate) fn carried<F: Future>(future: F) -> impl Future<Output = F::Output> {
    Under {
        id: current(),
        future: Box::pin(future),
    }
}

struct Under<F> {
    id: Option<Rc<str>>,
    future: Pin<Box<F>>,
}

impl<F: Future> Future for Under<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let id = self.id.clone();
        let before = CURRENT.with_borrow_mut(|current| std::mem::replace(current, id));
        let polled = self.future.as_mut().poll(context);
        CURRENT.with_borrow_mut(|current| *current = before);
        polled
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use futures_util::future::join;

    use super::*;

    /// Says under which id it is polled, twice.
    async fn twice() -> [String; 2] {
        let first = prefix();
        let mut waited = false;
        std::future::poll_fn(|_| {
            if std::mem::replace(&mut waited, true) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        [first, prefix()]
    }

    #[test]
    fn requests_that_interleave_keep_their_own_ids() {
        let mut both = Box::pin(join(under("a", twice()), under("b", twice())));
        let mut context = Context::from_waker(Waker::noop());
        assert!(both.as_mut().poll(&mut context).is_pending());
        assert_eq!(prefix(), "");
        let Poll::Ready((a, b)) = both.as_mut().poll(&mut context) else {
            panic!("both wait once");
        };
        assert_eq!(a, ["[a] ", "[a] "]);
        assert_eq!(b, ["[b] ", "[b] "]);
    }

    #[test]
    fn what_runs_on_keeps_the_id_of_its_maker() {
        let mut context = Context::from_waker(Waker::noop());
        let mut made = Box::pin(under(
            "a",
            std::future::poll_fn(|_| Poll::Ready(Box::pin(carried(twice())))),
        ));
        let Poll::Ready(mut behind) = made.as_mut().poll(&mut context) else {
            panic!("it waits for nothing");
        };
        assert!(behind.as_mut().poll(&mut context).is_pending());
        assert_eq!(
            behind.as_mut().poll(&mut context),
            Poll::Ready(["[a] ".to_owned(), "[a] ".to_owned()])
        );
    }
}
