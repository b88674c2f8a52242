//! The plan of a small service that uses most of what a recipe can say. Its
//! project is the golden tree, and it runs in `tests/generated`.

use mcpengine_plan::{ServerMode, ServerPlan};

/// Parses `tests/golden/petstore.plan.json`.
#[expect(clippy::expect_used, reason = "a test may stop")]
pub(crate) fn petstore() -> ServerPlan {
    serde_json::from_str(include_str!("../golden/petstore.plan.json")).expect("the plan parses")
}

/// The same in dynamic mode.
pub(crate) fn dynamic_petstore() -> ServerPlan {
    ServerPlan {
        mode: ServerMode::Dynamic,
        ..petstore()
    }
}
