//! Documentation in prose: Markdown, HTML, plain text.
//!
//! Best effort, and honest about it. A page is reduced to blocks (headings,
//! paragraphs, lists, tables, code), one walk over them collects endpoints and
//! what stands around each, and the outline that results is read like any other
//! description. Whatever was guessed is said in a diagnostic.

mod around;
mod auth;
mod base;
mod block;
mod blueprint;
mod builder;
mod code;
mod curl;
mod element;
mod endpoint;
mod entity;
mod field;
mod heads;
mod html;
mod inline;
mod kind;
mod label;
mod line;
mod markdown;
mod place;
mod settle;
mod table;
mod target;
mod walk;

use crate::{
    arena::Arena,
    diagnostic::{Diagnostic, Limits, Refusal},
    model::ApiDescription,
};

use block::Blocks;
use builder::Builder;

/// The description that a text gives; `None` where it has no endpoint.
pub(crate) fn read<'a>(
    arena: &'a Arena,
    text: &str,
    limits: &Limits,
) -> Option<Result<(ApiDescription<'a>, Vec<Diagnostic>), Refusal>> {
    let blocks = blocks(text);
    let cut_at = blocks.cut_at;
    let mut builder = Builder::new(limits);
    for placed in blocks.list {
        builder.block(placed);
    }
    builder.settle(arena, cut_at, limits)
}

fn blocks(text: &str) -> Blocks {
    if is_page(text) {
        html::blocks(text)
    } else {
        markdown::blocks(text)
    }
}

/// Whether the text is HTML as a whole. Markdown may begin with HTML too; then
/// it goes on with headings or code of its own.
pub(crate) fn is_page(text: &str) -> bool {
    let start = text.trim_start();
    if !start.starts_with('<') {
        return false;
    }
    let near = start
        .get(..start.floor_char_boundary(1_024))
        .unwrap_or(start);
    let near = near.to_ascii_lowercase();
    if near.contains("<!doctype html") || near.contains("<html") {
        return true;
    }
    let name = start.get(1..).unwrap_or_default();
    let end = name
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(name.len());
    let is_html = inline::is_tag(name.get(..end).unwrap_or_default()) || start.starts_with("<!--");
    let is_markdown = text
        .lines()
        .any(|line| line.starts_with("# ") || line.starts_with("## ") || line.starts_with("```"));
    is_html && !is_markdown
}
