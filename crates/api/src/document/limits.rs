//! Operations about what a tier has and what of it is used.

use crate::TierList;

/// What each tier has.
///
/// The studio enforces its limits from the same table. A rate counts in a window
/// that slides: a use is free again exactly one window later.
#[utoipa::path(get, path = "/api/tiers", tag = "limits", operation_id = "get_tiers",
    security(()),
    responses((status = 200, description = "From least to most", body = TierList)))]
pub(super) fn get_tiers() {}
