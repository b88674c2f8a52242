//! How much of a schema a tool shows, from everything down to names.

/// One rung of a ladder: the first whose result fits the budget is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Detail {
    /// Levels of objects whose properties are shown.
    pub(crate) depth: usize,
    /// Characters of a property's description.
    pub(crate) description: usize,
    /// An `enum` with more values is summed up in the description.
    pub(crate) values: usize,
    /// Members of `oneOf`/`anyOf`.
    pub(crate) alternatives: usize,
    /// Optional properties of one object.
    pub(crate) properties: usize,
    pub(crate) examples: bool,
    /// A default is but an example: no call goes without a value.
    pub(crate) samples: bool,
}

impl Detail {
    /// Everything.
    pub(crate) const FULL: Self = detail(8, 240, 150, 30, usize::MAX);
    /// Names and types.
    pub(crate) const NAMES: Self = detail(0, 0, 12, 0, 0);
}

const fn detail(
    depth: usize,
    description: usize,
    values: usize,
    alternatives: usize,
    properties: usize,
) -> Detail {
    Detail {
        depth,
        description,
        values,
        alternatives,
        properties,
        examples: description >= 200,
        samples: false,
    }
}

/// Inputs: the model has to fill them, so words are kept longest.
pub(crate) const INPUT_LADDER: [Detail; 7] = [
    Detail::FULL,
    detail(6, 160, 100, 20, usize::MAX),
    detail(4, 120, 50, 12, usize::MAX),
    detail(3, 80, 30, 8, usize::MAX),
    detail(2, 60, 20, 6, usize::MAX),
    detail(1, 40, 12, 4, usize::MAX),
    detail(1, 0, 12, 3, 120),
];

/// Outputs: the model sees the values anyway, so their outline is enough.
pub(crate) const OUTPUT_LADDER: [Detail; 8] = [
    detail(4, 60, 0, 6, usize::MAX),
    detail(4, 0, 0, 6, usize::MAX),
    detail(3, 0, 0, 4, usize::MAX),
    detail(2, 0, 0, 3, usize::MAX),
    detail(1, 0, 0, 2, usize::MAX),
    detail(1, 0, 0, 0, 30),
    detail(1, 0, 0, 0, 16),
    detail(1, 0, 0, 0, 8),
];

/// The first of `count` rungs that fits; `count` where none does. The first one fits
/// nearly always. Each shows less than the one before, so of the others half are ruled
/// out with each look.
pub(crate) fn first_fitting(count: usize, mut fits: impl FnMut(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    let mut at = 0;
    while low < high {
        if fits(at) {
            high = at;
        } else {
            low = at + 1;
        }
        at = low.midpoint(high);
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rung_that_fits_is_found_in_few_looks() {
        for count in 0..=9_usize {
            for first in 0..=count {
                let mut looks = 0_usize;
                let found = first_fitting(count, |rung| {
                    looks += 1;
                    rung >= first
                });
                assert_eq!(found, first, "of {count}");
                let most = if first == 0 { 1 } else { 5 };
                assert!(looks <= most, "{looks} looks for {first} of {count}");
            }
        }
    }
}
