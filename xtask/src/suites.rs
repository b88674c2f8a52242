//! The list of test suites, in the order in which they run: cheap ones first.

use std::process::Command;

use crate::summary::Runner;
use crate::{repo, run};

/// What a suite needs before it can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    Nothing,
    /// The command line, `mcpengine`.
    CommandLine,
    /// The Worker, its runtime and the front end.
    Studio,
    /// The same, and the command line.
    StudioAndCommandLine,
    /// The studio and a Chromium.
    Browser,
    /// The studio and Schemathesis.
    Schemathesis,
}

/// One suite: a name for `--suite`, and a command.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Suite {
    pub(crate) name: &'static str,
    pub(crate) runner: Runner,
    pub(crate) needs: Needs,
    /// Part of `--quick`.
    pub(crate) quick: bool,
    command: &'static [&'static str],
    /// What `--quick` runs instead, where the whole takes too long.
    quick_command: Option<&'static [&'static str]>,
    /// Folder of the command, relative to the root.
    folder: &'static str,
}

impl Suite {
    const fn new(name: &'static str, runner: Runner, command: &'static [&'static str]) -> Self {
        Self {
            name,
            runner,
            needs: Needs::Nothing,
            quick: true,
            command,
            quick_command: None,
            folder: ".",
        }
    }

    const fn needs(self, needs: Needs) -> Self {
        Self { needs, ..self }
    }

    const fn slow(self) -> Self {
        Self {
            quick: false,
            ..self
        }
    }

    const fn quickly(self, command: &'static [&'static str]) -> Self {
        Self {
            quick_command: Some(command),
            ..self
        }
    }

    const fn within(self, folder: &'static str) -> Self {
        Self { folder, ..self }
    }

    /// The command, ready to start. Its program is npm's, of the folder's own
    /// packages or of the root's, or else the machine's.
    pub(crate) fn command(&self, quick: bool) -> Command {
        let words = self.quick_command.filter(|_| quick).unwrap_or(self.command);
        let (program, arguments) = words.split_first().unwrap_or((&"true", &[]));
        let installed = [self.folder, "."]
            .map(|folder| repo::path(folder).join("node_modules/.bin").join(program))
            .into_iter()
            .find(|path| path.exists());
        let mut command = installed.map_or_else(|| run::command(program), run::command);
        command.args(arguments).current_dir(repo::path(self.folder));
        command
    }
}

const NODE_TEST: &str = "--test";
const REPORTER: &str = "--test-reporter=spec";
/// A test that hangs fails; the slowest takes a quarter of this.
const TIMEOUT: &str = "--test-timeout=120000";

/// Every suite there is.
pub(crate) const SUITES: &[Suite] = &[
    Suite::new(
        "fmt",
        Runner::Command,
        &["cargo", "fmt", "--all", "--check"],
    ),
    Suite::new(
        "tidy",
        Runner::Cargo,
        &["cargo", "test", "-q", "-p", "xtask"],
    ),
    Suite::new(
        "rust",
        Runner::Cargo,
        &[
            "cargo",
            "test",
            "--workspace",
            "--exclude",
            "xtask",
            "--no-fail-fast",
        ],
    ),
    Suite::new(
        "clippy",
        Runner::Command,
        &[
            "cargo",
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
    ),
    Suite::new("frontend-types", Runner::Command, &["tsc", "--noEmit"]).within("frontend"),
    Suite::new("frontend-lint", Runner::Command, &["biome", "check", "."]).within("frontend"),
    Suite::new("frontend", Runner::Vitest, &["vitest", "run"]).within("frontend"),
    Suite::new(
        "fakes",
        Runner::Node,
        &[
            "node",
            NODE_TEST,
            REPORTER,
            TIMEOUT,
            "tests/fakes/*/*.test.mjs",
        ],
    ),
    Suite::new(
        "generated",
        Runner::Node,
        &[
            "node",
            NODE_TEST,
            REPORTER,
            TIMEOUT,
            "tests/generated/*.test.mjs",
        ],
    )
    .needs(Needs::CommandLine)
    .slow(),
    Suite::new(
        "conformance",
        Runner::Node,
        &[
            "node",
            NODE_TEST,
            REPORTER,
            TIMEOUT,
            "--test-concurrency=2",
            "tests/conformance/*.test.mjs",
        ],
    )
    .needs(Needs::CommandLine)
    .slow(),
    Suite::new(
        "e2e",
        Runner::Node,
        &[
            "node",
            NODE_TEST,
            REPORTER,
            TIMEOUT,
            "--test-concurrency=2",
            "tests/e2e/*.test.mjs",
        ],
    )
    .quickly(&[
        "node",
        NODE_TEST,
        REPORTER,
        TIMEOUT,
        "tests/e2e/calls.test.mjs",
        "tests/e2e/gateway.test.mjs",
    ])
    .needs(Needs::Studio),
    Suite::new(
        "readme",
        Runner::Node,
        &[
            "node",
            NODE_TEST,
            REPORTER,
            TIMEOUT,
            "tests/readme/*.test.mjs",
        ],
    )
    .needs(Needs::Studio)
    .slow(),
    Suite::new(
        "command-line",
        Runner::Node,
        &[
            "node",
            NODE_TEST,
            REPORTER,
            TIMEOUT,
            "tests/command-line/*.test.mjs",
        ],
    )
    .needs(Needs::StudioAndCommandLine)
    .slow(),
    Suite::new(
        "inspector",
        Runner::Node,
        &[
            "node",
            NODE_TEST,
            REPORTER,
            TIMEOUT,
            "tests/inspector/*.test.mjs",
        ],
    )
    .needs(Needs::Studio)
    .slow(),
    Suite::new(
        "schemathesis",
        Runner::Node,
        &["node", NODE_TEST, REPORTER, "tests/schemathesis/*.test.mjs"],
    )
    .needs(Needs::Schemathesis)
    .slow(),
    Suite::new(
        "browser",
        Runner::Node,
        &[
            "node",
            NODE_TEST,
            REPORTER,
            TIMEOUT,
            "tests/browser/*.test.mjs",
        ],
    )
    .needs(Needs::Browser)
    .slow(),
];
