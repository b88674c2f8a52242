//! Which way a schema travels, and what does not travel that way.

use super::view::View;

/// Which way the values travel.
///
/// Inputs keep every constraint: a model that breaks one learns so before the
/// API is called. Outputs keep only their outline, nullable throughout, without
/// `required`, `enum`, formats or bounds: clients refuse a result that does not
/// fit its `outputSchema`, and real APIs leave fields out, return `null` and add
/// values that their documents do not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Input,
    Output,
}

/// Whether a property does not travel in a direction.
pub(crate) fn hides(direction: Direction, view: &View<'_>) -> bool {
    view.never
        || match direction {
            Direction::Input => view.flag("readOnly") || is_output_only(view),
            Direction::Output => view.flag("writeOnly"),
        }
}

/// Google says in words what `readOnly` says
/// (<https://google.aip.dev/203>): `Output only. When it was made.`
fn is_output_only(view: &View<'_>) -> bool {
    const MARK: &str = "output only";
    let Some(text) = view.text("description") else {
        return false;
    };
    let text = text.trim_start().trim_start_matches('[');
    let (start, rest) = (text.get(..MARK.len()), text.get(MARK.len()..));
    start.is_some_and(|start| start.eq_ignore_ascii_case(MARK))
        && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ']', ':']))
}
