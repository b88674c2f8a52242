//! Durations as counts in fixed buckets, so that an hour of calls is one row and
//! percentiles of any hours are those of the sum.

/// How many buckets: the columns `b0` to `b15`.
pub const BUCKETS: usize = 16;

/// Upper bounds in milliseconds, inclusive; the last bucket has none. Stored
/// counts mean these bounds: they never change.
const BOUNDS_MS: [u32; BUCKETS - 1] = [
    5, 10, 20, 30, 50, 75, 100, 150, 250, 400, 650, 1_000, 2_000, 5_000, 15_000,
];

/// The bucket that a duration is counted in, below [`BUCKETS`].
#[must_use]
pub fn bucket(duration_ms: u32) -> usize {
    BOUNDS_MS.partition_point(|bound| *bound < duration_ms)
}

/// Calls by duration.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Histogram {
    pub counts: [u64; BUCKETS],
    /// The longest of all, in milliseconds.
    pub max_ms: u32,
}

impl Histogram {
    pub fn add(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
        self.max_ms = self.max_ms.max(other.max_ms);
    }

    /// The upper bound of the bucket that holds the `percent`th percentile
    /// (nearest rank), in milliseconds and never more than the longest call.
    /// `None` without calls.
    #[must_use]
    pub fn percentile(&self, percent: u64) -> Option<u32> {
        let total: u64 = self.counts.iter().sum();
        if total == 0 {
            return None;
        }
        let rank = (total * percent).div_ceil(100).clamp(1, total);
        let mut seen = 0;
        let bounds = BOUNDS_MS.into_iter().chain([u32::MAX]);
        let bound = self.counts.iter().zip(bounds).find_map(|(count, bound)| {
            seen += count;
            (seen >= rank).then_some(bound)
        });
        bound.map(|bound| bound.min(self.max_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::{BUCKETS, Histogram, bucket};

    fn of(durations: &[u32]) -> Histogram {
        let mut all = Histogram::default();
        for duration in durations {
            let mut one = Histogram::default();
            one.counts[bucket(*duration)] = 1;
            one.max_ms = *duration;
            all.add(&one);
        }
        all
    }

    #[test]
    fn every_duration_has_one_bucket() {
        for (duration, expected) in [
            (0, 0),
            (5, 0),
            (6, 1),
            (10, 1),
            (15_000, 14),
            (15_001, 15),
            (u32::MAX, BUCKETS - 1),
        ] {
            assert_eq!(bucket(duration), expected, "{duration}");
        }
    }

    #[test]
    fn percentiles_are_the_bounds_of_their_buckets() {
        let hundred: Vec<u32> = (1..=100).collect();
        let tail: Vec<u32> = [vec![8; 95], vec![900; 5]].concat();
        let more: Vec<u32> = [vec![8; 94], vec![900; 6]].concat();
        for (durations, expected) in [
            (vec![], (None, None)),
            (vec![7], (Some(7), Some(7))),
            (vec![0], (Some(0), Some(0))),
            (vec![3, 700], (Some(5), Some(700))),
            (hundred, (Some(50), Some(100))),
            (tail, (Some(10), Some(10))),
            (more, (Some(10), Some(900))),
            (vec![20_000, 40_000], (Some(40_000), Some(40_000))),
        ] {
            let all = of(&durations);
            let found = (all.percentile(50), all.percentile(95));
            assert_eq!(found, expected, "{durations:?}");
        }
    }
}
