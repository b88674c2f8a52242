//! Where a document's tree and everything made of it lives.

use bumpalo::Bump;
use elsa::FrozenVec;

/// What one chunk holds. An arena that grows by doubling would reserve up to
/// twice what it needs, and an isolate has 128 MB.
const CHUNK: usize = 1 << 20;

/// Owns the tree of one document. It lives as long as the description that
/// [`crate::read`] makes of it, and everything in it is freed at once.
#[derive(Default)]
pub struct Arena {
    chunks: FrozenVec<Box<Bump>>,
}

impl std::fmt::Debug for Arena {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Arena")
            .field("chunks", &self.chunks.len())
            .finish()
    }
}

impl Arena {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A chunk with room for `bytes` (its alignment included).
    fn chunk(&self, bytes: usize) -> &Bump {
        let wanted = bytes + 16;
        match self.chunks.last() {
            Some(chunk) if chunk.chunk_capacity() >= wanted => chunk,
            _ => {
                // Small documents get a small first chunk.
                let least = match self.chunks.len() {
                    0 => CHUNK / 16,
                    1..4 => CHUNK / 4,
                    _ => CHUNK,
                };
                let room = Bump::with_capacity(wanted.max(least));
                self.chunks.push_get(Box::new(room))
            }
        }
    }

    /// A copy of the text.
    pub(crate) fn text(&self, text: &str) -> &str {
        if text.is_empty() {
            return "";
        }
        self.chunk(text.len()).alloc_str(text)
    }

    /// A copy of the values.
    pub(crate) fn slice<T: Copy>(&self, values: &[T]) -> &[T] {
        if values.is_empty() {
            return &[];
        }
        self.chunk(size_of_val(values)).alloc_slice_copy(values)
    }

    pub(crate) fn value<T: Copy>(&self, value: T) -> &T {
        self.chunk(size_of::<T>()).alloc(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_stays() {
        let arena = Arena::new();
        let texts: Vec<&str> = (0..50_000)
            .map(|n| arena.text(&format!("text {n}")))
            .collect();
        let large = arena.slice(&vec![7_u64; CHUNK]);
        assert_eq!(texts.get(49_999), Some(&"text 49999"));
        assert_eq!(large.iter().sum::<u64>(), 7 * CHUNK as u64);
        assert!(arena.chunks.len() < 8);
    }
}
