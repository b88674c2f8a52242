//! Byte offsets as lines and columns.

/// Finds line and column of a byte offset in one text.
pub(crate) struct LineIndex<'t> {
    text: &'t str,
}

impl<'t> LineIndex<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text }
    }

    /// Line and column from 1; the column counts characters. An offset behind the
    /// end gives the end, one inside a character gives that character.
    pub(crate) fn position(&self, offset: usize) -> (u32, u32) {
        let mut line = 1_u32;
        let mut column = 1_u32;
        for (at, character) in self.text.char_indices() {
            if at + character.len_utf8() > offset {
                break;
            }
            if character == '\n' {
                line = line.saturating_add(1);
                column = 1;
            } else {
                column = column.saturating_add(1);
            }
        }
        (line, column)
    }
}

#[cfg(test)]
mod tests {
    use super::LineIndex;

    #[test]
    fn counts_lines_and_characters() {
        let lines = LineIndex::new("aé\nb😀c");
        let found: Vec<_> = (0..=10).map(|offset| lines.position(offset)).collect();
        assert_eq!(
            found,
            [
                (1, 1),
                (1, 2),
                (1, 2),
                (1, 3),
                (2, 1),
                (2, 2),
                (2, 2),
                (2, 2),
                (2, 2),
                (2, 3),
                (2, 4)
            ]
        );
    }
}
