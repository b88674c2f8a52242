//! The same work on many things, on several threads where there are any.

use std::thread;

/// Things for which another thread is worth its start and the memory that it begins
/// with: some tenths of a millisecond.
const WORTH: usize = 1_000;

/// What `of` makes of each thing, in their order, on so many threads at most. Where
/// the platform has none, this one does it all.
pub(crate) fn map<'i, T: Sync, R: Send>(
    items: &'i [T],
    threads: usize,
    of: impl Fn(&'i T) -> R + Sync,
) -> Vec<R> {
    let threads = threads.min(items.len() / WORTH).max(1);
    let mut shares = items.chunks(items.len().div_ceil(threads).max(1));
    let own = shares.next().unwrap_or_default();
    let work = |share: &'i [T]| -> Vec<R> { share.iter().map(&of).collect() };
    thread::scope(|scope| {
        let started: Vec<_> = shares
            .map(|share| {
                let thread = thread::Builder::new().spawn_scoped(scope, move || work(share));
                (share, thread.ok())
            })
            .collect();
        let mut all = work(own);
        for (share, thread) in started {
            let theirs = thread.and_then(|thread| thread.join().ok());
            all.extend(theirs.unwrap_or_else(|| work(share)));
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_on_any_number_of_threads() {
        for count in [0, 1, WORTH - 1, 2 * WORTH, 5 * WORTH + 3] {
            let items: Vec<usize> = (0..count).collect();
            let expected: Vec<usize> = items.iter().map(|item| item * 2).collect();
            for threads in [0, 1, 2, 3, 16, usize::MAX] {
                let made = map(&items, threads, |item| item * 2);
                assert_eq!(made, expected, "{count} on {threads}");
            }
        }
    }
}
