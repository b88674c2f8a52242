//! What both Markdown and HTML are reduced to: a flat list of blocks.

/// More blocks than this are not kept: 16 MiB of one-letter list items would
/// otherwise take a hundred times their size.
pub(super) const MAX_BLOCKS: usize = 100_000;
/// Columns of a table that are looked at.
const MAX_CELLS: usize = 20;

/// Texts keep their code spans in backticks and are otherwise plain.
#[derive(Debug, PartialEq)]
pub(super) enum Block {
    Heading {
        level: u8,
        text: String,
    },
    Text(String),
    /// One item of a list, of any depth.
    Item(String),
    Table(Vec<Row>),
    Code(String),
}

#[derive(Debug, PartialEq)]
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) cells: Vec<String>,
}

#[derive(Debug, PartialEq)]
pub(super) struct Placed {
    /// Counted from 1.
    pub(super) line: usize,
    pub(super) block: Block,
}

/// The blocks of a document, up to [`MAX_BLOCKS`].
#[derive(Debug, Default)]
pub(super) struct Blocks {
    pub(super) list: Vec<Placed>,
    rows: usize,
    /// The line at which the rest was left out.
    pub(super) cut_at: Option<usize>,
}

impl Blocks {
    pub(super) fn is_full(&self) -> bool {
        self.cut_at.is_some()
    }

    pub(super) fn push(&mut self, line: usize, block: Block) {
        let is_empty = match &block {
            Block::Heading { text, .. } | Block::Text(text) | Block::Item(text) => {
                text.trim().is_empty()
            }
            Block::Code(text) => text.trim().is_empty(),
            Block::Table(rows) => rows.is_empty(),
        };
        if is_empty || self.cut_at.is_some() {
            return;
        }
        if self.list.len() + self.rows >= MAX_BLOCKS {
            self.cut_at = Some(line);
            return;
        }
        if let Block::Table(rows) = &block {
            self.rows += rows.len();
        }
        self.list.push(Placed { line, block });
    }
}

/// A row of at most [`MAX_CELLS`] cells.
pub(super) fn row(line: usize, cells: impl Iterator<Item = String>) -> Row {
    Row {
        line,
        cells: cells.take(MAX_CELLS).collect(),
    }
}

#[cfg(test)]
pub(super) fn shown(blocks: &Blocks) -> String {
    let line = |placed: &Placed| {
        let at = placed.line;
        match &placed.block {
            Block::Heading { level, text } => format!("{at} h{level} {text:?}\n"),
            Block::Text(text) => format!("{at} text {text:?}\n"),
            Block::Item(text) => format!("{at} item {text:?}\n"),
            Block::Code(text) => format!("{at} code {text:?}\n"),
            Block::Table(rows) => {
                let rows = rows
                    .iter()
                    .map(|row| format!("{} {:?}", row.line, row.cells));
                format!("{at} table {}\n", rows.collect::<Vec<_>>().join(" "))
            }
        }
    };
    blocks.list.iter().map(line).collect()
}
