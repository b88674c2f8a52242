//! What a test runner printed about itself.

/// Counts of passed and failed tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl Counts {
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    pub(crate) fn total(self) -> u32 {
        self.passed + self.failed
    }
}

/// Which program ran the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runner {
    /// `test result: ok. 12 passed; 0 failed; …`, once per test binary
    Cargo,
    /// `ℹ pass 12`, `ℹ fail 0` of `node --test`
    Node,
    /// `Tests  12 passed (12)` or `Tests  1 failed | 11 passed (12)`
    Vitest,
    /// A command that succeeds or fails as a whole: one test.
    Command,
}

/// The runner's own summary lines and what they add up to.
pub(crate) fn read(runner: Runner, output: &str, success: bool) -> (Vec<String>, Counts) {
    let mut counts = Counts::default();
    let mut lines = Vec::new();
    for line in output
        .lines()
        .map(|line| without_colour(line).trim().to_owned())
    {
        let found = match runner {
            Runner::Cargo => line.starts_with("test result:").then(|| Counts {
                passed: before(&line, " passed"),
                failed: before(&line, " failed"),
            }),
            Runner::Node => node_line(&line),
            Runner::Vitest => line.starts_with("Tests ").then(|| Counts {
                passed: before(&line, " passed"),
                failed: before(&line, " failed"),
            }),
            Runner::Command => None,
        };
        if let Some(found) = found {
            // A crate may have many binaries without tests: they say nothing.
            if found.total() > 0 || runner != Runner::Cargo {
                lines.push(line);
            }
            counts.add(found);
        }
    }
    if runner == Runner::Command {
        counts = Counts {
            passed: u32::from(success),
            failed: u32::from(!success),
        };
    } else if !success && counts.failed == 0 {
        // It ended badly without counting a failure: a crash, a compile error.
        counts.failed = 1;
    }
    (lines, counts)
}

fn node_line(line: &str) -> Option<Counts> {
    let line = line.trim_start_matches(['ℹ', '#', ' ']);
    if let Some(count) = line.strip_prefix("pass ") {
        return Some(Counts {
            passed: count.parse().ok()?,
            failed: 0,
        });
    }
    let count = line
        .strip_prefix("fail ")
        .or_else(|| line.strip_prefix("cancelled "))?;
    Some(Counts {
        passed: 0,
        failed: count.parse().ok()?,
    })
}

/// The number that stands before `word`.
fn before(line: &str, word: &str) -> u32 {
    line.split_once(word)
        .and_then(|(head, _)| head.rsplit([' ', '|']).next())
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

/// A line without terminal colours (`ESC [ … letter`).
fn without_colour(line: &str) -> String {
    let mut text = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            text.push(character);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(runner: Runner, output: &str, success: bool) -> (u32, u32) {
        let (_, counts) = read(runner, output, success);
        (counts.passed, counts.failed)
    }

    #[test]
    fn adds_up_each_runners_own_lines() {
        let cargo = "test result: ok. 3 passed; 0 failed; 0 ignored\n\
                     test result: FAILED. 4 passed; 2 failed; 1 ignored";
        assert_eq!(counts(Runner::Cargo, cargo, false), (7, 2));
        let node = "ℹ tests 4\nℹ pass 3\nℹ fail 1\nℹ cancelled 0";
        assert_eq!(counts(Runner::Node, node, false), (3, 1));
        let vitest =
            " Test Files  1 passed (1)\n \u{1b}[2m     Tests \u{1b}[22m 1 failed | 11 passed (12)";
        assert_eq!(counts(Runner::Vitest, vitest, false), (11, 1));
    }

    #[test]
    fn a_crash_is_a_failure_even_when_nothing_was_counted() {
        assert_eq!(
            counts(Runner::Cargo, "error: could not compile", false),
            (0, 1)
        );
        assert_eq!(counts(Runner::Command, "", false), (0, 1));
        assert_eq!(counts(Runner::Command, "", true), (1, 0));
    }
}
