//! Operations about what a tier has and what of it is used.

use crate::{ErrorEnvelope, TierList, UsageReport};

/// What each tier has.
///
/// The studio enforces its limits from the same table. A rate counts in a window
/// that slides: a use is free again exactly one window later.
#[utoipa::path(get, path = "/api/tiers", tag = "limits", operation_id = "get_tiers",
    security(()),
    responses((status = 200, description = "From least to most", body = TierList)))]
pub(super) fn get_tiers() {}

/// What is used of the account's tier, and of those of its teams.
#[utoipa::path(get, path = "/api/usage", tag = "limits", operation_id = "get_usage",
    security(("bearer" = ["projects:read"])),
    responses(
        (status = 200, description = "Now, and day by day", body = UsageReport),
        (status = 401, description = "No token, or one that is not accepted", body = ErrorEnvelope),
        (status = 503, description = "The counts do not answer", body = ErrorEnvelope),
    ))]
pub(super) fn get_usage() {}
